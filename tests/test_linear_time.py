"""Texts that kill regular expressions: reading, finding sentences, composing take linear time."""

from __future__ import annotations

import gc
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemLoader

from threadbot.article import Article, Paragraph, load
from threadbot.errors import InputError
from threadbot.thread import Account, Span, Style, compose
from threadbot.thread.bluesky_text import addresses, facets, grapheme_count
from threadbot.thread.links import as_x_finds_them
from threadbot.thread.sentences import sentences
from threadbot.thread.x_text import entities, weighted_length

if TYPE_CHECKING:
    from collections.abc import Callable

PIECES = [
    "a.", "@", "#", "http://", "(", "?", "$", "«", '"', "\u0301", " ", "1.\n", "- ", "#\n", "[](",
    "**", ">", "|", "a. ", "mot. ", "! ", "1", "字", "a.com ", "https://a.fr ", "@a ", "<", "`",
    'a.@#(http://$«"\u0301 1.\n- #\n[](**>|',
]  # fmt: skip
#: Lengths of the longer text; the shorter one is a quarter of it. `make fuzz` tries the longest.
SIZES = [20_000, pytest.param(100_000, marks=pytest.mark.fuzz)]
TEMPLATES = FileSystemLoader(Path(__file__).parents[1] / "templates")
LANGUAGES = ["fr", "en", "de", "ja", "pt", "th"]


def seconds(run: Callable[[], object]) -> float:
    """Give the least processor time of two; a refusal counts as an answer."""
    times = []
    gc.collect()
    for _ in range(2):
        start = time.process_time()
        with suppress(InputError):
            run()
        times.append(time.process_time() - start)
    return min(times)


def assert_linear(make: Callable[[str], Callable[[], object]], piece: str, size: int) -> None:
    """Assert that four times the text takes about four times as long, and below 10 s."""
    short, long = (piece * (length // len(piece)) for length in (size // 4, size))
    most = seconds(make(long))
    assert most < 10
    assert most < 5 * seconds(make(short)) + 0.25


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("piece", PIECES)
def test_reading(piece: str, name: str, size: int) -> None:
    """Plain text and Markdown are read in linear time, whatever they repeat."""
    known = {"language": "fr", "title": "T"}
    assert_linear(lambda text: lambda: load(f"# T\n\n{text}", name=name, known=known), piece, size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("piece", PIECES)
def test_sentences(piece: str, language: str, size: int) -> None:
    """Sentences are found in linear time, whatever the text repeats."""
    assert_linear(lambda text: lambda: sentences(text, language), piece, size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("piece", PIECES)
def test_counters(piece: str, size: int) -> None:
    """Both networks' ways to count and read take linear time."""

    def count(text: str) -> None:
        weighted_length(text)
        entities(text)
        grapheme_count(text)
        facets(text, addresses(text))

    assert_linear(lambda text: lambda: count(text), piece, size)


def test_aligning_links() -> None:
    """The links of a text are held against what X finds in linear time."""

    def make(text: str) -> Callable[[], object]:
        found = entities(text)
        spans = tuple(Span(entity.start, entity.end, "link", "u") for entity in found)
        assert len(spans) == len(text) // 6
        return lambda: as_x_finds_them(text, spans)

    assert_linear(make, "a.com ", 60_000)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("network", ["x", "bluesky"])
@pytest.mark.parametrize("piece", PIECES)
def test_composing(piece: str, network: str, size: int) -> None:
    """A thread of such a text is composed in linear time."""
    account = Account("x", "x") if network == "x" else Account("bluesky", "bluesky")
    style = Style(TEMPLATES, coverage="full")

    def make(text: str) -> Callable[[], object]:
        article = Article("T", (Paragraph(text),), language="fr", url="https://a.fr/b")
        return lambda: compose(article, account, style)

    assert_linear(make, piece, size)
