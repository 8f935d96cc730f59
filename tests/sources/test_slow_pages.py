"""Pages that come drop by drop, and the articles that need none."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

import requests
from fetch.loopback import LoopbackServer, response

from sources.serving import (
    FEED,
    GHOST,
    free_port,
    ghost_message,
    serving,
    signed,
    titles,
    until,
)
from sources.site_on_loopback import LONG, Item, rss
from threadbot.sources.drafting import Drafting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from socket import socket

    from fetch.loopback import Answer

    from sources.site_on_loopback import Newsroom
    from threadbot.delivery.ledger import Ledger

#: Seconds from an article to its draft.
AT_ONCE = 1.0


def test_pages_that_drip_delay_no_article_that_needs_none(tmp_path: Path, ledger: Ledger) -> None:
    """A webhook's article is a draft within a second, and so is one of a feed with whole texts."""
    shown = [Item(1, dated=False)]

    def feed(connection: socket) -> None:
        response(rss(shown), Content_Type="application/rss+xml")(connection)

    over = Event()

    def page(connection: socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
        while not over.wait(0.2):
            connection.sendall(b"drop ")

    answers: dict[str, Answer] = {"/feed": feed, "/page": page}
    site = LoopbackServer(answers)
    listener = GHOST.format(port=free_port())
    text = FEED.format(port=site.port, more="") + listener
    with serving(tmp_path, ledger, text, site) as (rounds, at):
        report = rounds.store.report
        until(lambda: report(rounds.sources["site"]).first_seen is not None)
        for number in (2, 3, 4):
            address = f"http://news.example:{site.port}/page?{number}"
            shown.append(Item(number, content="Soon. […]", address=address, dated=False))
        rounds.store.ask_now("site", datetime.now(UTC))
        until(lambda: any(head.startswith("GET /page") for head in site.requests))
        body = ghost_message(1)
        requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
        assert until(lambda: titles(ledger) == ["draft Article 1"]) < AT_ONCE
        shown.append(Item(5, dated=False))
        rounds.store.ask_now("site", datetime.now(UTC))
        until(lambda: report(rounds.sources["site"]).last_title == "Article 5")
        assert until(lambda: "draft Article 5" in titles(ledger)) < AT_ONCE
        assert sum(head.startswith("GET /page") for head in site.requests) == 1
        over.set()
    site.close()


def test_what_was_read_from_its_page_goes_on_at_once(tmp_path: Path, ledger: Ledger) -> None:
    """A thread that nobody need approve gets its slot when its page was read."""
    shown = [Item(1, dated=False)]

    def feed(connection: socket) -> None:
        response(rss(shown), Content_Type="application/rss+xml")(connection)

    page = f"<html><body><article><h1>The mill</h1><p>{LONG * 6}</p></article></body></html>"
    answers: dict[str, Answer] = {
        "/feed": feed,
        "/mill": response(page.encode(), Content_Type="text/html"),
    }
    site = LoopbackServer(answers)
    text = FEED.format(port=site.port, more='approval = "auto"')
    with serving(tmp_path, ledger, text, site) as (rounds, _):
        until(lambda: rounds.store.report(rounds.sources["site"]).first_seen is not None)
        address = f"http://news.example:{site.port}/mill"
        shown.append(Item(2, content="Soon. […]", address=address, dated=False))
        rounds.store.ask_now("site", datetime.now(UTC))
        until(lambda: titles(ledger) == ["scheduled Article 2"])
    site.close()


def test_an_end_is_heeded_between_two_articles(newsroom: Callable[..., Newsroom]) -> None:
    """A worker that is to end leaves what is not begun for the next time."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    room.show(4, 5, 6)
    room.now += timedelta(minutes=20)
    room.rounds.look(room.rounds.sources["site"])
    drafting = Drafting(room.rounds.carrier, lambda: None, lambda: None)
    answers = iter([False, False, True])
    drafting.carry_out(lambda: next(answers))
    assert len(room.states()) == 2
    drafting.carry_out(lambda: False)
    assert len(room.states()) == 3
    drafting.close()


def test_a_page_is_not_asked_for_again_while_it_is_read(newsroom: Callable[..., Newsroom]) -> None:
    """What is under way is left alone by the next round; what is over may come again."""
    room, gate, woken = newsroom('accounts = ["ours-bsky"]'), Event(), Event()
    room.look()

    def page(connection: socket) -> None:
        gate.wait(10)
        response(b"", "503 Service Unavailable")(connection)

    room.answers["/mill"] = page
    room.show(4, content="Soon. […]", address=f"http://news.example:{room.server.port}/mill")
    room.now += timedelta(minutes=20)
    room.rounds.look(room.rounds.sources["site"])
    drafting = Drafting(room.rounds.carrier, woken.set, lambda: None)
    for _ in range(3):
        drafting.carry_out(lambda: False)
        time.sleep(0.05)
    gate.set()
    assert woken.wait(10)
    assert sum(head.startswith("GET /mill ") for head in room.server.requests) == 1
    (trouble,) = room.rounds.store.report(room.config.sources[0]).troubles
    assert "out of order (HTTP 503)" in trouble
    drafting.close()
