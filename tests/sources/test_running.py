"""Sources as a worker serves them: real feeds, folders, hubs and webhooks on this machine."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

import requests
from fetch.loopback import LoopbackServer, response

from sources.serving import FEED, free_port, serving, titles, until
from sources.site_on_loopback import LONG, Item, rss

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from fetch.loopback import Answer

    from threadbot.delivery.ledger import Ledger


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
