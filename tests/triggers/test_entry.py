"""Entries as they are stored until their article is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.triggers.entry import Entry

_ZONES = st.just(UTC) | st.just(timezone(timedelta(hours=5, minutes=45)))
_WORDS = st.none() | st.text()


@settings(deadline=None)
@given(
    st.builds(
        Entry,
        guid=_WORDS,
        address=_WORDS,
        title=_WORDS,
        content=st.text(st.characters()),
        published=st.none() | st.datetimes(datetime(1980, 1, 1), timezones=_ZONES),  # noqa: DTZ001
        categories=st.lists(st.text()).map(tuple),
        source=_WORDS,
        changed=st.none() | st.datetimes(datetime(1980, 1, 1), timezones=_ZONES),  # noqa: DTZ001
    )
)
def test_a_stored_entry_comes_back(entry: Entry) -> None:
    """An entry that is stored comes back as it was, with the offset of its date."""
    back = Entry.from_json(entry.to_json())
    assert back == entry
    assert str(back.published) == str(entry.published)


def test_an_entry_that_a_former_version_stored() -> None:
    """What was stored without the time of its change is read all the same."""
    stored = json.loads(Entry(guid="1").to_json())
    del stored["changed"]
    assert Entry.from_json(json.dumps(stored)) == Entry(guid="1")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"published": 1}', "[" * 100_000])
def test_what_is_no_stored_entry(text: str) -> None:
    """What was never an entry is refused."""
    with pytest.raises(ValueError, match=r"."):
        Entry.from_json(text)
