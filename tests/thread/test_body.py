"""Tests of the body: where posts begin and end, and what stays together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from compositions import NETWORKS, URL, body, bullets, made, numbers, sections, sentence, style

from threadbot.article.model import Article, Block, Heading, ListBlock, ListItem, Paragraph, Quote
from threadbot.errors import ThreadError
from threadbot.thread.measure import Size
from threadbot.thread.prices import DIGEST, SHORT_POST
from threadbot.thread.split import Candidate, divide
from threadbot.thread.units import Unit

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName
    from threadbot.thread.settings import Coverage

COVERAGES: tuple[Coverage, ...] = ("digest", "full")


def posts(
    *blocks: Block,
    network: NetworkName = "x",
    coverage: Coverage = "digest",
    max_posts: int | None = None,
) -> list[str]:
    """Give the body of a thread without numbers, under an opening that repeats nothing of it."""
    article = Article("Title", (*blocks, bullets("ends here")), language="en", url=URL)
    chosen = style(coverage=coverage, numbering=False, max_posts=max_posts)
    return [post.text for post in body(made(article, network, chosen))]


def holding(found: list[str], words: str) -> str:
    """Give the one post that holds some words."""
    (post,) = [text for text in found if words in text]
    return post


@pytest.mark.parametrize("coverage", COVERAGES)
@pytest.mark.parametrize("length", range(30, 300, 45))
def test_no_heading_and_no_intro_ends_a_post(coverage: Coverage, length: int) -> None:
    """Whatever the lengths, a heading has text under it and an intro its first item."""
    blocks = [
        block
        for number in range(6)
        for block in (
            Heading(2, f"Heading {number}"),
            Paragraph(sentence(length + 17 * number) + " Some things count:"),
            bullets(sentence(length), sentence(90 + 20 * number), "last"),
        )
    ]
    for post in posts(*blocks, coverage=coverage):
        end = post.rpartition("\n")[2]
        assert not end.startswith("Heading")
        assert not end.endswith("count:")


def test_each_section_begins_a_post_where_it_costs_none() -> None:
    """Two headings share a post only where that saves one."""
    found = posts(*sections(3, sentence(200), 1))
    assert [text.count("Part ") for text in found] == [1, 1, 1]
    assert all(text.startswith("Part ") for text in found)


def test_headings_right_above_one_another_stay_together() -> None:
    """A chapter's heading stands with its first section's."""
    found = posts(
        Heading(2, "Chapter"),
        Heading(3, "Section"),
        Paragraph(sentence(200)),
        Heading(3, "Other"),
        Paragraph(sentence(200)),
    )
    assert holding(found, "Chapter").startswith("Chapter\n\nSection\n\nThe tram")


def test_a_demonstrative_intro_keeps_the_sentence_before_it() -> None:
    """The digest keeps what "This plan" points to, beside the intro, as it fits there."""
    found = posts(
        Heading(2, "First"),
        Paragraph("The lead. The council agreed on a plan. This plan has parts:"),
        bullets(sentence(60), sentence(60)),
        *sections(2, sentence(220), 1),
    )
    assert "agreed on a plan. This plan has parts:\n\n• The tram" in holding(found, "This plan")


def test_a_demonstrative_intro_keeps_its_heading_where_the_sentence_has_no_room() -> None:
    """Where the sentence before it does not fit, the heading stands above the intro."""
    found = posts(
        Heading(2, "A plan for trams"),
        Paragraph(f"{sentence(200)} This plan has parts:"),
        bullets(sentence(80), sentence(80)),
        *sections(2, sentence(220), 1),
    )
    assert holding(found, "This plan").startswith("A plan for trams\n\nThis plan has parts:\n\n•")


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("coverage", COVERAGES)
def test_no_short_post_where_something_fits_beside_it(
    network: NetworkName, coverage: Coverage
) -> None:
    """A body post under 60 characters has no neighbour that it would fit with."""
    for shift in range(0, 200, 9):
        blocks = [
            block
            for number in range(8)
            for block in (
                Heading(2, f"Heading {number}"),
                Paragraph(f"{sentence(20 + (shift + 71 * number) % 240)} {sentence(30)}"),
            )
        ]
        found = posts(*blocks, network=network, coverage=coverage)
        for before, after in pairwise(found):
            if min(len(before), len(after)) < SHORT_POST:
                assert len(before) + 2 + len(after) > 280, (before, after)


def test_a_short_lead_brings_the_next_sentence_along() -> None:
    """A section of a few characters is filled with what the digest would leave out."""
    article = Article(
        "Title",
        (
            *sections(1, sentence(245), 1),
            Heading(2, "What changes"),
            Paragraph(f"Not much. {sentence(120, 'The bridge')}"),
            *sections(1, sentence(245), 1),
        ),
        language="en",
        url=URL,
    )
    found = [post.text for post in body(made(article, "x", style(numbering=False)))]
    assert len(holding(found, "Not much.")) >= SHORT_POST


@pytest.mark.parametrize("count", [3, 4, 5, 7, 10])
@pytest.mark.parametrize("ordered", [True, False])
def test_a_list_of_several_posts_is_parted_evenly(count: int, ordered: bool) -> None:  # noqa: FBT001
    """Posts of one list differ by one item at the most, and numbers go on."""
    items = [f"{sentence(85)} item {number}" for number in range(count)]
    chosen = numbers(*items, start=3) if ordered else bullets(*items)
    found = [text for text in posts(Paragraph("It has parts:"), chosen) if "item" in text]
    counts = [text.count("item") for text in found]
    assert sum(counts) == count
    assert max(counts) - min(counts) <= 1
    if ordered:
        lines = [line for text in found for line in text.split("\n") if "item" in line]
        assert [line.partition(".")[0] for line in lines] == [str(3 + n) for n in range(count)]


def test_an_item_stays_whole_with_its_children() -> None:
    """Nested items stand under their item, with dashes, and nothing of them is lost."""
    items = tuple(
        ListItem(f"Item {number}", children=(ListItem(sentence(50)), ListItem(f"child {number}")))
        for number in range(7)
    )
    found = posts(Paragraph("It has parts:"), ListBlock(ordered=True, items=items))
    assert "1. Item 0\n– The tram" in found[0]
    lasts = [text.rpartition("\n")[2] for text in found]
    assert not [line for line in lasts if "Item" in line]
    assert "\n".join(found).count("– child") == 7


def test_points_of_a_series_follow_each_other() -> None:
    """What is left out between two points costs nothing: the second follows the first."""
    points = [
        Paragraph(f"The {number} is {what}. {sentence(250)}")
        for number, what in (("first", "time"), ("second", "money"), ("third", "rain"))
    ]
    found = holding(posts(Heading(2, "Traps"), *points, Heading(2, "End")), "Traps")
    for point in ("The first is time.", "The second is money.", "The third is rain."):
        assert point in found


@pytest.mark.parametrize("coverage", COVERAGES)
def test_full_holds_every_sentence_and_digest_the_leads(coverage: Coverage) -> None:
    """`full` keeps every word in order; `digest` leaves out what no section opens with."""
    names = [f"Sentence {number} goes on and on to say what it says." for number in range(24)]
    blocks: list[Block] = [Paragraph(" ".join(names[:4]))]
    for start in range(4, 24, 5):
        blocks += [Heading(2, f"At {start}"), Paragraph(" ".join(names[start : start + 5]))]
    article = Article("Title", tuple(blocks), language="en", url=URL)
    thread = made(article, "x", style(coverage=coverage))
    said = "\n".join(post.text for post in thread.posts)
    kept = [name for name in names if name in said]
    leads = [name for start in range(4, 24, 5) for name in names[start : start + 1]]
    assert kept == names if coverage == "full" else set(leads) <= set(kept) < set(names)
    places = [said.index(name) for name in kept[1:]]
    assert places == sorted(places)
    assert [name for name in names if name not in kept] == list(thread.omitted)


def test_quotations_and_paragraphs_are_parted_by_a_blank_line() -> None:
    """Blocks keep their distance, sentences their space, items their line."""
    found = posts(
        Heading(2, "Said"),
        Paragraph("One is here. Two is there."),
        Quote("At last.\n— The mayor"),
        *sections(1, sentence(220), 1),
        coverage="full",
    )
    assert "Said\n\nOne is here. Two is there.\n\n“At last.”\n— The mayor" in found[0]


def test_a_heading_of_400_characters_is_carried_like_a_sentence() -> None:
    """A heading too long to be one is cut like a sentence; what it heads still follows."""
    found = posts(Heading(2, sentence(400, "A heading")), Paragraph("The text."))
    assert found[0].startswith("A heading")
    assert found[0].endswith("…")
    assert found[1].startswith("…")
    assert "\n\nThe text." in found[1]


def test_headings_without_text_are_left_out_aloud() -> None:
    """A heading with nothing under it stands in no post and is listed."""
    article = Article(
        "Title",
        (Heading(2, "One"), Heading(2, "Two"), Paragraph(sentence(265)), Heading(2, "Three")),
        language="en",
        url=URL,
    )
    thread = made(article)
    assert [post.text.partition("\n")[0] for post in body(thread)] == ["Two"]
    assert thread.omitted == ("One", "Three")


def test_a_list_alone_is_a_thread() -> None:
    """An article of nothing but a long list has its items in the body."""
    article = Article("Title", (bullets(*[sentence(90)] * 8),), language="en", url=URL)
    found = body(made(article))
    assert sum(post.text.count("• ") for post in found) == 8


def test_what_must_stay_and_fits_nowhere_is_an_error() -> None:
    """The division refuses a unit that is larger than the room."""
    unit = Unit("sentence", "x", (), section=0, group=0)
    with pytest.raises(ThreadError, match="fits no post"):
        divide([Candidate(unit, place=0, size=Size(20, 20))], Size(10, 10), Size(2, 4), DIGEST)


def test_nothing_to_divide_is_no_post() -> None:
    """No candidates make no posts, and what may go goes where it is too large."""
    unit = Unit("sentence", "x", (), section=0, group=0)
    assert divide([], Size(10, 10), Size(2, 4), DIGEST).posts == ()
    large = Candidate(unit, place=0, size=Size(20, 20), leave_out=5)
    assert divide([large], Size(10, 10), Size(2, 4), DIGEST).posts == ()


def test_many_sentences_that_may_go_are_weighed_quickly() -> None:
    """Sixty optional units end in a division, with the cheapest left out."""
    found = [
        Candidate(
            Unit("sentence", f"{n}", (), section=0, group=0, rank=n),
            place=n,
            size=Size(40, 40),
            leave_out=n % 7,
        )
        for n in range(60)
    ]
    division = divide(found, Size(200, 900), Size(2, 4), DIGEST)
    assert all(len(post) <= 4 for post in division.posts)
