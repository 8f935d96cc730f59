"""The command line stays quick: nothing heavy is imported that is not used."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest
from command_line import TEXT, clean_environment

from threadbot.cli.run import COMMANDS, group

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {
    "asyncio",
    "choppa",
    "dbos",
    "email",
    "frontmatter",
    "http",
    "jinja2",
    "markdown_it",
    "numpy",
    "psycopg",
    "py3langid",
    "pydantic",
    "rich",
    "tomllib",
    "unicode_segmentation_rs",
    "yaml",
}
#: Standard modules that come with others; what counts for a preview are the libraries.
STANDARD = {"asyncio", "email", "http", "tomllib"}
URL = ["--url", "https://enpause.com/a"]


def imported(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> set[str]:
    """Run a command in a fresh process and name the heavy modules that it imported."""
    return HEAVY & modules(folder, *arguments, environment=environment)


def modules(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> set[str]:
    """Run a command in a fresh process and name all modules that it imported."""
    program = (
        "import atexit, sys\n"
        "write = lambda: sys.stderr.write('\\n'.join(sys.modules))\n"
        "atexit.register(write)\n"
        "from threadbot.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        cwd=folder,
        env=clean_environment(folder) | (environment or {}),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return set(done.stderr.decode().splitlines())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with an article as plain text and as Markdown."""
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    (tmp_path / "article.md").write_text("---\ntitle: Brest\n---\nLe tramway revient.\n", "utf-8")
    return tmp_path


def test_the_queue_is_listed_without_reading_articles(folder: Path) -> None:
    """A page of it needs neither what reads articles nor what counts posts: an eighth of it."""
    loaded = modules(folder, "queue")
    assert "threadbot.delivery.ledger" in loaded
    assert not loaded & {"threadbot.article.reader", "threadbot.thread.x_text"}


@pytest.mark.parametrize("arguments", [["--help"], ["preview", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(folder: Path, arguments: list[str]) -> None:
    """Help needs no more than click."""
    heavy = imported(folder, *arguments)
    assert heavy - (STANDARD if arguments == ["--version"] else set()) == set()


def test_completion_imports_no_command(folder: Path) -> None:
    """The TAB key answers at once."""
    completion = {
        "_THREADBOT_COMPLETE": "bash_complete",
        "COMP_WORDS": "threadbot pre",
        "COMP_CWORD": "1",
    }
    assert imported(folder, environment=completion) - STANDARD == set()


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (
            ["article.txt", "--lang", "fr", "--format", "text"],
            {"markdown_it", "frontmatter", "yaml", "rich", "pydantic", "py3langid", "numpy"},
        ),
        (
            ["article.txt", "--lang", "fr", "--format", "json", "--network", "x"],
            {"markdown_it", "frontmatter", "yaml", "rich", "pydantic", "py3langid", "numpy"},
        ),
        (
            ["article.txt", "--lang", "fr"],
            {"markdown_it", "frontmatter", "yaml", "pydantic", "py3langid", "numpy"},
        ),
        (["article.md", "--lang", "fr", "--format", "text"], {"rich", "pydantic", "numpy"}),
    ],
)
def test_a_preview_imports_what_it_needs_alone(
    folder: Path, arguments: list[str], absent: set[str]
) -> None:
    """Plain text loads no reader of Markdown, a given language no recogniser, and so on."""
    assert imported(folder, "preview", *arguments, *URL) & absent == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_commands_say(name: str) -> None:
    """A command's line in the list is the first sentence of its own help."""
    entry = COMMANDS[name]
    command = getattr(import_module(entry.module), entry.attribute)
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.get_short_help_str(200) == entry.summary


def test_completion_names_the_commands() -> None:
    """Commands and the group's options can be completed."""
    context = click.Context(group, **group.context_settings)
    assert [item.value for item in group.shell_complete(context, "pre")] == ["preview"]
    assert "--debug" in [item.value for item in group.shell_complete(context, "--")]


@pytest.mark.parametrize(("arguments", "traceback"), [([], False), (["--debug"], True)])
def test_a_fault_is_owned_and_explained_on_request(
    folder: Path, arguments: list[str], *, traceback: bool
) -> None:
    """An unforeseen error is one sentence with code 1; `--debug` adds the traceback."""
    broken = folder / "broken"
    broken.mkdir()
    (broken / "jinja2.py").write_text("raise RuntimeError('a broken library')\n")
    done = subprocess.run(
        [sys.executable, "-m", "threadbot", *arguments, "preview", "article.txt", *URL],
        capture_output=True,
        cwd=folder,
        env=clean_environment(folder) | {"PYTHONPATH": os.fspath(broken)},
        timeout=60,
        check=False,
    )
    assert b"threadbot: a fault of ours (RuntimeError: a broken library)" in done.stderr
    assert (b"Traceback" in done.stderr) is traceback
    assert done.returncode == 1
