"""Tests of `threadbot.thread.coverage`: which units a thread holds."""

from __future__ import annotations

import pytest
from compositions import bullets

from threadbot.article.model import Article, Heading, Paragraph
from threadbot.thread.coverage import choose, closed
from threadbot.thread.units import units

ARTICLE = Article(
    "Title",
    (
        Paragraph("Zero opens. One follows."),
        Heading(2, "Two heads"),
        Paragraph("Three leads. Four follows. Five says. This list counts:"),
        bullets("seven", "eight"),
        Paragraph("Nine follows."),
        Heading(2, "Ten heads"),
        Paragraph("Eleven leads. Twelve follows."),
    ),
    language="en",
)
UNITS = units(ARTICLE)


def test_digest_keeps_headings_lists_and_leads() -> None:
    """Leads stay where there is no list; beside a list they and an antecedent may go.

    So may what follows a lead that is too short for a post.
    """
    chosen = choose(UNITS, "digest", frozenset(), frozenset())
    assert [index for index, price in chosen.items() if price is None] == [0, 2, 6, 7, 8, 10, 11]
    assert [index for index, price in chosen.items() if price is not None] == [1, 3, 5, 12]


def test_full_keeps_everything() -> None:
    """Every unit stays but those that opening and closing have."""
    chosen = choose(UNITS, "full", frozenset({0}), frozenset({12}))
    assert list(chosen) == list(range(1, 12))
    assert set(chosen.values()) == {None}


def test_the_opening_speaks_for_its_section() -> None:
    """Where the hook comes from a section, the digest needs no lead of it."""
    assert 0 not in choose(UNITS, "digest", frozenset({1}), frozenset())


@pytest.mark.parametrize(
    ("kept", "wanted"),
    [
        ([2, 6, 7], [2, 6, 7]),
        ([2, 6], []),
        ([2, 3, 6], [2, 3]),
        ([2, 10, 11], [10, 11]),
        ([10], []),
    ],
)
def test_headings_and_intros_go_with_what_they_head(kept: list[int], wanted: list[int]) -> None:
    """An intro without its list and a heading without text are taken out."""
    assert list(closed(UNITS, dict.fromkeys(kept))) == wanted


def test_a_heading_above_a_heading_stays_with_it() -> None:
    """A chapter's heading heads the section's heading right below it."""
    found = units(Article("T", (Heading(2, "a"), Heading(3, "b"), Paragraph("c."))))
    assert list(closed(found, dict.fromkeys([0, 1, 2]))) == [0, 1, 2]
    assert list(closed(found, dict.fromkeys([0, 1]))) == []
