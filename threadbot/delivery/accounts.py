"""What the ledger keeps for an account: its sign-in and what it spent.

Owns those two tables, and how the ledger reaches its database. A sign-in is a secret: it stands in
the file (mode 600) and nowhere else, so nothing here has a representation that shows it.
"""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from threadbot.delivery.changes import MILLIONTHS
from threadbot.delivery.database import reading, writing
from threadbot.delivery.tables import sessions, spend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine


class AccountBook:
    """The ledger's part on accounts; a `SessionStore` for the networks.

    Args:
        engine: the database.
        path: its file.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def load_session(self, account: str) -> str | None:
        """Give the sign-in that was saved last, or None."""
        with self._reading() as connection:
            query = select(sessions.c.session).where(sessions.c.account == account)
            return connection.execute(query).scalar()

    def save_session(self, account: str, session: str | None) -> None:
        """Replace the sign-in that is saved; None forgets it."""
        with self._writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.account == account))
            if session is not None:
                new = insert(sessions).values(account=account, session=session)
                connection.execute(new)

    def spent(self, account: str, since: datetime) -> Decimal:
        """Give what an account spent from a moment (UTC) on, in US dollars."""
        query = select(func.coalesce(func.sum(spend.c.usd_millionths), 0)).where(
            spend.c.account == account, spend.c.spent_at >= since
        )
        with self._reading() as connection:
            return Decimal(int(connection.execute(query).scalar_one())) / MILLIONTHS

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the ledger and cannot change it.

        For the rooms above that keep tables of their own in the ledger.
        """
        with self._reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are stored together at the end, or not at all."""
        with self._writing() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with reading(self._engine, self.path) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with writing(self._engine, self.path) as connection:
            yield connection
