"""Tests of `threadbot.thread.frame`: hooks, last words and hashtags."""

from __future__ import annotations

import pytest
from compositions import bullets

from threadbot.article.model import Article, Block, Heading, Paragraph
from threadbot.thread.frame import Hook, hashtag, hooks, last_words
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
    assert [hook.repeats for hook in hooks(source, units(source), "digest")] == [(1,), (0,)]


@pytest.mark.parametrize(
    ("description", "digest", "full"),
    [
        ("Nobody knew.", [{1}, {1}, {0}], [{0, 1}, {0}]),
        ("The plan is here.", [{0}, {1}, {0}], [{0}, {0, 1}, {0}]),
        ("Something else.", [set(), {1}, {0}], [set(), {0, 1}, {0}]),
        ("A plan for the trams!", [{1}, {0}], [{0, 1}, {0}]),
    ],
)
def test_the_description_speaks_for_the_sentences_in_it(
    description: str, digest: list[set[int]], full: list[set[int]]
) -> None:
    """What the description says is not said again; in `full` it may not speak out of order."""
    source = article(Paragraph("The plan is here. Nobody knew."), description=description)
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
        ((Heading(2, "H"), Paragraph("One is. Two is.")), [(2,)]),
        ((Paragraph("One is. Two is. It ends."),), [(1, 2), (2,)]),
    ],
)
def test_last_words(blocks: tuple[Block, ...], wanted: list[tuple[int, ...]]) -> None:
    """The last sentence closes, with the one that it leans on, unless a heading would be bare."""
    assert list(last_words(units(article(*blocks)), "digest")) == wanted


def test_last_words_in_full_are_the_last_paragraph_if_it_fits() -> None:
    """In `full` all of it stays together; else its last sentence closes the thread."""
    found = units(article(Paragraph("One is. Two is. It ends.")))
    assert list(last_words(found, "full")) == [(0, 1, 2), (2,)]
