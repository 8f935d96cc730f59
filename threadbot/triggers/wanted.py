"""Which entries of a source its owner wants: by category, author, title and age.

Owns the filter and its words; never knows whether an entry is new. Pure.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from threadbot.triggers.entry import Entry


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted. An empty tuple wants all; case and punctuation do not matter.

    Args:
        categories: at least one of these.
        not_categories: none of these.
        authors: the author's name holds one of these as whole words.
        not_authors: it holds none of these.
        titles: the title holds one of these as whole words.
        not_titles: it holds none of these.
        max_age: not published longer ago; an entry without a date has no age.
    """

    categories: tuple[str, ...] = ()
    not_categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    not_authors: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    not_titles: tuple[str, ...] = ()
    max_age: timedelta | None = None


def unwanted(entry: Entry, wanted: Filter, now: datetime) -> str | None:
    """Say in a sentence why an entry is not wanted, or None where it is."""
    own = {_words(category) for category in entry.categories}
    if wanted.categories and own.isdisjoint(map(_words, wanted.categories)):
        return f"it is in none of the categories {_list(wanted.categories)}"
    for category in wanted.not_categories:
        if _words(category) in own:
            return f"it is in the category {category!r}"
    return (
        _by_words("author", entry.author, wanted.authors, wanted.not_authors)
        or _by_words("title", entry.title, wanted.titles, wanted.not_titles)
        or _by_age(entry, wanted.max_age, now)
    )


def _by_words(
    field: str, value: str | None, any_of: tuple[str, ...], none_of: tuple[str, ...]
) -> str | None:
    words = _words(value or "")
    if any_of and not any(_words(wish) in words for wish in any_of):
        return f"its {field} names none of {_list(any_of)}"
    for word in none_of:
        if _words(word) in words:
            return f"its {field} names {word!r}"
    return None


def _by_age(entry: Entry, max_age: timedelta | None, now: datetime) -> str | None:
    if max_age is None or entry.published is None or now - entry.published <= max_age:
        return None
    return f"it was published on {entry.published:%Y-%m-%d}, which is longer ago than max_age"


def _words(text: str) -> str:
    """Write a text as its words, each between spaces, so that whole ones are found in it."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    spaced = "".join(character if character.isalnum() else " " for character in plain)
    return f" {' '.join(spaced.split())} "


def _list(words: Iterable[str]) -> str:
    return ", ".join(map(repr, words))
