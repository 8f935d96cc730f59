"""Rules for the values of `[schedule]`: days, slots, quiet hours, blackout dates, lengths of time.

Owns their grammar and its words; never knows how the values are used together.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from threadbot.config.rules import RuleError
from threadbot.delivery.durations import read_duration
from threadbot.delivery.schedule import Blackout, QuietHours

#: The names of the days, from Monday.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLOTS_RULE = 'a list of times of day such as ["08:30", "18:00"]'
QUIET_RULE = 'a list of times of day such as ["22:00-07:00"], each ending at another time'
BLACKOUT_RULE = (
    'a list of days such as "2026-12-25" or "2026-12-24..2026-12-26", the first before the last'
)
DISTANCE_RULE = 'a length of time such as "30m" or "1h30m", at most "7d"'
NETWORKS_RULE = '"together", or the time from one to the next such as "15m", at most "1d"'
KEEPING_RULE = 'a length of time such as "30d", from "1d" to "3650d"'
LATENESS_RULE = 'a length of time such as "6h", from "1m" to "30d"'
TOGETHER = "together"

_MINUTE = timedelta(minutes=1)
_RANGE = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))?")
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_QUIET = re.compile(rf"({_CLOCK})-({_CLOCK}|24:00)", re.ASCII)
_BLACKOUT = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", re.ASCII)


def days_of(key: str) -> tuple[int, ...] | None:
    """Read the days that a key names: `sat`, `mon-fri`, `sat,sun`, `mon-wed,fri`.

    A range may pass Sunday: `sat-mon` is Saturday, Sunday and Monday.

    >>> days_of("mon-wed,fri"), days_of("sat-mon"), days_of("monday")
    ((0, 1, 2, 4), (5, 6, 0), None)

    Returns:
        Days, Monday as 0; None where the key names none, or one twice.
    """
    days: list[int] = []
    for part in key.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            return None
        first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
        length = (last - first) % len(DAYS) + 1
        days += [day % len(DAYS) for day in range(first, first + length)]
    return tuple(days) if len(set(days)) == len(days) else None


def read_slot(text: str) -> time:
    """Read the time of a slot.

    Raises:
        RuleError: where it is none.
    """
    if re.fullmatch(_CLOCK, text, re.ASCII) is None:
        raise RuleError(SLOTS_RULE)
    return time.fromisoformat(text)


def read_quiet(text: str) -> QuietHours:
    """Read quiet hours; they may end at 24:00, which is midnight.

    Raises:
        RuleError: where they are none, or end when they begin.
    """
    match = _QUIET.fullmatch(text)
    if match is not None:
        quiet = QuietHours(
            time.fromisoformat(match[1]), time.fromisoformat(match[2].replace("24:", "00:"))
        )
        if quiet.start != quiet.end:
            return quiet
    raise RuleError(QUIET_RULE)


def read_blackout(text: str) -> Blackout:
    """Read a day, or the first and the last of some.

    Raises:
        RuleError: where the calendar has no such days, or they stand the wrong way round.
    """
    match = _BLACKOUT.fullmatch(text)
    if match is not None:
        try:
            first = date.fromisoformat(match[1])
            last = date.fromisoformat(match[2] or match[1])
        except ValueError as error:
            raise RuleError(BLACKOUT_RULE) from error
        if first <= last:
            return Blackout(first, last)
    raise RuleError(BLACKOUT_RULE)


def read_distance(text: str) -> timedelta:
    """Read the least distance between two threads.

    Raises:
        RuleError: where it is no length of time, or longer than a week.
    """
    return _read_length(text, timedelta(0), timedelta(days=7), DISTANCE_RULE)


def read_networks(text: str) -> timedelta:
    """Read the time from one network to the next; `together` is none.

    Raises:
        RuleError: where it is neither, or longer than a day.
    """
    if text == TOGETHER:
        return timedelta(0)
    return _read_length(text, timedelta(0), timedelta(days=1), NETWORKS_RULE, (TOGETHER,))


def read_keeping(text: str) -> timedelta:
    """Read for how long what is finished is kept.

    Raises:
        RuleError: where it is no length of time, shorter than a day or longer than ten years.
    """
    return _read_length(text, timedelta(days=1), timedelta(days=3650), KEEPING_RULE)


def read_lateness(text: str) -> timedelta:
    """Read how late a thread may be.

    Raises:
        RuleError: where it is no length of time, shorter than a minute or longer than 30 days.
    """
    return _read_length(text, _MINUTE, timedelta(days=30), LATENESS_RULE)


def day_as_text(value: object) -> object:
    """Write a date of TOML as text; leave everything else to the schema."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def _read_length(
    text: str, least: timedelta, most: timedelta, rule: str, words: tuple[str, ...] = ()
) -> timedelta:
    length = read_duration(text)
    if length is None or not least <= length <= most:
        raise RuleError(rule, words)
    return length
