"""JSON-LD: what the scripts of schema.org in a page say of its article.

Owns the choice of the item that describes the article; never trusts a value to have the type
that the vocabulary gives it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadbot.article.decoding import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_ARTICLES = frozenset(
    "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle"
    " BackgroundNewsArticle ReviewNewsArticle LiveBlogPosting ScholarlyArticle TechArticle Report"
    " Review SocialMediaPosting AdvertiserContentArticle SatiricalArticle Recipe".split()
)
_PAGES = frozenset({"WebPage", "ItemPage"})
_DEEPEST = 8
_MOST_ITEMS = 2_000


@dataclass(frozen=True, slots=True)
class Description:
    """What the data say; all as text, for each field may be missing.

    Args:
        is_article: whether they describe an article, and not just a page.
        free: False where they say that only subscribers may read all of it.
    """

    headline: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    description: str | None = None
    image: str | None = None
    tags: tuple[str, ...] = ()
    is_article: bool = False
    free: bool = True


def read_json_ld(root: HtmlElement) -> Description:
    """Read the first article that a page describes, else the page itself."""
    items: list[dict[str, object]] = []
    for script in root.iter("script"):
        if script.get("type", "").partition(";")[0].strip().lower() == "application/ld+json":
            items += _items(script.text or "")
    for wanted in (_ARTICLES, _PAGES):
        for item in items:
            if wanted.intersection(_types(item)):
                return _description(item, items, is_article=wanted is _ARTICLES)
    return Description()


def _items(text: str) -> list[dict[str, object]]:
    try:
        value = json.loads(text.strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return []
    found = _objects(value, 0)
    return [item for item, _ in zip(found, range(_MOST_ITEMS), strict=False)]


def _objects(value: object, depth: int) -> Iterator[dict[str, object]]:
    """Give all objects, those that hold others first."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, depth + 1)


def _types(item: dict[str, object]) -> list[str]:
    value = item.get("@type")
    types = value if isinstance(value, list) else [value]
    return [str(one).rpartition("/")[2] for one in types]


def _description(
    item: dict[str, object], items: list[dict[str, object]], *, is_article: bool
) -> Description:
    by_id = {str(one["@id"]): one for one in items if "@id" in one and len(one) > 1}
    return Description(
        headline=_text(item.get("headline") or (item.get("name") if is_article else None)),
        author=_author(item.get("author") or item.get("creator"), by_id),
        published=_text(item.get("datePublished")),
        language=_text(item.get("inLanguage"), "alternateName", "name"),
        url=_text(item.get("url")) or _text(item.get("mainEntityOfPage"), "@id", "url"),
        description=_text(item.get("description")),
        image=_text(item.get("image"), "url", "contentUrl"),
        tags=_tags(item.get("keywords")),
        is_article=is_article,
        free=str(item.get("isAccessibleForFree", True)).lower() != "false",
    )


def _text(value: object, *keys: str) -> str | None:
    """Give a value as text: itself, the first of several, or what an object has under a key."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = next((value[key] for key in keys if value.get(key)), None)
    if not isinstance(value, str):
        return None
    return " ".join(_unescaped(clean(value)).split()) or None


def _unescaped(text: str) -> str:
    """Undo the entities that many systems leave in their data."""
    from html import unescape  # noqa: PLC0415 (only for pages that have them)

    return clean(unescape(text)) if "&" in text else text


def _author(value: object, by_id: dict[str, dict[str, object]]) -> str | None:
    people = value if isinstance(value, list) else [value]
    names: list[str] = []
    for person in people:
        known = person
        if isinstance(person, dict) and "name" not in person:
            known = by_id.get(str(person.get("@id")), person)
        name = _text(known.get("name")) if isinstance(known, dict) else _text(known)
        if name and "://" not in name:
            names.append(name)
    return ", ".join(dict.fromkeys(names)) or None


def _tags(value: object) -> tuple[str, ...]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list):
        return ()
    return tuple(" ".join(_unescaped(clean(one)).split()) for one in words if isinstance(one, str))
