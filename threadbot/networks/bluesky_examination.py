"""Checks an account on Bluesky without posting, for `threadbot doctor`.

Owns what is checked and how it is said; never changes anything.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from threadbot.networks.bluesky_answers import FAILURES, after_sign_in, reason
from threadbot.networks.bluesky_media import resolved
from threadbot.networks.bluesky_session import NO_RENEWAL, SignInError
from threadbot.networks.port import Finding

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.networks.bluesky_session import Connection
    from threadbot.networks.bluesky_settings import BlueskySettings

_DESCRIBE_SERVER: Final = "com.atproto.server.describeServer"
#: A clock that is off by more gives posts a wrong time.
MAX_SKEW: Final = timedelta(minutes=1)


def examination(
    connection: Connection, settings: BlueskySettings, now: datetime
) -> tuple[Finding, ...]:
    """Check session, handle and clock.

    Args:
        connection: the account's.
        settings: the account.
        now: this machine's time (UTC).
    """
    clock = _clock(connection, settings, now)
    credentials = _credentials(connection, settings, now)
    if not credentials.ok:
        return credentials, clock
    return credentials, _handle(connection, settings), clock


def _credentials(connection: Connection, settings: BlueskySettings, now: datetime) -> Finding:
    try:
        connection.call(lambda client: client.com.atproto.server.get_session(**NO_RENEWAL))
    except SignInError as error:
        return _amiss("credentials", error.outcome.reason)
    except FAILURES as failure:
        outcome = after_sign_in(failure, settings.handle, settings.pds, now)
        return _amiss("credentials", outcome.reason)
    return _well("credentials", f"{settings.handle} is signed in at {settings.pds}.")


def _handle(connection: Connection, settings: BlueskySettings) -> Finding:
    handle, ours = settings.handle, connection.session().did
    try:
        did = resolved(connection, handle)
    except FAILURES as failure:
        return _amiss("handle", f"{handle} cannot be found: {reason(failure, settings.pds)}")
    if did != ours:
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
