"""What the ledger keeps of plans: which thread is to go out when, and what a person changes of it.

Owns scheduling, approving for a time and moving, each in one transaction that a driver
cannot get in between of: `begin` and `step_sending` ask for the state in theirs. Never stops a
thread, which is for `stopping`, and never begins a delivery; that is for `ledger`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from threadbot.delivery.changes import forget_plan, hold_identities, move_thread
from threadbot.delivery.claims import approve_draft, claim
from threadbot.delivery.deliver import is_put_off, is_wholly_absent
from threadbot.delivery.due_questions import TO_BEGIN
from threadbot.delivery.due_rows import (
    due_to_begin,
    due_to_go_on,
    last_of,
    last_out,
    missed,
    standings,
    taken_times,
)
from threadbot.delivery.records import read_delivery, read_thread, row_number
from threadbot.delivery.stopping import StoppingBook, refuse, refuse_parted
from threadbot.delivery.tables import threads
from threadbot.delivery.timing import due_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from threadbot.delivery.claims import Approval
    from threadbot.delivery.due_rows import DueRow, Standing
    from threadbot.delivery.model import ThreadRow
    from threadbot.delivery.timing import Timing
    from threadbot.thread.model import Thread


#: Before any thread's time.
EVER: Final = datetime.min.replace(tzinfo=UTC)


class PlanningBook(StoppingBook):
    """The ledger's part on plans. Every `now` is in UTC."""

    def schedule(
        self,
        made: Sequence[Thread],
        article: int,
        timing: Timing,
        *,
        sandbox: bool,
        now: datetime,
        again: bool = False,
    ) -> tuple[Approval, ...]:
        """Claim the threads of an article and give each its time, in one transaction.

        Args:
            made: exactly what was previewed, one for each account, X before Bluesky.
            article: its number in the ledger.
            timing: when they are to go out.
            sandbox: whether they go to the sandbox.
            now: the present.
            again: whether to post again what is published.

        Returns:
            For each thread who posts the article to its account.

        Raises:
            InputError: the timetable has no free slot, or another account on X says the same;
                nothing is stored then.
        """
        with self._changing() as connection:
            _hold_times(connection)
            approvals = [
                claim(
                    connection,
                    thread,
                    article,
                    sandbox=sandbox,
                    now=now,
                    again=again,
                    locked=False,
                )
                for thread in made
            ]
            give_times(connection, [one.row for one in approvals if one.won], timing, now)
            return tuple(_as_stored(connection, one) for one in approvals)

    def approve_for(
        self, thread_id: str, timing: Timing, now: datetime, *, again: bool = False
    ) -> Approval:
        """Approve a draft and give it its time, in one transaction; see `approve`.

        Args:
            thread_id: the draft.
            timing: when it is to go out.
            now: the present.
            again: whether to post again what is published.

        Raises:
            InputError: it is no draft, the timetable has no free slot, or another account on X says
                the same.
        """
        with self._changing() as connection:
            _hold_times(connection)
            row = read_thread(connection, thread_id)
            if row.state != "draft":
                refuse(row, "approved")
            approval = approve_draft(connection, row, now, again=again, locked=False)
            if approval.won:
                give_times(connection, [approval.row], timing, now)
            return _as_stored(connection, approval)

    def move(self, thread_id: str, timing: Timing, now: datetime) -> ThreadRow:
        """Give another time to a thread that waits, or that is held and of which nothing is out.

        Raises:
            InputError: it does not wait any more, or the timetable has no free slot.
        """
        with self._changing() as connection:
            _hold_times(connection)
            delivery = read_delivery(connection, thread_id)
            row = delivery.row
            if row.state == "held":
                if not is_wholly_absent(delivery):
                    refuse_parted(row, "moved")
                forget_plan(connection, row.id)
                # A worker that was handed the last attempt has done with it.
                more = {"attempt": row.attempt + 1, "hold": None, "reason": None}
                move_thread(connection, row, "scheduled", now, **more)
                row = read_thread(connection, thread_id)
            elif row.state not in TO_BEGIN:
                advice = "approve it" if row.state == "draft" else None
                refuse(row, "moved", advice)
            give_times(connection, [row], timing, now)
            return read_thread(connection, thread_id)

    def send_at_once(self, thread_id: str, now: datetime) -> ThreadRow:
        """Let a thread whose time has come go out without regard to the timetable.

        One that is to begin then stands as if a person had just approved it; one that was begun,
        and of which nothing is out, as if it were due now, and where the timetable put it off it
        begins anew now. A wait for its network stays. Any other thread is left alone.
        """
        with self._changing() as connection:
            delivery = read_delivery(connection, thread_id)
            row = delivery.row
            one = update(threads).where(threads.c.id == row_number(row.id))
            if row.state == "scheduled" and (row.due_at is None or row.due_at <= now):
                move_thread(connection, row, "approved", now, due_at=None, by_hand=True)
            elif row.state == "approved":
                connection.execute(one.values(changed_at=now, by_hand=True))
            elif row.state == "sending" and is_wholly_absent(delivery):
                connection.execute(one.values(due_at=now, by_hand=True))
                if is_put_off(delivery):
                    connection.execute(one.values(begun_at=now, reason=None))
            return read_thread(connection, thread_id)

    def due(
        self,
        now: datetime,
        limit: int,
        *,
        since: datetime = EVER,
        late: int = 0,
        sandbox: bool | None = None,
    ) -> tuple[DueRow, ...]:
        """Give the threads that a worker may go on with now, in one transaction: it asks all day.

        First those under way that need not wait any longer, whoever carries them; then approved and
        scheduled ones that are due, as `due_to_begin` chooses them; then some that were missed.

        Args:
            now: the present.
            limit: how many there are at most of either of the first two kinds.
            since: those to begin whose time came before that are missed.
            late: how many of them there are at most.
            sandbox: only those in the sandbox, or only the others; None for all.
        """
        with self._reading() as connection:
            going_on = due_to_go_on(connection, now, limit, sandbox=sandbox)
            to_begin = due_to_begin(connection, now, limit, since=since, sandbox=sandbox)
            too_late = missed(connection, since, late, sandbox=sandbox) if late else []
            return (*going_on, *to_begin, *too_late)

    def standings(self, names: Sequence[str]) -> dict[str, Standing]:
        """Say how threads stand; those that are not there any more are left out."""
        with self._reading() as connection:
            return standings(connection, names)

    def last_out(self, since: datetime, now: datetime) -> dict[tuple[str, bool], datetime]:
        """Say when the last thread of each account began to go out, if that was since a moment.

        Returns:
            The moment (UTC), by the account's name and whether it was in the sandbox.
        """
        with self._reading() as connection:
            return last_out(connection, since, now)

    def last_of(
        self, account: str, *, sandbox: bool, since: datetime, now: datetime
    ) -> datetime | None:
        """Say when the last thread of one account began to go out, if that was since a moment."""
        with self._reading() as connection:
            return last_of(connection, account, sandbox=sandbox, since=since, now=now)

    def taken(self, account: str, *, sandbox: bool, since: datetime) -> tuple[datetime, ...]:
        """Give the times at which an account has threads that wait, or that began since a moment.

        They are what `slots` looks for a free slot between.
        """
        with self._reading() as connection:
            return taken_times(connection, account, sandbox=sandbox, since=since)


def _hold_times(connection: Connection) -> None:
    """Keep others from giving times until the transaction ends: two could take the same slot."""
    hold_identities(connection)


def give_times(
    connection: Connection, rows: Sequence[ThreadRow], timing: Timing, now: datetime
) -> None:
    """Schedule approved or scheduled threads of one article; what is due at once stays approved."""
    since, besides = now - timing.schedule.least_distance, [row.id for row in rows]
    taken = {
        row.account: taken_times(
            connection, row.account, sandbox=row.sandbox, since=since, besides=besides
        )
        for row in rows
    }
    due = due_times(timing, now, {row.account: row.network for row in rows}, taken)
    for row in rows:
        moment = due[row.account]
        if row.state == "approved" and moment > now:
            move_thread(connection, row, "scheduled", now)
        # A scheduled thread without a time counts as due since it was scheduled: too late.
        due_at = moment if moment > now or row.state == "scheduled" else None
        one = update(threads).where(threads.c.id == row_number(row.id))
        connection.execute(one.values(due_at=due_at, by_hand=timing.by_hand))


def _as_stored(connection: Connection, approval: Approval) -> Approval:
    return replace(approval, row=read_thread(connection, approval.row.id))
