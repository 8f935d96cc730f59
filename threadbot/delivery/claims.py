"""Who may post an article to an account: one thread at most.

Owns the claim's rules: who holds it, when its holder gives way. Never begins or
ends a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from threadbot.delivery.changes import free_claim, move_thread, take_claim
from threadbot.delivery.deliver import is_wholly_absent
from threadbot.delivery.records import read_delivery, read_thread
from threadbot.delivery.sameness import refusal, same_words
from threadbot.delivery.tables import claims
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.delivery.model import Delivery, ThreadRow, ThreadState

#: States of a thread that goes on by itself: somebody may be driving it.
_UNDER_WAY: Final[frozenset[ThreadState]] = frozenset({"approved", "scheduled", "sending"})


@dataclass(frozen=True, slots=True)
class Approval:
    """Who posts an article to an account.

    Args:
        row: the thread that holds the claim.
        won: whether this very call took it.
    """

    row: ThreadRow
    won: bool


def holder_of(
    connection: Connection, article: int, account: str, *, sandbox: bool
) -> Delivery | None:
    """Find the delivery that holds the claim on an article and an account, or None."""
    query = select(claims.c.thread_id).where(
        claims.c.article_id == article, claims.c.account == account, claims.c.sandbox == sandbox
    )
    number = connection.execute(query).scalar()
    return None if number is None else read_delivery(connection, str(number))


def gives_way(holder: Delivery, content_hash: str, *, again: bool, locked: bool) -> bool:
    """Tell whether the holder of a claim yields to another thread.

    A published one does if it is wished that the article goes out again. Any other one does if the
    other has other words, for a person has approved those; but only if it is certain that nothing
    of it is out, and that nobody is driving it.

    Args:
        holder: who holds the claim.
        content_hash: that of the other.
        again: whether to post again what is published.
        locked: whether the asker drives the account, so that nobody else does.
    """
    if holder.row.state == "published":
        return again
    if holder.row.state in _UNDER_WAY and not locked:
        return False
    return holder.row.content_hash != content_hash and is_wholly_absent(holder)


def approve(
    connection: Connection, row: ThreadRow, holder: Delivery | None, now: datetime
) -> Approval:
    """Approve a draft and give it the claim; a holder that is not published is cancelled.

    Args:
        connection: inside a transaction that has read the others.
        row: the draft.
        holder: who holds the claim and gives way, or None where it is free.
        now: the present (UTC).

    Raises:
        InputError: another account on X says the same.
    """
    for other in _others(connection, row):
        if same_words(row.thread, other.thread):
            raise InputError(refusal(row.account, other.account))
    if holder is not None:
        free_claim(connection, holder.row.id)
        if holder.row.state != "published":
            move_thread(connection, holder.row, "cancelled", now)
    move_thread(connection, row, "approved", now)
    take_claim(connection, row, now)
    return Approval(read_thread(connection, row.id), won=True)


def _others(connection: Connection, row: ThreadRow) -> Iterator[ThreadRow]:
    """Give the threads of other accounts that hold a claim on the same article."""
    query = select(claims.c.thread_id).where(
        claims.c.article_id == row.article,
        claims.c.account != row.account,
        claims.c.sandbox == row.sandbox,
    )
    for number in connection.execute(query).scalars():
        yield read_thread(connection, str(number))
