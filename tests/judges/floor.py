"""The fewest posts that an article can have without a fault.

Owns this one number: the posts are stretches of the pasted text, parted only between pieces, and
none ends with a heading or a list intro. Numbers, calls and links would come on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judges.faults import LIMITS, lengths

if TYPE_CHECKING:
    from oracle.node import NodeOracle

    from judges.pasted import Pasted

_NEVER_LAST = frozenset({"title", "heading", "intro"})


def fewest_without_fault(article: Pasted, network: str, oracle: NodeOracle) -> int | None:
    """Find the fewest posts.

    Args:
        article: as pasted.
        network: `x` or `bluesky`.
        oracle: measures the posts.

    Returns:
        How many; None where some piece fits no post.
    """
    starts, ends = _places(article)
    fewest: list[int | None] = [0, *[None] * len(starts)]
    for start in range(len(starts)):
        before = fewest[start]
        if before is None:
            continue
        texts = [article.text[starts[start] : end].strip() for end in ends[start:]]
        for end, length in enumerate(lengths(texts, network, oracle), start + 1):
            if length > LIMITS[network]:
                break
            known = fewest[end]
            may_end = article.pieces[end - 1].kind not in _NEVER_LAST
            if may_end and (known is None or before + 1 < known):
                fewest[end] = before + 1
    return fewest[-1]


def _places(article: Pasted) -> tuple[list[int], list[int]]:
    starts, ends = [], []
    position = 0
    for piece in article.pieces:
        position = article.text.index(piece.text, position)
        starts.append(position)
        position += len(piece.text)
        ends.append(position)
    return starts, ends
