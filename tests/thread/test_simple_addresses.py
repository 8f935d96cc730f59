"""Tests of the short way to weigh addresses: it weighs what the long way does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.texts import random_texts

from threadbot.thread.x_text import URL_LENGTH, weighted_length

#: An address in brackets has every address of the text looked at closely.
CLOSELY = " (a.com)"
ADDRESSES = (
    "https://a.fr/b https://www.example.com/x.html?a=1&b=c http://t.co/abc https://t.co/ab.c "
    "example.org/tram#l README.md fini.Il x.kids a-b.co.uk a..com a.com. a.com, a.com?x=1 "
    "a.com/x?y! https://a.com?x=1 a.com:80/x a.com/(x) a.com) a_b.com -a.com a--b.com xn--a.com "
    "HTTP://a.com 1.com a.c a.com/a@b.com @a.com $a.com a.com/. a.com/# a.com/x?? 3.5 e.g. "
    "http://localhost a.kids.com a.com.kids a.volkswagen/un/long/chemin a.com/é https://T.co/abc "
    "http://a.com/x_(y) end. a.com/a,b a.com/a, https://a.b.c.example.com/a/b/c?d=e#f"
).split()
LONG = [f"{'x' * 63}.com", f"{'x' * 64}.com", f"a.com/{'y' * 4090}", f"t.co/{'x' * 41}"]

texts = st.lists(
    st.sampled_from([*ADDRESSES, *LONG, " ", " ", " ", "\n", "\u00a0", "\x1c", "mot", "é"]),
    max_size=9,
).map("".join)


def weighed_closely(text: str) -> int:
    """Weigh a text the long way."""
    return weighted_length(text + CLOSELY) - len(" ()") - URL_LENGTH


@settings(max_examples=500, deadline=None)
@given(texts)
def test_addresses_weigh_the_same_closely(text: str) -> None:
    """The short way and the long way give one weight, also where addresses touch other words."""
    assert weighted_length(text) == weighed_closely(text)


def test_random_texts_weigh_the_same_closely() -> None:
    """The same holds for texts of many scripts."""
    for text in random_texts(4, 2000):
        assert weighted_length(text) == weighed_closely(text)


@pytest.mark.parametrize(
    "address", ["https://a.fr/b?c=d", "example.org/tram#lines", "https://a.fr"]
)
@pytest.mark.parametrize("around", ["{}", "See {}.", "a\n{}\nb", "one {}, two {}!"])
def test_usual_addresses_weigh_23(address: str, around: str) -> None:
    """An address between spaces weighs 23, whatever its length; punctuation behind it counts."""
    text = around.format(address, address)
    others = len(text) - len(address) * text.count(address)
    assert weighted_length(text) == others + URL_LENGTH * text.count(address)
