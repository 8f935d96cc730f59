"""Marks: how a span travels through a template.

Owns the sentinel characters, of Unicode's private use (plane 16), that stand around a span's words
while a template is rendered, and turning them back into spans. A mark holds only a number; what it
means stands in a table beside the text, so no filter can damage an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from threadbot.thread.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.thread.model import SpanKind

_DIGITS = "".join(chr(0x10FFF0 + digit) for digit in range(10))
_OPEN = chr(0x10FFFA)
_CLOSE = chr(0x10FFFB)
_TO_SENTINELS = str.maketrans("0123456789", _DIGITS)
_FROM_SENTINELS = str.maketrans(_DIGITS, "0123456789")
_MARK = re.compile(f"{_OPEN}([{_DIGITS}]+)|{_CLOSE}")
_SENTINELS = re.compile("[\U0010fff0-\U0010ffff]")


class MarkError(ValueError):
    """A mark that is not closed, was cut, or stands inside another."""


def strip_sentinels(text: str) -> str:
    """Take away characters that would be mistaken for marks; no real text has them."""
    return _SENTINELS.sub("", text) if not text.isascii() else text


@dataclass(slots=True)
class Marks:
    """The table of one rendering: what each mark means."""

    table: list[tuple[SpanKind, str]] = field(default_factory=list)

    def mark(self, words: str, kind: SpanKind, value: str) -> str:
        """Set marks around a span's words.

        Args:
            words: what the reader sees.
            kind: what the span is.
            value: as in `Span`.

        Returns:
            The words with a sentinel before and after them.
        """
        self.table.append((kind, value))
        return f"{_OPEN}{str(len(self.table) - 1).translate(_TO_SENTINELS)}{words}{_CLOSE}"

    def mark_spans(self, text: str, spans: Iterable[Span]) -> str:
        """Set marks around every span of a text.

        Args:
            text: finished words.
            spans: in order, none overlapping.
        """
        parts: list[str] = []
        done = 0
        for span in spans:
            words = text[span.start : span.end]
            parts += [text[done : span.start], self.mark(words, span.kind, span.value)]
            done = span.end
        return "".join([*parts, text[done:]])

    def parse(self, marked: str) -> tuple[str, tuple[Span, ...]]:
        """Turn marks back into spans.

        Args:
            marked: what the template made.

        Returns:
            The text without marks, and the spans in order.

        Raises:
            MarkError: a mark is not closed, was cut, or stands inside another.
        """
        parts: list[str] = []
        spans: list[Span] = []
        position = done = 0
        opened: Span | None = None
        for found in _MARK.finditer(marked):
            parts.append(marked[done : found.start()])
            position += found.start() - done
            done = found.end()
            opened = self._step(found, opened, position, spans)
        parts.append(marked[done:])
        text = "".join(parts)
        if opened or _SENTINELS.search(text):
            raise MarkError
        return text, tuple(spans)

    def _step(
        self, found: re.Match[str], opened: Span | None, position: int, spans: list[Span]
    ) -> Span | None:
        if found[1] is None:
            if opened is None:
                raise MarkError
            if position > opened.start:
                spans.append(replace(opened, end=position))
            return None
        number = int(found[1].translate(_FROM_SENTINELS))
        if opened is not None or number >= len(self.table):
            raise MarkError
        kind, value = self.table[number]
        return Span(position, position, kind, value)


def is_balanced(text: str) -> bool:
    """Tell whether every mark in a text is opened and closed in turn."""
    depth = 0
    for found in _MARK.finditer(text):
        depth += -1 if found[1] is None else 1
        if depth not in {0, 1}:
            return False
    return depth == 0
