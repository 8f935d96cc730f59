"""Dates as articles print them, in figures and in French and English words.

Owns the forms that are understood; never knows what day it is today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_FRENCH_MONTHS = (
    ("janvier", "janv"),
    ("février", "fevrier", "févr", "fév"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("août", "aout"),
    ("septembre", "sept"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("décembre", "decembre", "déc"),
)
_ENGLISH_MONTHS = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_FRENCH = {word: number for number, words in enumerate(_FRENCH_MONTHS, 1) for word in words}
_ENGLISH = {word: number for number, words in enumerate(_ENGLISH_MONTHS, 1) for word in words}
_MONTHS = _FRENCH | _ENGLISH
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: A pattern for the name of a month, to tell it from the name of a person.
MONTH = rf"(?i:(?:{_MONTH})\b)"

_DAY_NAME = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b\.?,?\s+)?"
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)")
_FIGURES = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?!\d)")
_DAY_FIRST = re.compile(
    rf"{_DAY_NAME}(?P<day>\d{{1,2}})(?P<nth>er|st|nd|rd|th)?\s+(?P<month>{_MONTH})\b\.?,?\s+"
    r"(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_DAY_NAME}(?P<month>{_MONTH})\b\.?\s+(?P<day>\d{{1,2}})(?P<nth>st|nd|rd|th)?,?\s+"
    r"(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
_TWELVE = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A date that stands in a text.

    Args:
        day: the day; None where `03/04/2025` may be either of two.
        end: the character after it.
        language: `fr` or `en` where its words tell.
    """

    day: date | None
    end: int
    language: str | None = None


def find(text: str, start: int = 0, language: str | None = None) -> Found | None:
    """Read the date that begins at `start`.

    Args:
        text: the line that it stands in.
        start: its first character.
        language: the language of the words around it, which decides what `03/04/2025` means.

    Returns:
        The date, or None where none begins there or the calendar has no such day.
    """
    if match := _ISO.match(text, start):
        return _found(match.end(), int(match[1]), int(match[2]), int(match[3]))
    if match := _FIGURES.match(text, start):
        return _in_figures(match, language)
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        if match := pattern.match(text, start):
            word = match["month"].lower()
            month = _MONTHS[word]
            spoken = _spoken(word, match["nth"])
            return _found(match.end(), int(match["year"]), month, int(match["day"]), spoken)
    return None


def read(text: str) -> date | None:
    """Read a text that is a date, whatever time of day follows it."""
    found = find(text.strip())
    return found.day if found else None


def _found(end: int, year: int, month: int, day: int, language: str | None = None) -> Found | None:
    try:
        return Found(date(year, month, day), end, language)
    except ValueError:
        return None


def _in_figures(match: re.Match[str], language: str | None) -> Found | None:
    """Read `13/10/2024`; the day comes first, but in English with slashes it need not."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "/" and second > _TWELVE:
        return _found(match.end(), year, first, second)
    if match[2] == "/" and first <= _TWELVE and first != second and language != "fr":
        return Found(None, match.end())
    return _found(match.end(), year, second, first)


def _spoken(month: str, nth: str | None) -> str | None:
    """Tell the language of a date in words; `oct` and the like are both."""
    if nth is not None:
        return "fr" if nth.lower() == "er" else "en"
    if month in _FRENCH and month in _ENGLISH:
        return None
    return "fr" if month in _FRENCH else "en"
