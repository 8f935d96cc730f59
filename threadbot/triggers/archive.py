"""What may have been there before its source was first seen: the archive, which is no news.

Owns that question for what seems to be new. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.triggers.decisions import AskFirst, PassOver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from threadbot.triggers.decisions import Knowledge, KnownEntry, LetIn
    from threadbot.triggers.entry import Entry

#: How far the time of a file may be off: some file systems count in steps of two seconds.
FILE_SLACK: Final = timedelta(seconds=2)
#: A date without a time may be so much earlier than what it dates, in a zone that is ahead.
OF_LATE: Final = timedelta(days=1, hours=14)

# So many known entries above another show that it is not the newest.
_SHOWING_ORDER: Final = 2
_AMONG_OLDER: Final = (
    "it does not say when it was published, and stands among older ones of its source: it may be "
    "of the archive; let it in yourself if it should go out"
)
_LAST_AND_ALONE: Final = (
    "it does not say when it was published, and is the only new one, below all that is known of "
    "its source: it may be of the archive, or the newest of a feed that has its newest last; let "
    "it in yourself if it should go out"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry that seems to be new stands in its reading.

    Args:
        is_below: below all that is known.
        is_among: among older ones, in a source that has its newest first.
        is_alone: as the only new one.
    """

    is_below: bool
    is_among: bool
    is_alone: bool


def below_all_known(
    entries: Sequence[Entry], known: Mapping[Entry, KnownEntry | None]
) -> frozenset[Entry]:
    """Find what stands below everything that is known.

    Args:
        entries: those of one reading, in the source's order.
        known: what each article is known as; entries that are the same as another may be missing.
    """
    places = [place for place, entry in enumerate(entries) if known.get(entry) is not None]
    return frozenset(entries[places[-1] + 1 :] if places else ())


def among_older(
    entries: Sequence[Entry], known: Mapping[Entry, KnownEntry | None]
) -> frozenset[Entry]:
    """Find what stands below at least two known ones, where those show that the newest is first.

    Rows are numbered in the order in which articles came. One known entry alone may be pinned to
    the top, and what is pinned is seldom what came last.

    Args:
        entries: those of one reading, in the source's order.
        known: what each article is known as; entries that are the same as another may be missing.
    """
    rows = [None if (one := known.get(entry)) is None else one.id for entry in entries]
    found: list[Entry] = []
    above: list[int] = []
    for entry, row, least in zip(entries, rows, _least_below(rows), strict=True):
        if row is None:
            if len(above) >= _SHOWING_ORDER and least is not None and least < above[-1]:
                found.append(entry)
        elif above and row > above[-1]:
            break
        else:
            above.append(row)
    return frozenset(found)


def _least_below(rows: Sequence[int | None]) -> list[int | None]:
    """Give, for each place, the lowest row at it or below."""
    least: list[int | None] = []
    for row in reversed(rows):
        known = [one for one in (row, *least[-1:]) if one is not None]
        least.append(min(known, default=None))
    return least[::-1]


def unless_old(new: LetIn, knowledge: Knowledge, place: Place) -> LetIn | PassOver | AskFirst:
    """Let nothing in that may have been there before its source was first seen.

    Args:
        new: what nothing else speaks against.
        knowledge: what is remembered of its source.
        place: where it stands in its reading.
    """
    seen = knowledge.first_seen
    if seen is None:
        return new
    if new.entry.source is not None:
        return _unless_old_file(new, seen)
    reason = _why_old(new, knowledge, seen, is_below=place.is_below)
    if reason is None:
        is_doubtful = place.is_among and _date(new) is None
        common = (new.entry, new.keys, new.version, new.known)
        return AskFirst(*common, _AMONG_OLDER) if is_doubtful else new
    if place.is_below and place.is_alone and _date(new) is None and not new.entry.is_update:
        # A feed that has its newest last would never post anything, and nobody would know why.
        return AskFirst(new.entry, new.keys, new.version, new.known, _LAST_AND_ALONE)
    if knowledge.is_bare and _is_of_late(new, seen):
        question = (
            "it is dated shortly before its source was first seen, which was empty then: it may "
            "have been there before; let it in yourself if it should go out"
        )
        return AskFirst(new.entry, new.keys, new.version, new.known, question)
    return PassOver(new.entry, new.keys, new.version, new.known, reason, "stock")


def _why_old(new: LetIn, knowledge: Knowledge, seen: datetime, *, is_below: bool) -> str | None:
    entry, date = new.entry, _date(new)
    is_before = date is not None and date < seen
    if entry.is_update and new.known is None and (date is None or is_before):
        return "it is an edit of what was published before its source was first seen"
    if date is not None and not is_before:
        return None
    said = "it does not say when it was published"
    if is_before:
        said = "it is dated before its source was first seen"
    if is_below:
        return f"{said}, and stands below all that is known of its source: it is of the archive"
    if knowledge.is_bare:
        return f"{said}, and is among the first that its source showed, which takes stock"
    return None


def _date(new: LetIn) -> datetime | None:
    """Give when it was published; that of a change says nothing of it."""
    return None if new.entry.dated_by_change else new.entry.published


def _is_of_late(new: LetIn, seen: datetime) -> bool:
    """Tell whether it is dated so shortly before the first sight that it may have come after it."""
    date = _date(new)
    return date is not None and seen < date + OF_LATE


def _unless_old_file(new: LetIn, seen: datetime) -> LetIn | AskFirst:
    """Ask about a file that was written before its folder was first seen, but was not in it.

    The folder may have been the empty place of a disk that was not there yet, or an archive was
    copied into it. It is new whatever stands beside it: a folder has no order.
    """
    written = new.entry.written
    if written is None or written >= seen - FILE_SLACK:
        return new
    reason = (
        f"its file was written on {written:%Y-%m-%d}, before its folder was first seen, and came "
        "later: it may be of an archive; let it in yourself if it should go out"
    )
    return AskFirst(new.entry, new.keys, new.version, new.known, reason)
