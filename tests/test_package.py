"""The package that people install works away from its source."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What a checkout does not hold: environments, caches, and what was built before.
NOT_SOURCE = shutil.ignore_patterns(
    ".venv", ".git", ".*_cache", ".hypothesis", "__pycache__", "node_modules", "dist", "build"
)


def test_the_wheel_works_from_any_folder(tmp_path: Path) -> None:
    """Built, installed into an empty environment and run elsewhere, it composes both threads."""
    wheel = build_wheel(tmp_path)
    names = zipfile.ZipFile(wheel).namelist()
    assert {"threadbot/templates/default/opening.j2", "threadbot/py.typed"} <= set(names)
    assert any(name.endswith("/licenses/NOTICE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "templates/"))]

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(ROOT / "examples" / "article.txt", elsewhere / "article.txt")
    done = subprocess.run(
        [
            install(wheel, tmp_path / "empty") / "threadbot",
            *("preview", "article.txt", "--url", "https://enpause.com/article"),
            *("--format", "json"),
        ],
        capture_output=True,
        cwd=elsewhere,
        env={"PATH": os.defpath, "HOME": str(elsewhere)},
        check=False,
    )
    assert done.stderr.decode() == ""
    threads = json.loads(done.stdout)["threads"]
    assert [thread["network"] for thread in threads] == ["x", "bluesky"]


def build_wheel(folder: Path) -> Path:
    """Build the wheel from a copy of the source, so that nothing is left in the source."""
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=NOT_SOURCE)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, environment: Path) -> Path:
    """Install a wheel into a new environment and give the folder of its commands."""
    venv.create(environment, with_pip=False)
    commands = environment / "bin"
    # This environment's own pip does it: the one that a new environment would get may be older.
    run(
        *(sys.executable, "-m", "pip", "--python", commands / "python", "install", "--quiet"),
        *("--disable-pip-version-check", "-c", ROOT / "constraints.txt", wheel),
    )
    return commands


def run(*command: str | Path) -> None:
    """Run a command that must succeed, and show what it said where it does not."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
