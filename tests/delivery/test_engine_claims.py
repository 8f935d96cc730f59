"""Who may drive a ledger under which name, and what happens when that ends."""

from __future__ import annotations

import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from engine_places import STORES, new_place
from engine_work import SOON, Work, engine, later, within
from sqlalchemy import make_url

from threadbot.delivery.engine import Engine
from threadbot.delivery.engine_database import engine_path, open_database
from threadbot.delivery.executors import FileClaim, SessionClaim
from threadbot.delivery.rest import DONE
from threadbot.errors import EngineError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give the address of a database in PostgreSQL."""
    made = new_place("postgresql", tmp_path)
    assert isinstance(made, str)
    return made


def end_sessions(address: str, name: str) -> int:
    """End the sessions of a certain name, as a server that is restarted does; count them."""
    url = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
    with psycopg.connect(url) as connection:
        return len(connection.execute(query, (name,)).fetchall())


def test_a_file_is_driven_by_one_process(tmp_path: Path) -> None:
    """The second worker on the same file is told so; the name is free again afterwards."""
    ledger = tmp_path / "ledger.sqlite"
    first = FileClaim(ledger)
    with pytest.raises(EngineError, match=r"ledger\.sqlite: another threadbot already drives"):
        FileClaim(ledger)
    assert first.holds()
    first.release()
    FileClaim(ledger).release()


def test_a_name_is_one_workers_in_postgresql(database: str) -> None:
    """A second worker of the same name is told so, one of another name is welcome."""
    first = SessionClaim(database, "a")
    with pytest.raises(EngineError, match="another worker named 'a' is running"):
        SessionClaim(database, "a", patience=0.2)
    other = SessionClaim(database, "b")
    assert first.holds()
    assert other.holds()
    first.release()
    again = SessionClaim(database, "a", patience=SOON)
    again.release()
    other.release()


def test_only_a_dead_workers_name_can_be_taken_over(database: str) -> None:
    """Who lives keeps what it has; while a dead one's name is held it cannot start again."""
    living, other = SessionClaim(database, "a"), SessionClaim(database, "b")
    with other.instead_of("a") as taken:
        assert not taken
    living.release()
    assert within(SOON, lambda: _takes(other, "a"))
    with other.instead_of("a") as taken:
        assert taken
        with pytest.raises(EngineError):
            SessionClaim(database, "a", patience=0.1)
    SessionClaim(database, "a").release()
    other.release()


def _takes(claim: SessionClaim, name: str) -> bool:
    with claim.instead_of(name) as taken:
        return taken


@pytest.mark.parametrize("store", STORES)
def test_an_engine_whose_name_is_taken_does_not_start(
    tmp_path: Path, store: str, work: Work
) -> None:
    """Nothing is carried by it, and once the name is free it starts."""
    place = new_place("sqlite" if store == "sqlite" else "postgresql", tmp_path)
    holder = FileClaim(place) if isinstance(place, Path) else SessionClaim(place, "worker")
    with pytest.raises(EngineError, match="another"):
        Engine(place, "worker", work, print).start()
    holder.release()
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: work.calls == ["a1"])


@pytest.fixture
def work() -> Work:
    made = Work()
    made.gate.set()
    return made


def test_a_worker_that_loses_its_connection_stops_at_once(database: str, work: Work) -> None:
    """Its name may be another's by now, so it begins nothing more and says that it must end."""
    work.rests["a1"] = [later(3)]
    told: list[str] = []
    with Engine(database, "worker", work, told.append) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, running.waiting)
        assert end_sessions(database, "threadbot worker") == 1
        assert within(3.0, lambda: told)
        running.hand_over("b1", 1, "b")
        time.sleep(4)
        assert work.calls == ["a1"]
    assert "worker worker lost its connection to PostgreSQL" in told[0]
    with engine(database, work, "other"):
        assert within(SOON, lambda: sorted(work.calls) == ["a1", "a1", "b1"])


def test_what_a_dead_worker_left_is_adopted_once_the_disk_has_room(
    tmp_path: Path, work: Work
) -> None:
    """Adopting that fails is tried again: nobody else would ever carry those threads on."""
    place = tmp_path / "ledger.db"
    work.rests["a1"] = [later(4)]
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, running.waiting)
    with closing(sqlite3.connect(engine_path(place), isolation_level=None)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON workflow_status WHEN NEW.status = 'ENQUEUED'"
            " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
        with engine(place, work, "another"):
            time.sleep(2)
            connection.execute("DROP TRIGGER full")
            assert within(SOON, lambda: work.calls == ["a1", "a1"])


def test_no_connection_waits_for_ever(database: str) -> None:
    """Where a firewall or a dead machine says nothing any more, that is noticed within seconds."""
    opened = open_database(database)
    with opened.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        # The tests' server is reached over a socket of the machine's own, where nothing is lost.
        said = driver.info.get_parameters()
        assert (said["keepalives_idle"], said["keepalives_interval"]) == ("2", "1")
        assert (said["keepalives_count"], said["tcp_user_timeout"]) == ("3", "5000")
    opened.dispose()


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    """Whoever starts a worker before its database reads what is amiss, and no secret."""
    address = "postgresql+psycopg://threadbot:hunter2@127.0.0.1:1/ledger"
    with pytest.raises(EngineError, match=r"PostgreSQL cannot be reached: .*refused") as caught:
        Engine(address, "worker", lambda _: DONE, print).start()
    assert "hunter2" not in str(caught.value)
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("address", ["mysql://me:hunter2@db/ledger", "hunter2"])
def test_an_address_of_another_kind_is_refused_without_repeating_it(address: str) -> None:
    """It may hold a password."""
    with pytest.raises(EngineError, match="neither a file nor") as caught:
        open_database(address)
    assert "hunter2" not in str(caught.value)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """One sentence: what, where, what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match=r"file.x\.engine: the engine's file cannot be opened"):
        open_database(tmp_path / "file" / "x")


def test_the_engines_file_is_private_and_keeps_what_it_was_told(tmp_path: Path) -> None:
    """Nobody else reads it, every commit is on the disk before it counts, writers line up."""
    ledger = tmp_path / "state" / "ledger.sqlite"
    database = open_database(ledger)
    with database.connect() as connection:
        found = [_pragma(connection, name) for name in ("journal_mode", "synchronous")]
        assert found == ["wal", 2]
        assert connection.connection.dbapi_connection is not None
        assert connection.connection.dbapi_connection.isolation_level == "IMMEDIATE"
    database.dispose()
    assert stat.S_IMODE(engine_path(ledger).stat().st_mode) == 0o600


def _pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_an_old_sqlite_knows_parts_of_seconds_too(tmp_path: Path) -> None:
    """Before 3.42 it gives nothing for them, and the engine's rows could not be written."""
    database = open_database(tmp_path / "ledger.sqlite")
    with database.connect() as connection:
        found = connection.exec_driver_sql("SELECT unixepoch('subsec')").scalar()
    database.dispose()
    assert isinstance(found, float), sqlite3.sqlite_version
    assert abs(found - time.time()) < 60
