"""Sources as a worker serves them: real feeds, folders, hubs and webhooks on this machine."""

from __future__ import annotations

import hashlib
import hmac
import socket
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

import pytest
import requests
from fetch.loopback import LoopbackServer, response

from sources.served_sources import (
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
from threadbot.config import load_config
from threadbot.errors import ConfigError, EngineError
from threadbot.sources.running import running_sources
from threadbot.web.webhooks import BODY_SECONDS, listening

if TYPE_CHECKING:
    from pathlib import Path

    from fetch.loopback import Answer

    from threadbot.delivery.ledger import Ledger


def test_a_webhook_becomes_a_draft_and_a_second_delivery_nothing(
    tmp_path: Path, ledger: Ledger
) -> None:
    """It is stored before it is answered; the draft follows at once; a repeated one is known."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (rounds, at):
        url, body = f"{at}/webhooks/ghost", ghost_message(1)
        answer = requests.post(url, body, headers=signed(body), timeout=5)
        assert (answer.status_code, answer.text) == (202, "stored\n")
        assert rounds.store.report(rounds.sources["ghost"]).last_title == "Article 1"
        until(lambda: titles(ledger) == ["draft Article 1"])
        again = requests.post(url, body, headers=signed(body), timeout=5)
        assert again.status_code == 202
        until(lambda: not rounds.store.work(rounds.sources, datetime.now(UTC), 1))
    assert titles(ledger) == ["draft Article 1"]


def test_strangers_are_refused_and_nothing_is_stored(tmp_path: Path, ledger: Ledger) -> None:
    """401 without telling why, 413 for a flood, 404 for other paths, never 410."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (rounds, at):
        url, body = f"{at}/webhooks/ghost", ghost_message(1)
        forged = requests.post(url, body, headers=signed(body, "a guess"), timeout=5)
        bare = requests.post(url, body, timeout=5)
        large = requests.post(url, b"0" * 5_000_001, timeout=5)
        streamed = requests.post(url, iter([b"0" * 1_000_000] * 6), timeout=5)
        elsewhere = requests.post(f"{at}/webhooks/other", body, headers=signed(body), timeout=5)
        hub = requests.get(f"{at}/websub/guess?hub.mode=subscribe", timeout=5)
        codes = [one.status_code for one in (forged, bare, large, streamed, elsewhere, hub)]
        assert codes == [401, 401, 413, 413, 404, 404]
        assert forged.text == bare.text == "refused\n"
        assert rounds.store.report(rounds.sources["ghost"]).last_title is None
    assert titles(ledger) == []


def test_a_stranger_at_the_place_of_hubs_is_answered_before_it_sends_anything(
    tmp_path: Path, ledger: Ledger
) -> None:
    """The part that cannot be guessed is looked up first: without it nothing is read."""
    port = free_port()
    text = (
        f'[webhooks]\nlisten = "127.0.0.1:{port}"\ncallback_url = "http://127.0.0.1:{port}"\n'
        '[[source]]\nname = "desk"\nkind = "folder"\npath = "."\n'
    )
    head = b"POST /websub/guess HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n"
    with (
        serving(tmp_path, ledger, text),
        socket.create_connection(("127.0.0.1", port), timeout=5) as stranger,
    ):
        stranger.sendall(head)
        assert stranger.recv(100).startswith(b"HTTP/1.1 202 ")


def test_a_body_that_comes_too_slowly_is_given_up(tmp_path: Path, ledger: Ledger) -> None:
    """Who sends a message bit by bit holds no place for ever."""
    port = free_port()
    head = b"POST /webhooks/ghost HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
    with (
        serving(tmp_path, ledger, GHOST.format(port=port)),
        socket.create_connection(("127.0.0.1", port), timeout=BODY_SECONDS * 2) as slow,
    ):
        slow.sendall(head)
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")


def test_whoever_comes_when_too_many_are_there_is_told_to_come_again(
    tmp_path: Path, ledger: Ledger
) -> None:
    """A crowd of idle connections takes no more than its share; the next is answered with 503."""
    port = free_port()
    with serving(tmp_path, ledger, GHOST.format(port=port)) as (_, at), ExitStack() as crowd:
        for _ in range(64):
            crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        body = ghost_message(1)
        answer = requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
        assert answer.status_code == 503
    assert titles(ledger) == []


def test_a_message_that_brings_no_article_is_taken_and_ignored(
    tmp_path: Path, ledger: Ledger
) -> None:
    """Ghost's own test button must not fail."""
    with serving(tmp_path, ledger, GHOST.format(port=free_port())) as (_, at):
        body = b'{"page": {"current": {"title": "About us"}}}'
        answer = requests.post(f"{at}/webhooks/ghost", body, headers=signed(body), timeout=5)
        assert (answer.status_code, answer.text) == (200, "ignored\n")
    assert titles(ledger) == []


def test_a_taken_port_and_a_missing_secret_are_said(tmp_path: Path, ledger: Ledger) -> None:
    """One sentence, before anything is listened for."""
    server = LoopbackServer({})
    text = GHOST.format(port=server.port)
    with (
        pytest.raises(EngineError, match=r"change 'listen' in \[webhooks\]"),
        serving(tmp_path, ledger, text),
    ):
        pass
    server.close()
    config = load_config(tmp_path / "config.toml", {}, tmp_path)
    with (
        running_sources(config, ledger) as running,
        pytest.raises(ConfigError, match="the secret 'hook' is not there"),
        listening(config, running.rounds, running.wake, {}),
    ):
        pass


def test_nobody_is_listened_for_without_need(tmp_path: Path, ledger: Ledger) -> None:
    """A publication with feeds alone opens no port."""
    with serving(tmp_path, ledger, "") as (_, at):
        assert at is None


def test_a_file_that_is_put_into_a_folder_becomes_a_draft(tmp_path: Path, ledger: Ledger) -> None:
    """What was there before is stock; a missing folder is said, and does not stop the other."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "old.txt").write_text(f"The old mill\n\n{LONG}", "utf-8")
    text = "".join(
        f'[[source]]\nname = "{name}"\nkind = "folder"\npath = "{path}"\n'
        for name, path in (("desk", "articles"), ("nowhere", "missing"))
    )
    with serving(tmp_path, ledger, text) as (rounds, _):
        report = rounds.store.report
        until(lambda: report(rounds.sources["desk"]).first_seen is not None)
        (folder / "new.txt").write_text(f"The new mill\n\n{LONG}", "utf-8")
        until(lambda: titles(ledger) == ["draft The new mill"])
        poll = report(rounds.sources["nowhere"]).poll
        assert poll is not None
        assert "is not there" in str(poll.error)


def test_a_feed_is_asked_by_itself_and_a_slow_one_delays_no_other(
    tmp_path: Path, ledger: Ledger
) -> None:
    """The first look takes stock; what is due again is asked again."""
    shown = [Item(1, dated=False)]

    def feed(connection: socket.socket) -> None:
        response(rss(shown), Content_Type="application/rss+xml")(connection)

    def slow(connection: socket.socket) -> None:
        time.sleep(3)
        response(rss([]), Content_Type="application/rss+xml")(connection)

    site = LoopbackServer({"/feed": feed, "/slow": slow})
    text = FEED.format(port=site.port, more="") + FEED.replace("/feed", "/slow").replace(
        '"site"', '"slow"'
    ).format(port=site.port, more="")
    with serving(tmp_path, ledger, text, site) as (rounds, _):
        report = rounds.store.report
        assert until(lambda: report(rounds.sources["site"]).first_seen is not None) < 3
        shown.append(Item(2, dated=False))
        rounds.store.ask_now("site", datetime.now(UTC))
        until(lambda: len(titles(ledger)) == 1)
    site.close()


def test_a_hub_is_subscribed_to_and_what_it_delivers_becomes_a_draft(
    tmp_path: Path, ledger: Ledger
) -> None:
    """The hub asks back, is told yes, and its signed delivery leads to the article.

    This hub is reached without TLS, so a delivery is a reason to ask the feed, no more.
    """
    posted: list[dict[str, list[str]]] = []
    shown = [Item(1, dated=False)]

    def feed(connection: socket.socket) -> None:
        link = f"<atom:link rel='hub' href='http://news.example:{site.port}/hub'/>"
        own = f"<atom:link rel='self' href='http://news.example:{site.port}/feed'/>"
        body = rss(shown, more=link + own)
        response(body, Content_Type="application/rss+xml")(connection)

    def hub(connection: socket.socket) -> None:
        posted.append(parse_qs(connection.recv(4_000).decode()))
        response(b"", "202 Accepted")(connection)

    answers: dict[str, Answer] = {"/feed": feed, "/hub": hub}
    site = LoopbackServer(answers)
    port = free_port()
    listener = (
        f'[webhooks]\nlisten = "127.0.0.1:{port}"\ncallback_url = "http://127.0.0.1:{port}"\n'
    )
    with serving(tmp_path, ledger, FEED.format(port=site.port, more="") + listener, site) as made:
        rounds, _ = made
        until(lambda: bool(posted))
        callback, topic = posted[0]["hub.callback"][0], posted[0]["hub.topic"][0]
        assert callback.startswith(f"http://127.0.0.1:{port}/websub/")
        question = {"hub.mode": "subscribe", "hub.topic": topic, "hub.challenge": "c0ffee"}
        lease = {"hub.lease_seconds": "864000"}
        answer = requests.get(f"{callback}?{urlencode(question | lease)}", timeout=5)
        assert (answer.status_code, answer.text) == (200, "c0ffee")
        wrong = urlencode(question | {"hub.topic": "http://other.example/"})
        assert requests.get(f"{callback}?{wrong}", timeout=5).status_code == 404
        subscription = rounds.subscriptions.of_source("site")
        assert subscription is not None
        assert subscription.state == "active"
        shown.append(Item(2, dated=False))
        body, secret = rss(shown), posted[0]["hub.secret"][0]
        forged = requests.post(callback, body, headers={"X-Hub-Signature": "sha256=00"}, timeout=5)
        assert forged.status_code == 202
        time.sleep(1)
        assert titles(ledger) == []
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/rss+xml"}
        assert requests.post(callback, body, headers=headers, timeout=5).status_code == 202
        until(lambda: len(titles(ledger)) == 1)
    site.close()
