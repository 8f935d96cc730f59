"""The ledger on a PostgreSQL server: clear about what is wrong, patient, one driver an account."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psycopg
import pytest
from places import empty_server_ledger, execute
from postgres import new_database
from restarts import Restarting
from samples import ARTICLE, START, Run, approved, sandbox, thread
from sqlalchemy import make_url

from threadbot.delivery import postgres
from threadbot.delivery.database import open_database, place_of
from threadbot.delivery.drive import drive
from threadbot.delivery.ledger import open_ledger
from threadbot.errors import LedgerAwayError, LedgerBusyError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from threadbot.delivery.database import Database
    from threadbot.delivery.deliver import Action
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery


@pytest.fixture
def ledger(postgresql_ledger: Ledger) -> Ledger:
    """Give an empty ledger on a server."""
    return postgresql_ledger


@pytest.fixture
def other() -> Iterator[Database]:
    """Give the same ledger as another process sees it."""
    opened = open_database(place_of(empty_server_ledger()))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def restarting() -> Iterator[Restarting]:
    """Give a server that tests stop and start."""
    with Restarting() as server:
        yield server


def changed(address: str, **parts: object) -> str:
    """Give an address with other parts."""
    return make_url(address).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


WRONG = {
    "nobody listens": ("postgresql://me:hunter2@127.0.0.1:1/db", "does not answer; start it, or "),
    "no such host": ("postgresql://me:hunter2@nowhere.invalid/db", "does not answer; start it, or"),
}


@pytest.mark.parametrize(("address", "said"), WRONG.values(), ids=WRONG)
def test_a_server_that_is_not_there(address: str, said: str) -> None:
    """It is told at once, in one sentence without the password, with the code for later."""
    with pytest.raises(LedgerAwayError, match=said) as caught:
        open_ledger(address)
    assert caught.value.exit_code == 4
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("postgresql://me@")


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "no such database": ({"database": "nothing"}, "no such database; create it, or correct 'url'"),
    "no such user": ({"username": "nobody"}, "no such user; create it, or correct 'url'"),
    "wrong password": (
        {"username": "guarded", "password": "hunter2"},
        "the password is wrong or missing; put the right one into the secret",
    ),
    "no password": ({"username": "guarded"}, "the password is wrong or missing"),
}


@pytest.mark.parametrize(("parts", "said"), REFUSED.values(), ids=REFUSED)
def test_a_server_that_refuses(restarting: Restarting, parts: dict[str, object], said: str) -> None:
    """What the server refuses is one sentence that says what to correct."""
    with pytest.raises(LedgerError, match=said) as caught:
        open_ledger(changed(restarting.address, **parts))
    assert caught.value.exit_code == 1
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_right_password(restarting: Restarting, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password is taken from the address, or found by PostgreSQL's own ways."""
    address = changed(restarting.address, username="guarded", password=restarting.password)
    with open_ledger(address) as opened:
        assert opened.history() == ()
        assert restarting.password not in repr(opened.database.place)
        assert restarting.password not in opened.database.name
    monkeypatch.setenv("PGPASSWORD", restarting.password)
    open_ledger(changed(restarting.address, username="guarded")).close()


SPOILED = {
    "newer": (
        "UPDATE alembic_version SET version_num = '9999'",
        "written by a newer threadbot .*; upgrade threadbot",
    ),
    "older": (
        "UPDATE alembic_version SET version_num = '0001'",
        "of an older version .*; stop every worker, then run `threadbot db upgrade`",
    ),
    "another's": ("DROP TABLE alembic_version", "this is a database, but no ledger; name another"),
}


@pytest.mark.parametrize(("statement", "said"), SPOILED.values(), ids=SPOILED)
def test_a_database_that_is_no_ledger_of_ours(statement: str, said: str) -> None:
    """A newer, older or foreign one is named with what to do, and is left as it is."""
    address = new_database()
    with open_ledger(address) as opened:
        execute(opened.database, statement)
    with pytest.raises(LedgerError, match=said):
        open_ledger(address)


def test_a_database_that_is_read_only() -> None:
    """Where nothing can be written, as on a standby, it says to name the primary."""
    address = new_database()
    with open_ledger(address) as opened:
        approved(opened, thread())
    name = make_url(address).database
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    with open_ledger(address) as opened:
        assert len(opened.history()) == 1
        with pytest.raises(LedgerError, match=r"may only be read; name the server that is written"):
            opened.record_article(ARTICLE, None, START)


def test_a_locked_row(ledger: Ledger, other: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another program does not let go of a row, the answer is to try again: code 4."""
    name = approved(ledger, thread())
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT", 50)
    with open_ledger(ledger.database.place) as waiting, other.writing() as connection:
        connection.exec_driver_sql("LOCK TABLE articles")
        with pytest.raises(LedgerBusyError, match="try again") as caught:
            waiting.begin(name, START)
    assert caught.value.exit_code == 4


def test_two_articles_do_not_wait_for_each_other(ledger: Ledger, other: Database) -> None:
    """Changes of one article's threads go on while those of another one are being made."""
    first = approved(ledger, thread())
    with other.writing() as connection:
        connection.exec_driver_sql("SELECT id FROM articles FOR UPDATE")
        connection.exec_driver_sql("SELECT pg_sleep(0)")
        second = ledger.record_article(ARTICLE.__class__("Another", ARTICLE.blocks), None, START)
        assert ledger.claim(thread(words="Nantes"), second, sandbox=True, now=START).won
    assert ledger.delivery(first).row.state == "approved"


def sending(ledger: Ledger, folder: Path) -> tuple[str, Run]:
    """Put a thread into a ledger whose first post is about to leave."""
    return approved(ledger, thread()), Run(ledger, sandbox(folder))


def test_a_server_that_is_away_is_waited_for(restarting: Restarting, tmp_path: Path) -> None:
    """A server that stops in the middle of a thread and comes back costs time and nothing else."""
    with open_ledger(restarting.database()) as ledger:
        name, run = sending(ledger, tmp_path)
        steps = iter(range(100))

        def progress(delivery: Delivery, action: Action) -> None:
            del delivery, action
            if next(steps) in {2, 4, 5}:
                restarting.restart(after=1)

        outside = run.outside
        with ledger.driving("enpause", print):
            ending = drive(
                ledger,
                name,
                type(outside)(outside.network, outside.now, outside.sleep, progress),
            )
        assert ending.kind == "done"
        assert ledger.delivery(name).row.state == "published"
    journal = sandbox(tmp_path)
    assert len(journal.posts()) == 3
    assert not any("repeated" in event for event in journal.journal.events())


def test_a_server_that_stays_away_is_told(restarting: Restarting) -> None:
    """After a while of waiting, the sentence says that it does not answer; later all is there."""
    place = place_of(restarting.database())
    database = postgres.PostgresDatabase(place, patience=0.6)  # type: ignore[arg-type]
    restarting.stop()
    try:
        with pytest.raises(LedgerAwayError, match="does not answer"), database.reading():
            pytest.fail("nobody is there")
    finally:
        restarting.start()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM threads").scalar() == 0
    database.close()


def told(wait: Callable[[], object]) -> tuple[threading.Thread, list[LedgerError]]:
    """Let somebody wait beside the test, and note what is raised."""
    errors: list[LedgerError] = []

    def waits() -> None:
        try:
            wait()
        except LedgerError as error:
            errors.append(error)

    thread = threading.Thread(target=waits, daemon=True)
    thread.start()
    return thread, errors


def test_who_is_to_end_waits_for_no_server(restarting: Restarting) -> None:
    """What waits for a server that is away is told so at once; what it sends later goes through."""
    with open_ledger(restarting.database()) as ledger:
        restarting.stop()
        try:
            waiting, errors = told(ledger.history)
            waiting.join(2)
            assert waiting.is_alive()
            ledger.database.wait_no_more()
            waiting.join(5)
            assert [type(error) for error in errors] == [LedgerAwayError]
        finally:
            restarting.start()
        assert ledger.history() == ()


def test_who_is_to_end_waits_for_no_other_driver(ledger: Ledger, other: Database) -> None:
    """Another process may post to an account for as long as its network lets it wait."""

    def drives() -> None:
        with ledger.driving("enpause", lambda _: None):
            pytest.fail("another one has the account")

    with other.driving("enpause", print):
        waiting, errors = told(drives)
        waiting.join(1)
        assert waiting.is_alive()
        ledger.database.wait_no_more()
        waiting.join(5)
    assert ["another threadbot is posting to enpause" in str(error) for error in errors] == [True]


def test_the_middle_of_a_transaction(restarting: Restarting) -> None:
    """A server that goes away inside a transaction leaves nothing of it, and that is said."""
    with open_ledger(restarting.database()) as ledger:

        def interrupted() -> None:
            with ledger.database.writing() as connection:
                connection.exec_driver_sql("INSERT INTO facts VALUES ('a', 'b')")
                restarting.restart()
                connection.exec_driver_sql("INSERT INTO facts VALUES ('c', 'd')")

        with pytest.raises(LedgerAwayError, match="nothing is lost, so try again") as caught:
            interrupted()
        assert caught.value.exit_code == 4
        with ledger.database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM facts").scalar() == 0
