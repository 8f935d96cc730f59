"""Tests of `threadbot.thread.coverage`: which units a thread holds."""

from __future__ import annotations

import pytest
from compositions import bullets

from threadbot.article.model import Article, Block, Heading, Paragraph
from threadbot.thread.coverage import choose, closed
from threadbot.thread.prices import Price
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


def _digest(*blocks: Block) -> dict[str, int | None]:
    """Choose for a digest, by the words of the units."""
    found = units(Article("Title", blocks, language="en"))
    chosen = choose(found, "digest", frozenset(), frozenset())
    return {found[index].text: price for index, price in chosen.items()}


@pytest.mark.parametrize(
    ("paragraphs", "lead"),
    [
        # The intro's own paragraph says what its list is about.
        (["Zero is old. One is.", "Two counts. Three says. Rules are:"], "Two counts."),
        # ... unless there is nothing before the intro, or it leans on another paragraph.
        (["Zero is old. One is.", "Rules are:"], "Zero is old."),
        (["Zero is old. One is.", "It counts. Rules are:"], "Zero is old."),
        (["Zero is old. Rules are:"], "Zero is old."),
    ],
)
def test_beside_a_list_stands_the_lead_of_its_own_paragraph(
    paragraphs: list[str], lead: str
) -> None:
    """A list is led by what was said right before it, not by an earlier thought."""
    chosen = _digest(Heading(2, "H"), *map(Paragraph, paragraphs), bullets("a", "b"))
    assert chosen == dict.fromkeys(["H", "Rules are:", "a", "b"]) | {lead: Price.LEAD_LEFT_OUT}


def test_the_first_words_below_a_question_are_its_answer() -> None:
    """To leave an answer out costs more than any other lead."""
    chosen = _digest(Heading(2, "Why?"), Paragraph("For money. Rules are:"), bullets("a", "b"))
    assert chosen["For money."] == Price.ANSWER_LEFT_OUT


def test_a_leaning_intro_asks_more_for_the_lead_before_it() -> None:
    """A lead that a list intro points to is worth more than one that only leads."""
    chosen = _digest(Heading(2, "H"), Paragraph("Many came. These rules are:"), bullets("a", "b"))
    assert chosen["Many came."] == Price.ANTECEDENT_LEFT_OUT
    assert chosen["H"] is None


@pytest.mark.parametrize(
    ("paragraphs", "kept"),
    [
        (
            ["The first is time. T.", "The second is money. M."],
            {"The first is time.", "The second is money."},
        ),
        (
            ["Mind both. B.", "First, time. T.", "So. S.", "Second, money. M."],
            {"Mind both.", "First, time.", "Second, money."},
        ),
        (["The first is time. T.", "More. M."], {"The first is time."}),
        (["Mind both. B.", "The second is money. M."], {"Mind both."}),
    ],
)
def test_every_point_of_a_series_is_kept(paragraphs: list[str], kept: set[str]) -> None:
    """Paragraphs that count from the first to a second are a list; one alone counts nothing."""
    chosen = _digest(Heading(2, "H"), *map(Paragraph, paragraphs))
    assert {text for text, price in chosen.items() if price is None} == {"H", *kept}
    assert set(chosen.values()) <= {None, Price.NEXT_LEFT_OUT, Price.POINT_BARE}


@pytest.mark.parametrize(
    ("point", "price"),
    [
        ("The second is money.", Price.POINT_BARE),
        ("The second is money, of which nobody had ever seen so much.", Price.NEXT_LEFT_OUT),
    ],
)
def test_a_point_that_is_but_a_label_asks_for_what_follows(point: str, price: Price) -> None:
    """Of "The second is money." one wants to hear more, which only its own paragraph says."""
    chosen = _digest(
        Heading(2, "H"), Paragraph("The first is time. T."), Paragraph(f"{point} M. N.")
    )
    assert chosen["T."] == Price.POINT_BARE
    assert chosen["M."] == price
    assert chosen["N."] == Price.NEXT_LEFT_OUT


def test_a_point_without_more_asks_for_nothing() -> None:
    """The next paragraph is no part of a label's point."""
    paragraphs = ["The first is time.", "So it goes.", "The second is money."]
    chosen = _digest(Heading(2, "H"), *map(Paragraph, paragraphs))
    assert chosen["So it goes."] == Price.NEXT_LEFT_OUT
