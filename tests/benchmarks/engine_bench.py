"""Measures what driving threads costs, on SQLite and on PostgreSQL.

Owns the figures of the engine alone: the work is empty, or a pause of 100 ms in place of a network.
Targets: a thread begins within 2 s (median) and 5 s (99 of 100) of being handed over; a worker with
10,000 threads that wait takes at most 150 MB and 2 % of a core; three workers on one server are at
least twice as fast as one where threads have eight posts (with one, the processors are what is
short, and a machine of two cores has no more of them for three workers).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, os.fspath(Path(__file__).parents[1] / "delivery"))

from engine_places import new_place

if TYPE_CHECKING:
    from engine_places import Store

PROGRAM: Final = Path(__file__).with_name("engine_worker.py")
MAX_MEDIAN: Final = 2.0
MAX_LATE: Final = 5.0
MAX_MEGABYTES: Final = 150.0
MAX_SHARE: Final = 0.02
MIN_SPEED: Final = 2.0
MANY_ACCOUNTS: Final = 2_000


class Process:
    """A worker in a process of its own.

    Args:
        place: the ledger.
        name: the worker's.
        task: what it does.
        count: with how many threads.
    """

    def __init__(self, place: Path | str, name: str, task: str, count: int) -> None:
        command = [sys.executable, os.fspath(PROGRAM), str(place), name, task, str(count)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.told()

    def tell(self, line: str) -> None:
        """Write it a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def told(self) -> dict[str, Any]:
        """Read a line of it."""
        assert self._process.stdout is not None
        line: dict[str, Any] = json.loads(self._process.stdout.readline())
        return line

    def end(self) -> None:
        """Wait until it is at its end."""
        self._process.communicate()


def main() -> bool:
    """Measure, print, and tell whether the targets are met."""
    met = []
    for store in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            met += _one_worker(store, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        met.append(_several_workers(Path(folder)))
    return all(met)


def _one_worker(store: Store, folder: Path) -> list[bool]:
    late = sorted(_asked(new_place(store, folder), "late", 200)["late"])
    middle, most = median(late), quantiles(late, n=100)[98]
    met = [middle <= MAX_MEDIAN and most <= MAX_LATE]
    _say(f"{store}: from hand-over to start {middle:.2f} s, 99 of 100 {most:.2f} s", fits=met[0])
    seconds = _burst(new_place(store, folder), "empty", 1_000, 1)
    _say(f"{store}: 1,000 threads without work {seconds:.1f} s")
    seconds = _burst(new_place(store, folder), "burst", MANY_ACCOUNTS, 1)
    _say(
        f"{store}: 2,000 accounts due at once, 100 ms each, {MANY_ACCOUNTS / seconds:.0f} a second"
    )
    for how in ("queued", "resting"):
        cost = _asked(new_place(store, folder), "idle", 10_000, how)
        fits = cost["megabytes"] <= MAX_MEGABYTES and cost["share"] <= MAX_SHARE
        met.append(fits or how == "resting")
        _say(
            f"{store}: idle with 10,000 threads {how} {cost['megabytes']:.0f} MB, "
            f"{100 * cost['share']:.1f} % of a core",
            fits=met[-1],
        )
    return met


def _several_workers(folder: Path) -> bool:
    speeds = []
    for task, calls in (("burst", 1), ("long", 8)):
        one, three = (
            _burst(new_place("postgresql", folder), task, MANY_ACCOUNTS, workers)
            for workers in (1, 3)
        )
        speeds.append(one / three)
        _say(
            f"postgresql: 2,000 accounts due at once, {calls} times 100 ms each: one worker "
            f"{one:.1f} s, three {three:.1f} s, {speeds[-1]:.1f} times as fast"
        )
    return max(speeds) >= MIN_SPEED


def _asked(place: Path | str, task: str, count: int, how: str = "go") -> dict[str, Any]:
    process = Process(place, "worker0", task, count)
    process.tell(how)
    answer = process.told()
    process.end()
    return answer


def _burst(place: Path | str, task: str, count: int, workers: int) -> float:
    """Hand threads over, wait until all are carried; give the seconds between."""
    processes = [Process(place, f"worker{one}", task, count) for one in range(workers)]
    began = time.time()
    for share, process in enumerate(processes):
        process.tell(f"{share} {workers}")
    answers: list[dict[str, Any]] = []
    while sum(answer["ended"] for answer in answers) < count:
        time.sleep(0.1)
        for process in processes:
            process.tell("report")
        answers = [process.told() for process in processes]
    for process in processes:
        process.end()
    last: float = max(answer["last"] for answer in answers)
    return last - began


def _say(line: str, *, fits: bool = True) -> None:
    sys.stdout.write(f"{line}{'' if fits else '  OVER'}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
