"""Shows threads as cards on standard output.

Owns the width and the way through rich; what the cards look like is `preview`'s.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from threadbot.cli.output import NEAREST, output_encoding, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from threadbot.article import Article
    from threadbot.thread.model import Thread

#: Cells of a line where there is no terminal to ask, such as in a pipe.
DEFAULT_WIDTH = 100
#: The narrowest card that still holds a counter beside its borders.
MIN_WIDTH = 30


def show_cards(article: Article, threads: Sequence[Thread]) -> None:
    """Show an article's threads side by side."""
    from threadbot.preview.terminal import cards  # noqa: PLC0415 - only for this format

    width = max(MIN_WIDTH, terminal_width())
    show(cards(article, threads, width=width), width)


def show(content: RenderableType, width: int) -> None:
    """Write something that rich can render.

    Args:
        content: what to show.
        width: in cells.
    """
    from rich.console import Console  # noqa: PLC0415 - 40 ms that the other formats do not need

    # Rich writes into memory, for it has rules of its own where standard output fails.
    memory = io.BytesIO()
    screen = io.TextIOWrapper(memory, encoding=output_encoding(), errors=NEAREST, newline="\n")
    console = Console(
        file=screen, width=width, force_terminal=sys.stdout.isatty() or None, highlight=False
    )
    console.print(content)
    screen.flush()
    write(memory.getvalue())


def terminal_width() -> int:
    """Give the terminal's width, the same when its output goes through a pager."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    for descriptor in (1, 2, 0):
        try:
            width = os.get_terminal_size(descriptor).columns
        except OSError:
            continue
        if width > 0:
            return width
    return DEFAULT_WIDTH
