"""An article as an outline: one line for each block or item, which a person can write and read.

Owns the notation of `pages/*.expected.txt`; never judges an article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.article import Code, Heading, Image, Link, ListBlock, Paragraph, Quote, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threadbot.article import Article, Block, ListItem

_FIELDS = (
    "title", "author", "handle", "published", "language", "url", "description", "image",
)  # fmt: skip


def outline(article: Article) -> str:
    """Write an article down: its fields, and its blocks with blank lines between them.

    A no-break space is `~`, a line feed `⏎`, a link `[words](address)`.
    """
    values = [(name, getattr(article, name)) for name in _FIELDS]
    values.append(("tags", ", ".join(article.tags)))
    fields = "\n".join(f"{name}: {value}" for name, value in values if value)
    blocks = ("\n".join(_lines(block)) for block in article.blocks)
    return "\n\n".join((fields, *blocks)).replace("\u00a0", "~") + "\n"


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"h{block.level} {_linked(block.text, block.links)}"
    elif isinstance(block, Paragraph):
        yield f"p {_linked(block.text, block.links)}"
    elif isinstance(block, Quote):
        yield f"> {_linked(block.text, block.links)}"
    elif isinstance(block, ListBlock):
        yield from _items(block.items, block.start if block.ordered else None, "")
    elif isinstance(block, Image):
        yield f"img {block.src} | {block.alt}" if block.alt else f"img {block.src}"
    elif isinstance(block, Table):
        yield "table " + "⏎".join(" | ".join(row) for row in block.rows)
    elif isinstance(block, Code):
        yield "code " + block.text.replace("\n", "⏎")


def _items(items: Iterable[ListItem], number: int | None, indent: str) -> Iterator[str]:
    for item in items:
        number = item.number if item.number is not None else number
        sign = "*" if number is None else f"{number}."
        yield f"{indent}{sign} {_linked(item.text, item.links)}"
        start = item.children_start if item.children_ordered else None
        yield from _items(item.children, start, indent + "  ")
        number = None if number is None else number + 1


def _linked(text: str, links: tuple[Link, ...]) -> str:
    for link in reversed(links):
        words = text[link.start : link.end]
        text = f"{text[: link.start]}[{words}]({link.href}){text[link.end :]}"
    return text.replace("\n", "⏎")
