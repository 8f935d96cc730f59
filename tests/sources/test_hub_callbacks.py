"""Under which address of ours the hub of a feed calls, and what follows from that."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fetch.clients import fetcher
from fetch.loopback import LoopbackServer, response

from sources.site_on_loopback import Item, rss
from threadbot.config import load_config
from threadbot.sources.running import running_sources
from threadbot.triggers.websub import Discovery, subscribe

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from sources.site_on_loopback import Newsroom
    from threadbot.delivery.ledger import Ledger

CONFIG = """\
[accounts.ours]
network = "bluesky"
[[source]]
name = "site"
kind = "feed"
url = "http://news.example:{port}/feed"
[webhooks]
callback_url = "{callback}"
"""
PATIENCE = 20.0


def test_a_changed_callback_url_is_taken_up(tmp_path: Path, ledger: Ledger) -> None:
    """The hub is asked anew, to call where we can be reached by now."""

    def feed(connection: socket.socket) -> None:
        link = f"<atom:link rel='hub' href='http://news.example:{site.port}/hub'/>"
        body = rss([Item(1, dated=False)], more=link)
        response(body, Content_Type="application/rss+xml")(connection)

    site = LoopbackServer({"/feed": feed, "/hub": response(b"", "202 Accepted")})
    for callback in ("https://old.example", "https://new.example"):
        text = CONFIG.format(port=site.port, callback=callback)
        (tmp_path / "config.toml").write_text(text, "utf-8")
        config = load_config(tmp_path / "config.toml", {}, tmp_path)
        with running_sources(config, ledger, client=fetcher(site)) as running:
            running.rounds.store.ask_now("site", datetime.now(UTC))
            running.wake()
            until, found = time.monotonic() + PATIENCE, None
            while found is None or not found.callback.startswith(callback):
                assert time.monotonic() < until
                time.sleep(0.02)
                found = running.rounds.subscriptions.of_source("site")
    site.close()


REACHED = '[webhooks]\ncallback_url = "https://us.example"\n'


@pytest.mark.parametrize(
    ("sections", "lease", "pushed"),
    [
        (REACHED, timedelta(days=2), True),
        (REACHED, timedelta(minutes=1), False),
        (REACHED, None, False),
        ("", timedelta(days=2), False),
    ],
    ids=["pushed", "lapsed", "not agreed", "no callback"],
)
def test_a_feed_is_asked_hourly_only_while_its_hub_can_tell_us(
    newsroom: Callable[..., Newsroom], sections: str, lease: timedelta | None, *, pushed: bool
) -> None:
    """A hub that does not call, for whatever reason, leaves polling at its own pace."""
    room = newsroom(sections=sections)
    room.look()
    where = Discovery("https://hub.example/", "https://enpause.com/feed")
    planned = subscribe(where, "https://us.example/websub/a", "secret", room.now)
    live = replace(planned, expires_at=None if lease is None else room.now + lease)
    room.rounds.subscriptions.begin("site", "a", live)
    room.show(1)
    room.look()
    poll = room.rounds.store.report(room.config.sources[0]).poll
    assert poll is not None
    assert poll.next_at is not None
    assert (poll.next_at - room.now > timedelta(minutes=45)) is pushed
