"""The ledger's reading for the dispatcher: what is due, and what an account has before it.

Owns queries that stay quick with a hundred thousand waiting threads: they follow an index, and none
reads a composed thread. Never changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import (
    and_,
    func,
    not_,
    or_,
    select,
)

from threadbot.delivery import due_questions
from threadbot.delivery.due_questions import TO_BEGIN
from threadbot.delivery.model import CLOSED
from threadbot.delivery.records import row_number
from threadbot.delivery.tables import receipts, steps, threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from threadbot.delivery.model import ThreadState
    from threadbot.thread.model import NetworkName

# A statement takes only so many values.
_ASKED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class DueRow:
    """A thread that a worker may go on with.

    Args:
        id: its short name.
        account: the account's name.
        network: where.
        sandbox: whether it goes to the sandbox instead.
        state: `approved` or `scheduled` where it is to begin, else `sending`.
        due_at: when it should go out or go on (UTC).
        by_hand: whether a person named that very time.
        attempt: the number of the attempt that is to begin, or is under way.
    """

    id: str
    account: str
    network: NetworkName
    sandbox: bool
    state: ThreadState
    due_at: datetime
    by_hand: bool
    attempt: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may have changed of a thread that waits.

    Args:
        state: its state.
        attempt: the number of its attempt.
        due_at: when it should go out (UTC), if that is not at once.
    """

    state: ThreadState
    attempt: int
    due_at: datetime | None


def standings(connection: Connection, names: Sequence[str]) -> dict[str, Standing]:
    """Say how threads stand; those that are not there any more are left out."""
    columns = threads.c
    query = select(columns.id, columns.state, columns.attempt, columns.due_at)
    found: dict[str, Standing] = {}
    for start in range(0, len(names), _ASKED_AT_ONCE):
        numbers = [row_number(name) for name in names[start : start + _ASKED_AT_ONCE]]
        for row in connection.execute(query.where(columns.id.in_(numbers))):
            found[str(row.id)] = Standing(row.state, row.attempt, row.due_at)
    return found


def due_to_begin(
    connection: Connection,
    now: datetime,
    limit: int,
    *,
    since: datetime,
    sandbox: bool | None = None,
) -> list[DueRow]:
    """Give approved and scheduled threads whose time has come, in turn for each account.

    Of each account there are the first `PER_ACCOUNT`, and as many whose time a person named, so
    that those which have to wait do not keep others out of sight. Those whose time came before
    `since` are left out, as they do not go out any more: thousands of them would, too.
    """
    values = {"now": now, "since": since, "most": limit}
    found = connection.execute(due_questions.to_begin(sandbox), values).mappings()
    # Beginning counts, so that the attempt has one number before and after.
    return [_due_row(row, row["attempt"] + 1) for row in found]


def missed(
    connection: Connection, since: datetime, limit: int, *, sandbox: bool | None = None
) -> list[DueRow]:
    """Give approved and scheduled threads whose time came before a moment."""
    found = connection.execute(
        due_questions.missed(sandbox), {"since": since, "most": limit}
    ).mappings()
    return [_due_row(row, row["attempt"] + 1) for row in found]


def due_to_go_on(
    connection: Connection, now: datetime, limit: int, *, sandbox: bool | None = None
) -> list[DueRow]:
    """Give threads under way that need not wait any longer, the oldest first."""
    found = connection.execute(
        due_questions.to_go_on(sandbox), {"now": now, "most": limit}
    ).mappings()
    return [_due_row(row, row["attempt"]) for row in found]


def _due_row(row: RowMapping, attempt: int) -> DueRow:
    return DueRow(
        id=str(row["id"]),
        account=row["account"],
        network=row["network"],
        sandbox=row["sandbox"],
        state=row["state"],
        # What is to go out at once was approved for that moment.
        due_at=row["due_at"] or row["changed_at"],
        by_hand=row["by_hand"],
        attempt=attempt,
    )


def taken_times(
    connection: Connection,
    account: str,
    *,
    sandbox: bool,
    since: datetime,
    besides: Iterable[str] = (),
) -> tuple[datetime, ...]:
    """Give the times at which an account has threads, for the search of a free slot.

    Args:
        connection: inside a transaction.
        account: its name.
        sandbox: whether those in the sandbox are meant.
        since: threads that began before then are left out (UTC), and those that were stopped before
            anything of them was out.
        besides: threads that do not count.
    """
    columns = threads.c
    mine = (columns.account == account, columns.sandbox == sandbox)
    others = columns.id.not_in([row_number(name) for name in besides])
    waiting = select(columns.due_at).where(*mine, others, columns.state.in_((*TO_BEGIN, "sending")))
    lately = (columns.begun_at >= since, _counts_as_out())
    begun = select(columns.begun_at).where(*mine, others, *lately)
    found = connection.execute(waiting.where(columns.due_at.is_not(None))).scalars().all()
    return (*found, *connection.execute(begun).scalars())


def last_out(
    connection: Connection, since: datetime, now: datetime
) -> dict[tuple[str, bool], datetime]:
    """Say when the last thread of each account began to go out, if that is no longer ago.

    What was begun and then stopped, before anything of it was out, does not count.

    Args:
        connection: inside a transaction.
        since: accounts whose last thread began before then are left out (UTC).
        now: threads that are to begin after that are left out (UTC).

    Returns:
        The moment (UTC), by account and whether it was in the sandbox.
    """
    columns = threads.c
    query = select(columns.account, columns.sandbox, columns.begun_at)
    # Grouping in the database would go through all threads.
    lately = columns.begun_at.between(since, now)
    found = connection.execute(query.where(lately, _counts_as_out()).order_by(columns.begun_at))
    return {(account, trial): moment for account, trial, moment in found}


def last_of(
    connection: Connection, account: str, *, sandbox: bool, since: datetime, now: datetime
) -> datetime | None:
    """Say when the last thread of one account began to go out (UTC), as `last_out` does."""
    columns = threads.c
    # An account by its bare name would be looked up in the index of accounts, and each of its
    # threads be read to see when it began.
    mine = (func.coalesce(columns.account, "") == account, columns.sandbox == sandbox)
    lately = columns.begun_at.between(since, now)
    query = select(func.max(columns.begun_at)).where(lately, *mine, _counts_as_out())
    return cast("datetime | None", connection.execute(query).scalar())


@cache
def _counts_as_out() -> ColumnElement[bool]:
    """Tell of a thread that was begun whether it is under way, or a post of it is out or may be."""
    columns = threads.c
    is_out = select(receipts.c.thread_id).where(receipts.c.thread_id == columns.id).exists()
    may_be_out = (
        select(steps.c.thread_id)
        .where(steps.c.thread_id == columns.id, or_(steps.c.doubted, steps.c.state != "planned"))
        .exists()
    )
    return or_(columns.state.in_(("sending", "published")), is_out, may_be_out)


def under_way(connection: Connection, account: str, now: datetime, *, sandbox: bool) -> int | None:
    """Give the number of the oldest thread of an account that is under way.

    One that waits for the timetable to open keeps nobody back, and is left out.

    Args:
        connection: inside a transaction.
        account: which one.
        now: the present (UTC).
        sandbox: whether its sandbox is meant.
    """
    columns = threads.c
    mine = (
        due_questions.is_under_way(),
        columns.account == account,
        columns.sandbox == sandbox,
    )
    reason = func.coalesce(columns.reason, "")
    is_put_off = and_(reason.startswith(CLOSED, autoescape=True), columns.begun_at > now)
    query = (
        select(columns.id)
        .where(*mine, not_(is_put_off))
        .order_by(columns.begun_at, columns.id)
        .limit(1)
    )
    return cast("int | None", connection.execute(query).scalar())
