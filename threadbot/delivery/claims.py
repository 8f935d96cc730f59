"""Who may post an article to an account: one thread at most.

Owns the claim's rules: who holds it, when its holder gives way, how it is taken. Never begins or
ends a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from threadbot.delivery.changes import free_claim, move_thread
from threadbot.delivery.deliver import is_wholly_absent
from threadbot.delivery.records import read_delivery, row_number
from threadbot.delivery.tables import claims

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.delivery.model import Delivery, ThreadRow


def holder_of(
    connection: Connection, article: int, account: str, *, sandbox: bool
) -> Delivery | None:
    """Find the delivery that holds the claim on an article and an account, or None."""
    query = select(claims.c.thread_id).where(
        claims.c.article_id == article, claims.c.account == account, claims.c.sandbox == sandbox
    )
    number = connection.execute(query).scalar()
    return None if number is None else read_delivery(connection, str(number))


def gives_way(holder: Delivery, content_hash: str, *, again: bool) -> bool:
    """Tell whether the holder of a claim yields to another thread.

    A published one does if it is wished that the article goes out again. A held one does if the
    other has other words, for then the person who approves those has done what it waits for; but
    only if it is certain that nothing of it is out.

    Args:
        holder: who holds the claim.
        content_hash: that of the other.
        again: whether to post again what is published.
    """
    if holder.row.state == "published":
        return again
    other_words = holder.row.content_hash != content_hash
    return holder.row.state == "held" and other_words and is_wholly_absent(holder)


def yield_claim(connection: Connection, holder: ThreadRow, now: datetime) -> None:
    """Take the claim from a thread that gives way; one that was held is cancelled."""
    free_claim(connection, holder.id)
    if holder.state == "held":
        move_thread(connection, holder, "cancelled", now)


def take_claim(connection: Connection, row: ThreadRow, now: datetime) -> None:
    """Give a thread the claim, which must be free."""
    new = insert(claims).values(
        article_id=row.article,
        account=row.account,
        sandbox=row.sandbox,
        thread_id=row_number(row.id),
        taken_at=now,
    )
    connection.execute(new)
