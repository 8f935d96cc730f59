"""The text of one body post: its units, joined as they stand in the article.

Owns separators, markers and ellipses; never chooses or measures anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import category

from threadbot.thread.inert import Words
from threadbot.thread.measure import ELLIPSIS
from threadbot.thread.split import gap_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.thread.model import Span
    from threadbot.thread.units import Unit


def join(units: Sequence[Unit], *, goes_on: bool) -> Words:
    """Join the units of a post.

    Args:
        units: at least one.
        goes_on: whether the next post begins in the middle of this one's last unit.

    Returns:
        The text and its spans; `…` stands where a unit was cut.
    """
    parts: list[str] = [ELLIPSIS] if units[0].continues else []
    spans: list[Span] = []
    position = sum(map(len, parts))
    previous: Unit | None = None
    for unit in units:
        gap = gap_between(previous, unit) if previous else ""
        lead = gap + unit.marker
        position += len(lead)
        moved = [
            replace(span, start=span.start + position, end=span.end + position)
            for span in unit.spans
        ]
        parts += [lead, unit.text]
        position += len(unit.text)
        _append(spans, moved)
        previous = unit
    text = "".join(parts)
    if goes_on:
        # After a punctuation mark the ellipsis would read as part of it.
        text += ELLIPSIS if category(text[-1])[0] in "LMN" else f" {ELLIPSIS}"
    return Words(text, tuple(spans))


def _append(spans: list[Span], more: Sequence[Span]) -> None:
    """Add spans; a link that was cut and joined again is one link."""
    for span in more:
        last = spans[-1] if spans else None
        if last and last.end == span.start and (last.kind, last.value) == (span.kind, span.value):
            spans[-1] = replace(last, end=span.end)
        else:
            spans.append(span)
