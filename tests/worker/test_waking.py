"""What becomes of a thread that waits in the engine when a person wants something else of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from engine_work import SOON, Work, engine, later, within
from samples import ARTICLE, START, Run, approved, sandbox, thread

from threadbot.delivery.drive import drive
from threadbot.delivery.schedule import Schedule
from threadbot.delivery.timing import At, Timing
from threadbot.networks.port import RetryAt
from threadbot.networks.sandbox import Lost, Script
from threadbot.worker.waking import Waking

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger

NOW = datetime.now(UTC)
TOMORROW = Timing(Schedule(), At(NOW + timedelta(days=1)))

CHANGES: dict[str, Callable[[Ledger, str], object]] = {
    "cancelled": lambda ledger, name: ledger.cancel_by_hand(name, NOW),
    "held": lambda ledger, name: ledger.hold_by_hand(name, NOW),
    "moved": lambda ledger, name: ledger.move(name, TOMORROW, NOW),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_thread_that_a_person_changed_waits_no_longer(
    ledger: Ledger, tmp_path: Path, change: Callable[[Ledger, str], object]
) -> None:
    """It is looked at anew at once, and gives its account free; one left alone waits on."""
    number = ledger.record_article(replace(ARTICLE, title="Le tram"), None, NOW)
    names = [
        ledger.claim(thread("bluesky", account=account), number, sandbox=False, now=NOW).row.id
        for account in ("a", "b")
    ]
    work = Work(rests={name: [later(600)] for name in names})
    work.gate.set()
    with engine(tmp_path / "other.sqlite", work) as running:
        for name in names:
            running.hand_over(name, 1, name)
        assert within(SOON, lambda: len(running.waiting()) == 2)
        waking = Waking(ledger, running)
        waking.look(datetime.now(UTC))
        change(ledger, names[0])
        waking.look(datetime.now(UTC))
        assert within(SOON, lambda: len(work.calls) == 3)
    assert work.calls[-1] == names[0]


def _moved(ledger: Ledger, name: str) -> None:
    """Hold a thread that was begun, and give it a time of tomorrow."""
    ledger.begin(name, NOW)
    ledger.postpone(name, NOW + timedelta(hours=20), "The limit of the day is reached.")
    ledger.hold_by_hand(name, NOW)
    ledger.move(name, TOMORROW, NOW)


def _resumed(ledger: Ledger, name: str) -> None:
    """Hold a thread that was begun, and let it go out at once."""
    ledger.begin(name, NOW)
    ledger.postpone(name, NOW + timedelta(hours=20), "The limit of the day is reached.")
    ledger.hold_by_hand(name, NOW)
    ledger.resume(name, NOW)


@pytest.mark.parametrize(
    "change",
    [*CHANGES.values(), _moved, _resumed],
    ids=[*CHANGES.keys(), "begun, held and moved", "begun, held and resumed"],
)
def test_what_a_person_changed_while_no_worker_ran_keeps_nobody_back(
    ledger: Ledger, tmp_path: Path, change: Callable[[Ledger, str], object]
) -> None:
    """A new worker takes the old wait over, finds that it is for nothing, and frees the account."""
    number = ledger.record_article(replace(ARTICLE, title="Le tram"), None, NOW)
    name = ledger.claim(thread("bluesky"), number, sandbox=False, now=NOW).row.id
    work = Work(rests={name: [later(600)]})
    work.gate.set()
    with engine(tmp_path / "other.sqlite", work) as running:
        running.hand_over(name, 1, "bluesky")
        assert within(SOON, running.waiting)
    change(ledger, name)
    with engine(tmp_path / "other.sqlite", work) as running:
        assert within(SOON, running.waiting)
        running.hand_over("other", 1, "bluesky")
        waking = Waking(ledger, running)

        def carried() -> bool:
            waking.look(datetime.now(UTC))
            return "other" in work.calls

        assert within(SOON, carried)


def test_what_was_left_alone_while_no_worker_ran_waits_on(ledger: Ledger, tmp_path: Path) -> None:
    """The wait is the network's wish, and the account's other threads stay behind it."""
    number = ledger.record_article(replace(ARTICLE, title="Le tram"), None, NOW)
    name = ledger.claim(thread("bluesky"), number, sandbox=False, now=NOW).row.id
    work = Work(rests={name: [later(600)]})
    work.gate.set()
    with engine(tmp_path / "other.sqlite", work) as running:
        running.hand_over(name, 1, "bluesky")
        assert within(SOON, running.waiting)
    ledger.begin(name, NOW)
    with engine(tmp_path / "other.sqlite", work) as running:
        assert within(SOON, running.waiting)
        waking = Waking(ledger, running)
        for _ in range(3):
            waking.look(datetime.now(UTC))
        assert not within(1, lambda: len(work.calls) > 1)
        assert [one.thread for one in running.waiting()] == [name]


LATER = RetryAt(START + timedelta(days=1), "Later.")


@pytest.mark.parametrize(
    "trouble",
    [Script(send=[None, LATER]), Script(send=[Lost("The answer was lost.")], look=[LATER])],
    ids=["a post is out", "a post is in doubt"],
)
def test_nothing_goes_out_in_the_midst_of_a_thread(
    ledger: Ledger, tmp_path: Path, trouble: Script
) -> None:
    """A thread that was moved in the queue, and begun at its old place there, keeps that place."""
    name = approved(ledger, thread())
    again = later(600)
    work = Work(rests={name: [again] * 3})
    work.gate.set()
    ledger.hold_by_hand(name, START)
    ledger.move(name, Timing(Schedule(), At(START)), START)
    drive(ledger, name, Run(ledger, sandbox(tmp_path, script=trouble)).outside)
    with engine(tmp_path / "other.sqlite", work) as running:
        running.hand_over(name, 1, "enpause")
        assert within(SOON, running.waiting)
        running.hand_over("other", 1, "enpause")
        waking = Waking(ledger, running)
        waking.look(datetime.now(UTC))
        # It is asked once when to go on, as another attempt counts by now; then it waits anew.
        assert within(SOON, lambda: len(work.calls) == 2)
        assert within(SOON, running.waiting)
        for _ in range(3):
            waking.look(datetime.now(UTC))
        assert not within(1, lambda: len(work.calls) > 2)
        assert set(work.calls) == {name}
        assert [one.thread for one in running.waiting()] == [name]


def test_half_a_thread_that_was_resumed_while_no_worker_ran_waits_no_longer(
    ledger: Ledger, tmp_path: Path
) -> None:
    """The engine has the moment of the attempt before; the ledger says that it goes on now."""
    name = approved(ledger, thread())
    drive(ledger, name, Run(ledger, sandbox(tmp_path, script=Script(send=[None, LATER]))).outside)
    work = Work(rests={name: [later(600)]})
    work.gate.set()
    with engine(tmp_path / "other.sqlite", work) as running:
        running.hand_over(name, 1, "enpause")
        assert within(SOON, running.waiting)
    ledger.hold_by_hand(name, START)
    ledger.resume(name, START)
    with engine(tmp_path / "other.sqlite", work) as running:
        assert within(SOON, running.waiting)
        Waking(ledger, running).look(datetime.now(UTC))
        assert within(SOON, lambda: work.calls == [name, name])
