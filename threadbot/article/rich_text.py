"""Plain text that carries links, built piece by piece.

Owns the keeping of links on their words while spaces are collapsed, text is trimmed and texts
are joined; never knows which format the pieces came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threadbot.article.decoding import clean
from threadbot.article.model import Link

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACES = re.compile(r"[ \t]+")
_AFTER_SPACE = (" ", "\n")


@dataclass(frozen=True, slots=True)
class RichText:
    """A text and the links under its words."""

    text: str = ""
    links: tuple[Link, ...] = ()

    def on_one_line(self) -> RichText:
        """Put the whole text on one line."""
        return RichText(self.text.replace("\n", " "), self.links)


class Builder:
    """Puts a text together, with single spaces and its links in place."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._last = "\n"
        self._links: list[Link] = []
        self._open: tuple[int, str] | None = None

    def add(self, text: str) -> None:
        """Append words; a space or a line break before them is not doubled."""
        text = _SPACES.sub(" ", clean(text))
        if self._last in _AFTER_SPACE:
            text = text.lstrip(" ")
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._last = text[-1]

    def break_line(self) -> None:
        """Append a line break."""
        self.add("\n")

    def open_link(self, href: str) -> None:
        """Begin a link at the next word."""
        self._open = (self._length, href)

    def close_link(self) -> None:
        """End the link that was begun."""
        if self._open is not None:
            start, href = self._open
            self._links.append(Link(start, self._length, href))
            self._open = None

    def build(self) -> RichText:
        """Give the text, trimmed; a link over no words is dropped."""
        whole = "".join(self._parts)
        text = whole.strip()
        shift = len(whole) - len(whole.lstrip())
        links = (_fitted(link, text, shift) for link in self._links)
        return RichText(text, tuple(link for link in links if link is not None))


def _fitted(link: Link, text: str, shift: int) -> Link | None:
    """Move a link to the trimmed text, and off the white space around its words."""
    start, end = max(link.start - shift, 0), min(link.end - shift, len(text))
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return Link(start, end, link.href) if end > start else None


def join(texts: Iterable[RichText], between: str = "\n") -> RichText:
    """Join texts that are not empty, and move their links along."""
    joined, links = "", []
    for rich in texts:
        if not rich.text:
            continue
        joined = f"{joined}{between}" if joined else ""
        at = len(joined)
        links += [replace(link, start=link.start + at, end=link.end + at) for link in rich.links]
        joined += rich.text
    return RichText(joined, tuple(links))
