"""Markdown: CommonMark with tables, struck words and front matter.

Owns the way from Markdown's blocks to an article's; the text inside a block is made by
`markdown_inline`. Never fetches what the text links to.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from threadbot.article import front_matter
from threadbot.article.address import resolve
from threadbot.article.decoding import clean
from threadbot.article.markdown_inline import Inline, read_inline
from threadbot.article.model import (
    Block,
    Code,
    Heading,
    Image,
    Known,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)
from threadbot.article.opening import take_byline, take_title
from threadbot.article.reading import Reading
from threadbot.article.rich_text import Builder, RichText, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.tree import SyntaxTreeNode

_HEADING_MARK = re.compile(r"#{1,6}\s+\S")
_MARKS = re.compile(
    r"^#{1,6}\s+\S|^(?:```|~~~)|^.+\n(?:={3,}|-{3,})\s*$|!?\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)"
    r"|\*\*\S[^*\n]{1,200}\*\*|^>\s\S|^\|.+\|$",
    re.MULTILINE,
)
#: So many marks make a text Markdown that does not say what it is.
_ENOUGH_MARKS = 2
_LOOKED_AT = 20_000
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_BLOCK_END = re.compile(
    r"</?(?:p|div|section|article|aside|h[1-6]|ul|ol|li|tr|table|blockquote|figure|figcaption|pre|hr"
    r"|details|summary)\b[^>]*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<[!?][^>]*>")
_TASK = re.compile(r"\[[ xX]\] ")
_NO_TITLE = "it has no title; put a line `# Title` first, or `title:` in the front matter"


def looks_like_markdown(text: str) -> bool:
    """Tell Markdown by its marks, where nothing else says what a text is."""
    if front_matter.has_front_matter(text) or _HEADING_MARK.match(text.lstrip()):
        return True
    marks = _MARKS.finditer(text[:_LOOKED_AT])
    return sum(1 for _ in zip(range(_ENOUGH_MARKS), marks, strict=False)) == _ENOUGH_MARKS


def read_markdown(
    text: str, base: str | None = None, title: str | None = None, address: str | None = None
) -> Reading:
    """Read Markdown.

    Args:
        text: decoded and clean.
        base: where the text came from. Relative links are resolved against it, else against
            the address of the front matter, else against `address`; images only against it, as
            a file's pictures stand beside the file.
        title: the title where it is known already.
        address: the article's own, where it is known already.

    Returns:
        What the front matter, the first heading and the byline say, and the blocks.

    Raises:
        SourceError: the front matter is broken, or there is no title.
    """
    matter, body = front_matter.split(text)
    blocks = list(_blocks(_parse(body), base or matter.get("url") or address))
    blocks = [_placed(block, base) if isinstance(block, Image) else block for block in blocks]
    found: Known = {}
    own_title = take_title(blocks, title or matter.get("title"), _NO_TITLE)
    if own_title is not None:
        found["title"] = own_title
    found = found | take_byline(blocks) | matter
    return Reading(found, tuple(blocks))


def _parse(text: str) -> SyntaxTreeNode:
    from markdown_it import MarkdownIt  # noqa: PLC0415 (plain text does not need it)
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 (the same)

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return SyntaxTreeNode(parser.parse(text))


def _placed(image: Image, base: str | None) -> Image:
    """Make an image's address absolute where the place of the text is known."""
    return replace(image, src=resolve(base, image.src) or image.src)


def _blocks(node: SyntaxTreeNode, base: str | None) -> Iterator[Block]:
    """Make the blocks of all children of a node."""
    for child in node.children:
        yield from _block(child, base)


def _block(node: SyntaxTreeNode, base: str | None) -> Iterator[Block]:
    """Make the blocks of one node; images that stood in text come behind it."""
    if node.type in {"paragraph", "heading"}:
        inline = _inline(node, base)
        if node.type == "heading" and inline.rich.text:
            line = inline.rich.on_one_line()
            yield Heading(int(node.tag[1]), line.text, line.links)
        elif inline.rich.text:
            yield Paragraph(inline.rich.text, inline.rich.links)
        yield from inline.images
    elif node.type in {"bullet_list", "ordered_list"}:
        yield from _list(node, base)
    elif node.type == "blockquote":
        yield from _quote(node, base)
    elif node.type in {"fence", "code_block"}:
        if text := clean(node.content).strip("\n"):
            yield from [Code(text)] if text.strip() else []
    elif node.type == "table":
        yield from _table(node, base)
    elif node.type == "html_block":
        yield from (Paragraph(text) for text in _html_paragraphs(node.content))


def _inline(node: SyntaxTreeNode, base: str | None) -> Inline:
    """Read the text of a paragraph, a heading or a cell."""
    inline = node.children[0] if node.children else None
    if inline is None or inline.token is None:
        return Inline()
    return read_inline(inline.token.children or [], base)


def _list(node: SyntaxTreeNode, base: str | None) -> Iterator[Block]:
    """Make a list; what cannot stand in an item comes behind the list."""
    behind: list[Block] = []
    items = tuple(_items(node, base, behind))
    if items:
        yield ListBlock(node.type == "ordered_list", items, _start(node))
    yield from behind


def _start(node: SyntaxTreeNode) -> int:
    return int(node.attrs.get("start", 1))


def _items(node: SyntaxTreeNode, base: str | None, behind: list[Block]) -> Iterator[ListItem]:
    """Make the items of a list; one without words gives way to those inside it."""
    for child in node.children:
        texts: list[RichText] = []
        children: list[ListItem] = []
        inner: SyntaxTreeNode | None = None
        for part in child.children:
            if part.type in {"bullet_list", "ordered_list"}:
                inner = inner or part
                children += _items(part, base, behind)
                continue
            for block in _block(part, base):
                if isinstance(block, Paragraph | Heading | Quote):
                    texts.append(RichText(block.text, block.links))
                else:
                    behind.append(block)
        words = _without_task(join(texts))
        if not words.text:
            yield from children
        elif inner is None or not children:
            yield ListItem(words.text, words.links)
        else:
            ordered = inner.type == "ordered_list"
            yield ListItem(words.text, words.links, tuple(children), ordered, _start(inner))


def _without_task(rich: RichText) -> RichText:
    """Take off the box of a task."""
    box = _TASK.match(rich.text)
    if box is None:
        return rich
    builder = Builder()
    at = box.end()
    for link in rich.links:
        builder.add(rich.text[at : link.start])
        builder.open_link(link.href)
        builder.add(rich.text[link.start : link.end])
        builder.close_link()
        at = link.end
    builder.add(rich.text[at:])
    return builder.build()


def _quote(node: SyntaxTreeNode, base: str | None) -> Iterator[Block]:
    """Make a quote of all that is quoted, its paragraphs parted by line feeds."""
    texts: list[RichText] = []
    behind: list[Block] = []
    for block in _blocks(node, base):
        if isinstance(block, Paragraph | Heading | Quote):
            texts.append(RichText(block.text, block.links))
        elif isinstance(block, ListBlock):
            texts.extend(_lines_of_items(block.items))
        else:
            behind.append(block)
    words = join(texts)
    if words.text:
        yield Quote(words.text, words.links)
    yield from behind


def _lines_of_items(items: Iterable[ListItem]) -> Iterator[RichText]:
    for item in items:
        yield RichText(item.text, item.links)
        yield from _lines_of_items(item.children)


def _table(node: SyntaxTreeNode, base: str | None) -> Iterator[Block]:
    """Make a table of its cells' words."""
    rows: Sequence[SyntaxTreeNode] = [row for part in node.children for row in part.children]
    cells = tuple(
        tuple(_inline(cell, base).rich.on_one_line().text for cell in row.children) for row in rows
    )
    if any(any(row) for row in cells):
        yield Table(cells)


def _html_paragraphs(source: str) -> Iterator[str]:
    """Read the words of raw HTML; tags, comments, scripts and styles go."""
    seen = _BREAK.sub("\n", _UNSEEN.sub("", source).replace("\n", " "))
    for part in _BLOCK_END.split(seen):
        words = clean(html.unescape(_TAG.sub("", part)))
        lines = (" ".join(line.split()) for line in words.split("\n"))
        text = "\n".join(line for line in lines if line)
        if text:
            yield text
