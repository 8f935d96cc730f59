"""What a failed call to a Bluesky server means: the port's values for every way it can fail.

Owns the one table of statuses, error names and exceptions; never calls a server. The SDK's own
errors are not all of one family: some of httpx pass through, and an answer that is no JSON is a
ValueError (atproto 0.0.73).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import httpx
from atproto.exceptions import (
    AtProtocolError,
    InvokeTimeoutError,
    NetworkError,
    RateLimitExceededError,
    RequestErrorBase,
)

from threadbot.networks.port import Held, Refused, RetryAt, Unknown

if TYPE_CHECKING:
    from datetime import datetime

#: All that a call through the SDK may raise.
FAILURES: Final = (
    AtProtocolError,
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    ValueError,
)
Failure: TypeAlias = Exception

#: How soon to come back where the server names no time.
SOON: Final = timedelta(minutes=1)
#: The longest wait that a server is believed; its own longest window is a day.
LONGEST: Final = timedelta(days=1)

#: The request never left: no connection was made.
_NEVER_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_TOKEN_ERRORS: Final = frozenset({"ExpiredToken", "InvalidToken"})
_ACCOUNT_ERRORS: Final = {
    "AccountDeactivated": "is deactivated; reactivate it in Bluesky's app",
    "AccountTakedown": "is suspended; write to moderation@blueskyweb.xyz or its server's owner",
    "AccountSuspended": "is suspended; write to moderation@blueskyweb.xyz or its server's owner",
    "AccountNotFound": "is not on its server any more; check pds and handle in the configuration",
    "RepoDeactivated": "is deactivated; reactivate it in Bluesky's app",
    "RepoTakendown": "is suspended; write to moderation@blueskyweb.xyz or its server's owner",
    "RepoSuspended": "is suspended; write to moderation@blueskyweb.xyz or its server's owner",
}

_UNAUTHORIZED: Final = 401
_TOO_MANY: Final = 429
_FORBIDDEN: Final = frozenset({_UNAUTHORIZED, 403})
_REFUSED: Final = frozenset({400, 413})
_NO_SUCH_METHOD: Final = frozenset({404, 405, 501})
_APP_PASSWORDS: Final = "https://bsky.app/settings/app-passwords"


def status_of(failure: Failure) -> int | None:
    """Give the HTTP status of an answer, or None where there was none."""
    response = failure.response if isinstance(failure, RequestErrorBase) else None
    return None if response is None else int(response.status_code)


def said(failure: Failure) -> tuple[str, str]:
    """Give the name and the message of the error that a server answered."""
    response = failure.response if isinstance(failure, RequestErrorBase) else None
    content = None if response is None else response.content
    return str(getattr(content, "error", None) or ""), str(getattr(content, "message", None) or "")


def is_token_refused(failure: Failure) -> bool:
    """Tell whether the server wants another token, so that nothing was done."""
    name, _ = said(failure)
    return name in _TOKEN_ERRORS or (
        status_of(failure) == _UNAUTHORIZED and name not in _ACCOUNT_ERRORS
    )


def never_left(failure: Failure) -> bool:
    """Tell whether no connection was made, so that the server cannot have seen the call."""
    return isinstance(failure.__cause__ or failure, _NEVER_LEFT)


def come_back(failure: Failure, now: datetime) -> datetime:
    """Give the time at which a server that is busy, or away, should be asked again."""
    if not isinstance(failure, RateLimitExceededError):
        return now + SOON
    wait = None if failure.retry_after is None else timedelta(seconds=failure.retry_after)
    reset: datetime | None = failure.reset_at
    if reset is None:
        reset = now + (SOON if wait is None else wait)
    return min(max(reset, now + timedelta(seconds=1)), now + LONGEST)


def after_sign_in(failure: Failure, handle: str, pds: str, now: datetime) -> Held | RetryAt:
    """Tell what follows from a sign-in that failed; nothing has been posted.

    Args:
        failure: what was raised.
        handle: whose sign-in.
        pds: where.
        now: the time (UTC).
    """
    name, message = said(failure)
    status = status_of(failure)
    if name in _ACCOUNT_ERRORS:
        return Held("account", f"The account {handle} {_ACCOUNT_ERRORS[name]}.")
    if name == "AuthFactorTokenRequired":
        return Held(
            "credentials",
            f"Bluesky wants a code by e-mail for {handle}, as it does for the main password; make "
            f"an app password at {_APP_PASSWORDS} and put it into the configuration.",
        )
    if status in _FORBIDDEN | {400}:
        return Held(
            "credentials",
            f"{pds} refuses the app password of {handle} ({message or name or status}); make a new "
            f"one at {_APP_PASSWORDS} and put it into the configuration.",
        )
    if status in _NO_SUCH_METHOD:
        return Held("credentials", _no_server(pds, handle))
    return RetryAt(come_back(failure, now), reason(failure, pds))


def after_write(
    failure: Failure, handle: str, pds: str, now: datetime
) -> Refused | RetryAt | Held | Unknown:
    """Tell what follows from a write that failed.

    Args:
        failure: what was raised.
        handle: whose write.
        pds: where.
        now: the time (UTC).

    Returns:
        `Unknown` unless it is sure that the server did nothing.
    """
    name, message = said(failure)
    status = status_of(failure)
    if name in _ACCOUNT_ERRORS:
        return Held("account", f"The account {handle} {_ACCOUNT_ERRORS[name]}.")
    if never_left(failure) or status == _TOO_MANY:
        return RetryAt(come_back(failure, now), reason(failure, pds))
    if status in _FORBIDDEN or is_token_refused(failure):
        return Held(
            "credentials",
            f"{pds} does not let {handle} post ({message or name or status}); make a new app "
            f"password at {_APP_PASSWORDS} and put it into the configuration.",
        )
    if status in _REFUSED:
        return Refused(_refusal(name, message or name or str(status)))
    if status in _NO_SUCH_METHOD:
        return Held("other", _no_server(pds, handle))
    return Unknown(reason(failure, pds))


def after_look(failure: Failure, pds: str, now: datetime) -> RetryAt | Unknown:
    """Tell what follows from a reading that failed.

    Args:
        failure: what was raised.
        pds: where.
        now: the time (UTC).
    """
    if never_left(failure) or status_of(failure) == _TOO_MANY:
        return RetryAt(come_back(failure, now), reason(failure, pds))
    return Unknown(reason(failure, pds))


def after_delete(
    failure: Failure, handle: str, pds: str, now: datetime
) -> RetryAt | Held | Unknown:
    """Tell what follows from a deletion that failed; it may be tried again in any case.

    Args:
        failure: what was raised.
        handle: whose posts.
        pds: where.
        now: the time (UTC).
    """
    outcome = after_write(failure, handle, pds, now)
    return Held("other", outcome.reason) if isinstance(outcome, Refused) else outcome


def reason(failure: Failure, pds: str) -> str:
    """Say in a sentence what a server did instead of answering well.

    Args:
        failure: what was raised.
        pds: where.
    """
    name, message = said(failure)
    status = status_of(failure)
    if status == _TOO_MANY:
        return f"{pds} asks for a pause: too many requests."
    if status is not None:
        words = " ".join(filter(None, (str(status), name, message)))
        return f"{pds} answered with an error ({words})."
    if never_left(failure):
        return (
            f"{pds} cannot be reached; check pds in the configuration and this machine's network."
        )
    if isinstance(failure, InvokeTimeoutError):
        return f"{pds} did not answer in time."
    if isinstance(failure, NetworkError | httpx.HTTPError):
        return f"{pds} closed the connection before it answered."
    return f"{pds} gave an answer that cannot be read."


def _refusal(name: str, message: str) -> str:
    if "grapheme too big" in message:
        return (
            f"Bluesky counts more characters in a post than threadbot does ({message}), as its "
            "Unicode version is another one; shorten that post and publish again."
        )
    if name == "BlobNotFound":
        # Publishing the same words again finds the held thread and leaves it held.
        return (
            f"Bluesky has lost a picture of the thread ({message}); resume the thread, and its "
            "pictures are uploaded anew. If that is refused too, delete it and publish again."
        )
    if "blob" in (name + message).lower():
        return (
            f"Bluesky refuses a picture of the thread ({message}); take it out of the article, or "
            "replace it, and publish again."
        )
    return (
        f"Bluesky refuses the thread ({message}); nothing of it is out. Change what it names and "
        "publish again."
    )


def _no_server(pds: str, handle: str) -> str:
    return f"{pds} is no Bluesky server; check pds of {handle} in the configuration."
