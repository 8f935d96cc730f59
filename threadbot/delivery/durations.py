"""Lengths of time as people write them: `30m`, `2h`, `1d12h`.

Owns that grammar, both ways; never knows what a length is used for. Pure.
"""

from __future__ import annotations

import re
from datetime import timedelta

_NUMBER = r"(\d{1,5})"
_PATTERN = re.compile(rf"(?:{_NUMBER}d)?(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s)?", re.ASCII)


def read_duration(text: str) -> timedelta | None:
    """Read a length of time: days, hours, minutes and seconds in that order, whole numbers.

    A day is 24 hours, also where a clock change makes it longer or shorter.

    >>> read_duration("1d12h")
    datetime.timedelta(days=1, seconds=43200)

    Returns:
        The length, or None where the text is something else.
    """
    match = _PATTERN.fullmatch(text)
    if match is None or match.lastindex is None:
        return None
    days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def write_duration(duration: timedelta) -> str:
    """Write a length of time as `read_duration` reads it; parts of a second are left off.

    >>> write_duration(timedelta(minutes=90)), write_duration(timedelta(0))
    ('1h30m', '0m')
    """
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0m"
