"""Hands due threads to the engine, and holds those that are too late.

Owns one look into the ledger: which threads are due, and what the timetable makes of them. Never
sends anything.
"""

from __future__ import annotations

import logging
from itertools import groupby
from typing import TYPE_CHECKING, Final

from threadbot.delivery.overdue import GoOut, Overdue, after_outage
from threadbot.delivery.rest import HandOver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from threadbot.delivery.engine import Engine
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.planning import DueThread
    from threadbot.delivery.schedule import Schedule

#: How many due threads are looked at in one go; the rest follow in the next one.
MOST: Final = 5_000

_log: Final = logging.getLogger(__name__)


class Dispatcher:
    """Hands over what is due.

    Args:
        ledger: holds the threads.
        engine: carries them.
        schedule: the timetable.
        sandbox: whether only those for the sandbox are carried.
    """

    def __init__(
        self, ledger: Ledger, engine: Engine, schedule: Schedule, *, sandbox: bool
    ) -> None:
        self._ledger = ledger
        self._engine = engine
        self._schedule = schedule
        self._sandbox = sandbox
        # Handing over twice does nothing, but asks the engine's database each time.
        self._handed_over: set[tuple[str, int]] = set()

    def dispatch(self, now: datetime) -> int:
        """Look once; give how many threads were handed over.

        Args:
            now: the present (UTC).
        """
        due = self._ledger.due(now, MOST)
        wanted = [one for one in due if one.sandbox or not self._sandbox]
        over = [one for one in self._chosen(wanted, now) if self._is_new(one)]
        self._engine.hand_over_all(over)
        self._handed_over = {(one.id, _attempt(one)) for one in due} & (
            self._handed_over | {(one.thread, one.attempt) for one in over}
        )
        return len(over)

    def _is_new(self, one: HandOver) -> bool:
        return (one.thread, one.attempt) not in self._handed_over

    def _chosen(self, due: Iterable[DueThread], now: datetime) -> Iterator[HandOver]:
        by_account = sorted(due, key=lambda one: one.account)
        for account, threads in groupby(by_account, key=lambda one: one.account):
            found = list(threads)
            for one in (*_unplanned(found), *self._on_time(account, found, now)):
                yield HandOver(one.id, _attempt(one), account)

    def _on_time(
        self, account: str, due: Sequence[DueThread], now: datetime
    ) -> Iterator[DueThread]:
        """Choose among planned threads, and hold those that come too late."""
        planned = {int(one.id): one for one in due if one.state == "scheduled"}
        overdue = [
            Overdue(number, one.due_at, one.by_hand)
            for number, one in planned.items()
            if one.due_at is not None
        ]
        if not overdue:
            return
        last = self._ledger.last_out(account)
        for decision in after_outage(self._schedule, overdue, now, last):
            if not isinstance(decision, GoOut):
                _log.warning("thread %s is held: %s", decision.thread, decision.reason)
                self._ledger.hold(str(decision.thread), "other", decision.reason, now)
            elif decision.at <= now:
                yield planned[decision.thread]


def _unplanned(due: Iterable[DueThread]) -> Iterator[DueThread]:
    """Give those that a person wants out at once, and those that are under way."""
    return (one for one in due if one.state in {"approved", "sending"})


def _attempt(one: DueThread) -> int:
    """Give the attempt that is begun by carrying a thread, or that is under way."""
    return one.attempt if one.state == "sending" else one.attempt + 1
