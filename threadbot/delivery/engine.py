"""Drives threads through restarts and deaths of the process: a durable workflow for each attempt.

Owns when a thread is carried further: one at a time for each account, at most so many at once,
again after a wait, and by another worker if this one dies. What is done, and how often it may be
tried, is the ledger's; a thread may be carried again after it was carried (the process died before
that was recorded), so whoever carries it asks the ledger first. Never knows a table of the ledger,
a network, or what a thread is.

It stands on DBOS (docs/architecture.md says why, and under which conditions), which is heavy: this
module is imported by the functions that need it. DBOS is one for a process, so one engine may be
open in a process at a time.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from threadbot.delivery.engine_database import SCHEMA, open_database, writing
from threadbot.delivery.engine_log import tame
from threadbot.delivery.engine_queues import POLLING, listened_to, queue_of, register, widen
from threadbot.delivery.engine_rows import FINISHED, clear_the_way
from threadbot.delivery.engine_watch import Watch, pending
from threadbot.delivery.engine_workflow import Carrier
from threadbot.delivery.executors import FileClaim, SessionClaim
from threadbot.delivery.rest import HandOver
from threadbot.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from dbos import DBOSConfig

    from threadbot.delivery.executors import Claim
    from threadbot.delivery.rest import Rest, Waiting

#: What the engine's rows are known by.
APPLICATION: Final = "threadbot"
WORKFLOW: Final = "deliver"
#: Workflows of another version are never started, and by default the version is made from the code:
#: after an upgrade everything would stand still without a word. So it stays what it is.
VERSION: Final = "1"
#: How many threads a worker carries at once. Each takes a thread of the system while it is carried,
#: and none while it waits.
CONCURRENCY: Final = 64
#: How many of DBOS's own reads and writes are under way at once. SQLite has one writer, and those
#: that wait for it only get in each other's way.
DATABASE_THREADS: Final = 8
#: Seconds between two looks, while a worker drains, for what it took from a queue just before.
PUT_BACK_AFTER: Final = 0.2
#: How many finished workflows are deleted in one transaction.
PRUNED_AT_ONCE: Final = 500


class Engine:
    """A worker's engine, to be used in a `with` statement, or started and closed.

    Args:
        place: the ledger's file, or its PostgreSQL address.
        executor: this worker's name; no other worker of the same ledger may have it.
        work: carries a thread, given by its short name, as far as it goes now. It is called from
            several threads at once, and for the same thread again if the process dies.
        lost: told one sentence when the claim on the name is lost. Nothing more is begun then, and
            the process must end, for another worker carries on. It is called from another thread.
        concurrency: how many threads are carried at once.
        sandbox: whether only those for the sandbox are carried.
        polling: seconds between two looks at the queue.
    """

    def __init__(
        self,
        place: Path | str,
        executor: str,
        work: Callable[[str], Rest],
        lost: Callable[[str], None],
        *,
        concurrency: int = CONCURRENCY,
        sandbox: bool = False,
        polling: float = POLLING,
    ) -> None:
        self._place = place
        self._executor = executor
        self._lost = lost
        self._concurrency, self._polling = concurrency, polling
        self._queues = listened_to(sandbox=sandbox)
        self._carrier = Carrier(work, concurrency)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def start(self) -> None:
        """Claim the name, then begin to carry what was handed over, here or by a dead worker.

        Raises:
            EngineError: another process has the name, or the database cannot be used.
        """
        self._database = open_database(self._place)
        self._claim: Claim = (
            FileClaim(self._place)
            if isinstance(self._place, Path)
            else SessionClaim(self._place, self._executor)
        )
        try:
            self._launch()
        except BaseException as error:
            self._shut()
            if isinstance(error, DBAPIError):
                message = f"the engine's database cannot be used: {error.orig}; correct that"
                raise EngineError(message) from error
            raise
        self._watch = Watch(self._database, self._claim, self._executor, self._carrier.held)
        self._watch.start(self._widen, self._lose)

    def _launch(self) -> None:
        tame()
        serializer = DBOSPortableJSONSerializer()
        config: DBOSConfig = {
            "name": APPLICATION,
            "application_version": VERSION,
            "executor_id": self._executor,
            "system_database_engine": self._database,
            "dbos_system_schema": SCHEMA,
            "serializer": serializer,
            "use_listen_notify": False,
            # Nothing is notified, but closing waits for this to pass.
            "notification_listener_polling_interval_sec": self._polling,
            "enable_otlp": False,
            "log_level": "WARNING",
            "max_executor_threads": DATABASE_THREADS,
        }
        self._dbos = DBOS(config=config)
        # How often a thread may be tried is the ledger's to say, and adopting counts anew anyway.
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(self._workflow())
        DBOS.listen_queues(self._queues)
        DBOS.launch()
        register(self._queues, self._concurrency, self._polling)
        self._client = DBOSClient(
            system_database_engine=self._database,
            dbos_system_schema=SCHEMA,
            serializer=serializer,
            application_name=APPLICATION,
        )

    def _workflow(self) -> Callable[[str, int], Awaitable[None]]:
        """Make a plain function of the workflow, as DBOS takes the class of a method for stored."""

        async def deliver(thread_id: str, attempt: int) -> None:
            await self._carrier.deliver(thread_id, attempt)

        return deliver

    def hand_over(self, thread_id: str, attempt: int, account: str) -> None:
        """Have a thread carried as soon as its account is free.

        Handing it over again does nothing as long as it was not carried to its end.

        Args:
            thread_id: its short name.
            attempt: which attempt.
            account: threads of the same account are carried one after the other.

        Raises:
            EngineError: the database cannot be written.
        """
        self.hand_over_all([HandOver(thread_id, attempt, account)])

    def hand_over_all(self, due: Iterable[HandOver]) -> None:
        """Have threads carried; all of them are stored in one transaction, or none.

        One that was carried to its end is carried again: the ledger says that there is more to do,
        and the ledger is right. It may be another one than before, or a person changed its mind.

        Raises:
            EngineError: the database cannot be written.
        """
        with writing():
            by_name = {f"{one.thread}:{one.attempt}": one for one in due}
            with self._database.begin() as connection:
                under_way = clear_the_way(connection, list(by_name))
                for name, one in by_name.items():
                    if name in under_way:
                        continue
                    self._client.enqueue_in_transaction(
                        connection,
                        {
                            "workflow_name": WORKFLOW,
                            "workflow_id": name,
                            "queue_name": queue_of(sandbox=one.sandbox),
                            "queue_partition_key": one.account,
                            "app_version": VERSION,
                        },
                        one.thread,
                        one.attempt,
                    )

    def under_way(self) -> tuple[str, ...]:
        """Give the threads that this worker is carrying at this moment."""
        return self._carrier.under_way()

    def waiting(self) -> tuple[Waiting, ...]:
        """Give the threads that this worker holds and that wait, the first to go on first."""
        return self._carrier.waiting()

    def wake(self, thread_id: str) -> None:
        """Carry a thread that waits here further at once, for instance as it was cancelled."""
        self._carrier.wake(thread_id)

    def let_go(self, thread_id: str) -> None:
        """End the attempt of a thread that waits here, without carrying it: another one counts."""
        self._carrier.wake(thread_id, goes_on=False)

    def prune(self, before: datetime) -> int:
        """Forget some threads that ended before a moment; what they came to is in the ledger.

        Args:
            before: that moment (UTC).

        Returns:
            How many were forgotten, at most `PRUNED_AT_ONCE`; there may be more of them.

        Raises:
            EngineError: the database cannot be written.
        """
        with writing():
            ended = DBOS.list_workflows(
                status=list(FINISHED),
                completed_before=before.isoformat(),
                limit=PRUNED_AT_ONCE,
                load_input=False,
                load_output=False,
            )
            DBOS.delete_workflows([one.workflow_id for one in ended])
        return len(ended)

    def drain(self, seconds: float) -> bool:
        """Begin nothing more, and let what is being carried come to its next rest.

        Args:
            seconds: how long that may take.

        Returns:
            Whether everything rests, and that is recorded.
        """
        deadline = time.monotonic() + seconds
        self._carrier.stop()
        self._take_no_more()
        while not (self._carrier.rests(PUT_BACK_AFTER) and self._recorded()):
            if time.monotonic() > deadline:
                return False
            self._watch.put_back(self._carrier.left())
            time.sleep(0.05)
        self._watch.put_back(self._carrier.left())
        return True

    def close(self) -> None:
        """Stop, and give the name back. What waits is carried further after the next start.

        Where something is still being carried, the name stays taken until the process ends.
        """
        self._carrier.stop()
        self._watch.stop()
        self._shut()

    def _take_no_more(self) -> None:
        """Leave what stands in the queues to others; DBOS does the same when it is closed."""
        for event in self._dbos.background_thread_stop_events:
            event.set()

    def _recorded(self) -> bool:
        """Tell whether every end is recorded: that is done after a workflow's last step."""
        try:
            under_way = pending(self._database, self._executor)
        except SQLAlchemyError:
            return False
        return self._carrier.held().issuperset(under_way)

    def _shut(self) -> None:
        DBOS.destroy(destroy_registry=True)
        self._carrier.close()
        if not self._carrier.under_way():
            self._claim.release()
        self._database.dispose()

    def _widen(self) -> None:
        widen(self._queues, self._carrier.resting(), self._concurrency)

    def _lose(self, reason: str) -> None:
        self._carrier.stop()
        self._lost(reason)
