"""What the ledger keeps of articles, and which thread may post one to an account.

Owns drafts, approvals and claims, each change in one transaction; what becomes of an approved one
is for `ledger`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from threadbot.delivery.beginnings import BeginningBook
from threadbot.delivery.changes import keep_article, keep_draft
from threadbot.delivery.claims import Approval, approve_draft, claim, holder_of
from threadbot.delivery.identity import identify
from threadbot.delivery.records import read_thread
from threadbot.delivery.tables import articles

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.article.model import Article
    from threadbot.delivery.model import Delivery, ThreadRow
    from threadbot.thread.model import Thread


class ApprovalBook(BeginningBook):
    """The ledger's part on articles and approvals. Every `now` is in UTC."""

    def record_article(self, article: Article, source: str | None, now: datetime) -> int:
        """Store an article, or bring it up to date if it is known (`delivery.identity`).

        Args:
            article: as it was read.
            source: the absolute path or the address that it was read from; None for standard
                input.
            now: the present.

        Returns:
            Its number in the ledger.
        """
        with self._changing() as connection:
            return keep_article(connection, identify(article, source), article.title, now)

    def source_of(self, article: int) -> str | None:
        """Give the path or address that an article was last read from, if it had one."""
        query = select(articles.c.source).where(articles.c.id == article)
        with self._reading() as connection:
            return connection.execute(query).scalar()

    def propose(self, thread: Thread, article: int, *, sandbox: bool, now: datetime) -> ThreadRow:
        """Store a thread as a draft; a draft with the same words is not stored twice.

        Args:
            thread: exactly what was previewed.
            article: its number in the ledger.
            sandbox: whether it goes to the sandbox.
            now: the present.
        """
        with self._changing() as connection:
            name = keep_draft(connection, thread, article, sandbox=sandbox, now=now)
            return read_thread(connection, name)

    def claim(
        self,
        thread: Thread,
        article: int,
        *,
        sandbox: bool,
        now: datetime,
        again: bool = False,
        locked: bool = False,
    ) -> Approval:
        """Propose and approve a thread in one transaction; if it comes too late, store nothing.

        Args:
            thread: exactly what was previewed.
            article: its number in the ledger.
            sandbox: whether it goes to the sandbox.
            now: the present.
            again: whether to post again what is published.
            locked: whether this process drives the account; only then one that is under way
                gives way.
        """
        with self._changing() as connection:
            return claim(
                connection, thread, article, sandbox=sandbox, now=now, again=again, locked=locked
            )

    def approve(
        self, thread_id: str, now: datetime, *, again: bool = False, locked: bool = False
    ) -> Approval:
        """Approve a draft and take the claim on its article and account, in one transaction.

        Where another thread holds the claim and does not give way (`claims.gives_way`), that one is
        given back and the draft is superseded.

        Args:
            thread_id: the draft.
            now: the present.
            again: whether to post again what is published.
            locked: whether this process drives the account; only then one that is under way
                gives way.
        """
        with self._changing() as connection:
            row = read_thread(connection, thread_id)
            return approve_draft(connection, row, now, again=again, locked=locked)

    def claimed(self, article: int, account: str, *, sandbox: bool) -> Delivery | None:
        """Find the delivery that holds the claim on an article and an account, or None."""
        with self._reading() as connection:
            return holder_of(connection, article, account, sandbox=sandbox)
