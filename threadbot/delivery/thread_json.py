"""Threads as JSON text and back, without loss, and the hash of what is posted.

Owns the form in which the ledger keeps a thread; never changes one.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from threadbot.article.model import Image
from threadbot.thread.model import Card, Post, Span, Thread

if TYPE_CHECKING:
    from collections.abc import Mapping


def thread_to_json(thread: Thread) -> str:
    """Write a thread as JSON text."""
    fields = asdict(thread)
    fields["price_usd"] = None if thread.price_usd is None else str(thread.price_usd)
    return _canonical(fields)


def thread_from_json(text: str) -> Thread:
    """Read a thread that was written by `thread_to_json`.

    Raises:
        ValueError: it is no JSON, or not that of a thread.
    """
    try:
        return _thread(json.loads(text))
    except (AttributeError, KeyError, TypeError, ArithmeticError) as error:
        message = f"no stored thread: {error!r}"
        raise ValueError(message) from error


def content_hash(thread: Thread) -> str:
    """Give the SHA-256 of all that is posted: posts, languages and tags, not the notes beside them.

    Two threads with the same hash look the same on the network, whoever posts them.
    """
    posts = [asdict(post) for post in thread.posts]
    posted: dict[str, object] = {
        "langs": thread.langs,
        "network": thread.network,
        "posts": posts,
        "tags": thread.tags,
    }
    if thread.made_with_ai:
        posted["made_with_ai"] = True
    return sha256(_canonical(posted).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _thread(fields: Mapping[str, Any]) -> Thread:
    price = fields["price_usd"]
    return Thread(
        network=fields["network"],
        account=fields["account"],
        limit=fields["limit"],
        langs=tuple(fields["langs"]),
        tags=tuple(fields["tags"]),
        posts=tuple(_post(post) for post in fields["posts"]),
        omitted=tuple(fields["omitted"]),
        warnings=tuple(fields["warnings"]),
        price_usd=None if price is None else Decimal(price),
        # Threads that were stored by an earlier threadbot do not say it.
        made_with_ai=fields.get("made_with_ai", False),
    )


def _post(fields: Mapping[str, Any]) -> Post:
    card = fields["card"]
    return Post(
        part=fields["part"],
        text=fields["text"],
        spans=tuple(Span(**span) for span in fields["spans"]),
        length=fields["length"],
        size=fields["size"],
        card=None if card is None else Card(**card),
        images=tuple(Image(**image) for image in fields["images"]),
    )
