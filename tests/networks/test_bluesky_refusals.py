"""What is checked before anything is sent, as the server does not, or only says no."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from bluesky_threads import post, prepared, sent, thread
from pds.adapter import adapter

from threadbot.networks.port import Refused
from threadbot.thread.model import Span

if TYPE_CHECKING:
    from datetime import datetime

    from pds.server import Pds, PdsAccount

    from threadbot.networks.bluesky import Bluesky
    from threadbot.thread.model import Thread

WRITES = "com.atproto.repo.applyWrites"
#: One grapheme of 25 bytes.
FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    "text", ["x" * 300, FAMILY * 120, "é" * 300, "🚋" * 300], ids=["x", "family", "é", "🚋"]
)
def test_a_post_that_fills_the_limit_goes_out(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime, text: str
) -> None:
    """300 graphemes, and 3,000 bytes, are taken."""
    sent(network, prepared(network, thread(text), now))
    assert [record["value"]["text"] for record in pds.posts(account)] == [text]


@pytest.mark.parametrize(
    "text",
    ["x" * 301, "🚋" * 301, FAMILY * 120 + "x", "e\N{COMBINING ACUTE ACCENT}" * 301],
    ids=["x", "🚋", "bytes", "combined"],
)
def test_a_post_over_a_limit_is_refused_before_sending(
    pds: Pds, network: Bluesky, now: datetime, text: str
) -> None:
    """301 graphemes, or 3,001 bytes, are refused, and the server is not asked."""
    refused = network.prepare(thread("fine", text), now)
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("Post 2 has ")
    assert pds.calls(WRITES) == 0


def test_the_bytes_of_the_limits_are_right() -> None:
    """The texts above stand exactly at the limit and one byte over it."""
    assert len((FAMILY * 120).encode()) == 3000


@pytest.mark.parametrize(
    ("spans", "problem"),
    [
        ([Span(8, 11, "link", "https://a.fr"), Span(10, 14, "hashtag", "b")], "overlaps"),
        ([Span(12, 14, "link", "https://a.fr"), Span(8, 11, "hashtag", "b")], "stands before"),
        ([Span(0, 100, "link", "https://a.fr")], "not in the text"),
        ([Span(5, 5, "link", "https://a.fr")], "not in the text"),
        ([Span(0, 2, "link", "https://a.fr")], "cuts a character"),
        ([Span(1, 11, "hashtag", "b")], "cuts a character"),
    ],
)
def test_a_mark_out_of_place_is_refused(
    pds: Pds, network: Bluesky, now: datetime, spans: list[Span], problem: str
) -> None:
    """A link, mention or tag must mark whole characters of the text, and only its own."""
    refused = network.prepare(thread(post(f"{FAMILY} and more", *spans)), now)
    assert isinstance(refused, Refused)
    assert problem in refused.reason
    assert pds.calls(WRITES) == 0


@pytest.mark.parametrize("count", [201, 250])
def test_a_thread_over_a_commits_limit_is_refused(
    network: Bluesky, now: datetime, count: int
) -> None:
    """More than 200 records cannot be one commit."""
    refused = network.prepare(thread(*["x"] * count), now)
    assert isinstance(refused, Refused)
    assert f"{count} records" in refused.reason


def test_a_commit_of_200_posts_goes_out(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """200 posts are one commit."""
    receipts = sent(network, prepared(network, thread(*["x"] * 200), now))
    assert len(receipts) == 200
    assert pds.calls(WRITES) == 1
    assert len(pds.posts(account)) == 200


def test_what_a_record_cannot_hold_is_refused(pds: Pds, account: PdsAccount, now: datetime) -> None:
    """A label longer than the protocol's is refused before sending."""
    with closing(adapter(pds, account, self_labels=("x" * 200,))) as network:
        refused = network.prepare(thread("one"), now)
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("Bluesky's records cannot hold this thread")


def made_with(**changes: tuple[str, ...]) -> Thread:
    return thread("one", **changes)


def test_tags_and_languages_beyond_the_limits_are_left_out_with_a_warning(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """At most 8 tags of 64 graphemes and 3 languages are sent; what is left out is said."""
    tags = ("x" * 65, *(f"tag{number}" for number in range(9)))
    plan = prepared(network, made_with(tags=tags, langs=("fr", "br", "en", "de")), now)
    sent(network, plan)
    (record,) = pds.posts(account)
    assert record["value"]["tags"] == [f"tag{number}" for number in range(8)]
    assert record["value"]["langs"] == ["fr", "br", "en"]
    assert "tag8" in plan.warnings[0]
    assert "de" in plan.warnings[1]
