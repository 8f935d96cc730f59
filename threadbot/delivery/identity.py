"""When two articles are the same one: the rule that keeps an article from being posted twice.

Owns the rule alone; the ledger looks the candidates up. Pure.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from threadbot.article.address import bounded, is_front_page, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from threadbot.article.model import Article


@dataclass(frozen=True, slots=True)
class Identity:
    """What an article is known by.

    Args:
        address: its normalised address without the scheme, or None; none is a front page.
            A very long one is a hash, as databases look up no more than 2,704 bytes.
        source: where it was read: an absolute path or an address; None for standard input.
        content_hash: SHA-256 of its title and blocks.
    """

    address: str | None
    source: str | None
    content_hash: str


def identify(article: Article, source: str | None) -> Identity:
    """Say what an article is known by.

    Args:
        article: as it was read.
        source: the absolute path (links resolved) or the address that it was read from.
    """
    blocks = [[type(block).__name__, asdict(block)] for block in article.blocks]
    content = json.dumps([article.title, blocks], ensure_ascii=True, sort_keys=True)
    return Identity(
        address=_telling(article.url, _address),
        source=_telling(source, _source),
        content_hash=sha256(content.encode()).hexdigest(),
    )


def _telling(place: str | None, written: Callable[[str], str]) -> str | None:
    # What names a whole site would make all of its articles one.
    return None if place is None or is_front_page(place) else written(place)


def _address(url: str) -> str:
    # A site that moves from http to https has no new articles.
    return bounded(normalise(url).removeprefix("https:").removeprefix("http:"))


def _source(place: str) -> str:
    # Beside a path lie pictures: it stays one, however long.
    return bounded(place) if "://" in place else place


def find_same(known: Iterable[tuple[int, Identity]], found: Identity) -> int | None:
    """Find the article that another one is.

    The same article is: the same address; else, where one of the two has none, the same source;
    else the same content. Two addresses make two articles, whatever file they were read from.

    Args:
        known: ids and identities, the newest first.
        found: the article in question.

    Returns:
        The id of the known article, or None where it is a new one.
    """
    candidates = list(known)
    if found.address is not None:
        for article, identity in candidates:
            if identity.address == found.address:
                return article
        candidates = [pair for pair in candidates if pair[1].address is None]
    if found.source is not None:
        for article, identity in candidates:
            if identity.source == found.source:
                return article
    for article, identity in candidates:
        if identity.content_hash == found.content_hash:
            return article
    return None
