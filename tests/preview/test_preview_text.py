"""What the plain preview says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from preview_examples import BLUESKY_THREAD, X_THREAD

from threadbot.preview.characters import visible
from threadbot.preview.text import plain_text
from threadbot.preview.wording import counter, price


def test_posts_stand_as_they_will_be_sent() -> None:
    """Each post's text is in the output unbroken, so that it can be copied."""
    output = plain_text((X_THREAD, BLUESKY_THREAD))
    for post in (*X_THREAD.posts, *BLUESKY_THREAD.posts):
        assert f"\n{post.text}\n" in output


def test_separators_tell_number_and_counter() -> None:
    """A line between two posts gives the next one's number and how full it is."""
    lines = plain_text((X_THREAD,)).splitlines()
    assert lines[0] == "===== X · 3 posts · $0.23 ====="
    assert "----- 2 · 271/280 -----" in lines
    assert lines[-1] == "Warning: brest.fr in the text counts as a link on X."


def test_everything_left_out_is_listed() -> None:
    """The plain preview shortens nothing."""
    lines = plain_text((X_THREAD,)).splitlines()
    assert "Left out (8):" in lines
    assert lines.count("- Phrase 8 laissée de côté.") == 1


def test_attachments_are_named() -> None:
    """Card, images and the address under the words are told after the post."""
    output = plain_text((BLUESKY_THREAD,))
    assert "[link] https://enpause.example.com/tramway\n" in output
    assert "[card] Le tramway revient à Brest : trois lignes d’ici 2030 · https://" in output
    assert "[image] rue.jpg (no alternative text)\n" in output


@pytest.mark.parametrize(
    ("length", "size", "expected"),
    [(100, 999, "100/300"), (100, 1001, "100/300 · 1,001/3,000 bytes"), (100, 1000, "100/300")],
)
def test_bytes_are_shown_when_they_bind(length: int, size: int, expected: str) -> None:
    """Bluesky's bytes are shown where they are nearer to their limit than the graphemes."""
    post = replace(BLUESKY_THREAD.posts[0], length=length, size=size)
    assert counter(BLUESKY_THREAD, post) == expected


def test_x_has_no_limit_of_bytes() -> None:
    """A counter of X never speaks of bytes."""
    post = replace(X_THREAD.posts[0], length=10, size=2900)
    assert counter(X_THREAD, post) == "10/280"


@pytest.mark.parametrize(
    ("dollars", "expected"),
    [("0.335", "$0.335"), ("2.00", "$2.00"), ("0.2", "$0.20"), ("10", "$10.00"), ("0", "$0.00")],
)
def test_prices_have_two_decimals_at_least(dollars: str, expected: str) -> None:
    """A price shows what it needs and no more."""
    assert price(Decimal(dollars)) == expected


@given(st.text())
def test_visible_text_keeps_its_length_and_its_letters(text: str) -> None:
    """Stand-ins take exactly the place of what they stand for, and nothing else is touched."""
    shown = visible(text)
    assert len(shown) == len(text)
    for before, after in zip(text, shown, strict=True):
        steers = (before < " " and before not in "\t\n") or "\x7f" <= before < "\xa0"
        assert (before == after) is not steers
