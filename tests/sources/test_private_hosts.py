"""What is allowed for a source's own host is not allowed for all that strangers lead to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from fetch.clients import fetcher
from fetch.loopback import redirect, response

from sources.site_on_loopback import LONG, rss
from threadbot.sources.running import running_sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.site_on_loopback import Newsroom

    Open = Callable[..., Newsroom]

ALLOW = 'allow = ["news.example:{port}", "127.0.0.1:{port}"]'
REFUSED = "holds for the hosts of sources and for addresses given by hand"
SHORT = "<p>The mill. […]</p>"
PATIENCE = 20.0


def open_room(newsroom: Open, more: str = "") -> Newsroom:
    """Serve a site whose machine holds what is not meant for strangers: /secret at 127.0.0.1."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.sections = f"[fetch]\n{ALLOW.format(port=room.server.port)}\n{more}"
    room.reconfigure(room.more)
    page = f"<article><h1>The mill</h1><p>{LONG * 6}</p></article>"
    room.answers["/secret"] = response(page.encode(), Content_Type="text/html")
    room.answers["/mill"] = response(page.encode(), Content_Type="text/html")
    room.answers["/moved"] = redirect(f"http://127.0.0.1:{room.server.port}/secret")
    return room


def asked_for(room: Newsroom, path: str) -> bool:
    """Tell whether anything was fetched there."""
    return any(f" {path} " in head.splitlines()[0] for head in room.server.requests)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{port}/secret", "http://news.example:{port}/moved"]
)
def test_an_entry_leads_to_no_other_private_host(newsroom: Open, address: str) -> None:
    """Neither by its link nor by a redirect; the page of the feed's own host is read."""
    room = open_room(newsroom)
    room.look()
    port = room.server.port
    room.show(4, content=SHORT, address=f"http://news.example:{port}/mill")
    room.show(5, content=SHORT, address=address.format(port=port))
    room.look()
    assert room.states() == ["ours-bsky draft Article 4"]
    (trouble,) = room.rounds.store.report(room.config.sources[0]).troubles
    assert REFUSED in trouble
    assert not asked_for(room, "/secret")


def test_a_feed_leads_to_no_other_private_host(newsroom: Open) -> None:
    """It may move within its own host."""
    room = open_room(newsroom)
    room.look()
    room.answers["/new"] = room.answers["/feed"]
    room.answers["/feed"] = redirect("/new", "301 Moved Permanently")
    assert room.look().problem is None
    room.answers["/new"] = room.answers["/moved"]
    assert REFUSED in str(room.look().problem)
    assert not asked_for(room, "/secret")


def test_a_strangers_article_brings_no_picture_of_another_private_host(newsroom: Open) -> None:
    """Who looks at the draft is told; pictures of the feed's own host are kept."""
    room = open_room(newsroom)
    room.look()
    port = room.server.port
    own, other = f"http://news.example:{port}/a.png", f"http://127.0.0.1:{port}/b.png?key=1"
    for number, picture in ((4, own), (5, other)):
        image = f"<img src='{picture}' alt='The mill'>"
        room.show(number, content=f"{image}<p>Number {number}. {f'{LONG} {number} ' * 12}</p>")
    room.look()
    first, second = (one.row.thread for one in room.threads())
    assert first.posts[0].card is not None
    assert first.posts[0].card.image == own
    assert second.posts[0].card is not None
    assert second.posts[0].card.image is None
    assert not any(image for post in second.posts for image in post.images)
    said = f"The image http://127.0.0.1:{port}/b.png?… is left out"
    assert any(warning.startswith(said) for warning in second.warnings)


def test_no_hub_on_another_private_host_is_asked(newsroom: Open) -> None:
    """A feed names its hub, too."""
    room = open_room(newsroom, '[webhooks]\ncallback_url = "http://127.0.0.1:9"\n')
    link = f"<atom:link rel='hub' href='http://127.0.0.1:{room.server.port}/hub'/>"
    room.answers["/feed"] = response(rss([], more=link), Content_Type="application/rss+xml")
    room.answers["/hub"] = response(b"", "202 Accepted")
    with running_sources(room.config, room.ledger, client=fetcher(room.server)) as running:
        until = time.monotonic() + PATIENCE
        while (one := running.rounds.subscriptions.of_source("site")) is None or not one.failures:
            assert time.monotonic() < until
            time.sleep(0.02)
    assert REFUSED in str(one.reason)
    assert not asked_for(room, "/hub")
