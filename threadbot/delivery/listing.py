"""Lists of threads that wait, read from indexes and without the threads themselves.

Owns their order and the pages; a queue may be a hundred thousand threads long. Never changes
anything.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, tuple_

from threadbot.delivery.model import ThreadSummary
from threadbot.delivery.records import row_number
from threadbot.delivery.tables import OPEN, ORDER, steps, threads
from threadbot.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping, Select


_MILLIONTHS: Final = 1_000_000
# A statement takes only so many values.
_ASKED_AT_ONCE: Final = 500
_COLUMNS: Final = tuple(
    column for column in threads.c if column.name not in {"thread", "content_hash"}
)


def list_waiting(
    connection: Connection, limit: int, after: str | None, account: str | None
) -> tuple[ThreadSummary, ...]:
    """List threads that are not done with, in the order of their moments.

    Args:
        connection: reads.
        limit: at most so many.
        after: only those that come after the thread of this name.
        account: only those of this account.

    Raises:
        InputError: there is no thread of that name.
    """
    query = select(*_COLUMNS).where(OPEN).order_by(ORDER, threads.c.id)
    if after is not None:
        place = connection.execute(
            select(ORDER, threads.c.id).where(threads.c.id == row_number(after))
        ).first()
        if place is None:
            message = f"there is no thread '{after}' in the ledger, after which a list could begin"
            raise InputError(message)
        query = query.where(tuple_(ORDER, threads.c.id) > tuple_(*place))
    if account is not None:
        query = query.where(threads.c.account == account)
    return _summaries(connection, query.limit(limit))


def _summaries(
    connection: Connection, query: Select[tuple[object, ...]]
) -> tuple[ThreadSummary, ...]:
    found = connection.execute(query).mappings().all()
    next_of = _next_steps(connection, [row["id"] for row in found if row["state"] == "sending"])
    return tuple(_summary(row, next_of.get(row["id"])) for row in found)


def _next_steps(connection: Connection, numbers: list[int]) -> dict[int, RowMapping]:
    """Give the first step of threads under way that is not out yet, where they have a plan."""
    columns = steps.c
    query = select(columns.thread_id, columns.not_before, columns.answer)
    not_out = query.where(columns.state != "sent").order_by(columns.number.desc())
    next_of: dict[int, RowMapping] = {}
    for start in range(0, len(numbers), _ASKED_AT_ONCE):
        mine = columns.thread_id.in_(numbers[start : start + _ASKED_AT_ONCE])
        # The last one that is read counts: the first of its thread.
        next_of |= {
            row["thread_id"]: row for row in connection.execute(not_out.where(mine)).mappings()
        }
    return next_of


def _summary(row: RowMapping, step: RowMapping | None) -> ThreadSummary:
    begins = row["begun_at"] if row["state"] == "sending" else None
    price = row["price_usd_millionths"]
    return ThreadSummary(
        id=str(row["id"]),
        article=row["article_id"],
        title=row["title"],
        account=row["account"],
        network=row["network"],
        sandbox=row["sandbox"],
        state=row["state"],
        attempt=row["attempt"],
        posts=row["posts"],
        price_usd=None if price is None else Decimal(price) / _MILLIONTHS,
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        due_at=row["due_at"],
        hold=row["hold"],
        reason=(step["answer"] if step else None) or row["reason"],
        # Before a plan it is the thread itself that waits.
        waits_until=step["not_before"] if step else begins,
    )
