"""Tests of `threadbot.thread.units`: from blocks to what an editor would move as one."""

from __future__ import annotations

import pytest
from compositions import bullets, numbers

from threadbot.article.model import (
    Article,
    Block,
    Code,
    Heading,
    Image,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)
from threadbot.thread import Span
from threadbot.thread.units import SALIENCE, Unit, idle_headings, units


def of(*blocks: Block, language: str = "en") -> tuple[Unit, ...]:
    """Give the units of some blocks."""
    return units(Article("Title", blocks, language=language))


def test_each_block_gives_its_kind_of_units() -> None:
    """Headings, intros, items, sentences and quotations; pictures, code and tables give none."""
    found = of(
        Heading(2, "One\nhead"),
        Paragraph("First here. Three things count:"),
        bullets("a", "b"),
        Image("a.png"),
        Code("x = 1"),
        Table((("a",),)),
        Quote("Said so."),
    )
    assert [(unit.kind, unit.text) for unit in found] == [
        ("heading", "One head"),
        ("sentence", "First here."),
        ("intro", "Three things count:"),
        ("item", "a"),
        ("item", "b"),
        ("quote", "“Said so.”"),
    ]
    assert [unit.heads for unit in found] == [True, False, True, False, False, False]


def test_a_colon_before_no_list_is_no_intro() -> None:
    """Only the last sentence before a list, ending in a colon, introduces it."""
    found = of(Paragraph("It is this: yes. So:"), Paragraph("Next."), bullets("a"))
    assert [unit.kind for unit in found] == ["sentence", "sentence", "sentence", "item"]


def test_lists_have_their_markers() -> None:
    """Numbers go on from the list's start; items inside items have a dash or their own numbers."""
    inner = ListItem("b", children=(ListItem("c"),), children_ordered=True, children_start=7)
    found = of(
        numbers("x", "y", start=9),
        ListBlock(ordered=False, items=(ListItem("a", children=(ListItem("d"),)), inner)),
    )
    assert [unit.marker + unit.text for unit in found] == [
        *("9. x", "10. y"),
        *("• a", "– d", "• b", "7. c"),
    ]
    assert [unit.heads for unit in found] == [False, False, True, False, True, False]
    assert {unit.salience for unit in found} == {SALIENCE["item"], SALIENCE["subitem"]}


def test_an_item_may_have_a_number_of_its_own() -> None:
    """A list may count down, or skip; what follows goes on from there."""
    items = (ListItem("a"), ListItem("b", number=8), ListItem("c"), ListItem("d", number=3))
    assert [unit.marker for unit in of(ListBlock(ordered=True, items=items, start=9))] == [
        *("9. ", "8. ", "9. ", "3. "),
    ]
    assert {unit.marker for unit in of(ListBlock(ordered=False, items=items))} == {"• "}


def test_the_first_sentence_of_a_section_leads() -> None:
    """The lead of each section matters most, also where it is a quotation."""
    found = of(Paragraph("One. Two."), Heading(2, "H"), Quote("Three."), Paragraph("Four. Five."))
    assert [unit.text for unit in found if unit.lead] == ["One.", "“Three.”"]
    assert [unit.salience for unit in found if unit.kind != "heading"] == [
        *(SALIENCE["lead"], SALIENCE["other"], SALIENCE["lead"]),
        *(SALIENCE["paragraph"], SALIENCE["other"]),
    ]


def test_without_headings_each_paragraph_is_a_section() -> None:
    """An article without headings is divided by its paragraphs, each with the list below it."""
    found = of(Paragraph("One."), Paragraph("Two:"), bullets("a"), Paragraph("Three."))
    assert [unit.section for unit in found] == [1, 2, 2, 3]


def test_line_breaks_that_the_author_set_stay() -> None:
    """A line feed between two sentences parts them; text without spaces gets none."""
    assert [unit.gap for unit in of(Paragraph("One.\nTwo. Three."))][1:] == ["\n", " "]
    assert [unit.gap for unit in of(Paragraph("東。京。"), language="ja")][1:] == [""]


def test_links_move_into_their_sentences() -> None:
    """A link over two sentences becomes a span in each."""
    found = of(Paragraph("One here. Two there.", (Link(4, 13, "u"),)))
    assert [unit.spans for unit in found] == [
        (Span(4, 9, "link", "u"),),
        (Span(0, 3, "link", "u"),),
    ]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fr", "Enfin.", "« Enfin. »"),
        ("de", "Endlich.", "„Endlich.“"),
        ("ja", "やっと。", "「やっと。」"),
        ("sw", "Hatimaye.", "“Hatimaye.”"),
        ("ar", "أخيرًا.", "«أخيرًا.»"),
        ("en", "“At last.”", "“At last.”"),
        ("fr", "« Enfin. »", "« Enfin. »"),
        ("en", "At last.\n— The mayor", "“At last.”\n— The mayor"),
        ("en", "At last.\nWe ride.", "“At last.\nWe ride.”"),
    ],
)
def test_quotations_have_their_marks(language: str, text: str, wanted: str) -> None:
    """A quotation is set in its language's marks, once; who said it stays outside."""
    assert [unit.text.replace("\u00a0", " ") for unit in of(Quote(text), language=language)] == [
        wanted
    ]


@pytest.mark.parametrize("text", ["At last.\n— The mayor", "“At last.”\n— The mayor"])
@pytest.mark.parametrize("words", ["last", "mayor"])
def test_links_in_quotations_keep_their_words(text: str, words: str) -> None:
    """Marks around a quotation push its links along."""
    start = text.index(words)
    (unit,) = of(Quote(text, (Link(start, start + len(words), "u"),)))
    (span,) = unit.spans
    assert unit.text[span.start : span.end] == words


@pytest.mark.parametrize(
    ("blocks", "idle"),
    [
        ((), set()),
        # Headings alone are an article's text.
        ((Heading(2, "a"),), set()),
        ((Heading(2, "a"), Paragraph("t")), set()),
        ((Heading(2, "a"), Heading(2, "b"), Paragraph("t")), {0}),
        ((Heading(2, "a"), Heading(3, "b"), Paragraph("t")), set()),
        ((Heading(3, "a"), Heading(2, "b"), Paragraph("t")), {0}),
        ((Heading(2, "a"), Heading(3, "b"), Heading(3, "c"), Quote("t")), {1}),
        ((Paragraph("t"), Heading(2, "a"), Code("t"), Table(()), Heading(2, "b")), {1, 4}),
        ((Paragraph("t"), Heading(2, "a"), Heading(3, "b")), {1, 2}),
    ],
)
def test_headings_with_nothing_under_them_are_found(
    blocks: tuple[Block, ...], idle: set[int]
) -> None:
    """A heading heads text, or a heading below its own level that does."""
    assert idle_headings(blocks) == idle


def test_every_word_lies_in_one_unit() -> None:
    """The units together are the article's text, in order."""
    found = of(Paragraph("A b. C (d) e? F:"), bullets("g h", "i"), Paragraph("J k… L."))
    assert "".join(unit.text for unit in found).replace(" ", "") == "Ab.C(d)e?F:ghiJk…L."


def test_units_are_found_once_for_an_article() -> None:
    """Several accounts share the same units, so sentences are found once."""
    article = Article("Title", (Paragraph("One. Two."),), language="en")
    assert units(article) is units(article)


def test_a_question_opens_a_paragraph_without_leaning() -> None:
    """A question with "And" begins a thought; inside a paragraph it goes on."""
    found = of(Paragraph("And if it fails? And why? It ends."), Paragraph("And so on."))
    assert [unit.leans for unit in found] == [False, True, True, True]


def test_an_intro_with_a_late_demonstrative_leans() -> None:
    """A German list intro with "diese" behind its verb leans; any other sentence does not."""
    found = of(
        Paragraph("Wir sehen diese Berge. Übrig blieben diese:"), bullets("a"), language="de"
    )
    assert [unit.leans for unit in found] == [False, True, False]
    assert [unit.demonstrative for unit in found] == [False, True, False]


def test_paragraphs_that_count_know_their_number() -> None:
    """Only what opens a paragraph counts."""
    found = of(Paragraph("The first is here. Second, it rains."), Paragraph("The second is there."))
    assert [unit.counts for unit in found] == [1, 0, 2]
