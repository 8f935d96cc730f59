"""`threadbot publish`, `resume`, `delete`, `history` and `doctor`, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from command_line import COMMAND, TEXT, clean_environment, threadbot

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://enpause.com/tramway"
SANDBOX = ("--sandbox", "--yes", "--url", URL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder that holds an article, and a state folder of its own."""
    (tmp_path / "article.txt").write_text(
        TEXT * 1 + "\n\nEncore\n\n" + "Une phrase. " * 60, "utf-8"
    )
    return tmp_path


def run(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command whose ledger is in the folder."""
    environment = {"XDG_STATE_HOME": str(folder / "state")}
    return threadbot(folder, *arguments, stdin=stdin, environment=environment)


def json_of(folder: Path, *arguments: str) -> Any:
    """Give the object that a command prints."""
    return json.loads(run(folder, *arguments, "--format", "json").stdout)


def test_the_sandbox_goes_the_whole_way(folder: Path) -> None:
    """Without any account both networks get their thread, and each post an address."""
    done = run(folder, "publish", "article.txt", *SANDBOX)
    assert done.returncode == 0, done.stderr
    shown = done.stdout.decode()
    assert "Thread 1 on X (x), sandbox: published" in shown
    assert "Thread 2 on Bluesky (bluesky), sandbox: published" in shown
    assert "sandbox://x/x/" in shown


def test_programs_get_an_object(folder: Path) -> None:
    """What was posted is what preview shows, post for post."""
    told = json_of(folder, "publish", "article.txt", *SANDBOX)
    seen = json_of(folder, "preview", "article.txt", "--url", URL)
    for thread, preview in zip(told["threads"], seen["threads"], strict=True):
        assert thread["state"] == "published"
        assert thread["exit_code"] == 0
        assert len(thread["posts"]) == thread["posts_total"] == len(preview["posts"])
    lines = (folder / "state" / "threadbot" / "ledger.sandbox.jsonl").read_text("utf-8")
    texts = [one["text"] for line in lines.splitlines() for one in json.loads(line)["posted"]]
    for preview in seen["threads"]:
        for post in preview["posts"]:
            assert post["text"] in texts


def test_an_article_goes_out_once(folder: Path) -> None:
    """A second publish says when it went out; --again posts it once more (postiz#1321)."""
    run(folder, "publish", "article.txt", *SANDBOX)
    second = run(folder, "publish", "article.txt", *SANDBOX)
    assert second.returncode == 2
    assert b"was published on" in second.stdout
    assert b"--again" in second.stdout
    assert len(json_of(folder, "history")["threads"]) >= 2
    assert run(folder, "publish", "article.txt", *SANDBOX, "--again").returncode == 0


def test_a_mended_typo_posts_nothing(folder: Path) -> None:
    """The article is known by its address, whatever its words (feediverse#31)."""
    run(folder, "publish", "article.txt", *SANDBOX)
    article = folder / "article.txt"
    article.write_text(article.read_text("utf-8").replace("Encore", "Encor"), "utf-8")
    assert run(folder, "publish", "article.txt", *SANDBOX).returncode == 2


def test_nobody_to_ask_needs_yes(folder: Path) -> None:
    """Where the input is no terminal nothing is posted without --yes."""
    done = run(folder, "publish", "article.txt", "--sandbox", "--url", URL)
    assert done.returncode == 2
    assert b"add --yes" in done.stderr
    assert not (folder / "state").exists()


def test_without_an_account_it_says_what_to_do(folder: Path) -> None:
    """A stranger is told of accounts and of the sandbox."""
    done = run(folder, "publish", "article.txt", "--yes")
    assert done.returncode == 2
    assert b"add [accounts.NAME]" in done.stderr
    assert b"--sandbox" in done.stderr


def test_history_is_empty_at_first_and_then_tells(folder: Path) -> None:
    """Every thread is listed with its account, state and first address."""
    assert run(folder, "history").stdout == b"Nothing was published yet.\n"
    run(folder, "publish", "article.txt", *SANDBOX)
    shown = run(folder, "history").stdout.decode()
    assert "published" in shown
    assert "Le tramway" in shown


@pytest.mark.parametrize("columns", ["30", "40", "60", "80", "200"])
def test_history_never_cuts_number_and_state(folder: Path, columns: str) -> None:
    """However narrow the terminal is, titles and addresses give way, and nothing is lost."""
    run(folder, "publish", "article.txt", *SANDBOX)
    shown = threadbot(
        folder,
        "history",
        environment={"XDG_STATE_HOME": str(folder / "state"), "COLUMNS": columns},
    ).stdout.decode()
    lines = shown.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert [line.split()[:2] for line in lines if line[0] in "12"] == [
        ["2", "published"],
        ["1", "published"],
    ]
    assert "…" not in shown
    together = "".join(shown.split())
    for known in json_of(folder, "history")["threads"]:
        if int(columns) > 100:
            assert known["posts"][0]["url"] in together
        assert known["title"].split()[0] in together


def test_history_shows_the_title_that_a_thread_was_made_with(folder: Path) -> None:
    """An edited title belongs to the newer thread alone."""
    run(folder, "publish", "article.txt", *SANDBOX)
    article = folder / "article.txt"
    article.write_text(article.read_text("utf-8").replace("revient", "arrive"), "utf-8")
    run(folder, "publish", "article.txt", *SANDBOX, "--again")
    titles = [known["title"] for known in json_of(folder, "history")["threads"]]
    assert titles == ["Le tramway arrive à Brest"] * 2 + ["Le tramway revient à Brest"] * 2


@pytest.mark.parametrize("command", ["publish", "resume", "delete"])
def test_a_reader_that_leaves_changes_nothing_but_the_code(folder: Path, command: str) -> None:
    """`threadbot publish ... | head -1` does its work and ends quietly with 141."""
    arguments: tuple[str, ...] = ("publish", "article.txt", *SANDBOX)
    if command != "publish":
        run(folder, *arguments)
        arguments = (command, "1", "--yes") if command == "delete" else (command, "1")
    reading, writing = os.pipe()
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=clean_environment(folder) | {"XDG_STATE_HOME": str(folder / "state")},
        stdout=writing,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(writing)
        if command == "publish":
            os.read(reading, 1)  # the preview is there, before anything is posted
        os.close(reading)
        assert process.wait(timeout=60) == 141
        assert process.stderr is not None
        assert process.stderr.read() == b""
    states = [known["state"] for known in json_of(folder, "history")["threads"]]
    assert states == ["published", "deleted" if command == "delete" else "published"]


def test_a_deleted_thread_may_go_out_anew(folder: Path) -> None:
    """Deleting gives the article back to be published."""
    run(folder, "publish", "article.txt", *SANDBOX)
    done = run(folder, "delete", "1", "--yes")
    assert done.returncode == 0, done.stderr
    assert b"deleted" in done.stdout
    told = json_of(folder, "publish", "article.txt", *SANDBOX)
    assert [thread["exit_code"] for thread in told["threads"]] == [0, 2]


@pytest.mark.parametrize("command", ["resume", "delete"])
def test_an_unknown_thread_is_said(folder: Path, command: str) -> None:
    """A wrong number is wrong input."""
    extra = ("--yes",) if command == "delete" else ()
    done = run(folder, command, "99", *extra)
    assert done.returncode == 2
    assert b"99" in done.stderr
    assert b"Traceback" not in done.stderr


def test_resuming_what_is_published_changes_nothing(folder: Path) -> None:
    """Nothing that is out is posted again."""
    run(folder, "publish", "article.txt", *SANDBOX)
    done = run(folder, "resume", "1")
    assert done.returncode == 0
    assert b"published" in done.stdout


def test_doctor_needs_no_account(folder: Path) -> None:
    """It says that none is configured, and where the ledger is."""
    done = run(folder, "doctor")
    assert done.returncode == 0, done.stderr
    assert b"none is configured" in done.stdout
    checks = json_of(folder, "doctor")["checks"]
    assert {check["subject"] for check in checks} >= {"configuration", "ledger"}


@pytest.mark.parametrize("words", [("1", "1", "1", "1", "1"), ("1", "2", "3", "4", "5")])
def test_five_publishers_of_one_article_make_one_thread(
    folder: Path, words: tuple[str, ...]
) -> None:
    """However many start at once, with the same words or others, the sandbox has each thread once.

    Who waits for the lock finds what the one before published, and never cancels it under way.
    """
    environment = clean_environment(folder) | {"XDG_STATE_HOME": str(folder / "state")}
    running = [
        subprocess.Popen(
            [*COMMAND, "publish", "article.txt", *SANDBOX, "--max-posts", most],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for most in words
    ]
    codes = sorted(process.wait(timeout=120) for process in running)
    assert codes == [0, 2, 2, 2, 2]
    states = [thread["state"] for thread in json_of(folder, "history")["threads"]]
    assert states == ["published", "published"]
