"""What a network allows in a post, and how it counts.

Owns the yardstick of each network; the counting itself is in `x_text` and `bluesky_text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from threadbot.thread import bluesky_text, x_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadbot.thread.model import NetworkName

#: X has no limit in bytes; no post of 280 comes near this.
_NO_BYTE_LIMIT = 1_000_000

ELLIPSIS = "…"


class Size(NamedTuple):
    """How much room a text takes.

    Args:
        length: weighted characters on X, graphemes on Bluesky.
        size: bytes of UTF-8.
    """

    length: int
    size: int

    def fits(self, room: Size) -> bool:
        """Tell whether this much fits into that much room."""
        return self.length <= room.length and self.size <= room.size

    def less(self, taken: Size) -> Size:
        """Give what is left after something has taken its room."""
        return Size(self.length - taken.length, self.size - taken.size)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How one network measures a post.

    Args:
        room: the most that a post may take.
        count: gives a text's length.
    """

    room: Size
    count: Callable[[str], int]

    def measure(self, text: str) -> Size:
        """Measure a text as the network does."""
        return Size(self.count(text), len(text.encode()))


YARDSTICKS: dict[NetworkName, Yardstick] = {
    "x": Yardstick(Size(x_text.MAX_LENGTH, _NO_BYTE_LIMIT), x_text.weighted_length),
    "bluesky": Yardstick(
        Size(bluesky_text.MAX_GRAPHEMES, bluesky_text.MAX_BYTES), bluesky_text.grapheme_count
    ),
}


def grapheme_edges(text: str) -> list[int]:
    """Give every position between two graphemes of a text, in order, both ends included."""
    lengths = map(len, bluesky_text.graphemes(text))
    return list(accumulate(lengths, initial=0))
