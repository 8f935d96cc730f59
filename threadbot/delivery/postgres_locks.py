"""Locks on PostgreSQL that the server takes back when their holder dies.

Owns the one session that holds all locks of a process, and what happens when that session is lost:
the locks are taken anew where nobody else has taken them meanwhile. Never breaks anybody's lock.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from threadbot.errors import LedgerAwayError, LedgerBusyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

#: Shared by all who may post from a ledger, and held alone by who moves or changes all of it.
LEDGER: Final = "ledger"
#: Held by the one who posts to an account.
ACCOUNT: Final = "account"
#: Held by the one who does some work that is done for all, such as asking feeds.
WORK: Final = "work"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock.

    Args:
        key: its number.
        shared: whether others may share it.
    """

    key: int
    shared: bool = False

    @classmethod
    def of(cls, *names: str, shared: bool = False) -> Self:
        """Give the lock of a name: a number of 63 bits that no other program is likely to use."""
        digest = hashlib.sha256(f"threadbot {' '.join(names)}".encode()).digest()
        return cls(int.from_bytes(digest[:8], "big") >> 1, shared)

    @property
    def suffix(self) -> str:
        """How the server's functions for it end."""
        return "_shared" if self.shared else ""


class SessionLocks:
    """The locks that this process holds on one database.

    Args:
        engine: gives the one connection that holds them.
        connect: connects, as patiently as is fit.
    """

    def __init__(self, engine: Engine, connect: Callable[[], Connection]) -> None:
        self._engine = engine
        self._connect = connect
        self._mutex = threading.RLock()
        self._connection: Connection | None = None
        self._held: Counter[Lock] = Counter()
        self._doubtful: set[Lock] = set()
        self._lost: set[Lock] = set()

    def take(self, lock: Lock) -> bool:
        """Take a lock, or tell that somebody else has it; one may be taken several times."""
        with self._mutex:
            session = self._session()
            if not self._held[lock] or lock in self._lost:
                if not _try(session, lock):
                    return False
                if lock in self._lost:
                    self._lost.discard(lock)
                    self._doubtful.add(lock)
            self._held[lock] += 1
            return True

    def release(self, lock: Lock) -> None:
        """Give a lock back; one that was lost already is gone."""
        with self._mutex:
            self._held[lock] -= 1
            if self._held[lock] > 0:
                return
            del self._held[lock]
            was_lost = lock in self._lost
            self._lost.discard(lock)
            self._doubtful.discard(lock)
            if self._connection is None or was_lost:
                return
            query = text(f"SELECT pg_advisory_unlock{lock.suffix}(:key)")
            try:
                self._connection.execute(query, {"key": lock.key})
            except DBAPIError:
                # With its session the server has taken the lock back already.
                self._forget_session()

    def check(self, lock: Lock, within: Lock, name: str) -> None:
        """Make sure that a lock which was taken is still held; any other is let through.

        Args:
            lock: the lock.
            within: another one that is held with it.
            name: what it locks.

        Raises:
            LedgerBusyError: another one took it while the session was lost.
            LedgerAwayError: it was not held for a moment, which is said once.
        """
        with self._mutex:
            if not self._held[lock]:
                return
            self._session()
            if {lock, within} & self._lost:
                message = f"{name} was taken over by another threadbot, as PostgreSQL went away"
                raise LedgerBusyError(message)
            if lock in self._doubtful:
                self._doubtful.discard(lock)
                message = f"{name} was not locked for a moment, as PostgreSQL went away; try again"
                raise LedgerAwayError(message)

    def close(self) -> None:
        """End the session, and with it every lock."""
        with self._mutex:
            self._forget_session()
            self._engine.dispose()

    def _session(self) -> Connection:
        """Give the session; where it was lost, begin another one that holds the same locks."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except DBAPIError:
                self._forget_session()
            else:
                return self._connection
        self._connection = self._connect()
        for lock in self._held:
            if lock not in self._lost:
                (self._doubtful if _try(self._connection, lock) else self._lost).add(lock)
        return self._connection

    def _forget_session(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _try(connection: Connection, lock: Lock) -> bool:
    query = text(f"SELECT pg_try_advisory_lock{lock.suffix}(:key)")
    return bool(connection.execute(query, {"key": lock.key}).scalar())
