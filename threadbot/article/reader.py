"""`load`: what kind of source is this, and the article in it.

Owns the choice of the reader and the order of who is believed: what is known, then what the
source declares, then what is found in the text. Takes bytes; never opens a file or an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from threadbot.article import language, typography
from threadbot.article.address import resolve, without_secrets
from threadbot.article.decoding import clean, decode
from threadbot.article.markdown import looks_like_markdown, read_markdown
from threadbot.article.model import (
    Article,
    Block,
    Heading,
    Known,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
)
from threadbot.article.plain import read_plain
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.article.reading import Reading

Typography: TypeAlias = Literal["auto", "fix", "keep"]
_Kind: TypeAlias = Literal["plain", "markdown", "html"]

_KIND_BY_EXTENSION: Mapping[str, _Kind] = {
    "txt": "plain",
    "text": "plain",
    "md": "markdown",
    "markdown": "markdown",
    "htm": "html",
    "html": "html",
    "xhtml": "html",
}
_KIND_BY_CONTENT_TYPE: Mapping[str, _Kind] = {
    "text/plain": "plain",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/html": "html",
    "application/xhtml+xml": "html",
}
_BEFORE_MARKUP = re.compile(r"(?:\s|<\?xml[^>]*>|<!--.*?-->)*", re.DOTALL)
_OPENS_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_OPENS_FRAGMENT = re.compile(
    r"<(?:p|div|h[1-6]|article|section|main|header|ul|ol|blockquote|figure|table|img|span)\b[^<>]*>",
    re.IGNORECASE,
)
_OPENS_XML = re.compile(r"<(?:\?xml|!doctype|rss|feed|rdf:rdf|urlset|svg|opml)\b", re.IGNORECASE)
_PAGE_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def load(
    data: bytes | str,
    *,
    name: str | None = None,
    content_type: str | None = None,
    url: str | None = None,
    known: Mapping[str, object] | Known | None = None,
    typography: Typography = "auto",
    usual_language: str | None = None,
) -> Article:
    r"""Read an article.

    >>> load("Un titre\n\nPublié le 3 mars 2025 par Jeanne Dupont\n\nTexte.").author
    'Jeanne Dupont'

    Args:
        data: the source, at most `MAX_BYTES` long.
        name: its file name; the extension says what it is.
        content_type: the Content-Type it came with; its charset is believed.
        url: where it came from; relative links are resolved against it, and it is the
            article's address where the source declares no other.
        known: what is known already and wins over what is found; the keys of `Known`, and
            `date` for `published` (a date or its ISO form). None stands for unknown. Without
            `url`, relative links are resolved against a known address, if the source names none.
        usual_language: the language of a source that does not name its own and whose text is
            too short to tell.
        typography: `fix` puts French no-break spaces, `auto` does so in French, `keep` never.

    Returns:
        The article.

    Raises:
        SourceError: the source cannot be read; the message says why and what to do.
        TypeError: `known` has a key or a type of value that it cannot have.
    """
    given = _checked(known or {})
    where = name or (without_secrets(url) if url else "the source")
    try:
        text = decode(data, content_type)
        reading = _read(text, _kind(text, name, content_type, url), url, given)
    except SourceError as error:
        message = f"{where}: {error}"
        raise SourceError(message) from error
    article = _article(reading, given, url)
    if article.language is None:
        article = replace(article, language=_detected(article) or usual_language)
    return _typeset(article, typography)


def _kind(text: str, name: str | None, content_type: str | None, url: str | None) -> _Kind:
    """Decide what a source is: by its extension, its Content-Type, or its looks."""
    path = (url or "").partition("?")[0].partition("#")[0]
    for place in (name or "", path.rpartition("/")[2]):
        kind = _KIND_BY_EXTENSION.get(place.rpartition(".")[2].lower()) if "." in place else None
        if kind is not None:
            return kind
    declared = (content_type or "").partition(";")[0].strip().lower()
    if declared in _KIND_BY_CONTENT_TYPE:
        return _KIND_BY_CONTENT_TYPE[declared]
    start = text[_markup_at(text) :]
    if _OPENS_PAGE.match(start) or _OPENS_XML.match(text.lstrip()):
        return "html"
    if _OPENS_FRAGMENT.match(start) and text.rstrip().endswith(">"):
        return "html"
    return "markdown" if looks_like_markdown(text) else "plain"


def _markup_at(text: str) -> int:
    """Find where markup begins behind comments and a declaration."""
    match = _BEFORE_MARKUP.match(text)
    return match.end() if match else 0


def _read(text: str, kind: _Kind, url: str | None, given: Known) -> Reading:
    title, address = given.get("title"), given.get("url")
    if kind == "html":
        return _read_markup(text, url, title, address)
    if kind == "markdown":
        return read_markdown(text, url, title, address)
    return read_plain(text, title)


def _read_markup(text: str, url: str | None, title: str | None, address: str | None) -> Reading:
    """Read a whole page, or a fragment, which has none of a page's own elements."""
    if _PAGE_TAG.search(text):
        from threadbot.article.page import read_page  # noqa: PLC0415 (0.3 s)

        return read_page(text, url, title, address)
    if _OPENS_XML.match(text.lstrip()):
        message = "this is XML but no web page; give a page, a feed's entry, Markdown or plain text"
        raise SourceError(message)
    from threadbot.article.html import read_html  # noqa: PLC0415 (lxml)

    return read_html(text, url, title, address)


def _article(reading: Reading, given: Known, url: str | None) -> Article:
    """Put an article together; what is given wins over what is found."""
    facts: Known = reading.found | given
    canonical = facts.get("url")
    address = (resolve(url, canonical) or canonical) if canonical else url
    return Article(
        title=facts["title"],
        blocks=reading.blocks,
        author=facts.get("author"),
        handle=facts.get("handle"),
        published=facts.get("published"),
        language=facts.get("language"),
        url=address,
        description=facts.get("description"),
        image=facts.get("image"),
        tags=facts.get("tags", ()),
        question=facts.get("question"),
    )


def _typeset(article: Article, mode: Typography) -> Article:
    """Mend the spaces where that is wanted."""
    if mode == "fix" or (mode == "auto" and article.language == "fr"):
        return typography.fix_article(article)
    return article


def _detected(article: Article) -> str | None:
    return language.detect("\n".join(_words(article)))


def _words(article: Article) -> Iterator[str]:
    yield article.title
    for block in article.blocks:
        yield from _words_of_block(block)


def _words_of_block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph | Quote):
        yield block.text
    elif isinstance(block, ListBlock):
        yield from _words_of_items(block.items)


def _words_of_items(items: Iterable[ListItem]) -> Iterator[str]:
    for item in items:
        yield item.text
        yield from _words_of_items(item.children)


def _checked(known: Mapping[str, object] | Known) -> Known:
    """Check what is known, and bring it to its fields' types."""
    checked: dict[str, object] = {}
    for key, value in known.items():
        field = "published" if key == "date" else key
        if field not in Known.__annotations__:
            message = f"known has no field {key!r}; it may have {', '.join(Known.__annotations__)}"
            raise TypeError(message)
        if value is not None:
            checked[field] = _checked_value(field, value)
    return cast("Known", {key: value for key, value in checked.items() if value})


def _checked_value(field: str, value: object) -> object:
    if field == "published":
        return _checked_day(value)
    if field == "tags":
        if isinstance(value, str) or not isinstance(value, Iterable):
            message = f"known['tags'] must be a list of words, not {value!r}"
            raise TypeError(message)
        return tuple(clean(str(tag)) for tag in value)
    if not isinstance(value, str):
        message = f"known[{field!r}] must be a text, not {value!r}"
        raise TypeError(message)
    text = " ".join(clean(value).split())
    return _checked_language(text) if field == "language" else text


def _checked_day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        message = f"known['published'] must be a date like 2024-10-13, not {value!r}"
        raise TypeError(message) from None


def _checked_language(text: str) -> str:
    code = language.normalise(text)
    if code is None:
        message = f"the language {text!r} is no language code; write one like fr or en"
        raise SourceError(message)
    return code
