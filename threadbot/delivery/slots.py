"""Free slots: when the threads of an article may be due.

Owns the search. Pure: time is an argument, the timetable too; never touches the clock, a database
or a configuration. Moments are in UTC.

The rules:

- A slot is the first moment at which the clock shows its day and time. One that a clock change
  skips moves to the next minute that exists; one that it shows twice fires once, the first time.
  Slots that fall together so are one.
- Nothing is placed into quiet hours or on a blackout date, and no two threads of an account nearer
  to each other than the least distance.
- The networks of an article have the same slot, or follow one another by the offset.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from threadbot.delivery.schedule import is_closed
from threadbot.delivery.wall_clock import first_moment, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from threadbot.delivery.schedule import Schedule
    from threadbot.thread.model import NetworkName

#: How far ahead a free slot is looked for.
FURTHEST: Final = timedelta(days=20 * 365)
DAY: Final = timedelta(days=1)


def slots_of(schedule: Schedule, day: date) -> tuple[datetime, ...]:
    """Give the slots of a day, in order.

    Slots in quiet hours or on a blackout date are none. What a clock change skips moves to the next
    minute that exists, be it on the next day, and falls together with the slot that is there.
    """
    moments = dict.fromkeys(_moments(schedule, day))
    return tuple(moment for moment in moments if not is_closed(schedule, moment))


def next_slot(schedule: Schedule, now: datetime, taken: Iterable[datetime] = ()) -> datetime | None:
    """Find the next free slot of an account.

    A slot is free if no thread is due nearer to it than the least distance, before or after.

    Args:
        schedule: the timetable.
        now: the slot is later than this.
        taken: the times of the account's threads that wait or were sent a short while ago, in any
            order.

    Returns:
        The slot (UTC), or None where the timetable has none that is free.
    """
    taken_times = sorted(moment.astimezone(UTC) for moment in taken)
    for slot in _slots_after(schedule, now):
        # Whether it is free comes first, as it is the cheaper question.
        if _is_free(slot, taken_times, schedule.least_distance) and not is_closed(schedule, slot):
            return slot
    return None


def next_slots(
    schedule: Schedule, now: datetime, taken: Mapping[NetworkName, Iterable[datetime]]
) -> dict[NetworkName, datetime] | None:
    """Find the next slot that is free for an article on all of its networks.

    The first network has the slot, each other one follows by the offset. A slot is passed over
    where one of the networks would be too near to another thread, in quiet hours, or on a blackout
    date.

    Args:
        schedule: the timetable.
        now: the slot is later than this.
        taken: for each network, in the order in which they follow each other, the times of the
            threads of those of its accounts that the article goes to.

    Returns:
        The times by network (UTC), or None where the timetable has no such slot.
    """
    taken_times = {
        network: sorted(moment.astimezone(UTC) for moment in times)
        for network, times in taken.items()
    }
    for slot in _slots_after(schedule, now):
        due = together(schedule, slot, taken_times)
        if all(
            _is_free(moment, taken_times[network], schedule.least_distance)
            and not is_closed(schedule, moment)
            for network, moment in due.items()
        ):
            return due
    return None


def together(
    schedule: Schedule, first: datetime, networks: Iterable[NetworkName]
) -> dict[NetworkName, datetime]:
    """Say when the threads of one article are due on each network.

    Args:
        schedule: the timetable, which says whether all are due at once or one after the other.
        first: when the first network is due.
        networks: the networks, in the order in which they follow each other.
    """
    return {
        network: first + number * schedule.apart
        for number, network in enumerate(dict.fromkeys(networks))
    }


def _slots_after(schedule: Schedule, now: datetime) -> Iterator[datetime]:
    """Give the slots later than a moment, in order, none twice; also those that are closed."""
    if not any(schedule.weekdays):
        return
    last = now.astimezone(UTC)
    # A change at midnight moves slots of the day before.
    day = shown(now, schedule.timezone).date() - DAY
    for _ in range(FURTHEST.days):
        for slot in _moments(schedule, day):
            if slot > last:
                yield slot
                last = slot
        day += DAY


def _moments(schedule: Schedule, day: date) -> Iterator[datetime]:
    for slot in schedule.weekdays[day.weekday()]:
        yield first_moment(datetime.combine(day, slot), schedule.timezone)


def _is_free(moment: datetime, taken: Sequence[datetime], distance: timedelta) -> bool:
    after = bisect_left(taken, moment)
    if after < len(taken) and (taken[after] == moment or taken[after] - moment < distance):
        return False
    return after == 0 or moment - taken[after - 1] >= distance
