"""Tests of `threadbot.thread.marks`: spans on their way through a template."""

from __future__ import annotations

import pytest

from threadbot.thread.marks import MarkError, Marks, is_balanced, strip_sentinels
from threadbot.thread.model import Span


def test_spans_come_back_as_they_went_in() -> None:
    """Marking and parsing give the same text and the same spans, also with many marks."""
    text = " ".join(f"word{number}" for number in range(25))
    spans = tuple(
        Span(start, start + 4, "link", f"https://e.com/{start}")
        for start in range(0, len(text) - 4, 7)
    )
    marks = Marks()
    marked = marks.mark_spans(text, spans)
    assert marked != text
    assert is_balanced(marked)
    assert marks.parse(marked) == (text, spans)


def test_letters_change_and_spans_stay() -> None:
    """A filter that changes letters leaves marks and addresses whole."""
    marks = Marks()
    marked = f"see {marks.mark('the page', 'link', 'https://e.com/Ab')}!".upper()
    assert marks.parse(marked) == ("SEE THE PAGE!", (Span(4, 12, "link", "https://e.com/Ab"),))


def test_empty_words_make_no_span() -> None:
    """A mark around nothing leaves no span behind."""
    marks = Marks()
    assert marks.parse(f"a{marks.mark('', 'link', 'u')}b") == ("ab", ())


@pytest.mark.parametrize(
    ("begin", "end"),
    [(0, 3), (0, -1), (1, None), (3, None)],
    ids=["end cut off", "close cut off", "open cut off", "number cut off"],
)
def test_a_cut_mark_is_an_error(begin: int, end: int | None) -> None:
    """A mark of which a part was cut away is no longer a mark."""
    marks = Marks()
    cut = marks.mark("words", "link", "u")[begin:end]
    assert not is_balanced(cut)
    with pytest.raises(MarkError):
        marks.parse(cut)


def test_nested_marks_are_an_error() -> None:
    """A span inside a span has no meaning on any network."""
    marks = Marks()
    nested = marks.mark(marks.mark("words", "link", "u"), "hashtag", "v")
    assert not is_balanced(nested)
    with pytest.raises(MarkError):
        marks.parse(nested)


def test_a_mark_without_meaning_is_an_error() -> None:
    """A mark of another rendering is not in the table."""
    with pytest.raises(MarkError):
        Marks().parse(Marks().mark("words", "link", "u"))


def test_sentinels_of_strangers_are_stripped() -> None:
    """Characters that could pass for marks are taken out of whatever comes in."""
    assert strip_sentinels("a\U0010fffab\U0010fff3c\U0010fffb") == "abc"
    assert strip_sentinels("é\ue000🧵") == "é\ue000🧵"
