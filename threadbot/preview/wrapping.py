"""Where a line of a card may end.

Owns line breaks on the screen; never the cuts between posts, which are `threadbot.thread`'s.

Rich breaks at every white space, no-break spaces included, so that a French line could begin with
the `?` that belongs to the one before. Here a line ends at a plain space alone, and a word that is
wider than the line is cut between graphemes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

_WORD = re.compile(r"[^ ]+ *| +")


class Wrapped:
    """Text that fills the width it is given, line by line.

    Args:
        text: with its styles; its line feeds are kept.
        max_lines: the most lines to show, for a text without line feeds; an ellipsis stands for
            the rest.
    """

    def __init__(self, text: Text, *, max_lines: int | None = None) -> None:
        self.text = text
        self.max_lines = max_lines

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        """Give the lines, none wider than the console lets them be."""
        lines = [
            line
            for paragraph in self.text.split("\n", allow_blank=True)
            for line in paragraph.divide(break_offsets(paragraph.plain, options.max_width))
        ]
        if self.max_lines is not None and len(lines) > self.max_lines:
            rest = Text("").join(lines[self.max_lines - 1 :])
            lines = [*lines[: self.max_lines - 1], rest]
        for line in lines:
            line.rstrip()
            line.no_wrap = True
            line.truncate(options.max_width, overflow="ellipsis")
            yield line


def break_offsets(line: str, width: int) -> Iterator[int]:
    """Find where a line must be broken to fit a width.

    Args:
        line: without line feeds.
        width: in terminal cells, at least 2.

    Yields:
        The code points that begin a new line.
    """
    room = width
    for match in _WORD.finditer(line):
        word = match[0].rstrip(" ")
        needed = cell_len(word)
        if needed > room and room < width:
            yield match.start()
            room = width
        if needed > width:
            pieces = chop_cells(word, width)
            offset = match.start()
            for piece in pieces[:-1]:
                offset += len(piece)
                yield offset
            needed = cell_len(pieces[-1])
        room -= needed + len(match[0]) - len(word)
