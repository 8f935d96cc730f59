"""A worker that is killed while articles appear: each is published, and once."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from fetch.loopback import LoopbackServer, response
from sources.site_on_loopback import LONG, Item, rss
from workers import Desk

from threadbot.triggers.store import SourceStore

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """\
[accounts.ours-x]
network = "x"

[accounts.ours-bsky]
network = "bluesky"

[schedule]
least_distance = "0m"

[[source]]
name = "site"
kind = "feed"
url = "http://127.0.0.1:{port}/feed"
approval = "auto"
schedule = "now"
sandbox = true
max_per_day = "none"
max_backlog = "none"

[[source]]
name = "desk"
kind = "folder"
path = "articles"
approval = "auto"
schedule = "now"
sandbox = true
max_per_day = "none"
max_backlog = "none"

[fetch]
allow = ["127.0.0.1:{port}"]
"""


class Newsroom:
    """A site with a feed, a folder, and the worker that follows both.

    Args:
        folder: where it all lies.
    """

    def __init__(self, folder: Path) -> None:
        self.items: list[Item] = []
        self.server = LoopbackServer({"/feed": self._feed})
        self.desk = Desk(folder)
        self.desk.configure(CONFIG.format(port=self.server.port))
        self.articles = folder / "articles"
        self.articles.mkdir()
        self.made = 0

    def _feed(self, connection: socket.socket) -> None:
        response(rss(self.items), Content_Type="application/rss+xml")(connection)

    def publish(self) -> None:
        """Let an article appear in the feed, or each fifth time in the folder."""
        self.made += 1
        if self.made % 5:
            self.items.append(Item(self.made, dated=False))
        else:
            text = f"Article {self.made}\n\nReport {self.made} begins. {LONG * 3}"
            (self.articles / f"{self.made}.txt").write_text(text, "utf-8")

    def ask(self) -> None:
        """Let the feed be due now."""
        with self.desk.ledger() as ledger:
            SourceStore(ledger).ask_now("site", datetime.now(UTC))

    def close(self) -> None:
        """End all."""
        self.desk.close()
        self.server.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Give a newsroom of which stock was taken."""
    made = Newsroom(tmp_path)
    assert made.desk.run("poll").returncode == 0
    yield made
    made.close()


def survive(room: Newsroom, kills: int, articles: int, seed: int) -> None:
    """Kill the worker again and again while articles appear; look at what came of them."""
    chance = random.Random(seed)  # noqa: S311 - no secret is drawn
    for _ in range(kills):
        worker = room.desk.start("--sandbox")
        for _ in range(articles // kills):
            room.publish()
        room.ask()
        time.sleep(chance.uniform(0, 2.5))
        worker.kill()
        worker.wait()
    room.desk.start("--sandbox")
    room.ask()
    everything = sorted(f"Article {number}" for number in range(1, room.made + 1))

    def is_all_out() -> bool:
        out = [one.row.title for one in room.desk.deliveries() if one.row.state == "published"]
        return sorted(out) == sorted(everything * 2)

    room.desk.wait_until(is_all_out)
    # Whatever comes late, a second draft say, would come by now.
    room.ask()
    time.sleep(2)
    for account in ("ours-x", "ours-bsky"):
        mine = [one.row for one in room.desk.deliveries() if one.row.account == account]
        assert sorted(row.title for row in mine) == everything
        assert {row.state for row in mine} == {"published"}


def test_a_worker_killed_ten_times_publishes_each_of_fifty_articles_once(room: Newsroom) -> None:
    """On both accounts, from feed and folder, whatever it was doing when it died."""
    survive(room, kills=10, articles=50, seed=11)


@pytest.mark.soak
def test_a_worker_killed_a_hundred_times_publishes_each_article_once(room: Newsroom) -> None:
    """The same for an hour."""
    survive(room, kills=100, articles=500, seed=12)
