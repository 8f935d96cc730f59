"""Replaces characters of a text while its spans move along with their words.

Owns the arithmetic of positions; what is replaced, `inert` decides.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from threadbot.thread.model import Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """Takes `removed` characters away at `position` and puts `inserted` in their place."""

    position: int
    removed: int
    inserted: str


def shifts(edits: Iterable[Replacement]) -> list[int]:
    """Tell how far the text moves before each edit, and behind the last."""
    return list(accumulate((len(edit.inserted) - edit.removed for edit in edits), initial=0))


def replaced(
    text: str, spans: Sequence[Span], edits: Sequence[Replacement]
) -> tuple[str, tuple[Span, ...]]:
    """Carry out edits, given in the order of the text; spans move with their words."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += [text[done : edit.position], edit.inserted]
        done = edit.position + edit.removed
    parts.append(text[done:])
    moves = shifts(edits)
    positions = [edit.position for edit in edits]
    moved = tuple(
        replace(
            span,
            start=span.start + moves[bisect_left(positions, span.start)],
            end=span.end + moves[bisect_left(positions, span.end)],
        )
        for span in spans
    )
    return "".join(parts), moved
