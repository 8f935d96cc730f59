"""Measures a worker, and three of them, when two thousand accounts are due at once.

Owns the rate of `threadbot run` from due threads to posts: each account has a thread of eight
posts, each post is a call that takes 100 ms in the network. On PostgreSQL three workers have to be
at least twice as fast as one. How much of the machine's processors all of that took is told beside
it: where that is all there is, no number of workers can be faster; so the same is told for calls of
a second.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

sys.path.insert(0, os.fspath(Path(__file__).parents[1] / "delivery"))

from benchmarks.desks import new_desk
from benchmarks.ledgers import KEYS, POSTS, Waiting, accounts_on_x, fill
from benchmarks.servers import SlowX

if TYPE_CHECKING:
    from engine_places import Store

#: Seconds until all are due, so that workers are ready by then.
AHEAD: Final = 15
MIN_SPEED: Final = 2.0


@dataclass(frozen=True, slots=True)
class Due:
    """What is due at once.

    Args:
        accounts: how many have a thread.
        far: seconds that a call takes in the network.
    """

    accounts: int
    far: float


NEAR: Final = Due(2_000, 0.1)
#: The same where nearly all of the time passes in the network, however few processors there are.
FAR: Final = Due(1_000, 1.0)


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of it.

    Args:
        seconds: from the moment at which all were due to the arrival of the last post.
        processors: how many of them were busy meanwhile, on average.
    """

    seconds: float
    processors: float


def main() -> bool:
    """Measure, print, and tell whether the target is met."""
    _tell("sqlite", 1, NEAR, burst("sqlite", 1, NEAR))
    fits = _compared(NEAR) >= MIN_SPEED
    _compared(FAR)
    return fits


def _compared(due: Due) -> float:
    """Tell how one worker and three of them do, and give how many times as fast three are."""
    one, three = (burst("postgresql", workers, due) for workers in (1, 3))
    _tell("postgresql", 1, due, one)
    _tell("postgresql", 3, due, three)
    speed = one.seconds / three.seconds
    sys.stdout.write(
        f"  three workers are {speed:.1f} times as fast as one, at least {MIN_SPEED:.0f}"
        f"{'' if speed >= MIN_SPEED else '  OVER'}\n"
    )
    return speed


def burst(store: Store, workers: int, due: Due) -> Burst:
    """Let all accounts be due at once, and wait until everything is out.

    Args:
        store: the kind of database.
        workers: how many there are.
        due: what is due.
    """
    with tempfile.TemporaryDirectory() as folder, SlowX(due.far) as x:
        desk = new_desk(store, Path(folder))
        names = [f"account-{number}" for number in range(due.accounts)]
        desk.secrets = KEYS
        desk.configure(accounts_on_x(x.url, names))
        with desk.ledger():
            """Make it before the workers look for it."""
        for _ in range(workers):
            desk.start()
        moment = datetime.now(UTC) + timedelta(seconds=AHEAD)
        with desk.ledger() as ledger:
            waiting = [
                Waiting(number, f"Fil {number}", name, moment, POSTS)
                for number, name in enumerate(names)
            ]
            fill(ledger, waiting)
        time.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0))
        before, began = psutil.cpu_times(), time.monotonic()
        while x.count() < due.accounts * POSTS:
            time.sleep(0.5)
        after, ended = psutil.cpu_times(), time.monotonic()
        last = max(x.posted().values())
        desk.close()
    busy = (after.user + after.system) - (before.user + before.system)
    return Burst(last - moment.timestamp(), busy / (ended - began))


def _tell(store: Store, workers: int, due: Due, one: Burst) -> None:
    threads = due.accounts / one.seconds
    sys.stdout.write(
        f"{store}: {due.accounts:,} accounts due at once, {POSTS} calls of {due.far * 1000:.0f} ms "
        f"each, {workers} {'worker' if workers == 1 else 'workers'}: {one.seconds:.1f} s, "
        f"{threads:.0f} threads and {threads * POSTS:.0f} posts a second, {one.processors:.1f} of "
        f"{psutil.cpu_count()} processors busy\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
