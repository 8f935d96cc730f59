"""What users of similar tools suffer from, tried on this one; the numbers are their reports.

Double posts, posting loops and the head of a thread alone are in test_bluesky_failures, sign-ins in
test_bluesky_sessions, handles of somebody else in test_bluesky_media.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from bluesky_threads import jpeg, post, prepared, sent, span, thread
from pds.adapter import Pictures, adapter

from threadbot.thread.model import Card

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.node import NodeOracle
    from pds.server import Pds, PdsAccount

    from threadbot.networks.bluesky import Bluesky

#: Scripts in which peers miscount; each is repeated in 300 graphemes.
PIECES = ("ক্ষ", "କ୍ଷ", "नि", "நி", "👩🏽‍🚒", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇫🇷", "한", "é", "\u200d")


def test_posts_stand_in_their_order(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Posts in a wrong order (postiz#1123): keys, times and replies all tell the thread's order."""
    words = [f"post {number}" for number in range(1, 31)]
    sent(network, prepared(network, thread(*words), now))
    stored = pds.posts(account)
    assert [record["value"]["text"] for record in stored] == words
    times = [record["value"]["createdAt"] for record in stored]
    assert sorted(set(times)) == times
    parents = [record["value"]["reply"]["parent"]["uri"] for record in stored[1:]]
    assert parents == [record["uri"] for record in stored[:-1]]


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_300_graphemes_are_what_the_server_counts(
    pds: Pds,
    account: PdsAccount,
    network: Bluesky,
    now: datetime,
    oracle: NodeOracle,
    piece: str,
) -> None:
    """Graphemes counted wrong (mixpost#154): 300 are taken by the server in every script."""
    text = "a".join([piece] * 90)
    text += "b" * (300 - oracle.graphemes(text))
    assert oracle.graphemes(text) == 300
    sent(network, prepared(network, thread(text), now))
    assert pds.posts(account)[0]["value"]["text"] == text


def test_an_oversized_card_picture_is_scaled(pds: Pds, account: PdsAccount, now: datetime) -> None:
    """An oversized card image fails the post (mixpost#188): here it is scaled to 1 MB."""
    large = jpeg(4000, 3000, noise=120, quality=95)
    assert len(large) > 5_000_000
    card = Card("https://enpause.com/a", "Title", "", "large.jpg")
    with closing(adapter(pds, account, pictures=Pictures({"large.jpg": large}))) as network:
        plan = prepared(network, thread(post("one", card=card)), now)
        sent(network, plan)
    assert plan.warnings == ()
    thumb = pds.posts(account)[0]["value"]["embed"]["external"]["thumb"]
    assert thumb["size"] <= 1_000_000


def test_an_article_has_its_link_card(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """No link card (postiz#667): the server does not make one, so the adapter brings it."""
    card = Card("https://enpause.com/a", "Title", "Summary", None)
    sent(network, prepared(network, thread(post("one", card=card)), now))
    external = pds.posts(account)[0]["value"]["embed"]["external"]
    assert external["uri"] == "https://enpause.com/a"


def test_links_under_words_stay(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Links under text lost (indiekit#948): the words carry their address, nothing else."""
    text = "Voilà, 🚋 le projet, example.org et la suite"
    link = span(text, "le projet", "link", "https://enpause.com/projet#été")
    sent(network, prepared(network, thread(post(text, link)), now))
    value = pds.posts(account)[0]["value"]
    (facet,) = value["facets"]
    assert facet["features"][0]["uri"] == "https://enpause.com/projet#été"
    index = facet["index"]
    assert text.encode()[index["byteStart"] : index["byteEnd"]].decode() == "le projet"


def test_every_post_has_its_language(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Missing languages (php2Bluesky#32): feeds by language find every post of the thread."""
    sent(network, prepared(network, thread("un", "deux", langs=("fr",)), now))
    assert [record["value"]["langs"] for record in pds.posts(account)] == [["fr"], ["fr"]]
