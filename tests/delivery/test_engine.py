"""What the engine promises in one process, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import logging
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from engine_places import STORES, new_place
from engine_work import POLLING, SOON, Work, engine, later, within
from sqlalchemy import text

from threadbot.delivery.engine import Engine
from threadbot.delivery.engine_database import engine_path, open_database, table
from threadbot.delivery.rest import DONE, HandOver
from threadbot.errors import EngineError

if TYPE_CHECKING:
    from engine_places import Store


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    store: Store = request.param
    return new_place(store, tmp_path)


def waiting_for_anybody(place: Path | str) -> set[str]:
    """Give the workflows that stand in the queue, so that any worker may take them."""
    database = open_database(place)
    query = text(f"SELECT workflow_uuid FROM {table(database)} WHERE status = 'ENQUEUED'")  # noqa: S608 - a name of ours
    with database.connect() as connection:
        found = set(connection.execute(query).scalars())
    database.dispose()
    return found


@pytest.fixture
def work() -> Work:
    """Give work that ends at once."""
    made = Work()
    made.gate.set()
    return made


def test_a_thread_handed_over_twice_is_carried_once(place: Path | str, work: Work) -> None:
    """Every worker's dispatcher finds the same due thread and hands it over."""
    work.gate.clear()
    with engine(place, work) as running:
        for _ in range(3):
            running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: work.calls)
        running.hand_over("a1", 1, "a")
        work.gate.set()
        running.hand_over("b1", 1, "b")
        assert within(SOON, lambda: "b1" in work.calls)
    assert work.calls == ["a1", "b1"]


def test_a_thread_handed_over_after_its_end_is_carried_again(place: Path | str, work: Work) -> None:
    """The ledger says what is to be done: it was retried, or the ledger is another one."""
    work.rests["a1"] = [later(0.1), DONE]
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: len(work.calls) == 2)
        # It is carried to its end before the end is recorded.
        assert running.drain(SOON)
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: len(work.calls) == 3)


def test_a_further_attempt_is_carried_again(place: Path | str, work: Work) -> None:
    """A thread that was held and is resumed comes under a new attempt."""
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        running.hand_over("a1", 2, "a")
        assert within(SOON, lambda: work.calls == ["a1", "a1"])


def test_an_account_has_one_thread_at_a_time(place: Path | str, work: Work) -> None:
    """Threads of one account follow each other, those of different accounts do not wait."""
    work.gate.clear()
    with engine(place, work) as running:
        running.hand_over_all(HandOver(f"{one}{n}", 1, one) for n in range(3) for one in "abc")
        assert within(SOON, lambda: len(work.calls) == 3)
        work.gate.set()
        assert within(SOON, lambda: len(work.calls) == 9)
    assert work.most == {"a": 1, "b": 1, "c": 1, "all": 3}


def test_a_thread_that_waits_keeps_its_account_and_is_carried_further(
    place: Path | str, work: Work
) -> None:
    """A rate limit is an account's: no other of its threads goes out meanwhile."""
    work.rests["a1"] = [later(2)]
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, running.waiting)
        running.hand_over_all([HandOver("a2", 1, "a"), HandOver("b1", 1, "b")])
        assert within(SOON, lambda: len(work.calls) == 4)
        assert work.until is not None
        assert datetime.now(UTC) >= work.until
        assert running.waiting() == ()
    assert work.calls.index("b1") < 3
    assert [one for one in work.calls if one != "b1"] == ["a1", "a1", "a2"]


def test_threads_that_wait_take_nobodys_place(place: Path | str, work: Work) -> None:
    """However many a network holds off, those of another one are carried."""
    held_off = [f"{chr(ord('a') + number)}1" for number in range(20)]
    work.rests = {one: [later(600)] for one in held_off}
    with Engine(place, "worker", work, print, concurrency=1, polling=POLLING) as running:
        running.hand_over_all(HandOver(one, 1, one) for one in held_off)
        assert within(SOON, lambda: len(running.waiting()) == 20)
        running.hand_over("z1", 1, "z1")
        assert within(SOON, lambda: "z1" in work.calls)


def test_what_waits_is_told(place: Path | str, work: Work) -> None:
    """The worker's status names the threads that wait, until when and why."""
    work.rests = {"a1": [later(600)], "b1": [later(300)]}
    with engine(place, work) as running:
        running.hand_over_all([HandOver("a1", 1, "a"), HandOver("b1", 1, "b")])
        assert within(SOON, lambda: len(running.waiting()) == 2)
        found = running.waiting()
    assert [one.thread for one in found] == ["b1", "a1"]
    assert {one.reason for one in found} == {"the network asks to wait"}


def test_a_thread_that_waits_can_be_woken(place: Path | str, work: Work) -> None:
    """A thread that a person cancels must not keep its account until its moment."""
    work.rests["a1"] = [later(600)]
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, running.waiting)
        running.wake("a1")
        running.wake("of nobody")
        assert within(SOON, lambda: work.calls == ["a1", "a1"])


def test_a_wait_outlives_the_process(place: Path | str, work: Work) -> None:
    """A thread that waits is not carried before its moment by the worker that comes after."""
    work.rests["a1"] = [later(3)]
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, running.waiting)
    with engine(place, work) as running:
        assert within(SOON, running.waiting)
        assert work.calls == ["a1"]
        assert within(SOON, lambda: len(work.calls) == 2)
        assert work.until is not None
        assert datetime.now(UTC) >= work.until


def test_a_worker_of_another_name_carries_on(place: Path | str, work: Work) -> None:
    """A worker that is gone for good leaves nothing behind that nobody carries."""
    work.rests["a1"] = [later(1)]
    with engine(place, work, "old") as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, running.waiting)
    with engine(place, work, "new"):
        assert within(SOON, lambda: len(work.calls) == 2)


def test_the_sandboxs_worker_leaves_the_other_threads_alone(place: Path | str, work: Work) -> None:
    """It carries only the sandbox's; those it finds in the queue wait for a worker for all."""
    with engine(place, work, sandbox=True) as running:
        running.hand_over_all([HandOver("a1", 1, "a"), HandOver("b1", 1, "b", sandbox=True)])
        assert within(SOON, lambda: "b1" in work.calls)
        time.sleep(1.2)
    assert work.calls == ["b1"]
    with engine(place, work) as running:
        running.hand_over("c1", 1, "c")
        assert within(SOON, lambda: len(work.calls) == 3)
        running.hand_over_all([HandOver("d1", 1, "d", sandbox=True)])
        assert within(SOON, lambda: "d1" in work.calls)


def test_the_sandboxs_worker_adopts_no_other_threads(place: Path | str, work: Work) -> None:
    """What a dead worker had under way goes back to the queue that it came from."""
    work.rests["a1"] = [later(5)]
    with engine(place, work, "old") as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, running.waiting)
    with engine(place, work, "sandbox", sandbox=True):
        time.sleep(3)
    assert work.calls == ["a1"]
    with engine(place, work, "new"):
        assert within(SOON, lambda: work.calls == ["a1", "a1"])


def test_work_that_fails_is_tried_again(
    place: Path | str, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours costs no thread its place: it is logged, and carried again in a moment."""
    work.rests["a1"] = [OSError("the disk is full")]
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: len(work.calls) == 2)
    assert "thread a1 failed; it is tried again in 1 s" in caplog.text
    assert "the disk is full" in caplog.text


def test_draining_lets_what_runs_end_and_begins_nothing(place: Path | str, work: Work) -> None:
    """Whoever stops a worker loses nothing: the next one carries what was left."""
    work.gate.clear()
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: running.under_way() == ("a1",))
        assert not running.drain(0.1)
        running.hand_over_all([HandOver("a2", 1, "a"), HandOver("b1", 1, "b")])
        time.sleep(1.2)
        work.gate.set()
        assert running.drain(SOON)
        assert running.under_way() == ()
    assert work.calls == ["a1"]
    with engine(place, work):
        assert within(SOON, lambda: set(work.calls) >= {"a1", "a2", "b1"})


def test_a_worker_that_drains_leaves_the_queue_to_others(place: Path | str, work: Work) -> None:
    """While its last call takes long, it does not keep what becomes due from other workers."""
    work.gate.clear()
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: running.under_way() == ("a1",))
        with ThreadPoolExecutor(1) as pool:
            draining = pool.submit(running.drain, SOON)
            running.hand_over_all(HandOver(f"{one}1", 1, one) for one in "bcd")
            time.sleep(2)
            assert {"b1:1", "c1:1", "d1:1"} <= waiting_for_anybody(place)
            work.gate.set()
            assert draining.result()
    assert work.calls == ["a1"]


def test_what_no_thread_of_the_system_took_is_left_to_the_next_worker(
    place: Path | str, work: Work
) -> None:
    """A worker that is asked to end begins nothing of what already waits for its turn."""
    work.gate.clear()
    with Engine(place, "worker", work, print, concurrency=1, polling=POLLING) as running:
        running.hand_over_all(HandOver(f"{one}1", 1, one) for one in "abcd")
        assert within(SOON, lambda: work.calls)
        time.sleep(1.2)
        assert not running.drain(0.1)
        work.gate.set()
        assert running.drain(SOON)
        assert len(work.calls) == 1
    with engine(place, work):
        assert within(SOON, lambda: len(work.calls) == 4)
    assert sorted(work.calls) == ["a1", "b1", "c1", "d1"]


def test_a_clean_up_that_the_database_refuses_is_said(tmp_path: Path, work: Work) -> None:
    """A full disk at the hourly clean-up must not end the worker."""
    place = new_place("sqlite", tmp_path)
    assert isinstance(place, Path)
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: work.calls)
        assert running.drain(SOON)
        refuse = (
            "CREATE TRIGGER full BEFORE DELETE ON workflow_status"
            " BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
        with closing(sqlite3.connect(engine_path(place), timeout=SOON)) as connection:
            connection.execute(refuse)
            connection.commit()
        with pytest.raises(EngineError, match="cannot be written: database or disk is full"):
            running.prune(datetime.now(UTC) + timedelta(days=1))


def test_what_ended_is_forgotten_by_age(place: Path | str, work: Work) -> None:
    """Threads that ended go, those that wait stay."""
    work.rests["c1"] = [later(600)]
    with engine(place, work) as running:
        running.hand_over_all([HandOver(one, 1, one[0]) for one in ("a1", "b1", "c1")])
        assert within(SOON, lambda: len(work.calls) == 3 and running.waiting())
        assert running.prune(datetime.now(UTC) - timedelta(days=30)) == 0
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        gone = 0

        def prune() -> bool:
            nonlocal gone
            gone += running.prune(tomorrow)
            return gone == 2

        assert within(SOON, prune)
        assert running.prune(tomorrow) == 0
        assert [one.thread for one in running.waiting()] == ["c1"]


def test_nothing_listens_and_nothing_calls_out(place: Path | str, work: Work) -> None:
    """The engine's library has consoles and collectors; none of them is on."""
    process = psutil.Process()
    before = {one.laddr for one in process.net_connections(kind="inet")}
    with engine(place, work) as running:
        running.hand_over("a1", 1, "a")
        assert within(SOON, lambda: work.calls)
        time.sleep(1.1)
        opened = [one for one in process.net_connections("inet") if one.laddr not in before]
    assert opened == []


def test_the_library_says_what_it_says_in_our_log(
    place: Path | str, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    """Its lines go on to our handlers alone, without secrets, and those of no use are left out."""
    library = logging.getLogger("dbos")
    with engine(place, work):
        library.warning("connecting to postgresql://me:hunter2@db/ledger")
        library.info("a line for its makers")
        library.warning("Asyncio task cancelled for workflow or step x")
    assert [one for one in library.handlers if isinstance(one, logging.StreamHandler)] == []
    assert library.propagate
    said = [one.getMessage() for one in caplog.records if one.name == "dbos"]
    assert said == ["connecting to postgresql://[redacted]@db/ledger"]
