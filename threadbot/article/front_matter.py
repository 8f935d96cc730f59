"""Front matter: the YAML between two lines of dashes at the top of a Markdown file.

Owns which keys are understood and what they may hold. Keys that it does not know belong to the
site that the file comes from and are passed over; never reads the text below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from threadbot.article import dates, language
from threadbot.article.decoding import clean
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from threadbot.article.model import Known

_FENCE = re.compile(r"-{3,}[^\S\n]*$", re.MULTILINE)
_TAGS = re.compile(r"[,;]")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "author": ("author", "authors"),
    "handle": ("handle", "twitter"),
    "published": ("date", "published", "publication_date"),
    "language": ("language", "lang"),
    "url": ("canonical", "canonical_url", "url"),
    "description": ("description", "summary", "excerpt"),
    "image": ("image", "cover"),
    "tags": ("tags", "keywords"),
    "question": ("question",),
}


def split(text: str) -> tuple[Known, str]:
    """Part the front matter from the text below it.

    Args:
        text: the file, clean.

    Returns:
        What the front matter says, and the text; a file that merely opens with a line of
        dashes comes back whole.

    Raises:
        SourceError: the front matter is no valid YAML.
    """
    text = text.lstrip("\n")
    opening = _FENCE.match(text)
    closing = _FENCE.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return {}, text
    values = _values(text[: closing.end()])
    if not isinstance(values, Mapping):
        return {}, text
    return _known(values), text[closing.end() :]


def has_front_matter(text: str) -> bool:
    """Tell whether a text opens like front matter: dashes, and a key below them."""
    return re.match(r"\s*-{3,}[^\S\n]*\n(?:#.*\n)*[\w-]+:(?:\s|$)", text) is not None


def _values(source: str) -> object:
    """Load the YAML of a front matter that stands between its fences."""
    import frontmatter.default_handlers  # noqa: PLC0415 (plain text needs no YAML)
    import yaml  # noqa: PLC0415 (the same)

    handler = frontmatter.default_handlers.YAMLHandler()
    try:
        matter, _ = handler.split(source)
        # The loader in C, which is the default, crashes on brackets nested ten thousands deep.
        return handler.load(matter, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1} of " if mark else ""
        problem = error.problem or "it cannot be parsed"
        message = f"{where}the front matter is not valid YAML ({problem}); correct it"
        raise SourceError(message) from error
    # A tag such as `!!timestamp` over other words makes the loader fail in ways of its own.
    except (
        yaml.YAMLError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        RecursionError,
    ) as error:
        message = f"the front matter is not valid YAML ({error}); correct it"
        raise SourceError(message) from error


def _known(values: Mapping[object, object]) -> Known:
    """Take what the keys say; the first of several names for one thing counts."""
    lower = {str(key).lower(): value for key, value in values.items()}
    found: dict[str, object] = {}
    for field, names in _KEYS.items():
        for value in (lower.get(name) for name in names):
            read = _READERS.get(field, _words)(value)
            if read:
                found[field] = read
                break
    return cast("Known", found)  # each reader gives its field's type


def _words(value: object) -> str | None:
    """Read a text; a number or a day is one, too, in a title."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return None
    return " ".join(clean(str(value)).split()) or None


def _people(value: object) -> str | None:
    """Read one author or several, by name or as a mapping with a name."""
    if isinstance(value, Mapping):
        return _words(value.get("name"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_people, value[:20]))) or None
    return _words(value)


def _handle(value: object) -> str | None:
    """Read a handle, with or without `@`, or the address of a profile."""
    words = _words(value)
    name = words.rstrip("/").rpartition("/")[2].lstrip("@") if words else ""
    return f"@{name}" if name else None


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return dates.read(value) if isinstance(value, str) else None


def _language(value: object) -> str | None:
    return language.normalise(value) if isinstance(value, str) else None


def _picture(value: object) -> str | None:
    """Read an address or path, or a mapping that has one."""
    if isinstance(value, Mapping):
        return next(filter(None, (_words(value.get(key)) for key in ("url", "src", "path"))), None)
    return _words(value)


def _keywords(value: object) -> tuple[str, ...]:
    """Read a list of keywords, or one line with commas."""
    if isinstance(value, str):
        value = _TAGS.split(value)
    if not isinstance(value, list):
        return ()
    words = (_words(tag) for tag in value)
    tags = (tag.lstrip("#").strip() for tag in words if tag)
    return tuple(dict.fromkeys(tag for tag in tags if tag))


_READERS = {
    "author": _people,
    "handle": _handle,
    "published": _day,
    "language": _language,
    "image": _picture,
    "tags": _keywords,
}
