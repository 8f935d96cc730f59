"""Following what a worker sends: it ends where nothing more is to be seen soon, and says why."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from engine_work import SOON, within
from places import STORES
from samples import ARTICLE, START, Run, approved, sandbox, thread

from threadbot.cli.delivering import carry_out
from threadbot.delivery.drive import PATIENCE, drive
from threadbot.delivery.follow import TURN, follow
from threadbot.delivery.lock import driving, lock_path
from threadbot.networks.port import RetryAt
from threadbot.networks.sandbox import Script

if TYPE_CHECKING:
    from threadbot.delivery.ledger import Ledger

LEDGERS = STORES
LIMITED = RetryAt(START + timedelta(days=1), "X's limit of the day is reached.")
SECOND = replace(ARTICLE, url="https://enpause.com/second", title="Le second")


def test_a_thread_behind_another_that_waits_for_long(ledger: Ledger, tmp_path: Path) -> None:
    """The thread that goes first is named, with what it waits for and until when."""
    first = approved(ledger, thread("x"))
    run = Run(ledger, sandbox(tmp_path, "x", Script(send=[None, LIMITED])))
    drive(ledger, first, replace(run.outside, patience=timedelta(0)))
    second = approved(ledger, thread("x"), SECOND)
    began = run.outside.now()
    ending = follow(ledger, second, run.outside, lambda: True)
    assert ending is not None
    assert (ending.kind, ending.exit_code) == ("later", 4)
    assert ending.reason == (
        f"Thread {first} of its account is under way and goes first. "
        "X's limit of the day is reached."
    )
    assert ending.until is not None
    assert ending.until >= LIMITED.when
    assert TURN <= run.outside.now() - began < TURN + timedelta(seconds=1)


def test_a_thread_beside_another_that_waits_for_the_timetable(
    ledger: Ledger, tmp_path: Path
) -> None:
    """One that is under way and waits for the morning keeps nobody back: the other one goes out."""
    first = approved(ledger, thread("x"))
    ledger.begin(first, START)
    ledger.put_off(first, ledger.outline(first).row.planned_at, START + timedelta(hours=8))
    second = approved(ledger, thread("x"), SECOND)
    run = Run(ledger, sandbox(tmp_path, "x"))

    def worker() -> bool:
        if run.clock.moment > START + TURN / 2:
            drive(ledger, second, run.outside)
        return True

    ending = follow(ledger, second, run.outside, worker)
    assert ending is not None
    assert (ending.kind, ending.reason) == ("done", "")


def test_one_that_waits_for_the_timetable_is_not_named(ledger: Ledger, tmp_path: Path) -> None:
    """It keeps nobody back: the one that does is named, and without one the worker's silence is."""
    put_off, first = (
        approved(ledger, thread("x"), replace(ARTICLE, url=f"https://enpause.com/{name}"))
        for name in ("put-off", "first")
    )
    later = START + timedelta(hours=8)
    ledger.begin(put_off, START)
    ledger.put_off(put_off, ledger.outline(put_off).row.planned_at, later)
    second = approved(ledger, thread("x"), SECOND)
    ledger.begin(first, START)
    ledger.postpone(first, later + timedelta(hours=1), "X's limit of the day is reached.")
    ending = follow(ledger, second, Run(ledger, sandbox(tmp_path, "x")).outside, lambda: True)
    assert ending is not None
    assert ending.reason.startswith(f"Thread {first} of its account is under way and goes first.")
    ledger.hold_by_hand(first, START)
    ending = follow(ledger, second, Run(ledger, sandbox(tmp_path, "x")).outside, lambda: True)
    assert ending is not None
    assert "look at its log" in ending.reason


def test_a_thread_behind_another_that_goes_on_slowly(ledger: Ledger, tmp_path: Path) -> None:
    """It is no silence of the worker: after the patience the thread that goes first is named."""
    first = approved(ledger, thread("x"))
    ledger.begin(first, START)
    second = approved(ledger, thread("x"), SECOND)
    run = Run(ledger, sandbox(tmp_path, "x"))
    ending = follow(ledger, second, run.outside, lambda: True)
    assert ending is not None
    assert (ending.kind, ending.until) == ("later", None)
    assert ending.reason == (
        f"Thread {first} of its account is under way and goes first. "
        f"`threadbot queue show {first}` says how it stands."
    )
    assert PATIENCE < run.outside.now() - START < PATIENCE + timedelta(seconds=2)


def test_a_worker_that_does_nothing(ledger: Ledger, tmp_path: Path) -> None:
    """Nobody waits for ever for a worker that hangs."""
    name = approved(ledger, thread("x"))
    run = Run(ledger, sandbox(tmp_path, "x"))
    began = run.outside.now()
    ending = follow(ledger, name, run.outside, lambda: True)
    assert ending is not None
    assert (ending.kind, ending.until) == ("later", None)
    assert "look at its log" in ending.reason
    assert PATIENCE < run.outside.now() - began < PATIENCE + timedelta(seconds=2)


def test_a_worker_that_ends(ledger: Ledger, tmp_path: Path) -> None:
    """Somebody else has to drive the thread then."""
    name = approved(ledger, thread("x"))
    run = Run(ledger, sandbox(tmp_path, "x"))
    assert follow(ledger, name, run.outside, lambda: False) is None


def test_a_thread_that_waits_as_long_as_the_patience(ledger: Ledger, tmp_path: Path) -> None:
    """A wait that is sat through is no silence of the worker: that counts from its end."""
    name = approved(ledger, thread("x"))
    begun = Run(ledger, sandbox(tmp_path, "x", Script(send=[RetryAt(START + PATIENCE, "Busy.")])))
    drive(ledger, name, replace(begun.outside, patience=timedelta(0)))
    run = Run(ledger, sandbox(tmp_path, "x"))
    ending = follow(ledger, name, run.outside, lambda: run.clock.moment < START + 1.5 * PATIENCE)
    assert ending is None


def test_a_thread_that_a_worker_publishes(ledger: Ledger, tmp_path: Path) -> None:
    """What is out is told."""
    name = approved(ledger, thread("bluesky"))
    run = Run(ledger, sandbox(tmp_path, "bluesky"))
    drive(ledger, name, run.outside)
    ending = follow(ledger, name, run.outside, lambda: True)
    assert ending is not None
    assert (ending.kind, ending.exit_code) == ("done", 0)


def test_a_worker_that_begins_while_a_command_waits_for_its_turn(
    sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    """It carries the thread, so the command follows it and tells how that ended."""
    name = approved(sqlite_ledger, thread("x"))
    run = Run(sqlite_ledger, sandbox(tmp_path, "x"))
    outside = replace(run.outside, now=lambda: datetime.now(UTC), sleep=time.sleep)
    path = sqlite_ledger.database.place
    assert isinstance(path, Path)
    told = StringIO()
    with redirect_stderr(told), ThreadPoolExecutor(1) as pool, driving(path, pytest.fail):
        command = pool.submit(carry_out, sqlite_ledger, name, outside)
        assert within(SOON, lambda: "waiting until it is done" in told.getvalue())
        # The lock goes over to a worker without a moment in which nobody has it.
        lock_path(path).write_text("1 worker\n", "ascii")
        drive(sqlite_ledger, name, run.outside)
        ending = command.result(10)
    assert (ending.kind, ending.exit_code) == ("done", 0)
