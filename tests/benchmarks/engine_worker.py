"""A worker for the engine's benchmark: `python engine_worker.py PLACE NAME TASK COUNT`.

Tells of each moment as a line of JSON: when it is ready, then what came of its task. It reads a
line before it begins, so that several begin at once.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import psutil

from threadbot.delivery.engine import Engine
from threadbot.delivery.rest import DONE, HandOver, Rest

#: Threads that are handed over in one transaction.
PORTION = 100
#: Seconds that a thread's work takes, by task: one call of the network, or eight.
SECONDS = {"burst": 0.1, "long": 0.8}
#: Seconds between two threads that come due one by one.
BETWEEN = 0.1
#: Seconds over which an idle worker is watched.
IDLE = 15
#: Seconds within which the engine has recorded what was carried.
PATIENCE = 10
#: Accounts among which the threads are divided that wait behind one another.
ACCOUNTS = 100


class Worker:
    """One worker and what it saw.

    Args:
        place: the ledger.
        name: the worker's.
        seconds: how long a thread's work takes.
        rest: what it says then.
    """

    def __init__(self, place: Path | str, name: str, seconds: float, rest: Rest) -> None:
        self.started: dict[str, float] = {}
        self.ended: dict[str, float] = {}
        self._seconds = seconds
        self._rest = rest
        self._lock = Lock()
        self.engine = Engine(place, name, self._work, lost=print)

    def hand_over(self, numbers: range, accounts: int) -> None:
        """Hand threads over in portions, as a dispatcher does."""
        for first in range(0, len(numbers), PORTION):
            self.engine.hand_over_all(
                HandOver(str(one), 1, f"account{one % accounts}")
                for one in numbers[first : first + PORTION]
            )

    def _work(self, thread_id: str) -> Rest:
        with self._lock:
            self.started[thread_id] = time.time()
        time.sleep(self._seconds)
        with self._lock:
            self.ended[thread_id] = time.time()
        return self._rest


def tell(**values: object) -> None:
    """Write a line."""
    sys.stdout.write(f"{json.dumps(values)}\n")
    sys.stdout.flush()


def burst(worker: Worker, count: int) -> None:
    """Hand over a share of the threads that are due at once, and carry what comes.

    It is told which worker of how many it is. For each further line it tells how many it has
    carried, and when the last one ended.
    """
    share, workers = map(int, sys.stdin.readline().split())
    worker.hand_over(range(share, count, workers), count)
    for _ in sys.stdin:
        ended = dict(worker.ended)
        tell(ended=len(ended), last=max(ended.values(), default=0.0))


def one_by_one(worker: Worker, count: int) -> None:
    """Hand threads over one after the other, and tell how late each began."""
    sys.stdin.readline()
    handed = {}
    for number in range(count):
        handed[str(number)] = time.time()
        worker.engine.hand_over(str(number), 1, f"account{number}")
        time.sleep(random.uniform(0, 2 * BETWEEN))  # noqa: S311 - moments, no secrets
    while len(worker.started) < count:
        time.sleep(0.05)
    tell(late=[worker.started[one] - moment for one, moment in handed.items()])


def idle(worker: Worker, count: int) -> None:
    """Wait with many threads that wait, and tell what that costs."""
    accounts = ACCOUNTS if sys.stdin.readline().strip() == "queued" else count
    worker.hand_over(range(count), accounts)
    while len(worker.engine.waiting()) < accounts:
        time.sleep(0.1)
    time.sleep(2)
    process = psutil.Process()
    before = sum(process.cpu_times()[:2])
    time.sleep(IDLE)
    spent = sum(process.cpu_times()[:2]) - before
    tell(megabytes=process.memory_info().rss / 1e6, share=spent / IDLE)


def main() -> None:
    """Do the task."""
    place, name, task, count = sys.argv[1:]
    rest = Rest(datetime.now(UTC) + timedelta(hours=1), "a limit") if task == "idle" else DONE
    seconds = SECONDS.get(task, 0.0)
    worker = Worker(place if "://" in place else Path(place), name, seconds, rest)
    with worker.engine:
        # The engine looks for its queue once a second at first.
        time.sleep(1.5)
        tell(ready=True)
        tasks = {"burst": burst, "long": burst, "empty": burst, "late": one_by_one, "idle": idle}
        tasks[task](worker, int(count))
        worker.engine.drain(PATIENCE)


if __name__ == "__main__":
    main()
