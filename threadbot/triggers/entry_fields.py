"""Fields of an entry as feeds and webhooks write them: times, words, names, addresses.

Owns what of them is believed, and the bounds of what is kept; never decides what an entry is.
"""

from __future__ import annotations

import html
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from threadbot.article.address import resolve
from threadbot.article.decoding import clean
from threadbot.article.language import normalise
from threadbot.triggers.entry import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_EARLIEST: Final = 1980
_LATEST: Final = 2200
_LONGEST_LINE: Final = 1_000
_LONGEST_ADDRESS: Final = 2_000
_MOST_CATEGORIES: Final = 50


def moment(text: object) -> datetime | None:
    """Read a time as RFC 3339 or RFC 5322 write it, with its offset; None for what is neither.

    >>> moment("Tue, 24 Nov 2026 00:30:00 +0200").date().isoformat()
    '2026-11-24'
    """
    if not isinstance(text, str):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return plausible(read(text.strip()))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def plausible(found: datetime) -> datetime | None:
    """Give a time its zone, UTC where it has none; None for one that nothing can be dated to."""
    if not _EARLIEST <= found.year <= _LATEST:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def line(text: object, *, markup: bool = False) -> str | None:
    """Make one line of plain text, or None of nothing.

    Args:
        text: as the source has it; entities are resolved.
        markup: whether tags are to be taken out.
    """
    if not isinstance(text, str):
        return None
    plain = plain_text(text) if markup else html.unescape(text)
    return " ".join(clean(plain).split())[:_LONGEST_LINE].rstrip() or None


def name(text: object) -> str | None:
    """Give an author's name; a mail address alone is none."""
    said = line(text, markup=True)
    return None if said is None or ("@" in said and " " not in said) else said


def names(texts: Iterable[object]) -> str | None:
    """Give the names of several authors."""
    return ", ".join(dict.fromkeys(said for text in texts if (said := name(text)))) or None


def address(text: object, base: str | None) -> str | None:
    """Give an http(s) address, made absolute; None for anything else."""
    if not isinstance(text, str) or not text.strip():
        return None
    found = resolve(base, clean(text))
    return None if found is None or len(found) > _LONGEST_ADDRESS else found


def language(text: object) -> str | None:
    """Give a two-letter code; None for what is no language tag."""
    return normalise(text) if isinstance(text, str) else None


def categories(texts: Iterable[object]) -> tuple[str, ...]:
    """Give keywords, each once."""
    said = dict.fromkeys(word for text in texts if (word := line(text, markup=True)))
    return tuple(said)[:_MOST_CATEGORIES]
