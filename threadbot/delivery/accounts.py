"""What the ledger keeps for an account: its sign-in and what it spent.

Owns those two tables, and how the ledger reaches its database. A sign-in is a secret: it stands in
the file (mode 600) and nowhere else, so nothing here has a representation that shows it.
"""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, select

from threadbot.delivery.changes import hold_identities
from threadbot.delivery.moved import refuse_change, refuse_moved
from threadbot.delivery.tables import sessions, spend
from threadbot.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.delivery.database import Database
    from threadbot.delivery.lock import Role, Worker

_MILLIONTHS: Final = 1_000_000


class AccountBook:
    """The ledger's part on accounts; a `SessionStore` for the networks.

    Args:
        database: where it stands.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @property
    def path(self) -> Path:
        """The ledger's file.

        Raises:
            LedgerError: it has none, but stands on a server.
        """
        if isinstance(self.database.place, Path):
            return self.database.place
        message = f"{self.database.name}: a ledger on a server has no file"
        raise LedgerError(message)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    @contextmanager
    def attending(self, waiting: Callable[[str], None], role: Role = "command") -> Iterator[None]:
        """Be one who may post from this ledger, for as long as a command or a worker runs.

        In a file only one process can; on a server any number, as long as nobody moves or upgrades
        the ledger.

        Args:
            waiting: told one sentence if another process has to end first.
            role: a command's or a worker's, which others can tell apart.

        Raises:
            LedgerError: the ledger was moved elsewhere.
        """
        with self.database.attending(waiting, role):
            refuse_moved(self.database)
            yield

    def worker(self) -> Worker | None:
        """Give the worker that has the ledger to itself, or None; on a server none has."""
        return self.database.worker()

    @contextmanager
    def driving(self, account: str, waiting: Callable[[str], None]) -> Iterator[None]:
        """Be the one who posts to an account: whoever talks to a network holds this.

        Args:
            account: its name.
            waiting: told one sentence if another process holds it; then this one waits its turn.

        Raises:
            LedgerError: the ledger was moved elsewhere.
        """
        with self.database.driving(account, waiting):
            refuse_moved(self.database)
            yield

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
            return Decimal(int(connection.execute(query).scalar_one())) / _MILLIONTHS

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the ledger and cannot change it.

        For the rooms above that keep tables of their own in the ledger.
        """
        with self._reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are stored together at the end, or not at all.

        On a server, too, only one of the rooms above writes at a time.

        Raises:
            LedgerError: the ledger was moved elsewhere.
        """
        with self._changing() as connection:
            hold_identities(connection)
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.database.reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.database.writing() as connection:
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """Write as `_writing` does, but only where the ledger was not moved since it was opened.

        For what does not come from who drives an account: nobody moves a ledger that is driven.
        """
        with self._writing() as connection:
            refuse_change(connection, self.database.name)
            yield connection
