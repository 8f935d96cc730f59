"""Hands due threads to the engine, and holds those that are too late.

Owns one look into the ledger: which threads are due, and what the timetable makes of them. Never
sends anything.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from threadbot.delivery.overdue import GoOut, Overdue, after_outage
from threadbot.delivery.rest import HandOver
from threadbot.log import about

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from threadbot.delivery.due_rows import DueRow
    from threadbot.delivery.engine import Engine
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.schedule import Schedule

#: How many due threads are looked at in one go; the rest follow in the next one.
MOST: Final = 5_000
#: How long a thread that was handed over and is still due is not handed over again.
AGAIN_AFTER: Final = timedelta(seconds=10)

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
        # Handing over twice does nothing, but asks the engine's database each time. It has to be
        # done again some time: the engine may have come to the end of a thread just before a person
        # gave it more to do.
        self._handed_over: dict[tuple[str, int], datetime] = {}

    def dispatch(self, now: datetime) -> int:
        """Look once; give how many threads were handed over.

        Args:
            now: the present (UTC).
        """
        due = self._ledger.due(now, MOST, sandbox=True if self._sandbox else None)
        over = [one for one in self._chosen(due, now) if self._is_new(one, now)]
        if over:
            self._engine.hand_over_all(over)
        known = self._handed_over | {(one.thread, one.attempt): now for one in over}
        still = {(one.id, one.attempt) for one in due}
        self._handed_over = {one: at for one, at in known.items() if one in still}
        return len(over)

    def _is_new(self, one: HandOver, now: datetime) -> bool:
        before = self._handed_over.get((one.thread, one.attempt))
        return before is None or abs(now - before) >= AGAIN_AFTER

    def _chosen(self, due: Sequence[DueRow], now: datetime) -> Iterator[HandOver]:
        if not due:
            return
        last = self._ledger.last_out(now - self._schedule.least_distance)
        by_account = sorted(due, key=_account)
        for account, rows in groupby(by_account, key=_account):
            found = list(rows)
            # What a person wants out at once, and what is under way, asks no timetable.
            chosen = [one for one in found if one.state != "scheduled"]
            planned = [one for one in found if one.state == "scheduled"]
            chosen += self._on_time(planned, now, last.get(account))
            for one in chosen:
                yield HandOver(one.id, one.attempt, _partition(one), one.sandbox)

    def _on_time(
        self, planned: Sequence[DueRow], now: datetime, last: datetime | None
    ) -> Iterator[DueRow]:
        """Choose among planned threads of an account, and hold those that come too late."""
        rows = {int(one.id): one for one in planned}
        overdue = [Overdue(number, one.due_at, one.by_hand) for number, one in rows.items()]
        for decision in after_outage(self._schedule, overdue, now, last):
            row = rows[decision.thread]
            if not isinstance(decision, GoOut):
                if self._ledger.hold_late(row.id, row.due_at, decision.reason, now):
                    with about(thread_id=row.id, account=row.account):
                        _log.warning("thread %s is held: %s", row.id, decision.reason)
            elif decision.at <= now:
                yield row


def _account(one: DueRow) -> tuple[str, bool]:
    return one.account, one.sandbox


def _partition(one: DueRow) -> str:
    """Name what is carried one after the other: an account, its sandbox apart."""
    return f"{one.account}:sandbox" if one.sandbox else one.account
