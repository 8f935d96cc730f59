"""What the ledger needs of its database, whichever kind it is.

Owns the one way in: a ledger is opened here, and told apart by its place. Never knows what stands
in a table, and nothing of how a kind of database does its work (`sqlite`, `postgres`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from threadbot.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from threadbot.delivery.lock import Role, Worker
    from threadbot.delivery.versions import Upgrade

#: A file, or the address of a PostgreSQL database.
Place: TypeAlias = Path | URL

_SQLITE: Final = "sqlite:///"
_FORMS: Final = "name a file, or postgresql+psycopg://USER@HOST/DATABASE"


class Database(Protocol):
    """An open database."""

    @property
    def place(self) -> Place:
        """Where it is; an address may hold a password."""

    @property
    def name(self) -> str:
        """What messages call it: its path, or its address without what may be secret."""

    @property
    def version(self) -> str | None:
        """The version of its tables; None where it holds nothing."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees one state of the ledger and cannot change it."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Give a connection whose changes are stored together at the end, or not at all."""

    def attending(
        self, waiting: Callable[[str], None], role: Role = "command"
    ) -> AbstractContextManager[None]:
        """Be one who may post from this ledger, for as long as a command or a worker runs.

        Args:
            waiting: told one sentence if another process has to end first.
            role: a command's or a worker's, which others can tell apart.
        """

    def worker(self) -> Worker | None:
        """Give the worker that has the ledger to itself, or None; on a server none has."""

    def driving(self, account: str, waiting: Callable[[str], None]) -> AbstractContextManager[None]:
        """Be the one who posts to an account.

        Args:
            account: its name.
            waiting: told one sentence if another process holds it; then this one waits its turn.
        """

    def check_driving(self, account: str) -> None:
        """Make sure that this process still is the one who posts to an account, if it ever was.

        Raises:
            LedgerBusyError: another one took over meanwhile.
            LedgerAwayError: it was uncertain for a moment, so that the ledger must be read anew.
        """

    def sole(self, work: str) -> AbstractContextManager[bool]:
        """Be the only process that does some work of which one is enough, or tell that it is not.

        Args:
            work: its name.
        """

    def alone(self) -> AbstractContextManager[None]:
        """Keep everybody from posting, or refuse where somebody may be.

        Raises:
            LedgerBusyError: somebody may be posting.
        """

    def upgrade(self) -> None:
        """Make the tables, or bring them up to date; nobody may be posting."""

    def wait_no_more(self) -> None:
        """Wait for nobody any longer, as this process is to end; a signal's handler may call it.

        Whoever waits for a server that is away, or for others that post, is told so at once.
        """

    def close(self) -> None:
        """Close it."""


def place_of(place: Place | str) -> Place:
    """Read a place that may be written as text.

    >>> str(place_of("sqlite:////srv/ledger.db"))
    '/srv/ledger.db'

    Raises:
        LedgerError: no ledger can be there. An address is not repeated, as it may hold a password.
    """
    if isinstance(place, str) and "://" in place and not place.startswith(_SQLITE):
        try:
            place = make_url(place)
        except ArgumentError as error:
            message = f"this is no address of a ledger: {_FORMS}"
            raise LedgerError(message) from error
    if isinstance(place, URL):
        if place.get_backend_name() == "postgresql" and place.database:
            return place
        message = f"a ledger cannot be at {place.drivername}://; {_FORMS}"
        raise LedgerError(message)
    return Path(os.fspath(place).removeprefix(_SQLITE)).absolute()


def open_database(place: Place, upgrade: Upgrade = "usual") -> Database:
    """Open a ledger's database.

    Args:
        place: its file or address.
        upgrade: what to do about tables that are missing or older.

    Raises:
        LedgerError: it cannot be opened, is damaged, or was written by a newer threadbot.
    """
    if isinstance(place, Path):
        from threadbot.delivery.sqlite import SqliteDatabase  # noqa: PLC0415 - one kind is needed

        return SqliteDatabase(place, upgrade)
    from threadbot.delivery.postgres import PostgresDatabase  # noqa: PLC0415 - the same

    return PostgresDatabase(place, upgrade)
