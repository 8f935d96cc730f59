"""What is overdue: which threads still go out, when, and which are held.

Owns the decision. Pure: time is an argument, the timetable too; never touches the clock, a database
or a network. Moments are in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, TypeAlias

from threadbot.delivery.durations import write_duration
from threadbot.delivery.schedule import opening
from threadbot.delivery.wall_clock import MINUTE, offset_if_twice, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from threadbot.delivery.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Overdue:
    """A thread whose time has come.

    Args:
        thread: its id.
        due: its time (UTC).
        by_hand: whether a person named that very time, so that quiet hours do not keep it back.
    """

    thread: int
    due: datetime
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class GoOut:
    """The thread goes out.

    Args:
        thread: its id.
        at: when; not before now (UTC).
    """

    thread: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TooLate:
    """The thread is to be held.

    Args:
        thread: its id.
        reason: what happened and what to do, in one sentence.
    """

    thread: int
    reason: str


Decision: TypeAlias = GoOut | TooLate


def after_outage(
    schedule: Schedule, overdue: Sequence[Overdue], now: datetime, last: datetime | None = None
) -> tuple[Decision, ...]:
    """Decide on the threads of an account whose time has come.

    The first goes out now, or at the least distance after the last one that did; each other one at
    the least distance after the one before. The oldest comes first. None goes out in quiet hours or
    on a blackout date, unless a person named that very time. What would go out more than `max_late`
    after its time is held instead, and takes no place in the row.

    A thread that is on time is decided on in the same way, so this may be asked whenever threads
    are due: what is to go out now is what the decisions put at `now`.

    Args:
        schedule: the timetable.
        overdue: the account's threads whose time has come.
        now: the present time (UTC).
        last: when the account's last thread went out; None where that is longer ago than the least
            distance.

    Returns:
        A decision for each thread, in the order in which they go out; those to be held come where
        they would have.
    """
    free = now if last is None else max(now, last.astimezone(UTC) + schedule.least_distance)
    decisions: list[Decision] = []
    for begin, thread in _in_order(schedule, overdue, free):
        at = max(begin, free)
        latest = thread.due + schedule.max_late
        if not thread.by_hand:
            at = opening(schedule, at, latest)
        if at > latest:
            decisions.append(TooLate(thread.thread, _too_late(schedule, thread, at)))
        else:
            decisions.append(GoOut(thread.thread, at))
            free = at + schedule.least_distance
    return tuple(decisions)


def _in_order(
    schedule: Schedule, overdue: Iterable[Overdue], free: datetime
) -> list[tuple[datetime, Overdue]]:
    """Give each thread with the moment from which it might go out if it were alone."""
    beginnings = [
        (free if each.by_hand else opening(schedule, free, each.due + schedule.max_late), each)
        for each in overdue
    ]
    return sorted(beginnings, key=lambda pair: (pair[0], pair[1].due, pair[1].thread))


def _too_late(schedule: Schedule, thread: Overdue, at: datetime) -> str:
    zone = schedule.timezone
    due = f"{shown(thread.due, zone):%Y-%m-%d %H:%M}{offset_if_twice(thread.due, zone)}"
    late = write_duration((at - thread.due) // MINUTE * MINUTE)
    allowed = write_duration(schedule.max_late)
    return (
        f"it was due at {due} ({zone}) and would go out at least "
        f"{late} late, more than 'schedule.max_late' allows ({allowed}): send it with `threadbot "
        f"queue retry {thread.thread}`, give it another time as with `threadbot queue move "
        f"{thread.thread} --next-slot`, or cancel it"
    )
