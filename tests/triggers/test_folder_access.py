"""A folder that threadbot may not look into: it is said, and never taken for an empty one."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from looking import look_round
from memory import LONG

from threadbot.errors import SourceError
from threadbot.triggers.folder_state import QUIET, FolderState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


class Guard:
    """Gives what is in folders, but for those that it lets nobody see.

    Args:
        closed: the names of these.
        number: the system's number for what is wrong with them.
    """

    def __init__(self, *closed: str, number: int = errno.EACCES) -> None:
        self.closed = set(closed)
        self.number = number

    def __call__(self, folder: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        """Give what is in a folder."""
        if folder.name in self.closed:
            raise OSError(self.number, os.strerror(self.number), str(folder))
        return os.scandir(folder)


def write(file: Path, more: str = "") -> None:
    """Write an article."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"The {file.stem}\n\n{LONG}{more}", "utf-8")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, r"\(permission denied\); let the user that threadbot runs as read it"),
        (errno.EIO, r"\(input/output error\); it is tried again"),
    ],
)
def test_a_folder_that_cannot_be_looked_into_is_not_an_empty_one(
    tmp_path: Path, number: int, said: str
) -> None:
    """No stock is taken of it, or its whole archive would be news once it can be read."""
    write(tmp_path / "articles/mill.txt")
    guard = Guard("articles", number=number)
    with pytest.raises(SourceError, match=f"articles cannot be looked into {said}"):
        look_round(tmp_path / "articles", FolderState(), 0.0, scan=guard)


def test_a_folder_below_that_cannot_be_looked_into_is_told_and_stops_no_other(
    tmp_path: Path,
) -> None:
    """What was known of its files stays, so that none of them is new when it can be read again."""
    for name in ("mill.txt", "closed/river.txt", "closed-not/dam.txt"):
        write(tmp_path / name)
    guard = Guard()
    first = look_round(tmp_path, FolderState(), 0.0, scan=guard)
    second = look_round(tmp_path, first.state, QUIET, scan=guard)
    assert len(second.entries) == 3
    guard.closed.add("closed")
    (tmp_path / "closed-not/dam.txt").unlink()
    third = look_round(tmp_path, second.state, 2 * QUIET, scan=guard)
    (problem,) = third.problems
    assert problem.startswith(f"the folder {tmp_path}/closed cannot be looked into")
    assert sorted(third.state.taken_in()) == ["closed/river.txt", "mill.txt"]
    write(tmp_path / "new.txt")
    fourth = look_round(tmp_path, third.state, 3 * QUIET, scan=guard)
    fifth = look_round(tmp_path, fourth.state, 4 * QUIET, scan=guard)
    assert [entry.title for entry in fifth.entries] == ["The new"]
    assert (fourth.problems, fifth.problems, fifth.state.told()) == ((), (), (problem,))
    guard.closed.clear()
    write(tmp_path / "closed/river.txt", "More.")
    write(tmp_path / "closed/late.txt")
    sixth = look_round(tmp_path, fifth.state, 5 * QUIET, scan=guard)
    seventh = look_round(tmp_path, sixth.state, 6 * QUIET, scan=guard)
    assert [entry.title for entry in seventh.entries] == ["The river", "The late"]
    assert seventh.state.told() == ()


def test_a_folder_below_that_goes_away_during_a_look_is_no_problem(tmp_path: Path) -> None:
    """Somebody has just moved it."""
    write(tmp_path / "mill.txt")
    (tmp_path / "sub").mkdir()

    def vanishing(folder: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        return os.scandir(folder / "gone" if folder.name == "sub" else folder)

    assert look_round(tmp_path, FolderState(), 0.0, scan=vanishing).state.told() == ()


def test_a_fault_of_ours_in_reading_a_file_stops_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The file is named in what is told; a changed one is read again."""
    for name in ("mill.txt", "other.txt"):
        write(tmp_path / name)
    faulty = {"mill.txt"}

    def read(file: Path) -> bytes:
        if file.name in faulty:
            message = "nobody thought of that"
            raise ValueError(message)
        return file.read_bytes()

    first = look_round(tmp_path, FolderState(), 0.0, read)
    second = look_round(tmp_path, first.state, QUIET, read)
    assert [entry.name for entry in second.entries] == ["other.txt"]
    (problem,) = second.problems
    assert problem.startswith(f"{tmp_path}/mill.txt: a fault of ours (ValueError: nobody thought")
    assert "a fault of ours in reading" in caplog.text
    faulty.clear()
    write(tmp_path / "mill.txt", "More.")
    third = look_round(tmp_path, second.state, 2 * QUIET, read)
    fourth = look_round(tmp_path, third.state, 3 * QUIET, read)
    assert [entry.name for entry in fourth.entries] == ["mill.txt"]
    assert fourth.state.told() == ()
