"""The ledger: the one truth about what was approved, sent and published.

Owns every change of a stored state: each method that changes something is one transaction. It is
written before a network is called, and after; it never calls one itself, and never decides what
comes next (`deliver` does). A thread's short name is its number in the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import insert, select, update

from threadbot.delivery.budget import cost_of
from threadbot.delivery.changes import (
    clear_beginnings,
    forget_plan,
    keep_hold,
    keep_receipts,
    keep_spend,
    keep_steps,
    move_step,
    move_thread,
    overwrite_plan,
    overwrite_step,
)
from threadbot.delivery.database import open_database, place_of
from threadbot.delivery.deliver import (
    is_wholly_absent,
    planned_steps,
    resumed_plan,
    resumed_steps,
    with_change,
    with_renewed,
)
from threadbot.delivery.due_questions import TO_BEGIN
from threadbot.delivery.due_rows import under_way
from threadbot.delivery.listing import list_waiting
from threadbot.delivery.model import TransitionError
from threadbot.delivery.moved import refuse_moved
from threadbot.delivery.planning import PlanningBook
from threadbot.delivery.records import (
    read_all,
    read_delivery,
    read_progress,
    read_thread,
    row_number,
)
from threadbot.delivery.tables import plans, receipts, threads
from threadbot.networks.port import Renewed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.delivery.answers import Change
    from threadbot.delivery.database import Place
    from threadbot.delivery.model import Delivery, StepRow, ThreadRow, ThreadState, ThreadSummary
    from threadbot.networks.plan import Plan
    from threadbot.networks.port import Renewal


#: What a person may make of a thread while a driver is about to begin it.
_STOPPED_BY_HAND: Final[frozenset[ThreadState]] = frozenset({"held", "superseded", "cancelled"})


def open_ledger(place: Place | str) -> Ledger:
    """Open the ledger, or make it. Not to be called by who holds a file's lock (`lock.driving`).

    Args:
        place: its file, or an address of the form `sqlite:///PATH` or
            `postgresql+psycopg://USER@HOST/DATABASE`.

    Raises:
        LedgerError: it cannot be opened, is damaged, or was written by a newer threadbot.
    """
    database = open_database(place_of(place))
    try:
        refuse_moved(database)
    except BaseException:
        database.close()
        raise
    return Ledger(database)


class Ledger(PlanningBook):
    """An open ledger, to be used in a `with` statement or closed. Every `now` is in UTC."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def delivery(self, thread_id: str) -> Delivery:
        """Read all that is known of one delivery.

        Raises:
            InputError: there is no thread of that name.
        """
        with self._reading() as connection:
            return read_delivery(connection, thread_id)

    def history(self, limit: int | None = None, before: str | None = None) -> tuple[Delivery, ...]:
        """Read deliveries, the newest first.

        Args:
            limit: at most so many; None for all, which takes long where there are many.
            before: only those older than the thread of this name.
        """
        with self._reading() as connection:
            return read_all(connection, limit, before)

    def waiting(
        self, limit: int, after: str | None = None, account: str | None = None
    ) -> tuple[ThreadSummary, ...]:
        """List threads that are not done with, those that go out first at the beginning.

        Args:
            limit: at most so many.
            after: only those that come after the thread of this name.
            account: only those of this account.
        """
        with self._reading() as connection:
            return list_waiting(connection, limit, after, account)

    def under_way(self, account: str, now: datetime, *, sandbox: bool) -> str | None:
        """Name the oldest thread of an account that is under way, if it is not put off, or None."""
        with self._reading() as connection:
            number = under_way(connection, account, now, sandbox=sandbox)
        return None if number is None else str(number)

    def begin(self, thread_id: str, now: datetime) -> None:
        """Take an approved or scheduled thread to sending.

        A thread that a person has meanwhile moved, held or cancelled is left alone.
        """
        with self._writing() as connection:
            row = read_thread(connection, thread_id)
            if row.state in _STOPPED_BY_HAND or (row.state in TO_BEGIN and _lies_ahead(row, now)):
                return
            attempt = row.attempt + 1
            move_thread(connection, row, "sending", now, attempt=attempt, begun_at=now)

    def resume(self, thread_id: str, now: datetime) -> Delivery:
        """Take a held thread back to sending, with every cap counting anew; leave any other alone.

        Where nothing of it can be out, its plan is forgotten, so that times and media are fresh.
        """
        with self._writing() as connection:
            delivery = read_delivery(connection, thread_id)
            row = delivery.row
            if row.state != "held":
                return delivery
            more = {"attempt": row.attempt + 1, "hold": None, "reason": None}
            # Whoever resumes it wishes it to go out now, whenever it was due.
            times = {"due_at": now, "begun_at": now}
            move_thread(connection, row, "sending", now, by_hand=True, **times, **more)
            steps = resumed_steps(delivery.steps)
            if steps is None:
                forget_plan(connection, row.id)
            elif (plan := resumed_plan(delivery, now)) is not None:
                overwrite_plan(connection, row.id, plan)
            for step in steps or ():
                overwrite_step(connection, row.id, step, now)
            return read_delivery(connection, thread_id)

    def store_plan(self, thread_id: str, plan: Plan, now: datetime) -> None:
        """Store what the network prepared; every step is planned then.

        Raises:
            PlanError: the plan does not fit the thread.
        """
        with self._writing() as connection:
            row = read_thread(connection, thread_id)
            steps = planned_steps(plan, row.thread)
            values = {"thread_id": row_number(thread_id), "plan": plan.to_json()}
            connection.execute(insert(plans).values(values | {"prepared_at": now}))
            keep_steps(connection, thread_id, steps, now)
            keep_spend(connection, thread_id, row.account, plan.cost, now)
            one = update(threads).where(threads.c.id == row_number(thread_id))
            connection.execute(one.values(reason=None))

    def step_sending(self, thread_id: str, step: StepRow, now: datetime) -> bool:
        """Store the intent to send a step; its request leaves only after this.

        Args:
            thread_id: the thread.
            step: as `deliver.before_send` gives it.
            now: the present.

        Returns:
            Whether it may be sent; not if a person has meanwhile held or cancelled the thread.
        """
        with self._writing() as connection:
            progress = read_progress(connection, thread_id)
            if progress.state in {"held", "cancelled"}:
                return False
            self.database.check_driving(progress.account)
            earlier = progress.steps[: step.number - 1]
            if progress.state != "sending" or any(state != "sent" for state in earlier):
                message = f"step {step.number} of a thread that is not so far cannot be sent"
                raise TransitionError(message)
            move_step(connection, thread_id, progress, step, now)
            return True

    def step_outcome(self, delivery: Delivery, change: Change, now: datetime) -> None:
        """Store what an answer makes of a step: its state, receipts and a hold, together.

        Args:
            delivery: what is known of the thread and its plan.
            change: as `deliver.after_send` or `deliver.after_look` gives it.
            now: when the answer came.
        """
        thread_id, cost = delivery.row.id, change.cost + cost_of(delivery, change.step)
        with self._writing() as connection:
            progress = read_progress(connection, thread_id)
            move_step(connection, thread_id, progress, change.step, now)
            if change.step.state == "sent" and progress.beginnings:
                # What gets further is not what ends the process, however often that is killed.
                clear_beginnings(connection, thread_id)
            keep_receipts(connection, thread_id, change.receipts, now)
            keep_spend(connection, thread_id, progress.account, cost, now)
            _begin_later(connection, delivery, change)
            keep_hold(connection, thread_id, change, now)

    def step_renewal(self, thread_id: str, change: Change, answer: Renewal, now: datetime) -> None:
        """Store what a renewal makes of a step: the step, the plan with it and a hold, together.

        Args:
            thread_id: the thread.
            change: as `answers.after_renewal` gives it.
            answer: the network's.
            now: when it came.
        """
        with self._writing() as connection:
            delivery = read_delivery(connection, thread_id)
            overwrite_step(connection, thread_id, change.step, now)
            keep_spend(connection, thread_id, delivery.row.account, change.cost, now)
            _begin_later(connection, delivery, change)
            if isinstance(answer, Renewed) and delivery.plan is not None:
                overwrite_plan(connection, thread_id, with_renewed(delivery.plan, answer))
            keep_hold(connection, thread_id, change, now)

    def note_cost(self, thread_id: str, cost: int, now: datetime) -> None:
        """Note what a call took that led to nothing else, in millionths of a US dollar."""
        if cost:
            with self._writing() as connection:
                account = read_progress(connection, thread_id).account
                keep_spend(connection, thread_id, account, cost, now)

    def thread_of(self, uri: str) -> str | None:
        """Give the thread to which a post belongs, by the network's name for the post, or None."""
        query = select(receipts.c.thread_id).where(receipts.c.uri == uri)
        with self._reading() as connection:
            number = connection.execute(query).scalar()
        return None if number is None else str(number)

    def publish(self, thread_id: str, now: datetime) -> None:
        """Note that every post of a thread is out."""
        self._end(thread_id, "published", now)

    def delete(self, thread_id: str, now: datetime, cost: int = 0) -> None:
        """Note that no post of a thread is out any more; its article may be posted anew.

        Args:
            thread_id: the thread.
            now: the present.
            cost: what deleting took, in millionths of a US dollar.
        """
        with self._writing() as connection:
            row = read_thread(connection, thread_id)
            move_thread(connection, row, "deleted", now)
            keep_spend(connection, row.id, row.account, cost, now)

    def cancel(self, thread_id: str, now: datetime) -> None:
        """Note that a thread will not go out; its article may be posted anew."""
        self._end(thread_id, "cancelled", now)

    def reject(self, thread_id: str, now: datetime) -> None:
        """Note that a person does not want a draft."""
        self._end(thread_id, "rejected", now)

    def _end(self, thread_id: str, state: ThreadState, now: datetime) -> None:
        with self._writing() as connection:
            move_thread(connection, read_thread(connection, thread_id), state, now)


def _lies_ahead(row: ThreadRow, now: datetime) -> bool:
    return row.due_at is not None and row.due_at > now


def _begin_later(connection: Connection, delivery: Delivery, change: Change) -> None:
    # Others of its account keep their distance from the moment at which its first post goes out.
    until = change.step.not_before
    if until is not None and is_wholly_absent(with_change(delivery, change)):
        one = update(threads).where(threads.c.id == row_number(delivery.row.id))
        connection.execute(one.values(begun_at=until))
