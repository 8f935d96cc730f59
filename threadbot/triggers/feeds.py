"""Feeds: RSS, Atom, RDF and JSON Feed to entries.

Owns which of a feed's many fields are believed. Never fetches, never decides what is new, and
believes nothing that a hostile feed could hurt with (`feed_text`). Costs 70 ms to import.
"""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import feedparser

from threadbot.article.address import without_secrets
from threadbot.errors import SourceError
from threadbot.triggers import json_feed
from threadbot.triggers.entry import Entry, plain_text
from threadbot.triggers.entry_fields import (
    address,
    categories,
    language,
    line,
    moment,
    names,
    plausible,
)
from threadbot.triggers.feed_text import (
    MAX_ENTRIES,
    REFUSED_ENTRIES,
    feed_text,
    safe_xml,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from time import struct_time

_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml"})
_LONGEST_SUMMARY: Final = 1_000
# WordPress.com puts the author's face before the article's picture.
_FACES: Final = ".gravatar.com"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says.

    Args:
        title: its own.
        language: a two-letter code.
        hubs: addresses of WebSub hubs that it names.
        self_link: the address that it gives for itself; a hub knows it by that.
        entries: in its order, usually the newest first.
        omitted: entries that were not read because there are too many.
    """

    title: str | None
    language: str | None
    hubs: tuple[str, ...]
    self_link: str | None
    entries: tuple[Entry, ...]
    omitted: int = 0


def read_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Read a feed.

    Args:
        body: as it came.
        url: where it came from.
        content_type: the whole Content-Type field, where there was one.

    Returns:
        The feed; an entry that holds nothing to tell or find it by is left out.

    Raises:
        SourceError: it is no feed, or one that cannot be read; one line says why and what to do.
    """
    try:
        text = feed_text(body, content_type)
        return _read_json(text, url) if text.startswith("{") else _read_xml(text, url)
    except SourceError as error:
        message = f"the feed at {without_secrets(url)[:200]} cannot be read: {error}"
        raise SourceError(message) from error


def _read_json(text: str, url: str) -> Feed:
    feed = json_feed.read_json(text)
    items = json_feed.items_of(feed)
    if len(items) > REFUSED_ENTRIES:
        message = f"it has more than {REFUSED_ENTRIES:,} entries; name a feed of the latest ones"
        raise SourceError(message)
    half = MAX_ENTRIES // 2
    kept = items if len(items) <= MAX_ENTRIES else items[:half] + items[-half:]
    entries = (json_feed.entry_of(item, feed, url) for item in kept)
    return Feed(
        title=line(feed.get("title")),
        language=language(feed.get("language")),
        hubs=_addresses(json_feed.hubs_of(feed), url),
        self_link=address(feed.get("feed_url"), url),
        entries=tuple(entry for entry in entries if entry is not None),
        omitted=len(items) - len(kept),
    )


def _read_xml(text: str, url: str) -> Feed:
    safe = safe_xml(text, url)
    # Handed over as a file: a text could be taken for an address or a path. What could be done to
    # the content is left to the reader of the article.
    parsed = feedparser.parse(
        BytesIO(safe.data),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    feed = parsed["feed"]
    own_language = language(_own(feed, "language"))
    entries = (_entry(found, own_language, url) for found in parsed["entries"])
    return Feed(
        title=_line(feed, "title"),
        language=own_language,
        hubs=_addresses(_links(feed, "hub"), url),
        self_link=next(iter(_addresses(_links(feed, "self"), url)), None),
        entries=tuple(entry for entry in entries if entry is not None),
        omitted=safe.omitted,
    )


def _entry(found: dict[str, Any], usual_language: str | None, url: str) -> Entry | None:
    content, content_type, said_in = _content(found)
    summary = plain_text(str(_own(found, "summary") or ""))[:_LONGEST_SUMMARY]
    guid, link = line(_own(found, "id")), _own(found, "link")
    # A guid that is no address is taken for a link all the same where there is no other.
    page = address(_own(found, "feedburner_origlink"), url) or address(
        link, None if link == guid else url
    )
    published = _date(found, "published") or _date(found, "created")
    updated = _date(found, "updated")
    entry = Entry(
        guid=guid,
        address=page,
        title=_line(found, "title"),
        content=content,
        content_type=content_type,
        summary=line(summary),
        author=_author(found),
        published=published or updated,
        dated_by_change=published is None and updated is not None,
        language=language(said_in) or usual_language,
        categories=categories(tag.get("term") for tag in _list(found, "tags")),
        picture=_picture(found, url),
    )
    return entry if guid or page or content.strip() else None


def _content(found: dict[str, Any]) -> tuple[str, str, object]:
    """Choose the fullest text of an entry; give its type and language, too."""
    offered = [one for one in _list(found, "content") if "src" not in one]
    if (detail := _own(found, "summary_detail")) is not None:
        offered.append(detail)
    usable = [one for one in offered if one.get("type") in {*_MARKUP, "text/plain"}]
    if not usable:
        return "", "text/html", None
    best = max(usable, key=lambda one: len(str(one.get("value") or "")))
    is_markup = best.get("type") in _MARKUP
    kind = "text/html" if is_markup else "text/plain"
    return str(best.get("value") or ""), kind, best.get("language")


def _date(found: dict[str, Any], field: str) -> datetime | None:
    if (said := moment(_own(found, field))) is not None:
        return said
    parsed: struct_time | None = _own(found, f"{field}_parsed")
    if parsed is None:
        return None
    try:
        return plausible(datetime.fromtimestamp(timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _author(found: dict[str, Any]) -> str | None:
    several = names(one.get("name") for one in _list(found, "authors"))
    return several or names([_own(found, "author")])


def _picture(found: dict[str, Any], url: str) -> str | None:
    offered = [
        one.get("url")
        for one in _list(found, "media_content")
        if one.get("medium") == "image" or str(one.get("type", "")).startswith("image/")
    ]
    offered += [one.get("url") for one in _list(found, "media_thumbnail")]
    offered += [
        link.get("href")
        for link in _list(found, "links")
        if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/")
    ]
    image = _own(found, "image")
    offered.append(image.get("href") if isinstance(image, dict) else None)
    for one in _addresses(offered, url):
        if not f".{urlsplit(one).hostname}".endswith(_FACES):
            return one
    return None


def _line(found: dict[str, Any], field: str) -> str | None:
    detail = _own(found, f"{field}_detail") or {}
    return line(_own(found, field), markup=detail.get("type") in _MARKUP)


def _links(found: dict[str, Any], relation: str) -> Iterator[object]:
    return (link.get("href") for link in _list(found, "links") if link.get("rel") == relation)


def _addresses(texts: Sequence[object] | Iterator[object], url: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for text in texts if (found := address(text, url))))


def _list(found: dict[str, Any], field: str) -> list[dict[str, Any]]:
    value = _own(found, field)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _own(found: dict[str, Any], field: str) -> Any:  # noqa: ANN401 - whatever feedparser made of it
    # Its own look-up puts other fields in the place of those that are missing, and warns of it.
    return dict.get(found, field)
