"""Checks an account on X without posting.

Owns what is asked and how it is told; never changes anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tweepy.errors import HTTPException

from threadbot.networks.port import Finding
from threadbot.networks.x_answers import FAILURES, KEYS, after_read
from threadbot.networks.x_calls import clock_of

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.networks.x_calls import Calls, User
    from threadbot.networks.x_settings import XSettings

#: By more X refuses the signature: five minutes, less what a request may take.
MAX_SKEW: Final = timedelta(minutes=4)
_LABEL: Final = (
    "X wants an account that posts by itself to carry the label 'Automated': on x.com, Settings, "
    "Your account, Account information, Automation."
)


def examination(calls: Calls, settings: XSettings, now: datetime) -> tuple[Finding, ...]:
    """Check keys, handle and clock, and remind of the label.

    Args:
        calls: the account's.
        settings: the account.
        now: this machine's time (UTC).
    """
    try:
        user = calls.user()
    except FAILURES as failure:
        refused = _amiss("credentials", after_read(failure, settings.account, now).reason)
        clock = clock_of(failure.response) if isinstance(failure, HTTPException) else None
        # A wrong clock looks like wrong keys.
        return (refused,) if clock is None else (refused, _clock(now - clock))
    found = [_credentials(user), _handle(user, settings)]
    if user.clock is not None:
        found.append(_clock(now - user.clock))
    return (*found, _well("label", _LABEL))


def _credentials(user: User) -> Finding:
    if user.may_write is False:
        return _amiss(
            "credentials",
            f"The application may only read; give it 'Read and write' at {KEYS}, then run "
            "`threadbot auth x`.",
        )
    return _well("credentials", f"The keys are those of @{user.handle}.")


def _handle(user: User, settings: XSettings) -> Finding:
    handle = settings.handle
    if handle is not None and handle.lower() != user.handle.lower():
        return _amiss(
            "handle",
            f"The keys are those of @{user.handle}, but the configuration says @{handle}; check "
            "'handle', or run `threadbot auth x`.",
        )
    return _well("handle", f"@{user.handle} has the number {user.id}.")


def _clock(skew: timedelta) -> Finding:
    seconds = round(abs(skew).total_seconds())
    if abs(skew) <= MAX_SKEW:
        return _well("clock", f"This machine's clock is right to {max(seconds, 1)} s.")
    side = "ahead of" if skew > timedelta(0) else "behind"
    message = f"This machine's clock is {seconds} s {side} X's; set it, or X refuses every request."
    return _amiss("clock", message)


def _well(subject: str, message: str) -> Finding:
    return Finding(ok=True, subject=subject, message=message)


def _amiss(subject: str, message: str) -> Finding:
    return Finding(ok=False, subject=subject, message=message)
