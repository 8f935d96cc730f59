"""Checks an account on Bluesky without posting, for `threadbot doctor`.

Owns what is checked and how it is said; never changes anything, the stored session included.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from threadbot.networks.bluesky_answers import FAILURES, reason
from threadbot.networks.bluesky_media import resolved
from threadbot.networks.bluesky_session import NO_RENEWAL, SignInError
from threadbot.networks.port import Finding

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.networks.bluesky_session import Connection, SdkAnswer
    from threadbot.networks.bluesky_settings import BlueskySettings

_DESCRIBE_SERVER: Final = "com.atproto.server.describeServer"
#: A clock that is off by more gives posts a wrong time.
MAX_SKEW: Final = timedelta(minutes=1)


def examination(
    connection: Connection, settings: BlueskySettings, now: datetime
) -> tuple[Finding, ...]:
    """Check app password, handle and clock.

    The password itself is tried, as a stored session outlives it.

    Args:
        connection: the account's.
        settings: the account.
        now: this machine's time (UTC).
    """
    clock = _clock(connection, settings, now)
    did = connection.stored_did()
    try:
        account = connection.try_password()
    except SignInError as error:
        credentials = _amiss("credentials", error.outcome.reason)
    else:
        credentials = _credentials(account, settings)
        did = did or str(account.did)
    return credentials, _handle(connection, settings, did), clock


def _credentials(account: SdkAnswer, settings: BlueskySettings) -> Finding:
    if account.active is False:
        message = (
            f"{settings.pds} takes the app password of {settings.handle}, but the account is "
            f"{account.status or 'not active'}; see to that in Bluesky's app."
        )
        return _amiss("credentials", message)
    message = f"{settings.pds} takes the app password of {settings.handle}."
    return _well("credentials", message)


def _handle(connection: Connection, settings: BlueskySettings, ours: str | None) -> Finding:
    handle = settings.handle
    try:
        did = resolved(connection, handle)
    except FAILURES as failure:
        return _amiss("handle", f"{handle} cannot be found: {reason(failure, settings.pds)}")
    if ours is not None and did != ours:
        message = (
            f"{handle} belongs to {did}, but the sign-in to {ours}; check handle in the "
            "configuration."
        )
        return _amiss("handle", message)
    return _well("handle", f"{handle} is {did}.")


def _clock(connection: Connection, settings: BlueskySettings, now: datetime) -> Finding:
    pds = settings.pds
    try:
        answer = connection.anonymous.invoke_query(_DESCRIBE_SERVER, **NO_RENEWAL)
        skew = now - parsedate_to_datetime(answer.headers["date"])
    except FAILURES as failure:
        return _amiss("clock", f"The time could not be compared: {reason(failure, pds)}")
    except (KeyError, TypeError):
        return _amiss("clock", f"{pds} does not tell its time.")
    seconds = round(abs(skew).total_seconds())
    if abs(skew) <= MAX_SKEW:
        return _well("clock", f"This machine's clock is right to {max(seconds, 1)} s.")
    side = "ahead of" if skew > timedelta(0) else "behind"
    message = f"This machine's clock is {seconds} s {side} that of {pds}; set it, as posts bear it."
    return _amiss("clock", message)


def _well(subject: str, message: str) -> Finding:
    return Finding(ok=True, subject=subject, message=message)


def _amiss(subject: str, message: str) -> Finding:
    return Finding(ok=False, subject=subject, message=message)
