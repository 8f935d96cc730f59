"""A folder with an article and a timetable, for the tests of `schedule` and `queue`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from command_line import TEXT, threadbot

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

CONFIG = """\
[publication]
timezone = "Europe/Paris"
language = "fr"

[schedule]
daily = ["08:30", "12:15", "18:00"]
quiet = ["22:00-07:00"]
networks = "15m"
"""
SCHEDULE = ("schedule", "article.txt", "--url", "https://enpause.com/tramway")
SANDBOX = ("--sandbox", "--yes")
AT = ("--at", "2027-06-01 08:30")


def filled(folder: Path) -> Path:
    """Put an article and a configuration into a folder."""
    (folder / "article.txt").write_text(TEXT, "utf-8")
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose ledger is in the folder."""
    environment = {"XDG_STATE_HOME": str(folder / "state"), "COLUMNS": "140"}
    return threadbot(folder, *arguments, environment=environment)


def threads_of(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """Give the threads of the object that a command prints."""
    done = run(folder, *arguments, "--format", "json")
    assert done.stdout, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["threads"]
    return found


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    """Give the one sentence with which a command refused."""
    assert done.returncode == 2, done.stdout
    first, *more = done.stderr.decode().splitlines()
    assert not more or more[0].startswith("Try 'threadbot ")
    return first.removeprefix("threadbot: ")
