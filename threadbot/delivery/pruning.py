"""What the ledger forgets of threads that have long been finished, and what it never forgets.

Owns that choice and carries it out, a few threads in each transaction. Forgotten are words, plans
and the answers of the network, and whole threads of which nothing was ever out. Kept for ever is
whatever keeps an article from being published twice (articles, claims, fingerprints), where its
posts are, and what they cost.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, func, not_, or_, select, update

from threadbot.delivery.changes import hold_identities
from threadbot.delivery.records import checked_thread, hold_article
from threadbot.delivery.sameness import fingerprints
from threadbot.delivery.tables import (
    FINISHED,
    articles,
    entry_threads,
    plans,
    receipts,
    spend,
    steps,
    threads,
)
from threadbot.delivery.thread_json import thread_to_json
from threadbot.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

    from threadbot.delivery.database import Database
    from threadbot.delivery.model import ThreadState
    from threadbot.thread.model import Thread

#: How many threads, and how many articles, are pruned in one transaction, which others wait for.
BATCH: Final = 100
#: States that a thread of which nothing was ever out may end in.
_NEVER_OUT: Final[tuple[ThreadState, ...]] = ("rejected", "superseded", "cancelled")


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten, or would be.

    Args:
        emptied: threads whose words, plans and answers are gone, while the thread is still known.
        removed: threads that are gone altogether, as nothing of them was ever out.
        articles: articles that are gone, as no thread of them is known.
    """

    emptied: int = 0
    removed: int = 0
    articles: int = 0

    @property
    def in_words(self) -> str:
        """Say it to a person, in the words of docs/database.md."""
        return (
            f"threads emptied: {self.emptied}, threads removed: {self.removed}, "
            f"articles removed: {self.articles}"
        )

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(
            self.emptied + other.emptied,
            self.removed + other.removed,
            self.articles + other.articles,
        )


def prune_some(database: Database, before: datetime, most: int = BATCH) -> Pruned:
    """Forget a few of what finished before a moment, in one transaction.

    Args:
        database: the ledger's.
        before: what finished later is left alone (UTC).
        most: at most so many threads, and so many articles.

    Returns:
        What was forgotten; nothing where nothing is left to forget.
    """
    with database.writing() as connection:
        # Before any article's row: whoever stores an article takes them in this order.
        hold_identities(connection)
        rows = _finished(connection, before, most)
        emptied = [row for row in rows if not row["gone"]]
        removed = [row["id"] for row in rows if row["gone"]]
        forgotten = [row["id"] for row in rows]
        for table in (steps, plans):
            connection.execute(delete(table).where(table.c.thread_id.in_(forgotten)))
        for row in emptied:
            _empty(connection, row)
        connection.execute(delete(threads).where(threads.c.id.in_(removed)))
        gone = connection.execute(_lonely(before).limit(most)).scalars().all()
        connection.execute(delete(articles).where(articles.c.id.in_(gone)))
        return Pruned(len(emptied), len(removed), len(gone))


def prune(database: Database, before: datetime) -> Pruned:
    """Forget all that finished before a moment, a few in each transaction."""
    total = Pruned()
    while (some := prune_some(database, before)) != Pruned():
        total += some
    return total


def prunable(database: Database, before: datetime) -> Pruned:
    """Count what `prune` would forget, and change nothing."""
    with database.reading() as connection:
        count = select(func.count()).select_from(threads).where(FINISHED, _older(before))
        removed = connection.execute(count.where(_gone())).scalar_one()
        every = connection.execute(count).scalar_one()
        # An article goes with its last thread.
        kept = select(threads.c.id).where(
            threads.c.article_id == articles.c.id, not_(and_(FINISHED, _older(before), _gone()))
        )
        lonely = select(func.count()).select_from(articles)
        lonely = lonely.where(articles.c.last_seen_at < before, ~kept.exists())
        return Pruned(every - removed, removed, connection.execute(lonely).scalar_one())


def _finished(connection: Connection, before: datetime, most: int) -> Sequence[RowMapping]:
    """Give threads to be pruned, their articles held as for any other change."""
    columns = threads.c
    query = select(columns.id, columns.article_id).where(FINISHED, _older(before))
    found = connection.execute(query.order_by(columns.changed_at, columns.id).limit(most)).all()
    for article in sorted({article for _, article in found}):
        hold_article(connection, article)
    # Another worker may have been quicker until the articles were held.
    again = select(
        columns.id,
        columns.thread,
        columns.content_hash,
        columns.fingerprints,
        _gone().label("gone"),
    ).where(FINISHED, _older(before), columns.id.in_([number for number, _ in found]))
    return connection.execute(again).mappings().all()


def _older(before: datetime) -> ColumnElement[bool]:
    return threads.c.changed_at < before


def _gone() -> ColumnElement[bool]:
    """Tell a thread of which nothing was ever out, and which nothing else tells of."""
    number = threads.c.id
    others = (receipts, spend, entry_threads)
    told_of = [
        select(table.c.thread_id).where(table.c.thread_id == number).exists() for table in others
    ]
    return and_(threads.c.state.in_(_NEVER_OUT), not_(or_(*told_of)))


def _lonely(before: datetime) -> Select[tuple[int]]:
    mine = select(threads.c.id).where(threads.c.article_id == articles.c.id).exists()
    return select(articles.c.id).where(articles.c.last_seen_at < before, ~mine)


def _empty(connection: Connection, row: RowMapping) -> None:
    values: dict[str, str | None] = {"fingerprints": "[]", "reason": None}
    # What is damaged stays as it is, and `db check` goes on telling of it.
    with suppress(LedgerError):
        thread = checked_thread(row)
        values["thread"] = thread_to_json(_shell(thread))
        values["fingerprints"] = json.dumps(sorted(fingerprints(thread)))
    connection.execute(update(threads).where(threads.c.id == row["id"]).values(values))


def _shell(thread: Thread) -> Thread:
    """Give a thread without what it says: still so many posts, for so much money."""
    posts = (
        replace(post, text="", spans=(), card=None, images=(), length=0, size=0)
        for post in thread.posts
    )
    return replace(thread, posts=tuple(posts), tags=(), omitted=(), warnings=())
