"""When the threads of one article are due on each account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from threadbot.delivery.overdue import GoOut, Overdue, after_outage
from threadbot.delivery.schedule import Blackout, QuietHours, Schedule
from threadbot.delivery.timing import At, NextSlot, Timing, due_times
from threadbot.errors import InputError

if TYPE_CHECKING:
    from threadbot.delivery.timing import When
    from threadbot.thread.model import NetworkName

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NETWORKS: dict[str, NetworkName] = {"one": "x", "two": "x", "sky": "bluesky"}
APART = Schedule(apart=timedelta(minutes=15))
CLOSED = replace(
    APART,
    quiet=(QuietHours(time(8), time(10)), QuietHours(time(12), time(13))),
    blackouts=(Blackout(date(2026, 11, 25), date(2026, 11, 26)),),
)
AFTER_BLACKOUT = datetime(2026, 11, 27, tzinfo=UTC)


def clock(hour: int, minute: int = 0) -> datetime:
    """Give a time of the day on which it is now."""
    return NOW.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("schedule", "when", "taken", "expected"),
    [
        (Schedule(), At(clock(9)), {}, [clock(9)] * 3),
        (APART, At(clock(9)), {}, [clock(9), clock(9), clock(9, 15)]),
        (CLOSED, At(clock(9)), {}, [clock(9), clock(9), clock(9, 15)]),
        (CLOSED, At(clock(9), by_hand=False), {}, [clock(10), clock(10), clock(10, 15)]),
        (CLOSED, At(clock(10), by_hand=False), {}, [clock(10), clock(10), clock(10, 15)]),
        (CLOSED, At(clock(11, 50), by_hand=False), {}, [clock(11, 50), clock(11, 50), clock(13)]),
        (
            CLOSED,
            At(AFTER_BLACKOUT - timedelta(days=2), by_hand=False),
            {},
            [AFTER_BLACKOUT, AFTER_BLACKOUT, AFTER_BLACKOUT + timedelta(minutes=15)],
        ),
        (
            CLOSED,
            At(clock(9), by_hand=False),
            {"two": [clock(10, 10), clock(9, 50)], "sky": [clock(11)]},
            [clock(10, 25), clock(10, 25), clock(10, 15)],
        ),
        (
            CLOSED,
            At(clock(9), by_hand=False),
            {"one": [clock(10) + number * CLOSED.least_distance for number in range(8)]},
            [clock(13), clock(13), clock(10, 15)],
        ),
        (CLOSED, At(clock(9)), {"one": [clock(9)]}, [clock(9), clock(9), clock(9, 15)]),
        (Schedule(), At(clock(9), by_hand=False), {"one": [clock(8, 55)]}, [clock(9)] * 3),
        (Schedule(), NextSlot(), {}, [clock(8, 30)] * 3),
        (APART, NextSlot(), {}, [clock(8, 30), clock(8, 30), clock(8, 45)]),
        (Schedule(), NextSlot(), {"two": [clock(8, 30)]}, [clock(12, 15)] * 3),
        (Schedule(), NextSlot(), {"other": [clock(8, 30)]}, [clock(8, 30)] * 3),
        (APART, NextSlot(), {"sky": [clock(8, 50)]}, [clock(12, 15), clock(12, 15), clock(12, 30)]),
    ],
)
def test_times(
    schedule: Schedule, when: When, taken: dict[str, list[datetime]], expected: list[datetime]
) -> None:
    """All accounts of a network are due at once, and a slot is free if it is so on all of them.

    A time that no person named is when the timetable opens, for each network; where it was closed,
    the first one from then on that is at the least distance from other threads.
    """
    due = due_times(Timing(schedule, when), NOW, NETWORKS, taken)
    assert [due[account] for account in NETWORKS] == expected


def test_what_comes_in_one_night_goes_out_on_one_day() -> None:
    """Forty articles are due one after the other from the opening on, so that none is too late."""
    night = replace(Schedule(), quiet=(QuietHours(time(22), time(7)),))
    comes, opens = clock(23), clock(7) + timedelta(days=1)
    taken: list[datetime] = []
    for number in range(40):
        now = comes + number * timedelta(minutes=5)
        timing = Timing(night, At(now, by_hand=False))
        taken.append(due_times(timing, now, {"one": "x"}, {"one": taken})["one"])
    assert taken == [opens + number * night.least_distance for number in range(40)]
    overdue = [Overdue(number, due) for number, due in enumerate(taken)]
    assert after_outage(night, overdue, opens) == tuple(
        GoOut(number, due) for number, due in enumerate(taken)
    )


def test_a_timetable_without_slots() -> None:
    """Where no slot is ever free it says what to do."""
    empty = replace(Schedule(), weekdays=((),) * 7)
    with pytest.raises(InputError, match=r"no slot that is free .*: add slots to \[schedule\]"):
        due_times(Timing(empty, NextSlot()), NOW, NETWORKS, {})


@pytest.mark.parametrize(
    ("when", "by_hand"), [(At(NOW), True), (At(NOW, by_hand=False), False), (NextSlot(), False)]
)
def test_who_named_the_time(when: When, *, by_hand: bool) -> None:
    """A slot is nobody's wish for that very moment; a time that was typed is."""
    assert Timing(Schedule(), when).by_hand == by_hand
