"""Whatever X does and whenever we are killed, each post of a thread is out once, in its place."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from samples import ARTICLE, thread
from shared_time import SharedTime
from x_simulator import model
from x_simulator.simulator import XSimulator

from threadbot.delivery.ledger import open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.node import NodeOracle
    from x_simulator.faults import FaultKind
    from x_simulator.model import Route, XAccount

#: A hundred threads, in parts that may run side by side.
PARTS = 4
FEW = 25
MANY = 2_000
#: A thread that is not done after so many runs never will be.
MOST_RUNS = 80

Death = Literal["before", "during", "after"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one call.

    Args:
        weight: how often it is drawn.
        fault: what X does.
        stored: whether the post is stored nevertheless.
        death: when our process is killed.
    """

    weight: int
    fault: FaultKind = "none"
    stored: bool = False
    death: Death | None = None


FATES = (
    Fate(30),
    Fate(4, "drop"),
    Fate(4, "drop", stored=True),
    Fate(2, "cut", stored=True),
    Fate(3, "429"),
    Fate(2, "429-without-reset"),
    Fate(3, "500-json"),
    Fate(3, "500-json", stored=True),
    Fate(3, "503-html"),
    Fate(3, "503-html", stored=True),
    Fate(1, "stall"),
    Fate(1, "stall", stored=True),
    Fate(3, "301"),
    Fate(3, "201-without-data", stored=True),
    Fate(3, "drop", death="before"),
    Fate(3, death="during"),
    Fate(3, death="after"),
)
READ_FATES = (Fate(12), Fate(1, "429"), Fate(1, "500-json"), Fate(1, "503-html"), Fate(1, "drop"))


@dataclass
class World:
    """The simulated X, the time, and the program that delivers.

    Args:
        folder: where ledgers lie.
        x: the network.
        time: that all share.
        deliverer: the program.
        deaths: how often our process is killed, by when.
    """

    folder: Path
    x: XSimulator
    time: SharedTime
    deliverer: subprocess.Popen[str]
    deaths: dict[Death, int] = field(
        default_factory=lambda: dict.fromkeys(("before", "during", "after"), 0)
    )
    _fates: list[Fate] = field(default_factory=list)
    _begun: int = 0

    def draw(self, chance: random.Random) -> None:
        """Draw what happens to the coming calls."""
        self.x.clear_faults()
        self.x.lag = timedelta(seconds=chance.choice([0, 0, 0, 1, 10, 60, 300]))
        self._fates = chance.choices(FATES, [fate.weight for fate in FATES], k=200)
        self._begun = self.x.counts[model.CREATE]
        for fate in self._fates:
            self.x.fault(fate.fault, stored=fate.stored)
        for fate in chance.choices(READ_FATES, [one.weight for one in READ_FATES], k=400):
            self.x.fault(fate.fault, route=model.TIMELINE)
        self.x.before, self.x.after = self._before, self._after

    def run(self, ledger: Path, account: XAccount) -> dict[str, Any]:
        """Drive the thread of a ledger in a process of its own; give what came of it."""
        assert self.deliverer.stdin is not None
        assert self.deliverer.stdout is not None
        order = asdict(account) | {"api": self.x.url, "ledger": str(ledger)}
        self.deliverer.stdin.write(json.dumps(order) + "\n")
        self.deliverer.stdin.flush()
        answer: dict[str, Any] = json.loads(self.deliverer.stdout.readline())
        return answer

    def _fate(self) -> Fate:
        at = self.x.counts[model.CREATE] - self._begun - 1
        return self._fates[at] if at < len(self._fates) else FATES[0]

    def _before(self, route: Route) -> None:
        death = self._fate().death if route == model.CREATE else None
        if death in {"before", "during"}:
            self.deaths[death] += 1
            with suppress(ProcessLookupError):
                os.kill(self.time.process, signal.SIGKILL)

    def _after(self, route: Route) -> None:
        if route == model.CREATE and self._fate().death == "after":
            self.deaths["after"] += 1
            self.time.doom()


@pytest.fixture
def world(tmp_path: Path, oracle: NodeOracle) -> Iterator[World]:
    """Give a world in which nothing has happened yet."""
    shared = SharedTime(tmp_path / "time")
    x = XSimulator(shared.now, oracle)
    tests = Path(__file__).parents[1]
    deliverer = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("x_deliverer.py")), str(tmp_path / "time")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with deliverer:
        yield World(tmp_path, x, shared, deliverer)
        assert deliverer.stdin is not None
        deliverer.stdin.close()
    x.close()
    assert not x.take_complaints()


def deliver(world: World, empty: Path, chance: random.Random, number: int) -> None:
    """Let one thread go out through a storm of faults, and look at what X holds."""
    account = world.x.account(f"user{number}")
    ledger_path = world.folder / f"{number}.db"
    shutil.copy(empty, ledger_path)
    made = thread("x", chance.randint(3, 12), words=f"Fil {number}")
    with open_ledger(ledger_path) as ledger:
        article = replace(ARTICLE, title=f"Article {number}", url=f"https://enpause.com/{number}")
        known = ledger.record_article(article, None, world.time.now())
        ledger.claim(made, known, sandbox=False, now=world.time.now())
    world.draw(chance)
    reasons: list[str] = []
    for _ in range(MOST_RUNS):
        ended = world.run(ledger_path, account)
        if ended["kind"] == "done":
            break
        if ended["kind"] == "killed":
            continue
        assert ended["kind"] in {"later", "held", "unknown"}, ended
        assert ended["reason"], ended
        reasons.append(ended["reason"])
        # Somebody comes back later, or has seen the reason and resumes.
        wait = 60.0 if ended["until"] is None else ended["until"] - world.time.now().timestamp()
        world.time.sleep(max(wait, 0) + 1)
    else:
        pytest.fail(f"thread {number} never ends: {reasons[-3:]}")
    posts = world.x.posts(account)
    assert [post.text for post in posts] == [post.text for post in made.posts], number
    assert [post.parent for post in posts] == [None, *(post.id for post in posts[:-1])], number
    with open_ledger(ledger_path) as ledger:
        delivery = ledger.delivery("1")
    assert delivery.row.state == "published"
    assert [one.uri for one in delivery.receipts] == [post.id for post in posts]
    ledger_path.unlink()


def through_the_storm(world: World, empty: Path, count: int) -> None:
    """Deliver so many threads; the seed is printed, and can be given in THREADBOT_SEED."""
    seed = int(os.environ.get("THREADBOT_SEED") or random.SystemRandom().randrange(2**32))
    sys.stdout.write(f"THREADBOT_SEED={seed}\n")
    chance = random.Random(seed)  # noqa: S311 - no secret is drawn
    for number in range(1, count + 1):
        deliver(world, empty, chance, number)
    sys.stdout.write(f"killed: {world.deaths}; requests: {dict(world.x.counts)}\n")
    assert all(world.deaths.values())


@pytest.mark.parametrize("part", range(PARTS))
def test_threads_survive_the_storm(world: World, empty_ledger: Path, part: int) -> None:
    """A hundred threads, each call met by any fault or by our death: each post is out once."""
    del part
    through_the_storm(world, empty_ledger, FEW)


@pytest.mark.soak
def test_many_threads_survive_the_storm(world: World, empty_ledger: Path) -> None:
    """Two thousand threads."""
    through_the_storm(world, empty_ledger, MANY)
