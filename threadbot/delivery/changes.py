"""Changes of the ledger's rows, each on the connection of a transaction that somebody else began.

Owns the writing of single rows; every change of a state asks `delivery.model` first. Never begins
or ends a transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, bindparam, delete, func, insert, literal, or_, select, update

from threadbot.delivery.identity import Identity, find_same
from threadbot.delivery.model import (
    RELEASING,
    UNCERTAIN,
    check_step_transition,
    check_thread_transition,
)
from threadbot.delivery.records import hold_article, read_thread, row_number
from threadbot.delivery.tables import articles, claims, plans, receipts, spend, steps, threads
from threadbot.delivery.thread_json import content_hash, thread_to_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from threadbot.delivery.answers import Change
    from threadbot.delivery.model import Progress, StepRow, ThreadRow, ThreadState
    from threadbot.networks.plan import Plan
    from threadbot.networks.port import Receipt
    from threadbot.thread.model import Thread


# A number that no other program is likely to lock.
_IDENTITIES: Final = 0x7468726561646274

# Made once: they are carried out for each post, and making one takes longer than that.
_STEP: Final = update(steps).where(
    steps.c.thread_id == bindparam("of_thread"), steps.c.number == bindparam("of_number")
)
_NEW_STEPS: Final = insert(steps)
_RECEIPT: Final = insert(receipts)
_SPEND: Final = insert(spend)


def keep_article(
    connection: Connection, identity: Identity, title: str, now: datetime, own: int | None = None
) -> int:
    """Store an article, or bring it up to date if it is known; give its number.

    It is `own` where nothing else has its identity: known by that before, whatever changed.
    """
    hold_identities(connection)
    values = {"content_hash": identity.content_hash, "title": title, "last_seen_at": now}
    # What was known from an earlier reading is kept where this one does not say it.
    if identity.address is not None:
        values["address"] = identity.address
    if identity.source is not None:
        values["source"] = identity.source
    same = find_same(_candidates(connection, identity), identity)
    known = own if same is None else same
    if known is None:
        values["first_seen_at"] = now
        return _number(connection.execute(insert(articles).values(values)).inserted_primary_key)
    connection.execute(update(articles).where(articles.c.id == known).values(values))
    return known


def hold_identities(connection: Connection) -> None:
    """Keep others from storing articles until the transaction ends: two could store the same one.

    SQLite lets only one write anyway.
    """
    if connection.get_execution_options().get("threadbot_holds_rows"):
        connection.execute(select(func.pg_advisory_xact_lock(literal(_IDENTITIES, BigInteger))))


def _candidates(connection: Connection, identity: Identity) -> list[tuple[int, Identity]]:
    columns = articles.c
    query = select(columns.id, columns.address, columns.source, columns.content_hash).where(
        or_(
            columns.address == identity.address,
            columns.source == identity.source,
            columns.content_hash == identity.content_hash,
        )
    )
    rows = connection.execute(query.order_by(columns.id.desc()))
    return [(number, Identity(*known)) for number, *known in rows]


def keep_draft(
    connection: Connection, thread: Thread, article: int, *, sandbox: bool, now: datetime
) -> str:
    """Store a thread as a draft, unless a draft with the same words is there; give its name."""
    hold_article(connection, article)
    digest = content_hash(thread)
    same = select(threads.c.id).where(
        threads.c.article_id == article,
        threads.c.account == thread.account,
        threads.c.sandbox == sandbox,
        threads.c.content_hash == digest,
        threads.c.state == "draft",
    )
    number = connection.execute(same).scalar()
    if number is not None:
        return str(number)
    title = select(articles.c.title).where(articles.c.id == article)
    new = insert(threads).values(
        article_id=article,
        title=title.scalar_subquery(),
        account=thread.account,
        network=thread.network,
        sandbox=sandbox,
        state="draft",
        thread=thread_to_json(thread),
        content_hash=digest,
        posts=len(thread.posts),
        price_usd_millionths=_millionths(thread.price_usd),
        attempt=0,
        created_at=now,
        changed_at=now,
    )
    return str(_number(connection.execute(new).inserted_primary_key))


def _millionths(price: Decimal | None) -> int | None:
    return None if price is None else int(price * 1_000_000)


def move_thread(
    connection: Connection,
    row: ThreadRow,
    state: ThreadState,
    now: datetime,
    **more: str | int | datetime | None,
) -> None:
    """Change a thread's state, if the table has that; a state that releases gives the claim back.

    The claim then falls to the newest thread of the same article that is still published to the
    same account, for that one is still out.

    Args:
        connection: inside a transaction that has read `row`.
        row: the thread.
        state: the new state.
        now: the present (UTC).
        more: further columns to set.
    """
    check_thread_transition(row.state, state)
    one = update(threads).where(threads.c.id == row_number(row.id))
    connection.execute(one.values(state=state, changed_at=now, **more))
    if state in RELEASING and free_claim(connection, row.id):
        still_out = select(threads.c.id).where(
            threads.c.article_id == row.article,
            threads.c.account == row.account,
            threads.c.sandbox == row.sandbox,
            threads.c.state == "published",
        )
        heir = connection.execute(still_out.order_by(threads.c.id.desc())).scalar()
        if heir is not None:
            take_claim(connection, replace(row, id=str(heir)), now)


def free_claim(connection: Connection, thread_id: str) -> bool:
    """Give a thread's claim back, and tell whether it held one."""
    mine = claims.c.thread_id == row_number(thread_id)
    return connection.execute(delete(claims).where(mine)).rowcount == 1


def take_claim(connection: Connection, row: ThreadRow, now: datetime) -> None:
    """Give a thread the claim on its article and account, which must be free."""
    new = insert(claims).values(
        article_id=row.article,
        account=row.account,
        sandbox=row.sandbox,
        thread_id=row_number(row.id),
        taken_at=now,
    )
    connection.execute(new)


def keep_steps(
    connection: Connection, thread_id: str, rows: Iterable[StepRow], now: datetime
) -> None:
    """Store the steps of a new plan."""
    number = row_number(thread_id)
    new = [{"thread_id": number, "number": one.number} | _step_values(one, now) for one in rows]
    connection.execute(_NEW_STEPS, new)


def move_step(
    connection: Connection, thread_id: str, progress: Progress, after: StepRow, now: datetime
) -> None:
    """Change a step, if the table has the change of its state; an uncertain one may stay so.

    Args:
        connection: inside a transaction that has read `progress`.
        thread_id: the thread.
        progress: how far it is.
        after: the step as it is to be stored.
        now: the present (UTC).
    """
    before = progress.steps[after.number - 1]
    if not before == after.state in UNCERTAIN:
        check_step_transition(before, after.state)
    overwrite_step(connection, thread_id, after, now)


def overwrite_step(connection: Connection, thread_id: str, step: StepRow, now: datetime) -> None:
    """Store a step whose state stays what it is."""
    which = {"of_thread": row_number(thread_id), "of_number": step.number}
    connection.execute(_STEP, which | _step_values(step, now))


def keep_hold(connection: Connection, thread_id: str, change: Change, now: datetime) -> None:
    """Stop a thread that is being sent, where an answer says so."""
    if (hold := change.hold) is None:
        return
    row = read_thread(connection, thread_id)
    if row.state == "sending":
        move_thread(connection, row, "held", now, hold=hold.kind, reason=hold.reason)


def keep_receipts(
    connection: Connection, thread_id: str, rows: Iterable[Receipt], now: datetime
) -> None:
    """Store the proofs that posts are out."""
    new = [
        {
            "thread_id": row_number(thread_id),
            "post": receipt.post,
            "uri": receipt.uri,
            "cid": receipt.cid,
            "url": receipt.url,
            "received_at": now,
        }
        for receipt in rows
    ]
    if new:
        connection.execute(_RECEIPT, new)


def keep_spend(
    connection: Connection, thread_id: str, account: str, cost: int, now: datetime
) -> None:
    """Store what was spent on a thread.

    Args:
        connection: inside a transaction.
        thread_id: the thread.
        account: who pays.
        cost: in millionths of a US dollar; nothing is stored of 0.
        now: the present (UTC).
    """
    if cost:
        values = {"account": account, "thread_id": row_number(thread_id), "usd_millionths": cost}
        connection.execute(_SPEND, values | {"spent_at": now})


def clear_beginnings(connection: Connection, thread_id: str) -> None:
    """Begin to count anew how often carrying a thread was begun without coming to a rest."""
    one = update(threads).where(threads.c.id == row_number(thread_id))
    connection.execute(one.values(beginnings=0))


def forget_plan(connection: Connection, thread_id: str) -> None:
    """Remove the plan of a thread of which nothing can be out, so that it is made anew."""
    number = row_number(thread_id)
    connection.execute(delete(steps).where(steps.c.thread_id == number))
    connection.execute(delete(plans).where(plans.c.thread_id == number))


def overwrite_plan(connection: Connection, thread_id: str, plan: Plan) -> None:
    """Store a plan in the place of the one before, of which steps may be out already."""
    one = update(plans).where(plans.c.thread_id == row_number(thread_id))
    connection.execute(one.values(plan=plan.to_json()))


def _step_values(step: StepRow, now: datetime) -> dict[str, Any]:
    return {
        "state": step.state,
        "tries": step.tries,
        "looks": step.looks,
        "doubted": step.doubted,
        "not_before": step.not_before,
        "answer": step.answer,
        "changed_at": now,
    }


def _number(key: Any) -> int:  # noqa: ANN401 - a row of the primary key, which SQLAlchemy leaves open
    return int(key[0])
