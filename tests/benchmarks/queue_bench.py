"""Measures the queue through the program itself: `threadbot run` and `threadbot queue`.

Owns the figures of a worker with threads that wait, on SQLite and on PostgreSQL: how late a
thread's first post comes to the network, what a worker takes that has nothing to do, and how long a
page of the queue takes in a fresh process. Posts go to a server that stands in for X.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

import psutil

sys.path.insert(0, os.fspath(Path(__file__).parents[1] / "delivery"))

from benchmarks.desks import new_desk
from benchmarks.ledgers import KEYS, Waiting, accounts_on_x, fill
from benchmarks.servers import SlowX

if TYPE_CHECKING:
    from engine_places import Store

    from benchmarks.desks import BenchDesk

#: Threads that wait while others come due, and how many those are.
WAITING: Final = 10_000
DUE: Final = 200
#: Seconds within which they come due, one by one.
WITHIN: Final = 60
#: Seconds from a thread's time to the arrival of its first post.
MAX_MEDIAN: Final = 2.0
MAX_LATE: Final = 5.0
MANY: Final = 100_000
MAX_PAGE: Final = 0.5
PAGES: Final = 10
#: Seconds that a worker settles, and over which it is then watched.
SETTLING: Final = 15
IDLE: Final = 60
MAX_MEGABYTES: Final = 150.0
MAX_SHARE: Final = 0.02
ACCOUNTS: Final = 100
#: Texts that those share which only wait.
SHARED: Final = 1_000


def main() -> bool:
    """Measure, print, and tell whether the targets are met."""
    met = []
    stores: tuple[Store, ...] = ("sqlite", "postgresql")
    for store in stores:
        met += [punctual(store), *quiet(store)]
    return all(met)


def punctual(store: Store) -> bool:
    """Let threads come due one by one while many wait, and see how late each begins."""
    with tempfile.TemporaryDirectory() as folder, SlowX() as x:
        desk = new_desk(store, Path(folder))
        names = [f"account-{number}" for number in range(DUE)]
        desk.secrets = KEYS
        desk.configure(accounts_on_x(x.url, names))
        _let_wait(desk, WAITING)
        desk.start()
        chance = random.Random(7)  # noqa: S311 - moments, no secrets
        first = datetime.now(UTC) + timedelta(seconds=10)
        due = {
            number: first + timedelta(seconds=chance.uniform(0, WITHIN))
            for number in range(WAITING, WAITING + DUE)
        }
        waiting = [
            Waiting(one, f"Fil {one}", names[one - WAITING], moment) for one, moment in due.items()
        ]
        with desk.ledger() as ledger:
            fill(ledger, waiting)
        begun = {f"{one.words}, partie 1 ?": one.due for one in waiting}
        while not begun.keys() <= (posted := x.posted()).keys():
            time.sleep(1)
        desk.close()
    late = sorted(posted[text] - moment.timestamp() for text, moment in begun.items())
    middle, most = median(late), quantiles(late, n=100)[98]
    fits = late[0] >= 0 and middle <= MAX_MEDIAN and most <= MAX_LATE
    _say(
        f"{store}: with {WAITING:,} waiting a thread begins {middle:.2f} s after its time, 99 of "
        f"100 within {most:.2f} s; at most {MAX_MEDIAN:.0f} and {MAX_LATE:.0f}",
        fits=fits,
    )
    return fits


def quiet(store: Store) -> list[bool]:
    """Let a great many threads wait; look at a page of them, and at the worker."""
    with tempfile.TemporaryDirectory() as folder:
        desk = new_desk(store, Path(folder))
        desk.configure()
        _let_wait(desk, MANY)
        worker = psutil.Process(desk.start().pid)
        time.sleep(SETTLING)
        before, began = sum(worker.cpu_times()[:2]), time.monotonic()
        time.sleep(IDLE)
        share = (sum(worker.cpu_times()[:2]) - before) / (time.monotonic() - began)
        megabytes = worker.memory_info().rss / 1e6
        pages = [_page(desk) for _ in range(PAGES + 1)][1:]
        desk.close()
    is_small = megabytes <= MAX_MEGABYTES and share <= MAX_SHARE
    _say(
        f"{store}: a worker with {MANY:,} waiting takes {megabytes:.0f} MB and "
        f"{100 * share:.1f} % of a core; at most {MAX_MEGABYTES:.0f} and {100 * MAX_SHARE:.0f}",
        fits=is_small,
    )
    is_quick = median(pages) <= MAX_PAGE
    _say(
        f"{store}: threadbot queue with {MANY:,} waiting {median(pages):.3f} s, at most {MAX_PAGE}",
        fits=is_quick,
    )
    return [is_small, is_quick]


def _let_wait(desk: BenchDesk, count: int) -> None:
    """Fill a ledger with threads that are due in the days to come."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    waiting = [
        Waiting(
            one,
            f"Fil {one % SHARED}",
            f"account-{one % ACCOUNTS}",
            tomorrow + timedelta(seconds=one),
        )
        for one in range(count)
    ]
    with desk.ledger() as ledger:
        fill(ledger, waiting)


def _page(desk: BenchDesk) -> float:
    start = time.perf_counter()
    shown = desk.run("queue")
    seconds = time.perf_counter() - start
    if shown.returncode or b"There is more" not in shown.stdout:
        raise SystemExit(shown.stderr.decode())
    return seconds


def _say(line: str, *, fits: bool) -> None:
    sys.stdout.write(f"{line}{'' if fits else '  OVER'}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
