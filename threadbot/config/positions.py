"""Where in a TOML file each key and value stands, which `tomllib` does not tell.

Owns the positions; never judges a file: it follows text that `tomllib` has already accepted, and
what it cannot follow only costs a finding its line. The grammar is that of TOML 1.0,
https://toml.io/en/v1.0.0 (read 2026-08-22).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The way to a value: names of keys, and positions in arrays from 0.
KeyPath: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# The first that matches is right: the longer quotation marks stand first. A string in three
# quotation marks may end in up to five, of which the first two belong to the text.
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_VALUE = re.compile(r"[^,\]}#\n]*[^,\]}#\s]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the file's text, in code points from 0; the end is the one after the last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a key or a table's header stands, and where its value does.

    Args:
        key: the key, or the header's name; None for an item of an array.
        value: the value; None for a table that has a header.
    """

    key: Stretch | None = None
    value: Stretch | None = None


def locate(text: str) -> Mapping[KeyPath, Entry]:
    """Find where each key and value of a TOML document stands.

    Args:
        text: a valid document with line feeds as its only line ends.

    Returns:
        An entry for every table, key and item of an array. A table without a header of its own
        stands where it is first named.
    """
    walk = _Walk(text)
    try:
        walk.document()
    except (_LostError, RecursionError):
        # Better a finding without its line than none at all.
        return walk.entries
    return walk.entries


class _LostError(Exception):
    """The text is not what the grammar says."""


class _Walk:
    """One pass over a document."""

    def __init__(self, text: str) -> None:
        self.entries: dict[KeyPath, Entry] = {}
        self._text = text
        self._at = 0
        self._lengths: dict[KeyPath, int] = {}

    def document(self) -> None:
        """Follow the text to its end."""
        table: KeyPath = ()
        self._take(_BLANK)
        while self._at < len(self._text):
            if self._sees("["):
                table = self._header()
            else:
                self._pair(table)
            self._take(_BLANK)

    def _sees(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _take(self, pattern: re.Pattern[str]) -> Stretch:
        if (match := pattern.match(self._text, self._at)) is None:
            raise _LostError
        self._at = match.end()
        return Stretch(*match.span())

    def _skip(self, mark: str) -> None:
        if not self._sees(mark):
            raise _LostError
        self._at += len(mark)

    def _header(self) -> KeyPath:
        opening, closing = ("[[", "]]") if self._sees("[[") else ("[", "]")
        self._skip(opening)
        self._take(_SPACE)
        path: KeyPath = ()
        names = self._key()
        for name, stretch in names:
            path = (*path, name)
            self.entries.setdefault(path, Entry(key=stretch))
            # `[source.filter]` after `[[source]]` speaks of the last source.
            if path in self._lengths and (name, stretch) != names[-1]:
                path = (*path, self._lengths[path] - 1)
        whole = Stretch(names[0][1].start, names[-1][1].end)
        if opening == "[[":
            index = self._lengths.get(path, 0)
            self._lengths[path] = index + 1
            path = (*path, index)
        self.entries[path] = Entry(key=whole)
        self._skip(closing)
        return path

    def _key(self) -> list[tuple[str, Stretch]]:
        names = []
        while True:
            if self._sees('"') or self._sees("'"):
                stretch = self._take(_STRING)
                name = str(tomllib.loads(f"v = {self._words(stretch)}")["v"])
            else:
                stretch = self._take(_BARE_KEY)
                name = self._words(stretch)
            names.append((name, stretch))
            self._take(_SPACE)
            if not self._sees("."):
                return names
            self._skip(".")
            self._take(_SPACE)

    def _words(self, stretch: Stretch) -> str:
        return self._text[stretch.start : stretch.end]

    def _pair(self, table: KeyPath) -> None:
        path = table
        for name, stretch in self._key():
            path = (*path, name)
            self.entries.setdefault(path, Entry(key=stretch))
        self._skip("=")
        self._take(_SPACE)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        start = self._at
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline_table(path)
        elif self._sees('"') or self._sees("'"):
            self._take(_STRING)
        else:
            self._take(_BARE_VALUE)
        entry = self.entries.get(path, Entry())
        self.entries[path] = replace(entry, value=Stretch(start, self._at))

    def _array(self, path: KeyPath) -> None:
        self._skip("[")
        self._take(_BLANK)
        index = 0
        while not self._sees("]"):
            self._value((*path, index))
            index += 1
            self._separator("]")
        self._skip("]")

    def _inline_table(self, path: KeyPath) -> None:
        self._skip("{")
        self._take(_BLANK)
        while not self._sees("}"):
            self._pair(path)
            self._separator("}")
        self._skip("}")

    def _separator(self, closing: str) -> None:
        self._take(_BLANK)
        if not self._sees(closing):
            self._skip(",")
            self._take(_BLANK)
