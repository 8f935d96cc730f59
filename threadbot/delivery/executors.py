"""One live process for each executor: who claims a name, and who notices that its holder died.

Owns the claim of this worker's own name, which the system takes back when the process dies: a lock
on a file beside the engine's in SQLite, a lock of a session in PostgreSQL. In PostgreSQL one can
also ask whether another name's holder is alive, by trying to take its lock. Never breaks a lock.

The ledger's own lock (`lock`) says who may talk to the networks, and in SQLite a worker holds it as
long as it runs. The claim is another lock, for a process cannot take the same lock twice, and an
engine that is started without the ledger's lock must not disturb one that runs.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from threadbot.delivery.engine_database import WAITED_FOR, engine_path, postgres_url
from threadbot.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection

#: Seconds to try for a name that is taken: who adopts a dead worker's threads holds its name for a
#: moment, and a worker that is started again must not fail on that.
PATIENCE: Final = 5.0


class Claim(Protocol):
    """The claim on a name.

    Args:
        shared: whether there may be other workers, under other names.
    """

    shared: bool

    def holds(self) -> bool:
        """Tell whether the name is still this process's."""

    def instead_of(self, executor: str) -> AbstractContextManager[bool]:
        """Take another name for a moment, if its holder is dead.

        Args:
            executor: the other name.

        Yields:
            Whether it was taken. As long as it is, no process can start under that name.
        """

    def release(self) -> None:
        """Give the name back."""


class FileClaim:
    """The claim on the one name that there is beside a ledger in SQLite.

    Args:
        ledger: the ledger's file.

    Raises:
        EngineError: another process has it, or its file cannot be opened.
    """

    shared = False

    def __init__(self, ledger: Path) -> None:
        path = engine_path(ledger)
        path = path.with_name(f"{path.name}.lock")
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"{path}: the engine's lock cannot be opened: {reason}; correct its folder"
            raise EngineError(message) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            message = f"{ledger}: another threadbot already drives this ledger; stop it first"
            raise EngineError(message) from error

    def holds(self) -> bool:
        """Tell that it is: the system does not take a file's lock from a living process."""
        return True

    @contextmanager
    def instead_of(self, executor: str) -> Iterator[bool]:
        """Say yes: a file has one claim for all names, and it is this process's."""
        del executor
        yield True

    def release(self) -> None:
        """Give the name back."""
        os.close(self._descriptor)


class SessionClaim:
    """The claim on a name in PostgreSQL, which lasts as long as its connection.

    Args:
        address: the ledger's address.
        executor: the name.
        patience: seconds to try for it.

    Raises:
        EngineError: another process has it, the server is not there, or a pooler hands out its
            connections by the transaction, where a lock of a session cannot last.
    """

    shared = True

    def __init__(self, address: str, executor: str, patience: float = PATIENCE) -> None:
        self._key = _key(executor)
        # Where nothing gets through any more, this side gives up first, the server soon after: it
        # would keep the lock for two hours otherwise.
        self._engine = create_engine(
            postgres_url(address),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={
                "application_name": f"threadbot {executor}",
                **WAITED_FOR,
                "options": (
                    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2"
                    " -c tcp_keepalives_count=3"
                ),
            },
        )
        try:
            self._connection = self._engine.connect()
        except DBAPIError as error:
            message = f"PostgreSQL cannot be reached: {_said(error)}; try again when it is there"
            raise EngineError(message) from error
        try:
            self._take(executor, patience)
        except BaseException:
            self.release()
            raise

    def _take(self, executor: str, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not _try(self._connection, self._key):
            if time.monotonic() > deadline:
                message = (
                    f"another worker named {executor!r} is running; give this one another name"
                )
                raise EngineError(message)
            time.sleep(0.05)
        if not self.holds():
            message = (
                "PostgreSQL is reached through a pooler that shares connections between "
                "transactions; let it pool sessions, or connect to the server itself"
            )
            raise EngineError(message)

    def holds(self) -> bool:
        """Tell whether the name is still this process's: asks the server, over the same session."""
        query = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND (classid::bigint << 32) + objid::bigint = :key AND granted"
        )
        try:
            return bool(self._connection.execute(query, {"key": self._key}).scalar())
        except DBAPIError:
            return False

    @contextmanager
    def instead_of(self, executor: str) -> Iterator[bool]:
        """Take another name's lock for a moment, if its holder is dead."""
        # Over a session of its own, which ends with it: this one is asked by another thread.
        with self._engine.connect() as connection:
            yield _try(connection, _key(executor))

    def release(self) -> None:
        """Give the name back."""
        self._connection.invalidate()
        self._connection.close()
        self._engine.dispose()


def _try(connection: Connection, key: int) -> bool:
    found = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
    return bool(found.scalar())


def _key(executor: str) -> int:
    """Give the number of a name's lock: 63 bits, so that halves can be put together again."""
    digest = hashlib.sha256(f"threadbot executor {executor}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _said(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
