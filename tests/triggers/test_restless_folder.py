"""A folder of which stock is to be taken while a file in it never comes to rest."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from threadbot.triggers.folder_state import FolderState
from threadbot.triggers.watching import CLOSED_AFTER, first_rounds

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "The mill\n\nIt was built by hand, and has stood still since the flood of that year.\n"


def test_a_file_that_changes_all_the_time_keeps_no_stock_from_being_taken(tmp_path: Path) -> None:
    """It is of the stock by its path alone; what becomes of it later is an edit, and no news."""
    (tmp_path / "mill.txt").write_text(TEXT, "utf-8")
    clock = 0.0

    def wait(seconds: float) -> bool:
        nonlocal clock
        clock += seconds
        (tmp_path / "log.txt").write_text(f"{TEXT}{clock}", "utf-8")
        os.utime(tmp_path / "log.txt", (clock, clock))
        return clock > 10 * CLOSED_AFTER

    rounds = list(first_rounds(tmp_path, lambda: clock, wait, FolderState(), is_first=True))
    assert CLOSED_AFTER <= clock < CLOSED_AFTER + 5
    found = {entry.guid: entry for one in rounds for entry in one.entries}
    assert set(found) == {"mill.txt", "log.txt"}
    assert found["mill.txt"].says_something
    assert not found["log.txt"].says_something
    assert not rounds[-1].more


def test_what_is_wrong_at_the_first_look_is_told(tmp_path: Path) -> None:
    """The look that only finds what is there hides nothing."""
    (tmp_path / "empty.txt").write_text("", "utf-8")
    (tmp_path / f"{'long/' * 220}").mkdir(parents=True)
    (tmp_path / f"{'long/' * 220}" / "a.txt").write_text(TEXT, "utf-8")
    clock = 0.0

    def wait(seconds: float) -> bool:
        nonlocal clock
        clock += seconds
        return clock > 10 * CLOSED_AFTER

    rounds = list(first_rounds(tmp_path, lambda: clock, wait, FolderState(), is_first=False))
    assert any("longer than 1,000 bytes" in said for one in rounds for said in one.problems)
