"""A folder of articles: when a file is complete, what is left alone, and real files on a disk."""

from __future__ import annotations

import doctest
import errno
import os
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from looking import look_round
from memory import LONG, Memory, kinds

from threadbot.errors import SourceError
from threadbot.triggers import walking
from threadbot.triggers.folder import (
    MAX_FILES,
    Round,
    file_entry,
    look,
)
from threadbot.triggers.folder_state import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    QUIET,
    FolderState,
    Reading,
    Sight,
    Unread,
    after_reading,
    settle,
)
from threadbot.triggers.walking import is_article
from threadbot.triggers.watching import first_rounds, watch_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds that a test waits for something to be seen.
PATIENCE = 20.0
TEXT = f"The mill\n\n{LONG}"


def settled_over(*looks: dict[str, Sight], every: float = QUIET) -> list[tuple[str, ...]]:
    """Give what became complete at each of several looks, one after the other."""
    state, complete = FolderState(), []
    for number, seen in enumerate(looks):
        state, paths = settle(state, seen, number * every)
        complete.append(paths)
    return complete


HALF = Sight(10, 1, "half")
WHOLE = Sight(20, 2, "whole")
#: Looks at a file one quiet time apart, and at which of them it is complete.
WRITERS: dict[str, tuple[list[Sight | None], list[bool]]] = {
    "at once": ([WHOLE, WHOLE, WHOLE], [False, True, False]),
    "slowly": ([HALF, WHOLE, WHOLE], [False, False, True]),
    "within one size": ([replace(WHOLE, digest="x"), WHOLE, WHOLE], [False, False, True]),
    "nothing yet": ([Sight(0, 1, "")] * 4, [False] * 4),
    "made, then written": ([Sight(0, 1, ""), WHOLE, WHOLE], [False, False, True]),
    "touched": ([WHOLE, WHOLE, replace(WHOLE, modified=3)], [False, True, False]),
    "changed later": ([HALF, HALF, WHOLE, WHOLE], [False, True, False, True]),
    "gone and back": ([WHOLE, None, WHOLE, WHOLE], [False, False, False, True]),
}


@pytest.mark.parametrize(("looks", "complete"), WRITERS.values(), ids=WRITERS)
def test_when_a_file_is_complete(looks: list[Sight | None], complete: list[bool]) -> None:
    """A file is complete when it has looked the same, to the byte, for a while."""
    found = settled_over(*({} if sight is None else {"a.md": sight} for sight in looks))
    assert found == [("a.md",) if one else () for one in complete]


def test_looks_in_quick_succession() -> None:
    """Looking often makes no file complete sooner."""
    looks = [{"a.md": WHOLE}] * 5
    assert settled_over(*looks, every=QUIET / 3)[:3] == [(), (), ()]
    assert settled_over(*looks, every=QUIET / 2)[2] == ("a.md",)


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("a.txt", True),
        ("A.MD", True),
        ("2026/11/été.html", True),
        ("a.b.markdown", True),
        ("a.docx", False),
        ("a", False),
        ("a.md~", False),
        ("a.md.part", False),
        (".a.md", False),
        (".git/a.md", False),
        ("2026/.trash/a.md", False),
        ("~$a.txt", False),
        ("#a.md", False),
        (".md", False),
    ],
)
def test_which_files_count(path: str, counts: bool) -> None:  # noqa: FBT001
    """Texts, Markdown and HTML count; what is hidden, temporary or of another kind does not."""
    assert is_article(path) is counts


def test_what_is_looked_at(tmp_path: Path) -> None:
    """Files in subfolders are found; hidden folders, links and what is no file are left alone."""
    for path in ("a.md", "sub/deep/b.txt", ".hidden/c.md", "d.md.tmp"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(TEXT)
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    (tmp_path / "linked").symlink_to(tmp_path / "sub")
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    assert sorted(look(tmp_path, FolderState())[0]) == ["a.md", "sub/deep/b.txt"]


def test_settled_files_are_not_read_again(tmp_path: Path) -> None:
    """A file whose size and time are those known is not read again."""
    (tmp_path / "a.md").write_text(TEXT)
    seen, _ = look(tmp_path, FolderState())
    known = replace(seen["a.md"], digest="remembered")
    assert look(tmp_path, FolderState({"a.md": known})) == ({"a.md": known}, {})


class Disk:
    """Gives the bytes of files, or fails as a disk or a network does.

    Args:
        failing: the names of the files that it fails for.
    """

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.asked: list[str] = []

    def __call__(self, file: Path) -> bytes:
        """Read a file."""
        self.asked.append(file.name)
        if file.name in self.failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return file.read_bytes()


def test_a_file_that_cannot_be_read_is_told_and_tried_again(tmp_path: Path) -> None:
    """Less and less often, while the others are read; it counts as soon as it can be read."""
    for name in ("mill.txt", "other.txt"):
        (tmp_path / name).write_text(f"{name} {TEXT}", "utf-8")
    disk = Disk("mill.txt")
    first = look_round(tmp_path, FolderState(), 0.0, disk)
    assert first.problems == ()
    second = look_round(tmp_path, first.state, QUIET, disk)
    assert [entry.name for entry in second.entries] == ["other.txt"]
    (problem,) = second.problems
    assert (
        problem == f"{tmp_path}/mill.txt: it cannot be read (input/output error); it is tried again"
    )
    state, now, pauses = second.state, QUIET, []
    for _ in range(8):
        again = state.unread["mill.txt"].again
        pauses.append(again - now)
        disk.asked.clear()
        early = look_round(tmp_path, state, again - 0.1, disk)
        assert (early.state, disk.asked, state.is_due(again - 0.1)) == (state, [], False)
        assert state.is_due(again)
        now = again
        found = look_round(tmp_path, state, now, disk)
        assert (found.entries, found.problems, found.state.told()) == ((), (), (problem,))
        state = found.state
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    disk.failing.clear()
    found = look_round(tmp_path, state, state.unread["mill.txt"].again, disk)
    assert [entry.name for entry in found.entries] == ["mill.txt"]
    assert found.state.told() == ()
    later = look_round(tmp_path, found.state, now + LONGEST_PAUSE + QUIET, disk)
    assert (later.entries, later.state) == ((), found.state)


def test_a_file_that_cannot_be_read_for_weeks_stops_no_folder() -> None:
    """However often it failed, it is tried again after the longest pause."""
    sight = Sight(10, 0, "")
    failed = FolderState(unread={"mill.txt": Unread(sight, 9_999, 0.0)})
    again = after_reading(failed, {"mill.txt": Reading(sight, "no", is_over=False)}, 0.0)
    assert again.unread["mill.txt"].again == LONGEST_PAUSE


def test_a_file_that_fails_between_two_reads_is_not_lost(tmp_path: Path) -> None:
    """It was seen, and its disk fails when its article is to be read: it is read later."""
    (tmp_path / "mill.txt").write_text(TEXT, "utf-8")
    disk = Disk()
    first = look_round(tmp_path, FolderState(), 0.0, disk)
    seen, _ = look(tmp_path, first.state)
    assert settle(first.state, seen, QUIET)[1] == ("mill.txt",)

    def fails_the_second_time(file: Path) -> bytes:
        if disk.asked[1:]:
            disk.failing.add(file.name)
        return disk(file)

    second = look_round(tmp_path, first.state, QUIET, fails_the_second_time)
    assert (second.entries, len(second.problems)) == ((), 1)
    third = look_round(tmp_path, second.state, QUIET + FIRST_PAUSE)
    assert [entry.title for entry in third.entries] == ["The mill"]


def test_a_file_that_is_mended_while_it_cannot_be_read_is_waited_for(tmp_path: Path) -> None:
    """What looks different is another file: it is read as soon as it is complete."""
    (tmp_path / "mill.txt").write_text(TEXT, "utf-8")
    disk = Disk("mill.txt")
    first = look_round(tmp_path, FolderState(), 0.0, disk)
    second = look_round(tmp_path, first.state, QUIET, disk)
    (tmp_path / "mill.txt").write_text(f"{TEXT} More.", "utf-8")
    third = look_round(tmp_path, second.state, QUIET + 0.1)
    fourth = look_round(tmp_path, third.state, 2 * QUIET + 0.1)
    assert [entry.title for entry in fourth.entries] == ["The mill"]
    assert fourth.state.told() == ()


def test_an_empty_file_keeps_nobody_looking(tmp_path: Path) -> None:
    """Nothing is to be done about it until it changes."""
    (tmp_path / "empty.txt").touch()
    found = look_round(tmp_path, FolderState(), 0.0)
    assert not found.state.is_due(60.0)
    (tmp_path / "empty.txt").write_text(TEXT, "utf-8")
    begun = look_round(tmp_path, found.state, 60.0)
    assert begun.state.is_due(60.0)
    assert look_round(tmp_path, begun.state, 60.0 + QUIET).entries[0].title == "The mill"


def test_every_file_that_is_no_article_is_told_until_it_is_mended_or_gone(tmp_path: Path) -> None:
    """A good file changes nothing about the bad ones; each is told once as news."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    first = look_round(tmp_path, FolderState(), 0.0)
    second = look_round(tmp_path, first.state, QUIET)
    assert [Path(said.split(":")[0]).name for said in second.problems] == ["a.txt", "b.txt"]
    (tmp_path / "good.txt").write_text(TEXT)
    third = look_round(tmp_path, second.state, 2 * QUIET)
    fourth = look_round(tmp_path, third.state, 3 * QUIET)
    assert (len(fourth.entries), fourth.problems) == (1, ())
    assert fourth.state.told() == second.problems
    (tmp_path / "a.txt").unlink()
    (tmp_path / "b.txt").write_text(f"Mended {TEXT}")
    fifth = look_round(tmp_path, fourth.state, 4 * QUIET)
    assert fifth.state.told() == second.problems[1:]
    assert look_round(tmp_path, fifth.state, 5 * QUIET).state.told() == ()


def test_a_name_that_is_not_utf_8_stops_no_other_file(tmp_path: Path) -> None:
    """Old archives bring such names; the file is told of in words that everything can write."""
    (tmp_path / "good.txt").write_text(TEXT)
    with open(os.fsencode(tmp_path) + b"/\xe9t\xe9.txt", "w") as file:  # noqa: PTH123 - bytes
        file.write(TEXT)
    first = look_round(tmp_path, FolderState(), 0.0)
    second = look_round(tmp_path, first.state, QUIET)
    assert [entry.name for entry in second.entries] == ["good.txt"]
    said = f"{tmp_path}/\ufffdt\ufffd.txt: its name is not written in UTF-8; rename it"
    assert second.problems == (said,)
    assert list(second.state.taken_in()) == ["good.txt"]


def test_a_problem_is_told_on_one_line(tmp_path: Path) -> None:
    """Whatever its file is called."""
    (tmp_path / "a\nb.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    first = look_round(tmp_path, FolderState(), 0.0)
    (said,) = look_round(tmp_path, first.state, QUIET).problems
    assert said.startswith(f"{tmp_path}/a b.txt: ")


def test_of_many_problems_the_first_are_told() -> None:
    """A folder full of pictures fills no page."""
    state = FolderState(problems={f"{number:05}.md": f"{number} bad" for number in range(1500)})
    told = state.told()
    assert told[:2] == ("0 bad", "1 bad")
    assert told[-1] == "there is something wrong with 1,480 more files"
    assert len(told) == 21


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is named, with what to do."""
    with pytest.raises(SourceError, match=r"nowhere is not there; make it, or change"):
        look(tmp_path / "nowhere", FolderState())


def test_too_many_files(tmp_path: Path) -> None:
    """A folder with more articles than anybody has is refused."""
    for number in range(MAX_FILES + 1):
        (tmp_path / f"{number}.md").touch()
    with pytest.raises(SourceError, match="holds more than 10,000 articles"):
        look(tmp_path, FolderState())


def test_an_article_in_a_file(tmp_path: Path) -> None:
    """What front matter says of an article is what its entry says, and the file can be read."""
    matter = "---\ntitle: The mill\nauthor: Jeanne\ndate: 2026-11-24\ntags: [water]\n"
    matter += "canonical: https://enpause.example/mill\nlanguage: en\n---\n"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/mill.md").write_text(f"{matter}\n{LONG}")
    entry = file_entry(tmp_path, "sub/mill.md", (tmp_path / "sub/mill.md").read_bytes())
    assert entry.guid == "sub/mill.md"
    assert entry.address == "https://enpause.example/mill"
    assert (entry.title, entry.author, entry.language) == ("The mill", "Jeanne", "en")
    assert entry.published == datetime(2026, 11, 24, tzinfo=UTC)
    assert entry.categories == ("water",)
    assert (entry.name, entry.source) == ("mill.md", str(tmp_path / "sub/mill.md"))


#: Files that are no article, and what is said of them.
NO_ARTICLES = {
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(50), "it is a picture"),
    "too large": (b"a" * 5_000_001, "it is larger than 5,000,000 bytes"),
    "white space": (b" \n\n ", "there is no text in it"),
    "NUL bytes": (b"a\0\0\0b" * 9, "binary file"),
}


@pytest.mark.parametrize(("data", "said"), NO_ARTICLES.values(), ids=NO_ARTICLES)
def test_files_that_are_no_articles(data: bytes, said: str, tmp_path: Path) -> None:
    """A file that is no article is a problem in one line, said once; the others are read."""
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT)
    first = look_round(tmp_path, FolderState(), 0.0)
    second = look_round(tmp_path, first.state, QUIET)
    (problem,) = second.problems
    assert said in problem
    assert str(tmp_path / "bad.txt") in problem
    assert [entry.title for entry in second.entries] == ["The mill"]
    assert look_round(tmp_path, second.state, 3 * QUIET).problems == ()


@contextmanager
def watching(root: Path, state: FolderState | None = None) -> Iterator[Iterator[Round]]:
    """Watch a folder, and stop in the end."""
    stop = threading.Event()
    alarm = threading.Timer(PATIENCE, stop.set)
    alarm.start()
    rounds = watch_folder(root, time.monotonic, stop, state)
    try:
        yield rounds
    finally:
        alarm.cancel()
        stop.set()
        assert list(rounds) == []


def test_a_real_folder(tmp_path: Path) -> None:
    """Stock is taken first; then files count once, however they come into the folder."""
    root, aside, memory = tmp_path / "articles", tmp_path / "aside", Memory()
    for place in (root, aside):
        place.mkdir()
    (root / "old.txt").write_text(f"An old one\n\n{LONG[::-1]}")

    with watching(root) as rounds:
        assert kinds(memory.see(*next(rounds).entries)) == ["PassOver"]
        # Renamed into place at once, as careful programs do.
        (aside / "new.tmp").write_text(f"# Renamed\n\nOne. {LONG}")
        (aside / "new.tmp").rename(root / "renamed.md")
        assert kinds(memory.see(*next(rounds).entries)) == ["LetIn"]
        # A whole folder that is moved here.
        (aside / "sub/deep").mkdir(parents=True)
        (aside / "sub/deep/moved.html").write_text(f"<h1>Moved</h1><p>Two. {LONG}</p>")
        (aside / "sub").rename(root / "sub")
        assert kinds(memory.see(*next(rounds).entries)) == ["LetIn"]
        # A folder that is made here, and written into at once.
        (root / "made/deep").mkdir(parents=True)
        (root / "made/deep/written.txt").write_text(f"Written\n\nThree. {LONG}")
        assert kinds(memory.see(*next(rounds).entries)) == ["LetIn"]
        # The same article under another name, and another one under the same name.
        (root / "renamed.md").rename(root / "renamed-again.md")
        assert kinds(memory.see(*next(rounds).entries)) == ["Leave"]
        (root / "old.txt").write_text(f"An old one, corrected\n\n{LONG[::-1]}")
        assert kinds(memory.see(*next(rounds).entries)) == ["Leave"]
    assert memory.let_in == ["Renamed", "Moved", "Written"]


def test_a_name_that_is_not_utf_8_ends_no_watching(tmp_path: Path) -> None:
    """What comes after it is seen as before."""
    with watching(tmp_path) as rounds:
        assert next(rounds).entries == ()
        with open(os.fsencode(tmp_path) + b"/\xe9t\xe9.txt", "w") as file:  # noqa: PTH123 - bytes
            file.write(TEXT)
        (problem,) = next(rounds).problems
        assert "is not written in UTF-8" in problem
        (tmp_path / "new.txt").write_text(f"New\n\n{LONG}")
        found = next(rounds)
        assert [entry.title for entry in found.entries] == ["New"]
        assert found.problems == ()


@pytest.mark.parametrize(("is_first", "found"), [(True, 6), (False, 1)])
def test_an_archive_that_is_still_being_copied_is_waited_for_when_stock_is_taken(
    tmp_path: Path,
    is_first: bool,  # noqa: FBT001
    found: int,
) -> None:
    """What comes after stock was taken is new, so all that is on its way belongs to it."""
    seconds = [0.0]

    def copy_another(wait: float) -> bool:
        seconds[0] += wait
        if (number := int(seconds[0])) < 6:
            (tmp_path / f"{number}.txt").write_text(f"The mill {number}\n\n{LONG}", "utf-8")
        return False

    (tmp_path / "0.txt").write_text(TEXT, "utf-8")
    (begun,) = first_rounds(
        tmp_path, lambda: seconds[0], copy_another, FolderState(), is_first=is_first
    )
    assert not begun.more
    assert len(begun.entries) == len(begun.state.taken_in()) == found


def test_a_first_look_can_be_given_up(tmp_path: Path) -> None:
    """Nothing of it counts then."""
    given_up = first_rounds(tmp_path, lambda: 0.0, lambda _: True, FolderState(), is_first=True)
    assert list(given_up) == []


def test_a_slow_writer(tmp_path: Path) -> None:
    """A file that is written slowly counts once, when it is whole."""
    with watching(tmp_path) as rounds:
        assert next(rounds).entries == ()

        def write() -> None:
            with (tmp_path / "slow.txt").open("w") as file:
                for piece in ("Slow\n\n", *LONG.split()):
                    file.write(f"{piece} ")
                    file.flush()
                    time.sleep(QUIET / 40)
                file.write("The end.")

        writer = threading.Thread(target=write)
        writer.start()
        (entry,) = next(rounds).entries
        writer.join()
        assert entry.text.endswith("The end.")


def test_a_restart(tmp_path: Path) -> None:
    """Files that came or changed while nobody watched are seen afterwards, the others not again."""
    (tmp_path / "old.txt").write_text(TEXT)
    with watching(tmp_path) as rounds:
        state = next(rounds).state
    (tmp_path / "new.txt").write_text(f"New\n\n{LONG}")
    with watching(tmp_path, state) as rounds:
        assert [entry.title for entry in next(rounds).entries] == ["New"]


def test_a_folder_that_goes_away(tmp_path: Path) -> None:
    """A folder that is taken away while it is watched ends the watching with one clear line."""
    root = tmp_path / "articles"
    root.mkdir()
    with watching(root) as rounds:
        next(rounds)
        shutil.rmtree(root)
        with pytest.raises(SourceError, match="is not there; make it"):
            next(rounds)


def test_examples() -> None:
    """The examples in the docstrings are true."""
    assert doctest.testmod(walking).failed == 0
