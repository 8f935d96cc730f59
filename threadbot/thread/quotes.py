"""Quotations: set in marks, with whoever said it.

Owns how a quotation looks in a post; the words stay the article's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from threadbot.article.model import Paragraph, Quote
from threadbot.thread.links import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.article.model import Block
    from threadbot.thread.model import Span

#: Quotation marks by language, with the space that belongs to them; others take the English ones.
QUOTATION_MARKS = {
    "fr": ("«\u00a0", "\u00a0»"),
    "de": ("„", "“"),
    "ar": ("«", "»"),
    "es": ("«", "»"),
    "fa": ("«", "»"),
    "it": ("«", "»"),
    "pt": ("«", "»"),
    "ru": ("«", "»"),
    "ja": ("「", "」"),
    "zh": ("「", "」"),
}
#: Whoever says a quotation is named in fewer characters.
_LONGEST_SOURCE = 80
_OPENING_QUOTES = tuple("«“„\"‘'「『‹")
_DASHES = ("—", "–", "-")


def with_sources(blocks: Iterable[tuple[int, Block]]) -> list[tuple[int, Block]]:
    """Join "— Somebody" below a quotation to it: neither is posted without the other.

    Args:
        blocks: an article's blocks with their positions.

    Returns:
        The blocks; a quotation keeps its position.
    """
    joined: list[tuple[int, Block]] = []
    for index, block in blocks:
        place, before = joined[-1] if joined else (index, None)
        names = isinstance(block, Paragraph) and _names_somebody(block.text)
        if isinstance(before, Quote) and isinstance(block, Paragraph) and names:
            shift = len(before.text) + 1
            moved = (
                replace(link, start=link.start + shift, end=link.end + shift)
                for link in block.links
            )
            both = Quote(f"{before.text}\n{block.text}", (*before.links, *moved))
            joined[-1] = (place, both)
        else:
            joined.append((index, block))
    return joined


def _names_somebody(text: str) -> bool:
    return text.startswith(_DASHES[:2]) and len(text) <= _LONGEST_SOURCE


def quoted(block: Quote, language: str | None) -> tuple[str, tuple[Span, ...]]:
    """Set a quotation in its language's marks, so that no post gives it as the publication's own.

    Args:
        block: the quotation. A last line that opens with a dash names who said it and stays
            outside the marks.
        language: two-letter code, or None for the English marks.

    Returns:
        The text and its link spans; unchanged where the author set marks.
    """
    if block.text.startswith(_OPENING_QUOTES):
        return block.text, spans_of(block.links)
    opening, closing = QUOTATION_MARKS.get(language or "", ("“", "”"))
    words, feed, source = block.text.rpartition("\n")
    if not feed or not source.startswith(_DASHES):
        words, feed, source = block.text, "", ""
    shift = len(opening)
    spans = []
    for span in spans_of(block.links):
        # A link in the words is pushed by the opening mark, one in the source line by both.
        push = shift if span.start < len(words) else shift + len(closing)
        spans.append(replace(span, start=span.start + push, end=span.end + push))
    return f"{opening}{words}{closing}{feed}{source}", tuple(spans)
