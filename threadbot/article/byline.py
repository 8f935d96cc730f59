"""Bylines: who wrote an article and when, as it is printed under the title.

Owns the grammar of such lines in French and English. A line is a byline only if all of it can
be read as one, so a sentence that happens to begin with "Par" or "By" never is; never looks at
where the line stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from threadbot.article import dates

if TYPE_CHECKING:
    from datetime import date

    from threadbot.article.model import Known

_LONGEST: Final = 250
_UPPER = "A-ZÀ-ÖØ-ÞŁŚŠŻŽÇĆČĐĞİŐŒŞŸ"
_NAME_WORD = (
    rf"(?!{dates.MONTH})(?:(?:[{_UPPER}]\.[- ]?)+(?=[\s{_UPPER}])\s*)?"
    rf"(?:(?:Jr|Sr|Dr|Mme|Mlle|M|Mr|Mrs|Ms)\.|(?:[dDlLO][’'])?[{_UPPER}][\w’'-]*)"
)
_PARTICLE = r"(?:(?:de|du|des|la|le|les|van|von|der|den|di|da|del|della|el|al|bin|ben|ibn|y)\s+)"
_NAME = rf"{_NAME_WORD}(?:\s+{_PARTICLE}{{0,2}}{_NAME_WORD}){{0,4}}"
_DESK = r"(?i:la\s+rédaction(?:\s+d[eu]\s+[\w’'-]+|\s+d[’'][\w’'-]+)?|(?:the\s+)?editors)"

_GAP = re.compile(r"[\s,;·•|/()\[\]–—-]+")
_PUBLISHED = re.compile(
    r"(?P<fr>(?:article\s+)?(?:publiée?|mise?\s+en\s+ligne|postée?|parue?|rédigée?|écrite?)"
    r"(?=\s+(?:le|par|à|il)\b|\s*:|\s+\d|\s+@))|"
    r"(?P<en>(?:first\s+)?(?:published|posted|written)(?=\s+(?:on|by|at|in)\b|\s*:|\s+(?:\w+\.?,?\s+){0,2}\d))",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"(?P<fr>(?:mise?\s+à\s+jour|actualisée?|modifiée?)(?=\s+(?:le|à)\b|\s*:|\s+\d))|"
    r"(?P<en>(?:last\s+)?(?:updated|modified)(?=\s+(?:on|at)\b|\s*:|\s+(?:\w+\.?,?\s+){0,2}\d))",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r":|(?:(?P<fr>le)|(?P<en>on))(?=\s+(?:\w+\.?,?\s+){0,2}\d)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:(?:à|at)\s+)?\d{1,2}\s?(?:h|:)\s?(?:\d\d)?(?::\d\d)?(?:\s*[ap]\.?m\b\.?)?"
    r"(?:\s*(?:UTC|GMT|CES?T|[ECMP][SD]?T))?(?!\w)",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"(?P<fr>(?:temps\s+de\s+)?lecture\s*:?\s*\d+\s*min(?:utes?)?\b\.?"
    r"|\d+\s*min(?:utes?)?\.?\s+de\s+lecture)|(?P<en>\d+[\s-]*min(?:ute)?s?\s+read)",
    re.IGNORECASE,
)
_BY = re.compile(
    rf"(?:(?P<fr>(?i:par|auteur|autrice))|(?P<en>(?i:by|author)))\s*:?\s+"
    rf"(?P<name>{_DESK}|{_NAME}|(?=@))",
)
_MORE_NAMES = re.compile(rf"(?:,\s*(?:and\s+)?|\s+(?:et|and|&)\s+)(?P<name>{_NAME})")
_BARE_NAME = re.compile(rf"(?P<name>{_NAME})(?=\s*(?:[,·•|–—(@-]|{dates.MONTH}|\d|le\s))")
_HANDLE = re.compile(r"@[\w-]+(?:\.[\w-]+)*")
_ROLE = re.compile(
    r"(?:(?:notre|our|senior|special|staff|technology|tech|science|business|political|news)\s+)*"
    r"(?:journaliste|correspondante?|envoyée?\s+spéciale?|rédacteur|rédactrice|chroniqueuse|"
    r"chroniqueur|pigiste|reporter|editor|correspondent|writer|contributor|columnist)"
    r"(?:\s+(?:en\s+chef|web|tech|[àau]+\s+[A-ZÀ-Ý][\w-]+|in\s+[A-Z][\w-]+))?(?!\w)"
    r"|(?:avec|with)\s+(?:l[’'])?(?:AFP|AP|Reuters|agences?|agencies)(?:\s+et\s+\w+)?(?!\w)"
    r"|(?:à|in)\s+[A-ZÀ-Ý][\w-]+(?:\s+[A-ZÀ-Ý][\w-]+)?(?=\s*(?:$|[,;|·•(–—]))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Reading:
    """What has been read of a line so far."""

    line: str
    at: int = 0
    names: list[tuple[int, int]] = field(default_factory=list)
    handle: str | None = None
    published: date | None = None
    other_day: date | None = None
    dated: bool = False
    updated: bool = False
    language: str | None = None

    def take(self, match: re.Match[str]) -> None:
        """Go on behind a match, and note the language that it speaks."""
        self.at = match.end()
        spoken = [name for name in ("fr", "en") if match.groupdict().get(name)]
        self.language = self.language or next(iter(spoken), None)


def read_byline(line: str) -> Known | None:
    """Read a line as a byline.

    Args:
        line: one line, without white space around it.

    Returns:
        Author, handle, day and the language that its words are in, as far as it names them;
        None where the line, or a part of it, is something else.
    """
    if len(line) > _LONGEST:
        return None
    reading = _Reading(line)
    _bare_name(reading)
    while reading.at < len(line):
        if not _step(reading):
            return None
    by_name_only = reading.names and reading.names[0][0] == 0
    if not (reading.dated or reading.handle or (reading.names and not by_name_only)):
        return None
    return _found(reading)


def _found(reading: _Reading) -> Known:
    found: Known = {}
    if reading.names:
        found["author"] = reading.line[reading.names[0][0] : reading.names[-1][1]]
    if reading.handle:
        found["handle"] = reading.handle
    if day := reading.published or reading.other_day:
        found["published"] = day
    if reading.language:
        found["language"] = reading.language
    return found


def _bare_name(reading: _Reading) -> None:
    """Read a name that opens the line without "by"; one word and a comma is a town."""
    match = _BARE_NAME.match(reading.line)
    no_name = (_BY, _PUBLISHED, _UPDATED, _READING_TIME, _ROLE, _JOINT)
    if match is None or any(pattern.match(reading.line) for pattern in no_name):
        return
    rest = reading.line[match.end() :].lstrip()
    reading.at = match.end()
    if " " in match["name"] or not rest.startswith(","):
        reading.names.append(match.span("name"))
        _more_names(reading)


def _more_names(reading: _Reading) -> None:
    while match := _MORE_NAMES.match(reading.line, reading.at):
        if match[0].startswith(",") and " " not in match["name"]:
            return
        reading.at = match.end()
        reading.names.append(match.span("name"))


def _step(reading: _Reading) -> bool:
    """Read one more piece of the line, and say whether there was one."""
    if match := _GAP.match(reading.line, reading.at):
        reading.at = match.end()
        return True
    return _person(reading) or _day(reading) or _words(reading)


def _person(reading: _Reading) -> bool:
    if match := _HANDLE.match(reading.line, reading.at):
        reading.at = match.end()
        reading.handle = reading.handle or match[0]
        return True
    match = _BY.match(reading.line, reading.at)
    if match is None or reading.names:
        return False
    reading.take(match)
    if match["name"]:
        reading.names.append(match.span("name"))
        _more_names(reading)
    return True


def _day(reading: _Reading) -> bool:
    found = dates.find(reading.line, reading.at, reading.language)
    if found is None:
        return False
    reading.at = found.end
    reading.dated = True
    reading.language = reading.language or found.language
    if reading.updated:
        reading.other_day = reading.other_day or found.day
    else:
        reading.published = reading.published or found.day
    return True


def _words(reading: _Reading) -> bool:
    """Read the words around a name and a date."""
    for pattern in (_PUBLISHED, _UPDATED, _READING_TIME, _JOINT, _TIME, _ROLE):
        if match := pattern.match(reading.line, reading.at):
            if pattern in {_PUBLISHED, _UPDATED}:
                reading.updated = pattern is _UPDATED
            reading.take(match)
            return True
    return False
