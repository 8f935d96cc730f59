"""JSON Feed (https://www.jsonfeed.org/version/1.1/, read 2026-11-24).

Owns its fields, which are also those of an article that comes by a Standard Webhook; never fetches.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from threadbot.errors import SourceError
from threadbot.triggers.entry import Entry
from threadbot.triggers.entry_fields import address, categories, language, line, moment, names

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_json(text: str) -> dict[str, Any]:
    """Read an object of JSON.

    Raises:
        SourceError: it is none, or nested deeper than anything sensible.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = "it is no valid JSON; look at what its program sends"
        raise SourceError(message) from error
    if not isinstance(found, dict):
        message = "its JSON is no object; look at what its program sends"
        raise SourceError(message)
    return found


def items_of(feed: dict[str, Any]) -> list[object]:
    """Give the items of a feed.

    Raises:
        SourceError: it is JSON, but no feed.
    """
    items = feed.get("items")
    if "jsonfeed.org/version/" not in str(feed.get("version", "")) or not isinstance(items, list):
        message = "it is JSON, but no JSON Feed: it needs 'version' and 'items'"
        raise SourceError(message)
    return items


def hubs_of(feed: dict[str, Any]) -> tuple[object, ...]:
    """Give what a feed names as its WebSub hubs."""
    hubs = (hub for hub in _objects(feed.get("hubs")) if hub.get("type") == "WebSub")
    return tuple(hub.get("url") for hub in hubs)


def entry_of(item: object, feed: dict[str, Any], url: str | None) -> Entry | None:
    """Make an entry of an item.

    Args:
        item: any JSON.
        feed: the object around it, whose author and language count where it has none.
        url: where the feed came from; relative addresses are resolved against it.

    Returns:
        The entry; None where the item holds nothing to tell or find it by.
    """
    if not isinstance(item, dict):
        return None
    markup, plain = item.get("content_html"), item.get("content_text")
    is_html = isinstance(markup, str) and bool(markup.strip())
    content = markup if is_html else plain
    guid = item.get("id")
    published, modified = moment(item.get("date_published")), moment(item.get("date_modified"))
    entry = Entry(
        guid=line(str(guid)) if isinstance(guid, str | int | float) else None,
        address=address(item.get("url"), url) or address(item.get("external_url"), url),
        title=line(item.get("title")),
        content=content if isinstance(content, str) else "",
        content_type="text/html" if is_html else "text/plain",
        summary=line(item.get("summary")),
        author=names(_authors(item)) or names(_authors(feed)),
        published=published or modified,
        dated_by_change=published is None and modified is not None,
        language=language(item.get("language")) or language(feed.get("language")),
        categories=categories(tags) if isinstance(tags := item.get("tags"), list) else (),
        picture=address(item.get("image"), url) or address(item.get("banner_image"), url),
    )
    return entry if entry.guid or entry.address or entry.content.strip() else None


def _authors(item: dict[str, Any]) -> Iterator[object]:
    for author in (*_objects(item.get("authors")), *_objects([item.get("author")])):
        yield author.get("name")


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
