"""When the threads of one article are due: at a time that was named, or in the next free slot.

Owns how a wish becomes a time for each account. Pure: time is an argument, the timetable too; never
touches the clock, a database or a configuration. Moments are in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from threadbot.delivery.schedule import opening
from threadbot.delivery.slots import FURTHEST, next_slots, together
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from threadbot.delivery.schedule import Schedule
    from threadbot.thread.model import NetworkName


@dataclass(frozen=True, slots=True)
class At:
    """At a moment; the first network has it, the others follow by the timetable's offset.

    Args:
        moment: when (UTC); one that is not later than now is at once.
        by_hand: whether a person named it; where nobody did, quiet hours and blackout dates keep it
            back until they end, and what is kept back goes out at the least distance from others.
    """

    moment: datetime
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class NextSlot:
    """In the next slot that is free on all networks."""


When: TypeAlias = At | NextSlot


@dataclass(frozen=True, slots=True)
class Timing:
    """A wish, with the timetable that it is about.

    Args:
        schedule: the timetable.
        when: what is wished.
    """

    schedule: Schedule
    when: When

    @property
    def by_hand(self) -> bool:
        """Whether a person named the very time."""
        return isinstance(self.when, At) and self.when.by_hand


def due_times(
    timing: Timing,
    now: datetime,
    networks: Mapping[str, NetworkName],
    taken: Mapping[str, Sequence[datetime]],
) -> dict[str, datetime]:
    """Say when the threads of one article are due.

    Args:
        timing: the wish and the timetable.
        now: the present (UTC).
        networks: where each account is, in the order in which networks follow each other.
        taken: for each account, the times of its threads that wait or went out a short while ago.

    Returns:
        The time for each account (UTC).

    Raises:
        InputError: the timetable has no slot that is free.
    """
    busy: dict[NetworkName, list[datetime]] = {network: [] for network in networks.values()}
    for account, network in networks.items():
        busy[network].extend(taken.get(account, ()))
    if isinstance(timing.when, At):
        due = _at(timing.schedule, timing.when, busy)
        return {account: due[network] for account, network in networks.items()}
    slots = next_slots(timing.schedule, now, busy)
    if slots is None:
        message = (
            "the timetable has no slot that is free and not in quiet hours or on a blackout date: "
            "add slots to [schedule], or name a time with --at"
        )
        raise InputError(message)
    return {account: slots[network] for account, network in networks.items()}


def _at(
    schedule: Schedule, when: At, busy: Mapping[NetworkName, Sequence[datetime]]
) -> dict[NetworkName, datetime]:
    """Say when each network is due that follows the first, which has the moment."""
    if when.by_hand:
        return together(schedule, when.moment, busy)
    latest = when.moment + FURTHEST
    due = together(schedule, opening(schedule, when.moment, latest), busy)
    # What goes out at once needs no place: `overdue` keeps the distance. All that comes in one
    # night would be due when it ends, and most of it be too late when its turn came.
    return {
        network: moment
        if moment == when.moment
        else _free_place(schedule, moment, busy[network], latest)
        for network, moment in due.items()
    }


def _free_place(
    schedule: Schedule, moment: datetime, taken: Iterable[datetime], latest: datetime
) -> datetime:
    """Find the first moment at which the timetable is open and no other thread is too near."""
    # One that follows by an offset may reach into the next quiet hours.
    place = opening(schedule, moment, latest)
    for other in sorted(taken):
        if abs(other - place) < schedule.least_distance:
            place = opening(schedule, other + schedule.least_distance, latest)
    return place
