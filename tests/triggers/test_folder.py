"""A folder of articles: when a file is complete, what is left alone, and real files on a disk."""

from __future__ import annotations

import doctest
import os
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from memory import LONG, Memory, kinds

from threadbot.errors import SourceError
from threadbot.triggers import folder
from threadbot.triggers.folder import (
    MAX_FILES,
    QUIET,
    FolderState,
    Round,
    Sight,
    file_entry,
    is_article,
    look,
    look_round,
    settle,
    watch_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    assert sorted(look(tmp_path, FolderState())) == ["a.md", "sub/deep/b.txt"]


def test_settled_files_are_not_read_again(tmp_path: Path) -> None:
    """A file whose size and time are those known is not read again."""
    (tmp_path / "a.md").write_text(TEXT)
    seen = look(tmp_path, FolderState())
    known = replace(seen["a.md"], digest="remembered")
    assert look(tmp_path, FolderState({"a.md": known})) == {"a.md": known}


def test_a_file_that_could_not_be_read_is_looked_at_again(tmp_path: Path) -> None:
    """Its rights may have been mended, which changes neither its size nor its time."""
    (tmp_path / "mill.md").write_text(TEXT, "utf-8")
    [seen] = look(tmp_path, FolderState()).values()
    unread = replace(seen, digest="")
    assert look(tmp_path, FolderState({"mill.md": unread}, {})) == {"mill.md": seen}


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
    entry = file_entry(tmp_path, "sub/mill.md")
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
    assert doctest.testmod(folder).failed == 0
