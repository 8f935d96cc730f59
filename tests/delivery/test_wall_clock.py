"""Clock changes: which moments a reading of the clock stands for."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import DAYS, FIRST_DAY, ODD_ZONES, ZONES, first_shown
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.delivery import durations
from threadbot.delivery.durations import read_duration, write_duration
from threadbot.delivery.wall_clock import first_moment, moments_of, offset_if_twice, shown

#: Zone, what the clock shows, the moment, the second moment, whether it is skipped.
READINGS = [
    ("Europe/Paris", "2026-07-01 08:30", "2026-07-01 06:30", None, False),
    ("Europe/Paris", "2026-03-29 01:59", "2026-03-29 00:59", None, False),
    ("Europe/Paris", "2026-03-29 02:00", "2026-03-29 01:00", None, True),
    ("Europe/Paris", "2026-03-29 02:59", "2026-03-29 01:00", None, True),
    ("Europe/Paris", "2026-03-29 03:00", "2026-03-29 01:00", None, False),
    ("Europe/Paris", "2026-10-25 02:30", "2026-10-25 00:30", "2026-10-25 01:30", False),
    ("Europe/Paris", "2026-10-25 03:00", "2026-10-25 02:00", None, False),
    ("America/New_York", "2027-03-14 02:30", "2027-03-14 07:00", None, True),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30", None, True),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45", "2026-04-04 15:15", False),
    ("Africa/Cairo", "2026-04-24 00:30", "2026-04-23 22:00", None, True),
    ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00", None, True),
]


def utc(text: str) -> datetime:
    """Read a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "wall", "moment", "again", "skipped"), READINGS)
def test_a_reading_stands_for_its_moments(
    zone: str,
    wall: str,
    moment: str,
    again: str | None,
    skipped: bool,  # noqa: FBT001 - a case
) -> None:
    """What is skipped moves to the next minute that exists; what is shown twice has two moments."""
    reading = moments_of(datetime.fromisoformat(wall), ZoneInfo(zone))
    assert reading.moment == utc(moment)
    assert reading.again == (utc(again) if again else None)
    assert reading.skipped == skipped


@pytest.mark.parametrize("zone", [*ZONES, *ODD_ZONES])
@settings(deadline=None)
@given(minute=st.integers(0, DAYS * 1440 - 1))
def test_a_reading_is_first_shown_when_a_watcher_sees_it(zone: str, minute: int) -> None:
    """Whoever looks at the clock every minute sees it at that moment for the first time."""
    wall = FIRST_DAY + timedelta(minutes=minute)
    moment = first_moment(wall, ZoneInfo(zone))
    assert moment == first_shown(wall, zone)
    reading = moments_of(wall, ZoneInfo(zone))
    assert (shown(moment, ZoneInfo(zone)) != wall) == reading.skipped
    assert reading.again is None or shown(reading.again, ZoneInfo(zone)) == wall


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("2h", timedelta(hours=2)),
        ("90m", timedelta(minutes=90)),
        ("1d12h", timedelta(hours=36)),
        ("45s", timedelta(seconds=45)),
        ("0m", timedelta(0)),
        ("99999d", timedelta(days=99999)),
    ],
)
def test_a_length_of_time_is_read(text: str, duration: timedelta) -> None:
    """Days, hours, minutes and seconds, each a whole number with its letter."""
    assert read_duration(text) == duration


@pytest.mark.parametrize(
    ("zone", "moment", "offset"),
    [
        ("Europe/Paris", "2027-10-31 00:30", " UTC+02:00"),
        ("Europe/Paris", "2027-10-31 01:30", " UTC+01:00"),
        ("Europe/Paris", "2027-10-31 02:00", ""),
        ("Europe/Paris", "2027-03-28 01:00", ""),
        ("Australia/Lord_Howe", "2026-04-04 15:15", " UTC+10:30"),
        ("UTC", "2027-10-31 00:30", ""),
    ],
)
def test_which_of_two_a_moment_is(zone: str, moment: str, offset: str) -> None:
    """Only where the clock shows the same twice is the offset said."""
    known = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert offset_if_twice(known, ZoneInfo(zone)) == offset


@pytest.mark.parametrize(
    "text",
    ["", "2", "h", "2H", "2 h", "2h ", "-2h", "1.5h", "12h1d", "2h2h", "٣h", "999999d", "2w"],
)
def test_what_is_no_length_of_time_is_not_read(text: str) -> None:
    """Another order, another unit, a sign, a fraction: none of it is guessed at."""
    assert read_duration(text) is None


@given(st.timedeltas(timedelta(0), timedelta(days=99999)))
def test_a_length_of_time_is_written_as_it_is_read(duration: timedelta) -> None:
    """Written and read again, it is the same to the second."""
    assert read_duration(write_duration(duration)) == timedelta(
        days=duration.days, seconds=duration.seconds
    )


def test_the_examples_of_durations_hold() -> None:
    """Each `>>>` in the module gives what stands below it."""
    results = doctest.testmod(durations)
    assert results.attempted > 0
    assert results.failed == 0
