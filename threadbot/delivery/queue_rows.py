"""The ledger's reading for the dispatcher and for the queue: what waits, what is due or taken.

Owns queries that stay quick with a hundred thousand waiting threads: they follow an index, and none
reads a composed thread. Never changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal, or_, select, tuple_, union_all

from threadbot.delivery.changes import MILLIONTHS
from threadbot.delivery.records import row_number, unknown_thread
from threadbot.delivery.tables import plans, steps, threads
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

    from threadbot.delivery.model import ThreadState
    from threadbot.networks.port import HoldKind
    from threadbot.thread.model import NetworkName

#: States of a thread that is not at its end, in the order in which they follow each other.
WAITING: Final[tuple[ThreadState, ...]] = ("draft", "approved", "scheduled", "sending", "held")
#: States of a thread that goes out by itself when its time has come.
TO_BEGIN: Final[tuple[ThreadState, ...]] = ("approved", "scheduled")
#: How many due threads of an account are given at once: the first ones decide what it sends next.
PER_ACCOUNT: Final = 20


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
class WaitingRow:
    """A thread in the queue, without what it says.

    Args:
        id: its short name.
        title: the article's title when the thread was made.
        account: the account's name.
        network: where.
        sandbox: whether it goes to the sandbox instead.
        state: where it stands.
        due_at: when it should go out or go on (UTC); None for at once, and for a draft.
        by_hand: whether a person named that very time.
        price_usd: what posting costs, or None where posts are free.
        hold: why it is held, or None.
        reason: the sentence for it, or why the network could not prepare it yet; or None.
    """

    id: str
    title: str
    account: str
    network: NetworkName
    sandbox: bool
    state: ThreadState
    due_at: datetime | None
    by_hand: bool
    price_usd: Decimal | None
    hold: HoldKind | None
    reason: str | None


def due_to_begin(
    connection: Connection, now: datetime, limit: int, *, sandbox: bool | None = None
) -> list[DueRow]:
    """Give approved and scheduled threads whose time has come, in turn for each account.

    Of each account there are the first `PER_ACCOUNT`, and as many whose time a person named, so
    that those which have to wait do not keep others out of sight.
    """
    columns = threads.c
    wanted: list[ColumnElement[bool]] = [columns.state.in_(TO_BEGIN)]
    if sandbox is not None:
        wanted.append(columns.sandbox == sandbox)
    # Two questions to the index: one with OR would be answered by going through all that waits.
    come = (columns.due_at.is_(None), columns.due_at <= now)
    due = union_all(*(select(*_due_columns()).where(*wanted, one) for one in come)).subquery().c
    place = func.row_number().over(
        partition_by=(due.account, due.sandbox, due.by_hand),
        order_by=(due.due_at.nulls_first(), due.id),
    )
    ranked = select(*due, place.label("place")).subquery()
    query = (
        select(ranked)
        .where(ranked.c.place <= PER_ACCOUNT)
        .order_by(ranked.c.place, ranked.c.due_at.nulls_first(), ranked.c.id)
        .limit(limit)
    )
    found = connection.execute(query).mappings()
    # Beginning counts, so that the attempt has one number before and after.
    return [_due_row(row, row["attempt"] + 1) for row in found]


def due_to_go_on(
    connection: Connection, now: datetime, limit: int, *, sandbox: bool | None = None
) -> list[DueRow]:
    """Give threads under way that need not wait any longer, the oldest first."""
    columns = threads.c
    has_plan = select(plans.c.thread_id).where(plans.c.thread_id == columns.id).exists()
    # A step that is not out yet waits; before a plan it is the thread itself that does.
    steps_wait = (
        select(steps.c.thread_id)
        .where(steps.c.thread_id == columns.id, steps.c.state != "sent", steps.c.not_before > now)
        .exists()
    )
    ready = or_(columns.due_at.is_(None), columns.due_at <= now, has_plan)
    wanted = [columns.state == "sending", ready, ~steps_wait]
    if sandbox is not None:
        wanted.append(columns.sandbox == sandbox)
    query = select(*_due_columns()).where(*wanted).order_by(columns.id).limit(limit)
    found = connection.execute(query).mappings()
    return [_due_row(row, row["attempt"]) for row in found]


def _due_columns() -> tuple[ColumnElement[Any], ...]:
    columns = threads.c
    return (
        columns.id,
        columns.account,
        columns.network,
        columns.sandbox,
        columns.state,
        columns.due_at,
        columns.by_hand,
        columns.attempt,
        columns.changed_at,
    )


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
        since: threads that began before then are left out (UTC).
        besides: threads that do not count.
    """
    columns = threads.c
    mine = (columns.account == account, columns.sandbox == sandbox)
    others = columns.id.not_in([row_number(name) for name in besides])
    waiting = select(columns.due_at).where(*mine, others, columns.state.in_((*TO_BEGIN, "sending")))
    begun = select(columns.begun_at).where(*mine, others, columns.begun_at >= since)
    found = connection.execute(waiting.where(columns.due_at.is_not(None))).scalars().all()
    return (*found, *connection.execute(begun).scalars())


def last_out(connection: Connection, since: datetime) -> dict[tuple[str, bool], datetime]:
    """Say when the last thread of each account began to go out, if that is no longer ago.

    Args:
        connection: inside a transaction.
        since: accounts whose last thread began before then are left out (UTC).

    Returns:
        The moment (UTC), by account and whether it was in the sandbox.
    """
    columns = threads.c
    query = select(columns.account, columns.sandbox, columns.begun_at)
    # Grouping in the database would go through all threads.
    found = connection.execute(query.where(columns.begun_at >= since).order_by(columns.begun_at))
    return {(account, trial): moment for account, trial, moment in found}


def waiting_page(
    connection: Connection, limit: int, after: str | None, states: Iterable[ThreadState]
) -> list[WaitingRow]:
    """Give a page of the queue: first what has no time, then the soonest first.

    Args:
        connection: inside a transaction.
        limit: how many threads at most.
        after: the last thread of the page before, or None for the first page.
        states: those that count.

    Raises:
        InputError: there is no thread `after`.
    """
    columns = threads.c
    undated, dated = columns.due_at.is_(None), columns.due_at.is_not(None)
    begin = None if after is None else _place(connection, after)
    conditions: list[ColumnElement[bool]]
    if begin is None:
        conditions = [undated, dated]
    elif begin[0] is None:
        conditions = [and_(undated, columns.id > begin[1]), dated]
    else:
        moment = literal(begin[0], columns.due_at.type)
        conditions = [tuple_(columns.due_at, columns.id) > tuple_(moment, literal(begin[1]))]
    found: list[WaitingRow] = []
    for condition in conditions:
        query = _first(condition, limit - len(found), states)
        found += [_waiting_row(row) for row in connection.execute(query).mappings()]
        if len(found) == limit:
            break
    return found


def _place(connection: Connection, name: str) -> tuple[datetime | None, int]:
    query = select(threads.c.due_at, threads.c.id).where(threads.c.id == row_number(name))
    found = connection.execute(query).one_or_none()
    if found is None:
        raise InputError(unknown_thread(name))
    return (found.due_at, found.id)


def _first(
    condition: ColumnElement[bool], limit: int, states: Iterable[ThreadState]
) -> Select[Any]:
    """Find the first threads, from the first of each state: sorting all of them takes long."""
    columns = threads.c
    order = (columns.due_at, columns.id)
    parts = [
        select(
            select(*order)
            .where(columns.state == state, condition)
            .order_by(*order)
            .limit(limit)
            .subquery()
        )
        for state in states
    ]
    first = union_all(*parts).subquery()
    wanted = select(first.c.id).order_by(first.c.due_at, first.c.id).limit(limit)
    return select(*_waiting_columns()).where(columns.id.in_(wanted)).order_by(*order)


def _waiting_columns() -> tuple[ColumnElement[Any], ...]:
    columns = threads.c
    more = (columns.title, columns.hold, columns.reason, columns.usd_millionths)
    return (*_due_columns(), *more)


def _waiting_row(row: RowMapping) -> WaitingRow:
    price = row["usd_millionths"]
    return WaitingRow(
        id=str(row["id"]),
        title=row["title"],
        account=row["account"],
        network=row["network"],
        sandbox=row["sandbox"],
        state=row["state"],
        due_at=row["due_at"],
        by_hand=row["by_hand"],
        price_usd=None if price is None else Decimal(price) / MILLIONTHS,
        hold=row["hold"],
        reason=row["reason"],
    )
