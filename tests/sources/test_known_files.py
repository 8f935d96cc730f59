"""What is remembered of a folder's files, so that a start costs little and loses nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from places import STORES
from sqlalchemy import func, select

from sources.site_on_loopback import LONG, START
from threadbot.delivery.tables import files
from threadbot.triggers.folder import look_rounds
from threadbot.triggers.folder_state import QUIET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sources.site_on_loopback import Newsroom

    Open = Callable[..., Newsroom]

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(50)


def with_a_folder(newsroom: Open, path: str = "articles") -> tuple[Newsroom, Path]:
    """Give a newsroom whose desk has a folder with two articles, of which stock was taken."""
    desk = f'[[source]]\nname = "desk"\nkind = "folder"\npath = "{path}"\naccounts = ["ours-x"]\n'
    room = newsroom("", desk)
    folder = room.folder / path
    folder.mkdir()
    for number in (1, 2):
        write(folder, number)
    assert room.look("desk").counts["passed_over"] == 2
    return room, folder


def write(folder: Path, number: int, more: str = "") -> None:
    """Put an article into a folder that was written after the folder was first seen."""
    text = f"Article {number}\n\nReport {number} begins. {LONG * 5} {more}\n"
    (folder / f"{number}.txt").write_text(text, "utf-8")
    written = (START + timedelta(hours=1)).timestamp()
    os.utime(folder / f"{number}.txt", (written, written))


def read_at_the_next_start(room: Newsroom, folder: Path) -> list[str]:
    """Name the files that a process which begins now reads."""
    asked: list[str] = []

    def read(file: Path) -> bytes:
        asked.append(file.name)
        return file.read_bytes()

    remembered = room.begin().remembered(room.rounds.sources["desk"])
    assert len(list(look_rounds(folder, remembered, 0.0, read))) == 1
    return sorted(asked)


def test_known_files_are_not_read_again_at_a_start(newsroom: Open) -> None:
    """Only what is new, was changed, or looks as if it was; a touched file is no edit."""
    room, folder = with_a_folder(newsroom)
    assert read_at_the_next_start(room, folder) == []
    os.utime(folder / "1.txt", (1e9, 1e9))
    write(folder, 3)
    assert read_at_the_next_start(room, folder) == ["1.txt", "3.txt"]
    counts = room.look("desk").counts
    assert (counts["new"], counts["edited"], counts["known"]) == (1, 0, 0)
    assert read_at_the_next_start(room, folder) == []


def test_what_changes_between_two_starts_is_seen(newsroom: Open) -> None:
    """An edit is one, a file that comes back is known, and a file that is gone is forgotten."""
    room, folder = with_a_folder(newsroom)
    write(folder, 3)
    room.look("desk")
    write(folder, 3, "It was corrected.")
    assert room.look("desk").counts["edited"] == 1
    (folder / "2.txt").unlink()
    room.look("desk")
    with room.ledger.reading() as connection:
        assert connection.execute(select(func.count()).select_from(files)).scalar() == 2
    write(folder, 2)
    assert room.look("desk").counts["known"] == 1


def test_what_is_wrong_with_a_file_is_said_again_after_a_start(newsroom: Open) -> None:
    """A file that is no article is not remembered as one that was taken in."""
    room, folder = with_a_folder(newsroom)
    (folder / "4.txt").write_bytes(PICTURE)
    for _ in range(2):
        assert "it is a picture" in str(room.look("desk").problem)
    assert read_at_the_next_start(room, folder) == ["4.txt"]


def test_a_source_that_moves_to_another_folder_takes_stock_anew(newsroom: Open) -> None:
    """Files of the same names are read there, whatever those in the former folder were."""
    room, folder = with_a_folder(newsroom)
    other = folder.with_name("other")
    folder.rename(other)
    write(other, 9)
    room.sections = room.sections.replace('"articles"', '"other"')
    room.reconfigure("")
    assert read_at_the_next_start(room, other) == ["1.txt", "2.txt", "9.txt"]
    counts = room.look("desk").counts
    assert (counts["new"], counts["known"], counts["passed_over"]) == (0, 2, 1)
    assert read_at_the_next_start(room, other) == []


def test_what_was_read_but_not_stored_is_read_again(newsroom: Open) -> None:
    """A process that dies between the two loses nothing."""
    room, folder = with_a_folder(newsroom)
    write(folder, 3)
    desk = room.rounds.sources["desk"]
    (first,) = look_rounds(folder, room.rounds.remembered(desk), 0.0)
    (found,) = look_rounds(folder, first.state, QUIET)
    assert [entry.title for entry in found.entries] == ["Article 3"]
    assert room.look("desk").counts["new"] == 1


def test_a_file_of_a_far_year_stops_no_other(newsroom: Open) -> None:
    """No database holds its time, so its bytes alone tell whether it was changed."""
    room, folder = with_a_folder(newsroom)
    write(folder, 3)
    write(folder, 4)
    for year in (2500, 2600):
        far = datetime(year, 1, 1, tzinfo=UTC).timestamp()
        os.utime(folder / "3.txt", (far, far))
        assert room.look("desk").problem is None
        assert room.states() == ["ours-x draft Article 4", "ours-x draft Article 3"]
        assert read_at_the_next_start(room, folder) == ["3.txt"]
    text = (folder / "3.txt").read_text("utf-8").replace("begins", "starts")
    (folder / "3.txt").write_text(text, "utf-8")
    os.utime(folder / "3.txt", (far, far))
    assert room.look("desk").counts["edited"] == 1


def test_a_file_with_a_path_that_no_database_finds_stops_no_other(newsroom: Open) -> None:
    """It is told of, with what to do."""
    room, folder = with_a_folder(newsroom)
    deep = folder.joinpath(*(["mill" * 60] * 5))
    deep.mkdir(parents=True)
    write(deep, 3)
    write(folder, 4)
    assert "its path is longer than 1,000 bytes; move it elsewhere" in str(
        room.look("desk").problem
    )
    assert room.states() == ["ours-x draft Article 4"]
