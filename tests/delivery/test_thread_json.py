"""A stored thread is the thread that was previewed."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import rich_thread

from threadbot.article.model import Image
from threadbot.delivery.thread_json import content_hash, thread_from_json, thread_to_json
from threadbot.thread.model import Card, Post, Span, Thread

TEXT = st.text(max_size=20)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
SPANS = st.builds(
    Span, st.integers(), st.integers(), st.sampled_from(["link", "mention", "hashtag"]), TEXT
)
POSTS = st.builds(
    Post,
    part=st.sampled_from(["opening", "body", "closing", "single"]),
    text=TEXT,
    spans=st.lists(SPANS, max_size=2).map(tuple),
    length=st.integers(),
    size=st.integers(),
    card=st.none() | st.builds(Card, TEXT, TEXT, TEXT, st.none() | TEXT),
    images=st.lists(st.builds(Image, TEXT, TEXT), max_size=2).map(tuple),
)
THREADS = st.builds(
    Thread,
    network=st.sampled_from(["x", "bluesky"]),
    account=TEXT,
    limit=st.integers(),
    langs=TEXTS,
    tags=TEXTS,
    posts=st.lists(POSTS, max_size=3).map(tuple),
    omitted=TEXTS,
    warnings=TEXTS,
    price_usd=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
)


@given(made=THREADS)
def test_nothing_is_lost(made: Thread) -> None:
    """Any thread comes back equal, its price with every digit."""
    text = thread_to_json(made)
    back = thread_from_json(text)
    assert back == made
    assert str(back.price_usd) == str(made.price_usd)
    assert thread_to_json(back) == text
    assert content_hash(back) == content_hash(made)


MADE = rich_thread()
FIRST, SECOND = MADE.posts
POSTED = [
    replace(MADE, langs=("fr",)),
    replace(MADE, tags=()),
    replace(MADE, posts=(SECOND, FIRST)),
    replace(MADE, posts=(replace(FIRST, text="Lire"), SECOND)),
    replace(MADE, posts=(replace(FIRST, spans=()), SECOND)),
    replace(MADE, posts=(replace(FIRST, card=None), SECOND)),
    replace(MADE, posts=(FIRST, replace(SECOND, images=(Image("a.jpg", "Un train"),)))),
]


@pytest.mark.parametrize("changed", POSTED)
def test_the_hash_covers_what_is_posted(changed: Thread) -> None:
    """Whatever the network would show differently changes the hash."""
    assert content_hash(changed) != content_hash(MADE)


def test_the_hash_covers_nothing_else() -> None:
    """Notes, price and the account's name are not posted and change no hash."""
    noted = replace(MADE, omitted=(), warnings=(), price_usd=Decimal(7), account="other")
    assert content_hash(noted) == content_hash(MADE)


def test_the_hash_stays_what_it_is() -> None:
    """A ledger written by this version can be read by the next one."""
    assert content_hash(MADE) == HASH


HASH = "5e715a6c1a5df8959c347c4fc7ea0c902b5103b9720e028f37399297b33c1daa"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[1]",
        "{}",
        json.dumps(json.loads(thread_to_json(MADE)) | {"posts": [1]}),
        json.dumps(json.loads(thread_to_json(MADE)) | {"price_usd": "much"}),
    ],
)
def test_what_is_no_thread(text: str) -> None:
    """Text that is not that of a thread is refused as a whole."""
    with pytest.raises(ValueError, match=r"no stored thread|Expecting value"):
        thread_from_json(text)
