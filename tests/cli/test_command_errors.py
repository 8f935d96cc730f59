"""What the command says when it cannot do what it was asked: a sentence, a code, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from command_line import COMMAND, TEXT, clean_environment, threadbot

from threadbot.cli.source import Source, read_source
from threadbot.errors import SourceError
from threadbot.fetch.settings import FetchSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGE = 50_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article, and with things that are none."""
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_text(" \n\n\t\n")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40)
    (tmp_path / "document.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n")
    (tmp_path / "drafts").mkdir()
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(LARGE)
    (tmp_path / "accounts.toml").write_text(
        '[accounts.enpause-x]\nnetwork = "x"\n\n[accounts.enpause-bsky]\nnetwork = "bluesky"\n'
    )
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["empty.txt"], "empty.txt"),
        (["blank.txt"], "no text"),
        (["photo.jpg"], "photo.jpg"),
        (["large.txt"], "50.0 MB"),
        (["drafts"], "'drafts' is a folder"),
        (["artcle.txt"], "did you mean 'article.txt'?"),
        (["Article.TXT"], "did you mean 'article.txt'?"),
        (["drafst/a.txt"], "there is no folder 'drafst'"),
        (["article.txt/a"], "article.txt"),
        (["x" * 300], "cannot be read"),
        (["http://127.0.0.1/a"], "http://127.0.0.1/a cannot be fetched: "),
        (["https://me:secret@enpause.com/a"], "take them out of the address"),
        (["/dev/zero"], "too large"),
        (["-"], "no text"),
        (["article.txt", "--account", "x", "--network", "x"], "cannot be used together"),
        (["article.txt", "--style", "defualt"], "did you mean 'default'?"),
        (["article.txt", "--style", "plian"], "did you mean 'plain'?"),
        (["document.pdf"], "document.pdf: it is a PDF; save its text as .txt or .md"),
        (["article.txt", "--account", "nobody"], "known are"),
        (
            ["article.txt", "--config", "accounts.toml", "--account", "enpause-sky"],
            "did you mean 'enpause-bsky'?",
        ),
        (["article.txt", "--url", "ftp://enpause.com/a"], "is no web address"),
        (["article.txt", "--url", "enpause.com/a"], "is no web address"),
        (["article.txt", "--url", "https://[enpause"], "is no web address"),
        (["article.txt", "--url", "https://enpause.com/a b"], "is no web address"),
        (["article.txt", "--lang", "french"], "two letters"),
        (["article.txt", "--max-posts", "0"], "--max-posts"),
        (["article.txt", "--network", "twitter"], "'x', 'bluesky'"),
        (["article.txt", "--coverrage", "full"], "Did you mean '--coverage'?"),
        (["article.txt", "--config", "missing.toml"], "missing.toml"),
        ([], "SOURCE"),
    ],
)
def test_wrong_input_is_said_in_a_sentence(
    folder: Path, arguments: list[str], expected: str
) -> None:
    """What is wrong and what to do stands on standard error, and the code is 2."""
    done = threadbot(folder, "preview", *arguments)
    message = done.stderr.decode()
    assert expected in message
    assert message.startswith("threadbot: ")
    assert message.count("\n") <= 2
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize("typed", ["previw", "Preview", "prevew"])
def test_a_mistyped_command_gets_a_suggestion(tmp_path: Path, typed: str) -> None:
    """A lazy group suggests its commands although it has not imported them."""
    done = threadbot(tmp_path, typed)
    assert b"Did you mean 'preview'?" in done.stderr
    assert done.returncode == 2


def test_a_mistyped_option_of_the_group_gets_a_suggestion(tmp_path: Path) -> None:
    """`--verson` is taken for `--version`."""
    done = threadbot(tmp_path, "--verson")
    assert b"Did you mean '--version'?" in done.stderr
    assert done.returncode == 2


@contextmanager
def without_permission(path: Path) -> Iterator[None]:
    """Take away the right to read a file, from the superuser too."""
    path.chmod(0)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)
        path.chmod(0o600)


def test_a_file_that_may_not_be_read_is_said(folder: Path) -> None:
    """A missing permission is named as such."""
    path = folder / "article.txt"
    with without_permission(path), pytest.raises(SourceError, match="may not be read"):
        read_source(str(path), LARGE, FetchSettings())


def test_an_article_of_the_largest_size_is_read(folder: Path) -> None:
    """The limit itself is allowed, one byte more is not."""
    path = folder / "article.txt"
    size = path.stat().st_size
    assert len(read_source(str(path), size, FetchSettings()).data) == size
    with pytest.raises(SourceError, match="too large"):
        read_source(str(path), size - 1, FetchSettings())


def test_a_pipe_can_be_named_as_a_file(folder: Path) -> None:
    """`<(command)` is a pipe: it has no size, and is read all the same."""
    path = folder / "pipe"
    os.mkfifo(path)
    writer = subprocess.Popen(["sh", "-c", "printf Titre > pipe"], cwd=folder)
    try:
        assert read_source(str(path), 100, FetchSettings()) == Source(b"Titre", "pipe")
    finally:
        writer.wait(timeout=10)


@pytest.mark.parametrize("command", [["preview"], ["publish", "--sandbox", "--yes"]])
def test_a_terminal_as_standard_input_is_not_waited_for(folder: Path, command: list[str]) -> None:
    """`threadbot preview -` without a pipe tells how to give the article."""
    leader, follower = os.openpty()
    try:
        done = subprocess.run(
            [*COMMAND, *command, "-"],
            stdin=follower,
            capture_output=True,
            cwd=folder,
            env=clean_environment(folder),
            timeout=30,
            check=False,
        )
    finally:
        os.close(leader)
        os.close(follower)
    assert b"standard input is a terminal: pipe the article into threadbot" in done.stderr
    assert b"threadbot preview" not in done.stderr
    assert done.returncode == 2


def test_a_closed_standard_output_is_said(folder: Path) -> None:
    """Output that nobody can ever read is an error, not a traceback."""
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m threadbot preview article.txt >&-"],
        stderr=subprocess.PIPE,
        cwd=folder,
        env=clean_environment(folder),
        timeout=30,
        check=False,
    )
    assert b"standard output is closed" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1


def test_a_closed_standard_input_is_said(folder: Path) -> None:
    """A service manager may start programs without any standard input."""
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m threadbot preview - <&-"],
        capture_output=True,
        cwd=folder,
        env=clean_environment(folder),
        timeout=30,
        check=False,
    )
    assert b"standard input is closed" in done.stderr
    assert done.returncode == 2


def test_control_c_ends_quietly(folder: Path) -> None:
    """An interrupted command leaves no traceback and the code that shells expect."""
    # A process started in the background inherits that it ignores Ctrl-C; this one must not.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [*COMMAND, "preview", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=clean_environment(folder),
        )
    finally:
        signal.signal(signal.SIGINT, before)
    time.sleep(1)  # it now waits for its standard input
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert output == b""


@pytest.mark.parametrize("output_format", ["rich", "text", "json"])
def test_a_reader_that_leaves_ends_the_command_quietly(folder: Path, output_format: str) -> None:
    """`threadbot preview ... | head` complains about nothing."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*COMMAND, "preview", "article.txt", "--format", output_format],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=clean_environment(folder),
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 141


def test_a_full_disk_is_said(folder: Path) -> None:
    """Output that could not be written is never taken for written."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a file of ours
        done = subprocess.run(
            [*COMMAND, "preview", "article.txt"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=clean_environment(folder),
            timeout=60,
            check=False,
        )
    assert b"standard output cannot be written (No space left on device)" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1
