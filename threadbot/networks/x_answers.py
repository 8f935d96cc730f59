"""What a failed call to X means: the port's values for every way it can fail.

Owns the one table of statuses, words and exceptions; never calls X. What tweepy 4.17.0 raises is
not of one family: besides its own errors, those of requests, of JSON (an answer that is a page) and
AttributeError or TypeError (an error's body that is a list, or has null in it) pass through.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from requests.exceptions import RequestException
from tweepy.errors import HTTPException, TweepyException

from threadbot.networks.port import Held, Refused, Repeated, RetryAt, Unknown
from threadbot.networks.x_transport import never_left

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadbot.networks.port import HoldKind

#: All that a call through tweepy may raise.
FAILURES: Final = (
    TweepyException,
    RequestException,
    ValueError,
    AttributeError,
    OverflowError,
    TypeError,
    KeyError,
)
Failure: TypeAlias = Exception

#: The longest wait that X is believed; its longest window is a day.
LONGEST: Final = timedelta(days=1)
KEYS: Final = "https://developer.x.com/en/portal/dashboard"

_UNAUTHORIZED: Final = 401
_NO_CREDIT: Final = 402
_NOT_FOUND: Final = 404
_TIMED_OUT: Final = 408
_TOO_MANY: Final = 429
_CLIENT_ERRORS: Final = range(400, 500)
_NO_SUCH_METHOD: Final = frozenset({_NOT_FOUND, 405, 410})

#: Windows that may be used up, by the beginning of their headers' names.
_WINDOWS: Final = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")

_DUPLICATE: Final = "duplicate content"
_GONE: Final = "deleted or not visible"
_MEDIA: Final = "media id"
_NOT_THERE: Final = ("not found", "not-found", "could not find")
#: What X says about an account or an application, in lower case, and what is amiss then. The words
#: are those of its documentation (response codes, read on 2026-11-24).
_AMISS: Final[tuple[tuple[str, HoldKind, str], ...]] = (
    ("suspended", "account", "the account is suspended; appeal at https://help.x.com"),
    ("locked", "account", "the account is locked; sign in at https://x.com to unlock it"),
    ("deactivated", "account", "the account is deactivated; reactivate it at https://x.com"),
    (
        "oauth1 app permissions",
        "credentials",
        "the application may only read; give it 'Read and write' at " + KEYS + ", then run "
        "`threadbot auth x`",
    ),
    (
        "client-forbidden",
        "credentials",
        "the application may not use this part of X's API; see its project at " + KEYS,
    ),
)


def status_of(failure: Failure) -> int | None:
    """Give the HTTP status of an answer, or None where there was none."""
    response = failure.response if isinstance(failure, HTTPException) else None
    return None if response is None else int(response.status_code)


def said(failure: Failure) -> str:
    """Give what X said, in its own words, the most specific; empty where that cannot be read."""
    texts = _texts(failure)
    return texts[0] if texts else ""


def _texts(failure: Failure) -> list[str]:
    """Give all that X said, the most specific first."""
    body = _body(failure)
    errors = body.get("errors")
    parts = [
        each.get(name)
        for each in (errors if isinstance(errors, list) else ())
        if isinstance(each, dict)
        for name in ("detail", "message")
    ]
    parts += [body.get(name) for name in ("detail", "error", "title", "type", "reason")]
    return [" ".join(part.split()) for part in parts if isinstance(part, str) and part.strip()]


def _body(failure: Failure) -> Mapping[str, Any]:
    if not isinstance(failure, HTTPException):
        return {}
    try:
        body = failure.response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def after_post(
    failure: Failure, account: str, post: int, now: datetime
) -> Refused | RetryAt | Held | Repeated | Unknown:
    """Tell what follows from a post that failed.

    Args:
        failure: what was raised.
        account: whose post.
        post: its number in the thread, counted from 1.
        now: the time (UTC).

    Returns:
        `Unknown` unless it is sure that X stored nothing.
    """
    status = status_of(failure)
    if (common := _common(failure, account, now)) is not None:
        return common
    if status not in _CLIENT_ERRORS or status == _TIMED_OUT:
        return Unknown(reason(failure))
    return _refusal(failure, post)


def _refusal(failure: Failure, post: int) -> Refused | Held | Repeated:
    """Tell what follows where X has not stored a post, and says why."""
    status = status_of(failure)
    words = said(failure).rstrip(".") or f"status {status}"
    everything = " ".join(_texts(failure)).lower()
    if _DUPLICATE in everything:
        return Repeated(f"X refuses post {post} as a duplicate ({words}).")
    anew = "delete the thread, then publish it anew"
    if _GONE in everything:
        what = f"The post before post {post} was deleted, or X does not show it"
        return Held("broken", f"{what}; {anew}.")
    if _MEDIA in everything:
        what = f"X has the pictures of post {post} no more"
        return Held("other", f"{what}; resume the thread, which uploads them once more.")
    if status in _NO_SUCH_METHOD:
        return Held("other", f"No part of X's API answers there (status {status}); check 'api'.")
    return Refused(f"X refuses post {post} ({words}); change what X does not take, {anew}.")


def after_read(failure: Failure, account: str, now: datetime) -> RetryAt | Held | Unknown:
    """Tell what follows from a look that failed.

    Args:
        failure: what was raised.
        account: whose.
        now: the time (UTC).
    """
    return _common(failure, account, now) or Unknown(reason(failure))


def after_delete(failure: Failure, account: str, now: datetime) -> RetryAt | Held | Unknown | None:
    """Tell what follows from a deletion that failed.

    Args:
        failure: what was raised.
        account: whose.
        now: the time (UTC).

    Returns:
        None where the post is gone already.
    """
    # Any server may say 404; X says what it did not find.
    said_of = " ".join(_texts(failure)).lower()
    if status_of(failure) == _NOT_FOUND and any(words in said_of for words in _NOT_THERE):
        return None
    if (common := _common(failure, account, now)) is not None:
        return common
    status = status_of(failure)
    if status in _CLIENT_ERRORS and status != _TIMED_OUT:
        words = said(failure).rstrip(".") or f"status {status}; check 'api'"
        return Held("other", f"X does not delete the post ({words}); delete it on x.com.")
    return Unknown(reason(failure))


def come_back(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Give the time at which X says that a full window opens again, or None.

    Args:
        headers: of its answer.
        now: the time (UTC).
    """
    resets = [
        int(headers[f"{window}-reset"])
        for window in _WINDOWS
        if headers.get(f"{window}-reset", "").isdecimal()
        # The window of 15 minutes is the usual one; the others count where they are used up.
        and (window == _WINDOWS[0] or headers.get(f"{window}-remaining") == "0")
    ]
    if not resets:
        return None
    # A second more, as the header is cut to whole ones.
    latest = min(max(resets), int((now + LONGEST).timestamp())) + 1
    return max(datetime.fromtimestamp(latest, UTC), now + timedelta(seconds=1))


def reason(failure: Failure) -> str:
    """Say in a sentence what happened to a call."""
    status = status_of(failure)
    if status is not None:
        words = said(failure).rstrip(".")
        return f"X answers {status} ({words})." if words else f"X answers {status}."
    if never_left(failure):
        return "X cannot be reached."
    if isinstance(failure, RequestException) and not isinstance(failure, ValueError):
        return "The connection to X was lost before its answer."
    return "X's answer cannot be understood."


def _common(failure: Failure, account: str, now: datetime) -> RetryAt | Held | None:
    """Tell what follows from a failure that means the same for every call."""
    status, words = status_of(failure), " ".join(_texts(failure)).lower()
    if never_left(failure):
        return RetryAt(now, reason(failure))
    if status == _TOO_MANY and isinstance(failure, HTTPException):
        return RetryAt(come_back(failure.response.headers, now) or now, reason(failure))
    if status == _UNAUTHORIZED:
        return Held(
            "credentials",
            f"X refuses the keys of the account '{account}'; run `threadbot auth x`, then "
            "`threadbot doctor`.",
        )
    if status == _NO_CREDIT:
        return Held(
            "credit", f"The credit for X's API is used up; buy more at {KEYS}, then resume."
        )
    if status in _CLIENT_ERRORS:
        for told, kind, what in _AMISS:
            if told in words:
                return Held(kind, f"X does not let '{account}' do this: {what}.")
    return None
