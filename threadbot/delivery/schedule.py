"""The timetable of a publication: its slots, quiet hours, blackout dates and distances.

Owns the settings, and what they say of one moment. Pure: time is an argument; never places a
thread, and never touches the clock, a database or a configuration. Moments are in UTC, times of day
and days are those of the schedule's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from threadbot.delivery.wall_clock import moments_of, shown

if TYPE_CHECKING:
    from datetime import tzinfo

#: The slots of each day where none are configured: the way to work, the midday break, the way home.
DEFAULT_SLOTS: Final = (time(8, 30), time(12, 15), time(18))
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A time of day in which nothing goes out.

    Args:
        start: its first minute.
        end: the first minute after it; one that is not later than `start` is on the next day.
    """

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Blackout:
    """Days on which nothing goes out.

    Args:
        first: the first of them.
        last: the last of them.
    """

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Schedule:
    """The timetable of a publication.

    Args:
        timezone: where its clocks hang.
        weekdays: the slots of Monday to Sunday, each day's in order.
        least_distance: the least time between two threads of an account.
        quiet: the times of day in which nothing goes out.
        blackouts: the days on which nothing goes out.
        apart: the time from one network to the next for the threads of one article; zero is
            together.
        max_late: how late a thread may still go out by itself.
    """

    timezone: tzinfo = UTC
    weekdays: tuple[tuple[time, ...], ...] = (DEFAULT_SLOTS,) * 7
    least_distance: timedelta = timedelta(minutes=15)
    quiet: tuple[QuietHours, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    apart: timedelta = timedelta(0)
    max_late: timedelta = timedelta(hours=6)


def is_quiet(schedule: Schedule, moment: datetime) -> bool:
    """Tell whether a moment lies in quiet hours.

    The first minute of quiet hours is quiet, the minute at which they end is not. What counts is
    what the clock shows; hours that end before they begin pass midnight.
    """
    shown_time = shown(moment, schedule.timezone).time()
    return any(shown_time in quiet for quiet in schedule.quiet)


def is_blackout(schedule: Schedule, moment: datetime) -> bool:
    """Tell whether a moment is on a blackout date, from midnight to midnight in the zone."""
    day = shown(moment, schedule.timezone).date()
    return any(day in blackout for blackout in schedule.blackouts)


def is_closed(schedule: Schedule, moment: datetime) -> bool:
    """Tell whether nothing is placed at a moment: quiet hours or a blackout date."""
    return is_quiet(schedule, moment) or is_blackout(schedule, moment)


def opening(schedule: Schedule, moment: datetime, latest: datetime) -> datetime:
    """Find the first moment from `moment` on at which something may go out by itself.

    Args:
        schedule: the timetable.
        moment: from when on (UTC).
        latest: how far is looked (UTC).

    Returns:
        That moment, or any that is later than `latest` where there is none until then.
    """
    while moment <= latest and is_closed(schedule, moment):
        moment = _reopening(schedule, moment)
    return moment


def _reopening(schedule: Schedule, moment: datetime) -> datetime:
    """Give the end of the quiet hours or of the day that a moment is in."""
    zone = schedule.timezone
    local = shown(moment, zone)
    tomorrow = datetime.combine(local.date() + DAY, time())
    ends = [tomorrow] if is_blackout(schedule, moment) else []
    for quiet in schedule.quiet:
        if local.time() in quiet:
            day = local.date() if local.time() < quiet.end else tomorrow.date()
            ends.append(datetime.combine(day, quiet.end))
    reading = moments_of(max(ends), zone)
    # Where the clock shows the end twice, the moment may lie between the two.
    if reading.again is not None and reading.moment <= moment:
        return reading.again
    return reading.moment


def objection(schedule: Schedule, moment: datetime) -> str | None:
    """Say what the timetable has against a time that a person named, or None."""
    local = shown(moment, schedule.timezone)
    if is_blackout(schedule, moment):
        return f"{local:%Y-%m-%d} is a blackout date ('schedule.blackout')"
    for quiet in schedule.quiet:
        if local.time() in quiet:
            return f"{local:%H:%M} is in the quiet hours {quiet} ('schedule.quiet')"
    return None
