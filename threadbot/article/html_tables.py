"""Tables of HTML: those that hold data, and those that only arrange a page.

Owns that distinction and the order of cells; never reads the words of a cell itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.article import html_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

_ARRANGED = ("h1", "h2", "h3", "article", "section", "nav", "form", "table")
#: No cell of data holds so many characters.
_LONGEST_CELL = 400


def is_data_table(table: HtmlElement) -> bool:
    """Tell a table of data from one that lays out a page.

    Args:
        table: a `table`.
    """
    if table.get("role") in {"presentation", "none"}:
        return False
    if any(element is not table for element in table.iter(*_ARRANGED)):
        return False
    rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
    if max(map(len, rows), default=0) < 2:  # noqa: PLR2004 (a single column tabulates nothing)
        return False
    return all(len(html_tree.words_of(cell)) <= _LONGEST_CELL for row in rows for cell in row)


def rows_of(table: HtmlElement, words: Callable[[HtmlElement], str]) -> tuple[tuple[str, ...], ...]:
    """Give the words of each cell, row by row.

    Args:
        table: a `table`.
        words: reads a cell.
    """
    return tuple(
        tuple(words(cell) for cell in row.iterchildren("td", "th"))
        for row in table.iter("tr")
        if not html_tree.is_unread(row)
    )
