"""What the ledger keeps of threads that are not to go out: held, put off, cancelled, rejected.

Owns those changes, each in one transaction that a driver cannot get in between of. None of them
reads what a thread says: what is damaged must not keep anybody from stopping it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from sqlalchemy import update

from threadbot.delivery.approvals import ApprovalBook
from threadbot.delivery.changes import forget_plan, move_thread
from threadbot.delivery.deliver import is_wholly_absent, rests_half_way
from threadbot.delivery.due_questions import TO_BEGIN
from threadbot.delivery.model import CLOSED, IN_DOUBT
from threadbot.delivery.records import read_delivery, read_outline, row_number
from threadbot.delivery.tables import threads
from threadbot.errors import DamagedError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.delivery.model import Delivery, ThreadRow, ThreadState
    from threadbot.networks.port import HoldKind

HELD_BY_HAND: Final = "A person holds it."
#: How a thread in each state is spoken of.
_STANDING: Final[Mapping[ThreadState, str]] = {
    "draft": "a draft",
    "sending": "being sent",
}


class StoppingBook(ApprovalBook):
    """The ledger's part on threads that are stopped. Every `now` is in UTC."""

    def outline(self, thread_id: str) -> Delivery:
        """Read one delivery without its words and its plan, which may be damaged.

        Raises:
            InputError: there is no thread of that name.
        """
        with self._reading() as connection:
            return read_outline(connection, thread_id)

    def hold(self, thread_id: str, kind: HoldKind, reason: str, now: datetime) -> None:
        """Stop a thread until a person has acted; one that was cancelled meanwhile stays so.

        Args:
            thread_id: the thread.
            kind: what is amiss.
            reason: what happened and what to do.
            now: the present.
        """
        with self._writing() as connection:
            row = read_outline(connection, thread_id).row
            if row.state != "cancelled":
                move_thread(connection, row, "held", now, hold=kind, reason=reason)

    def hold_by_hand(self, thread_id: str, now: datetime) -> ThreadRow:
        """Keep a thread from going out, or on, until a person moves, retries or cancels it.

        Raises:
            InputError: it does not wait any more.
        """
        with self._changing() as connection:
            row = read_outline(connection, thread_id).row
            is_resting = row.state == "sending" and _rests(connection, row.id, now)
            if not (row.state in TO_BEGIN or is_resting):
                refuse(row, "held", row.reason if row.state == "held" else None)
            move_thread(connection, row, "held", now, hold="person", reason=HELD_BY_HAND)
            return read_outline(connection, thread_id).row

    def hold_late(self, thread_id: str, due_at: datetime, reason: str, now: datetime) -> bool:
        """Hold a thread of which nothing is out, and whose time has passed too long ago.

        Args:
            thread_id: the thread.
            due_at: its time when that was decided (`ThreadRow.planned_at`); a thread with another
                one is left alone.
            reason: what happened and what to do; what the network said last is added.
            now: the present.

        Returns:
            Whether it is held now; a person may have been quicker.
        """
        with self._writing() as connection:
            outline = read_outline(connection, thread_id)
            if not _may_be_late(outline) or outline.row.planned_at != due_at:
                return False
            kept = outline.reason if outline.row.state == "sending" else None
            told = f"{reason}. What kept it: {kept}" if kept else reason
            move_thread(connection, outline.row, "held", now, hold="late", reason=told)
            return True

    def postpone(self, thread_id: str, until: datetime, reason: str) -> None:
        """Note that a thread without a plan must not be prepared before a moment, and why."""
        with self._writing() as connection:
            one = update(threads).where(threads.c.id == row_number(thread_id))
            connection.execute(one.values(begun_at=until, reason=reason))

    def put_off(self, thread_id: str, due_at: datetime, until: datetime) -> None:
        """Let a thread that was begun, but of which nothing is out, begin anew at a moment.

        Its plan is forgotten, so that times and media are fresh then; what the network said last is
        told with the reason. One that is not so any more is left alone.

        Args:
            thread_id: the thread.
            due_at: as for `hold_late`: a person may have wanted it out at once meanwhile.
            until: when the timetable opens.
        """
        with self._writing() as connection:
            outline = read_outline(connection, thread_id)
            is_begun = outline.row.state == "sending" and is_wholly_absent(outline)
            if is_begun and outline.row.planned_at == due_at:
                said = outline.reason or ""
                told = said if said.startswith(CLOSED) else f"{CLOSED} {said}".rstrip()
                forget_plan(connection, thread_id)
                one = update(threads).where(threads.c.id == row_number(thread_id))
                connection.execute(one.values(begun_at=until, reason=told))

    def cancel_by_hand(self, thread_id: str, now: datetime) -> ThreadRow:
        """Take a thread of which for certain nothing is out from the queue.

        Raises:
            InputError: a post of it is out or may be, or it is not in the queue.
        """
        with self._changing() as connection:
            outline = read_outline(connection, thread_id)
            row = outline.row
            if row.state not in {*TO_BEGIN, "sending", "held"}:
                advice = {"draft": "reject it", "published": f"`threadbot delete {row.id}` does"}
                refuse(row, "cancelled", advice.get(row.state))
            if not is_wholly_absent(outline):
                refuse_parted(row, "cancelled")
            move_thread(connection, row, "cancelled", now)
            return read_outline(connection, thread_id).row

    def reject_by_hand(self, thread_id: str, now: datetime) -> ThreadRow:
        """Note that a person does not want a draft.

        Raises:
            InputError: it is no draft.
        """
        with self._changing() as connection:
            row = read_outline(connection, thread_id).row
            if row.state != "draft":
                refuse(row, "rejected", "cancel it" if row.state in TO_BEGIN else None)
            move_thread(connection, row, "rejected", now)
            return read_outline(connection, thread_id).row


def _may_be_late(outline: Delivery) -> bool:
    state = outline.row.state
    return state in TO_BEGIN or (state == "sending" and is_wholly_absent(outline))


def refuse(row: ThreadRow, to_be: str, advice: str | None = None) -> NoReturn:
    """Say that a thread cannot be what a person wishes.

    Args:
        row: the thread.
        to_be: what it cannot be, as in "moved".
        advice: what to do instead.

    Raises:
        InputError: always.
    """
    standing = _STANDING.get(row.state, row.state)
    cannot = " already" if standing == to_be else f"; it cannot be {to_be}"
    message = f"thread {row.id} is {standing}{cannot}"
    advice = advice or _advice(row, to_be)
    raise InputError(f"{message}: {advice}" if advice else message)


def _advice(row: ThreadRow, to_be: str) -> str | None:
    """Say what a person may do instead, if anything."""
    match row.state, to_be:
        case "held", "approved":
            return f"`threadbot queue retry {row.id}` goes on with it, or cancel it"
        case "scheduled", "approved":
            return f"`threadbot queue move {row.id}` gives it another time"
        case "superseded", _:
            return "another thread of its article took its place, see `threadbot history`"
        case _:
            return None


def refuse_parted(row: ThreadRow, to_be: str) -> NoReturn:
    """Say that a thread cannot be what a person wishes, as a part of it is out or may be.

    Raises:
        InputError: always.
    """
    message = (
        f"thread {row.id} is {_STANDING.get(row.state, row.state)}, and a post of it is out or may "
        f"be; it cannot be {to_be}: `threadbot delete {row.id}` takes it back, `threadbot resume "
        f"{row.id}` goes on with it"
    )
    raise InputError(message)


def _rests(connection: Connection, thread_id: str, now: datetime) -> bool:
    """Tell whether nobody does anything with a thread under way: it waits, or it is damaged."""
    try:
        return rests_half_way(read_delivery(connection, thread_id), now)
    except DamagedError:
        return not any(step.state in IN_DOUBT for step in read_outline(connection, thread_id).steps)
