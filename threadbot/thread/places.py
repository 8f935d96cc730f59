"""Questions about stretches of a text, such as spans, that take no longer where there are many.

Owns the search alone; what a stretch means is its owner's.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Stretch(Protocol):
    """A part of a text, from its first code point to the one after its last."""

    @property
    def start(self) -> int: ...  # noqa: D102 - see above

    @property
    def end(self) -> int: ...  # noqa: D102 - see above


class Places:
    """Where some stretches of a text lie.

    Args:
        stretches: in any order; they may overlap.
    """

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        ordered = sorted((stretch.start, stretch.end) for stretch in stretches)
        self._starts = [start for start, _ in ordered]
        #: For each, the furthest end among it and those that begin before it.
        self._ends = list(accumulate((end for _, end in ordered), max))

    def touch(self, start: int, end: int) -> bool:
        """Tell whether any of them begins before an end and ends after a start."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start
