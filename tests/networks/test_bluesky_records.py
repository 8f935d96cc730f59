"""What the reference server holds after a thread was published, record by record."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bluesky_threads import jpeg, png, prepared, rich_thread, sent, thread
from pds.adapter import Pictures, adapter

from threadbot.networks.bluesky_keys import record_cid

if TYPE_CHECKING:
    from pds.server import Pds, PdsAccount

    from threadbot.networks.bluesky import Bluesky
    from threadbot.networks.bluesky_settings import Threadgate
    from threadbot.thread.model import Post

GATE = "app.bsky.feed.threadgate"
FILES = {
    "lead.jpg": jpeg(3000, 2000, noise=90, quality=95),
    "plan.png": png(80, 60),
    "wide.jpg": jpeg(90, 30),
}


@pytest.fixture
def mentioned(pds: Pds) -> PdsAccount:
    """Give the account of somebody else."""
    return pds.account()


def test_a_thread_is_read_back_as_it_was_previewed(
    pds: Pds, account: PdsAccount, mentioned: PdsAccount, now: datetime
) -> None:
    """Texts, links, mentions, hashtags, tags, languages and labels are those of the thread."""
    made = rich_thread(mentioned.handle)
    settings: dict[str, Any] = {"self_labels": ("graphic-media",), "pictures": Pictures(FILES)}
    with closing(adapter(pds, account, **settings)) as network:
        plan = prepared(network, made, now)
        receipts = sent(network, plan)
    assert plan.warnings == ()
    stored = pds.posts(account)
    assert [record["uri"] for record in stored] == [receipt.uri for receipt in receipts]
    for record, post in zip(stored, made.posts, strict=True):
        value = record["value"]
        assert value["text"] == post.text
        assert marks(value) == spans(post, {mentioned.handle: mentioned.did})
        assert value["langs"] == ["fr", "br"]
        assert [label["val"] for label in value["labels"]["values"]] == ["graphic-media"]
    assert [record["value"].get("tags") for record in stored] == [
        ["transports", "bretagne"],
        None,
        None,
    ]


def test_card_and_pictures_are_read_back_as_they_were_previewed(
    pds: Pds, account: PdsAccount, mentioned: PdsAccount, now: datetime
) -> None:
    """The card has its words and a small picture; pictures have their words and proportions."""
    made = rich_thread(mentioned.handle)
    with closing(adapter(pds, account, pictures=Pictures(FILES))) as network:
        sent(network, prepared(network, made, now))
    first, second, third = (record["value"] for record in pds.posts(account))
    card, shown = first["embed"]["external"], made.posts[0].card
    assert shown is not None
    assert [card[key] for key in ("uri", "title", "description")] == [
        shown.url,
        shown.title,
        shown.description,
    ]
    thumb = pds.blob(account, card["thumb"]["ref"]["$link"])
    assert len(thumb) == card["thumb"]["size"] <= 1_000_000
    images = second["embed"]["images"]
    assert [image["alt"] for image in images] == [image.alt for image in made.posts[1].images]
    sides = [(image["aspectRatio"]["width"], image["aspectRatio"]["height"]) for image in images]
    assert sides == [(80, 60), (90, 30)]
    assert "embed" not in third


def test_posts_answer_one_another(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Each post is a reply to the one before it, all have the first as their root."""
    sent(network, prepared(network, thread("one", "two", "three"), now))
    first, second, third = pds.posts(account)
    assert "reply" not in first["value"]
    assert references(second) == {"root": key(first), "parent": key(first)}
    assert references(third) == {"root": key(first), "parent": key(second)}


def test_computed_hashes_are_the_servers(
    pds: Pds, account: PdsAccount, mentioned: PdsAccount, now: datetime
) -> None:
    """The CID of every record, gate included, is the one that the server computes."""
    settings: dict[str, Any] = {
        "pictures": Pictures(FILES),
        "threadgate": "mentioned",
        "self_labels": ("porn", "nudity"),
    }
    with closing(adapter(pds, account, **settings)) as network:
        receipts = sent(network, prepared(network, rich_thread(mentioned.handle), now))
    records = [*pds.posts(account), *pds.records(account, GATE)]
    assert [record_cid(record["value"]) for record in records] == [each["cid"] for each in records]
    assert [receipt.cid for receipt in receipts] == [each["cid"] for each in pds.posts(account)]


@pytest.mark.parametrize(
    ("gate", "rules"),
    [
        ("mentioned", ["mentionRule"]),
        ("following", ["followingRule"]),
        ("followers", ["followerRule"]),
        ("nobody", []),
    ],
)
def test_the_gate_says_who_may_reply(
    pds: Pds, account: PdsAccount, now: datetime, gate: Threadgate, rules: list[str]
) -> None:
    """A gate stands beside the first post, with its key, and is deleted with the thread."""
    with closing(adapter(pds, account, threadgate=gate)) as network:
        receipts = sent(network, prepared(network, thread("one", "two"), now))
        (record,) = pds.records(account, GATE)
        assert record["uri"] == receipts[0].uri.replace("app.bsky.feed.post", GATE)
        assert record["value"]["post"] == receipts[0].uri
        allowed = [rule["$type"] for rule in record["value"]["allow"]]
        assert allowed == [f"{GATE}#{rule}" for rule in rules]
        network.delete(receipts)
    assert pds.records(account, GATE) == []


def test_without_a_gate_everybody_may_reply(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """The default writes no gate."""
    sent(network, prepared(network, thread("one"), now))
    assert pds.records(account, GATE) == []


def test_receipts_lead_to_the_posts(account: PdsAccount, network: Bluesky, now: datetime) -> None:
    """A receipt's address is that of the post in the official app."""
    (receipt,) = sent(network, prepared(network, thread("one"), now))
    rkey = receipt.uri.rpartition("/")[2]
    assert receipt.url == f"https://bsky.app/profile/{account.handle}/post/{rkey}"


def test_times_are_the_plans(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """The first post bears the time of the plan, and each that follows is a millisecond later."""
    planned = datetime(2026, 5, 4, 12, 30, 0, 999_000, tzinfo=UTC)
    assert now != planned
    sent(network, prepared(network, thread("one", "two"), planned))
    assert [record["value"]["createdAt"] for record in pds.posts(account)] == [
        "2026-05-04T12:30:00.999Z",
        "2026-05-04T12:30:01.000Z",
    ]


def test_a_later_plan_has_later_keys(network: Bluesky, now: datetime) -> None:
    """Threads stand in the repository in the order of their plans."""
    first = prepared(network, thread("one", "two"), now)
    second = prepared(network, thread("one", "two"), now + timedelta(seconds=1))
    assert first.steps[0].payload != second.steps[0].payload


def key(record: dict[str, Any]) -> tuple[str, str]:
    """Give what names a record in a reply."""
    return record["uri"], record["cid"]


def references(record: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Give what a reply names."""
    reply = record["value"]["reply"]
    return {each: key(reply[each]) for each in ("root", "parent")}


def marks(value: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give the words, kind and value of each facet of a stored post."""
    text = value["text"].encode()
    found = []
    for facet in value.get("facets", []):
        index, (feature,) = facet["index"], facet["features"]
        words = text[index["byteStart"] : index["byteEnd"]].decode()
        kind = feature["$type"].rpartition("#")[2]
        found.append((words, kind, feature.get("uri") or feature.get("tag") or feature.get("did")))
    return found


def spans(post: Post, dids: dict[str, str]) -> list[tuple[str, str, str]]:
    """Give the words, kind and value of each span of a post."""
    kinds = {"hashtag": "tag"}
    return [
        (
            post.text[span.start : span.end],
            kinds.get(span.kind, span.kind),
            dids.get(span.value, span.value),
        )
        for span in post.spans
    ]
