"""An article's links, as spans of its units.

Owns the change from one to the other; which of them a network keeps is decided elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from threadbot.thread.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from threadbot.article.model import Link


def spans_of(links: Iterable[Link]) -> tuple[Span, ...]:
    """Turn an article's links into spans of the same range."""
    return tuple(Span(link.start, link.end, "link", link.href) for link in links)


def spans_within(links: Sequence[Link], start: int, end: int) -> tuple[Span, ...]:
    """Turn the links of a text, in order, into spans of the stretch from `start` to `end`."""
    first = bisect_right(links, start, key=_end)
    return tuple(
        Span(max(link.start, start) - start, min(link.end, end) - start, "link", link.href)
        for link in links[first : bisect_left(links, end, key=_start)]
    )


def _start(link: Link) -> int:
    return link.start


def _end(link: Link) -> int:
    return link.end
