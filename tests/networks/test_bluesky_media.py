"""Mentions and pictures that cannot be had are warnings, never a failed thread."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from bluesky_threads import jpeg, post, prepared, rich_thread, sent, span, thread
from pds.adapter import Pictures, adapter

from threadbot.article.model import Image
from threadbot.thread.model import Card

if TYPE_CHECKING:
    from datetime import datetime

    from pds.server import Pds, PdsAccount

    from threadbot.networks.bluesky import Bluesky

UPLOAD = "com.atproto.repo.uploadBlob"
RESOLVE = "com.atproto.identity.resolveHandle"


def test_a_handle_of_nobody_leaves_its_words(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """A handle that is nobody's here (bluesky-crossposter#44) is no mention; its words stay."""
    plan = prepared(network, rich_thread("nobody.test"), now)
    assert any(warning.startswith("@nobody.test is not mentioned") for warning in plan.warnings)
    sent(network, plan)
    first = pds.posts(account)[0]["value"]
    assert "@nobody.test" in first["text"]
    kinds = [facet["features"][0]["$type"] for facet in first["facets"]]
    assert kinds == ["app.bsky.richtext.facet#link", "app.bsky.richtext.facet#tag"]


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "drop-before"},
        {"mode": "answer", "status": 500},
        {"mode": "answer", "status": 429},
        {"mode": "garble"},
    ],
)
def test_a_handle_that_cannot_be_looked_up_leaves_its_words(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime, fault: dict[str, Any]
) -> None:
    """A failed look-up costs the mention, with a warning, and no more."""
    pds.fault(nsid=RESOLVE, **fault)
    plan = prepared(network, rich_thread(account.handle), now)
    assert any("is not mentioned" in warning for warning in plan.warnings)


def test_a_handle_is_looked_up_once(pds: Pds, network: Bluesky, now: datetime) -> None:
    """Somebody whom two posts mention is looked up once, and warned about once."""
    mentions = post(
        "By @nobody.test", span("By @nobody.test", "@nobody.test", "mention", "nobody.test")
    )
    plan = prepared(network, thread(mentions, mentions), now)
    assert len(plan.warnings) == 1
    assert pds.calls(RESOLVE) == 1


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "is not there"),
        ({"lead.jpg": b"<html>"}, "no JPEG, PNG, WebP or GIF"),
        ({"lead.jpg": jpeg(800, 600, noise=99)[:4000]}, "cannot be read"),
    ],
    ids=["missing", "no picture", "broken"],
)
def test_a_card_without_its_picture_is_still_a_card(
    pds: Pds, account: PdsAccount, now: datetime, files: dict[str, bytes], reason: str
) -> None:
    """A picture that cannot be had costs the card its picture, with a warning."""
    card = Card("https://enpause.com/a", "Title", "", "lead.jpg")
    with closing(adapter(pds, account, pictures=Pictures(files))) as network:
        plan = prepared(network, thread(post("one", card=card)), now)
        sent(network, plan)
    (warning,) = plan.warnings
    assert warning.startswith("The link card's picture lead.jpg is left out: ")
    assert reason in warning
    external = pds.posts(account)[0]["value"]["embed"]["external"]
    assert (external["title"], external["description"]) == ("Title", "")
    assert "thumb" not in external


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "answer", "status": 413, "error": "PayloadTooLarge", "message": "too large"},
        {"mode": "answer", "status": 400, "error": "InvalidMimeType"},
        {"mode": "answer", "status": 500},
        {"mode": "drop-after"},
    ],
)
def test_a_picture_that_the_server_refuses_is_left_out(
    pds: Pds, account: PdsAccount, now: datetime, fault: dict[str, Any]
) -> None:
    """A refused upload costs that picture; the others and the thread go out."""
    images = (Image("a.jpg", "first"), Image("b.jpg", "second"))
    pictures = Pictures({"a.jpg": jpeg(), "b.jpg": jpeg(70, 50)})
    with closing(adapter(pds, account, pictures=pictures)) as network:
        pds.fault(nsid=UPLOAD, **fault)
        plan = prepared(network, thread(post("one", images=images)), now)
        sent(network, plan)
    (warning,) = plan.warnings
    assert warning.startswith("The picture a.jpg is left out: Bluesky does not take it")
    shown = pds.posts(account)[0]["value"]["embed"]["images"]
    assert [image["alt"] for image in shown] == ["second"]


def test_more_pictures_than_a_post_can_show_are_left_out(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """Four pictures are shown, none beside a card; each that is left out is named."""
    images = tuple(Image(f"{number}.jpg", "") for number in range(5))
    pictures = Pictures({image.src: jpeg() for image in images})
    card = Card("https://enpause.com/a", "Title", "", None)
    made = thread(post("one", images=images), post("two", card=card, images=images[:1]))
    with closing(adapter(pds, account, pictures=pictures)) as network:
        plan = prepared(network, made, now)
        sent(network, plan)
    assert len(plan.warnings) == 2
    first, second = (record["value"]["embed"] for record in pds.posts(account))
    assert len(first["images"]) == 4
    assert second["$type"] == "app.bsky.embed.external"
