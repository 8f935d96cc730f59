"""From the bytes of a source to an `Article`; takes bytes in and touches nothing outside."""

from __future__ import annotations

from threadbot.article.decoding import MAX_BYTES
from threadbot.article.model import (
    Article,
    Block,
    Code,
    Heading,
    Image,
    Known,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)
from threadbot.article.reader import load

__all__ = [
    "MAX_BYTES",
    "Article",
    "Block",
    "Code",
    "Heading",
    "Image",
    "Known",
    "Link",
    "ListBlock",
    "ListItem",
    "Paragraph",
    "Quote",
    "Table",
    "load",
]
