"""What is due is handed to the engine: once, and again as long as it stays due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from engine_work import SOON, Work, engine, within
from samples import ARTICLE, thread

from threadbot.delivery.schedule import Schedule
from threadbot.worker.dispatch import AGAIN_AFTER, Dispatcher

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger

SECOND = timedelta(seconds=1)


def test_what_stays_due_is_handed_over_again(ledger: Ledger, tmp_path: Path) -> None:
    """An end may be recorded just after a person wanted more of the thread: it is not forgotten."""
    now = datetime.now(UTC)
    number = ledger.record_article(replace(ARTICLE, title="Le tram"), None, now)
    ledger.claim(thread("x"), number, sandbox=False, now=now)
    work = Work()
    work.gate.set()
    with engine(tmp_path / "other.sqlite", work) as running:
        dispatcher = Dispatcher(ledger, running, Schedule(), sandbox=False)
        assert dispatcher.dispatch(now) == 1
        assert dispatcher.dispatch(now + SECOND) == 0
        assert within(SOON, lambda: len(work.calls) == 1)
        assert running.drain(SOON)
    with engine(tmp_path / "other.sqlite", work) as running:
        dispatcher = Dispatcher(ledger, running, Schedule(), sandbox=False)
        assert dispatcher.dispatch(now) == 1
        assert within(SOON, lambda: len(work.calls) == 2)
        assert dispatcher.dispatch(now + AGAIN_AFTER) == 1
