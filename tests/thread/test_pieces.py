"""Tests of `threadbot.thread.pieces`, and of posts made of pieces: what is too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from compositions import NETWORKS, URL, account, body, made, style

from threadbot.article.model import Article, Link, Paragraph
from threadbot.thread import Post, Span, Thread, bluesky_text, x_text
from threadbot.thread.measure import YARDSTICKS, Size
from threadbot.thread.pieces import NEVER_BEFORE, cut
from threadbot.thread.units import Unit

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

ROOM = Size(100, 1000)


def unit(text: str, *spans: Span) -> Unit:
    """Build a sentence."""
    return Unit("sentence", text, spans, section=0, group=0, lead=True, leans=True)


def pieces(text: str, *spans: Span, network: NetworkName = "x") -> list[str]:
    """Cut a sentence into pieces for a hundred characters."""
    return [piece.text for piece in cut(unit(text, *spans), ROOM, YARDSTICKS[network])]


TEXTS = {
    "words": "The tram, which crosses the bridge; and back: " * 12,
    "one word": "a" * 1000,
    "japanese": "東京都は新しい路面電車の計画、" * 20,
    "thai": "กรุงเทพมหานครเป็นเมืองหลวง" * 12,
    "emoji": "👨‍👩‍👧‍👦🧑🏽‍🔧" * 60,
    "devanagari": "क्षत्रिय" * 60,
    "digits": "1234567890" * 5 + "a" * 200,
    "one word and a mark": "b" * 400 + "\u00a0! " + "c" * 400 + "?",
}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_pieces_are_the_text_and_fit(text: str, network: NetworkName) -> None:
    """Together the pieces are the text, and each fits the room that it was cut for."""
    found = pieces(text, network=network)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(YARDSTICKS[network].measure(piece).fits(ROOM) for piece in found)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_grapheme_is_cut(text: str) -> None:
    """A piece ends where a character of the reader's ends."""
    whole = [sign for sign in bluesky_text.graphemes(text) if sign.strip()]
    parts = [sign for piece in pieces(text) for sign in bluesky_text.graphemes(piece)]
    assert [sign for sign in parts if sign.strip()] == whole


def test_only_the_first_piece_is_a_beginning() -> None:
    """The first piece leads and leans, the others go on and have a price."""
    found = cut(unit(TEXTS["words"].strip()), ROOM, YARDSTICKS["x"])
    assert [piece.lead for piece in found] == [piece.leans for piece in found]
    assert [piece.lead for piece in found] == [True] + [False] * (len(found) - 1)
    assert [piece.continues for piece in found] == [False] + [True] * (len(found) - 1)
    assert all(piece.cut_price for piece in found[1:])


@pytest.mark.parametrize("mark", [*": ; ? ! »".split(), ")", "…", "。"])
@pytest.mark.parametrize("space", ["", " ", "\u00a0"])
def test_no_piece_begins_with_a_closing_mark(mark: str, space: str) -> None:
    """French puts a space before its marks; a piece never ends there, wherever the room ends."""
    for length in range(84, 102):
        for text in (
            "d" * length + f"{space}{mark} and more",
            ("mot " * 30)[:length].rstrip() + f"{space}{mark} fin" * 9,
        ):
            starts = {piece.lstrip()[0] for piece in pieces(text)}
            assert not starts & NEVER_BEFORE, (length, text)


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "", ","])
@pytest.mark.parametrize("network", NETWORKS)
def test_no_number_is_cut(space: str, network: NetworkName) -> None:
    """A number with spaces in it stays in one piece, wherever the room ends."""
    number = f"12{space}345{space}678"
    for length in range(80, 100):
        for filler in ("e" * length, ("mot " * 30)[:length]):
            found = pieces(f"{filler} {number} et {filler}", network=network)
            assert [piece for piece in found if number in piece], (length, filler, found)


@pytest.mark.parametrize("kind", ["link", "mention"])
def test_no_short_span_is_cut(kind: str) -> None:
    """The words of a link stay together, wherever the room ends."""
    for length in range(70, 110):
        text = "f" * length + " three short words " + "g " * 30
        start = text.index("three")
        span = Span(start, start + 17, "link" if kind == "link" else "mention", "value")
        found = cut(unit(text, span), ROOM, YARDSTICKS["bluesky"])
        spans = [piece.text[s.start : s.end] for piece in found for s in piece.spans]
        assert spans == ["three short words"]


LONG: dict[str, tuple[str, str, tuple[Link, ...]]] = {
    "a sentence of 2,000 characters": ("en", "The tram crosses the bridge, and " * 60, ()),
    "a word of 1,000 letters": ("fr", "Un mot : " + "a" * 1000 + " fin.", ()),
    "Japanese without spaces": ("ja", "東京都は新しい路面電車の計画" * 60, ()),
    "Thai without spaces": ("th", "กรุงเทพมหานครเป็นเมืองหลวง" * 40, ()),
    "emoji": ("en", "👨‍👩‍👧‍👦" * 600, ()),
    "digits": ("en", "7" * 900, ()),
    "numbers": ("fr", "Soit " + "1\u202f234\u202f567 puis " * 60, ()),
    "an address of 400 characters": ("en", f"See https://e.com/{'a' * 380} now. " + "B " * 99, ()),
    "an address of 5,000 characters": ("en", f"See https://e.com/{'a' * 5000} now.", ()),
    "a link over 340 characters": ("en", "Read " * 80, (Link(0, 340, "https://e.com/"),)),
}


def spelled_out(post: Post) -> str:
    """Give a post's text with every address that is shown shortened in full."""
    text = post.text
    for span in reversed(post.spans):
        if text[span.start : span.end].endswith("…") and span.value.startswith("https://"):
            text = text[: span.start] + span.value + text[span.end :]
    return text


def whole(thread: Thread) -> str:
    """Give the words of a thread's posts without ellipses and white space."""
    bare = "".join(spelled_out(post).removesuffix("🧵") for post in thread.posts)
    return "".join(bare.replace("…", "").split())


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("case", LONG.values(), ids=LONG.keys())
def test_a_unit_that_fits_no_post_goes_over_several(
    case: tuple[str, str, tuple[Link, ...]], network: NetworkName
) -> None:
    """What is too long for a post is cut, or said to be left out; composing never fails."""
    language, text, links = case
    article = Article("T", (Paragraph(text.strip(), links),), language=language, url=URL)
    thread = made(article, network, style(coverage="full", numbering=False))
    assert all(post.length <= thread.limit for post in thread.posts)
    assert thread.omitted or "".join(text.split()) in whole(thread)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_monstrous_grapheme_is_left_out_aloud(network: NetworkName) -> None:
    """A character that fits no post is left out, the words around it stay, and it is said."""
    monster = "a" + "\u0301" * 5000
    text = f"Here {monster} and more. " + "The tram crosses the bridge. " * 12
    article = Article("T", (Paragraph(text),), language="en", url=URL)
    thread = made(article, network, style(coverage="full"))
    assert any("more." in post.text for post in thread.posts)
    assert any(monster in words for words in thread.omitted)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("case", LONG.values(), ids=LONG.keys())
def test_pieces_joined_again_are_as_they_were(
    case: tuple[str, str, tuple[Link, ...]], network: NetworkName
) -> None:
    """Joining pieces adds no space: the words of a post stand so in the article."""
    language, text, links = case
    article = Article("T", (Paragraph(text.strip(), links),), language=language, url=URL)
    thread = made(article, network, style(coverage="full", numbering=False))
    for post in body(thread):
        assert spelled_out(post).strip("… ") in text


def test_an_ellipsis_stands_on_both_sides_of_a_cut() -> None:
    """A post that stops in mid-sentence says so, and so does the one that goes on."""
    article = Article("T", (Paragraph(TEXTS["words"]),), language="en", url=URL)
    thread = made(article, "x", style(numbering=False))
    posts = [post.text for post in body(thread)]
    assert len(posts) > 1
    assert all(text.endswith("…") for text in posts[:-1])
    assert all(text.startswith("…") for text in posts[1:])
    assert not posts[0].startswith("…")
    assert any("goes on in the middle of a sentence" in warning for warning in thread.warnings)


def test_a_long_address_counts_as_short_on_x() -> None:
    """An address of 400 characters weighs 23 on X, so it stays whole."""
    address = "https://e.com/" + "a" * 386
    article = Article("T", (Paragraph(f"See {address} now."),), language="en", url=URL)
    (post,) = made(article).posts
    assert address in post.text
    assert post.length == x_text.weighted_length(post.text) < 280


def test_the_account_of_these_tests_fits_its_network() -> None:
    """The handles that the builders use are handles of their network."""
    assert x_text.is_handle(account("x").handle or "")
    assert bluesky_text.is_handle(account("bluesky").handle or "")
