"""Keys and hashes that are known before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from atproto_client.models.string_formats import validate_tid
from hypothesis import given
from hypothesis import strategies as st

from threadbot.networks.bluesky_keys import CLOCKS, record_cid, tid

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is added
CLOCK_IDS = st.integers(0, CLOCKS - 1)


@given(MOMENTS, CLOCK_IDS, st.integers(0, 200))
def test_a_key_is_valid_and_tells_its_time(moment: datetime, clock: int, offset: int) -> None:
    """A key can be read back: 53 bits of microseconds, 10 bits of the clock."""
    key = tid(moment, clock, offset)
    validate_tid(key, None)
    number = 0
    for letter in key:
        number = number * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(letter)
    assert divmod(number, CLOCKS) == (
        (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) + offset,
        clock,
    )


@given(MOMENTS, CLOCK_IDS)
def test_keys_of_one_thread_sort_in_its_order(moment: datetime, clock: int) -> None:
    """The keys of posts that follow one another sort as the posts do, whatever follows later."""
    keys = [tid(moment, clock, place) for place in range(200)]
    assert sorted(keys) == keys
    assert tid(moment + timedelta(milliseconds=1), 0) > keys[-1]


@pytest.mark.parametrize("clock", [-1, CLOCKS])
def test_a_clock_out_of_range_makes_no_key(clock: int) -> None:
    """A clock has ten bits."""
    with pytest.raises(ValueError, match="no key"):
        tid(datetime(2026, 1, 1, tzinfo=UTC), clock)


def test_a_record_holds_no_fractions() -> None:
    """The protocol knows no numbers with a fraction, so there is no hash of one."""
    with pytest.raises(TypeError, match="fraction"):
        record_cid({"$type": "app.bsky.feed.post", "ratio": [1.5]})


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    """The protocol sorts the keys of a record before it is hashed."""
    assert record_cid({"a": 1, "bb": 2}) == record_cid({"bb": 2, "a": 1})
