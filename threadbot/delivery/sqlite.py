"""The ledger in one file: opened safely, brought up to date, its failures said in one sentence.

Owns how SQLite is set up (WAL, every commit on the disk before it counts, one writer at a time)
and the file's modes. Never knows what stands in a table.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import DBAPIError

from threadbot.delivery.lock import driving, not_driven, worker_of
from threadbot.delivery.versions import NEWEST, migrate, version_of
from threadbot.errors import LedgerBusyError, LedgerDiskError, LedgerError, WorkerRunsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from threadbot.delivery.lock import Role, Worker
    from threadbot.delivery.versions import Upgrade

#: How long to wait for another writer before giving up, in milliseconds. A transaction of the
#: ledger takes one or two.
BUSY_TIMEOUT: Final = 15_000

_WHAT_TO_DO: Final = {
    "SQLITE_READONLY": "the file or its folder cannot be written; correct their permissions",
    "SQLITE_PERM": "the file or its folder cannot be written; correct their permissions",
    "SQLITE_CANTOPEN": "the file cannot be opened; correct its folder's permissions",
    "SQLITE_FULL": "the disk is full; free some space, then try again or resume the thread",
    "SQLITE_IOERR": (
        "the disk cannot be read or written, or is full; correct that, then try again or resume"
    ),
    "SQLITE_CORRUPT": "the file is damaged; put a copy from your backup in its place",
    "SQLITE_NOTADB": "the file is no ledger; name another one, or move it away",
}
_DISK: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR"})
_BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED"})


class SqliteDatabase:
    """A ledger's file; it is made where there is none.

    Args:
        place: the file. Its folder is made with mode 700, the file has mode 600.
        upgrade: whether an older one is brought up to date.

    Raises:
        LedgerError: it cannot be opened, is damaged, or was written by a newer threadbot.
    """

    def __init__(self, place: Path, upgrade: Upgrade = "usual") -> None:
        self.place = place
        self.name = str(place)
        self._file_lock = threading.Lock()
        self._writer = threading.Lock()
        self._holders = 0
        self._held = ExitStack()
        self._accounts: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        _make_private(place)
        self._engine = create_engine(URL.create("sqlite", database=os.fspath(place)))
        event.listen(self._engine, "connect", _set_up)
        event.listen(self._engine, "begin", _begin)
        try:
            self.version: str | None = self._version()
            if self.version != NEWEST and upgrade != "never":
                self._upgrade_alone()
        except BaseException:
            self._engine.dispose()
            raise

    def _version(self) -> str | None:
        with self.reading() as connection:
            return version_of(connection, self.name)

    def _upgrade_alone(self) -> None:
        """Upgrade: nobody may drive while tables change, and two may make the same ledger."""
        try:
            with driving(self.place, _wait_quietly):
                self.upgrade()
        except WorkerRunsError:
            # A worker came first, and brought it up to date itself.
            self.version = self._version()
            if self.version != NEWEST:
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the ledger and cannot change it."""
        with self._explained(), self._engine.connect() as connection:
            yield connection.execution_options(threadbot_begin="BEGIN")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are stored together at the end, or not at all."""
        # SQLite lets a writer ask again after a pause, and many of one process would starve some.
        with (
            self._writer,
            self._explained(),
            self._engine.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def attending(self, waiting: Callable[[str], None], role: Role = "command") -> Iterator[None]:
        """Hold the file's lock, of which there is one for all accounts."""
        self._take_lock(waiting, role)
        try:
            yield
        finally:
            with self._file_lock:
                self._holders -= 1
                if self._holders == 0:
                    self._held.close()

    def _take_lock(self, waiting: Callable[[str], None], role: Role) -> None:
        # A process cannot take a file's lock twice, so the first one takes it for all.
        with self._file_lock:
            if self._holders == 0:
                self._held.enter_context(driving(self.place, waiting, role))
            self._holders += 1

    @contextmanager
    def driving(self, account: str, waiting: Callable[[str], None]) -> Iterator[None]:
        """Hold the file's lock, and keep other threads of this process from the account."""
        with self.attending(waiting), self._accounts[account]:
            yield

    def worker(self) -> Worker | None:
        """Ask the file's lock."""
        return worker_of(self.place)

    def check_driving(self, account: str) -> None:
        """Say nothing: the system does not take a file's lock from a living process."""

    @contextmanager
    def sole(self, work: str) -> Iterator[bool]:
        """Say yes: only one worker runs."""
        del work
        yield True

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the file's lock, or refuse where another process does."""
        with not_driven(self.place):
            yield

    def wait_no_more(self) -> None:
        """Say nothing: a worker has the file's lock already, and others write for moments."""

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def upgrade(self) -> None:
        """Make the tables, or bring them up to date; nobody may be posting."""
        # The mode stays with the file; it cannot be changed inside a transaction.
        with self._explained(), self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - for the type
            driver.execute("PRAGMA journal_mode = WAL")
        with self.writing() as connection:
            migrate(connection, self.name)
        self.version = NEWEST

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the database says into one sentence."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise _explain(cause, self.name) from error


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            # SQLite would make the file with the modes of the process.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            mode = stat.S_IMODE(path.stat().st_mode)
            # Somebody else's file stays as it is; SQLite says whether it can be used.
            if mode & 0o077 and path.stat().st_uid == os.geteuid():
                path.chmod(mode & 0o700)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path}: the ledger cannot be opened: {reason}; correct its folder"
        raise LedgerError(message) from error


def _set_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    # Transactions are begun below; the module's own way begins them too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # Without IMMEDIATE two writers would first read, then find that only one may write.
    connection.exec_driver_sql(
        connection.get_execution_options().get("threadbot_begin", "BEGIN IMMEDIATE")
    )


def _wait_quietly(message: str) -> None:
    """Wait for who makes or drives the ledger without a word: it takes a moment."""
    del message


def _explain(cause: BaseException | None, name: str) -> LedgerError:
    # Extended codes such as SQLITE_IOERR_WRITE begin with the plain one.
    code = "_".join(getattr(cause, "sqlite_errorname", "").split("_")[:2])
    if code in _BUSY:
        message = f"{name}: another program is writing to the ledger; try again"
        return LedgerBusyError(message)
    said = _WHAT_TO_DO.get(code, f"the database says: {cause}")
    message = f"{name}: the ledger cannot be used: {said}"
    return LedgerDiskError(message) if code in _DISK else LedgerError(message)
