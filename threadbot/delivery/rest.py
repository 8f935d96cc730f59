"""What a thread that was carried as far as it goes says about when to come back.

Owns that one value, so that nobody has to import the engine, which is heavy, to speak with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """A thread rests: for good, or until a moment.

    Args:
        until: when to carry it further (UTC), or None where nothing is left to do.
        reason: what it waits for, for people; empty where nothing is left to do.
    """

    until: datetime | None = None
    reason: str = ""


#: Nothing is left to do.
DONE: Final = Rest()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread that this worker holds and that waits.

    Args:
        thread: its short name.
        attempt: which attempt was handed over.
        until: when it is carried further (UTC).
        reason: what it waits for.
    """

    thread: str
    attempt: int
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """A thread that is to be carried.

    Args:
        thread: its short name.
        attempt: which attempt.
        account: threads of the same account are carried one after the other.
        sandbox: whether it goes to the sandbox.
    """

    thread: str
    attempt: int
    account: str
    sandbox: bool = False
