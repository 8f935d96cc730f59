"""Tests of `threadbot.thread.questions`: the questions of an interview as headings."""

from __future__ import annotations

import pytest

from threadbot.article.model import Block, Code, Heading, Link, Paragraph
from threadbot.thread.questions import heading_asks, with_questions

ASKED = Heading(3, "How did it begin?")
AGAIN = Heading(3, "What comes next?")
ANSWER = Paragraph("With a map. It was wrong.")
LONG = Paragraph("Many give up. Why not you?", (Link(0, 4, "u"),))
MADE = Heading(3, LONG.text, LONG.links)


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        # A question of two sentences in plain text, between two that are headings already.
        (
            [ASKED, ANSWER, LONG, ANSWER, AGAIN, ANSWER],
            [ASKED, ANSWER, MADE, ANSWER, AGAIN, ANSWER],
        ),
        # One heading that asks makes no interview, nor do two among many others.
        ([ASKED, ANSWER, LONG, ANSWER], None),
        ([ASKED, ANSWER, AGAIN, *[Heading(2, "Not"), ANSWER] * 2, LONG, ANSWER], None),
        # What nothing answers, and what stands right under a heading, is the text's own.
        ([ASKED, ANSWER, AGAIN, ANSWER, LONG], None),
        ([ASKED, ANSWER, LONG, Code("x"), AGAIN, ANSWER], None),
        ([ASKED, LONG, ANSWER, AGAIN, ANSWER], None),
        ([LONG, ANSWER, ASKED, ANSWER, AGAIN, ANSWER], None),
        # A long paragraph that ends with a question answers another one.
        ([ASKED, ANSWER, Paragraph("So it was. " * 20 + "Why?"), ANSWER, AGAIN, ANSWER], None),
        ([], None),
    ],
)
def test_questions_of_an_interview_are_headings(
    blocks: list[Block], wanted: list[Block] | None
) -> None:
    """A question paragraph among question headings is one of them; elsewhere it stays."""
    assert list(with_questions(blocks)) == (blocks if wanted is None else wanted)


@pytest.mark.parametrize(
    ("language", "text", "asks"),
    [
        ("en", "Why at night?", True),
        ("en", "📅 When and where", True),
        ("en", "Whenever it rains", False),
        ("fr", "Comment ça marche", True),
        ("de", "Wie es weitergeht", True),
        ("ar", "متى تعرف أنك نجحت", True),
        ("en", "The cost", False),
        ("ja", "なぜ今か？", True),
        (None, "When and where", False),
    ],
)
def test_a_heading_may_ask_without_its_mark(language: str | None, text: str, asks: bool) -> None:  # noqa: FBT001 - a case
    """A heading that opens with an interrogative is answered below it, as one with a mark is."""
    assert heading_asks(text, language) is asks
