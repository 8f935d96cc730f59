"""An article's links, as spans of its units and as X finds them in a post.

Owns the change from one to the other; which of them a network keeps is decided elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from threadbot.thread import x_text
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


def as_x_finds_them(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Give links the range that X gives them: where an address begins depends on what is before it.

    twitter-text finds `berz.am` in `überz.am` at the start of a text, and all of it elsewhere.

    Args:
        text: the text of a post.
        spans: those in it, in order.

    Returns:
        The spans; a link that X finds elsewhere has X's range and X's address.
    """
    if all(span.kind != "link" for span in spans):
        return tuple(spans)
    found = x_text.urls(text)
    # They are in order and never overlap.
    ends = [entity.end for entity in found]
    aligned: list[Span] = []
    for span in spans:
        place = bisect_right(ends, span.start)
        entity = found[place] if place < len(found) and found[place].start < span.end else None
        if span.kind == "link" and entity and (entity.start, entity.end) != (span.start, span.end):
            aligned.append(Span(entity.start, entity.end, "link", entity.value))
        else:
            aligned.append(span)
    return tuple(aligned)
