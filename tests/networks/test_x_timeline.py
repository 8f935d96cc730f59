"""A post is found among those that X gives back, however X wrote it anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from threadbot.networks.x_timeline import Sought, find, parent_of

SINCE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def read(
    text: str,
    *links: tuple[str, str],
    number: str = "7",
    parent: str | None = "5",
    created: str = "2026-11-24T09:00:03.000Z",
    picture: str = "",
) -> dict[str, Any]:
    """Write a post as X gives it back.

    Args:
        text: with X's short addresses.
        links: each short address with what it leads to.
        number: the post's.
        parent: the number of the post that it replies to.
        created: when.
        picture: the short address of a picture, or empty.
    """
    urls = [
        {"url": short, "expanded_url": long, "start": text.index(short)} for short, long in links
    ]
    if picture:
        address = "https://x.com/a/status/7/photo/1"
        start = text.index(picture)
        urls.append({"url": picture, "expanded_url": address, "media_key": "3_1", "start": start})
    post: dict[str, Any] = {"id": number, "text": text, "created_at": created}
    if urls:
        post["entities"] = {"urls": urls}
    if parent is not None:
        post["referenced_tweets"] = [{"type": "replied_to", "id": parent}]
    return post


SHORT = "https://t.co/aB3dE5gH7i"
SHORTER = "https://t.co/zY9"
SAME = {
    "plain words": ("Bonjour à tous.", read("Bonjour à tous.")),
    "escaped signs": ("R&D: 3 < 4 > 2", read("R&amp;D: 3 &lt; 4 &gt; 2")),
    "words that look escaped": ("&amp; is an entity", read("&amp;amp; is an entity")),
    "an address": (
        "Lire https://enpause.com/tramway?a=1&b=2",
        read(f"Lire {SHORT}", (SHORT, "https://enpause.com/tramway?a=1&b=2")),
    ),
    "a bare domain": ("Voir enpause.com.", read(f"Voir {SHORT}.", (SHORT, "http://enpause.com"))),
    "a slash that X adds": (
        "Voir https://enpause.com fin",
        read(f"Voir {SHORT} fin", (SHORT, "https://enpause.com/")),
    ),
    "a domain with accents": (
        "Voir https://société.fr/été fin",
        read(f"Voir {SHORT} fin", (SHORT, "https://xn--socit-esab.fr/%C3%A9t%C3%A9")),
    ),
    "two addresses, one after an emoji": (
        "🚋 https://a.fr/1 et 👩‍🚀 https://b.fr/2",
        read(
            f"🚋 {SHORT} et 👩‍🚀 {SHORTER}",
            (SHORTER, "https://b.fr/2"),
            (SHORT, "https://a.fr/1"),
        ),
    ),
    "a picture": ("Une photo.", read(f"Une photo. {SHORT}", picture=SHORT)),
    "decomposed letters": ("Été", read("E\u0301te\u0301")),
    "other spaces": ("a  b\n\nc", read("a b\nc")),
}


@pytest.mark.parametrize(("sent", "given"), SAME.values(), ids=SAME)
def test_a_post_is_recognised(sent: str, given: dict[str, Any]) -> None:
    """What X changes in a text hides no post."""
    assert find([given], Sought(sent, "5", SINCE)) == "7"


OTHER = {
    "other words": read("Bonjour à toutes."),
    "another parent": read("Bonjour à tous.", parent="6"),
    "no parent": read("Bonjour à tous.", parent=None),
    "older": read("Bonjour à tous.", created="2026-11-24T08:59:50.000Z"),
    "an address more": read(f"Bonjour à tous. {SHORT}", (SHORT, "https://a.fr")),
}


@pytest.mark.parametrize("given", OTHER.values(), ids=OTHER)
def test_another_post_is_not_taken_for_it(given: dict[str, Any]) -> None:
    """Words, parent and time must all be right."""
    assert find([given], Sought("Bonjour à tous.", "5", SINCE)) is None


def test_another_address_is_another_post() -> None:
    """The same words with another address are another post."""
    given = read(f"Lire {SHORT}", (SHORT, "https://enpause.com/autre"))
    assert find([given], Sought("Lire https://enpause.com/tramway", "5", SINCE)) is None


def test_the_first_post_of_a_thread_replies_to_nothing() -> None:
    """A thread's first post is found among those without a parent."""
    given = read("Bonjour.", parent=None)
    assert parent_of(given) is None
    assert find([given], Sought("Bonjour.", None, SINCE)) == "7"


def test_of_two_the_first_is_taken() -> None:
    """Where a post is out twice, the thread goes on under the first one."""
    posts = [read("Bonjour.", number="10"), read("Bonjour.", number="9")]
    assert find(posts, Sought("Bonjour.", "5", SINCE)) == "9"


def test_whole_seconds_hide_no_post() -> None:
    """X tells whole seconds, so a post may seem a little older than its plan."""
    given = read("Bonjour.", created="2026-11-24T09:00:00.000Z")
    assert find([given], Sought("Bonjour.", "5", SINCE + timedelta(milliseconds=900))) == "7"
