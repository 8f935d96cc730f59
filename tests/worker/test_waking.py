"""What becomes of a thread that waits in the engine when a person wants something else of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from engine_work import SOON, Work, engine, later, within
from samples import ARTICLE, thread

from threadbot.delivery.schedule import Schedule
from threadbot.delivery.timing import At, Timing
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
        waking.look()
        change(ledger, names[0])
        waking.look()
        assert within(SOON, lambda: len(work.calls) == 3)
    assert work.calls[-1] == names[0]
