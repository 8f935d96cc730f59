"""`threadbot run` on several machines: they share the threads of one ledger on a server."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING

import pytest
from postgres import new_database
from restarts import Restarting
from workers import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadbot.thread.model import NetworkName

NETWORKS: tuple[NetworkName, ...] = ("x", "bluesky")
WORKERS = 3
KILLS = 6
ACCOUNTS = 8


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a folder that is ready for workers, whose ledger is on a server."""
    made = Desk(tmp_path, new_database())
    made.configure()
    yield made
    made.close()


def everything_is_out_once(desk: Desk, numbers: int, posts: int) -> None:
    """Compare what is out with what was approved, post by post and in order."""
    lines = desk.posted()
    assert not any("repeated" in line for line in lines)
    out = [post["text"] for line in lines for post in line.get("posted", ())]
    for number in range(1, numbers + 1):
        mine = [text for text in out if text.startswith(f"Fil {number},")]
        assert mine == [f"Fil {number}, partie {part} ?" for part in range(1, posts + 1)]
    assert len(out) == numbers * posts


def test_workers_share_what_is_due(desk: Desk) -> None:
    """Three workers carry the threads of eight accounts, each thread once and in order."""
    for number in range(1, 25):
        desk.approve(number, NETWORKS[number % 2], account=f"a{number % ACCOUNTS}")
    for _ in range(WORKERS):
        desk.start("--sandbox")
    desk.wait_until(desk.all_published)
    everything_is_out_once(desk, 24, 3)


def test_others_carry_on_for_a_worker_that_is_killed(desk: Desk) -> None:
    """Killed at random moments, workers lose nothing and post nothing twice."""
    chance = random.Random(11)  # noqa: S311 - no secret is drawn
    workers = [desk.start("--sandbox") for _ in range(WORKERS)]
    number = 0
    for _ in range(KILLS):
        for _ in range(4):
            number += 1
            account = f"a{number % ACCOUNTS}"
            desk.approve(number, chance.choice(NETWORKS), 6, account=account)
        time.sleep(chance.uniform(0, 0.5))
        dead = workers.pop(chance.randrange(len(workers)))
        dead.kill()
        dead.wait()
        workers.append(desk.begin("--sandbox"))
    desk.wait_until(desk.all_published)
    everything_is_out_once(desk, number, 6)


def test_publish_leaves_its_thread_to_a_worker(desk: Desk) -> None:
    """With a worker on any machine publish only writes the ledger and follows."""
    desk.start("--sandbox")
    (desk.folder / "article.md").write_text("# Le tram\n\nIl revient à Brest.\n", "utf-8")
    done = desk.run("publish", "article.md", "--sandbox", "--yes", "--format", "json")
    assert done.returncode == 0, done.stderr
    threads = json.loads(done.stdout)["threads"]
    assert [one["state"] for one in threads] == ["published", "published"]
    assert desk.run("publish", "article.md", "--sandbox", "--yes").returncode == 2


def test_a_worker_whose_server_was_away(tmp_path: Path) -> None:
    """It loses its name with its connection and says so; the next one carries on from there."""
    with Restarting() as server:
        desk = Desk(tmp_path, server.database())
        desk.configure()
        desk.approve(1, "x")
        worker = desk.start("--sandbox")
        desk.wait_until(desk.all_published)
        server.stop()
        time.sleep(1)
        server.start()
        desk.approve(2, "x")
        assert worker.wait(60) == 1, desk.said(worker)
        desk.start("--sandbox")
        desk.wait_until(desk.all_published)
        everything_is_out_once(desk, 2, 3)
        desk.close()


def test_a_worker_whose_server_stays_away(tmp_path: Path) -> None:
    """It ends within seconds and says why, so that whoever keeps it running starts it again."""
    with Restarting() as server:
        desk = Desk(tmp_path, server.database())
        desk.configure()
        worker = desk.start("--sandbox")
        server.stop()
        assert worker.wait(30) == 1, desk.said(worker)
        said = desk.said(worker)
        assert "lost its connection to PostgreSQL" in said.splitlines()[-1]
        assert "Traceback" not in said
        again = desk.begin("--sandbox")
        assert again.wait(30) == 4, desk.said(again)
        assert desk.said(again).count("\n") == 1
        assert "PostgreSQL does not answer; start it" in desk.said(again)
        server.start()
        desk.close()
