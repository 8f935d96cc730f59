"""Measures one worker with ten thousand feeds, a webhook and hubs, through `threadbot run`.

Owns these figures, on SQLite, while a queue is carried out, too: how long the first round takes,
how late a feed is asked from then on, how much memory and of the processors the worker takes, and
how long it takes from an entry, a webhook or a hub's delivery to a draft.

The hours that pass until chance has spread the feeds over their interval are left out: after the
first round the ledger's moments are spread evenly, and watched for a while from then on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psutil
from sqlalchemy import bindparam, select, update
from standardwebhooks import Webhook

from benchmarks.desks import new_desk
from benchmarks.ledgers import KEYS, Waiting, accounts_on_x, fill
from benchmarks.many_feeds import HUBS, SHOWN, article, written
from benchmarks.servers import Server, SlowX
from threadbot.delivery.tables import sources, threads
from threadbot.triggers.polling import JITTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.desks import BenchDesk
    from threadbot.delivery.ledger import Ledger

FEEDS: Final = 10_000
INTERVAL: Final = timedelta(minutes=15)
#: Chance takes up to `JITTER` of it away, so that feeds are asked that much more often.
MEAN_INTERVAL: Final = INTERVAL * (1 - JITTER / 2)
#: Seconds for which the steady state is watched.
WATCHED: Final = 90
#: Threads of the queue that wait, and those that come due meanwhile, one a second.
WAITING: Final = 10_000
MAX_MEGABYTES: Final = 400.0
#: Seconds within which 99 of 100 feeds are asked after their time.
MAX_LATE: Final = 5.0
#: Seconds to a draft.
MAX_DRAFT: Final = 1.0
#: Every so often, in seconds, a feed changes, and a webhook and a hub deliver.
CHANGES_EVERY: Final = 1.0
DELIVERIES_EVERY: Final = 4.0
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
        self.desk.variables = KEYS | {"THREADBOT_HOOK": SECRET}
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

    def deliver(self, feed: int, callback: str, secret: str) -> str:
        """Deliver a new article as a hub does; give its title."""
        body = written(feed, SHOWN + 1, self.site.url)
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/rss+xml"}
        _post(callback, body, headers)
        return article(feed, SHOWN).title

    def send(self, number: int) -> str:
        """Send a new article as a webhook; give its title."""
        item = article(FEEDS, number)
        data = {
            "id": item.guid,
            "url": item.address,
            "title": item.title,
            "content_html": f"<p>{'The mill at the river has stood still since. ' * 30}</p>",
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
        return item.title


def main() -> bool:
    """Measure, print, and tell whether the targets are met."""
    with tempfile.TemporaryDirectory() as folder, Server("many_feeds.py") as site, SlowX() as x:
        publication = Publication(Path(folder), site, x)
        try:
            return all([*_measured(publication, x)])
        finally:
            publication.desk.close()
            publication.ledger.close()


def _measured(publication: Publication, x: SlowX) -> Iterator[bool]:
    start = time.monotonic()
    worker = psutil.Process(publication.desk.start().pid)
    ready = time.monotonic() - start
    while len({feed for _, feed, _ in publication.asked()}) < FEEDS:
        time.sleep(2)
    seconds = time.monotonic() - start
    yield _told(
        f"{FEEDS:,} feeds: ready after {ready:.1f} s, first round over after {seconds:.0f} s, at "
        f"most {INTERVAL.total_seconds():.0f}",
        fits=seconds <= INTERVAL.total_seconds(),
    )
    hubs = publication.subscribe()
    publication.queue()
    asked_before = len(publication.asked())
    due = publication.spread()
    before, began = sum(worker.cpu_times()[:2]), time.monotonic()
    with Drafts(publication.ledger) as drafts:
        sent = _news(publication, hubs, due)
        share = (sum(worker.cpu_times()[:2]) - before) / (time.monotonic() - began)
    yield from _feeds_are_kept(publication.asked()[asked_before:], due, worker, share)
    yield _told(
        f"  {x.count():,} posts of the queue went out meanwhile", fits=x.count() >= WATCHED * 7
    )
    for kind, moments in sent.items():
        yield _become_drafts(kind, moments, drafts.seen)


def _news(
    publication: Publication, hubs: Sequence[tuple[int, str, str]], due: dict[int, float]
) -> dict[str, dict[str, float]]:
    """Let articles come in every way while time goes by; give when each could be known."""
    started = time.time()
    sent: dict[str, dict[str, float]] = {"webhook": {}, "hub's delivery": {}}
    changed: list[int] = []
    waiting, later = iter(hubs), started + 5
    while (now := time.time()) < started + WATCHED:
        # A feed that is asked in a moment.
        soon = next(one for one, moment in due.items() if moment > now + 2 and one >= HUBS)
        publication.site.ask(f"/change/{soon}")
        changed.append(soon)
        if now >= later:
            number = len(sent["webhook"])
            sent["webhook"][article(FEEDS, number).title] = time.time()
            publication.send(number)
            hub = next(waiting)
            sent["hub's delivery"][article(hub[0], SHOWN).title] = time.time()
            publication.deliver(*hub)
            later += DELIVERIES_EVERY
        time.sleep(max(0, now + CHANGES_EVERY - time.time()))
    time.sleep(5)
    shown = {feed: moment for moment, feed, known in publication.asked()[FEEDS:] if not known}
    sent["entry in a feed"] = {article(one, SHOWN).title: shown[one] for one in changed}
    return sent


def _feeds_are_kept(
    asked: Sequence[tuple[float, int, bool]],
    due: dict[int, float],
    worker: psutil.Process,
    share: float,
) -> Iterator[bool]:
    """Compare when feeds were asked with when they were to be, and weigh the worker."""
    came = {feed: moment for moment, feed, _ in reversed(asked)}
    ended = max(came.values())
    late = sorted(
        came.get(one, ended + MAX_LATE) - moment
        for one, moment in due.items()
        if moment < ended - MAX_LATE
    )
    most = quantiles(late, n=100)[98]
    unchanged = sum(known for _, _, known in asked) / len(asked)
    rate = len(asked) / (ended - min(due.values()))
    yield _told(
        f"  then {rate:.1f} a second, {100 * unchanged:.0f} % unchanged: "
        f"asked {median(late):.2f} s "
        f"after their time, 99 of 100 within {most:.2f} s, at most {MAX_LATE:.0f}",
        fits=most <= MAX_LATE,
    )
    megabytes = worker.memory_info().rss / 1e6
    yield _told(
        f"  {megabytes:.0f} MB, at most {MAX_MEGABYTES:.0f}, and {100 * share:.0f} % of a core",
        fits=megabytes <= MAX_MEGABYTES,
    )


def _become_drafts(kind: str, sent: dict[str, float], seen: dict[str, float]) -> bool:
    if missing := [title for title in sent if title not in seen]:
        return _told(f"  {len(missing)} of {len(sent)} became no draft: {kind}", fits=False)
    took = sorted(seen[title] - moment for title, moment in sent.items())
    return _told(
        f"  from a {kind} to its draft {median(took):.2f} s, at most {took[-1]:.2f} s of "
        f"{len(took)}; allowed {MAX_DRAFT:.0f}",
        fits=took[-1] <= MAX_DRAFT,
    )


def _post(url: str, body: bytes, headers: dict[str, str]) -> None:
    with urlopen(Request(url, body, headers), timeout=10) as answer:  # noqa: S310 - our own
        assert answer.status == 202


def _present() -> str:
    return datetime.now(UTC).isoformat()


def _told(line: str, *, fits: bool) -> bool:
    sys.stdout.write(f"{line}{'' if fits else '  OVER'}\n")
    sys.stdout.flush()
    return fits


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
