"""Makes the records of a thread: posts that answer one another, and the gate before them.

Owns what stands in each record, its key and its hash, and the checks that the server does not make;
never sends anything. Keys, times and hashes are fixed here, so that a repeated write is the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from atproto import models
from atproto_client.models.utils import get_model_as_json

from threadbot.networks.bluesky_keys import record_cid, tid
from threadbot.networks.limits import MAX_WRITES
from threadbot.thread.bluesky_text import (
    MAX_BYTES,
    MAX_GRAPHEMES,
    MAX_LANGS,
    MAX_TAG_GRAPHEMES,
    MAX_TAGS,
    byte_length,
    facets,
    grapheme_count,
)
from threadbot.thread.measure import grapheme_edges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from threadbot.networks.bluesky_settings import BlueskySettings, Threadgate
    from threadbot.thread.model import Facet, Post, Thread

POST: Final = "app.bsky.feed.post"
GATE: Final = "app.bsky.feed.threadgate"
#: Lexicon app.bsky.feed.post (read on 2026-11-24).
MAX_TAG_BYTES: Final = 640

#: A model of the SDK, which is not annotated.
Model: TypeAlias = Any

_GATE_RULES: Final[Mapping[Threadgate, str]] = {
    "mentioned": "MentionRule",
    "following": "FollowingRule",
    "followers": "FollowerRule",
}


class RecordError(ValueError):
    """A thread cannot be made into records; the message says why, for its user."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who posts.

    Args:
        did: the account's identity.
        settings: how its posts are made.
    """

    did: str
    settings: BlueskySettings


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on the network for a thread.

    Args:
        dids: the identity of each handle that could be resolved.
        thumbs: the uploaded picture of a card, by its address or path.
        images: the uploaded pictures of each post, by the post's position from 0, as the SDK's
            models.
        warnings: what could not be had.
    """

    dids: Mapping[str, str] = field(default_factory=dict)
    thumbs: Mapping[str, Model] = field(default_factory=dict)
    images: Mapping[int, Sequence[Model]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """A record that will be created.

    Args:
        collection: its kind.
        rkey: its key.
        cid: the hash of its content.
        value: its content, as JSON's values.
    """

    collection: str
    rkey: str
    cid: str
    value: Mapping[str, Any]


def check_posts(thread: Thread, gate: Threadgate) -> None:
    """Check what the server refuses, and what it should refuse but does not.

    Args:
        thread: any thread.
        gate: who may reply.

    Raises:
        RecordError: a post is too long, a link, mention or tag is out of place, or there would
            be more records than fit in one commit.
    """
    if (count := len(thread.posts) + (gate != "everybody")) > MAX_WRITES:
        message = (
            f"The thread takes {count} records; Bluesky takes {MAX_WRITES} at once. "
            "Set max_posts lower."
        )
        raise RecordError(message)
    for number, post in enumerate(thread.posts, 1):
        length, size = grapheme_count(post.text), byte_length(post.text)
        if length > MAX_GRAPHEMES or size > MAX_BYTES:
            message = (
                f"Post {number} has {length} characters and {size} bytes; Bluesky takes "
                f"{MAX_GRAPHEMES} and {MAX_BYTES}. Shorten it."
            )
            raise RecordError(message)
        checked_facets(post, number)


def checked_facets(post: Post, number: int) -> tuple[Facet, ...]:
    """Make a post's facets, and make sure that each marks whole characters of its own.

    The reference server stores any range, also past the text or inside a character.

    Args:
        post: any post.
        number: its number, for the message.

    Raises:
        RecordError: one is out of place.
    """
    try:
        made = facets(post.text, post.spans)
    except ValueError as error:
        message = f"Post {number} cannot be posted: {error}. Compose the thread again."
        raise RecordError(message) from error
    edges = {byte_length(post.text[:edge]) for edge in grapheme_edges(post.text)} if made else ()
    if any(not {facet.byte_start, facet.byte_end} <= set(edges) for facet in made):
        problem = "cuts a character in two"
    elif any(before.byte_end > after.byte_start for before, after in pairwise(made)):
        problem = "overlaps another or stands before it"
    else:
        return made
    message = f"Post {number} cannot be posted: a link, mention or tag {problem}. Compose it again."
    raise RecordError(message)


def writes(
    thread: Thread, author: Author, found: Found, moment: datetime, clock: int
) -> tuple[Write, ...]:
    """Make the records of a thread.

    Args:
        thread: one that passed `check_posts`.
        author: who posts.
        found: identities and uploaded pictures.
        moment: the time of the first post; each that follows is a millisecond later, so that
            they sort as they should.
        clock: as in `tid`.

    Returns:
        One for each post, in order, then the gate if there is one.
    """
    gate = author.settings.threadgate
    made: list[Write] = []
    for place in range(len(thread.posts)):
        record = _post(thread, place, author, found, moment + timedelta(milliseconds=place))
        if made:
            record.reply = models.AppBskyFeedPost.ReplyRef(
                root=_reference(author, made[0]), parent=_reference(author, made[-1])
            )
        made.append(_write(POST, tid(moment, clock, place), record))
    if gate != "everybody":
        made.append(_write(GATE, made[0].rkey, _gate(author, gate, made[0], moment)))
    return tuple(made)


def uri(did: str, collection: str, rkey: str) -> str:
    """Give a record's address."""
    return f"at://{did}/{collection}/{rkey}"


def kept_tags(thread: Thread) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Divide a thread's tags into those that its record can hold and those that it cannot."""
    fitting = [
        tag
        for tag in thread.tags
        if grapheme_count(tag) <= MAX_TAG_GRAPHEMES and byte_length(tag) <= MAX_TAG_BYTES
    ]
    kept = tuple(fitting[:MAX_TAGS])
    return kept, tuple(tag for tag in thread.tags if tag not in kept)


def _post(thread: Thread, place: int, author: Author, found: Found, moment: datetime) -> Model:
    post = thread.posts[place]
    marks = [
        models.AppBskyRichtextFacet.Main(
            index=models.AppBskyRichtextFacet.ByteSlice(
                byte_start=facet.byte_start, byte_end=facet.byte_end
            ),
            features=[feature],
        )
        for facet in checked_facets(post, place + 1)
        if (feature := _feature(facet, found)) is not None
    ]
    labels = [models.ComAtprotoLabelDefs.SelfLabel(val=val) for val in author.settings.self_labels]
    # Tags on every post would put the whole thread, post by post, into the feeds of these tags.
    tags = list(kept_tags(thread)[0]) if place == 0 else []
    return models.AppBskyFeedPost.Record(
        text=post.text,
        created_at=_written(moment),
        facets=marks or None,
        embed=_embed(post, place, found),
        langs=list(thread.langs[:MAX_LANGS]) or None,
        tags=tags or None,
        labels=models.ComAtprotoLabelDefs.SelfLabels(values=labels) if labels else None,
    )


def _feature(facet: Facet, found: Found) -> Model | None:
    if facet.kind == "link":
        return models.AppBskyRichtextFacet.Link(uri=facet.value)
    if facet.kind == "tag":
        return models.AppBskyRichtextFacet.Tag(tag=facet.value)
    did = found.dids.get(facet.value)
    return None if did is None else models.AppBskyRichtextFacet.Mention(did=did)


def _embed(post: Post, place: int, found: Found) -> Model | None:
    """Give what hangs under a post; a card goes before pictures, as there is room for one kind."""
    if post.card is not None:
        return models.AppBskyEmbedExternal.Main(
            external=models.AppBskyEmbedExternal.External(
                uri=post.card.url,
                title=post.card.title,
                description=post.card.description,
                thumb=found.thumbs.get(post.card.image) if post.card.image else None,
            )
        )
    images = found.images.get(place)
    return models.AppBskyEmbedImages.Main(images=list(images)) if images else None


def _gate(author: Author, gate: Threadgate, root: Write, moment: datetime) -> Model:
    rule = _GATE_RULES.get(gate)
    return models.AppBskyFeedThreadgate.Record(
        post=uri(author.did, POST, root.rkey),
        created_at=_written(moment),
        # No rule at all lets nobody reply.
        allow=[getattr(models.AppBskyFeedThreadgate, rule)()] if rule else [],
    )


def _write(collection: str, rkey: str, record: Model) -> Write:
    # What is hashed is the very JSON that is sent: the SDK drops what is None and adds each $type.
    value: dict[str, Any] = json.loads(get_model_as_json(record))
    return Write(collection, rkey, record_cid(value), value)


def _reference(author: Author, write: Write) -> Model:
    return models.ComAtprotoRepoStrongRef.Main(
        uri=uri(author.did, write.collection, write.rkey), cid=write.cid
    )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
