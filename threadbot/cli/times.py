"""Times on the command line: the options that name one, how one is shown, and the present.

Owns the words; `delivery` reads times and places threads.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from threadbot.config import Config
    from threadbot.delivery.timing import Timing, When

_Function = TypeVar("_Function", bound="Callable[..., Any]")


class TimeOptions(TypedDict):
    """The values of the options that `time_options` adds."""

    at: str | None
    in_: str | None
    next_slot: bool


#: In the order in which help shows them.
_OPTIONS = (
    click.option("--at", metavar="TIME", help='Such as "2026-12-01 08:30" or 08:30.'),
    click.option("--in", "in_", metavar="LENGTH", help="Such as 90m, 2h or 1d12h from now."),
    click.option("--next-slot", is_flag=True, help="The next slot that is free."),
)


def present() -> datetime:
    """Give the present (UTC)."""
    return datetime.now(UTC)


def time_options(function: _Function) -> _Function:
    """Add the options that say when."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def read_timing(
    config: Config,
    options: TimeOptions,
    now: datetime,
    usual: When | None = None,
    *,
    at_once: str = "publish",
) -> Timing:
    """Read when something is to go out.

    Args:
        config: has the timetable, and the language in which days are written.
        options: what the command line said.
        now: the present (UTC).
        usual: what holds where nothing was said; None where something has to be.
        at_once: what the refusal of a time that has passed tells to use instead.

    Raises:
        click.UsageError: not exactly one of the options was given.
        TimeError: the time cannot be used.
    """
    from threadbot.delivery.timing import At, NextSlot, Timing  # noqa: PLC0415 - not for --help
    from threadbot.delivery.typed_times import read_at, read_in  # noqa: PLC0415 - the same

    at, length, next_slot = options["at"], options["in_"], options["next_slot"]
    count = sum((at is not None, length is not None, next_slot))
    if count > 1 or (count == 0 and usual is None):
        message = "say when, with one of --at, --in and --next-slot"
        raise click.UsageError(message)
    schedule = config.schedule
    if at is not None:
        moment = read_at(at, schedule.timezone, now, config.publication.language, at_once=at_once)
        return Timing(schedule, At(moment))
    if length is not None:
        return Timing(schedule, At(read_in(length, now, at_once=at_once)))
    return Timing(schedule, NextSlot() if next_slot or usual is None else usual)


def time_in_words(moment: datetime, zone: tzinfo) -> str:
    """Say a moment as the publication's clock shows it, with the zone's name."""
    return f"{clock_time(moment, zone)} ({zone})"


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """Say a moment as the publication's clock shows it; with its offset where that comes twice."""
    from threadbot.delivery.wall_clock import offset_if_twice  # noqa: PLC0415 - not for --help

    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}{offset_if_twice(moment, zone)}"
