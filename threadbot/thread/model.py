"""What a thread is: posts of finished text, with spans for everything in them that is more.

Owns the values that are shown, stored and delivered; never makes or changes one.
Positions are counted in code points of the post's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from threadbot.article.model import Image

NetworkName: TypeAlias = Literal["x", "bluesky"]
SpanKind: TypeAlias = Literal["link", "mention", "hashtag", "numbering"]
Part: TypeAlias = Literal["opening", "body", "closing", "single"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a post's text that is more than words.

    Args:
        start: first code point, counted from 0.
        end: the code point after the last one.
        kind: what it is.
        value: the address of a link, the handle of a mention (without `@`), the word of a
            hashtag (without `#`), the words of the numbering.
    """

    start: int
    end: int
    kind: SpanKind
    value: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A span as Bluesky wants it: a range of UTF-8 bytes.

    Args:
        byte_start: first byte, counted from 0.
        byte_end: the byte after the last one.
        kind: what it is.
        value: the address, the handle without `@`, or the tag without `#`.
    """

    byte_start: int
    byte_end: int
    kind: Literal["link", "mention", "tag"]
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """The link card that Bluesky shows under a post.

    Args:
        url: where it leads.
        title: the article's title.
        description: its summary; empty where there is none.
        image: address or path of its picture.
    """

    url: str
    title: str
    description: str
    image: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """One post, exactly as it will be sent.

    Args:
        part: which template made it.
        text: the finished text.
        spans: links, mentions, hashtags and numbering in it, in order, none overlapping.
        length: in the network's own counting (weighted characters on X, graphemes on Bluesky).
        size: bytes of UTF-8.
        card: the link card, on Bluesky's first post.
        images: pictures with their alternative texts.
    """

    part: Part
    text: str
    spans: tuple[Span, ...]
    length: int
    size: int
    card: Card | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """What one account will post about one article.

    Args:
        network: where.
        account: the account's name in the configuration; the network's name without one.
        limit: the most that a post's length may be.
        langs: language codes for the network.
        tags: keywords for Bluesky's record that stand in no post.
        posts: in order, at least one.
        omitted: what of the article stands in no post, each in the article's own words.
        warnings: what the editor should know before this goes out.
        price_usd: what it costs on X; None elsewhere.
        made_with_ai: whether X is told that it was made with artificial intelligence.
    """

    network: NetworkName
    account: str
    limit: int
    langs: tuple[str, ...]
    tags: tuple[str, ...]
    posts: tuple[Post, ...]
    omitted: tuple[str, ...]
    warnings: tuple[str, ...]
    price_usd: Decimal | None
    made_with_ai: bool = False
