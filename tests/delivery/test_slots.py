"""Free slots: every day of two years in zones of all kinds, and what is passed over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from clocks import DAYS, FIRST_DAY, ODD_ZONES, ZONES, first_shown
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.delivery.schedule import (
    Blackout,
    QuietHours,
    Schedule,
    is_blackout,
    is_closed,
    is_quiet,
    objection,
)
from threadbot.delivery.slots import next_slot, next_slots, slots_of, together

if TYPE_CHECKING:
    from collections.abc import Iterator

PARIS = ZoneInfo("Europe/Paris")
WEEK = (*((time(8, 30), time(12, 15), time(18)),) * 5, (time(10),), ())
NIGHT = QuietHours(time(22), time(7))
CHRISTMAS = Blackout(date(2026, 12, 24), date(2026, 12, 26))


def paris(text: str) -> datetime:
    """Read a moment as the clock in Paris shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def days() -> Iterator[date]:
    """Give every day of 2026 and 2027."""
    return (FIRST_DAY.date() + timedelta(number) for number in range(DAYS))


#: Now, the times that are taken, and the slot; WEEK in Paris, at night nothing, nor at Christmas.
NEXT_SLOTS = [
    ("2026-11-24 08:00", [], "2026-11-24 08:30"),
    ("2026-11-24 08:30", [], "2026-11-24 12:15"),
    ("2026-11-24 20:00", [], "2026-11-25 08:30"),
    ("2026-11-27 19:00", [], "2026-11-28 10:00"),
    ("2026-11-28 11:00", [], "2026-11-30 08:30"),
    ("2026-12-23 20:00", [], "2026-12-28 08:30"),
    ("2026-11-24 08:00", ["2026-11-24 08:30", "2026-11-24 18:00"], "2026-11-24 12:15"),
    ("2026-11-24 08:00", ["2026-11-24 08:01"], "2026-11-24 12:15"),
    ("2026-11-24 08:00", ["2026-11-24 08:59"], "2026-11-24 12:15"),
    ("2026-11-24 08:00", ["2026-11-24 08:00", "2026-11-24 09:00"], "2026-11-24 08:30"),
]


@pytest.mark.parametrize(("now", "taken", "slot"), NEXT_SLOTS)
def test_the_next_free_slot_is_found(now: str, taken: list[str], slot: str) -> None:
    """It is later than now, on an open day, and half an hour from whatever is due."""
    schedule = Schedule(PARIS, WEEK, timedelta(minutes=30), (NIGHT,), (CHRISTMAS,))
    assert next_slot(schedule, paris(now), map(paris, taken)) == paris(slot)


def test_without_a_distance_only_the_very_slot_is_taken() -> None:
    """At a least distance of nothing a slot is still for one thread alone."""
    schedule = Schedule(PARIS, WEEK, least_distance=timedelta(0))
    now = paris("2026-11-24 08:00")
    assert next_slot(schedule, now, [paris("2026-11-24 08:31")]) == paris("2026-11-24 08:30")
    assert next_slot(schedule, now, [paris("2026-11-24 08:30")]) == paris("2026-11-24 12:15")


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(weekdays=((),) * 7),
        Schedule(quiet=(QuietHours(time(0), time(12)), QuietHours(time(12), time(0)))),
        Schedule(blackouts=(Blackout(date(2026, 1, 1), date(2099, 12, 31)),)),
    ],
    ids=["no slots", "always quiet", "blacked out for good"],
)
def test_a_timetable_without_slots_has_no_next_one(schedule: Schedule) -> None:
    """The search ends, and says that there is none."""
    assert next_slot(schedule, datetime(2026, 11, 24, tzinfo=UTC)) is None
    assert next_slots(schedule, datetime(2026, 11, 24, tzinfo=UTC), {"x": []}) is None


@pytest.mark.parametrize(
    ("quiet", "clock", "expected"),
    [
        (NIGHT, "21:59", False),
        (NIGHT, "22:00", True),
        (NIGHT, "23:59", True),
        (NIGHT, "00:00", True),
        (NIGHT, "06:59", True),
        (NIGHT, "07:00", False),
        (QuietHours(time(12), time(14)), "11:59", False),
        (QuietHours(time(12), time(14)), "12:00", True),
        (QuietHours(time(12), time(14)), "14:00", False),
        (QuietHours(time(22), time(0)), "23:59", True),
        (QuietHours(time(22), time(0)), "00:00", False),
    ],
)
def test_quiet_hours_begin_and_end_to_the_minute(
    quiet: QuietHours,
    clock: str,
    expected: bool,  # noqa: FBT001 - a case
) -> None:
    """The first minute is quiet, the one at which they end is not; they may pass midnight."""
    schedule = Schedule(PARIS, quiet=(quiet,))
    assert is_quiet(schedule, paris(f"2026-11-24 {clock}")) is expected


def test_a_blackout_is_from_midnight_to_midnight_in_the_zone() -> None:
    """Its last minute is the last of its last day, as the clock there shows it."""
    schedule = Schedule(PARIS, blackouts=(CHRISTMAS,))
    closed = [
        is_blackout(schedule, paris(text))
        for text in ("2026-12-23 23:59", "2026-12-24 00:00", "2026-12-26 23:59", "2026-12-27 00:00")
    ]
    assert closed == [False, True, True, False]


def test_the_timetable_says_what_it_has_against_a_time() -> None:
    """A sentence names the quiet hours or the date, and nothing is said of an open time."""
    schedule = Schedule(PARIS, quiet=(NIGHT,), blackouts=(CHRISTMAS,))
    assert objection(schedule, paris("2026-11-24 12:00")) is None
    assert objection(schedule, paris("2026-11-24 22:30")) == (
        "22:30 is in the quiet hours 22:00-07:00 ('schedule.quiet')"
    )
    assert objection(schedule, paris("2026-12-25 23:00")) == (
        "2026-12-25 is a blackout date ('schedule.blackout')"
    )


def test_networks_go_together_or_apart() -> None:
    """Each network follows the one before by the offset; without one all are due at once."""
    first = paris("2026-11-24 08:30")
    assert together(Schedule(), first, ["x", "bluesky", "x"]) == {"x": first, "bluesky": first}
    apart = Schedule(apart=timedelta(minutes=15))
    assert together(apart, first, ["bluesky", "x"]) == {
        "bluesky": first,
        "x": first + timedelta(minutes=15),
    }


def test_a_slot_must_be_free_on_every_network() -> None:
    """A slot is passed over where one network is taken, or would be pushed into quiet hours."""
    schedule = Schedule(
        PARIS,
        WEEK,
        timedelta(minutes=30),
        (QuietHours(time(12, 20), time(13)),),
        (),
        timedelta(minutes=10),
    )
    now = paris("2026-11-24 08:00")
    assert next_slots(schedule, now, {"x": [], "bluesky": []}) == {
        "x": paris("2026-11-24 08:30"),
        "bluesky": paris("2026-11-24 08:40"),
    }
    found = next_slots(schedule, now, {"x": [], "bluesky": [paris("2026-11-24 09:00")]})
    assert found == {"x": paris("2026-11-24 18:00"), "bluesky": paris("2026-11-24 18:10")}


@pytest.mark.parametrize(
    ("day", "clocks", "fired"),
    [
        ("2026-03-29", ["01:30", "02:30", "03:30"], ["00:30", "01:00", "01:30"]),
        ("2026-03-29", ["02:10", "02:50", "03:00"], ["01:00"]),
        ("2026-10-25", ["01:30", "02:30", "03:30"], ["23:30", "00:30", "02:30"]),
    ],
    ids=["removed", "removed onto another", "doubled"],
)
def test_slots_of_a_day_on_which_the_clock_changes(
    day: str, clocks: list[str], fired: list[str]
) -> None:
    """A slot that is removed moves to the next minute that exists; a doubled one fires once."""
    slots = tuple(time.fromisoformat(clock) for clock in clocks)
    schedule = Schedule(PARIS, (slots,) * 7)
    found = [f"{slot:%H:%M}" for slot in slots_of(schedule, date.fromisoformat(day))]
    assert found == fired


TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
SLOTS = st.lists(TIMES, unique=True, max_size=4).map(sorted).map(tuple)
QUIET = st.builds(QuietHours, TIMES, TIMES)
DISTANCES = st.integers(0, 600).map(lambda minutes: timedelta(minutes=minutes))
BLACKOUTS = st.builds(
    lambda start, length: Blackout(start, start + timedelta(length)),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 20),
)


def schedules(zone: str) -> st.SearchStrategy[Schedule]:
    """Give timetables of a zone."""
    return st.builds(
        Schedule,
        st.just(ZoneInfo(zone)),
        st.tuples(*[SLOTS] * 7),
        DISTANCES,
        st.lists(QUIET, max_size=2).map(tuple),
        st.lists(BLACKOUTS, max_size=3).map(tuple),
    )


@pytest.mark.parametrize("zone", [*ZONES, *ODD_ZONES])
@settings(deadline=None, max_examples=8)
@given(data=st.data())
def test_each_slot_fires_once_on_every_day_of_two_years(zone: str, data: st.DataObject) -> None:
    """Whoever watches the clock sees each slot once, in order, and never in closed times.

    Taking one slot after the other gives what a watcher notes who passes over what is closed and
    what is too near to the thread before.
    """
    schedule = data.draw(schedules(zone))
    noted = {
        first_shown(datetime.combine(day, slot), zone)
        for day in days()
        for slot in schedule.weekdays[day.weekday()]
    }
    expected: list[datetime] = []
    for moment in sorted(noted):
        near = expected and moment - expected[-1] < schedule.least_distance
        if not near and not is_closed(schedule, moment):
            expected.append(moment)
    found: list[datetime] = []
    now = first_shown(FIRST_DAY, zone) - timedelta(minutes=1)
    while (slot := next_slot(schedule, now, found[-1:])) and len(found) < len(expected):
        assert slot > now
        found.append(slot)
        now = slot
    assert found == expected
    fired = {slot for day in days() for slot in slots_of(schedule, day)}
    assert fired == {moment for moment in noted if not is_closed(schedule, moment)}


@pytest.mark.parametrize("zone", ZONES)
def test_no_slot_is_lost_or_doubled_by_clock_changes(zone: str) -> None:
    """Slots at every half hour: as many in each of 730 days as minutes exist for them."""
    slots = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
    schedule = Schedule(ZoneInfo(zone), (slots,) * 7)
    counts = {day: len(slots_of(schedule, day)) for day in days()}
    fewer = {48 - count for count in counts.values()} - {0}
    removed = {"Europe/Paris": {2}, "America/New_York": {2}, "Australia/Lord_Howe": {1}}
    assert fewer == removed.get(zone, set())
    assert sum(count != 48 for count in counts.values()) == (2 if fewer else 0)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_slot_keeps_its_distance_from_everything_that_is_taken(data: st.DataObject) -> None:
    """Whatever is taken, in whatever order, the slot is later than now, open, and far enough."""
    schedule = data.draw(schedules(data.draw(st.sampled_from(ZONES))))
    moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
    now = data.draw(moments)
    taken = data.draw(st.lists(moments, max_size=60))
    slot = next_slot(schedule, now, taken)
    if slot is not None:
        assert slot > now
        assert not is_closed(schedule, slot)
        assert all(abs(slot - moment) >= schedule.least_distance for moment in taken)
        assert slot not in taken


def test_ten_thousand_taken_slots_are_passed_over_quickly() -> None:
    """With that many threads waiting the next slot is found in 50 ms of work (the best of five)."""
    schedule = Schedule(PARIS, WEEK, timedelta(minutes=30), (NIGHT,), (CHRISTMAS,))
    now = paris("2026-11-24 08:00")
    taken: list[datetime] = []
    for number in range(4000):
        taken += slots_of(schedule, date(2026, 11, 24) + timedelta(number))
        if len(taken) >= 10_000:
            break
    taken = taken[9999::-1]
    durations = []
    for _ in range(5):
        start = process_time()
        slot = next_slot(schedule, now, taken)
        durations.append(process_time() - start)
    assert slot is not None
    assert slot > taken[0]
    assert min(durations) < 0.05
