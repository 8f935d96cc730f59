"""From the ledger's rows to the values of `delivery.model`, and nothing the other way.

Owns the reading, and the check that a stored thread is still the one that was approved.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import BindParameter, bindparam, select

from threadbot.delivery.model import Delivery, Progress, StepRow, ThreadRow
from threadbot.delivery.tables import articles, plans, receipts, steps, threads
from threadbot.delivery.thread_json import content_hash, thread_from_json
from threadbot.errors import DamagedError, InputError
from threadbot.networks.plan import Plan
from threadbot.networks.port import Receipt
from threadbot.thread.model import Post, Thread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, RowMapping, Select


# A statement takes only so many values.
_AT_ONCE: Final = 500

# Made once: a thread is read three times for each post, and making a statement takes longer than
# carrying it out.
_ONE: Final[BindParameter[int]] = bindparam("number")
_MANY: Final[BindParameter[list[int]]] = bindparam("numbers", expanding=True)
_THREAD: Final = select(threads).where(threads.c.id == _ONE)
_ARTICLE: Final = select(articles.c.id).where(articles.c.id == _ONE).with_for_update(key_share=True)
_ARTICLE_OF: Final = (
    select(articles.c.id)
    .where(
        articles.c.id == select(threads.c.article_id).where(threads.c.id == _ONE).scalar_subquery()
    )
    .with_for_update(key_share=True)
)
_PLANS: Final = select(plans)
_STEPS: Final = select(steps).order_by(steps.c.number)
_RECEIPTS: Final = select(receipts).order_by(receipts.c.post)
_OF_ONE: Final = (
    _PLANS.where(plans.c.thread_id == _ONE),
    _STEPS.where(steps.c.thread_id == _ONE),
    _RECEIPTS.where(receipts.c.thread_id == _ONE),
)
_PROGRESS: Final = (
    select(threads.c.state, threads.c.account, threads.c.beginnings, steps.c.state.label("step"))
    .select_from(threads.outerjoin(steps, steps.c.thread_id == threads.c.id))
    .where(threads.c.id == _ONE)
    .order_by(steps.c.number)
)
_OF_MANY: Final = (
    _PLANS.where(plans.c.thread_id.in_(_MANY)),
    _STEPS.where(steps.c.thread_id.in_(_MANY)),
    _RECEIPTS.where(receipts.c.thread_id.in_(_MANY)),
)


def read_thread(connection: Connection, thread_id: str) -> ThreadRow:
    """Read one thread.

    Raises:
        InputError: there is none of that name.
        DamagedError: what is stored is not what was approved.
    """
    found = _stored(connection, thread_id)
    return _thread_row(found, checked_thread(found))


def read_outline(connection: Connection, thread_id: str) -> Delivery:
    """Read one delivery without its words and its plan, which may be damaged.

    Its posts are empty, as if they had been pruned. It is enough to stop a thread, and whoever
    stops one must not be kept from it by what is damaged.

    Raises:
        InputError: there is no thread of that name.
    """
    row = _wordless(_stored(connection, thread_id))
    return _deliveries(connection, [row], None)[0]


def _stored(connection: Connection, thread_id: str) -> RowMapping:
    number = row_number(thread_id)
    _hold(connection, _ARTICLE_OF, {"number": number})
    found = connection.execute(_THREAD, {"number": number}).mappings().first()
    if found is None:
        raise InputError(unknown_thread(thread_id))
    return found


def hold_article(connection: Connection, article: int) -> None:
    """Keep others from changing an article's threads and claims until the transaction ends.

    SQLite lets only one write anyway. On a server a transaction that writes holds the one row that
    all of them share, before it reads any of them.
    """
    _hold(connection, _ARTICLE, {"number": article})


def _hold(connection: Connection, held: Select[tuple[int]], values: dict[str, int]) -> None:
    if connection.get_execution_options().get("threadbot_holds_rows"):
        connection.execute(held, values)


def read_progress(connection: Connection, thread_id: str) -> Progress:
    """Read how far a thread is, without its words: it is asked twice for each post.

    Raises:
        InputError: there is none of that name.
    """
    number = row_number(thread_id)
    _hold(connection, _ARTICLE_OF, {"number": number})
    found = connection.execute(_PROGRESS, {"number": number}).all()
    if not found:
        raise InputError(unknown_thread(thread_id))
    first = found[0]
    states = tuple(row.step for row in found if row.step is not None)
    return Progress(first.state, first.account, states, first.beginnings)


def read_delivery(connection: Connection, thread_id: str) -> Delivery:
    """Read all that is known of one delivery.

    Raises:
        InputError: there is no thread of that name.
        DamagedError: what is stored is not what was approved.
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

    Returns:
        Those that are damaged without their words, as if they had been pruned, and with what is
        wrong as the reason.
    """
    query = select(threads).order_by(threads.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(threads.c.id < row_number(before))
    rows = [_as_found(row) for row in connection.execute(query).mappings()]
    parts = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
    return tuple(one for part in parts for one in _deliveries(connection, part, _plan_as_found))


def _as_found(row: RowMapping) -> ThreadRow:
    try:
        return _thread_row(row, checked_thread(row))
    except DamagedError as error:
        return replace(_wordless(row), reason=f"{error}.")


def _plan_as_found(row: RowMapping) -> Plan | None:
    try:
        return checked_plan(row)
    except DamagedError:
        return None


def _wordless(found: RowMapping) -> ThreadRow:
    posts = (Post("body", "", (), 0, 0),) * found["posts"]
    shell = Thread(found["network"], found["account"], 0, (), (), posts, (), (), None)
    return replace(_thread_row(found, shell), fingerprints=frozenset())


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


def _thread_row(row: RowMapping, thread: Thread) -> ThreadRow:
    kept = row["fingerprints"]
    return ThreadRow(
        id=str(row["id"]),
        article=row["article_id"],
        title=row["title"],
        account=row["account"],
        network=row["network"],
        sandbox=row["sandbox"],
        state=row["state"],
        thread=thread,
        content_hash=row["content_hash"],
        attempt=row["attempt"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        due_at=row["due_at"],
        begun_at=row["begun_at"],
        by_hand=row["by_hand"],
        hold=row["hold"],
        reason=row["reason"],
        fingerprints=None if kept is None else frozenset(json.loads(kept)),
    )


def checked_thread(row: RowMapping) -> Thread:
    """Read a stored thread.

    Raises:
        DamagedError: it is not what was approved.
    """
    try:
        thread = thread_from_json(row["thread"])
    except ValueError as error:
        raise DamagedError(_damaged(row["id"])) from error
    # Of what was pruned the hash alone is still that of the words.
    if row["fingerprints"] is None and content_hash(thread) != row["content_hash"]:
        raise DamagedError(_damaged(row["id"]))
    return thread


def checked_plan(row: RowMapping) -> Plan:
    """Read a stored plan.

    Raises:
        DamagedError: it cannot be read.
    """
    try:
        return Plan.from_json(row["plan"])
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        message = (
            f"the plan of thread {row['thread_id']} in the ledger cannot be read: it was changed "
            "or is damaged; put a copy from your backup in its place"
        )
        raise DamagedError(message) from error


def _damaged(number: int) -> str:
    return (
        f"thread {number} in the ledger is not what was approved: it was changed or is "
        "damaged; put a copy from your backup in its place"
    )


def _deliveries(
    connection: Connection,
    rows: Sequence[ThreadRow],
    plan: Callable[[RowMapping], Plan | None] | None = checked_plan,
) -> list[Delivery]:
    numbers = [int(row.id) for row in rows]
    is_one = len(numbers) == 1
    values = {"number": numbers[0]} if is_one else {"numbers": numbers}
    of_plans, of_steps, of_receipts = _OF_ONE if is_one else _OF_MANY
    found = connection.execute(of_plans, values).mappings() if plan else ()
    plan_of = {row["thread_id"]: plan(row) for row in found} if plan else {}
    steps_of: defaultdict[int, list[StepRow]] = defaultdict(list)
    for row in connection.execute(of_steps, values).mappings():
        steps_of[row["thread_id"]].append(_step(row))
    receipts_of: defaultdict[int, list[Receipt]] = defaultdict(list)
    for row in connection.execute(of_receipts, values).mappings():
        receipt = Receipt(post=row["post"], uri=row["uri"], cid=row["cid"], url=row["url"])
        receipts_of[row["thread_id"]].append(receipt)
    return [
        Delivery(
            row=row,
            plan=plan_of.get(number),
            steps=tuple(steps_of[number]),
            receipts=tuple(receipts_of[number]),
        )
        for number, row in zip(numbers, rows, strict=True)
    ]


def _step(row: RowMapping) -> StepRow:
    return StepRow(
        number=row["number"],
        state=row["state"],
        tries=row["tries"],
        not_before=row["not_before"],
        looks=row["looks"],
        doubted=row["doubted"],
        answer=row["answer"],
    )
