"""A hub that never answers, and the feeds and hubs beside it."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from fetch.loopback import LoopbackServer, response

from sources.serving import FEED, free_port, serving, until
from sources.site_on_loopback import Item, rss

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from socket import socket

    from fetch.loopback import Answer

    from threadbot.delivery.ledger import Ledger

#: Feeds behind the hub that never answers: more than are asked at the same time.
BEHIND = 24
#: Seconds within which all feeds are asked and the other hub, too; a request may take 20.
SOON = 8.0


def naming(hub: Callable[[], str]) -> Answer:
    """Answer with a feed that names a hub."""

    def feed(connection: socket) -> None:
        body = rss([Item(1, dated=False)], more=f"<atom:link rel='hub' href='{hub()}'/>")
        response(body, Content_Type="application/rss+xml")(connection)

    return feed


def test_a_dead_hub_delays_neither_feeds_nor_other_hubs(tmp_path: Path, ledger: Ledger) -> None:
    """It is asked by one thread, one request at a time, though many feeds name it."""
    over = Event()

    def dead(connection: socket) -> None:
        over.wait(20)
        response(b"", "503 Service Unavailable")(connection)

    answers: dict[str, Answer] = {"/dead": dead, "/hub": response(b"", "202 Accepted")}
    site = LoopbackServer(answers)
    port, text = free_port(), ""
    for number in range(BEHIND):
        answers[f"/feed{number}"] = naming(lambda: f"http://127.0.0.1:{site.port}/dead")
        name = f'"feed{number}"'
        one = FEED.replace("/feed", f"/feed{number}").replace('"site"', name)
        one = one.replace("news.example", "127.0.0.1")
        text += one.format(port=site.port, more="")
    answers["/feed"] = naming(lambda: f"http://news.example:{site.port}/hub")
    text += FEED.format(port=site.port, more="")
    text += f'[webhooks]\nlisten = "127.0.0.1:{port}"\ncallback_url = "http://127.0.0.1:{port}"\n'

    def asked(path: str) -> int:
        return sum(head.startswith(f"POST {path} ") for head in site.requests)

    with serving(tmp_path, ledger, text, site) as (rounds, _):
        took = until(lambda: asked("/hub") == 1)
        took += until(lambda: len(rounds.subscriptions.all()) == BEHIND + 1)
        assert took < SOON
        assert asked("/dead") == 1
        over.set()
        until(lambda: asked("/dead") == BEHIND)
    site.close()
