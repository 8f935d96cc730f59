"""Elements of HTML that make one block of what is inside them, and how they are closed.

Owns lists, items, quotes and figures; never walks a tree itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from threadbot.article.model import (
    Block,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
)
from threadbot.article.rich_text import RichText, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

Kind: TypeAlias = Literal["flow", "list", "item", "quote", "cite", "figure", "caption"]

_INTEGER = re.compile(r"\s*([+-]?\d{1,9})")
_LARGEST = 10**9


@dataclass(slots=True)
class Placed:
    """A block, and where in the tree it stands.

    Args:
        block: the block.
        element: the innermost element around it that begins a block.
        linked: how many of its characters are links, also such as lead nowhere.
        bold: whether it is a paragraph that is set in bold and reads as a heading.
    """

    block: Block
    element: HtmlElement
    linked: int = 0
    bold: bool = False


@dataclass(slots=True)
class Frame:
    """An element that makes one block of what is inside it.

    Args:
        kind: what it makes.
        element: the element.
        placed: the blocks in it.
        items: of a list, with the number of each.
        number: of a list, the next item's.
        step: from one item's number to the next one's: 1, or -1 in a reversed list.
        linked: how many characters of its items are links.
        caption: of a figure or a quote.
    """

    kind: Kind
    element: HtmlElement
    placed: list[Placed] = field(default_factory=list)
    items: list[ListItem] = field(default_factory=list)
    number: int = 1
    step: int = 1
    linked: int = 0
    caption: RichText = field(default_factory=RichText)


def close(frame: Frame, above: Frame) -> None:
    """Hand on what a frame holds.

    Args:
        frame: the frame that ends.
        above: the frame that it stands in.
    """
    if frame.kind == "item":
        _close_item(frame, above)
    elif frame.kind == "list":
        _close_list(frame, above)
    elif frame.kind in {"caption", "cite"}:
        texts, others = texts_of(frame.placed)
        above.caption = join((above.caption, *texts), " ")
        above.placed += others
    elif frame.kind == "quote":
        above.placed += _quote(frame)
    else:
        above.placed += _figure(frame)


def integer(value: str | None, least: int, most: int) -> int | None:
    """Read the number that an attribute holds."""
    match = _INTEGER.match(value or "")
    return min(max(int(match[1]), least), most) if match else None


def texts_of(placed: Iterable[Placed]) -> tuple[list[RichText], list[Placed]]:
    """Part what can be joined to one text from what cannot."""
    texts: list[RichText] = []
    others: list[Placed] = []
    for one in placed:
        if isinstance(one.block, Paragraph | Heading | Quote):
            texts.append(RichText(one.block.text, one.block.links))
        elif isinstance(one.block, ListBlock):
            texts += _item_texts(one.block.items)
        else:
            others.append(one)
    return texts, others


def _item_texts(items: Iterable[ListItem]) -> Iterable[RichText]:
    stack = list(items)[::-1]
    while stack:
        item = stack.pop()
        yield RichText(item.text, item.links)
        stack += item.children[::-1]


def _close_item(frame: Frame, above: Frame) -> None:
    """Make an item; one without words gives way to those inside it."""
    lists = [one.block for one in frame.placed if isinstance(one.block, ListBlock)]
    rest = [one for one in frame.placed if not isinstance(one.block, ListBlock)]
    texts, others = texts_of(rest)
    words = join(texts)
    children = tuple(item for inner in lists for item in inner.items)
    value = integer(frame.element.get("value"), -_LARGEST, _LARGEST)
    if value is not None:
        above.number = value
    if words.text:
        ordered, start = (lists[0].ordered, lists[0].start) if children else (False, 1)
        children = (ListItem(words.text, words.links, children, ordered, start),)
    _count(above, children)
    above.linked += frame.linked + sum(one.linked for one in frame.placed)
    above.placed += others


def _count(above: Frame, items: Sequence[ListItem]) -> None:
    """Give items the next numbers of their list; an empty one uses its number up all the same."""
    for item in items:
        above.items.append(replace(item, number=above.number))
        above.number += above.step
    if not items:
        above.number += above.step


def _numbered(frame: Frame, *, ordered: bool) -> tuple[int, tuple[ListItem, ...]]:
    """Give the first number of a list, and its items with a number only where one is skipped."""
    start = expected = frame.items[0].number or 0
    items = []
    for item in frame.items:
        follows = not ordered or item.number == expected
        items.append(replace(item, number=None) if follows else item)
        expected = (item.number or 0) + 1
    return start, tuple(items)


def _close_list(frame: Frame, above: Frame) -> None:
    """Make a list; one that stands bare in a list belongs to the item before it."""
    ordered = frame.element.tag == "ol"
    start, items = _numbered(frame, ordered=ordered) if frame.items else (1, ())
    if above.kind == "list" and items:
        above.linked += frame.linked
        last = above.items.pop() if above.items else None
        if last is None:
            _count(above, items)
        else:
            children = (*last.children, *items)
            above.items.append(
                replace(last, children=children, children_ordered=ordered, children_start=start)
            )
    elif items:
        block = ListBlock(ordered, items, start)
        above.placed.append(Placed(block, frame.element, frame.linked))
    above.placed += frame.placed


def _quote(frame: Frame) -> list[Placed]:
    """Make a quote, its paragraphs on lines of their own and who said it on the last."""
    texts, others = texts_of(frame.placed)
    words = join((join(texts), _attribution(frame.caption)))
    if not words.text:
        return others
    linked = sum(one.linked for one in frame.placed)
    return [Placed(Quote(words.text, words.links), frame.element, linked), *others]


def _attribution(caption: RichText) -> RichText:
    if not caption.text or caption.text.startswith(("—", "–", "-")):
        return caption
    return join((RichText("—"), caption), " ")


def _figure(frame: Frame) -> list[Placed]:
    """Give what a figure shows; its caption speaks for a picture that says nothing itself."""
    caption = frame.caption.on_one_line().text
    result = []
    for one in frame.placed:
        if isinstance(one.block, Image) and not one.block.alt:
            result.append(replace(one, block=replace(one.block, alt=caption)))
        elif isinstance(one.block, Quote) and caption:
            words = join((RichText(one.block.text, one.block.links), _attribution(frame.caption)))
            result.append(replace(one, block=Quote(words.text, words.links)))
        else:
            result.append(one)
    return result
