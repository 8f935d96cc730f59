"""Articles and threads as one JSON object, the form that other programs rely on.

Owns the object's keys, which docs/json.md describes; never leaves one out, on any network.
A key may be added under the same `schema_version`; none is renamed, removed or given another
meaning without a new one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from threadbot.article import model
from threadbot.thread.bluesky_text import facets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.thread.model import Card, Post, SpanKind, Thread

SCHEMA_VERSION = 1

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"


def json_bytes(article: model.Article, threads: Sequence[Thread]) -> bytes:
    """Write the object as JSON in UTF-8, whatever the terminal's encoding is.

    Returns:
        The object and a line feed. A lone surrogate, which UTF-8 cannot hold, stands as JSON's
        own escape.
    """
    text = json.dumps(document(article, threads), ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def document(article: model.Article, threads: Sequence[Thread]) -> dict[str, JSON]:
    """Make the object that docs/json.md describes.

    Args:
        article: what was read.
        threads: what was made of it, one for each account.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "article": _article(article),
        "threads": [_thread(thread) for thread in threads],
    }


def _article(article: model.Article) -> dict[str, JSON]:
    return {
        "title": article.title,
        "author": article.author,
        "handle": article.handle,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "url": article.url,
        "description": article.description,
        "image": article.image,
        "tags": [*article.tags],
        "question": article.question,
        "blocks": [_block(block) for block in article.blocks],
    }


def _block(block: model.Block) -> dict[str, JSON]:
    content: dict[str, JSON]
    match block:
        case model.Heading():
            content = {"kind": "heading", "level": block.level, "text": block.text}
        case model.Paragraph():
            content = {"kind": "paragraph", **_words(block.text, block.links)}
        case model.Quote():
            content = {"kind": "quote", **_words(block.text, block.links)}
        case model.ListBlock():
            items: list[JSON] = [_item(item) for item in block.items]
            content = {"kind": "list", "ordered": block.ordered, "start": block.start}
            content["items"] = items
        case model.Image():
            content = {"kind": "image", **_image(block)}
        case model.Code():
            content = {"kind": "code", "text": block.text}
        case model.Table():
            content = {"kind": "table", "rows": [[*row] for row in block.rows]}
    return content


def _words(text: str, links: tuple[model.Link, ...]) -> dict[str, JSON]:
    return {
        "text": text,
        "links": [{"start": link.start, "end": link.end, "href": link.href} for link in links],
    }


def _item(item: model.ListItem) -> dict[str, JSON]:
    return _words(item.text, item.links) | {
        "number": item.number,
        "children_ordered": item.children_ordered,
        "children_start": item.children_start,
        "children": [_item(child) for child in item.children],
    }


def _image(image: model.Image) -> dict[str, JSON]:
    return {"src": image.src, "alt": image.alt}


def _thread(thread: Thread) -> dict[str, JSON]:
    return {
        "network": thread.network,
        "account": thread.account,
        "limit": thread.limit,
        "langs": [*thread.langs],
        "tags": [*thread.tags],
        "price_usd": None if thread.price_usd is None else float(thread.price_usd),
        "omitted": [*thread.omitted],
        "warnings": [*thread.warnings],
        "posts": [_post(thread, number, post) for number, post in enumerate(thread.posts, 1)],
    }


def _post(thread: Thread, number: int, post: Post) -> dict[str, JSON]:
    return {
        "number": number,
        "text": post.text,
        "length": post.length,
        "bytes": post.size,
        "links": _values(post, "link"),
        "mentions": _values(post, "mention"),
        "hashtags": _values(post, "hashtag"),
        "facets": _facets(post) if thread.network == "bluesky" else [],
        "card": None if post.card is None else _card(post.card),
        "images": [_image(image) for image in post.images],
    }


def _values(post: Post, kind: SpanKind) -> list[JSON]:
    return [span.value for span in post.spans if span.kind == kind]


def _facets(post: Post) -> list[JSON]:
    return [
        {
            "byteStart": facet.byte_start,
            "byteEnd": facet.byte_end,
            "type": facet.kind,
            "value": facet.value,
        }
        for facet in facets(post.text, post.spans)
    ]


def _card(card: Card) -> dict[str, JSON]:
    return {
        "url": card.url,
        "title": card.title,
        "description": card.description,
        "image": card.image,
    }
