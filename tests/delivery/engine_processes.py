"""Workers that drive threads with the engine and are killed: run by the tests, as a process.

`python engine_processes.py PLACE FOLDER SEED KILLS WORKERS` writes what happened as JSON. It forks
workers instead of starting them anew, as importing the engine takes longer than most of them live.

The work stands in for the ledger and the networks: each thread has three posts, and a post is a
file that can be made only once. Every call is written down, so it is seen that work is repeated and
its effect is not.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from threadbot.delivery.engine import Engine
from threadbot.delivery.rest import DONE, HandOver, Rest

if TYPE_CHECKING:
    from collections.abc import Iterator

POSTS = 3
ACCOUNTS = 5
#: Seconds that a call of the network takes.
CALL = 0.1
#: Seconds that a thread has to wait after its first post.
LIMIT = 0.3
#: Seconds between two looks of a worker at what is due.
TICK = 0.2
#: Threads that come due in a second.
RATE = 4.0
#: The fewest threads.
THREADS = 30
#: Seconds within which something more has to be done once nobody is killed any more.
END = 30.0


@dataclass(frozen=True)
class Work:
    """Carries threads in a folder, the way the ledger would have it.

    Args:
        folder: holds what was done.
    """

    folder: Path

    def __call__(self, thread_id: str) -> Rest:
        """Make the posts that are missing; wait for a while after the first one."""
        with self._alone(account(thread_id)):
            self._note(f"call {thread_id}")
            for number in range(1, POSTS + 1):
                post = self.folder / f"{thread_id}.{number}"
                if not post.exists():
                    time.sleep(CALL)
                    post.touch(exist_ok=False)
                limit = datetime.fromtimestamp(post.stat().st_mtime, UTC) + timedelta(seconds=LIMIT)
                if number == 1 and limit > datetime.now(UTC):
                    return Rest(limit, "the network asks to wait")
            return DONE

    def posts(self, thread_id: str) -> int:
        """Count the posts of a thread that are out."""
        return sum((self.folder / f"{thread_id}.{n}").exists() for n in range(1, POSTS + 1))

    def notes(self) -> list[str]:
        """Give what was written down, in order."""
        journal = self.folder / "journal"
        return journal.read_text().splitlines() if journal.exists() else []

    def _note(self, line: str) -> None:
        with (self.folder / "journal").open("a") as journal:
            journal.write(f"{line}\n")

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Write it down where two threads of one account are carried at once."""
        with (self.folder / f"lock {name}").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._note(f"clash {name}")
            yield


def account(thread_id: str) -> str:
    """Give the account that a thread goes to."""
    return f"account{int(thread_id) % ACCOUNTS}"


@dataclass
class Team:
    """Workers over one ledger.

    Args:
        place: the ledger.
        work: what they do.
        threads: how many there are.
        began: since when they come due (seconds, `time.monotonic`).
    """

    place: Path | str
    work: Work
    threads: int
    began: float

    def start(self, name: str) -> int:
        """Start a worker that carries whatever is due until it is killed; give its process."""
        process = os.fork()
        if process:
            return process
        try:
            with Engine(self.place, name, self.work, lost=self._lost) as engine:
                while True:
                    due = min(self.threads, int((time.monotonic() - self.began) * RATE))
                    engine.hand_over_all(
                        HandOver(str(one), 1, account(str(one))) for one in range(due)
                    )
                    time.sleep(TICK)
        except BaseException:  # noqa: BLE001 - a child must never come back into its parent's code
            traceback.print_exc()
        os._exit(1)

    @staticmethod
    def _lost(reason: str) -> None:
        sys.stderr.write(f"{reason}\n")
        os._exit(1)


def kill(process: int) -> int:
    """Kill a process at once; give the signal that ended it, or 0 if it had ended by itself."""
    os.kill(process, signal.SIGKILL)
    return os.WTERMSIG(os.waitpid(process, 0)[1])


def kill_at_random(
    place: Path | str, folder: Path, chance: random.Random, kills: int, workers: int
) -> dict[str, object]:
    """Kill workers again and again at moments that nobody chose, then let them finish."""
    team = Team(place, Work(folder), max(THREADS, 2 * kills), time.monotonic())
    alive = {name: team.start(name) for name in (f"worker{one}" for one in range(workers))}
    signals = []
    for _ in range(kills):
        time.sleep(chance.uniform(0.3, 1.6))
        name = chance.choice(list(alive))
        signals.append(kill(alive[name]))
        alive[name] = team.start(name)
    names = [str(number) for number in range(team.threads)]
    out, since = -1, time.monotonic()
    while out < POSTS * team.threads and time.monotonic() - since < END:
        before, out = out, sum(team.work.posts(one) for one in names)
        since = since if out == before else time.monotonic()
        time.sleep(0.1)
    ends = [kill(process) for process in alive.values()]
    posts = {one: team.work.posts(one) for one in names}
    return {"signals": signals + ends, "posts": posts, "notes": team.work.notes()}


if __name__ == "__main__":
    place_name, folder_name, seed, kill_count, worker_count = sys.argv[1:]
    where = place_name if "://" in place_name else Path(place_name)
    moments = random.Random(seed)  # noqa: S311 - moments, no secrets
    found = kill_at_random(where, Path(folder_name), moments, int(kill_count), int(worker_count))
    sys.stdout.write(json.dumps(found))
