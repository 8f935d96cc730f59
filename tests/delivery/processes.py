"""Delivers in processes of their own, which are killed or race: started by the tests.

`python processes.py TASK LEDGER FOLDER SEED` writes what happened as JSON. It forks instead of
starting anew, as importing everything takes longer than a delivery.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from samples import ARTICLE, START, approved, sandbox, thread

from threadbot.delivery.drive import Outside, drive
from threadbot.delivery.ledger import open_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from threadbot.article.model import Article
    from threadbot.delivery.deliver import Action
    from threadbot.delivery.model import Delivery
    from threadbot.networks.plan import Plan, Step
    from threadbot.networks.port import (
        Finding,
        Network,
        Outcome,
        Prepared,
        Receipt,
        Removal,
        Renewal,
        Sight,
    )
    from threadbot.networks.sandbox import Sandbox
    from threadbot.thread.model import NetworkName, Thread

Answer = TypeVar("Answer")

NETWORKS: tuple[NetworkName, ...] = ("x", "bluesky")
PUBLISHERS = 5
KILLS = 20
#: Published one after the other by each publisher.
ARTICLES = 20
#: The points at which a delivery of three posts can die: one before each action (begin, prepare,
#: send, finish, stop), and two around each call of the network.
POINTS: dict[NetworkName, int] = {"x": 15, "bluesky": 9}
#: In a second run: after the look for what the first one left in doubt, before that is stored.
AFTER_LOOK = 3


@dataclass
class Fate:
    """Kills its own process, as the kernel would, at a certain point.

    Args:
        left: how many points are still to be passed.
    """

    left: int

    def point(self) -> None:
        """Pass a point, or die."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Deadly:
    """A network whose caller may die before and after each call."""

    inner: Sandbox
    fate: Fate

    def prepare(self, made: Thread, now: datetime) -> Prepared:
        """Prepare between two points."""
        return self._between(lambda: self.inner.prepare(made, now))

    def renew(self, plan: Plan, step: Step, made: Thread, now: datetime) -> Renewal:
        """Renew between two points."""
        return self._between(lambda: self.inner.renew(plan, step, made, now))

    def send(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        """Send between two points."""
        return self._between(lambda: self.inner.send(plan, step, before))

    def look(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Sight:
        """Look between two points."""
        return self._between(lambda: self.inner.look(plan, step, before))

    def adopt(self, plan: Plan, step: Step, before: Sequence[Receipt], told: str) -> Sight:
        """Look at what is told between two points."""
        return self._between(lambda: self.inner.adopt(plan, step, before, told))

    def delete(self, receipts: Sequence[Receipt]) -> Removal:
        """Delete between two points."""
        return self._between(lambda: self.inner.delete(receipts))

    def examine(self, now: datetime) -> tuple[Finding, ...]:
        """Examine."""
        return self.inner.examine(now)

    def close(self) -> None:
        """Close."""
        self.inner.close()

    def _between(self, call: Callable[[], Answer]) -> Answer:
        self.fate.point()
        answer = call()
        self.fate.point()
        return answer


def deliver(place: str, folder: Path, fate: Fate | None = None) -> None:
    """Drive every thread of a ledger that is not published yet to its end."""
    with open_ledger(place) as ledger, ledger.attending(_quietly):
        for known in reversed(ledger.history()):
            if known.row.state == "published":
                continue
            with ledger.driving(known.row.account, _quietly):
                inner = sandbox(folder, known.row.network)
                network: Network = inner if fate is None else Deadly(inner, fate)

                def progress(_known: Delivery, _action: Action) -> None:
                    if fate is not None:
                        fate.point()

                outside = Outside(network, lambda: datetime.now(UTC), lambda _: None, progress)
                drive(ledger, known.row.id, outside)


def _quietly(message: str) -> None:
    del message


def forked(work: Callable[[], None]) -> int:
    """Start a process that does some work and ends."""
    process = os.fork()
    if process == 0:
        code = 1
        with suppress(Exception):
            work()
            code = 0
        os._exit(code)
    return process


def ended(process: int) -> int:
    """Wait for a process; give its exit code, or the signal that ended it as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def die_at_each_point(place: str, folder: Path) -> dict[str, object]:
    """Let a delivery die at its first point, the next one at its second, and so on."""
    deaths: dict[str, list[int]] = {network: [] for network in NETWORKS}
    for network in NETWORKS:
        for number in range(1, POINTS[network] + 1):
            with open_ledger(place) as ledger:
                approved(ledger, thread(network, words="Brest"), _article(f"{network}{number}"))
            process = forked(partial(deliver, place, folder, Fate(number)))
            deaths[network].append(ended(process))
            ended(forked(partial(deliver, place, folder, Fate(AFTER_LOOK))))
            assert ended(forked(partial(deliver, place, folder))) == 0
    return {"deaths": deaths}


def die_at_random(place: str, folder: Path, chance: random.Random) -> dict[str, object]:
    """Kill a process that delivers, again and again, at moments that nobody chose."""
    deaths: list[int] = []
    while deaths.count(-signal.SIGKILL) < KILLS:
        with open_ledger(place) as ledger:
            approved(ledger, thread("x", 4), _article(len(deaths)))
            approved(ledger, thread("bluesky", 4, account="other"), _article(len(deaths)))
        process = forked(lambda: deliver(place, folder))
        time.sleep(chance.uniform(0, 0.08))
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        deaths.append(ended(process))
    assert ended(forked(lambda: deliver(place, folder))) == 0
    return {"deaths": deaths}


def publish_at_once(place: str, folder: Path) -> dict[str, object]:
    """Let five processes publish the same articles at once, in a ledger that is still unmade."""
    reading, writing = os.pipe()
    results = folder / "results"
    results.mkdir()

    def publish() -> None:
        os.close(writing)
        os.read(reading, 1)  # Ends for all at once, when the other end is closed.
        with open_ledger(place) as ledger:
            claims = [
                ledger.claim(
                    thread("bluesky"),
                    ledger.record_article(_article(number), None, START),
                    sandbox=True,
                    now=START,
                )
                for number in range(ARTICLES)
            ]
        deliver(place, folder)
        found = [[one.row.id, one.won] for one in claims]
        (results / str(os.getpid())).write_text(json.dumps(found))

    processes = [forked(publish) for _ in range(PUBLISHERS)]
    os.close(reading)
    os.close(writing)
    codes = [ended(process) for process in processes]
    return {"codes": codes, "results": [json.loads(one.read_text()) for one in results.iterdir()]}


def _article(number: object) -> Article:
    return replace(ARTICLE, title=f"Article {number}", url=f"https://enpause.com/{number}")


if __name__ == "__main__":
    task, ledger_place, folder_name, seed = sys.argv[1:]
    tasks: dict[str, Callable[[str, Path], dict[str, object]]] = {
        "each point": die_at_each_point,
        "random": lambda place, folder: die_at_random(place, folder, random.Random(seed)),  # noqa: S311 - moments, no secrets
        "at once": publish_at_once,
    }
    sys.stdout.write(json.dumps(tasks[task](ledger_place, Path(folder_name))))
