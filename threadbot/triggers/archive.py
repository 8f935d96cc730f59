"""What may have been there before its source was first seen: the archive, which is no news.

Owns that question for what seems to be new. Pure.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.triggers.decisions import AskFirst, PassOver

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.triggers.decisions import Knowledge, LetIn

#: How far the time of a file may be off: some file systems count in steps of two seconds.
FILE_SLACK: Final = timedelta(seconds=2)
#: A date without a time may be so much earlier than what it dates, in a zone that is ahead.
OF_LATE: Final = timedelta(days=1, hours=14)

_LAST_AND_ALONE: Final = (
    "it does not say when it was published, and is the only new one, below all that is known of "
    "its source: it may be of the archive, or the newest of a feed that has its newest last; let "
    "it in yourself if it should go out"
)


def unless_old(
    new: LetIn, knowledge: Knowledge, *, is_below: bool, is_alone: bool
) -> LetIn | PassOver | AskFirst:
    """Let nothing in that may have been there before its source was first seen.

    Args:
        new: what nothing else speaks against.
        knowledge: what is remembered of its source.
        is_below: whether it stands below all that is known.
        is_alone: whether it is the only new one of its reading.
    """
    seen = knowledge.first_seen
    if seen is None:
        return new
    if new.entry.source is not None:
        return _unless_old_file(new, seen)
    reason = _why_old(new, knowledge, seen, is_below=is_below)
    if reason is None:
        return new
    if is_below and is_alone and _date(new) is None and not new.entry.is_update:
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
