"""The durable workflow of a thread: carried, waits, carried further, until nothing is left to do.

Owns the steps that are recorded and replayed, and what this worker carries and waits for. Never
hands anything over, and never opens the engine's database.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from dbos import DBOS
from sqlalchemy.exc import DBAPIError

from threadbot.delivery.rest import Rest, Waiting
from threadbot.log import about

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Seconds after which a thread whose carrying failed by a fault of ours is tried again, by how
#: often it failed in a row.
FAULT_WAITS: Final = (1, 5, 15, 60, 300)
#: Seconds after which a thread is carried again whose rest the engine could not record.
UNRECORDED_WAIT: Final = 60

_log: Final = logging.getLogger(__name__)


class Carrier:
    """Carries the threads that this worker takes from the queue.

    Args:
        work: carries one as far as it goes now.
        concurrency: how many are carried at once.
    """

    def __init__(self, work: Callable[[str], Rest], concurrency: int) -> None:
        self._work = work
        self._pool = ThreadPoolExecutor(concurrency, "carry")
        self._lock = threading.Lock()
        self._held: set[str] = set()
        self._left: set[str] = set()
        self._steps: set[str] = set()
        self._under_way: set[str] = set()
        self._waiting: dict[str, Waiting] = {}
        self._wakers: dict[str, Callable[[bool], None]] = {}
        self._faults: dict[str, int] = {}
        self._stopped = False

    async def deliver(self, thread_id: str, attempt: int) -> None:
        """Carry a thread to its end. This is the workflow: it is replayed where a worker died.

        Its steps have to stay the same in the same order, or a worker that was upgraded stumbles
        over what an older one recorded: a change asks `DBOS.patch` which of both is replayed.
        """
        name = f"{thread_id}:{attempt}"
        with self._lock:
            self._held.add(name)
        try:
            while (rest := await self._step(thread_id)).until is not None:
                if not await self._wait(Waiting(thread_id, attempt, rest.until, rest.reason)):
                    return
        finally:
            with self._lock:
                self._held.discard(name)

    def held(self) -> frozenset[str]:
        """Give the workflows that this process is executing."""
        with self._lock:
            return frozenset(self._held)

    def left(self) -> frozenset[str]:
        """Give the workflows that were taken but will not be carried, each one once."""
        with self._lock:
            left, self._left = frozenset(self._left), set()
        return left

    def under_way(self) -> tuple[str, ...]:
        """Give the threads that are being carried at this moment."""
        with self._lock:
            return tuple(self._under_way)

    def waiting(self) -> tuple[Waiting, ...]:
        """Give the threads that wait, the first to go on first."""
        with self._lock:
            return tuple(sorted(self._waiting.values(), key=lambda one: one.until))

    def resting(self) -> int:
        """Count the threads that wait."""
        return len(self._waiting)

    def wake(self, thread_id: str, *, goes_on: bool = True) -> None:
        """End a thread's wait: it is carried further, or its workflow ends."""
        with self._lock:
            waker = self._wakers.get(thread_id)
        if waker is not None:
            waker(goes_on)

    def stop(self) -> None:
        """Begin nothing more."""
        with self._lock:
            self._stopped = True

    def rests(self, seconds: float) -> bool:
        """Wait until nothing is being carried, for so many seconds; tell whether it is so."""
        deadline = time.monotonic() + seconds
        # A step is longer than the work in it: what came of it is recorded at its end.
        while self._steps and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self._steps

    def close(self) -> None:
        """Give the system's threads back, except for those that still carry something."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _step(self, thread_id: str) -> Rest:
        """Carry a thread in one durable step."""
        if self._stopped:
            await self._leave()
        with self._lock:
            self._steps.add(thread_id)
        try:
            until, reason = await DBOS.run_step_async({"name": "carry"}, self._carry, thread_id)
        except DBAPIError as error:
            # The rest could not be recorded. The ledger knows what was done, so it is asked again.
            with about(thread_id=thread_id):
                _log.warning("thread %s: the engine cannot write: %s", thread_id, error.orig)
            return Rest(_in(UNRECORDED_WAIT), "the engine's database cannot be written")
        finally:
            with self._lock:
                self._steps.discard(thread_id)
        return Rest(datetime.fromisoformat(until) if until else None, reason)

    async def _carry(self, thread_id: str) -> tuple[str, str]:
        loop = asyncio.get_running_loop()
        rest = await loop.run_in_executor(self._pool, self._safely, thread_id)
        if rest is None:
            with self._lock:
                self._steps.discard(thread_id)
            await self._leave()
        return rest.until.isoformat() if rest.until else "", rest.reason

    def _safely(self, thread_id: str) -> Rest | None:
        """Carry a thread; a fault of ours must not end its workflow, as nothing would follow.

        Returns:
            When to come back, or None where it was not begun: meanwhile the worker is to end.
        """
        with self._lock:
            if self._stopped:
                return None
            self._under_way.add(thread_id)
        try:
            rest = self._work(thread_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the thread must not be forgotten
            failed = self._faults.get(thread_id, 0)
            self._faults[thread_id] = failed + 1
            pause = FAULT_WAITS[min(failed, len(FAULT_WAITS) - 1)]
            with about(thread_id=thread_id):
                _log.exception("thread %s failed; it is tried again in %d s", thread_id, pause)
            return Rest(_in(pause), str(error))
        finally:
            with self._lock:
                self._under_way.discard(thread_id)
        self._faults.pop(thread_id, None)
        return rest

    async def _leave(self) -> NoReturn:
        """Leave a thread to others: wait for the end of the process, without recording anything."""
        if (name := DBOS.workflow_id) is not None:
            with self._lock:
                self._left.add(name)
        while True:
            await asyncio.Event().wait()

    async def _wait(self, waiting: Waiting) -> bool:
        """Wait until a moment, or until woken; tell whether the thread is to be carried further.

        The moment is durable, as the step recorded it.
        """
        woken: asyncio.Queue[bool] = asyncio.Queue()
        pause = (waiting.until - datetime.now(UTC)).total_seconds()
        with self._listed(waiting, woken), suppress(TimeoutError):
            return await asyncio.wait_for(woken.get(), max(pause, 0))
        return True

    @contextmanager
    def _listed(self, waiting: Waiting, woken: asyncio.Queue[bool]) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def wake(goes_on: bool) -> None:  # noqa: FBT001 - handed on, never called by name
            loop.call_soon_threadsafe(woken.put_nowait, goes_on)

        with self._lock:
            self._waiting[waiting.thread] = waiting
            self._wakers[waiting.thread] = wake
        try:
            yield
        finally:
            with self._lock:
                del self._waiting[waiting.thread], self._wakers[waiting.thread]


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
