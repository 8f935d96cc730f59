"""What a web page says of its article: title, author, day, language, addresses, tags, handle.

Owns the order of trust between the places where a page says so, which docs/articles.md writes
down; never reads the text of the article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from threadbot.article import dates, language
from threadbot.article.address import resolve
from threadbot.article.byline import read_byline
from threadbot.article.decoding import clean
from threadbot.article.html_tree import is_unread, names_of, words_of
from threadbot.article.json_ld import Description, read_json_ld
from threadbot.article.opening import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from lxml.html import HtmlElement

    from threadbot.article.model import Known

_TITLE_NAMES = ("og:title", "twitter:title")
_AUTHOR_NAMES = (
    "author", "article:author", "og:article:author", "dc.creator", "dcterms.creator",
    "parsely-author", "sailthru.author", "byl",
)  # fmt: skip
_DAY_NAMES = (
    "article:published_time", "og:published_time", "og:article:published_time", "date",
    "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "pubdate", "publishdate",
    "publish-date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime",
)  # fmt: skip
_DESCRIPTION_NAMES = ("og:description", "description", "twitter:description")
_IMAGE_NAMES = (
    "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src",
)  # fmt: skip
_HANDLE = re.compile(r"(?:https?://(?:www\.)?(?:twitter|x)\.com/)?@?(\w{1,15})/?", re.ASCII)
_SEPARATED = re.compile(r"\s+[|·•–—»-]\s+|\s*\|\s*")
_BY = re.compile(
    r"(?:(?:par|by|von|por|di|da|door|texte|text|auteur|author|autor|autore|بقلم)\b"
    r"|(?:取材・)?文\s*[・=＝:：]|[:|·•–—-])\s*:?\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:author|byline|auteur|autor|autore|signature)(?:$|[\s_-]|-name)"
)
_LONGEST_NAME = 100
_MOST_TAGS = 20
#: No page needs more places to show its title, or its author.
_MOST = 20


class PageFacts:
    """The statements of one page, asked for one after the other."""

    def __init__(self, root: HtmlElement, url: str | None, address: str | None) -> None:
        self.root = root
        self._meta = _meta(root)
        self._described = read_json_ld(root)
        base = next((element.get("href", "") for element in root.iter("base")), "")
        self.address = self._canonical(url)
        place = url or self.address
        self.picture_base = _based(place, base)
        self.base = self.picture_base or _based(address, base)

    @property
    def described(self) -> Description:
        """What its JSON-LD says."""
        return self._described

    def known(self) -> Known:
        """Give every field that the page states."""
        found: dict[str, object] = {
            "title": self.title(),
            "author": self._author(),
            "handle": self._handle(),
            "published": self._published(),
            "language": self._language(),
            "url": self.address,
            "description": self._first(_DESCRIPTION_NAMES) or self._described.description,
            "image": self._image(),
            "tags": self._tags(),
        }
        known: Known = {key: value for key, value in found.items() if value}  # type: ignore[assignment]  # the keys are those of Known
        return known

    def title(self) -> str | None:
        """Find the title: an `h1` that the head confirms, else what the head or JSON-LD says."""
        stated = self._first(_TITLE_NAMES)
        whole = next((words_of(one) for one in self.root.iter("title")), "")
        tops = [one for one, _ in zip(self._tops(), range(_MOST), strict=False)]
        told = [plain(stated or ""), plain(whole)]
        for top in sorted(tops, key=len, reverse=True):
            if plain(top) and any(plain(top) in place for place in told):
                return top
        parts = _SEPARATED.split(whole)
        return (
            stated
            or self._described.headline
            or (tops[0] if len(tops) == 1 else None)
            or max(parts, key=len)
            or None
        )

    def _tops(self) -> Iterator[str]:
        for top in self.root.iter("h1"):
            if not is_unread(top) and (words := words_of(top)):
                yield words

    def _first(self, names: Iterable[str]) -> str | None:
        """Give the first value that the head has under one of these names."""
        return next((value for name in names for value in self._meta.get(name, ())), None)

    def _author(self) -> str | None:
        if self._described.author:
            return self._described.author
        for name in _AUTHOR_NAMES:
            names = [value for value in self._meta.get(name, ()) if "://" not in value]
            if names:
                return ", ".join(dict.fromkeys(names))
        naming = (element for element in self.root.iter() if _names_author(element))
        names_shown = (_name_in(element) for element, _ in zip(naming, range(_MOST), strict=False))
        return next(filter(None, names_shown), None)

    def _handle(self) -> str | None:
        for name in ("twitter:creator", "twitter:site"):
            for value in self._meta.get(name, ()):
                if match := _HANDLE.fullmatch(value):
                    return f"@{match[1]}"
        return None

    def _published(self) -> date | None:
        values = [self._described.published or ""]
        values += [value for name in _DAY_NAMES for value in self._meta.get(name, ())]
        for element in self.root.iter():
            if element.get("itemprop") == "datePublished":
                values.append(element.get("content") or element.get("datetime") or "")
        marked = [one for one in self.root.iter("time") if one.get("datetime")]
        marked.sort(key=lambda one: one.get("pubdate") is None)
        values += [one.get("datetime") for one in marked]
        return next((day for day in map(read_day, values) if day), None)

    def _language(self) -> str | None:
        tags = [self.root.get("lang"), self.root.get("xml:lang"), self._described.language]
        tags += [self._first(("og:locale", "content-language", "language", "dc.language"))]
        return next((code for tag in tags if tag and (code := language.normalise(tag))), None)

    def _canonical(self, url: str | None) -> str | None:
        """Find the page's own address; the front page is nobody's, whatever a page says."""
        links = [
            element.get("href", "")
            for element in self.root.iter("link")
            if "canonical" in element.get("rel", "").lower().split()
        ]
        stated: list[str | None] = [*links, self._first(("og:url",)), self._described.url]
        for value in stated:
            address = resolve(url, clean(value)) if value else None
            if address and address.partition("://")[2].strip("/").count("/"):
                return address
        return None

    def _image(self) -> str | None:
        for value in (self._first(_IMAGE_NAMES), self._described.image):
            if value and (address := resolve(self.base, value)):
                return address
        return None

    def _tags(self) -> tuple[str, ...]:
        listed = self._described.tags or tuple(self._meta.get("article:tag", ()))
        if not listed:
            words = self._first(("news_keywords", "keywords")) or ""
            listed = tuple(re.split(r"\s*[,;،、]\s*", words))
        if not any(listed):
            links = (one for one in self.root.iter("a") if "tag" in one.get("rel", "").split())
            listed = tuple(words_of(one) for one in links)
        tags = (" ".join(clean(tag).split()).lstrip("#") for tag in listed)
        return tuple(dict.fromkeys(tag for tag in tags if tag))[:_MOST_TAGS]


def read_day(value: str) -> date | None:
    """Read a day from the form that machines write, or from one that people do."""
    value = value.strip()
    for form in (value, value[5:] if value[3:5] == ", " else ""):
        found = dates.find(form) if form else None
        if found is not None and found.day is not None:
            return found.day
    return None


def _based(place: str | None, base: str) -> str | None:
    """Give what relative addresses are resolved against: `<base>`, else the page's own place."""
    return (resolve(place, base) if base else None) or place


def _meta(root: HtmlElement) -> dict[str, list[str]]:
    """Collect what the head states, by name in lower case."""
    stated: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        value = " ".join(clean(element.get("content", "")).split())
        for key in ("property", "name", "http-equiv", "itemprop"):
            name = element.get(key)
            if name and value:
                stated.setdefault(name.strip().lower(), []).append(value)
                break
    return stated


def _names_author(element: HtmlElement) -> bool:
    attributes = element.attrib
    if "author" in attributes.get("rel", "").split() or attributes.get("itemprop") == "author":
        return True
    return _NAMED.search(" ".join(names_of(element)).lower()) is not None


def _name_in(element: HtmlElement) -> str | None:
    """Read a name from the element that holds the author's, without the words around it."""
    words = words_of(element, _LONGEST_NAME + 1)
    if not words or len(words) > _LONGEST_NAME:
        return None
    named = next((one for one in element.iter() if one.get("itemprop") == "name"), None)
    words = words_of(named) if named is not None else words
    byline = read_byline(words)
    if byline is not None:
        return byline.get("author")
    name = _BY.sub("", words, count=1) if _BY.match(words) else words
    few = len(name.split()) <= 5 and not any(map(str.isdigit, name))  # noqa: PLR2004 (a name)
    return name if few and any(map(str.isalpha, name)) else None
