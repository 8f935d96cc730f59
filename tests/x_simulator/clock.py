"""A clock that only tests move.

Owns the time of the simulator; never looks at the wall's but to begin with.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands still until it is moved; calling it gives the time, in UTC.

    Args:
        start: the first time, else the wall's.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime.now(UTC)

    def __call__(self) -> datetime:
        """Give the time."""
        return self._now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
