"""From the bytes of a source to an `Article`; takes bytes in and touches nothing outside."""

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
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


def __getattr__(name: str) -> object:
    """Import `load` when it is first asked for: a ledger is opened without reading articles."""
    if name == "load":
        from threadbot.article.reader import load  # noqa: PLC0415 - see above

        return load
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
