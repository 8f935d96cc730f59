"""Tasks that wait for other people's servers: in a few threads, at each server one at a time.

Owns the threads, and which task is next: a server that hangs holds up what is asked of it, and
nothing else. Never knows what a task is about.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from urllib.parse import urlsplit

from threadbot.errors import ThreadbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

#: Seconds after which a server counts as slow, until a task at it is over sooner.
SLOW: Final = 2.0

_log: Final = logging.getLogger(__name__)

#: What tells a task from others.
Key = TypeVar("Key", bound="Hashable")


class Lanes(Generic[Key]):
    """A lane of tasks for each server.

    Slow lanes never take all threads: one is left for those that are not known as slow.

    Args:
        name: what its threads are called.
        threads: how many there are, at least two.
        after: called after each task.
    """

    def __init__(self, name: str, threads: int, after: Callable[[], None] = lambda: None) -> None:
        self._after = after
        self._name = name
        self._most = threads
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[tuple[Key, Callable[[], object]]]] = {}
        self._busy: set[str] = set()
        self._slow: set[str] = set()
        self._keys: set[Key] = set()
        self._over = False
        self._threads: list[threading.Thread] = []

    def put(self, lane: str, key: Key, task: Callable[[], object]) -> None:
        """Let something be done, unless it is being done or waits already.

        Args:
            lane: the server that it waits for.
            key: tells it from other tasks.
            task: does it; raises nothing.
        """
        with self._changed:
            if key in self._keys or self._over:
                return
            self._keys.add(key)
            self._waiting.setdefault(lane, deque()).append((key, task))
            self._changed.notify()
            if len(self._threads) < self._most:
                name = f"{self._name} {len(self._threads) + 1}"
                self._threads.append(threading.Thread(target=self._run, name=name))
                self._threads[-1].start()

    def keys(self) -> frozenset[Key]:
        """Give the keys of what is being done or waits."""
        with self._changed:
            return frozenset(self._keys)

    def close(self) -> None:
        """Begin nothing more, and wait until what was begun is over."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            lane, key, task = taken
            begun = time.monotonic()
            try:
                task()
            finally:
                self._give_back(lane, key, time.monotonic() - begun)
            self._after()

    def _take(self) -> tuple[str, Key, Callable[[], object]] | None:
        """Wait for a task whose turn it is; None where all is over."""
        with self._changed:
            while not self._over:
                if (lane := self._next()) is not None:
                    tasks = self._waiting.pop(lane)
                    key, task = tasks.popleft()
                    if tasks:
                        # It goes to the end, so that each server has its turn.
                        self._waiting[lane] = tasks
                    self._busy.add(lane)
                    return lane, key, task
                self._changed.wait()
        return None

    def _next(self) -> str | None:
        free = [lane for lane in self._waiting if lane not in self._busy]
        quick = next((lane for lane in free if lane not in self._slow), None)
        if quick is not None or len(self._busy & self._slow) >= self._most - 1:
            return quick
        return next(iter(free), None)

    def _give_back(self, lane: str, key: Key, seconds: float) -> None:
        with self._changed:
            self._busy.discard(lane)
            self._keys.discard(key)
            self._slow.discard(lane)
            if seconds >= SLOW:
                self._slow.add(lane)
            # What waits may be for this server, or for a thread that a slow one left.
            self._changed.notify_all()


def guarded(name: str, work: Callable[[], object], pause: Callable[[], None]) -> Callable[[], None]:
    """Make a task that raises nothing: what fails of it is logged, and stops nothing else.

    Args:
        name: what a message calls it.
        work: does it.
        pause: waits, so that what always fails is not tried again at once.
    """

    def task() -> None:
        try:
            work()
        except ThreadbotError as error:
            _log.warning("%s: %s", name, error)
            pause()
        except Exception:  # noqa: BLE001 - one task must not stop the others
            _log.exception("%s: a fault of ours", name)
            pause()

    return task


def host_of(address: str) -> str:
    """Name the lane of a server: its host; what is no address has one lane with all others.

    >>> host_of("https://Hub.example:8443/path")
    'hub.example'
    """
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
