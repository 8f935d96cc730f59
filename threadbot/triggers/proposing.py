"""The drafts of one entry: which are stored, whose place they take, and which need nobody.

Owns the rows of threads, and their links to the entry, on the connection of a transaction that
somebody else began; never begins or ends one, and composes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from threadbot.delivery.changes import keep_draft, move_thread
from threadbot.delivery.records import read_thread, row_number
from threadbot.delivery.tables import entries, entry_threads, threads
from threadbot.delivery.thread_json import content_hash
from threadbot.triggers.redrafting import redrafts
from threadbot.triggers.source_rows import threads_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.thread.model import Thread
    from threadbot.triggers.settings import Source


class Proposing:
    """The drafts of one entry, within one transaction.

    Args:
        connection: of the transaction.
        entry_id: the entry's row.
        article: the row of its article.
        source: the entry's.
        now: the present (UTC).

    Attributes:
        already: threads that the article had before.
        of_another: those of them that were made of another entry of the same source.
    """

    def __init__(
        self, connection: Connection, entry_id: int, article: int, source: Source, now: datetime
    ) -> None:
        self._connection = connection
        self._entry_id = entry_id
        self._article = article
        self._source = source
        self._now = now
        self.already: list[str] = []
        self.of_another: list[str] = []

    def begin(self, thread: Thread) -> str | None:
        """Store the first draft for an account, unless the article has a thread there already.

        Where the entry has one there, as another account got none at first, it is as with an edit.
        """
        own = threads_of(self._connection, [self._entry_id], sandbox=self._source.sandbox)
        if any(one.account == thread.account for _, one in own):
            return self.revise(thread)
        known = self._other(thread)
        if known is not None:
            self.already.append(known)
            if self._is_of_another(known):
                # It stays that entry's alone: an edit of this one must not take its place.
                self.of_another.append(known)
            else:
                # It was published by hand, or another source was quicker.
                self._link(known, by_itself=False)
            return None
        name = self._draft(thread, self._article)
        self._link(name, by_itself=self._source.approves(thread.account))
        return name

    def revise(self, thread: Thread) -> str | None:
        """Store a draft of an edited article, if its account is still to get one."""
        own = threads_of(self._connection, [self._entry_id], sandbox=self._source.sandbox)
        mine = [one for _, one in own if one.account == thread.account]
        wanted = next(iter(redrafts(mine)), None)
        newest = None if not mine else read_thread(self._connection, mine[-1].id)
        if wanted is None or newest is None or newest.content_hash == content_hash(thread):
            return None
        if newest.article != self._article and self._other(thread) is not None:
            return None
        name = self._draft(thread, newest.article)
        if wanted.replaces is None:
            self._link(name, by_itself=False)
        elif wanted.replaces != name:
            old = read_thread(self._connection, wanted.replaces)
            by_itself = old.id in by_themselves(self._connection, self._entry_id)
            move_thread(self._connection, old, "superseded", self._now)
            self._link(name, by_itself=by_itself)
        return name

    def _other(self, thread: Thread) -> str | None:
        """Find the newest thread that the article has on the same account."""
        columns = threads.c
        query = (
            select(columns.id)
            .where(
                columns.article_id == self._article,
                columns.account == thread.account,
                columns.sandbox == self._source.sandbox,
                columns.state != "superseded",
            )
            .order_by(columns.id.desc())
        )
        known = self._connection.execute(query).scalar()
        return None if known is None else str(known)

    def _is_of_another(self, name: str) -> bool:
        """Tell whether a thread was made of another entry of the same source."""
        columns = entries.c
        own = select(columns.source_id).where(columns.id == self._entry_id).scalar_subquery()
        query = select(columns.id).join(entry_threads, entry_threads.c.entry_id == columns.id)
        query = query.where(columns.id != self._entry_id, columns.source_id == own)
        query = query.where(entry_threads.c.thread_id == row_number(name))
        return self._connection.execute(query).first() is not None

    def _draft(self, thread: Thread, article: int) -> str:
        return keep_draft(
            self._connection, thread, article, sandbox=self._source.sandbox, now=self._now
        )

    def _link(self, name: str, *, by_itself: bool) -> None:
        values = {"entry_id": self._entry_id, "thread_id": row_number(name)}
        same = select(entry_threads.c.thread_id).filter_by(**values)
        if self._connection.execute(same).first() is None:
            self._connection.execute(insert(entry_threads).values(**values, by_itself=by_itself))


def by_themselves(connection: Connection, entry_id: int) -> tuple[str, ...]:
    """Name the drafts of an entry that nobody need approve."""
    query = (
        select(threads.c.id)
        .join(entry_threads, entry_threads.c.thread_id == threads.c.id)
        .where(
            entry_threads.c.entry_id == entry_id,
            entry_threads.c.by_itself,
            threads.c.state == "draft",
        )
        .order_by(threads.c.id)
    )
    return tuple(str(number) for number in connection.execute(query).scalars())
