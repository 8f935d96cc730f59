"""Tests of `threadbot.thread.laws`: a thread that breaks a law is stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threadbot.errors import LawError
from threadbot.thread import Post, Span, Thread
from threadbot.thread.body import Body
from threadbot.thread.inert import Words
from threadbot.thread.laws import check, check_limits
from threadbot.thread.measure import YARDSTICKS
from threadbot.thread.units import Unit


def post(text: str, *spans: Span) -> Post:
    """Build a post that tells its length right."""
    size = YARDSTICKS["x"].measure(text)
    return Post("body", text, spans, size.length, size.size)


def thread(*posts: Post) -> Thread:
    """Build a thread for X."""
    return Thread("x", "x", 280, ("en",), (), posts, (), (), None)


def unit(text: str, kind: str = "sentence") -> Unit:
    """Build a sentence or a heading."""
    return Unit("heading" if kind == "heading" else "sentence", text, (), section=0, group=0)


def link(start: int, end: int) -> Span:
    """Build a link."""
    return Span(start, end, "link", "https://e.com/")


GOOD = thread(
    post("One"),
    post(
        "Two https://e.com/ 2/2",
        Span(4, 18, "link", "https://e.com/"),
        Span(19, 22, "numbering", "2/2"),
    ),
)

BROKEN = {
    "there is none": thread(),
    "it is empty": thread(post("  \n")),
    "it takes 281 of 280": thread(post("x" * 281)),
    "its length is told wrong": thread(replace(post("One"), length=4)),
    "a link lies outside its text": thread(post("One", link(1, 4))),
    "two spans overlap": thread(post("One two", link(0, 4), link(3, 6))),
    "it begins with a mention": thread(post("@ab c", Span(0, 3, "mention", "ab"))),
    "a span cuts a character in two": thread(post("e\u0301e", link(0, 1))),
    "X would take a.com for a url": thread(post("See a.com")),
    "X would take ab for a mention": thread(post("See @ab")),
    "it is numbered 2/3": thread(post("One"), post("Two 2/3", Span(4, 7, "numbering", "2/3"))),
    "it is numbered 1/2": thread(post("One"), post("Two 1/2", Span(4, 7, "numbering", "1/2"))),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_breach_of_the_limits_is_named(words: str) -> None:
    """Each law that also holds for threads edited by hand is checked."""
    with pytest.raises(LawError, match=f"^Post [12] cannot be posted: {words}"):
        check_limits(BROKEN[words])


@pytest.mark.parametrize("empty", [(0, 0), (2, 1)])
def test_an_empty_span_is_a_breach(empty: tuple[int, int]) -> None:
    """A span without words marks nothing."""
    with pytest.raises(LawError, match="lies outside"):
        check_limits(thread(post("One", link(*empty))))


@pytest.mark.parametrize(
    ("text", "end"), [("a\r\nb", 2), ("a\u200d b", 1), ("👍🏽 b", 1), ("é", 1), ("e\u0301", 1)]
)
def test_no_span_ends_inside_a_grapheme(text: str, end: int) -> None:
    """A carriage return and its line feed are one character, as are a letter and its accent."""
    cut = post(text, link(0, end))
    if end == len(text):
        check_limits(thread(cut))
    else:
        with pytest.raises(LawError, match="cuts a character in two"):
            check_limits(thread(cut))


def test_a_good_thread_passes() -> None:
    """What is right raises nothing, whitespace, ellipses and joiners left out of the count."""
    check_limits(GOOD)
    units = (unit("A @b $C is\u2060.it …"),)
    check(GOOD, Body((units,), (Words("any"),)), ["A b C is.it"])


@pytest.mark.parametrize(
    ("posts", "wanted", "words"),
    [
        (((),), [], "it is empty"),
        (((unit("One."), unit("Head", "heading")),), ["One.", "Head"], "a heading ends it"),
        (((unit("One."),),), ["One.", "Two."], "the body does not hold exactly the chosen words"),
        (((unit("One."), unit("Two.")),), ["One."], "the body does not hold exactly"),
        (((unit("Two."), unit("One.")),), ["One.", "Two."], "the body does not hold exactly"),
    ],
)
def test_a_breach_in_the_body_is_named(
    posts: tuple[tuple[Unit, ...], ...], wanted: list[str], words: str
) -> None:
    """The body holds what was chosen, in order, with no heading at the end of a post."""
    with pytest.raises(LawError, match=words):
        check(GOOD, Body(posts), wanted)
