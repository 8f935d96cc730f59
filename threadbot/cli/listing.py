"""Lists of threads in the terminal: one row each, with further lines below.

Owns the layout: what names a thread and its state are never cut, however narrow the terminal is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table
    from rich.text import Text

#: Where less than this is left for the last column, in cells, a list puts the rest below it.
MIN_LAST = 20
_GAP = 2  # cells between two columns


def listing(
    names: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    details: Sequence[Sequence[Text]],
    width: int,
) -> Table:
    """Lay threads out: the first two columns are never cut, all else gives way.

    Args:
        names: the columns' heads; the last column is the title.
        rows: what stands in them, for each thread.
        details: lines below each thread's title.
        width: of the terminal, in cells.
    """
    from rich.cells import cell_len  # noqa: PLC0415 - this format alone
    from rich.table import Table  # noqa: PLC0415 - this format alone

    fixed = [max(map(cell_len, cells)) for cells in zip(names, *rows, strict=True)][:-1]
    is_wide = sum(fixed) + _GAP * len(names) + MIN_LAST <= width
    table = Table(box=None, padding=(0, _GAP, 0, 0))
    for name in names if is_wide else (*names[:2], ""):
        table.add_column(name, no_wrap=name not in {names[-1], ""}, overflow="fold")
    for row, below in zip(rows, details, strict=True):
        cells, more = (row, ()) if is_wide else ((*row[:2], row[-1]), _joined(row[2:-1]))
        table.add_row(*map(plain, cells))
        for detail in (*map(plain, more), *below):
            table.add_row(*[""] * (len(cells) - 1), detail)
    return table


def _joined(cells: Sequence[str]) -> tuple[str, ...]:
    return ("  ".join(filter(None, cells)),)


def plain(text: str, style: str = "") -> Text:
    """Keep rich from reading marks in a text, and a terminal from obeying it."""
    from rich.text import Text  # noqa: PLC0415 - this format alone

    from threadbot.preview.characters import visible  # noqa: PLC0415 - this format alone

    return Text(visible(text), style=style, overflow="fold")
