"""Work whose ends a test decides, and an engine over it."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import TYPE_CHECKING

from threadbot.delivery.engine import Engine
from threadbot.delivery.rest import DONE, Rest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Seconds between two looks at the queue: what is tested waits for nothing.
POLLING = 0.1
#: Seconds within which anything that is to happen has happened, on a machine with much to do.
SOON = 20.0


@dataclass
class Work:
    """Carries threads as it is told, and remembers.

    Args:
        rests: what each thread says, call after call; after the last one it is done. A time is a
            wait that the network asks for, counted from the call, as an engine may start slowly.
        until: the moment that the last such wait ends.
        calls: the threads that were carried, in order.
        gate: no call ends before it is set.
        most: how many calls there were at once, by account (the thread's first letter).
    """

    rests: dict[str, list[Rest | timedelta | Exception]] = field(default_factory=dict)
    until: datetime | None = None
    calls: list[str] = field(default_factory=list)
    gate: Event = field(default_factory=Event)
    most: Counter[str] = field(default_factory=Counter)
    _now: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, thread_id: str) -> Rest:
        """Carry a thread."""
        account = thread_id[0]
        with self._lock:
            self.calls.append(thread_id)
            self._now.update([account, "all"])
            self.most |= self._now
        self.gate.wait(SOON)
        with self._lock:
            self._now.subtract([account, "all"])
        rests = self.rests.get(thread_id)
        if not rests:
            return DONE
        answer = rests.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, timedelta):
            self.until = datetime.now(UTC) + answer
            return Rest(self.until, "the network asks to wait")
        return answer


@contextmanager
def engine(
    place: Path | str, work: Work, name: str = "worker", *, sandbox: bool = False
) -> Iterator[Engine]:
    """Run an engine that must not lose its claim."""

    def lost(reason: str) -> None:
        raise AssertionError(reason)

    with Engine(
        place, name, work, lost, concurrency=8, sandbox=sandbox, polling=POLLING
    ) as running:
        yield running


def within(seconds: float, told: Callable[[], object]) -> bool:
    """Tell whether something comes true within a time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if told():
            return True
        time.sleep(0.01)
    return False


def later(seconds: float) -> timedelta:
    """Give a wait of so many seconds from the call that asks for it."""
    return timedelta(seconds=seconds)
