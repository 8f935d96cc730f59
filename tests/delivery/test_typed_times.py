"""What people type as a time, and what is said of what cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadbot.delivery.typed_times import read_at, read_in
from threadbot.errors import TimeError

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
CASES = [
    tuple(line.split(" | "))
    for line in Path(__file__).with_name("typed_times.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def read(text: str, language: str | None = None, now: datetime = NOW) -> str:
    """Give the moment that a text names in UTC, or what is said of it."""
    try:
        moment = read_at(text, PARIS, now, language)
    except TimeError as error:
        return str(error)
    return moment.isoformat(" ").removesuffix("+00:00").removesuffix(":00")


@pytest.mark.parametrize(("text", "outcome"), CASES, ids=[text for text, _ in CASES])
def test_a_time_is_read_or_refused_with_a_sentence(text: str, outcome: str) -> None:
    """Each form gives its moment, each mistake one sentence: what, where, what to do."""
    assert read(text) == outcome


@pytest.mark.parametrize("language", ["fr", "de"])
def test_where_the_day_comes_first_slashes_are_clear(language: str) -> None:
    """A publication's language decides what 01/12 is, and 12/25 is no day at all."""
    assert read("01/12/2026 8h30", language) == "2026-12-01 07:30"
    assert read("12/25/2026 8h30", language) == (
        "'12/25/2026 8h30' names a day that is not in the calendar (2026-25-12): correct it"
    )
    assert read("01/12/2026 08:30", "en").startswith("'01/12/2026 08:30' may be either")


def test_a_time_of_day_alone_is_refused_in_the_night_of_a_change() -> None:
    """Where the next such moment is skipped or comes twice, the day does not make it clear."""
    spring, autumn = (datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 30, 22, tzinfo=UTC))
    assert "does not exist" in read("02:30", now=spring)
    assert "comes twice" in read("02:30", now=autumn)
    between = datetime(2027, 10, 31, 0, 45, tzinfo=UTC)
    assert "comes twice" in read("02:30", now=between)
    assert read("02:30", now=datetime(2027, 10, 31, 1, 30, tzinfo=UTC)) == "2027-11-01 01:30"


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("2h", timedelta(hours=2)),
        ("90m", timedelta(minutes=90)),
        (" 1d12h ", timedelta(hours=36)),
        ("5s", timedelta(seconds=5)),
        ("731d", timedelta(days=731)),
    ],
)
def test_a_length_of_time_is_counted_from_now(text: str, ahead: timedelta) -> None:
    """A day is 24 hours, whatever the clock does."""
    assert read_in(text, NOW) == NOW + ahead


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2", "'2' is no length of time: write it as in 90m, 2h or 1d12h"),
        ("2 hours", "'2 hours' is no length of time: write it as in 90m, 2h or 1d12h"),
        ("-2h", "'-2h' is no length of time: write it as in 90m, 2h or 1d12h"),
        ("", "'' is no length of time: write it as in 90m, 2h or 1d12h"),
        ("0m", "'0m' is no time from now: give a longer one, or use publish"),
        ("732d", "'732d' is more than two years ahead: correct it, or schedule it later"),
    ],
)
def test_what_is_no_length_of_time_is_refused(text: str, said: str) -> None:
    """One sentence says what to write instead."""
    with pytest.raises(TimeError) as caught:
        read_in(text, NOW)
    assert str(caught.value) == said


@given(st.datetimes(datetime(2026, 11, 25), datetime(2028, 11, 23)))  # noqa: DTZ001 - as a clock shows it
def test_a_time_of_the_next_two_years_is_shown_as_it_was_typed(wall: datetime) -> None:
    """The clock shows what was typed, unless the text is refused for a change of the clock."""
    text = f"{wall:%Y-%m-%d %H:%M}"
    try:
        moment = read_at(text, PARIS, NOW)
    except TimeError as error:
        assert "comes twice" in str(error) or "does not exist" in str(error)  # noqa: PT017 - either will do
    else:
        assert f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M}" == text


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="0123456789:-/.hTZ+ Uhrà"),
        st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]\d\d?[:h]\d\d([+-]\d\d:\d\d)?"),
    )
)
def test_whatever_is_typed_gives_a_later_moment_or_one_sentence(text: str) -> None:
    """Nothing breaks it, and what it says is one line that shows what was typed."""
    try:
        moment = read_at(text, PARIS, NOW)
    except TimeError as error:
        said = str(error)
        assert said.isprintable()
        assert len(said) < 300
    else:
        assert NOW < moment <= NOW + timedelta(days=731)
