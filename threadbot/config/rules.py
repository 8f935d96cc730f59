"""Rules for single values that are more than a type: handles, languages, time zones.

Owns each rule and its words; never knows which key it is used for.
"""

from __future__ import annotations

import re
import zoneinfo
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

# https://help.x.com/en/managing-your-account/x-username-rules (read 2026-08-22).
_X_HANDLE = re.compile(r"@?[A-Za-z0-9_]{1,15}")
# https://atproto.com/specs/handle (read 2026-08-22): a domain name of at most 253 characters.
_BLUESKY_HANDLE = re.compile(
    r"@?(?=.{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


class RuleError(ValueError):
    """A value breaks its rule.

    Args:
        phrase: what the value must be, to follow the words "must be".
        candidates: values that could have been meant.
    """

    def __init__(self, phrase: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(phrase)
        self.candidates = candidates


def check_handle(handle: str, network: NetworkName) -> str:
    """Let a handle through that its network could have given out.

    Raises:
        RuleError: for any other.
    """
    if network == "x":
        if _X_HANDLE.fullmatch(handle) is None:
            message = "a handle on X (1 to 15 letters, digits or underscores)"
            raise RuleError(message)
    elif _BLUESKY_HANDLE.fullmatch(handle) is None:
        message = 'a handle on Bluesky (a domain name such as "name.bsky.social")'
        raise RuleError(message)
    return handle


def check_timezone(name: str) -> str:
    """Let the name of a time zone through that this machine knows.

    Raises:
        RuleError: for any other.
    """
    # Python's own data may be missing on small machines, and UTC needs none.
    if name == "UTC":
        return name
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        phrase = 'a time zone of the IANA database such as "Europe/Paris"'
        known = zoneinfo.available_timezones()
        if not known:
            phrase += " (this machine has no such database: install the Python package tzdata)"
        raise RuleError(phrase, tuple(sorted(known))) from error
    return name


def exact_number(value: object) -> object:
    """Turn a whole number into a decimal one; leave everything else to the schema."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def normalised_name(name: str) -> str:
    """Give the name of somebody as it is looked up: in lower case, without `@`."""
    return name.removeprefix("@").lower()
