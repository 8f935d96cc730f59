"""The sandbox: the real limits, a journal that tells what would have been posted, told answers."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from samples import START, post, rich_thread, sandbox, thread

from threadbot.article.model import Image
from threadbot.networks.plan import Plan
from threadbot.networks.port import Absent, Receipt, Refused, Sent, Unknown
from threadbot.networks.sandbox import Sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.thread.model import NetworkName, Thread


def one(network: NetworkName, text: str, images: tuple[Image, ...] = ()) -> Thread:
    """Make a thread of one post."""
    return replace(thread(network, 1), posts=(post(network, text, images=images),))


PICTURES = tuple(Image(f"{number}.jpg") for number in range(5))
FAMILY = "👩‍👩‍👧‍👦"
WITHIN = {
    "280 characters": one("x", "é" * 280),
    "140 heavy ones": one("x", "漢" * 140),
    "one cashtag": one("x", "$AAPL monte"),
    "300 graphemes": one("bluesky", "é" * 300),
    "2,980 bytes": one("bluesky", FAMILY * 119 + "a" * 5),
    "200 records": thread("bluesky", 200),
    "201 posts on X": thread("x", 201),
    "4 pictures": one("bluesky", "Voir", images=PICTURES[:4]),
    "8 tags": replace(one("bluesky", "Voir"), tags=("a" * 64,) * 8, langs=("fr", "br", "en")),
}
BEYOND = {
    "281 characters": (one("x", "é" * 281), "Post 1 takes 281 of 280 characters"),
    "141 heavy ones": (one("x", "漢" * 141), "Post 1 takes 282 of 280 characters"),
    "two cashtags": (one("x", "$AAPL et $MSFT"), "Post 1 has 2 cashtags"),
    "301 graphemes": (one("bluesky", "é" * 301), "Post 1 takes 301 of 300 characters"),
    "3,001 bytes": (one("bluesky", FAMILY * 120 + "a"), "Post 1 takes 3,001 of 3,000 bytes"),
    "201 records": (thread("bluesky", 201), "201 posts are more than the 200"),
    "5 pictures": (one("x", "Voir", images=PICTURES), "Post 1 has 5 pictures"),
    "9 tags": (replace(one("bluesky", "Voir"), tags=("a",) * 9), "9 tags"),
    "a long tag": (replace(one("bluesky", "Voir"), tags=("a" * 65,)), "The tag a"),
    "4 languages": (replace(one("bluesky", "Voir"), langs=("fr",) * 4), "4 languages"),
    "an empty post": (one("x", " "), "Post 1 is empty"),
}


@pytest.mark.parametrize("made", WITHIN.values(), ids=WITHIN)
def test_what_the_networks_take(tmp_path: Path, made: Thread) -> None:
    """What keeps to the limits gets a plan."""
    assert isinstance(sandbox(tmp_path, made.network).prepare(made, START), Plan)


@pytest.mark.parametrize(("made", "said"), BEYOND.values(), ids=BEYOND)
def test_what_the_networks_refuse(tmp_path: Path, made: Thread, said: str) -> None:
    """What breaks a limit is refused as a whole, before anything is out."""
    refused = sandbox(tmp_path, made.network).prepare(made, START)
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(said)
    assert sandbox(tmp_path, made.network).posts() == ()


def test_a_thread_for_the_other_network_is_refused(tmp_path: Path) -> None:
    """A handle that is someone else on the other network, bluesky-crossposter#44: never mixed."""
    assert isinstance(sandbox(tmp_path, "x").prepare(thread("bluesky"), START), Refused)


def sent(network: Sandbox, made: Thread) -> Plan:
    """Post a thread."""
    plan = network.prepare(made, START)
    assert isinstance(plan, Plan)
    receipts: list[Receipt] = []
    for step in plan.steps:
        outcome = network.send(plan, step, receipts)
        assert isinstance(outcome, Sent)
        receipts += outcome.receipts
    return plan


def test_the_journal_tells_what_would_be_posted(tmp_path: Path) -> None:
    """Languages (php2Bluesky#32), link card (postiz#667), linked words (indiekit#948), pictures."""
    made = rich_thread()
    sent(Sandbox("bluesky", "bsky", tmp_path / "sandbox.jsonl"), made)
    first, second = Sandbox("bluesky", "bsky", tmp_path / "sandbox.jsonl").posts()
    assert (first["text"], second["text"]) == tuple(each.text for each in made.posts)
    assert (first["langs"], first["tags"]) == (["fr", "br"], ["tram"])
    assert first["card"]["title"] == "Le tramway"
    assert second["images"] == [{"src": "a.jpg", "alt": "Un tram"}, {"src": "b.jpg", "alt": ""}]
    (facet,) = first["facets"]
    words = first["text"].encode()[facet["byte_start"] : facet["byte_end"]].decode()
    assert (words, facet["value"]) == ("https://enpause.com/a", "https://enpause.com/a")
    assert second["parent"] == first["uri"]
    assert first["uri"].startswith("sandbox://bluesky/bsky/")


def test_addresses_on_x_stay(tmp_path: Path) -> None:
    """URLs silently removed on X, postiz#1939: the text that is posted is the thread's."""
    made = one("x", "Lire : https://enpause.com/tramway")
    sent(sandbox(tmp_path), made)
    assert [each["text"] for each in sandbox(tmp_path).posts()] == [made.posts[0].text]


def test_keys_are_those_of_the_thread_and_the_moment(tmp_path: Path) -> None:
    """The same thread at the same moment has the same keys; a later one, or another, has others."""
    network = sandbox(tmp_path)
    plans = [
        network.prepare(made, START + timedelta(seconds=later))
        for made, later in [(thread(), 0), (thread(), 0), (thread(), 1), (thread(words="Metz"), 0)]
    ]
    assert plans[0] == plans[1]
    assert plans[0] not in plans[2:]


def test_accounts_and_networks_share_a_journal(tmp_path: Path) -> None:
    """Each account sees its own posts alone."""
    path = tmp_path / "deep" / "sandbox.jsonl"
    boxes = [Sandbox("x", "a", path), Sandbox("x", "b", path), Sandbox("bluesky", "a", path)]
    for count, box in enumerate(boxes, 1):
        sent(box, thread(box.network, count, account=box.account))
    assert [len(box.posts()) for box in boxes] == [1, 2, 3]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_a_torn_line_is_not_out(tmp_path: Path, network: NetworkName) -> None:
    """A line that its writer died over does not count, and the next one takes its place."""
    box = sandbox(tmp_path, network)
    plan = sent(box, thread(network))
    whole = box.journal.path.read_bytes()
    box.journal.path.write_bytes(whole[:-10])
    last = plan.steps[-1]
    assert box.look(plan, last, ()) == Absent()
    before = tuple(
        receipt
        for step in plan.steps[:-1]
        if isinstance(found := box.look(plan, step, ()), Sent)
        for receipt in found.receipts
    )
    box.send(plan, last, before)
    assert box.journal.path.read_bytes() == whole


def test_a_journal_that_cannot_be_used_is_an_answer(tmp_path: Path) -> None:
    """Trouble with the file is an answer as the port knows it, never an exception."""
    box = sandbox(tmp_path)
    plan = sent(box, thread())
    found = box.look(plan, plan.steps[0], ())
    assert isinstance(found, Sent)
    box.journal.path.unlink()
    box.journal.path.mkdir()
    for answer in (
        box.send(plan, plan.steps[0], ()),
        box.look(plan, plan.steps[0], ()),
        box.delete(found.receipts),
    ):
        assert isinstance(answer, Unknown)
        assert answer.reason.startswith("The sandbox's file cannot be read or written")
