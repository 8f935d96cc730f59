"""Tests of `threadbot.thread.frame`: hooks, last words and hashtags."""

from __future__ import annotations

import pytest
from compositions import bullets

from threadbot.article.model import Article, Block, Heading, Paragraph
from threadbot.thread.frame import (
    Hook,
    further_hooks,
    hashtag,
    hooks,
    last_words,
    more_last_words,
)
from threadbot.thread.units import units


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("Brest", "Brest"),
        ("IA générative", "IAGénérative"),
        ("intelligence artificielle", "IntelligenceArtificielle"),
        ("#tram", "tram"),
        ("C++ / C#", "CC"),
        ("snake_case", "SnakeCase"),
        ("e\u0301lan", "élan"),
        ("人工知能", "人工知能"),
        ("5G", "5G"),
        ("पानी बचाओ", "पानीबचाओ"),
        ("2030", ""),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_tag_becomes_one_word(tag: str, word: str) -> None:
    """Words of a tag are joined with capitals; what no network would link is none."""
    assert hashtag(tag) == word


def article(*blocks: Block, description: str | None = None) -> Article:
    """Build an article on a plan."""
    return Article("A plan for the trams", blocks, language="en", description=description)


def test_hooks_in_full_keep_the_order() -> None:
    """Where every word stays in order, only the first sentences may move up, most of them first."""
    source = article(Paragraph("The plan for trams is here. Nobody knew."))
    assert list(hooks(source, units(source), "full")) == [
        Hook((0, 1), frozenset({0, 1})),
        Hook((0,), frozenset({0})),
    ]
    assert [hook.repeats for hook in hooks(source, units(source), "digest")] == [(1,), (0, 1), (0,)]


LONG = (
    "One sentence that goes on for more than a hundred and twenty columns, so that it fills an "
    "opening by itself, and nobody misses a second one."
)


@pytest.mark.parametrize(
    ("language", "title", "text", "best"),
    [
        # The first sentence leads, though another shares fewer words with the title.
        ("en", "A plan for the trams", f"{LONG[:-1]} of trams. {LONG}", (0,)),
        # ... unless a third of its telling words stand in the title.
        ("en", "A plan for the trams", f"A plan about trams and money. {LONG}", (1,)),
        (
            "ja",
            "修理の日を条例に",
            "町が修理の日を条例にした。" + "扇風機が静かに回り始めた。" * 2,
            (1, 2),
        ),
        ("ja", "修理の日を条例に", "職員が扇風機を見つけた。静かに回り始めた。", (0, 1)),
        ("hi", "पानी बचाओ", "पानी बचाओ। टैंकर बंद हुए।", (1,)),
    ],
)
def test_the_first_sentence_is_the_hook_unless_the_title_says_it(
    language: str, title: str, text: str, best: tuple[int, ...]
) -> None:
    """What the author began with is the best hook; words are told apart in every script."""
    source = Article(title, (Paragraph(text),), language=language)
    assert next(hooks(source, units(source), "digest")).repeats == best


@pytest.mark.parametrize(
    ("description", "digest", "full"),
    [
        ("Nobody knew.", [{1}, {0, 1}, {0}, {1}], [{0, 1}, {0}]),
        ("The lines are here.", [{0}, {0, 1}, {0}, {1}], [{0}, {0, 1}, {0}]),
        ("Something else.", [set(), {0, 1}, {0}, {1}], [set(), {0, 1}, {0}]),
        ("A plan for the trams!", [{0, 1}, {0}, {1}], [{0, 1}, {0}]),
    ],
)
def test_the_description_speaks_for_the_sentences_in_it(
    description: str, digest: list[set[int]], full: list[set[int]]
) -> None:
    """What the description says is not said again; in `full` it may not speak out of order."""
    source = article(Paragraph("The lines are here. Nobody knew."), description=description)
    found = units(source)
    assert [set(hook.says) for hook in hooks(source, found, "digest")] == digest
    assert [set(hook.says) for hook in hooks(source, found, "full")] == full


def test_a_heading_or_list_first_gives_no_hook() -> None:
    """Only the paragraph that opens the article can hold the hook."""
    source = article(Heading(2, "One"), Paragraph("Nobody knew."))
    assert list(hooks(source, units(source), "digest")) == []
    assert list(hooks(article(), (), "full")) == []


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        ((), []),
        ((Paragraph("One. Two is."),), [(1,)]),
        ((Paragraph("One is."), bullets("a")), []),
        ((Heading(2, "H"), Paragraph("One is.")), []),
        ((Heading(2, "H"), Paragraph("One is. Two is.")), [(0, 1, 2), (2,)]),
        ((Paragraph("Zero."), Heading(2, "H"), Paragraph("One is. It is.")), [(1, 2, 3)]),
        ((Paragraph("One is. Two is. It ends."),), [(1, 2)]),
        ((Paragraph("One is. Two is. It goes on. So it ends."),), [(1, 2, 3)]),
        ((Paragraph("It is. So it ends."),), []),
        ((Paragraph("One is."), Paragraph("So it ends.")), [(1,)]),
        ((Paragraph("One is."), Paragraph("This is the end.")), []),
        ((Paragraph("And if it ends? Then it ends."),), [(0, 1)]),
    ],
)
def test_last_words(blocks: tuple[Block, ...], wanted: list[tuple[int, ...]]) -> None:
    """A whole last section closes, or the last sentence with those that it leans on, or nothing."""
    assert list(last_words(units(article(*blocks)), "digest")) == wanted


def test_last_words_in_full_are_the_last_paragraph_if_it_fits() -> None:
    """In `full` all of it stays together; else its last sentence closes the thread."""
    found = units(article(Paragraph("One is. Two is. It ends.")))
    assert list(last_words(found, "full")) == [(0, 1, 2), (2,)]


SHOP = "Two is at enpause.com/a now."


@pytest.mark.parametrize(
    ("text", "digest", "full"),
    [
        (f"One is. {SHOP}", [(0,)], [(0, 1), (1,)]),
        (f"{SHOP} All ends.", [(1,)], [(0, 1), (1,)]),
        (SHOP, [(0,)], [(0,)]),
    ],
)
def test_a_digest_ends_with_no_address_beside_the_link(
    text: str, digest: list[tuple[int, ...]], full: list[tuple[int, ...]]
) -> None:
    """A sentence with an address of its own is passed over, where another one can end."""
    found = units(article(Paragraph(text)))
    assert list(last_words(found, "digest", ["enpause.com/a"])) == digest
    assert list(last_words(found, "full", ["enpause.com/a"])) == full


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One is. Two is. Three is.", [(1, 2, 3), (2, 3)]),
        ("One is. It goes on. Three is.", [(1, 2, 3)]),
        ("It is. Two is. Three is.", [(2, 3)]),
        (f"One is. {SHOP} Three is.", []),
        (f"{SHOP} Two is. Three is.", [(2, 3)]),
        ('Nora said: "One is. Two is." Three is.', [(1, 2, 3)]),
        (f"One is. {LONG}", []),
        ("One is.", []),
    ],
)
def test_a_narrow_last_sentence_may_bring_its_paragraph(
    text: str, wanted: list[tuple[int, ...]]
) -> None:
    """The closing has room for more where nothing in it points elsewhere or is torn."""
    found = units(article(Heading(2, "H"), Paragraph("Zero."), Paragraph(text)))[1:]
    assert list(more_last_words(found, ["enpause.com/a"])) == wanted


def test_the_only_paragraph_of_a_section_stays_under_its_heading() -> None:
    """What a section begins with is not moved to the closing."""
    found = units(article(Heading(2, "H"), Paragraph("One is. Two is. Three is.")))
    assert list(more_last_words(found)) == []


@pytest.mark.parametrize(
    ("blocks", "held", "wanted"),
    [
        (
            (Paragraph("One. Two."), Heading(2, "H"), Paragraph("Three. Four. Five.")),
            (0, 1),
            [6, 5],
        ),
        # Neither a heading nor a question ends the opening, and no list begins in it.
        (
            (Paragraph("One."), Heading(2, "H"), Paragraph("Rules are:"), bullets("a", "b")),
            (0,),
            [],
        ),
        ((Paragraph("One."), Paragraph("Why?"), Paragraph("So.")), (0,), [3]),
        # Nor does a picture's credit stand in it.
        ((Paragraph("One."), Paragraph("Photo: Jane Doe / AFP"), Paragraph("So.")), (0,), []),
        # A paragraph that is not held whole goes on in the body; so does one below a description.
        ((Paragraph("One. Two."), Paragraph("Three.")), (0,), []),
        ((Paragraph("One."), Paragraph("Two.")), (), []),
        ((Heading(2, "H"), Paragraph("One.")), (), []),
    ],
)
def test_what_the_opening_may_take_beyond_its_paragraph(
    blocks: tuple[Block, ...], held: tuple[int, ...], wanted: list[int]
) -> None:
    """The article's first words, in order, each time to the end of a sentence."""
    found = further_hooks(units(article(*blocks)), Hook(held, frozenset(held)))
    assert [hook.repeats for hook in found] == [tuple(range(count)) for count in wanted]
