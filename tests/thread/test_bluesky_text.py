"""How Bluesky measures and marks a text; judged by Intl.Segmenter, Unicode and the official app."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.texts import random_texts

from threadbot.thread.bluesky_text import (
    MAX_GRAPHEMES,
    addresses,
    byte_length,
    facets,
    grapheme_count,
    graphemes,
    is_handle,
)
from threadbot.thread.model import Facet, Span

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.node import NodeOracle

    from threadbot.thread.model import SpanKind

SEED = 20261124

texts = st.text(alphabet=st.characters(codec="utf-8"))


@pytest.mark.parametrize(
    ("text", "count", "size"),
    [
        ("", 0, 0),
        ("été", 3, 5),
        ("e\u0301te\u0301", 3, 7),
        ("\r\n", 1, 2),
        ("👨‍👩‍👧‍👦🇫🇷", 2, 33),
        ("ক্ষ", 1, 9),
    ],
)
def test_counts(text: str, count: int, size: int) -> None:
    """Graphemes are what a reader sees, bytes are UTF-8."""
    assert (grapheme_count(text), byte_length(text)) == (count, size)


@given(texts)
def test_graphemes_are_the_text(text: str) -> None:
    """Graphemes are never empty, and put together they are the text."""
    clusters = graphemes(text)
    assert "".join(clusters) == text
    assert all(clusters)
    assert grapheme_count(text) == len(clusters)


def test_unicode_cases(shared: Path) -> None:
    """Unicode's own cases for grapheme clusters are cut as it says."""
    source = shared / "data" / "unicode" / "grapheme-break-test-17.json"
    cases = json.loads(source.read_text(encoding="utf-8"))
    assert [text for text, clusters in cases if graphemes(text) != clusters] == []


def _compare_graphemes(oracle: NodeOracle, random: list[str]) -> None:
    pairs = zip(random, oracle.clusters(random), strict=True)
    assert [text for text, clusters in pairs if graphemes(text) != clusters] == []


def test_graphemes_against_segmenter(oracle: NodeOracle) -> None:
    """Texts of many scripts are cut as Intl.Segmenter cuts them, which Bluesky's server uses."""
    _compare_graphemes(oracle, random_texts(SEED, 2000))


@pytest.mark.fuzz
def test_fuzz_graphemes_against_segmenter(oracle: NodeOracle) -> None:
    """The same at length, with new texts every time."""
    _compare_graphemes(oracle, random_texts(time.time_ns(), 20_000))


def test_short_way_for_ascii() -> None:
    """ASCII is counted without cutting it, to the same result."""
    text = "a\tb\n" * MAX_GRAPHEMES
    assert grapheme_count(text) == len(graphemes(text))


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Give a text and spans within it."""
    text = draw(st.text(alphabet=st.characters(codec="utf-8"), min_size=1))
    kinds: list[SpanKind] = ["link", "mention", "hashtag", "numbering"]
    kind = st.sampled_from(kinds)
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        spans.append(Span(start, end, draw(kind), "value"))
    return text, spans


@given(texts_with_spans())
def test_facets_lie_on_characters(case: tuple[str, list[Span]]) -> None:
    """A facet's bytes are exactly the characters of its span; numbering has none."""
    text, spans = case
    marked = [span for span in spans if span.kind != "numbering"]
    made = facets(text, spans)
    data = text.encode()
    cut = [data[facet.byte_start : facet.byte_end].decode() for facet in made]
    assert cut == [text[span.start : span.end] for span in marked]
    assert [facet.kind for facet in made] == [span.kind.removeprefix("hash") for span in marked]


def test_facets() -> None:
    """Spans become facets of bytes."""
    spans = [Span(0, 4, "hashtag", "été"), Span(5, 7, "link", "https://a.fr")]
    made = (Facet(0, 6, "tag", "été"), Facet(7, 15, "link", "https://a.fr"))
    assert facets("#été 🧵🧵", spans) == made


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 4), (3, 3), (2, 1), (4, 5)])
@pytest.mark.parametrize("kind", ["link", "numbering"])
def test_spans_outside_the_text(start: int, end: int, kind: SpanKind) -> None:
    """A span that is empty or leaves the text is an error that names it."""
    span = Span(start, end, kind, "x")
    with pytest.raises(ValueError, match=rf"{kind} from {start} to {end}"):
        facets("été", [span])


def test_addresses_of_the_official_app(shared: Path) -> None:
    """Of the official app's cases, those with a protocol give the same addresses and places."""
    source = shared / "data" / "bluesky" / "rich-text-detection.json"
    cases = json.loads(source.read_text(encoding="utf-8"))
    wrong = []
    for case in cases:
        expected = [
            (facet["byteStart"], facet["byteEnd"], facet["value"])
            for facet in case.get("facets", ())
            if facet["type"] == "link" and facet["text"].startswith("http")
        ]
        text = case["input"]
        found = [(f.byte_start, f.byte_end, f.value) for f in facets(text, addresses(text))]
        if found != expected:
            wrong.append((text, found, expected))
    assert len(cases) > 90
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("voir https://a.fr…", ["https://a.fr"]),
        ("« https://a.fr » et «https://b.fr/»", ["https://a.fr", "https://b.fr/"]),
        ("(https://a.fr/x_(y)), (https://b.fr).", ["https://a.fr/x_(y)", "https://b.fr"]),
        ("https://a.fr?!", ["https://a.fr"]),
        ("HTTPS://A.FR", ["HTTPS://A.FR"]),
        ("http://localhost:80/a", ["http://localhost:80/a"]),
        ("xhttps://a.fr https://... ftp://a.fr a.fr", []),
    ],
)
def test_addresses(text: str, found: list[str]) -> None:
    """An address ends before the punctuation of the sentence around it."""
    spans = addresses(text)
    assert [span.value for span in spans] == found
    assert [text[span.start : span.end] for span in spans] == found
    assert {span.kind for span in spans} <= {"link"}


@pytest.mark.parametrize("piece", ["http://", "https://a)", "(https://", "https://a.fr...", "("])
def test_addresses_take_linear_time(piece: str) -> None:
    """Four times the text takes about four times as long, whatever it repeats."""

    def seconds(text: str) -> float:
        times = []
        for _ in range(3):
            start = time.process_time()
            addresses(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(piece * 20_000) < 8 * seconds(piece * 5_000) + 0.02


@pytest.mark.parametrize("name", ["enpause.example.com", "alice.test", "a-b.bsky.social", "x.co"])
def test_handles(name: str) -> None:
    """A handle is a domain name."""
    assert is_handle(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "alice",
        "@alice.test",
        "alice.test.",
        ".test",
        "-a.com",
        "a-.com",
        "a_b.com",
        "été.fr",
        "a.1",
        "a.local",
        "a.ONION",
        "a b.com",
        "a.com\n",
        "a" * 64 + ".com",
        "a." * 126 + "com",
    ],
)
def test_names_that_are_no_handles(name: str) -> None:
    """A name that can be nobody's domain is no handle."""
    assert not is_handle(name)
