"""Workers that are killed at random moments while they post to both networks for real."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from places import STORES, Store
from postgres import new_database
from two_networks import TwoNetworks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pds.server import Pds
    from x_simulator.simulator import XSimulator

#: How often a person retries what is held.
RETRIES = 3
#: How often the worker that is killed had begun to carry threads out.
READY = 0.8
#: How many workers share a ledger of each kind.
WORKERS: dict[Store, int] = {"sqlite": 1, "postgresql": 3}


@dataclass(frozen=True)
class Storm:
    """How much goes wrong.

    Args:
        kills: how many workers are killed.
        threads: how many are approved meanwhile.
        accounts: on each network.
        longest: the most seconds that a worker lives before it is killed.
        patience: seconds until all is settled after the last kill.
        slow_faults: whether faults may take two minutes each.
    """

    kills: int
    threads: int
    accounts: int
    longest: float
    patience: float
    slow_faults: bool


FEW = Storm(kills=10, threads=20, accounts=3, longest=1.0, patience=240, slow_faults=False)
KILLS = int(os.environ.get("THREADBOT_KILLS", "300"))
MANY = Storm(
    kills=KILLS,
    threads=KILLS * 3 // 4,
    accounts=8,
    longest=2.0,
    patience=900,
    slow_faults=True,
)


@pytest.fixture(params=STORES)
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, x_now: XSimulator, pds: Pds
) -> Iterator[TwoNetworks]:
    """Give a folder that is ready for workers, with a ledger of each kind."""
    address = new_database() if request.param == "postgresql" else None
    seed = int(os.environ.get("THREADBOT_SEED") or random.SystemRandom().randrange(2**32))
    sys.stdout.write(f"THREADBOT_SEED={seed}\n")
    chance = random.Random(seed)  # noqa: S311 - no secret is drawn
    made = TwoNetworks(tmp_path, address, chance=chance, x=x_now, pds=pds)
    yield made
    made.close()


def through_the_storm(desk: TwoNetworks, storm: Storm) -> None:
    """Kill workers again and again while threads are due; look at what both networks hold."""
    desk.slow_faults = storm.slow_faults
    desk.open_accounts(storm.accounts)
    workers = [desk.begin() for _ in range(WORKERS["postgresql" if desk.address else "sqlite"])]
    in_the_middle = 0
    for kill in range(1, storm.kills + 1):
        desk.approve_some(storm.threads * kill // storm.kills - len(desk.approved))
        desk.go_wrong()
        dead = workers.pop(desk.chance.randrange(len(workers)))
        # Some die while they are still starting.
        if desk.chance.random() < READY:
            desk.wait_for(dead)
        time.sleep(desk.chance.uniform(0, storm.longest))
        dead.kill()
        dead.wait()
        in_the_middle += bool(desk.under_way())
        workers.append(desk.begin())
    desk.wait_until(desk.is_settled, storm.patience)
    reasons = Counter(one.row.reason for one in desk.deliveries() if one.row.state == "held")
    retry_what_is_held(desk, storm)
    desk.assert_all_is_out_once()
    sys.stdout.write(
        f"threads: {len(desk.approved)}, posts: {desk.approved.total()}, kills: {storm.kills}, "
        f"with a thread half-way: {in_the_middle}, held: {dict(reasons)}\n"
    )


def retry_what_is_held(desk: TwoNetworks, storm: Storm) -> None:
    """Do what a person does who has read the reasons, until nothing is held any more."""
    for _ in range(RETRIES):
        for thread in desk.held():
            # It may look for a post for two minutes, and says so where the thread goes out later.
            done = desk.run("queue", "retry", thread, seconds=storm.patience)
            assert done.returncode in {0, 4, 6}, done.stderr
        desk.wait_until(desk.is_settled, storm.patience)
    assert not desk.held()


def test_workers_are_killed_twenty_times(desk: TwoNetworks) -> None:
    """Ten times with a ledger in a file, ten times on a server: each post is out once, in order."""
    through_the_storm(desk, FEW)


@pytest.mark.soak
def test_workers_are_killed_all_the_time(desk: TwoNetworks) -> None:
    """Three hundred times with each kind of ledger, or as often as THREADBOT_KILLS says."""
    through_the_storm(desk, MANY)
