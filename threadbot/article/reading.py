"""What a reader hands on: what it found about the article, and the article's blocks.

Owns this one value, which every reader returns; never fills or changes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadbot.article.model import Block, Known


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as one reader sees it.

    Args:
        found: what the source says of itself; a field that it does not name is absent.
        blocks: the text, without title and byline.
    """

    found: Known
    blocks: tuple[Block, ...]
