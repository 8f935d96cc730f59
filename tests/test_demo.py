"""`make demo`, as a newcomer types it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_the_demo_touches_nothing_of_a_persons(tmp_path: Path) -> None:
    """A configuration in the folder, one that a variable names, and single keys are passed over."""
    (tmp_path / "examples").symlink_to(PROJECT / "examples")
    config = tmp_path / "config.toml"
    config.write_text('[ledger]\npath = "mine.db"\n')
    (tmp_path / "tmp").mkdir()
    commands = Path(sys.executable).parent
    done = subprocess.run(
        ["make", "-f", PROJECT / "Makefile", "-o", ".venv/.installed", f"BIN={commands}", "demo"],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "TMPDIR": str(tmp_path / "tmp"),
            "THREADBOT_CONFIG": str(config),
            "THREADBOT_LEDGER_PATH": str(tmp_path / "mine-too.db"),
            "THREADBOT_PUBLICATION_LANGUAGE": "de",
        },
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert b"sandbox://" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "examples", "tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []
