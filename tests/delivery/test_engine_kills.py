"""Workers that are killed at random moments lose no thread, and two never carry one at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from engine_places import new_place

if TYPE_CHECKING:
    from engine_places import Store

PROGRAM = Path(__file__).with_name("engine_processes.py")
#: A worker alone on a file, and three that share a server.
TEAMS: dict[Store, int] = {"sqlite": 1, "postgresql": 3}
KILLS = 10
KILLS_IN_SOAK = 300


@pytest.mark.parametrize(
    "kills", [KILLS, pytest.param(KILLS_IN_SOAK, marks=pytest.mark.soak)], ids=["few", "many"]
)
@pytest.mark.parametrize("store", TEAMS)
def test_killed_workers_lose_nothing(tmp_path: Path, store: Store, kills: int) -> None:
    """Every thread ends, though its workers died; calls are repeated, posts never are."""
    place = str(new_place(store, tmp_path))
    command = [
        sys.executable,
        str(PROGRAM),
        place,
        str(tmp_path),
        place,
        str(kills),
        str(TEAMS[store]),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["signals"].count(signal.SIGKILL) == kills + TEAMS[store], ran.stderr
    assert set(found["posts"].values()) == {3}, (found["posts"], ran.stderr)
    calls = Counter(note for note in found["notes"] if note.startswith("call"))
    assert len(calls) == len(found["posts"])
    assert [note for note in found["notes"] if note.startswith("clash")] == []
    # Each is called twice, as it waits in between; a kill in the middle of a call makes it more.
    print(f"{store}: {kills} kills, {len(calls)} threads, {calls.total()} calls")  # noqa: T201
    assert calls.total() >= 2 * len(calls)
