"""Asks the timetable once more when it is a thread's turn to go out.

Owns what becomes of a thread whose turn came late, as another one of its account waited or as its
network would not take it. What is partly out asks no timetable any more. Never sends anything.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from threadbot.delivery.deliver import is_wholly_absent
from threadbot.delivery.overdue import Overdue, TooLate, after_outage

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, ThreadRow
    from threadbot.delivery.overdue import Decision
    from threadbot.delivery.schedule import Schedule

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Says whether a thread may go out, now that it is its turn.

    Args:
        ledger: holds the threads.
        schedule: the timetable.
    """

    ledger: Ledger
    schedule: Schedule

    def lets_out(self, outline: Delivery, now: datetime) -> bool:
        """Tell whether a thread may go out or on now, and note it where it may not.

        One that was not begun is left as it is: the dispatcher hands it over again when it may go
        out, or holds it. One that was begun, and of which nothing is out, is held here where it
        comes too late, and is put off where it may not go out now.

        Args:
            outline: what is known of it, while nobody else posts to its account.
            now: the present (UTC).
        """
        row = outline.row
        if not _asks(outline):
            return True
        decision = self._decision(row, now)
        if not isinstance(decision, TooLate) and decision.at <= now:
            return True
        if row.state == "sending":
            self._stop(row, decision, now)
        return False

    def _decision(self, row: ThreadRow, now: datetime) -> Decision:
        last = None
        if row.state == "scheduled":
            since = now - self.schedule.least_distance
            last = self.ledger.last_of(row.account, sandbox=row.sandbox, since=since, now=now)
        overdue = Overdue(int(row.id), row.planned_at, row.by_hand)
        return after_outage(self.schedule, [overdue], now, last)[0]

    def _stop(self, row: ThreadRow, decision: Decision, now: datetime) -> None:
        if not isinstance(decision, TooLate):
            self.ledger.put_off(row.id, row.planned_at, decision.at)
        else:
            hold_late(self.ledger, row.id, row.planned_at, decision, now)


def _asks(outline: Delivery) -> bool:
    """Tell whether the timetable is asked: nothing is out, and no person wanted it out at once."""
    row = outline.row
    if row.state == "sending":
        return is_wholly_absent(outline)
    return row.state == "scheduled" or (row.state == "approved" and not row.by_hand)


def hold_late(
    ledger: Ledger, thread: str, due_at: datetime, decision: TooLate, now: datetime
) -> None:
    """Hold a thread that comes too late, and say so where it is held.

    Args:
        ledger: holds it.
        thread: its number.
        due_at: its time when that was decided.
        decision: why.
        now: the present (UTC).
    """
    if ledger.hold_late(thread, due_at, decision.reason, now):
        _log.warning("thread %s is held: %s", thread, decision.reason)
