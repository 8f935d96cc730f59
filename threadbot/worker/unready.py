"""Threads whose account this worker cannot use now: left to others, or tried again, for a while.

Owns how long that goes on before a person has to see to it. What it knows dies with the process,
and the while begins anew then. Never touches the ledger.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

#: How long a thread is left to the workers of other machines, whose configuration may be newer.
ELSEWHERE: Final = timedelta(minutes=10)
#: One that was not met for so long was carried by another worker meanwhile.
FORGOTTEN: Final = timedelta(minutes=5)
#: After which waits a secret is asked for again whose command failed.
SECRET_WAITS: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Met:
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Unready:
    """Remembers threads that could not be carried here."""

    _met: dict[str, _Met] = field(default_factory=dict, repr=False)
    _asked: dict[str, int] = field(default_factory=dict, repr=False)

    def is_for_others(self, thread: str, reason: Exception, now: datetime) -> bool:
        """Tell whether a thread that cannot be sent here is still left to other workers.

        Args:
            thread: its number.
            reason: what this worker lacks.
            now: the present (UTC).
        """
        met = self._met.get(thread)
        if met is None or now - met.last > FORGOTTEN:
            met = _Met(now, now)
            _log.warning(
                "thread %s is left to other workers for %d minutes: %s",
                thread,
                ELSEWHERE.total_seconds() // 60,
                reason,
            )
        if now - met.first >= ELSEWHERE:
            del self._met[thread]
            return False
        self._met[thread] = _Met(met.first, now)
        return True

    def wait_for_secret(self, thread: str) -> timedelta | None:
        """Say after which time a thread's secret is asked for again; None where it was enough.

        Args:
            thread: its number.
        """
        asked = self._asked.pop(thread, 0)
        if asked == len(SECRET_WAITS):
            return None
        self._asked[thread] = asked + 1
        return SECRET_WAITS[asked]

    def is_ready(self, thread: str) -> None:
        """Note that a thread can be carried, so that its next trouble is the first."""
        self._asked.pop(thread, None)
        self._met.pop(thread, None)
