"""From the ledger's rows to the values of `delivery.model`, and nothing the other way.

Owns the reading, and the check that a stored thread is still the one that was approved.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from threadbot.delivery.model import Delivery, StepRow, ThreadRow
from threadbot.delivery.tables import articles, plans, receipts, steps, threads
from threadbot.delivery.thread_json import content_hash, thread_from_json
from threadbot.errors import InputError, LedgerError
from threadbot.networks.plan import Plan
from threadbot.networks.port import Receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

    from threadbot.thread.model import Thread


# A statement takes only so many values.
_AT_ONCE: Final = 500


def read_thread(connection: Connection, thread_id: str) -> ThreadRow:
    """Read one thread.

    Raises:
        InputError: there is none of that name.
        LedgerError: what is stored is not what was approved.
    """
    number = row_number(thread_id)
    article = select(threads.c.article_id).where(threads.c.id == number)
    hold_article(connection, article.scalar_subquery())
    query = _threads().where(threads.c.id == number)
    found = connection.execute(query).mappings().first()
    if found is None:
        raise InputError(unknown_thread(thread_id))
    return _thread_row(found)


def hold_article(connection: Connection, article: int | ColumnElement[int]) -> None:
    """Keep others from changing an article's threads and claims until the transaction ends.

    SQLite lets only one write anyway. On a server a transaction that writes holds the one row that
    all of them share, before it reads any of them.
    """
    if connection.get_execution_options().get("threadbot_holds_rows"):
        held = select(articles.c.id).where(articles.c.id == article)
        connection.execute(held.with_for_update(key_share=True))


def read_delivery(connection: Connection, thread_id: str) -> Delivery:
    """Read all that is known of one delivery.

    Raises:
        InputError: there is no thread of that name.
        LedgerError: what is stored is not what was approved.
    """
    return _deliveries(connection, [read_thread(connection, thread_id)])[0]


def read_all(
    connection: Connection, limit: int | None = None, before: str | None = None
) -> tuple[Delivery, ...]:
    """Read deliveries, the newest first.

    Args:
        connection: reads.
        limit: at most so many; None for all.
        before: only those older than the thread of this name.
    """
    query = _threads().order_by(threads.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(threads.c.id < row_number(before))
    rows = [_thread_row(row) for row in connection.execute(query).mappings()]
    parts = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
    return tuple(one for part in parts for one in _deliveries(connection, part))


def row_number(thread_id: str) -> int:
    """Give the row of a thread's short name.

    Raises:
        InputError: no thread can have that name.
    """
    # Numbers beyond this are none that a database can hold.
    if not (thread_id.isascii() and thread_id.isdecimal() and len(thread_id) < len("2147483647")):
        raise InputError(unknown_thread(thread_id))
    return int(thread_id)


def unknown_thread(thread_id: str) -> str:
    """Say to a person that there is no such thread."""
    return f"there is no thread '{thread_id}' in the ledger; `threadbot history` lists them"


def _threads() -> Select[Any]:
    return select(threads)


def _thread_row(row: RowMapping) -> ThreadRow:
    kept = row["fingerprints"]
    return ThreadRow(
        id=str(row["id"]),
        article=row["article_id"],
        title=row["title"],
        account=row["account"],
        network=row["network"],
        sandbox=row["sandbox"],
        state=row["state"],
        thread=checked_thread(row),
        content_hash=row["content_hash"],
        attempt=row["attempt"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        due_at=row["due_at"],
        by_hand=row["by_hand"],
        hold=row["hold"],
        reason=row["reason"],
        fingerprints=None if kept is None else frozenset(json.loads(kept)),
    )


def checked_thread(row: RowMapping) -> Thread:
    """Read a stored thread.

    Raises:
        LedgerError: it is not what was approved.
    """
    try:
        thread = thread_from_json(row["thread"])
    except ValueError as error:
        raise LedgerError(_damaged(row["id"])) from error
    # Of what was pruned the hash alone is still that of the words.
    if row["fingerprints"] is None and content_hash(thread) != row["content_hash"]:
        raise LedgerError(_damaged(row["id"]))
    return thread


def _damaged(number: int) -> str:
    return (
        f"thread {number} in the ledger is not what was approved: it was changed or is "
        "damaged; put a copy from your backup in its place"
    )


def _deliveries(connection: Connection, rows: Sequence[ThreadRow]) -> list[Delivery]:
    numbers = [int(row.id) for row in rows]
    stored_plans = select(plans).where(plans.c.thread_id.in_(numbers))
    found = connection.execute(stored_plans).mappings()
    plan_of = {str(row["thread_id"]): Plan.from_json(row["plan"]) for row in found}
    steps_of = _steps(connection, numbers)
    receipts_of = _receipts(connection, numbers)
    return [
        Delivery(
            row=row,
            plan=plan_of.get(row.id),
            steps=tuple(steps_of[row.id]),
            receipts=tuple(receipts_of[row.id]),
        )
        for row in rows
    ]


def _steps(connection: Connection, numbers: Sequence[int]) -> defaultdict[str, list[StepRow]]:
    query = select(steps).where(steps.c.thread_id.in_(numbers)).order_by(steps.c.number)
    found: defaultdict[str, list[StepRow]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        step = StepRow(
            number=row["number"],
            state=row["state"],
            tries=row["tries"],
            not_before=row["not_before"],
            looks=row["looks"],
            doubted=row["doubted"],
            answer=row["answer"],
        )
        found[str(row["thread_id"])].append(step)
    return found


def _receipts(connection: Connection, numbers: Sequence[int]) -> defaultdict[str, list[Receipt]]:
    query = select(receipts).where(receipts.c.thread_id.in_(numbers)).order_by(receipts.c.post)
    found: defaultdict[str, list[Receipt]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        receipt = Receipt(post=row["post"], uri=row["uri"], cid=row["cid"], url=row["url"])
        found[str(row["thread_id"])].append(receipt)
    return found
