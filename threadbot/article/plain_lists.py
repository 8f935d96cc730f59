"""The lists of a plain text: items put inside one another by their indent.

Owns where a list ends and another begins, and what only looks like one: the dashes of a
dialogue. Never reads the lines themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from threadbot.article.model import ListBlock, ListItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.article.plain_lines import Marker
    from threadbot.article.plain_pieces import Piece

_DASHES = frozenset("–—-")
_LONG_DASHES = frozenset("–—")
_SPOKEN = re.compile(r"[.!?…]\s*[»”\"]?$")
_ASKED = re.compile(r"[!?]\s*[»”\"]?$")
_SAID = re.compile(
    r"[,!?…»]\s*(?:(?:dit|demanda?|répondit|répond|lança|lance|reprit|s[’']écria|murmura|fit|ajouta)"
    r"(?:-t)?-?\s?(?:il|elle|je|on|[A-ZÀ-Ý])|(?:he|she|i|they)\s+(?:said|asked|replied))",
)
# Right-aligned numbers (" 9." above "10.") differ by one column and are of one level.
_SAME_LEVEL = 1
#: Lists stand no deeper in one another than this; what is deeper is put on the last level.
_DEEPEST = 8


@dataclass(slots=True)
class _Node:
    """An item whose children are still being gathered."""

    marker: Marker
    indent: int
    texts: list[str]
    children: list[_Node] = field(default_factory=list)

    def freeze(self) -> ListItem:
        """Make the item."""
        text = "\n".join(self.texts)
        if not self.children:
            return ListItem(text)
        first = self.children[0].marker
        children = tuple(child.freeze() for child in self.children)
        return ListItem(text, (), children, first.ordered, first.number)


def is_dialogue(pieces: Sequence[Piece]) -> bool:
    """Tell the lines of a dialogue from items with dashes.

    All are whole sentences, and somebody "dit" or "said" them, or some of them answer what
    others ask.
    """
    signs = {piece.marker.sign for piece in pieces if piece.marker}
    if not signs <= _DASHES or not all(_SPOKEN.search(piece.text) for piece in pieces):
        return False
    if any(_SAID.search(piece.text) for piece in pieces):
        return True
    asked = sum(1 for piece in pieces if _ASKED.search(piece.text))
    return signs <= _LONG_DASHES and (0 < asked < len(pieces) or len(pieces) == 1)


def build_lists(pieces: Sequence[Piece]) -> Iterator[ListBlock]:
    """Make lists of items that follow one another.

    Args:
        pieces: items, and further paragraphs of theirs; the first is an item.
    """
    top: list[_Node] = []
    path: list[_Node] = []
    for piece in pieces:
        if piece.marker is None:
            path[-1].texts.append(piece.text)
            continue
        node = _Node(piece.marker, piece.indent, [piece.text])
        while path and piece.indent <= path[-1].indent + _SAME_LEVEL:
            path.pop()
        if len(path) == _DEEPEST:
            path.pop()
        if path:
            path[-1].children.append(node)
        else:
            if top and _is_other_list(top[-1].marker, piece.marker):
                yield _list(top)
                top = []
            top.append(node)
        path.append(node)
    yield _list(top)


def _is_other_list(before: Marker, after: Marker) -> bool:
    """Tell a second list: numbers after bullets, or numbers that begin again."""
    if before.ordered != after.ordered:
        return True
    return after.ordered and after.number <= before.number


def _list(nodes: Sequence[_Node]) -> ListBlock:
    first = nodes[0].marker
    return ListBlock(first.ordered, tuple(node.freeze() for node in nodes), first.number)
