"""A folder with very many articles: it is read part by part, and can be left at any time."""

from __future__ import annotations

import os
import threading
from itertools import count
from typing import TYPE_CHECKING

import pytest
from places import STORES

from sources.site_on_loopback import LONG, START
from threadbot.triggers.folder import look_rounds
from threadbot.triggers.folder_state import QUIET, FolderState
from threadbot.triggers.watching import first_rounds, watch_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sources.site_on_loopback import Newsroom
    from threadbot.triggers.folder import Round

    Open = Callable[..., Newsroom]

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
#: Bytes of about two articles.
PART = 1_000
COUNT = 9


def fill(folder: Path) -> None:
    """Write articles into a folder, the first one the earliest."""
    folder.mkdir()
    for number in range(1, COUNT + 1):
        text = f"Article {number}\n\nReport {number} begins. {LONG * 5}\n"
        (folder / f"{number}.txt").write_text(text, "utf-8")
        moment = START.timestamp() + number
        os.utime(folder / f"{number}.txt", (moment, moment))


def parts_of(folder: Path, state: FolderState, *, is_first: bool = True) -> Iterator[Round]:
    """Begin with a folder, in small parts and without waiting."""
    clock = count(0.0, 2 * QUIET)
    return first_rounds(
        folder, lambda: next(clock), lambda _: False, state, is_first=is_first, part=PART
    )


@pytest.mark.parametrize("is_first", [True, False])
def test_a_large_folder_is_read_part_by_part(tmp_path: Path, is_first: bool) -> None:  # noqa: FBT001
    """Never more than a part is held; each article is in one of them, and the last says so."""
    fill(tmp_path / "desk")
    found = list(parts_of(tmp_path / "desk", FolderState(), is_first=is_first))
    assert len(found) == 3
    assert max(sum(len(entry.content) for entry in one.entries) for one in found) < 2 * PART
    titles = [entry.title for one in found for entry in one.entries]
    assert titles == [f"Article {number}" for number in range(1, COUNT + 1)]
    assert [one.more for one in found] == [True] * (len(found) - 1) + [False]
    known = [len(one.state.taken_in()) for one in found]
    assert known == sorted(known)
    assert known[-1] == COUNT


@pytest.mark.parametrize(
    ("more", "let_in"), [("", []), ('first_run = "latest"\n', [f"ours-x draft Article {COUNT}"])]
)
def test_stock_that_is_broken_off_is_gone_on_with(
    newsroom: Open, more: str, let_in: list[str]
) -> None:
    """What the next process finds is of the same stock; of all of it one may be the latest."""
    desk = '[[source]]\nname = "desk"\nkind = "folder"\npath = "desk"\naccounts = ["ours-x"]\n'
    room = newsroom("", f"{desk}{more}")
    fill(room.folder / "desk")
    source, counts = room.rounds.sources["desk"], []
    for broken_off in (1, 2):
        room.rounds = room.begin()
        found = next(parts_of(room.folder / "desk", room.rounds.remembered(source)))
        counts.append(room.rounds.take_round(source, found).counts)
        assert len(room.rounds.remembered(source).settled) == 3 * broken_off
        assert room.rounds.is_new(source)
    room.rounds = room.begin()
    counts.append(room.look("desk").counts)
    assert room.states() == let_in
    assert sum(one["passed_over"] + one["new"] for one in counts) == COUNT
    assert not room.rounds.is_new(source)
    assert set(room.look("desk").counts.values()) == {0}


@pytest.mark.parametrize("looks", range(1, 3 * COUNT))
def test_a_look_is_given_up_at_the_next_file(tmp_path: Path, looks: int) -> None:
    """Whenever that is wished, no more than the file at hand is read, and nothing comes of it."""
    fill(tmp_path / "desk")
    (first,) = look_rounds(tmp_path / "desk", FolderState(), 0.0)
    asked: list[str] = []

    def read(file: Path) -> bytes:
        asked.append(file.name)
        return file.read_bytes()

    def is_over() -> bool:
        return len(asked) >= looks

    found = list(look_rounds(tmp_path / "desk", first.state, QUIET, read, is_over=is_over))
    expected = min(2 * COUNT, looks)
    assert (len(asked), len(found)) == (expected, int(looks >= 2 * COUNT))


def test_a_worker_that_ends_does_not_wait_for_a_large_folder(tmp_path: Path) -> None:
    """The watching ends with the part that was handed over last."""
    fill(tmp_path / "desk")
    stop = threading.Event()
    clock = count(0.0, 2 * QUIET)
    rounds = watch_folder(tmp_path / "desk", lambda: next(clock), stop, is_first=True, part=PART)
    assert next(rounds).more
    stop.set()
    assert list(rounds) == []
