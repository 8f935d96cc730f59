"""The limits of the real networks, checked before a thread is sent.

Owns the check and the numbers that stand nowhere else; never changes a thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from threadbot.networks.limits import MAX_WRITES
from threadbot.thread.bluesky_text import (
    MAX_LANGS,
    MAX_TAG_GRAPHEMES,
    MAX_TAGS,
    grapheme_count,
)
from threadbot.thread.measure import YARDSTICKS
from threadbot.thread.pictures import MOST_IMAGES
from threadbot.thread.x_text import entities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.thread.model import Post, Thread

#: Cashtags in one post of X, read on 2026-11-24.
MAX_CASHTAGS: Final = 1


def breaches(thread: Thread) -> Iterator[str]:
    """Say what the network would refuse in a thread, each in a sentence without its full stop."""
    if thread.network == "bluesky":
        yield from _bluesky(thread)
    first: dict[str, int] = {}
    for number, post in enumerate(thread.posts, 1):
        for breach in _post(thread, post):
            yield f"Post {number} {breach}"
        other = first.setdefault(post.text, number)
        # X refuses the second one as a duplicate.
        if thread.network == "x" and other != number:
            yield f"Post {number} says the same as post {other}"


def _bluesky(thread: Thread) -> Iterator[str]:
    if len(thread.posts) > MAX_WRITES:
        yield f"{len(thread.posts)} posts are more than the {MAX_WRITES} of one commit on Bluesky"
    if len(thread.langs) > MAX_LANGS:
        yield f"{len(thread.langs)} languages are more than the {MAX_LANGS} of a post on Bluesky"
    if len(thread.tags) > MAX_TAGS:
        yield f"{len(thread.tags)} tags are more than the {MAX_TAGS} of a post on Bluesky"
    for tag in thread.tags:
        if grapheme_count(tag) > MAX_TAG_GRAPHEMES:
            yield f"The tag {tag} is longer than the {MAX_TAG_GRAPHEMES} characters of Bluesky"


def _post(thread: Thread, post: Post) -> Iterator[str]:
    yardstick = YARDSTICKS[thread.network]
    size = yardstick.measure(post.text)
    if not post.text.strip():
        yield "is empty"
    if size.length > yardstick.room.length:
        yield f"takes {size.length} of {yardstick.room.length} characters"
    if size.size > yardstick.room.size:
        yield f"takes {size.size:,} of {yardstick.room.size:,} bytes"
    if len(post.images) > MOST_IMAGES:
        yield f"has {len(post.images)} pictures, more than {MOST_IMAGES}"
    if thread.network == "x":
        cashtags = [one for one in entities(post.text) if one.kind == "cashtag"]
        if len(cashtags) > MAX_CASHTAGS:
            yield f"has {len(cashtags)} cashtags, more than {MAX_CASHTAGS}"
