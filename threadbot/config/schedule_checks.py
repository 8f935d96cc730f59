"""What is wrong with `[schedule]` although each of its values is right by itself.

Owns the rules between its keys, and what is said of a key that names no day.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from threadbot.config.findings import Finding, dotted, listed, nearest
from threadbot.config.schedule_rules import (
    DAYS,
    days_of,
    read_distance,
    read_quiet,
    read_slot,
)
from threadbot.config.schedule_schema import ScheduleTable
from threadbot.delivery.durations import write_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.config.positions import KeyPath

SECTION = "schedule"
DAILY = "daily"
_DAY = 24 * 60
_WEEK = 7 * _DAY


def check_schedule(data: dict[str, Any]) -> tuple[Finding, ...]:
    """Check the keys of the timetable against one another.

    Args:
        data: the raw tables.

    Returns:
        A finding for each key that is unknown. Where there is none and each value is right, what
        does not go together.
    """
    table = data.get(SECTION, {})
    if not isinstance(table, dict):
        # The schema reports it.
        return ()
    unknown = tuple(
        Finding((SECTION, key), _unknown_key(key))
        for key in table
        if key not in ScheduleTable.model_fields and days_of(key) is None
    )
    try:
        schedule = ScheduleTable.model_validate(table)
    except ValidationError:
        return unknown
    return unknown or (*_named_twice(schedule), *_never_used(schedule), *_too_near(schedule))


def _unknown_key(key: str) -> str:
    path = dotted((SECTION, key))
    known = tuple(ScheduleTable.model_fields)
    # Whole names of days are the likeliest slip.
    shortened = re.sub(r"[a-z]+", lambda word: word[0][:3], key.lower())
    if days_of(shortened) is not None:
        return f"unknown key '{path}'; did you mean '{shortened}'?"
    ranges = (f"{first}-{last}" for first, last in combinations(DAYS, 2))
    if guess := nearest(key, (*known, *DAYS, *ranges)):
        return f"unknown key '{path}'; did you mean '{guess}'?"
    days = "days such as 'sat', 'mon-fri' or '\"sat,sun\"'"
    return f"unknown key '{path}'; known here are {listed(known)}, and {days}"


def _days(key: str) -> tuple[int, ...]:
    return tuple(range(len(DAYS))) if key == DAILY else days_of(key) or ()


def _named_twice(schedule: ScheduleTable) -> Iterator[Finding]:
    first: dict[int, str] = {}
    for key in schedule.days:
        others = {day: first.setdefault(day, key) for day in _days(key)}
        twice = [day for day, other in others.items() if other != key]
        if twice:
            path, other = dotted((SECTION, key)), dotted((SECTION, others[twice[0]]))
            message = f"'{path}' names {DAYS[twice[0]]}, which '{other}' does, too; keep it in one"
            yield Finding((SECTION, key), message)


def _never_used(schedule: ScheduleTable) -> Iterator[Finding]:
    """Find slots in quiet hours, and quiet hours that leave nothing."""
    quiet = [(text, read_quiet(text)) for text in schedule.quiet]
    for key, slots in schedule.days.items():
        for slot in slots:
            within = [text for text, hours in quiet if read_slot(slot) in hours]
            if within:
                message = (
                    f"'{dotted((SECTION, key))}' has the slot {slot}, which is in the quiet hours "
                    f"{within[0]}; move one of them"
                )
                yield Finding((SECTION, key), message, at_value=True)
                break
    # Hours that leave a minute open leave the one at which some of them end.
    if quiet and all(any(hours.end in other for _, other in quiet) for _, hours in quiet):
        path: KeyPath = (SECTION, "quiet")
        message = f"'{dotted(path)}' leaves no minute of the day; shorten it"
        yield Finding(path, message, at_value=True)


def _too_near(schedule: ScheduleTable) -> Iterator[Finding]:
    distance = read_distance(schedule.least_distance)
    keys = {
        day * _DAY + read_slot(slot).hour * 60 + read_slot(slot).minute: key
        for key, slots in schedule.days.items()
        for day in _days(key)
        for slot in slots
    }
    minutes = sorted(keys)
    told: set[str] = set()
    for before, after in pairwise([*minutes, *(minute + _WEEK for minute in minutes[:1])]):
        key = keys[after % _WEEK]
        if (after - before) * 60 >= distance.total_seconds() or key in told:
            continue
        told.add(key)
        message = (
            f"'{dotted((SECTION, key))}' has the slot {_shown(after)}, less than "
            f"'{SECTION}.least_distance' ({write_duration(distance)}) after {_shown(before)}; move "
            "one of them or lessen the distance"
        )
        yield Finding((SECTION, key), message, at_value=True)


def _shown(minute: int) -> str:
    day, minute = divmod(minute % _WEEK, _DAY)
    return f"{DAYS[day]} {minute // 60:02}:{minute % 60:02}"
