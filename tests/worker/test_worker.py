"""`threadbot run`: what is due goes out, whatever happens to the process."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from workers import Desk

from threadbot.worker.run import executor_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLS = 5


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a folder that is ready for workers."""
    made = Desk(tmp_path)
    made.configure()
    yield made
    made.close()


def test_every_worker_has_a_name_of_its_own() -> None:
    """Two containers may have one host's name and one process number; both may carry threads."""
    assert len({executor_name() for _ in range(10)}) == 10


def repeated(desk: Desk) -> list[str]:
    """Give what the sandbox was sent twice."""
    return [uri for line in desk.posted() for uri in line.get("repeated", ())]


def texts(desk: Desk) -> list[str]:
    """Give what the sandbox holds, in the order in which it was posted."""
    return [post["text"] for line in desk.posted() for post in line.get("posted", ())]


def test_what_is_approved_goes_out(desk: Desk) -> None:
    """Threads for both networks go out, each post once and in order."""
    for number in range(1, 7):
        desk.approve(number, "x" if number % 2 else "bluesky")
    desk.start("--sandbox")
    desk.wait_until(desk.all_published)
    for number in range(1, 7):
        mine = [text for text in texts(desk) if text.startswith(f"Fil {number},")]
        assert mine == [f"Fil {number}, partie {part} ?" for part in (1, 2, 3)]


def test_a_worker_ends_when_it_is_asked_to(desk: Desk) -> None:
    """After SIGTERM it comes to a rest, says so, and nothing is half out."""
    desk.approve(1)
    worker = desk.start("--sandbox")
    desk.wait_until(desk.all_published)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert "comes to a rest first" in desk.said(worker)


def test_a_killed_worker_goes_on_when_it_is_started_again(desk: Desk) -> None:
    """Killed at random moments, again and again, it loses nothing and posts nothing twice."""
    chance = random.Random(7)  # noqa: S311 - no secret is drawn
    number = 0
    for _ in range(KILLS):
        for _ in range(4):
            number += 1
            desk.approve(number, chance.choice(["x", "bluesky"]), posts=6)
        worker = desk.start("--sandbox")
        time.sleep(chance.uniform(0, 1.5))
        worker.kill()
        worker.wait()
    desk.start("--sandbox")
    desk.wait_until(desk.all_published)
    assert len(texts(desk)) == number * 6
    assert len(set(texts(desk))) == number * 6
    for one in range(1, number + 1):
        mine = [text for text in texts(desk) if text.startswith(f"Fil {one},")]
        assert mine == [f"Fil {one}, partie {part} ?" for part in range(1, 7)]


def test_publish_leaves_its_thread_to_the_worker(desk: Desk) -> None:
    """With a worker running publish only writes the ledger, follows, and says how it ended."""
    desk.start("--sandbox")
    (desk.folder / "article.md").write_text("# Le tram\n\nIl revient à Brest.\n", "utf-8")
    done = desk.run("publish", "article.md", "--sandbox", "--yes", "--format", "json")
    assert done.returncode == 0, done.stderr
    threads = json.loads(done.stdout)["threads"]
    assert [one["state"] for one in threads] == ["published", "published"]
    assert repeated(desk) == []
    again = desk.run("publish", "article.md", "--sandbox", "--yes")
    assert again.returncode == 2


def test_a_thread_for_real_waits_for_a_worker_for_real(desk: Desk) -> None:
    """A worker for the sandbox carries nothing else, and whoever publishes hears of it."""
    desk.configure(
        '[accounts.bsky]\nnetwork = "bluesky"\nhandle = "a.example"\napp_password = "p"\n'
    )
    desk.start("--sandbox")
    (desk.folder / "article.md").write_text("# Le tram\n\nIl revient à Brest.\n", "utf-8")
    environment = {"THREADBOT_P": "abcd-efgh-ijkl-mnop"}
    refused = desk.run("publish", "article.md", "--yes", environment=environment)
    assert refused.returncode == 2
    assert b"is for the sandbox alone" in refused.stderr


def test_a_second_worker_waits_for_the_first(desk: Desk) -> None:
    """Two on one file: the second says who has it, and takes over when the first is gone."""
    first = desk.start("--sandbox")
    second = desk.begin("--sandbox")
    desk.wait_until(lambda: f"process {first.pid}" in desk.said(second))
    first.kill()
    desk.approve(1)
    desk.wait_until(desk.all_published)


def test_a_thread_whose_account_is_gone_is_held(desk: Desk) -> None:
    """What cannot be sent waits for a person, with the reason, and the others go out."""
    desk.approve(1)
    lost = desk.approve(2, sandbox=False)
    desk.start()
    desk.wait_until(lambda: {one.row.state for one in desk.deliveries()} == {"held", "published"})
    [held] = [one for one in desk.deliveries() if one.row.state == "held"]
    assert held.row.id == lost
    assert held.row.reason is not None
    assert "'enpause' is not in the configuration any more" in held.row.reason


def test_a_worker_forgets_what_was_done_long_ago(desk: Desk) -> None:
    """Words older than 'keep' in [ledger] go soon after it starts; the thread stays known."""
    desk.approve(1)
    first = desk.start("--sandbox")
    desk.wait_until(desk.all_published)
    first.kill()
    first.wait()
    with closing(sqlite3.connect(desk.path)) as ledger, ledger:
        ledger.execute("UPDATE threads SET changed_at = '2026-01-01T00:00:00.000000+00:00'")
    desk.start("--sandbox")
    desk.wait_until(lambda: desk.deliveries()[0].row.fingerprints is not None)
    (one,) = desk.deliveries()
    assert (one.row.state, len(one.receipts)) == ("published", 3)
