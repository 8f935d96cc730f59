"""What the clock on the wall shows, and which moment that is.

Owns the arithmetic of clock changes: readings that a change skips, and readings that it shows
twice. Pure: zones are arguments, and it never asks what time it is.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

ZERO = timedelta(0)
MINUTE = timedelta(minutes=1)
EPOCH_SHOWN = datetime(1970, 1, 1)  # noqa: DTZ001 - as a clock shows it
EPOCH = EPOCH_SHOWN.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """The moments that a reading of the clock on the wall stands for.

    Args:
        moment: when the clock first shows it; if a change skips it, the first minute after the
            change (UTC).
        again: when the clock shows it a second time; None where it does not (UTC).
        skipped: whether a change skips it.
    """

    moment: datetime
    again: datetime | None = None
    skipped: bool = False


def moments_of(wall: datetime, zone: tzinfo) -> Reading:
    """Say which moments a reading stands for.

    Args:
        wall: what the clock shows, without a zone.
        zone: where the clock hangs.
    """
    # Of two offsets the first holds before the change, the second after it (PEP 495).
    before = zone.utcoffset(wall) or ZERO
    after = zone.utcoffset(wall.replace(fold=1)) or ZERO
    again = _as_if_in_utc(wall) - after if before > after else None
    return Reading(first_moment(wall, zone), again, skipped=before < after)


def first_moment(wall: datetime, zone: tzinfo) -> datetime:
    """Give the moment at which the clock first shows a reading, or the first minute after it.

    Args:
        wall: what the clock shows, without a zone.
        zone: where the clock hangs.
    """
    in_utc = _as_if_in_utc(wall)
    before = zone.utcoffset(wall) or ZERO
    moment = in_utc - before
    # The offset before a change no longer holds at a moment that is reckoned across it.
    at_moment = moment.astimezone(zone).utcoffset() or ZERO
    return moment if at_moment == before else _change(in_utc - at_moment, moment, zone)


def shown(moment: datetime, zone: tzinfo) -> datetime:
    """Give what the clock on the wall shows, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def offset_if_twice(moment: datetime, zone: tzinfo) -> str:
    """Say which of two a moment is whose reading the clock on the wall shows twice.

    Args:
        moment: with its zone.
        zone: where the clock hangs.

    Returns:
        A space and the offset, as in ` UTC+01:00`; nothing where the clock shows the reading once.
    """
    local = moment.astimezone(zone)
    offset = local.utcoffset() or ZERO
    if zone.utcoffset(local.replace(fold=1 - local.fold)) == offset:
        return ""
    return f" {timezone(offset)}"


def _as_if_in_utc(wall: datetime) -> datetime:
    # Ten times as fast as `replace`, which would be most of the time that a search for slots takes.
    return EPOCH + (wall - EPOCH_SHOWN)


def _change(start: datetime, end: datetime, zone: tzinfo) -> datetime:
    """Find the first minute after `start` at which the offset is the one at `end`."""
    changed = end.astimezone(zone).utcoffset()

    def has_changed(minutes: int) -> bool:
        return (start + minutes * MINUTE).astimezone(zone).utcoffset() == changed

    minutes = range((end - start) // MINUTE)
    return start + bisect_left(minutes, x=True, key=has_changed) * MINUTE
