"""Whole pages, in the layouts and languages that publications have.

Each page stands beside the outline that a person wrote of it. The figures are those that the
reading of pages is held to: headings and items kept, foreign text, order and links.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from outline import outline

from threadbot.article import load

_PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
_MARKED = re.compile(r"\s*(?:h[1-6]|\*|\d+\.) ")
_LINK = re.compile(r"\[[^\]]+\]\((https?://[^)]+)\)")
_LEAST_KEPT = 0.95


def _lines(text: str) -> list[str]:
    """Give the lines of an outline's blocks, without its fields."""
    return [line for line in text.partition("\n\n")[2].split("\n") if line]


def _read(page: Path) -> str:
    return outline(load(page.read_bytes(), name=page.name))


def _expected(page: Path) -> str:
    return page.with_suffix(".expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_page_reads_as_its_outline(page: Path) -> None:
    """Fields, blocks, levels, items, links and order are those that a person found in the page."""
    assert _read(page) == _expected(page)


def test_the_corpus_is_large_and_varied() -> None:
    """There are at least twelve pages, in at least six languages."""
    assert len(_PAGES) >= 12
    assert len({page.stem.partition("-")[0] for page in _PAGES}) >= 6


def test_the_figures_of_the_corpus() -> None:
    """Of headings and items 95 % are kept, foreign lines are none, order and links hold."""
    marked = kept = foreign = 0
    for page in _PAGES:
        read, expected = _lines(_read(page)), _lines(_expected(page))
        wanted = [line for line in expected if _MARKED.match(line)]
        marked += len(wanted)
        kept += sum(line in read for line in wanted)
        foreign += sum(line not in expected for line in read)
        common = [line for line in read if line in expected]
        assert common == [line for line in expected if line in read]
        assert _LINK.findall("\n".join(read)) == _LINK.findall("\n".join(expected))
    assert marked >= 100
    assert kept / marked >= _LEAST_KEPT
    assert foreign == 0
