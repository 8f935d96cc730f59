"""Subscriptions to a feed's hub, from finding it to the signature of what it delivers.

The signatures were made with openssl, not with the code under test:

    openssl dgst -sha256 -hmac 'hub secret' feed.xml
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from fetch.clients import fetcher
from fetch.loopback import LoopbackServer
from memory import START

from threadbot.fetch.client import Request
from threadbot.fetch.settings import BY_HAND
from threadbot.triggers.webhook_messages import Ignored
from threadbot.triggers.websub import (
    ANSWERED_WITHIN,
    LONGEST_LEASE,
    MAX_BYTES,
    PATIENCE,
    SHORTEST_LEASE,
    Confirmed,
    Delivered,
    Denied,
    Discovery,
    NotMeant,
    Subscription,
    after_asking,
    after_failure,
    discover,
    form,
    is_live,
    receive,
    subscribe,
    verify,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

URL = "https://enpause.example/feed"
HUB = "https://hub.example/"
CALLBACK = "https://me.example/websub/5b2c"
ASKED = subscribe(Discovery(HUB, URL), CALLBACK, "hub secret", START)
QUESTION = {
    "hub.mode": "subscribe",
    "hub.topic": URL,
    "hub.challenge": "abc",
    "hub.lease_seconds": "864000",
}
DAY = timedelta(days=1)


def confirmed(subscription: Subscription = ASKED, lease: str = "864000") -> Subscription:
    """Give the subscription after its hub has asked back."""
    answer = verify(subscription, {**QUESTION, "hub.lease_seconds": lease}, START, 0.0)
    assert isinstance(answer, Confirmed)
    assert answer.challenge == "abc"
    return answer.subscription


ACTIVE = confirmed()

#: Link header, hubs and own address in the feed, and what is found.
DISCOVERIES: dict[str, tuple[str, tuple[str, ...], str | None, Discovery | None]] = {
    "in the feed": ("", (HUB,), URL, Discovery(HUB, URL)),
    "without its own address": ("", (HUB,), None, Discovery(HUB, URL)),
    "nothing": ("", (), URL, None),
    "in the header": (
        '<https://h.example/>; rel="hub", <https://enpause.example/rss>; rel="self"',
        (HUB,),
        URL,
        Discovery("https://h.example/", "https://enpause.example/rss"),
    ),
    "without quotes, several relations": (
        "</hub>; type=x; REL=hub, </rss>; rel='self', </rss>; rel=\"alternate self\"",
        (),
        None,
        Discovery("https://enpause.example/hub", "https://enpause.example/rss"),
    ),
    "other links": ('</a>; rel="preload", </b>', (), None, None),
    "no address": ('<javascript:x>; rel="hub"', ("mailto:a@b.example",), URL, None),
}


@pytest.mark.parametrize(("header", "hubs", "own", "found"), DISCOVERIES.values(), ids=DISCOVERIES)
def test_discovery(
    header: str, hubs: tuple[str, ...], own: str | None, found: Discovery | None
) -> None:
    """Hub and topic are those of the Link headers, else those of the feed."""
    assert discover({"link": header}, hubs, own, URL) == found


def test_asking_a_hub() -> None:
    """The form that is posted to the hub says all that the recommendation asks for."""
    posted: list[str] = []

    def hub(connection: socket.socket) -> None:
        posted.append(connection.recv(2_000).decode())
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

    server = LoopbackServer({"/": hub})
    url = f"http://news.example:{server.port}/"
    answer = fetcher(server).send(url, Request("*/*", form=form(ASKED)), deadline=5, reach=BY_HAND)
    server.close()
    assert parse_qs(posted[0]) == {
        "hub.callback": [CALLBACK],
        "hub.mode": ["subscribe"],
        "hub.topic": [URL],
        "hub.lease_seconds": ["864000"],
        "hub.secret": ["hub secret"],
    }
    waiting = after_asking(ASKED, answer.status, START)
    assert (waiting.state, waiting.ask_at) == ("asked", START + ANSWERED_WITHIN)
    assert not is_live(waiting, START)


def test_a_lease() -> None:
    """A confirmed subscription is live until its lease ends, and is renewed well before."""
    assert (ACTIVE.state, ACTIVE.ask_at) == ("active", START + 8 * DAY)
    assert is_live(ACTIVE, START + 9 * DAY)
    assert not is_live(ACTIVE, START + 10 * DAY)
    renewed = after_asking(ACTIVE, 202, START + 8 * DAY)
    assert (renewed.state, renewed.ask_at) == ("active", START + 8 * DAY + ANSWERED_WITHIN)


def test_chance_spreads_renewals() -> None:
    """Subscriptions of the same lease come to be renewed at different times, none too late."""
    answer = verify(ASKED, QUESTION, START, 0.5)
    assert isinstance(answer, Confirmed)
    assert answer.subscription.ask_at == START + 7 * DAY


def test_a_hub_that_asks_back_before_it_answers() -> None:
    """A hub that asks back before it answers our form is not asked again for that."""
    assert after_asking(ACTIVE, 202, START) == ACTIVE
    assert after_asking(ACTIVE, 500, START) == ACTIVE


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("864000", 10 * DAY),
        ("1", SHORTEST_LEASE),
        ("0", SHORTEST_LEASE),
        ("-5", SHORTEST_LEASE),
        ("forever", SHORTEST_LEASE),
        ("", SHORTEST_LEASE),
        ("99999999999999999999", LONGEST_LEASE),
    ],
)
def test_leases_that_make_no_sense(seconds: str, lease: timedelta) -> None:
    """A lease is believed within bounds."""
    assert confirmed(lease=seconds).expires_at == START + lease


#: Questions that are not answered as a hub would like.
QUESTIONS: dict[str, tuple[Subscription | None, Mapping[str, str]]] = {
    "nothing subscribed": (None, {}),
    "another topic": (ASKED, {"hub.topic": "https://other.example/"}),
    "no topic": (ASKED, {"hub.topic": ""}),
    "unsubscribe": (ACTIVE, {"hub.mode": "unsubscribe"}),
    "no mode": (ASKED, {"hub.mode": ""}),
    "no challenge": (ASKED, {"hub.challenge": ""}),
    "endless challenge": (ASKED, {"hub.challenge": "a" * 5_000}),
    "denied before": (replace(ASKED, state="denied"), {}),
}


@pytest.mark.parametrize(("subscription", "query"), QUESTIONS.values(), ids=QUESTIONS)
def test_what_was_not_meant(subscription: Subscription | None, query: Mapping[str, str]) -> None:
    """What we did not ask for is not confirmed; nobody else can unsubscribe us."""
    assert isinstance(verify(subscription, {**QUESTION, **query}, START, 0.0), NotMeant)


def test_a_hub_that_says_no() -> None:
    """A hub that refuses is believed, left alone for a day, and the feed is asked instead."""
    query = {"hub.mode": "denied", "hub.topic": URL, "hub.reason": "not\n\0you"}
    answer = verify(ACTIVE, query, START, 0.0)
    assert isinstance(answer, Denied)
    after = answer.subscription
    assert (after.state, after.ask_at) == ("denied", START + PATIENCE)
    assert after.reason == "its hub refuses the subscription (not you)"
    assert not is_live(after, START)


def test_a_hub_that_fails() -> None:
    """Each failure in a row doubles the pause, up to a day; a lease that runs goes on."""
    failed, pauses = ASKED, []
    for _ in range(10):
        failed = after_asking(failed, 500, START)
        pauses.append(failed.ask_at - START)
    assert pauses[:3] == [ANSWERED_WITHIN, 2 * ANSWERED_WITHIN, 4 * ANSWERED_WITHIN]
    assert pauses[-1] == PATIENCE
    assert (failed.state, failed.reason) == ("failed", "its hub answers with HTTP 500")
    late = START + 8 * DAY
    assert after_failure(ACTIVE, "no answer", late).state == "active"
    assert confirmed(failed).failures == 0


BODY = b"<rss><channel/></rss>"
SIGNATURES = {
    "sha1": "492314cc5610102c68658e84249d7e3b2d291149",
    "sha256": "de5aa6c38d7434a9f7365bed882f7ee717da9da8cc880db2d01ecfce1ed8067f",
    "sha384": "c8a700ddfcdac03bdec7458c2ff8c738538c0186eb24e67625e566a95d0264df"
    "4e3ffb187c38bd9ebbccdeb173170647",
    "sha512": "c3a340219d2a5463e98d5a8ae71b3add3af95ce413a8cb0059d12591fa185b49"
    "64495ac92617cc6ff263885d3617626a5a3577e9c4fed5cbeecfd4bf914e7021",
}
SIGNED = f"sha256={SIGNATURES['sha256']}"


@pytest.mark.parametrize("method", SIGNATURES)
def test_signed_deliveries(method: str) -> None:
    """A delivery is taken with a signature by any method of the recommendation."""
    headers = {
        "X-Hub-Signature": f"{method}={SIGNATURES[method].upper()}",
        "Content-Type": "application/rss+xml",
    }
    delivered = receive(ACTIVE, BODY, headers)
    assert delivered == Delivered(BODY, "application/rss+xml", believed=True)


def test_a_hub_in_the_open() -> None:
    """What comes from a hub without TLS is but a reason to ask the feed, as anybody may know."""
    open_hub = replace(ACTIVE, hub="http://hub.example/")
    delivered = receive(open_hub, BODY, {"x-hub-signature": SIGNED})
    assert delivered == Delivered(BODY, None, believed=False)


FORGERIES: dict[str, tuple[Subscription | None, bytes, str]] = {
    "no subscription": (None, BODY, SIGNED),
    "no signature": (ACTIVE, BODY, ""),
    "another body": (ACTIVE, BODY + b" ", SIGNED),
    "another secret": (replace(ACTIVE, secret=CALLBACK), BODY, SIGNED),
    "another method": (ACTIVE, BODY, f"sha1={SIGNATURES['sha256']}"),
    "a method of its own": (ACTIVE, BODY, f"md5={SIGNATURES['sha256'][:32]}"),
    "no method": (ACTIVE, BODY, SIGNATURES["sha256"]),
    "cut off": (ACTIVE, BODY, SIGNED[:-1]),
    "empty": (ACTIVE, BODY, "sha256="),
    "no letters": (ACTIVE, BODY, "sha256=é"),
    "too large": (ACTIVE, b" " * (MAX_BYTES + 1), SIGNED),
}


@pytest.mark.parametrize(("subscription", "body", "signature"), FORGERIES.values(), ids=FORGERIES)
def test_forged_deliveries(subscription: Subscription | None, body: bytes, signature: str) -> None:
    """What is not signed as agreed is ignored."""
    assert isinstance(receive(subscription, body, {"X-Hub-Signature": signature}), Ignored)


@pytest.mark.parametrize("secret", ["", "a" * 200, "é" * 100], ids=len)
def test_secrets_that_cannot_be_used(secret: str) -> None:
    """A secret has 1 to 199 bytes."""
    with pytest.raises(ValueError, match="1 to 199 bytes"):
        subscribe(Discovery(HUB, URL), CALLBACK, secret, START)
