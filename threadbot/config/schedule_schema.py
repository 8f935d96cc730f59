"""The configuration's keys of the timetable.

Owns the table `[schedule]`, in which days are keys, too; how its values go together is judged by
`schedule_checks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from threadbot.config.keys import Table, key
from threadbot.config.schedule_rules import (
    BLACKOUT_RULE,
    DISTANCE_RULE,
    LATENESS_RULE,
    NETWORKS_RULE,
    QUIET_RULE,
    SLOTS_RULE,
    TOGETHER,
    day_as_text,
    read_blackout,
    read_distance,
    read_lateness,
    read_networks,
    read_quiet,
    read_slot,
)
from threadbot.delivery.durations import write_duration
from threadbot.delivery.schedule import DEFAULT_SLOTS, Schedule

if TYPE_CHECKING:
    from collections.abc import Callable


def kept(read: Callable[[str], object]) -> AfterValidator:
    """Check text with its reader and keep it as it is: it is read again when values are built."""

    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


SlotText = Annotated[str, kept(read_slot)]
QuietText = Annotated[str, kept(read_quiet)]
BlackoutText = Annotated[str, BeforeValidator(day_as_text), kept(read_blackout)]

# The defaults stand where the values are defined.
_SCHEDULE = Schedule()


class ScheduleTable(Table):
    """`[schedule]`."""

    model_config = ConfigDict(extra="allow")
    #: The slots of days, by what the file calls them.
    __pydantic_extra__: dict[str, list[SlotText]] = Field(init=False)
    extra_rule: ClassVar[str] = SLOTS_RULE

    daily: list[SlotText] = key(
        "The slots of every day, in the publication's time zone. Days of their own have keys such "
        'as `mon-fri`, `sat` or `"sat,sun"`; a day that is not named then has no slot.',
        SLOTS_RULE,
        [f"{slot:%H:%M}" for slot in DEFAULT_SLOTS],
    )
    least_distance: Annotated[str, kept(read_distance)] = key(
        "The least time between two threads of an account.",
        DISTANCE_RULE,
        write_duration(_SCHEDULE.least_distance),
    )
    quiet: list[QuietText] = key(
        "The times of day in which nothing goes out by itself; they may pass midnight.",
        QUIET_RULE,
        [],
    )
    blackout: list[BlackoutText] = key(
        "The days on which nothing goes out by itself.", BLACKOUT_RULE, []
    )
    networks: Annotated[str, kept(read_networks)] = key(
        "Whether an article's threads are due on all networks at once, or on each one a while "
        "after the one before.",
        NETWORKS_RULE,
        TOGETHER,
    )
    max_late: Annotated[str, kept(read_lateness)] = key(
        "How late a thread may still go out by itself, after an outage for instance. What would be "
        "later is held.",
        LATENESS_RULE,
        write_duration(_SCHEDULE.max_late),
    )

    @property
    def days(self) -> dict[str, list[str]]:
        """The slots that the file gives to days, by what it calls them."""
        days = dict(self.__pydantic_extra__ or {})
        return days | {"daily": self.daily} if "daily" in self.model_fields_set else days
