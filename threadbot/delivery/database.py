"""The ledger's file: opened safely, brought up to date, its failures said in one sentence.

Owns how SQLite is set up (WAL, every commit on the disk before it counts, one writer at a time),
the file's modes and its version. Never knows what stands in a table.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError

from threadbot.delivery.lock import driving
from threadbot.delivery.tables import VERSIONS
from threadbot.errors import LedgerBusyError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

#: How long to wait for another writer before giving up, in milliseconds. A transaction of the
#: ledger takes one or two.
BUSY_TIMEOUT: Final = 15_000

_NEWEST: Final = VERSIONS[-1]
_WHAT_TO_DO: Final = {
    "SQLITE_READONLY": "the file or its folder cannot be written; correct their permissions",
    "SQLITE_PERM": "the file or its folder cannot be written; correct their permissions",
    "SQLITE_CANTOPEN": "the file cannot be opened; correct its folder's permissions",
    "SQLITE_FULL": "the disk is full; free some space, then resume the thread",
    "SQLITE_IOERR": "the disk cannot be read or written, or is full; correct that, then resume",
    "SQLITE_CORRUPT": "the file is damaged; put a copy from your backup in its place",
    "SQLITE_NOTADB": "the file is no ledger; name another one, or move it away",
}
_BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED"})


def open_database(path: Path) -> Engine:
    """Open a ledger's file; make it where there is none, bring it up to date where it is older.

    Args:
        path: the file. Its folder is made with mode 700, the file has mode 600.

    Raises:
        LedgerError: it cannot be opened, is damaged, or was written by a newer threadbot.
    """
    _make_private(path)
    engine = create_engine(URL.create("sqlite", database=os.fspath(path)))
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    try:
        with reading(engine, path) as connection:
            version = _version(connection, path)
        if version != _NEWEST:
            # Nobody may drive while tables change, and two may make the same ledger at once.
            with driving(path, _wait_quietly):
                _upgrade(engine, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """Give a connection that sees one state of the ledger throughout and cannot change it."""
    with _explained(path), engine.connect() as connection:
        yield connection.execution_options(threadbot_begin="BEGIN")


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """Give a connection whose changes are stored together at the end, or not at all."""
    with _explained(path), engine.connect() as connection, connection.begin():
        yield connection


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


def _version(connection: Connection, path: Path) -> str | None:
    """Tell a ledger's version, or None where the file is still empty."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        message = f"{path}: the file is a database, but no ledger; name another one"
        raise LedgerError(message)
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if version is not None and version not in VERSIONS:
        message = (
            f"{path}: the ledger was written by a newer threadbot (its version is {version}, this "
            f"one knows {_NEWEST}); upgrade threadbot"
        )
        raise LedgerError(message)
    return version


def _upgrade(engine: Engine, path: Path) -> None:
    from alembic import command  # noqa: PLC0415 - 0.3 s that an up-to-date ledger does not need
    from alembic.config import Config  # noqa: PLC0415

    # The mode stays with the file; it cannot be changed inside a transaction.
    with _explained(path), engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - for the type
        driver.execute("PRAGMA journal_mode = WAL")
    config = Config()
    config.set_main_option("script_location", "threadbot.delivery:migrations")
    config.set_main_option("path_separator", "os")
    with writing(engine, path) as connection:
        if _version(connection, path) != _NEWEST:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _wait_quietly(message: str) -> None:
    """Wait for who makes or drives the ledger without a word: it takes a moment."""
    del message


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the database says into one sentence."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise _explain(cause, path) from error


def _explain(cause: BaseException | None, path: Path) -> LedgerError | BaseException:
    # Extended codes such as SQLITE_IOERR_WRITE begin with the plain one.
    name = "_".join(getattr(cause, "sqlite_errorname", "").split("_")[:2])
    if name in _BUSY:
        message = f"{path}: another program is writing to the ledger; try again"
        return LedgerBusyError(message)
    said = _WHAT_TO_DO.get(name, f"the database says: {cause}")
    message = f"{path}: the ledger cannot be used: {said}"
    return LedgerError(message)
