"""Where the engine keeps its own tables, and how that database is set up.

Owns the engine's file beside a ledger in SQLite and its schema beside one in PostgreSQL. What
stands there can be lost: the ledger knows everything that has to be done, so the file may be
deleted while no worker runs, and is left out of backups. Never touches a table of the ledger.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from threadbot.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

#: The schema of the engine's tables in PostgreSQL, apart from those of the ledger.
SCHEMA: Final = "threadbot_engine"
#: How many connections to PostgreSQL one worker takes, beside that of its claim.
POOL_SIZE: Final = 8
#: How long to wait for another writer, in milliseconds. The engine writes from several threads.
BUSY_TIMEOUT: Final = 30_000
#: How long a server is waited for on which nothing gets through any more: seconds for a connection,
#: then for a sign of life, and milliseconds for what was sent.
WAITED_FOR: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}

# The first SQLite whose unixepoch knows 'subsec' (https://sqlite.org/lang_datefunc.html, read
# 2026-11-24). An older one gives NULL, and the engine's tables cannot be filled.
_SUBSECONDS: Final = (3, 42, 0)


def engine_path(ledger: Path) -> Path:
    """Name the engine's file beside a ledger's.

    >>> str(engine_path(Path("/var/lib/threadbot/ledger.sqlite")))
    '/var/lib/threadbot/ledger.sqlite.engine'
    """
    return ledger.with_name(f"{ledger.name}.engine")


def open_database(place: Path | str) -> Engine:
    """Prepare the engine's database; nothing is connected yet.

    Args:
        place: the ledger's file, or its PostgreSQL address.

    Raises:
        EngineError: the file cannot be made, or the address is none.
    """
    if isinstance(place, Path):
        return _sqlite(engine_path(place))
    return create_engine(
        postgres_url(place),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            "application_name": "threadbot engine",
            **WAITED_FOR,
            # A worker that hangs inside a transaction must not lock the others out.
            "options": "-c idle_in_transaction_session_timeout=60000",
        },
    )


def postgres_url(address: str) -> URL:
    """Read a PostgreSQL address, for the one driver that is installed.

    Raises:
        EngineError: it is none. The address is not repeated, as it may hold a password.
    """
    with suppress(ArgumentError):
        url = make_url(address)
        if url.get_backend_name() == "postgresql":
            return url.set(drivername="postgresql+psycopg")
    message = (
        "the ledger's address is neither a file nor of the form "
        "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE; correct it"
    )
    raise EngineError(message)


def table(database: Engine | Connection, name: str = "workflow_status") -> str:
    """Name a table of DBOS's, for the few questions that it has no cheap answer to."""
    return f"{SCHEMA}.{name}" if database.dialect.name == "postgresql" else name


def said(error: SQLAlchemyError) -> str:
    """Give what the database said, without the statement."""
    return str(error.orig if isinstance(error, DBAPIError) else error)


@contextmanager
def writing() -> Iterator[None]:
    """Say in a sentence why the engine's tables could not be written.

    Raises:
        EngineError: the database cannot be written.
    """
    try:
        yield
    except SQLAlchemyError as error:
        message = f"the engine's database cannot be written: {said(error)}; correct that"
        raise EngineError(message) from error


def _sqlite(path: Path) -> Engine:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite would make the file with the modes of the process.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path}: the engine's file cannot be opened: {reason}; correct its folder"
        raise EngineError(message) from error
    engine = create_engine(URL.create("sqlite", database=os.fspath(path)))
    event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - for the type
    # Writers line up at the beginning; otherwise two would read first and then both fail to write.
    connection.isolation_level = "IMMEDIATE"
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if sqlite3.sqlite_version_info < _SUBSECONDS:
        connection.create_function("unixepoch", -1, lambda *_: time.time())
