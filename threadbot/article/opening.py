"""How marked text opens: a title that stands as its first heading, and bylines under it.

Owns what is taken off the top of the blocks, because it is said of the article and not in it;
never looks at what the blocks were read from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.article.byline import read_byline
from threadbot.article.model import Heading, Image, Paragraph
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from threadbot.article.model import Block, Known

_MOST_BYLINES = 4


def take_title(blocks: list[Block], known: str | None, missing: str) -> str | None:
    """Take the first heading of level 1; beside a known title it must stand first and alone.

    Args:
        blocks: loses that heading.
        known: the title where it is known already.
        missing: what to say where there is none.

    Returns:
        The heading's words, or None where a known title stands and no heading was taken.

    Raises:
        SourceError: no title is known and no heading of level 1 is there.
    """
    tops = [
        at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1
    ]
    if known is None:
        if not tops:
            raise SourceError(missing)
        return _take_heading(blocks, tops[0])
    first = next((at for at, block in enumerate(blocks) if not isinstance(block, Image)), None)
    if tops and tops[0] == first:
        heading = blocks[first]
        same = isinstance(heading, Heading) and plain(heading.text) == plain(known)
        if same or len(tops) == 1:
            return _take_heading(blocks, first)
    return None


def _take_heading(blocks: list[Block], at: int) -> str | None:
    heading = blocks.pop(at)
    return heading.text if isinstance(heading, Heading) else None


def plain(text: str) -> str:
    """Reduce a title to its letters, to compare two spellings."""
    return "".join(filter(str.isalnum, text.casefold()))


def take_byline(blocks: list[Block]) -> Known:
    """Take the paragraphs on top that are bylines; images may stand between."""
    found: Known = {}
    at = 0
    for _ in range(_MOST_BYLINES):
        while at < len(blocks) and isinstance(blocks[at], Image):
            at += 1
        block = blocks[at] if at < len(blocks) else None
        if not isinstance(block, Paragraph):
            break
        lines = [read_byline(line.strip()) for line in block.text.split("\n")]
        if None in lines:
            break
        for line in lines:
            found = (line or {}) | found
        del blocks[at]
    return found
