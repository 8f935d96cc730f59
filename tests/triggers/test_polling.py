"""When a feed is asked again: each answer and what is remembered after it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory import START

from threadbot.triggers.polling import (
    BELIEVED_UNMODIFIED,
    GONE_TIMES,
    MAY_BE_GONE,
    Moment,
    Pace,
    Poll,
    after_answer,
    after_failure,
    after_reading,
    conditions,
    first_poll,
)
from threadbot.triggers.retry_after import retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTE = timedelta(minutes=1)
NOW = Moment(START, 0.0)
URL = "https://news.example/feed"
HTTP_DATE = "Tue, 24 Nov 2026 08:00:00 GMT"


@dataclass
class Said:
    """An answer of a server."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"<rss/>"
    moved: str | None = None


FRESH = first_poll(URL, START, Pace())
READ = after_reading(
    FRESH, Said(headers={"etag": 'W/"1"', "last-modified": HTTP_DATE}), NOW, changed=True
)


def settled(answer: Said, poll: Poll = READ, moment: Moment = NOW) -> Poll:
    """Give what is remembered after an answer that needs no reading."""
    after = after_answer(poll, answer, moment)
    assert after is not None
    return after


def pause(poll: Poll, moment: Moment = NOW) -> timedelta:
    """Give the time until the next request."""
    assert poll.next_at is not None
    return poll.next_at - moment.now


@pytest.mark.parametrize(
    ("place", "number", "waits"),
    [
        (0, 1, timedelta(0)),
        (99, 100, timedelta(0)),
        (100, 10_000, timedelta(0)),
        (5_100, 10_000, timedelta(minutes=7.5)),
        (9_999, 10_000, timedelta(minutes=15) * 0.9899),
    ],
)
def test_first_requests_are_spread(place: int, number: int, waits: timedelta) -> None:
    """A few new feeds are asked at once, many within the time that is usual for each."""
    assert pause(first_poll(URL, START, Pace(), place, number)) == waits


def test_conditional_requests() -> None:
    """What the server named is sent back as it was; without it there is no condition."""
    assert conditions(FRESH, START) == {}
    assert conditions(READ, START) == {"If-None-Match": 'W/"1"', "If-Modified-Since": HTTP_DATE}
    assert conditions(after_reading(READ, Said(), NOW, changed=False), START) == {}


@pytest.mark.parametrize("value", ["", "é", "a\r\nX: y", "a" * 1001], ids=repr)
def test_what_cannot_be_sent_back(value: str) -> None:
    """A validator that is empty, too long or no plain text is not sent back."""
    assert after_reading(FRESH, Said(headers={"etag": value}), NOW, changed=True).etag is None


def test_a_server_is_not_believed_for_ever() -> None:
    """After a week of "not modified" the whole feed is asked for once."""
    week = START + BELIEVED_UNMODIFIED
    unmodified = settled(Said(304), moment=Moment(week - MINUTE, 0.0))
    assert conditions(unmodified, week - MINUTE)
    assert conditions(unmodified, week) == {}


def test_a_body_is_read_before_it_is_remembered() -> None:
    """A new body is to be read; the same one again, with or without a condition, is not."""
    assert after_answer(FRESH, Said(), NOW) is None
    assert after_answer(READ, Said(body=b"<rss> </rss>"), NOW) is None
    assert settled(Said()).interval == settled(Said(304)).interval


def test_pace_follows_the_feed() -> None:
    """A feed that changes is asked sooner, one that does not later, within the bounds."""
    poll, paces = READ, []
    for _ in range(12):
        poll = settled(Said(304), poll)
        paces.append(pause(poll))
    assert paces[0] < paces[3] < paces[6]
    assert paces[-1] == Pace().longest
    for _ in range(6):
        poll = after_reading(poll, Said(), NOW, changed=True)
        paces.append(pause(poll))
    assert paces[-1] == Pace().shortest


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["new", "same", "failure", "wait"]), max_size=40),
    st.floats(0, 1, exclude_max=True),
)
def test_pace_stays_within_its_bounds(events: list[str], chance: float) -> None:
    """Whatever happens, no feed is asked more often than allowed, nor left alone for over a day."""
    moment = Moment(START, chance)
    poll = FRESH
    for event in events:
        if event == "new":
            poll = after_reading(poll, Said(), moment, changed=True)
        elif event == "same":
            poll = settled(Said(304), poll, moment)
        elif event == "failure":
            poll = after_failure(poll, "no", moment)
        else:
            poll = settled(Said(503, {"retry-after": "999999999999"}), poll, moment)
        assert Pace().shortest <= pause(poll) <= Pace().patience
        assert poll.failures or pause(poll) <= Pace().longest


def test_chance_spreads_requests() -> None:
    """Feeds of the same pace come to be asked at different times."""
    early, late = (settled(Said(304), moment=Moment(START, chance)) for chance in (0.99, 0.0))
    assert pause(early) < pause(late) * 0.85


def test_a_hub_makes_asking_the_fallback() -> None:
    """A feed whose hub tells of news is asked at the slowest pace only."""
    assert pause(settled(Said(304), moment=replace(NOW, pushed=True))) == Pace().longest


def test_back_off() -> None:
    """The first pause is the feed's own, each further one twice that; the first success ends it."""
    poll, pauses = READ, []
    for _ in range(12):
        poll = after_failure(poll, "it cannot be reached", NOW)
        pauses.append(pause(poll))
    assert pauses[:3] == [READ.interval, 2 * READ.interval, 4 * READ.interval]
    assert pauses[-1] == Pace().patience
    assert (poll.failures, poll.error) == (12, "it cannot be reached")
    # What is known of the last good answer is kept.
    assert conditions(poll, START)
    well = settled(Said(304), poll)
    assert (well.failures, well.error) == (0, None)
    assert pause(well) <= Pace().longest


@pytest.mark.parametrize("interval", [MINUTE, 4 * MINUTE, 15 * MINUTE, 60 * MINUTE])
@pytest.mark.parametrize("chance", [0.0, 0.99])
def test_a_first_failure_delays_no_feed_for_long(interval: timedelta, chance: float) -> None:
    """A site that was away for a moment is asked at its feed's own pace, and never sooner."""
    moment = Moment(START, chance, Pace(shortest=MINUTE))
    failed = after_failure(replace(READ, interval=interval), "it cannot be reached", moment)
    assert max(MINUTE, interval * 0.8) <= pause(failed, moment) <= interval


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "it wants a password (HTTP 401)"),
        (404, "there is nothing at its address (HTTP 404)"),
        (500, "its server answers with HTTP 500"),
        (206, "its server answers with HTTP 206"),
    ],
)
def test_failures_are_named(status: int, said: str) -> None:
    """An answer that is no feed counts as a failure and says what it was."""
    assert settled(Said(status)).error == said


def test_gone_for_good() -> None:
    """It is believed after a week, and asked by hand the feed comes back."""
    poll, days, moment = READ, 0, NOW
    while (poll := settled(Said(410), poll, moment)).next_at is not None:
        days += 1
        assert timedelta(hours=19) < pause(poll, moment) <= timedelta(days=1)
        assert (poll.failures, poll.interval) == (days, READ.interval)
        # A hub's pings, and a person who asks, make it no more gone.
        assert settled(Said(410), poll, moment).failures == days
        moment = replace(moment, now=poll.next_at)
    assert days == GONE_TIMES - 1
    assert "'threadbot poll NAME'" in (poll.error or "")
    back = settled(Said(304), poll)
    assert (back.error, back.failures) == (None, 0)
    assert back.next_at is not None


@pytest.mark.parametrize("between", [304, 500])
def test_a_feed_that_is_gone_by_mistake(between: int) -> None:
    """Another answer between begins the count anew, and no row of other failures counts."""
    once = settled(Said(410), settled(Said(between), settled(Said(410))))
    assert (once.failures, once.error) == (1, MAY_BE_GONE)
    failing = replace(READ, failures=20, error="its server answers with HTTP 500")
    assert settled(Said(410), failing).next_at is not None


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wish", "granted"),
    [
        ("7200", timedelta(hours=2)),
        ("Tue, 24 Nov 2026 11:00:00 GMT", timedelta(hours=3)),
        ("10", None),
        ("999999999", timedelta(days=1)),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after(status: int, wish: str, granted: timedelta | None) -> None:
    """A server that asks for patience gets it, up to a day, and never less than the back-off."""
    usual = pause(after_failure(READ, "", NOW))
    assert pause(settled(Said(status, {"retry-after": wish}))) == (granted or usual)


@settings(deadline=None)
@given(st.text())
def test_retry_after_of_any_kind(text: str) -> None:
    """Whatever stands in Retry-After, a moment comes out of it or nothing."""
    found = retry_after(text, START)
    assert found is None or found.tzinfo is not None


MOVES = {
    "moved": (URL, "https://new.example/feed", "https://new.example/feed"),
    "not moved": (URL, None, URL),
    "made secure": ("http://news.example/feed", URL, URL),
    "made insecure": (URL, "http://news.example/feed", URL),
}


@pytest.mark.parametrize(("before", "moved", "after"), MOVES.values(), ids=MOVES)
def test_moves(before: str, moved: str | None, after: str) -> None:
    """A feed that moved for good is asked at its new place, unless that is less secure."""
    poll = replace(READ, url=before)
    assert settled(Said(304, moved=moved), poll).url == after
    assert after_reading(poll, Said(moved=moved), NOW, changed=False).url == after


def test_a_move_to_nothing_is_not_remembered() -> None:
    """A site that sends every old address to its front page has not moved its feed there."""
    assert settled(Said(404, moved="https://news.example/")).url == URL
    unreadable = after_failure(READ, "it is a web page, not a feed", NOW)
    assert unreadable.url == URL
