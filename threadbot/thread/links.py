"""An article's links, as spans of its units.

Owns the change from one to the other; which of them a network keeps is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.thread.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.article.model import Link


def spans_of(links: Iterable[Link]) -> tuple[Span, ...]:
    """Turn an article's links into spans of the same range."""
    return tuple(Span(link.start, link.end, "link", link.href) for link in links)


def spans_within(links: Iterable[Link], start: int, end: int) -> tuple[Span, ...]:
    """Turn the links of a text into spans of the stretch from `start` to `end`."""
    return tuple(
        Span(max(link.start, start) - start, min(link.end, end) - start, "link", link.href)
        for link in links
        if link.start < end and link.end > start
    )
