"""A worker that is killed while articles appear: each is published, and once, on both networks."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from newsroom import Newsroom
from x_simulator.model import CREATE
from x_simulator.simulator import XSimulator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from oracle.node import NodeOracle
    from pds.server import Pds
    from prepared_process import Process
    from x_simulator.model import Route


@pytest.fixture
def room(tmp_path: Path, pds: Pds, oracle: NodeOracle) -> Iterator[Newsroom]:
    """Give a newsroom of which stock was taken."""
    x = XSimulator(lambda: datetime.now(UTC), oracle)
    # What X allows in 15 minutes is tested elsewhere; here it would but mean to wait.
    x.posts_per_window = x.posts_per_day
    made = Newsroom(tmp_path, pds, x)
    assert made.desk.run("poll").returncode == 0
    yield made
    made.close()
    x.close()
    x.assert_no_complaints()


class Death:
    """Ends workers at moments that nobody chose: at any time, or while they wait for X's answer.

    Args:
        room: the newsroom.
        chance: says when.
        anywhere: whether a request may die on its way to X, too. That is looked for during two
            minutes before it is sent again.
    """

    def __init__(self, room: Newsroom, chance: random.Random, *, anywhere: bool) -> None:
        self.room = room
        self.chance = chance
        self.anywhere = anywhere

    def meet(self, worker: Process) -> None:
        """Let a worker live for a while, and end it."""
        if self.chance.choice((True, False)):
            time.sleep(self.chance.uniform(0, 1.5))
            self._stop(worker)
        else:
            self._while_x_answers(worker, self.chance.randint(1, 15))
        worker.kill()
        worker.wait()
        self.room.x.after = None

    def _stop(self, worker: Process) -> None:
        """Let it stand still, with nothing on its way to X unless that may be lost."""
        worker.send_signal(signal.SIGSTOP)
        while not self.anywhere and self.room.is_asking_x():
            worker.send_signal(signal.SIGCONT)
            time.sleep(0.005)
            worker.send_signal(signal.SIGSTOP)

    def _while_x_answers(self, worker: Process, number: int) -> None:
        """Kill it when X has stored a post, and before it answers."""
        dead = threading.Event()
        left = iter(range(number - 1))

        def kill(route: Route) -> None:
            if route == CREATE and next(left, None) is None:
                worker.kill()
                dead.set()

        self.room.x.after = kill
        if not dead.wait(10):
            self._stop(worker)


def survive(room: Newsroom, death: Death, kills: int, articles: int) -> None:
    """Kill the worker again and again while articles appear; look at what came of them."""
    for _ in range(kills):
        worker = room.desk.start()
        for _ in range(articles // kills):
            room.publish()
        room.ask()
        death.meet(worker)
    room.desk.start()
    room.ask()
    room.desk.wait_until(room.is_all_out, 3600 if death.anywhere else 90)
    # Whatever comes late, a second draft say, would come by now.
    room.ask()
    time.sleep(2)
    room.assert_each_is_out_once()


def approve_from_the_queue(room: Newsroom) -> None:
    """Let an article appear, and approve its drafts as a person does: they go into a slot."""
    room.publish_in_the_magazine()
    assert room.desk.run("poll", "magazine").returncode == 0
    queue = json.loads(room.desk.run("queue", "--format", "json").stdout)["threads"]
    assert [one["state"] for one in queue] == ["draft", "draft"]
    for one in queue:
        done = room.desk.run("queue", "approve", one["id"], "--next-slot")
        assert done.returncode == 0, done.stderr


def test_a_worker_killed_ten_times_publishes_each_of_fifty_articles_once(room: Newsroom) -> None:
    """From feed and folder to both networks, whatever it was doing when it died.

    One of them was approved by a person and goes out in its slot, which comes round meanwhile.
    `history` shows them all, with their addresses.
    """
    approve_from_the_queue(room)
    chance = random.Random(11)  # noqa: S311 - no secret is drawn
    survive(room, Death(room, chance, anywhere=False), kills=10, articles=50)
    told = room.desk.run("history", "--limit", "200", "--format", "json").stdout
    history = json.loads(told)["threads"]
    assert [one["state"] for one in history] == ["published"] * 2 * 51
    assert all(post["uri"] for one in history for post in one["posts"])


@pytest.mark.soak
def test_a_worker_killed_a_hundred_times_publishes_each_article_once(room: Newsroom) -> None:
    """The same for an hour, and a request may die on its way to X."""
    chance = random.Random(12)  # noqa: S311 - no secret is drawn
    survive(room, Death(room, chance, anywhere=True), kills=100, articles=500)
