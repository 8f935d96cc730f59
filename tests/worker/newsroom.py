"""A site, a folder and a worker that follows both, with accounts on two real networks.

Owns what appears where, and what stands on the networks in the end, as these say it themselves: the
ledger is never asked what was published.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fetch.loopback import LoopbackServer, response
from sources.site_on_loopback import Item, rss
from workers import Desk

from threadbot.errors import LedgerError
from threadbot.triggers.store import SourceStore

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from pds.server import Pds, PdsAccount
    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

#: Of each article; together too long to be taken for a teaser.
SENTENCES = 8
_MARK = re.compile(r"Line (\d+) of report (\d+) ")
SECRETS = {
    "THREADBOT_KEY": "consumer_key",
    "THREADBOT_KEY_SECRET": "consumer_secret",
    "THREADBOT_TOKEN": "access_token",
    "THREADBOT_TOKEN_SECRET": "access_token_secret",
}
CONFIG = """\
[accounts.ours-x]
network = "x"
handle = "@{x_handle}"
api = "{x_url}"
api_key = "key"
api_key_secret = "key-secret"
access_token = "token"
access_token_secret = "token-secret"

[accounts.ours-bsky]
network = "bluesky"
handle = "{bsky_handle}"
pds = "{pds_url}"
app_password = "bsky-password"

[style.default]
coverage = "full"

[schedule]
daily = {slots}
least_distance = "0m"

[[source]]
name = "site"
kind = "feed"
url = "http://127.0.0.1:{port}/feed"
approval = "auto"
schedule = "now"
max_per_day = "none"
max_backlog = "none"

[[source]]
name = "desk"
kind = "folder"
path = "articles"
approval = "auto"
schedule = "now"
max_per_day = "none"
max_backlog = "none"

[[source]]
name = "magazine"
kind = "feed"
url = "http://127.0.0.1:{port}/magazine"

[fetch]
allow = ["127.0.0.1:{port}"]
"""


class Newsroom:
    """A site with two feeds, a folder, and the worker that follows them.

    Articles of the magazine need approval, and a slot; those of the site and the folder go out by
    themselves, at once.

    Args:
        folder: where it all lies.
        pds: the server of the account on Bluesky.
        x: the simulated X, with an account that the app may use.
    """

    def __init__(self, folder: Path, pds: Pds, x: XSimulator) -> None:
        self.pds, self.x = pds, x
        self.bluesky_account: PdsAccount = pds.account()
        self.x_account: XAccount = x.account("EnPause")
        # Each has an archive already, which is never posted.
        self.shown: dict[str, list[Item]] = {"/feed": [_item(0)], "/magazine": [_item(0)]}
        self.server = LoopbackServer({"/feed": self._site, "/magazine": self._magazine})
        secrets = {name: getattr(self.x_account, field) for name, field in SECRETS.items()}
        secrets["THREADBOT_BSKY_PASSWORD"] = pds.app_password(self.bluesky_account)
        self.desk = Desk(folder, secrets=secrets)
        self.desk.configure(self._config())
        self.articles = folder / "articles"
        self.articles.mkdir()
        self.made = 0

    def _config(self) -> str:
        # The next minutes are slots: somebody approves now, and need not wait for long.
        soon = [datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (1, 2, 3)]
        return CONFIG.format(
            x_handle=self.x_account.handle,
            x_url=self.x.url,
            bsky_handle=self.bluesky_account.handle,
            pds_url=self.pds.url,
            slots=[f"{moment:%H:%M}" for moment in soon],
            port=self.server.port,
        )

    def _site(self, connection: socket.socket) -> None:
        response(rss(self.shown["/feed"]), Content_Type="application/rss+xml")(connection)

    def _magazine(self, connection: socket.socket) -> None:
        response(rss(self.shown["/magazine"]), Content_Type="application/rss+xml")(connection)

    def publish(self) -> None:
        """Let an article appear in the site's feed, or each fifth time in the folder."""
        self.made += 1
        if self.made % 5:
            self.shown["/feed"].append(_item(self.made))
        else:
            text = f"Article {self.made}\n\n{_text(self.made)}\n"
            (self.articles / f"{self.made}.txt").write_text(text, "utf-8")

    def publish_in_the_magazine(self) -> None:
        """Let an article appear that somebody has to approve."""
        self.made += 1
        self.shown["/magazine"].append(_item(self.made))

    def ask(self) -> None:
        """Let the feeds be due now."""
        with self.desk.ledger() as ledger:
            for name in ("site", "magazine"):
                SourceStore(ledger).ask_now(name, datetime.now(UTC))

    def on_bluesky(self) -> list[str]:
        """Give the texts that the server holds, the oldest first."""
        return [post["value"]["text"] for post in self.pds.posts(self.bluesky_account)]

    def on_x(self) -> list[str]:
        """Give the texts that X holds, the oldest first."""
        return [post.text for post in self.x.posts(self.x_account)]

    def is_asking_x(self) -> bool:
        """Tell whether a request for a post is on its way to X, and has not come there yet.

        The worker must stand still; a request that it sent comes there nevertheless.
        """
        time.sleep(0.05)
        try:
            deliveries = [one for one in self.desk.deliveries() if one.row.network == "x"]
        except LedgerError:
            # It stands still with the whole ledger in its hands.
            return True
        begun = [step for one in deliveries for step in one.steps if step.state != "planned"]
        return len(self.on_x()) < len(begun)

    def is_all_out(self) -> bool:
        """Tell whether every line of every article stands on both networks."""
        return all(len(lines_of(texts)) >= self.made * SENTENCES for texts in self._networks())

    def assert_each_is_out_once(self) -> None:
        """Compare what the networks hold with what appeared, line by line."""
        expected = {
            (report, line): 1
            for report in range(1, self.made + 1)
            for line in range(1, SENTENCES + 1)
        }
        for texts in self._networks():
            assert lines_of(texts) == expected
            assert len(set(texts)) == len(texts)
        heads = [post for post in self.x.posts(self.x_account) if post.parent is None]
        assert len(heads) == self.made
        records = self.pds.posts(self.bluesky_account)
        assert sum("reply" not in record["value"] for record in records) == self.made

    def _networks(self) -> tuple[list[str], list[str]]:
        return self.on_x(), self.on_bluesky()

    def close(self) -> None:
        """End all."""
        self.desk.close()
        self.server.close()


def lines_of(texts: list[str]) -> Counter[tuple[int, int]]:
    """Count how often each line of each article stands in posts, by report and line."""
    found = (_MARK.findall(text) for text in texts)
    return Counter((int(report), int(line)) for marks in found for line, report in marks)


def _text(number: int) -> str:
    # No two sentences are the same, or X would refuse some posts as duplicates.
    lines = (
        f"Line {line} of report {number} says how high the river stood that day at the old mill, "
        f"of which the painter made picture {number}-{line}."
        for line in range(1, SENTENCES + 1)
    )
    return " ".join(lines)


def _item(number: int) -> Item:
    return Item(number, content=f"<p>{_text(number)}</p>", dated=False)
