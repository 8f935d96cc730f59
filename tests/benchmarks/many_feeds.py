"""A host of ten thousand feeds, and of a hub: `python many_feeds.py`.

Owns what each feed shows and when it was asked. A feed that did not change since the asker's `ETag`
is answered with 304.

    GET  /feed/N        the feed
    POST /change/N      let it show one more article
    POST /hub           a subscription
    GET  /log           when each feed was asked, how it was answered, and who subscribed
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl

sys.path.insert(0, str(Path(__file__).parents[1]))

from sources.site_on_loopback import Item, rss

from benchmarks.web_server import Asked, Told, serve

#: Articles that each feed shows at first.
SHOWN = 10
#: Feeds that name a hub.
HUBS = 40


def article(feed: int, number: int) -> Item:
    """Give an article of a feed, with a name that no other has."""
    name = f"{feed}-{number}"
    return Item(
        number,
        title=f"Article {name}",
        guid=f"post-{name}",
        address=f"https://enpause.com/{name}",
        text=name,
        dated=False,
    )


def written(feed: int, shown: int, server: str) -> bytes:
    """Write a feed that shows so many articles."""
    hub = ""
    if feed < HUBS:
        own = f"<atom:link rel='self' href='{server}/feed/{feed}'/>"
        hub = f"<atom:link rel='hub' href='{server}/hub'/>{own}"
    return rss([article(feed, number) for number in range(max(0, shown - SHOWN), shown)], hub)


class ManyFeeds:
    """What the feeds show, and who asked."""

    def __init__(self) -> None:
        self.changes: Counter[int] = Counter()
        self.asked: list[tuple[float, int, bool]] = []
        self.subscribed: list[dict[str, str]] = []

    async def answer(self, asked: Asked) -> Told:
        """Answer as the path has it."""
        _, place, *rest = asked.path.split("/")
        match place:
            case "feed":
                return self._feed(int(rest[0]), asked)
            case "change":
                self.changes[int(rest[0])] += 1
                return Told()
            case "hub":
                self.subscribed.append(dict(parse_qsl(asked.body.decode())))
                return Told("202 Accepted")
        report = {"asked": self.asked, "subscribed": self.subscribed}
        return Told(body=json.dumps(report).encode())

    def _feed(self, feed: int, asked: Asked) -> Told:
        shown = SHOWN + self.changes[feed]
        tag = f'"{shown}"'
        is_known = asked.headers.get("if-none-match") == tag
        if is_known:
            told = Told("304 Not Modified", headers=(("ETag", tag),))
        else:
            body = written(feed, shown, f"http://{asked.headers['host']}")
            told = Told(body=body, headers=(("ETag", tag), ("Content-Type", "application/rss+xml")))
        self.asked.append((time.time(), feed, is_known))
        return told


if __name__ == "__main__":
    serve(ManyFeeds().answer)
