"""A publication with ten thousand feeds, a webhook and hubs, and the worker that follows them.

Owns its configuration and its ledger, and how news reach it; measures nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from sources.site_on_loopback import LONG
from sqlalchemy import bindparam, select, update
from standardwebhooks import Webhook

from benchmarks.desks import new_desk
from benchmarks.ledgers import KEYS, Waiting, accounts_on_x, fill
from benchmarks.many_feeds import SHOWN, article, written
from threadbot.delivery.tables import sources, threads
from threadbot.triggers.polling import JITTER

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.desks import BenchDesk
    from benchmarks.servers import Server, SlowX
    from threadbot.delivery.ledger import Ledger

FEEDS: Final = 10_000
INTERVAL: Final = timedelta(minutes=15)
#: Chance takes up to `JITTER` of it away, so that feeds are asked that much more often.
MEAN_INTERVAL: Final = INTERVAL * (1 - JITTER / 2)
#: Seconds for which the steady state is watched.
WATCHED: Final = 90
#: Threads of the queue that wait, and those that come due meanwhile, one a second.
WAITING: Final = 10_000
SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKtC"  # noqa: S105 - of this bench alone
CONFIG: Final = """\
{accounts}
[webhooks]
listen = "127.0.0.1:{port}"
callback_url = "http://127.0.0.1:{port}"

[fetch]
allow = ["{host}"]

[[source]]
name = "hook"
kind = "webhook"
sender = "standard"
secret = "hook"
accounts = ["account-0"]
max_per_day = "none"
max_backlog = "none"

"""
FEED: Final = """\
[[source]]
name = "feed-{number}"
kind = "feed"
url = "http://{host}/feed/{number}"
accounts = ["account-0"]
min_interval = "15m"
max_interval = "15m"
max_per_day = "none"
max_backlog = "none"

"""


@dataclass
class Drafts:
    """Sees drafts come into a ledger, to be used in a `with` statement.

    Args:
        ledger: where they come.
        seen: when each was there, by its title.
    """

    ledger: Ledger
    seen: dict[str, float] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        columns, last = threads.c, 0
        while not self._ends.wait(0.02):
            query = select(columns.id, columns.title).where(columns.id > last).order_by(columns.id)
            with self.ledger.reading() as connection:
                for number, title in connection.execute(query):
                    self.seen.setdefault(title, time.time())
                    last = number


class Publication:
    """A worker that follows many feeds, and all that it follows.

    Args:
        folder: where its ledger is.
        site: the feeds.
        x: where its queue goes.
    """

    def __init__(self, folder: Path, site: Server, x: SlowX) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port: int = taken.getsockname()[1]
        self.site = site
        self.host = site.url.removeprefix("http://")
        self.desk: BenchDesk = new_desk("sqlite", folder)
        names = [f"account-{number}" for number in range(WATCHED)]
        accounts = accounts_on_x(x.url, names)
        text = CONFIG.format(accounts=accounts, port=self.port, host=self.host)
        feeds = (FEED.format(number=number, host=self.host) for number in range(FEEDS))
        self.desk.configure(text + "".join(feeds))
        self.desk.secrets = KEYS | {"THREADBOT_HOOK": SECRET}
        self.ledger = self.desk.ledger()

    def asked(self) -> list[tuple[float, int, bool]]:
        """Give when each feed was asked, and whether it had not changed."""
        return [tuple(one) for one in json.loads(self.site.ask("/log"))["asked"]]

    def queue(self) -> None:
        """Let threads wait, and one a second come due."""
        now = datetime.now(UTC)
        far = [
            Waiting(one, f"Fil {one % 1_000}", f"account-{one % WATCHED}", now + timedelta(days=1))
            for one in range(WAITING)
        ]
        soon = [
            Waiting(WAITING + one, f"Now {one}", f"account-{one}", now + timedelta(seconds=one))
            for one in range(WATCHED)
        ]
        fill(self.ledger, far + soon)

    def spread(self) -> dict[int, float]:
        """Spread the moments at which feeds are asked; give those moments."""
        begins = datetime.now(UTC) + timedelta(seconds=5)
        due = {one: begins + MEAN_INTERVAL * one / FEEDS for one in range(FEEDS)}
        change = update(sources).where(sources.c.name == bindparam("feed"))
        rows = [{"feed": f"feed-{one}", "moment": moment} for one, moment in due.items()]
        with self.ledger.database.writing() as connection:
            connection.execute(change.values(next_at=bindparam("moment")), rows)
        return {one: moment.timestamp() for one, moment in due.items()}

    def subscribe(self) -> list[tuple[int, str, str]]:
        """Answer for the hub; give feed, callback and secret of each subscription."""
        made = []
        for form in json.loads(self.site.ask("/log"))["subscribed"]:
            topic, callback = form["hub.topic"], form["hub.callback"]
            question = {"hub.mode": "subscribe", "hub.topic": topic, "hub.challenge": "c0ffee"}
            asked = urlencode(question | {"hub.lease_seconds": "864000"})
            with urlopen(f"{callback}?{asked}", timeout=10) as answer:  # noqa: S310 - our own
                assert answer.read() == b"c0ffee"
            made.append((int(topic.rpartition("/")[2]), callback, form["hub.secret"]))
        return made

    def deliver(self, feed: int, callback: str, secret: str) -> None:
        """Deliver a new article as a hub does; without TLS the feed itself is asked then."""
        self.site.ask(f"/change/{feed}")
        body = written(feed, SHOWN + 1, self.site.url)
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/rss+xml"}
        _post(callback, body, headers)

    def send(self, number: int) -> None:
        """Send a new article as a webhook."""
        item = article(FEEDS, number)
        data = {
            "id": item.guid,
            "url": item.address,
            "title": item.title,
            "content_html": f"<p>Mill number {number} has stood still. {LONG * 12}</p>",
        }
        message = {"type": "article.published", "timestamp": _present(), "data": data}
        body, name = json.dumps(message), f"msg_{number}"
        now = datetime.now(UTC)
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(name, now, body),
            "Content-Type": "application/json",
        }
        _post(f"http://127.0.0.1:{self.port}/webhooks/hook", body.encode(), headers)


def _post(url: str, body: bytes, headers: dict[str, str]) -> None:
    with urlopen(Request(url, body, headers), timeout=10) as answer:  # noqa: S310 - our own
        assert answer.status == 202


def _present() -> str:
    return datetime.now(UTC).isoformat()
