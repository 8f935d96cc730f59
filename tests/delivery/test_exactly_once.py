"""Exactly once, whatever dies and whoever races: real processes, really killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from places import STORES, new_place
from processes import ARTICLES, KILLS, NETWORKS, POINTS, PUBLISHERS
from samples import sandbox

from threadbot.delivery.ledger import open_ledger

if TYPE_CHECKING:
    from places import Store

    from threadbot.thread.model import NetworkName

KILLED = -signal.SIGKILL


def run(task: str, place: str, folder: Path, seed: str = "") -> dict[str, Any]:
    """Run a task of `processes.py` and give what it tells."""
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, here / "processes.py", task, place, folder, seed],
        env=os.environ | {"PYTHONPATH": os.fspath(here.parents[1])},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def everything_is_out_once(place: str, folder: Path) -> int:
    """Compare the ledger with what is out; give the number of threads."""
    with open_ledger(place) as ledger:
        known = ledger.history()
    assert {one.row.state for one in known} == {"published"}
    wanted = Counter(
        (one.row.network, receipt.uri, post.text)
        for one in known
        for receipt, post in zip(one.receipts, one.row.thread.posts, strict=True)
    )
    out: Counter[tuple[NetworkName, str, str]] = Counter()
    for network in NETWORKS:
        box = sandbox(folder, network)
        events = box.journal.events()
        assert not any("repeated" in event for event in events), "a post was sent twice"
        out.update(
            (network, post["uri"], post["text"])
            for event in events
            for post in event["posted"]
            if post["network"] == network
        )
    assert out == wanted
    return len(known)


@pytest.mark.parametrize("store", STORES)
def test_death_at_each_point(store: Store, tmp_path: Path) -> None:
    """Posting loops and double posts, postiz#1172, skymoth#286, blueskyfeedbot#25.

    A process dies before or after each action and each call: between intent and request, between
    request and record; the second one after it has looked. The third finishes the thread, and each
    post is out once.
    """
    place = new_place(store, tmp_path)
    deaths = run("each point", place, tmp_path)["deaths"]
    assert deaths == {network: [KILLED] * points for network, points in POINTS.items()}
    assert everything_is_out_once(place, tmp_path) == sum(POINTS.values())


@pytest.mark.parametrize("seed", ["brest"])
@pytest.mark.parametrize("store", STORES)
def test_death_at_random_moments(store: Store, tmp_path: Path, seed: str) -> None:
    """A process that is killed twenty times, no matter when, posts everything once."""
    place = new_place(store, tmp_path)
    deaths = run("random", place, tmp_path, seed)["deaths"]
    assert deaths.count(KILLED) == KILLS
    assert everything_is_out_once(place, tmp_path) == 2 * len(deaths)


@pytest.mark.parametrize("store", STORES)
def test_five_publishers_at_once(store: Store, tmp_path: Path) -> None:
    """Five processes that publish one article at once make one thread, and all learn of it."""
    place = new_place(store, tmp_path)
    told = run("at once", place, tmp_path)
    assert told["codes"] == [0] * PUBLISHERS
    for claims in zip(*told["results"], strict=True):
        assert len({thread for thread, _ in claims}) == 1
        assert sum(won for _, won in claims) == 1
    assert everything_is_out_once(place, tmp_path) == ARTICLES
