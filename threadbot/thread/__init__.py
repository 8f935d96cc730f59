"""From an `Article` to a `Thread`; pure, and the same input always gives the same output."""

from typing import TYPE_CHECKING

from threadbot.thread.model import Card, Facet, Post, Span, Thread
from threadbot.thread.settings import Account, Person, Prices, Style

if TYPE_CHECKING:
    from threadbot.thread.composer import compose

__all__ = [
    "Account",
    "Card",
    "Facet",
    "Person",
    "Post",
    "Prices",
    "Span",
    "Style",
    "Thread",
    "compose",
]


def __getattr__(name: str) -> object:
    """Import `compose` when it is first asked for: it brings the template engine along."""
    if name == "compose":
        from threadbot.thread.composer import compose  # noqa: PLC0415 - see above

        return compose
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
