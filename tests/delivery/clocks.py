"""A second way to read the clock on the wall: look at it every minute and write down what it shows.

Owns that judge and the zones it is asked about; knows nothing of offsets.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

#: Zones whose clocks change by an hour, by half an hour, and never.
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
#: Zones whose clocks change at midnight, and before it.
ODD_ZONES = ("Africa/Cairo", "America/Nuuk")
FIRST_DAY, DAYS = datetime(2026, 1, 1), 730  # noqa: DTZ001 - as the clock shows it

_START = datetime(2025, 12, 30, tzinfo=UTC)
_MINUTES = 735 * 1440
_MINUTE = timedelta(minutes=1)


@cache
def _highest_shown(zone: str) -> list[datetime]:
    """Give, for each minute since the start, the latest reading that the clock has shown so far."""
    local = ZoneInfo(zone)
    # Two readings of one clock are compared by what it shows, not by the moment.
    readings = ((_START + number * _MINUTE).astimezone(local) for number in range(_MINUTES))
    return list(accumulate(readings, max))


def first_shown(wall: datetime, zone: str) -> datetime:
    """Give the first minute at which the clock shows a reading, or has gone past it."""
    reading = wall.replace(tzinfo=ZoneInfo(zone))
    return _START + bisect_left(_highest_shown(zone), reading) * _MINUTE
