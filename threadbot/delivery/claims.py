"""Who may post an article to an account: one thread at most.

Owns the claim's rules: who holds it, when its holder gives way. Never begins or
ends a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from threadbot.delivery.changes import free_claim, keep_draft, move_thread, take_claim
from threadbot.delivery.deliver import is_wholly_absent
from threadbot.delivery.records import hold_article, read_delivery, read_thread
from threadbot.delivery.sameness import refusal, same_words
from threadbot.delivery.tables import claims
from threadbot.delivery.thread_json import content_hash
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.delivery.model import Delivery, ThreadRow, ThreadState
    from threadbot.thread.model import Thread

#: States of a thread that somebody may be driving. A scheduled one is not among them: when its time
#: has come, `begin` asks in one transaction whether it still is to go out.
_UNDER_WAY: Final[frozenset[ThreadState]] = frozenset({"approved", "sending"})


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


def gives_way(holder: Delivery, digest: str, *, again: bool, locked: bool) -> bool:
    """Tell whether the holder of a claim yields to another thread.

    A published one does if it is wished that the article goes out again. Any other one does if the
    other has other words, for a person has approved those; but only if it is certain that nothing
    of it is out, and that nobody is driving it.

    Args:
        holder: who holds the claim.
        digest: the other's content hash.
        again: whether to post again what is published.
        locked: whether the asker drives the account, so that nobody else does.
    """
    if holder.row.state == "published":
        return again
    if holder.row.state in _UNDER_WAY and not locked:
        return False
    return holder.row.content_hash != digest and is_wholly_absent(holder)


def claim(
    connection: Connection,
    thread: Thread,
    article: int,
    *,
    sandbox: bool,
    now: datetime,
    again: bool,
    locked: bool,
) -> Approval:
    """Propose and approve a thread; if it comes too late, store nothing.

    Args:
        connection: inside a transaction.
        thread: exactly what was previewed.
        article: its number in the ledger.
        sandbox: whether it goes to the sandbox.
        now: the present (UTC).
        again: as in `gives_way`.
        locked: as in `gives_way`.
    """
    hold_article(connection, article)
    holder = holder_of(connection, article, thread.account, sandbox=sandbox)
    if holder and not gives_way(holder, content_hash(thread), again=again, locked=locked):
        return Approval(holder.row, won=False)
    name = keep_draft(connection, thread, article, sandbox=sandbox, now=now)
    return approve(connection, read_thread(connection, name), holder, now)


def approve_draft(
    connection: Connection, row: ThreadRow, now: datetime, *, again: bool, locked: bool
) -> Approval:
    """Approve a draft; one that comes too late is superseded.

    Args:
        connection: inside a transaction that has read `row`.
        row: the draft.
        now: the present (UTC).
        again: as in `gives_way`.
        locked: as in `gives_way`.
    """
    holder = holder_of(connection, row.article, row.account, sandbox=row.sandbox)
    if holder is not None and row.state != "draft":
        return Approval(holder.row, won=False)
    if holder and not gives_way(holder, row.content_hash, again=again, locked=locked):
        move_thread(connection, row, "superseded", now, reason=_replaced_by(holder.row))
        return Approval(holder.row, won=False)
    return approve(connection, row, holder, now)


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
        if same_words(row.thread, other.thread, other.fingerprints):
            raise InputError(refusal(row.account, other.account))
    if holder is not None:
        free_claim(connection, holder.row.id)
        if holder.row.state != "published":
            move_thread(connection, holder.row, "cancelled", now, reason=_replaced_by(row))
    move_thread(connection, row, "approved", now, by_hand=True)
    take_claim(connection, row, now)
    return Approval(read_thread(connection, row.id), won=True)


def _replaced_by(row: ThreadRow) -> str:
    return f"Thread {row.id} took its place."


def _others(connection: Connection, row: ThreadRow) -> Iterator[ThreadRow]:
    """Give the threads of other accounts that hold a claim on the same article."""
    query = select(claims.c.thread_id).where(
        claims.c.article_id == row.article,
        claims.c.account != row.account,
        claims.c.sandbox == row.sandbox,
    )
    for number in connection.execute(query).scalars():
        yield read_thread(connection, str(number))
