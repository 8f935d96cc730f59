"""The walk over an HTML tree that finds its blocks.

Owns what each element means for the blocks of an article. It keeps no recursion of its own, so
that no nesting exhausts it; never decides which blocks belong to the article.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from threadbot.article import html_tree
from threadbot.article.address import resolve
from threadbot.article.decoding import clean
from threadbot.article.html_frames import Frame, Kind, Placed, close, integer, texts_of
from threadbot.article.html_tables import is_data_table, rows_of
from threadbot.article.html_text import Text
from threadbot.article.model import (
    Block,
    Code,
    Heading,
    Image,
    Paragraph,
    Table,
)
from threadbot.article.plain_lines import is_heading_like
from threadbot.article.rich_text import join

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FRAMES: Final[dict[str, Kind]] = {
    "ul": "list",
    "ol": "list",
    "menu": "list",
    "dir": "list",
    "li": "item",
    "blockquote": "quote",
    "figure": "figure",
    "figcaption": "caption",
}
_HEADING = re.compile(r"h([1-6])")
_INTEGER = re.compile(r"\s*([+-]?\d{1,9})")
# A list with these in it arranges a page and lists nothing.
_NO_ITEM = ("h1", "h2", "article", "section", "aside", "nav")
_LOWEST_LEVEL = 6
_LARGEST = 10**9


def walk(root: HtmlElement, base: str | None, picture_base: str | None) -> list[Placed]:
    """Read the blocks of a tree, in order.

    Args:
        root: the element to read; what stands behind it is not read.
        base: what relative links are resolved against.
        picture_base: what relative pictures are resolved against; without it they keep their path.
    """
    walker = _Walker(root, base, picture_base)
    walker.run(root)
    return walker.finish()


def promoted(placed: list[Placed]) -> list[Placed]:
    """Make headings of bold lines that head the text behind them."""
    tops = {one.block.level for one in placed if isinstance(one.block, Heading)} - {1}
    level = min(min(tops) + 1, _LOWEST_LEVEL) if tops else 2
    result = []
    for one, following in zip_longest(placed, placed[1:]):
        heads = following is not None and not isinstance(following.block, Heading | Image)
        if heads and one.bold and not (following and following.bold):
            result.append(Placed(Heading(level, one.block.text, one.block.links), one.element))  # type: ignore[union-attr]  # a bold one is a paragraph
        else:
            result.append(one)
    return result


class _Walker:
    """Reads a tree in document order, with its open frames on a stack."""

    def __init__(self, root: HtmlElement, base: str | None, picture_base: str | None) -> None:
        self._base = base
        self._picture_base = picture_base
        self._frames = [Frame("flow", root)]
        self._text = Text()
        self._owner = root
        self._images: list[Placed] = []
        self._level = 0
        self._bold = 0
        self._breaks = 0

    def run(self, root: HtmlElement) -> None:
        """Visit every element that a reader sees, and the text around it."""
        node = root
        while True:
            descend = self._enter(node)
            if descend and len(node):
                node = node[0]
                continue
            if descend:
                self._leave(node)
            while node is not root and node.getnext() is None:
                self._add_tail(node)
                node = node.getparent()
                self._leave(node)
            if node is root:
                return
            self._add_tail(node)
            node = node.getnext()

    def finish(self) -> list[Placed]:
        """Give what was found."""
        self._flush()
        return self._frames[0].placed

    def _enter(self, element: HtmlElement) -> bool:
        """Begin an element; say whether to read what is inside it."""
        if html_tree.is_unread(element):
            return False
        tag = element.tag
        if tag in html_tree.INLINE or tag == "br":
            return self._enter_inline(element)
        self._boundary()
        if tag == "pre" or (tag == "table" and is_data_table(element)):
            self._add_whole(element)
            return False
        if match := _HEADING.fullmatch(tag):
            self._level = int(match[1])
        elif element.get("role") == "heading":
            self._level = integer(element.get("aria-level"), 2, 6) or 2
        elif self._opens_frame(element):
            self._frames.append(_frame(_FRAMES[tag], element))
        self._add_text(element, element.text)
        return True

    def _enter_inline(self, element: HtmlElement) -> bool:
        tag = element.tag
        if tag == "br":
            self._break()
        elif tag in html_tree.IMAGES:
            self._add_image(element)
        elif tag == "a":
            if href := element.get("href"):
                self._text.open_link(resolve(self._base, href))
        elif tag == "q":
            self._add_text(element, "“")
        elif tag == "cite" and self._text.empty and self._frames[-1].kind == "quote":
            self._frames.append(Frame("cite", element))
        self._bold += tag in html_tree.BOLD
        self._add_text(element, element.text)
        return bool(tag != "br")

    def _leave(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in html_tree.INLINE:
            self._bold -= tag in html_tree.BOLD
            if tag == "a":
                self._text.close_link()
            elif tag == "q":
                self._text.add("”", bold=bool(self._bold))
            elif self._frames[-1].element is element:
                self._close_frame()
            return
        heads = _HEADING.fullmatch(tag) or element.get("role") == "heading"
        if heads:
            self._flush()
            self._level = 0
            return
        self._boundary()
        if len(self._frames) > 1 and self._frames[-1].element is element:
            self._close_frame()

    def _opens_frame(self, element: HtmlElement) -> bool:
        kind = _FRAMES.get(element.tag)
        top = self._frames[-1].kind
        if kind == "item":
            return top == "list"
        if kind == "caption":
            return top == "figure"
        if kind == "list":
            return next(element.iter(*_NO_ITEM), None) is None
        return kind is not None and not self._level

    def _boundary(self) -> None:
        """End a paragraph where a block begins or ends; inside a heading it is a mere space."""
        if self._level:
            self._text.add_space()
        else:
            self._flush()

    def _break(self) -> None:
        """Begin a new line; two breaks in a row end the paragraph."""
        self._breaks += 1
        if self._breaks > 1:
            self._boundary()
        else:
            self._text.break_line()

    def _add_tail(self, element: HtmlElement) -> None:
        parent = element.getparent()
        self._add_text(parent, element.tail)

    def _add_text(self, element: HtmlElement, text: str | None) -> None:
        if not text:
            return
        if text.strip(" \t\n\f"):
            self._breaks = 0
            if self._text.empty:
                self._owner = element
        self._text.add(text, bold=bool(self._bold))

    def _add_image(self, element: HtmlElement) -> None:
        alt = " ".join(clean(element.get("alt", "")).split())
        if "emoji" in html_tree.names_of(element):
            self._add_text(element, alt)
        elif source := html_tree.image_source(element, self._picture_base):
            self._images.append(Placed(Image(source, alt), element))

    def _add_whole(self, element: HtmlElement) -> None:
        """Add a listing or a table, whose inside is no running text."""
        block: Block | None = None
        if element.tag == "pre":
            text = clean("".join(element.itertext())).strip("\n")
            block = Code(text) if text.strip() else None
        else:
            rows = rows_of(element, lambda cell: _one_line(walk(cell, None, None)))
            block = Table(rows) if any(map(any, rows)) else None
        if block is not None:
            self._frames[-1].placed.append(Placed(block, element))

    def _flush(self) -> None:
        """Make a block of the words since the last one, and put the images among them behind."""
        self._breaks = 0
        if self._text.empty and not self._images:
            self._text.take_nothing()
            return
        bold = self._text.is_bold and not self._level
        linked = self._text.linked
        rich = self._text.take()
        placed = self._frames[-1].placed
        if rich.text:
            owner = _block_around(self._owner)
            if self._level:
                line = rich.on_one_line()
                heading = Heading(self._level, line.text, line.links)
                placed.append(Placed(heading, owner, linked))
            else:
                block = Paragraph(rich.text, rich.links)
                bold = bold and "\n" not in rich.text and is_heading_like(rich.text)
                placed.append(Placed(block, owner, linked, bold=bold))
        placed += self._images
        self._images = []

    def _close_frame(self) -> None:
        self._flush()
        frame = self._frames.pop()
        close(frame, self._frames[-1])


def _frame(kind: Kind, element: HtmlElement) -> Frame:
    """Begin a frame; a reversed list counts down to 1, from as many as it has items.

    https://html.spec.whatwg.org/multipage/grouping-content.html#ordinal-value (read 2026-11-24).
    """
    backwards = element.tag == "ol" and element.get("reversed") is not None
    number = integer(element.get("start"), -_LARGEST, _LARGEST)
    if number is None:
        number = sum(1 for _ in element.iterchildren("li")) if backwards else 1
    return Frame(kind, element, number=number, step=-1 if backwards else 1)


def _block_around(element: HtmlElement) -> HtmlElement:
    """Climb out of the inline elements."""
    while element.tag in html_tree.INLINE and element.getparent() is not None:
        element = element.getparent()
    return element


def _one_line(placed: list[Placed]) -> str:
    return join(texts_of(placed)[0], " ").on_one_line().text
