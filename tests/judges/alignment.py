"""Which words of an article stand in which post.

Owns the comparison of bare texts: letters, numbers and pictures alone, so that white space,
punctuation, bullets and ellipses that a tool adds or drops do not matter. Never judges.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A line that is found in part only is taken for the article's if so much of it is, or so many
#: characters: what a template says shares a word or a domain with an article, but no more.
_SHARE = 0.5
_LONG = 30
_SHORTEST = 6
ADDRESS = re.compile(r"https?://[^\s)]*[^\s).,;:!?،。]")


def bare(text: str) -> str:
    """Give a text's letters, marks, numbers and pictures."""
    normal = unicodedata.normalize("NFC", text)
    return "".join(
        letter
        for letter in normal
        if unicodedata.category(letter)[0] in "LMN" or unicodedata.category(letter) in {"So", "Sk"}
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of an article: from one bare character up to another one."""

    start: int
    end: int


@dataclass(slots=True)
class Alignment:
    """Finds texts in an article, in reading order.

    Args:
        pieces: the article's, in order.
    """

    pieces: Sequence[str]
    text: str = field(init=False)
    starts: list[int] = field(init=False)
    cursor: int = 0

    def __post_init__(self) -> None:
        bares = [bare(piece) for piece in self.pieces]
        self.text = "".join(bares)
        self.starts = list(accumulate(map(len, bares), initial=0))

    def piece_at(self, position: int) -> int:
        """Tell in which piece a bare character stands."""
        return bisect_right(self.starts, position) - 1

    def find(self, text: str) -> list[Stretch]:
        """Find a post in the article.

        Args:
            text: the post.

        Returns:
            What of the article stands in it, in the post's order.
        """
        whole = bare(text)
        if whole and self.text.startswith(whole, self.cursor):
            return self._took([Stretch(self.cursor, self.cursor + len(whole))])
        found: list[Stretch] = []
        for line in re.split(r"\n+", ADDRESS.sub(self._own, text)):
            found += self._took(list(self._line(bare(line))))
        return found

    def _own(self, address: re.Match[str]) -> str:
        """Keep an address that the article spells out; another one is the template's."""
        return address[0] if any(address[0] in piece for piece in self.pieces) else ""

    def _took(self, found: list[Stretch]) -> list[Stretch]:
        if found:
            self.cursor = found[-1].end
        return found

    def _line(self, line: str) -> Iterator[Stretch]:
        """Find a line: as a piece, as it stands, or the greatest part of it."""
        if not line:
            return
        ends = [*self.starts[1:]]
        exact = [
            start
            for start, end in zip(self.starts, ends, strict=False)
            if self.text[start:end] == line
        ]
        ahead = [start for start in exact if start >= self.cursor]
        if exact:
            start = (ahead or exact)[0]
            yield Stretch(start, start + len(line))
            return
        start = self.text.find(line, self.cursor)
        start = self.text.find(line) if start < 0 else start
        if start >= 0 and len(line) >= _SHORTEST:
            yield Stretch(start, start + len(line))
            return
        yield from self._parts(line)

    def _parts(self, line: str) -> Iterator[Stretch]:
        if len(line) < _SHORTEST:
            return
        matcher = SequenceMatcher(None, line, self.text, autojunk=False)
        match = matcher.find_longest_match()
        if match.size < _LONG and match.size < max(len(line) * _SHARE, _SHORTEST):
            return
        yield from self._parts(line[: match.a])
        yield Stretch(match.b, match.b + match.size)
        yield from self._parts(line[match.a + match.size :])
