"""The ledger on a PostgreSQL server, which several machines may share.

Owns how a connection is set up, and the patience with a server that is away for a moment. Never
knows what stands in a table. Changes lock the rows of their article (`records.hold_article`), so
that those of different articles do not wait for each other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from threadbot.delivery.postgres_answers import explain, name_of, passes
from threadbot.delivery.postgres_locks import ACCOUNT, LEDGER, WORK, Lock, SessionLocks
from threadbot.delivery.versions import NEWEST, migrate, version_of
from threadbot.errors import LedgerBusyError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from threadbot.delivery.lock import Role, Worker
    from threadbot.delivery.versions import Upgrade

#: How many connections one process takes for the ledger, beside that of its locks.
POOL_SIZE: Final = 8
#: Seconds to wait for a connection while another thread has it.
POOL_TIMEOUT: Final = 60
#: Seconds to try for a connection.
CONNECT_TIMEOUT: Final = 10
#: Seconds to wait for a server that was there and is away: it is being restarted, or the network
#: is. A server that was never there is told at once.
PATIENCE: Final = 120.0
#: Seconds between two tries.
PAUSE: Final = 0.5

#: How long to wait for another writer before giving up, in milliseconds.
LOCK_TIMEOUT: Final = 15_000

# Every commit is on the disk before it counts; who waits for a row does not wait for ever; and a
# machine that vanishes inside a transaction does not lock the others out.
_SET_UP: Final = (
    "SET synchronous_commit = on; SET lock_timeout = {lock}; "
    "SET idle_in_transaction_session_timeout = 60000"
)
_log: Final = logging.getLogger(__name__)


class PostgresDatabase:
    """A ledger's database on a server.

    Args:
        place: its address.
        upgrade: whether an older one is brought up to date; by default only tables that are not
            there at all are made, as others may be using them.
        patience: seconds to wait for a server that is away for a moment.

    Raises:
        LedgerError: it cannot be opened, is older, or was written by a newer threadbot.
    """

    def __init__(self, place: URL, upgrade: Upgrade = "usual", patience: float = PATIENCE) -> None:
        self.place = place.set(drivername="postgresql+psycopg")
        self.name = name_of(place)
        self._patience = patience
        self._was_there = False
        self._waits_no_more = False
        self._accounts: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._engine = create_engine(
            self.place,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT,
            pool_pre_ping=True,
            connect_args=_arguments("threadbot ledger"),
        )
        event.listen(self._engine, "connect", _set_up)
        lock_engine = create_engine(
            self.place,
            pool_size=1,
            max_overflow=0,
            isolation_level="AUTOCOMMIT",
            connect_args=_arguments("threadbot lock"),
        )
        self._locks = SessionLocks(lock_engine, lambda: self._connected(lock_engine.connect))
        try:
            self._open(upgrade)
        except BaseException:
            self.close()
            raise

    def _open(self, wish: Upgrade) -> None:
        with self.reading() as connection:
            self.version = version_of(connection, self.name)
        if wish == "never" or self.version == NEWEST:
            return
        if wish == "usual" and self.version is not None:
            message = (
                f"{self.name}: the ledger is of an older version ({self.version}, this threadbot "
                f"knows {NEWEST}); stop every worker, then run `threadbot db upgrade`"
            )
            raise LedgerError(message)
        self.upgrade()

    def upgrade(self) -> None:
        """Make the tables, or bring them up to date; nobody may be posting."""
        with self.writing() as connection:
            # Two may make the same ledger at once; and a large one takes longer than usual.
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            key = {"key": Lock.of("upgrade").key}
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
            migrate(connection, self.name)
        self.version = NEWEST

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the ledger and cannot change it."""
        with self._explained(), self._connected(self._engine.connect) as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are stored together at the end, or not at all."""
        with self._explained(), self._connected(self._engine.connect) as connection:
            connection.execution_options(
                isolation_level="READ COMMITTED", threadbot_holds_rows=True
            )
            with connection.begin():
                yield connection

    @contextmanager
    def attending(self, waiting: Callable[[str], None], role: Role = "command") -> Iterator[None]:
        """Share the ledger with all others who may post from it."""
        del role
        with self._locked(Lock.of(LEDGER, shared=True), waiting, "the ledger is being moved"):
            yield

    @contextmanager
    def driving(self, account: str, waiting: Callable[[str], None]) -> Iterator[None]:
        """Hold the account's lock, and keep other threads of this process from the account."""
        whose = f"another threadbot is posting to {account}"
        with (
            self._accounts[account],
            self.attending(waiting),
            self._locked(Lock.of(ACCOUNT, account), waiting, whose),
        ):
            yield

    def worker(self) -> Worker | None:
        """Say that there is none: any number of them share a server with commands."""

    def check_driving(self, account: str) -> None:
        """Make sure that the account's lock is still held, where it ever was."""
        with self._explained():
            name = f"{self.name}: the account {account}"
            self._locks.check(Lock.of(ACCOUNT, account), Lock.of(LEDGER, shared=True), name)

    @contextmanager
    def sole(self, work: str) -> Iterator[bool]:
        """Hold the work's lock, or tell that another process does."""
        lock = Lock.of(WORK, work)
        with self._explained():
            taken = self._locks.take(lock)
        try:
            yield taken
        finally:
            if taken:
                self._locks.release(lock)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the whole ledger's lock, or refuse where somebody shares it."""
        lock = Lock.of(LEDGER)
        with self._explained():
            taken = self._locks.take(lock)
        if not taken:
            message = f"{self.name}: another threadbot may be posting; stop it first"
            raise LedgerBusyError(message)
        try:
            yield
        finally:
            self._locks.release(lock)

    def wait_no_more(self) -> None:
        """Let whoever waits for the server or for a lock give up, now and from now on."""
        self._waits_no_more = True

    def close(self) -> None:
        """Close every connection, and give every lock back with that."""
        self._locks.close()
        self._engine.dispose()

    @contextmanager
    def _locked(self, lock: Lock, waiting: Callable[[str], None], because: str) -> Iterator[None]:
        told = False
        while True:
            with self._explained():
                if self._locks.take(lock):
                    break
            if self._waits_no_more:
                message = f"{self.name}: {because}; try again when it is done"
                raise LedgerBusyError(message)
            if not told:
                waiting(f"{because[0].upper()}{because[1:]}; waiting until it is done.")
                told = True
            time.sleep(PAUSE)
        try:
            yield
        finally:
            self._locks.release(lock)

    def _connected(self, connect: Callable[[], Connection]) -> Connection:
        """Connect; a server that was there before is waited for."""
        deadline = time.monotonic() + (self._patience if self._was_there else 0)
        told = False
        while True:
            try:
                connection = connect()
            except DBAPIError as error:
                is_over = self._waits_no_more or time.monotonic() >= deadline
                if is_over or not passes(error):
                    raise
                if not told:
                    _log.warning("%s; waiting for it", explain(error, self.name))
                    told = True
                time.sleep(PAUSE)
            else:
                self._was_there = True
                return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the database says into one sentence."""
        try:
            yield
        except DBAPIError as error:
            raise explain(error, self.name) from error
        except PoolTimeoutError as error:
            message = f"{self.name}: every connection to the ledger is in use; try again"
            raise LedgerBusyError(message) from error


def _arguments(application: str) -> dict[str, Any]:
    # Where nothing answers any more, that is noticed within seconds.
    return {
        "application_name": application,
        "connect_timeout": CONNECT_TIMEOUT,
        "keepalives_idle": 2,
        "keepalives_interval": 1,
        "keepalives_count": 3,
        "tcp_user_timeout": 5_000,
    }


def _set_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    cursor = connection.cursor()
    cursor.execute(_SET_UP.format(lock=LOCK_TIMEOUT))
    cursor.close()
    connection.commit()
