"""Old files that come into a folder after it was first seen are no news."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from places import STORES

from sources.site_on_loopback import LONG, START

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sources.site_on_loopback import Newsroom

    Open = Callable[..., Newsroom]

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
DESK = '[[source]]\nname = "desk"\nkind = "folder"\npath = "disk"\naccounts = ["ours-x"]\n'


def write(folder: Path, number: int, moment: datetime) -> None:
    """Put an article into a folder that was written at a certain time."""
    file = folder / f"{number}.txt"
    file.write_text(f"Article {number}\n\nReport {number} begins. {LONG * 5}\n", "utf-8")
    os.utime(file, (moment.timestamp(), moment.timestamp()))


def test_an_archive_on_a_disk_that_was_not_there_at_first_waits_for_a_person(
    newsroom: Open,
) -> None:
    """Its place was an empty folder; an article that is written later is let in."""
    room = newsroom("", DESK)
    folder = room.folder / "disk"
    folder.mkdir()
    room.look("desk")
    for number in range(1, 13):
        write(folder, number, START - timedelta(days=number))
    counts = room.look("desk").counts
    assert (counts["new"], counts["waiting"]) == (0, 12)
    assert room.states() == []
    write(folder, 20, room.now)
    assert room.look("desk").counts["new"] == 1
    assert room.states() == ["ours-x draft Article 20"]
    waiting = room.rounds.store.report(room.rounds.sources["desk"]).waiting
    assert len(waiting) == 12
    (first,) = (one for one in waiting if one.title == "Article 1")
    assert "was written on 2026-11-23, before its folder was first seen" in first.reason
    room.rounds.store.let_in(first.id, room.rounds.sources, room.now)
    room.rounds.carry_out()
    assert room.states() == ["ours-x draft Article 20", "ours-x draft Article 1"]
