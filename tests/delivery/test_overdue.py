"""What is overdue goes out one by one, or is held."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.delivery.overdue import GoOut, Overdue, TooLate, after_outage
from threadbot.delivery.schedule import Blackout, QuietHours, Schedule, is_closed

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(time(22), time(7))
HALF_HOUR = timedelta(minutes=30)
SCHEDULE = Schedule(
    PARIS,
    least_distance=HALF_HOUR,
    quiet=(NIGHT,),
    blackouts=(Blackout(date(2026, 12, 25), date(2026, 12, 25)),),
    max_late=timedelta(hours=10),
)


def paris(text: str) -> datetime:
    """Read a moment as the clock in Paris shows it; the day may be left out."""
    full = text if "-" in text else f"2026-11-24 {text}"
    return datetime.fromisoformat(full).replace(tzinfo=PARIS).astimezone(UTC)


#: Now, when the last thread went out, the due times, and when each goes out ("held" if it is held).
OUTAGES = {
    "on time": ("12:15", None, ["12:15"], ["12:15"]),
    "on time, but near to the last": ("12:15", "12:00", ["12:15"], ["12:30"]),
    "long after the last": ("12:15", "08:30", ["12:15"], ["12:15"]),
    "one by one": ("13:00", None, ["12:15", "08:30", "10:00"], ["14:00", "13:00", "13:30"]),
    "into the night": ("21:30", None, ["21:00", "21:10"], ["21:30", "2026-11-25 07:00"]),
    "in the night": ("23:00", None, ["21:50"], ["2026-11-25 07:00"]),
    "after midnight": ("2026-11-25 06:00", None, ["21:50"], ["2026-11-25 07:00"]),
    "too late": ("19:00", None, ["08:30", "10:00"], ["held", "19:00"]),
    "too late by the morning": ("22:30", None, ["18:00"], ["held"]),
    "exactly as late as may be": ("18:30", None, ["08:30"], ["18:30"]),
    "a day off": ("2026-12-25 08:00", None, ["2026-12-24 21:30"], ["held"]),
}


@pytest.mark.parametrize(("now", "last", "due", "expected"), OUTAGES.values(), ids=OUTAGES)
def test_what_is_overdue_goes_out_one_by_one(
    now: str, last: str | None, due: list[str], expected: list[str]
) -> None:
    """The oldest first, at the least distance, in open hours, and not later than may be."""
    overdue = [Overdue(number, paris(text)) for number, text in enumerate(due)]
    decisions = after_outage(SCHEDULE, overdue, paris(now), paris(last) if last else None)
    wanted = {
        number: None if text == "held" else paris(text) for number, text in enumerate(expected)
    }
    assert {
        decision.thread: decision.at if isinstance(decision, GoOut) else None
        for decision in decisions
    } == wanted


def test_a_thread_that_is_held_says_why() -> None:
    """The reason is one sentence: what happened, by how much, and what to do."""
    decisions = after_outage(SCHEDULE, [Overdue(12, paris("08:30"))], paris("18:42"))
    assert decisions == (
        TooLate(
            12,
            "it was due at 2026-11-24 08:30 (Europe/Paris) and would go out at least 10h12m "
            "late, more than 'schedule.max_late' allows (10h): send it with `threadbot queue retry "
            "12`, give it another time as with `threadbot queue move 12 --next-slot`, or cancel it",
        ),
    )


def test_a_time_named_by_a_person_may_be_in_the_night() -> None:
    """Quiet hours do not keep such a thread back, nor does one that waits for the morning."""
    overdue = [Overdue(1, paris("21:50")), Overdue(2, paris("23:00"), by_hand=True)]
    assert after_outage(SCHEDULE, overdue, paris("23:00")) == (
        GoOut(2, paris("23:00")),
        GoOut(1, paris("2026-11-25 07:00")),
    )


def test_quiet_hours_end_where_the_clock_shows_their_end_again() -> None:
    """At the second half past one of an autumn night, the hours until then are over."""
    schedule = Schedule(PARIS, quiet=(QuietHours(time(22), time(2, 30)),))
    second_ten_past_two = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert is_closed(schedule, second_ten_past_two)
    overdue = [Overdue(1, second_ten_past_two)]
    assert after_outage(schedule, overdue, second_ten_past_two) == (
        GoOut(1, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    )


MINUTES = st.integers(0, 3 * 1440)
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
SCHEDULES = st.builds(
    Schedule,
    st.sampled_from([PARIS, ZoneInfo("Australia/Lord_Howe"), UTC]),
    least_distance=st.integers(1, 240).map(lambda minutes: timedelta(minutes=minutes)),
    quiet=st.lists(st.builds(QuietHours, TIMES, TIMES), max_size=2).map(tuple),
    max_late=st.integers(1, 2880).map(lambda minutes: timedelta(minutes=minutes)),
)


@settings(deadline=None)
@given(schedule=SCHEDULES, late=st.lists(MINUTES, max_size=12), since=MINUTES)
def test_nothing_is_lost_and_every_rule_is_kept(
    schedule: Schedule, late: list[int], since: int
) -> None:
    """Each thread has one decision; those that go out keep distance, quiet, and `max_late`."""
    # The night of a clock change in Paris.
    now = datetime(2026, 10, 25, 3, tzinfo=UTC)
    last = now - timedelta(minutes=since)
    due = {number: now - timedelta(minutes=minutes) for number, minutes in enumerate(late)}
    overdue = [Overdue(number, moment) for number, moment in due.items()]
    decisions = after_outage(schedule, overdue, now, last)
    assert sorted(decision.thread for decision in decisions) == sorted(due)
    out = [decision for decision in decisions if isinstance(decision, GoOut)]
    times = [last, *(decision.at for decision in out)]
    assert all(after - before >= schedule.least_distance for before, after in pairwise(times))
    for decision in out:
        assert decision.at >= now
        assert not is_closed(schedule, decision.at)
        assert decision.at - due[decision.thread] <= schedule.max_late
    assert [due[decision.thread] for decision in out] == sorted(
        due[decision.thread] for decision in out
    )
