"""The short phrases that the terminal preview and the plain one have in common.

Owns how counters, prices and dates are worded; never knows colours or columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.preview.characters import visible
from threadbot.thread.bluesky_text import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from threadbot.article.model import Article, Image
    from threadbot.thread.model import NetworkName, Post, Thread

#: How each network writes its own name.
NETWORK_NAMES: dict[NetworkName, str] = {"x": "X", "bluesky": "Bluesky"}


def counter(thread: Thread, post: Post) -> str:
    """Say how full a post is, as its network counts.

    Args:
        thread: gives the network and its limit.
        post: one of its posts.

    Returns:
        `271/280`; on Bluesky with the bytes beside it where these are nearer to their limit.
    """
    count = f"{post.length}/{thread.limit}"
    if bytes_bind(thread, post):
        return f"{count} · {post.size:,}/{MAX_BYTES:,} bytes"
    return count


def bytes_bind(thread: Thread, post: Post) -> bool:
    """Say whether a post is nearer to Bluesky's limit of bytes than to that of graphemes."""
    if thread.network != "bluesky":
        return False
    return post.size * thread.limit > post.length * MAX_BYTES


def fullness(thread: Thread, post: Post) -> float:
    """Give the share of the limit that a post takes; more than 1 is over it."""
    share = post.length / thread.limit
    return max(share, post.size / MAX_BYTES) if thread.network == "bluesky" else share


def heading(thread: Thread) -> str:
    """Name the network, and the account where it has a name of its own."""
    name = NETWORK_NAMES[thread.network]
    return name if thread.account == thread.network else f"{name} {visible(thread.account)}"


def summary(thread: Thread) -> str:
    """Say how many posts a thread has, and what they cost where they cost something."""
    posts = counted(len(thread.posts), "post")
    return posts if thread.price_usd is None else f"{posts} · {price(thread.price_usd)}"


def price(dollars: Decimal) -> str:
    """Write a price with as many decimals as it needs, and two at least.

    >>> from decimal import Decimal
    >>> price(Decimal("0.335")), price(Decimal("0.320"))
    ('$0.335', '$0.32')
    """
    plain = f"{dollars.normalize():f}"
    whole, _, fraction = plain.partition(".")
    return f"${whole}.{fraction:0<2}"


def counted(number: int, noun: str) -> str:
    """Write a number and its noun, with the plural's `s` where it is due."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def source_facts(article: Article) -> Iterator[str]:
    """Give what was read about an article besides its text, for the editor to check."""
    if article.language:
        yield visible(article.language)
    if article.published:
        yield f"{article.published.day} {article.published:%B %Y}"
    byline = " ".join(part for part in (article.author, article.handle) if part)
    if byline:
        yield visible(byline)
    yield visible(article.url) if article.url else "no link known"


def image_words(image: Image) -> str:
    """Describe an image by its alternative text, or say that it has none."""
    return visible(image.alt) if image.alt else f"{visible(image.src)} (no alternative text)"


def hidden_links(post: Post) -> Iterator[str]:
    """Give the addresses that lie under a post's words, where the words do not show them."""
    for span in post.spans:
        if span.kind == "link" and post.text[span.start : span.end] != span.value:
            yield visible(span.value)


def facts_about(thread: Thread) -> Iterator[tuple[str, str]]:
    """Give what else goes out with a thread, as pairs of a label and its words."""
    if thread.langs:
        yield "Language", visible(", ".join(thread.langs))
    if thread.tags:
        yield "Tags in the record", visible(", ".join(thread.tags))


def one_line(words: str) -> str:
    """Put what may have several lines on one."""
    return " ".join(visible(words).split("\n"))
