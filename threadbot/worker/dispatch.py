"""Hands due threads to the engine, and holds those that are too late.

Owns one look into the ledger: which threads are due, and what the timetable makes of them. Never
sends anything.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from threadbot.delivery.overdue import GoOut, Overdue, after_outage
from threadbot.delivery.rest import HandOver
from threadbot.log import about
from threadbot.worker.timetable import hold_late

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from threadbot.delivery.due_rows import DueRow
    from threadbot.delivery.engine import Engine
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.overdue import TooLate
    from threadbot.delivery.schedule import Schedule

#: How many due threads are looked at in one go; the rest follow in the next one.
MOST: Final = 5_000
#: How many threads that come too late are held in one go: each is a transaction of its own, and
#: what goes out does not wait for them.
MOST_HELD: Final = 100
#: How long a thread that was handed over and is still due is not handed over again.
AGAIN_AFTER: Final = timedelta(seconds=10)


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
        sandbox = True if self._sandbox else None
        # What comes too late in any case is asked for apart: thousands of an outage would hide what
        # is on time.
        since = now - self._schedule.max_late
        due = self._ledger.due(now, MOST, since=since, late=MOST_HELD, sandbox=sandbox)
        decided = list(self._decided(due, now))
        chosen = (_hand_over(row) for row, late in decided if late is None)
        over = [one for one in chosen if self._is_new(one, now)]
        if over:
            self._engine.hand_over_all(over)
        self._hold(decided, now)
        known = self._handed_over | {(one.thread, one.attempt): now for one in over}
        still = {(one.id, one.attempt) for one in due}
        self._handed_over = {one: at for one, at in known.items() if one in still}
        return len(over)

    def _is_new(self, one: HandOver, now: datetime) -> bool:
        before = self._handed_over.get((one.thread, one.attempt))
        return before is None or abs(now - before) >= AGAIN_AFTER

    def _decided(
        self, due: Sequence[DueRow], now: datetime
    ) -> Iterator[tuple[DueRow, TooLate | None]]:
        """Give what is to go out now, and what comes too late with the reason."""
        if not due:
            return
        last = self._ledger.last_out(now - self._schedule.least_distance, now)
        by_account = sorted(due, key=_account)
        for account, rows in groupby(by_account, key=_account):
            planned: dict[int, DueRow] = {}
            for row in rows:
                if row.state == "sending":
                    # Of one that is under way the carrying decides, which knows what is out.
                    yield row, None
                elif row.state == "approved":
                    # What is to go out at once asks for no distance, and for no opening where a
                    # person wants that.
                    yield from self._on_time({int(row.id): row}, now, None)
                else:
                    planned[int(row.id)] = row
            yield from self._on_time(planned, now, last.get(account))

    def _on_time(
        self, planned: Mapping[int, DueRow], now: datetime, last: datetime | None
    ) -> Iterator[tuple[DueRow, TooLate | None]]:
        """Choose among threads of an account that were not begun."""
        overdue = [Overdue(number, one.due_at, one.by_hand) for number, one in planned.items()]
        for decision in after_outage(self._schedule, overdue, now, last):
            if not isinstance(decision, GoOut):
                yield planned[decision.thread], decision
            elif decision.at <= now:
                yield planned[decision.thread], None

    def _hold(self, decided: Sequence[tuple[DueRow, TooLate | None]], now: datetime) -> None:
        """Hold some of those that come too late; the rest in the next look."""
        late = ((row, decision) for row, decision in decided if decision is not None)
        for row, decision in islice(late, MOST_HELD):
            with about(thread_id=row.id, account=row.account):
                hold_late(self._ledger, row.id, row.due_at, decision, now)


def _hand_over(one: DueRow) -> HandOver:
    return HandOver(one.id, one.attempt, _partition(one), one.sandbox)


def _account(one: DueRow) -> tuple[str, bool]:
    return one.account, one.sandbox


def _partition(one: DueRow) -> str:
    """Name what is carried one after the other: an account, its sandbox apart."""
    return f"{one.account}:sandbox" if one.sandbox else one.account
