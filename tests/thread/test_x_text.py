"""How X measures a text: weights, entities, names; judged by npm twitter-text where it is there."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.texts import HOSTILE, random_texts

from threadbot.thread.x_grammar import DISPUTED_TLDS, OFFICIAL_TLDS
from threadbot.thread.x_text import (
    URL_LENGTH,
    entities,
    is_handle,
    is_recognised_url,
    is_valid,
    urls,
    weighted_length,
)
from threadbot.thread.x_tlds import ADDED, RETIRED, TWITTER_TEXT
from threadbot.thread.x_urls import tld_ends

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.node import NodeOracle

SEED = 20261124


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Bonjour « le monde » — c’est l’œuvre – fin", 42),
        ("…\u202f€‰•→", 12),
        ("\r\n", 2),
        ("e\u0301", 1),
        ("日本", 4),
        ("\U00020000", 2),
        ("🧵", 2),
        ("⤵️", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇫🇷🇫", 4),
        ("1️⃣", 2),
        ("©", 1),
        ("©️", 2),
        ("😀\ufe0f", 4),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", 2),
        ("voir http://a.fr/" + "x" * 300, 5 + URL_LENGTH),
        ("README.md", URL_LENGTH),
        ("README.\u2060md", 11),
        ("https://exemple.example/chemin", 30),
        ("http://localhost", 16),
    ],
)
def test_weights(text: str, weight: int) -> None:
    """Light signs weigh 1, others 2, an emoji sequence 2 and an address 23."""
    assert weighted_length(text) == weight


@pytest.mark.parametrize("sequence", ["🧑‍🔧", "❤️‍🔥", "🫱🏽"])
def test_emoji_after_version_11_weigh_more_than_two(sequence: str) -> None:
    """An emoji sequence that X's parser does not know is counted sign by sign, never too little."""
    assert weighted_length(sequence) > 2


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("a.kids", URL_LENGTH),
        ("https://a.kids/" + "x" * 30, 45),
        ("a.volkswagen", URL_LENGTH),
        ("https://a.volkswagen/" + "x" * 30, 51),
        ("a.com.kids", URL_LENGTH + 5),
    ],
)
def test_disputed_domains_weigh_the_most(text: str, weight: int) -> None:
    """Where the lists of top-level domains disagree, the larger weight counts."""
    assert weighted_length(text) == weight


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@bob,@bob/list", [(0, 4, "mention", "bob"), (5, 14, "mention", "bob/list")]),
        ("RT:@bob xrt@bob rt@bob", [(3, 7, "mention", "bob"), (18, 22, "mention", "bob")]),
        ("😀#été $TSLA", [(1, 5, "hashtag", "été"), (6, 11, "cashtag", "TSLA")]),
        ("#a#b &#c #️⃣d", []),
        ("fini.Il M.Dupont 3.Les", [(0, 7, "url", "fini.Il"), (8, 16, "url", "M.Dupont")]),
        ("日本example.com/ab", [(2, 16, "url", "example.com/ab")]),
        ("@http://a.com/b@c", []),
        ("$a.com a@b.com", [(0, 2, "cashtag", "a")]),
    ],
)
def test_entities(text: str, found: list[tuple[int, int, str, str]]) -> None:
    """Entities come in order, with their places in code points."""
    assert [(e.start, e.end, e.kind, e.value) for e in entities(text)] == found


@pytest.mark.parametrize(
    ("url", "recognised"),
    [
        ("https://enpause.com/mistral-bureau-lyon?a=1#b", True),
        ("http://пример.рф/", True),
        ("https://exemple.example/", False),
        ("https://127.0.0.1/", False),
        ("http://localhost:8000/", False),
        ("http://[::1]/", False),
        ("https://a.com/fin.", False),
        ("https://a.com/un deux", False),
        ("https://user@a.com/", False),
        ("", False),
    ],
)
def test_recognised_addresses(url: str, recognised: bool) -> None:  # noqa: FBT001 - it is the case
    """An address is recognised if X makes a link of the whole of it."""
    assert is_recognised_url(url) is recognised


@pytest.mark.parametrize("name", ["EnPause", "_", "12345", "a" * 15])
def test_handles(name: str) -> None:
    """A user's name is up to 15 letters, numerals and underscores."""
    assert is_handle(name)


@pytest.mark.parametrize("name", ["", "a" * 16, "@a", "été", "a-b", "a.b", "a ", "a\n"])
def test_names_that_are_no_handles(name: str) -> None:
    """Anything else is nobody's name."""
    assert not is_handle(name)


@pytest.mark.parametrize("text", ["", "a" * 281, "a\ufeff", "a\ufffe", "a\uffff"])
def test_texts_that_x_refuses(text: str) -> None:
    """An empty text, a long one and one with a non-character are no posts."""
    assert not is_valid(text)


@given(st.text(), st.text())
def test_entities_lie_in_order_and_apart(before: str, after: str) -> None:
    """Each entity is its own stretch of the text and begins with its sign."""
    text = f"{before} @a #b $c http://a.fr/b {after}"
    found = entities(text)
    assert [e.start for e in found] == sorted({e.start for e in found})
    assert all(a.end <= b.start for a, b in pairwise(found))
    signs = {"mention": "@＠", "hashtag": "#＃", "cashtag": "$"}
    for entity in found:
        if entity.kind != "url":
            assert text[entity.start] in signs[entity.kind]
            assert text[entity.start + 1 : entity.end] == entity.value


@given(st.text(), st.text())
def test_weights_add_up_across_a_space(before: str, after: str) -> None:
    """A text parted at a space weighs what its parts and the space weigh."""
    whole = weighted_length(f"{before} {after}")
    assert whole == weighted_length(f"{before} ") + weighted_length(f" {after}") - 1


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_weight_does_not_depend_on_normalisation(text: str) -> None:
    """A text weighs the same composed and decomposed."""
    assert weighted_length(text) == weighted_length(normalize("NFD", text))


def test_lists_of_domains_are_apart() -> None:
    """A domain is added or retired, never both, and what is retired was in twitter-text's list."""
    assert ADDED.isdisjoint(TWITTER_TEXT)
    assert RETIRED < TWITTER_TEXT
    assert len(TWITTER_TEXT) == 1574


def test_notice_names_twitter_text(project: Path) -> None:
    """The NOTICE says what comes from twitter-text."""
    notice = (project / "NOTICE").read_text(encoding="utf-8")
    assert "twitter-text" in notice
    assert "x_tlds.py" in notice


def _tld_names(text: str) -> set[str]:
    return {name for _, name in tld_ends(text).values() if name}


def _why_more(text: str) -> str:
    """Say why a text weighs more here than for twitter-text, or nothing."""
    text = normalize("NFC", text)
    if _tld_names(text) & DISPUTED_TLDS:
        return "its top-level domain is not on every list"
    if any(e.end - e.start != len(e.value) for e in urls(text)):
        return "its address is a part of a domain"
    return ""


def _compare_weights(oracle: NodeOracle, texts: list[str]) -> None:
    """Assert that no text weighs less here, or more without a reason; list the others."""
    weights = zip(texts, map(weighted_length, texts), oracle.x_lengths(texts), strict=True)
    different = [(ours - theirs, text) for text, ours, theirs in weights if ours != theirs]
    assert [text for more, text in different if more < 0 or not _why_more(text)] == []
    for more, text in sorted(different, key=lambda entry: len(entry[1])):
        print(f"+{more}: {_why_more(text)}: {text!a}")  # noqa: T201 - the list is the result


def _compare_entities(oracle: NodeOracle, texts: list[str]) -> None:
    ours = [[(e.start, e.end, e.kind, e.value) for e in entities(text)] for text in texts]
    different = [
        (text, our, their)
        for text, our, their in zip(texts, ours, oracle.x_entities_of(texts), strict=True)
        if our != their and _tld_names(text) <= OFFICIAL_TLDS
    ]
    assert different == []


def test_weights_against_twitter_text(oracle: NodeOracle) -> None:
    """Ours is npm twitter-text's weight, or more where that is explained; it is never less."""
    _compare_weights(oracle, random_texts(SEED, 2000))


def test_entities_against_twitter_text(oracle: NodeOracle) -> None:
    """Our entities are npm twitter-text's, but for domains that are newer than it."""
    _compare_entities(oracle, random_texts(SEED, 2000))


def test_emoji_against_twitter_text(oracle: NodeOracle) -> None:
    """Every single sign, and each with a variation or a skin tone, weighs the same for npm."""
    signs = [chr(code) for code in range(0x20, 0x1FB00) if not 0xD800 <= code < 0xE000]
    texts = [f"{sign}\ufe0f {sign}\U0001f3fd {sign}\u200d♂️ {sign}\ufe0e" for sign in signs]
    assert [weighted_length(text) for text in texts] == oracle.x_lengths(texts)


def test_domains_against_twitter_text(oracle: NodeOracle) -> None:
    """A top-level domain in capitals, before other letters or at an end is found like npm's."""
    texts = [
        f"x.{name.upper()} x.{name}é x.{name}1 x.{name}- http://x.{name}中/ xé.{name}.com"
        for name in sorted(TWITTER_TEXT)
    ]
    _compare_entities(oracle, texts)


@pytest.mark.fuzz
def test_fuzz_against_twitter_text(oracle: NodeOracle) -> None:
    """The same as the short comparison, at length and with new texts every time."""
    texts = random_texts(time.time_ns(), 20_000)
    _compare_weights(oracle, texts)
    _compare_entities(oracle, texts)


def _seconds(text: str) -> float:
    """Give the least time of three, as other programs only ever make it longer."""
    times = []
    for _ in range(3):
        start = time.process_time()
        weighted_length(text)
        entities(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.no_cover  # which takes most of the time
@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear(piece: str) -> None:
    """Four times the text takes about four times as long, whatever it repeats."""
    short, long = (piece * (size // len(piece)) for size in (10_000, 40_000))
    assert _seconds(long) < 8 * _seconds(short) + 0.02
