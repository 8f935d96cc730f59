"""The README's commands, run as a reader would type them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ (.*threadbot.*)$", README, re.MULTILINE)


def test_there_are_commands_to_run() -> None:
    """The expression above finds what the README shows."""
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_readme_works(command: str) -> None:
    """It ends well and shows something, from the project's own folder."""
    commands = Path(sys.executable).parent
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=PROJECT,
        env={"PATH": f"{commands}{os.pathsep}{os.defpath}", "HOME": "/nonexistent"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", README))
def test_each_target_of_the_readme_is_in_the_makefile(target: str) -> None:
    """`make` knows every target that the README names."""
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("path", re.findall(r"`((?:docs|examples)/[\w./-]+)`", README))
def test_each_file_of_the_readme_is_there(path: str) -> None:
    """The README names no page that does not exist."""
    assert (PROJECT / path).is_file()
