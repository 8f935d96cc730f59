"""Times as people type them: `2026-12-01 08:30`, `08:30`, `1er décembre 2026 à 8h30`, `2h`.

Owns the forms that are understood, and what is said of the others; guesses at nothing. Pure: time
and zone are arguments. The only thing it looks up is the rules of a time zone that the text names.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Final, NoReturn
from zoneinfo import ZoneInfo

from threadbot.article import dates
from threadbot.delivery.durations import read_duration
from threadbot.delivery.wall_clock import MINUTE, moments_of, offset_if_twice, shown
from threadbot.errors import TimeError

if TYPE_CHECKING:
    from datetime import tzinfo

#: A time further ahead than this is a slip of the pen.
FURTHEST: Final = timedelta(days=2 * 365 + 1)
# Languages in which 03/04/2026 is the third of April.
_DAY_FIRST: Final = frozenset({"de", "es", "fr", "it", "nl", "pt"})
_GERMAN_MONTHS: Final = (
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "dezember",
)  # fmt: skip
_NO_TIME: Final = "names a day, but no time of day: add one, as in 2026-12-01 08:30"
_NO_MOMENT: Final = "is not understood as a time: write it as in 2026-12-01 08:30 or 08:30"
_LONGEST: Final = 60
_MONTHS: Final = 12
_FAR_YEARS: Final = 3

_TIME = r"""
    (?P<hour>\d{1,2}) (?:
        : (?P<minute>\d\d) (?: : (?P<second>\d\d) )? (?: \sUhr )?
      | \s?h (?: \s?(?P<minute_h>\d\d) )?
      | (?: \.(?P<minute_dot>\d\d) )? \sUhr
    )"""
_ZONE = r"""
    (?: (?P<utc>Z|\s?UTC)
      | \s?(?P<sign>[+-]) (?P<offset_hours>\d\d) (?: :?(?P<offset_minutes>\d\d) )?
      | \s(?P<name>[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+ | (?!AM|PM)[A-Z]{2,5})
    )"""
_MOMENT = re.compile(
    rf"(?: (?P<date>\S.*?) (?: (?<=\d)T | ,?\s (?: (?:à|at|um)\s )? ) )? {_TIME} {_ZONE}?",
    re.VERBOSE | re.ASCII,
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_FIGURES = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})", re.ASCII)
_GERMAN = re.compile(rf"(\d{{1,2}})\.\s?({'|'.join(_GERMAN_MONTHS)})\s(\d{{4}})", re.IGNORECASE)
# A weekday might contradict the day that it stands before, so none is let through.
_WORDS = re.compile(rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s)?{dates.MONTH}")


def read_at(
    text: str,
    zone: tzinfo,
    now: datetime,
    language: str | None = None,
    *,
    at_once: str = "publish",
) -> datetime:
    """Read a moment.

    Understood are a day and a time of day, or a time of day alone, which is the next moment at
    which the clock shows it. A zone or an offset may follow.

    Args:
        text: what was typed.
        zone: the publication's time zone, which holds unless the text names one.
        now: the present time (UTC).
        language: the publication's language, which decides what `03/04/2026` means.
        at_once: what to use for what is to go out now.

    Returns:
        The moment (UTC).

    Raises:
        TimeError: if it is in the past, more than two years ahead, skipped by a clock change, shown
            twice by one, or not understood.
    """
    typed = " ".join(text.split())
    match = _MOMENT.fullmatch(typed)
    if match is None:
        _refuse(typed, _NO_TIME if _find_date(typed, language) else _NO_MOMENT)
    zone = _zone(typed, match, zone)
    clock = _time_of_day(typed, match)
    if match["date"] is None:
        return _next(typed, clock, zone, now)
    day = _date(typed, match["date"], language)
    # Far from now, arithmetic might leave the calendar.
    years = day.year - now.year
    if years < -1:
        _refuse_past(typed, zone, now, at_once)
    if years > _FAR_YEARS:
        _refuse_far(typed)
    moment = _moment(typed, datetime.combine(day, clock), zone)
    if moment <= now:
        _refuse_past(typed, zone, now, at_once)
    if moment > now + FURTHEST:
        _refuse_far(typed)
    return moment


def read_in(text: str, now: datetime, *, at_once: str = "publish") -> datetime:
    """Read how long it is until a moment: `90m`, `2h`, `1d12h`. A day is 24 hours.

    Args:
        text: what was typed.
        now: the present time (UTC).
        at_once: what to use for what is to go out now.

    Returns:
        The moment (UTC).

    Raises:
        TimeError: if it is no such length, nothing, or more than two years.
    """
    typed = text.strip()
    duration = read_duration(typed)
    if duration is None:
        _refuse(typed, "is no length of time: write it as in 90m, 2h or 1d12h")
    if not duration:
        _refuse(typed, f"is no time from now: give a longer one, or use {at_once}")
    if duration > FURTHEST:
        _refuse_far(typed)
    return now + duration


def _refuse(typed: str, why: str) -> NoReturn:
    quoted = typed if len(typed) <= _LONGEST else f"{typed[: _LONGEST - 1]}…"
    message = f"{quoted!r} {why}"
    raise TimeError(message)


def _refuse_past(typed: str, zone: tzinfo, now: datetime, at_once: str) -> NoReturn:
    clock = f"{shown(now, zone):%Y-%m-%d %H:%M}{offset_if_twice(now, zone)}"
    why = f"is in the past, as in {zone} it is {clock}: give a later time, or use {at_once}"
    _refuse(typed, why)


def _refuse_far(typed: str) -> NoReturn:
    _refuse(typed, "is more than two years ahead: correct it, or schedule it later")


def _zone(typed: str, match: re.Match[str], zone: tzinfo) -> tzinfo:
    if match["utc"]:
        return UTC
    if match["sign"]:
        hours, minutes = int(match["offset_hours"]), int(match["offset_minutes"] or 0)
        # From -12:00 to +14:00 there are places on earth.
        if hours * 60 + minutes > 14 * 60 or minutes > 59:  # noqa: PLR2004 - as a clock has them
            _refuse(typed, "has an offset that no place has: give one from -12:00 to +14:00")
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if match["sign"] == "-" else offset)
    if match["name"] is None:
        return zone
    try:
        if "/" in match["name"]:
            return ZoneInfo(match["name"])
    except (KeyError, ValueError, OSError):
        pass
    _refuse(typed, "names no time zone that is known: write Europe/Paris or +01:00, for instance")


def _time_of_day(typed: str, match: re.Match[str]) -> time:
    minute = match["minute"] or match["minute_h"] or match["minute_dot"] or 0
    try:
        return time(int(match["hour"]), int(minute), int(match["second"] or 0))
    except ValueError:
        _refuse(typed, "has no such time of day: hours are 0 to 23, minutes 0 to 59")


def _date(typed: str, text: str, language: str | None) -> date:
    found = _find_date(text, language)
    if isinstance(found, date):
        return found
    _refuse(typed, found or _NO_MOMENT)


def _find_date(text: str, language: str | None) -> date | str | None:
    """Read a day.

    Returns:
        The day; what is wrong with it; None where the text is something else.
    """
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _GERMAN.fullmatch(text):
        month = _GERMAN_MONTHS.index(match[2].lower()) + 1
        return _day(int(match[3]), month, int(match[1]))
    if match := _FIGURES.fullmatch(text):
        return _in_figures(match, language)
    if _WORDS.match(text) and (found := dates.find(text)) and found.end == len(text):
        return found.day
    return None


def _in_figures(match: re.Match[str], language: str | None) -> date | str:
    """Read `1.12.2026`, the day first, or `1/12/2026`, which may be the twelfth of January."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "." or language in _DAY_FIRST or first == second or first > _MONTHS:
        return _day(year, second, first)
    if second > _MONTHS:
        return _day(year, first, second)
    return (
        f"may be either of two days: write {year}-{second:02}-{first:02} or "
        f"{year}-{first:02}-{second:02}"
    )


def _day(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day)
    except ValueError:
        return (
            f"names a day that is not in the calendar ({year:04}-{month:02}-{day:02}): correct it"
        )


def _next(typed: str, clock: time, zone: tzinfo, now: datetime) -> datetime:
    """Give the next moment at which the clock shows a time of day."""
    today = shown(now, zone).date()
    for day in (today, today + timedelta(days=1)):
        wall = datetime.combine(day, clock)
        reading = moments_of(wall, zone)
        if reading.moment > now or (reading.again is not None and reading.again > now):
            break
    return _moment(typed, wall, zone)


def _moment(typed: str, wall: datetime, zone: tzinfo) -> datetime:
    """Give the moment of a reading of the clock, if it is the only one."""
    reading = moments_of(wall, zone)
    if reading.skipped:
        before, after = shown(reading.moment - MINUTE, zone), shown(reading.moment, zone)
        _refuse(
            typed,
            f"does not exist in {zone}, where the clock goes from {before:%Y-%m-%d %H:%M} to "
            f"{after:%Y-%m-%d %H:%M}: take one of these, or any time before or after them",
        )
    if reading.again is not None:
        first, second = (
            moment.astimezone(zone).isoformat(" ", "minutes")
            for moment in (reading.moment, reading.again)
        )
        _refuse(
            typed,
            f"comes twice in {zone}, as the clock is put back: write {first} for the first, "
            f"{second} for the second time",
        )
    return reading.moment
