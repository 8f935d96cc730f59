"""Webhooks: who sent this, and which article does it bring?

Owns the signatures of Ghost, WP Webhooks and Standard Webhooks, and what of their messages is
believed. Listens to nothing: it takes a body, headers and the time, and gives a value. Nothing here
is answered with 410, by which Ghost and WebSub hubs would forget us for ever.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from threadbot.errors import SourceError
from threadbot.triggers.json_feed import read_json
from threadbot.triggers.webhook_messages import (
    Ignored,
    ghost_entry,
    standard_entry,
    wordpress_entry,
)

if TYPE_CHECKING:
    from threadbot.triggers.entry import Entry
    from threadbot.triggers.settings import WebhookKind

#: The largest message that is taken, in bytes; the listener need not read more than this.
MAX_BYTES: Final = 5_000_000
#: How far a message's own time may be from ours: older ones may be somebody's recording.
WINDOW: Final = timedelta(minutes=5)

# Far more digits than a time has.
_DIGITS = re.compile(r"[0-9]{1,16}")
_GHOST = re.compile(r"\s*sha256=([0-9a-fA-F]{64})\s*,\s*t=([0-9]{1,16})\s*")
_HASH = re.compile(r"[A-Za-z0-9+/]{43}=")
_MOST_SIGNATURES = 10


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that brings an article: store it, then answer 202.

    Args:
        entry: the article, for intake to decide on.
        delivery: the sender's own name for this message, or None; a repeated one is the same.
    """

    entry: Entry
    delivery: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is not taken.

    Args:
        status: how to answer.
        reason: why, in a sentence for the log; it is not to be told to whoever sent this.
    """

    status: Literal[401, 413]
    reason: str


Outcome: TypeAlias = Accepted | Ignored | Refused
_Headers: TypeAlias = Mapping[str, str]


def receive(
    kind: WebhookKind, body: bytes, headers: Mapping[str, str], secret: str, now: datetime
) -> Outcome:
    """Examine a message.

    Args:
        kind: what its sender is.
        body: exactly as it came.
        headers: by name, in any case.
        secret: what sender and receiver share; never empty.
        now: the time (UTC).

    Returns:
        `Accepted` with the article; `Ignored` (answer 200) for a genuine message that brings none;
        `Refused` for one that is too large, or not genuine.

    Raises:
        ValueError: the secret is none (`secret_problem`).
    """
    if (problem := secret_problem(kind, secret)) is not None:
        raise ValueError(problem)
    if len(body) > MAX_BYTES:
        return Refused(413, f"the message is larger than {MAX_BYTES:,} bytes")
    lower = {name.lower(): value for name, value in headers.items()}
    if (refused := refused_unread(kind, lower, now)) is not None:
        return refused
    if (reason := _CHECKS[kind](body, lower, secret)) is not None:
        return Refused(401, reason)
    try:
        found = _ENTRIES[kind](read_json(body.decode("utf-8", "replace")))
    except SourceError as error:
        return Ignored(f"the message cannot be read: {error}")
    return found if isinstance(found, Ignored) else Accepted(found, lower.get("webhook-id"))


def refused_unread(kind: WebhookKind, headers: Mapping[str, str], now: datetime) -> Refused | None:
    """Say why a message is refused whatever its body is, or None where its body must tell.

    Args:
        kind: what its sender is.
        headers: by name in lower case.
        now: the time (UTC).

    Returns:
        A refusal where the signature is missing or is none, or its time is not the present.
    """
    reason = _BEFORE[kind](headers, now)
    return None if reason is None else Refused(401, reason)


def secret_problem(kind: WebhookKind, secret: str) -> str | None:
    """Say in a sentence why a secret cannot be used, or None where it can.

    Without a secret anybody could have articles posted, so each webhook needs one.
    """
    if not secret.strip():
        return "it is empty; a webhook needs a secret that only its sender knows"
    if kind == "standard" and not _standard_key(secret):
        return "it is no secret of Standard Webhooks: whsec_ and a key in base64"
    return None


def _standard_key(secret: str) -> bytes:
    # Some leave out the equals signs at the end, and one too many is an error.
    digits = secret.removeprefix("whsec_").rstrip("=")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except ValueError:
        return b""


def _before_ghost(headers: _Headers, now: datetime) -> str | None:
    found = _GHOST.fullmatch(headers.get("x-ghost-signature", ""))
    if found is None:
        return "it has no X-Ghost-Signature; give Ghost's webhook the secret"
    return _check_time(int(found[2]) / 1000, now)


def _before_wordpress(headers: _Headers, _now: datetime) -> str | None:
    if _HASH.fullmatch(headers.get("x-wp-webhook-signature", "").strip()) is None:
        return "it has no X-WP-Webhook-Signature; give the trigger of WP Webhooks the secret"
    return None


def _before_standard(headers: _Headers, now: datetime) -> str | None:
    name, time = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not name or not _signatures(headers) or _DIGITS.fullmatch(time) is None:
        return "it lacks webhook-id, webhook-timestamp or webhook-signature"
    return _check_time(int(time), now)


def _signatures(headers: _Headers) -> list[str]:
    """Give the signatures of Standard Webhooks of the kind that a secret makes."""
    given = headers.get("webhook-signature", "").split(" ")[:_MOST_SIGNATURES]
    return [one for one in given if one.startswith("v1,") and _HASH.fullmatch(one[3:])]


def _check_ghost(body: bytes, headers: _Headers, secret: str) -> str | None:
    """Check `X-Ghost-Signature: sha256=HEX, t=MILLISECONDS`, an HMAC over the body and t."""
    found = _GHOST.fullmatch(headers.get("x-ghost-signature", ""))
    given, moment = (found[1], found[2]) if found else ("", "")
    expected = hmac.new(secret.encode(), body + moment.encode(), hashlib.sha256).hexdigest()
    if hmac.compare_digest(expected, given.lower()):
        return None
    return "its X-Ghost-Signature does not fit; is it the same secret?"


def _check_wordpress(body: bytes, headers: _Headers, secret: str) -> str | None:
    """Check `X-WP-Webhook-Signature`, the HMAC of the body in base64.

    It holds no time; a message that is sent again brings nothing new, as intake knows its article.
    """
    given = headers.get("x-wp-webhook-signature", "").strip()
    expected = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    if hmac.compare_digest(base64.b64encode(expected), given.encode()):
        return None
    return "its X-WP-Webhook-Signature does not fit; is it the same secret?"


def _check_standard(body: bytes, headers: _Headers, secret: str) -> str | None:
    """Check the signatures of Standard Webhooks 1.0.

    The library's own `verify` asks the system's clock and stumbles over unknown signatures, so it
    signs, and the comparison is made here.
    """
    from standardwebhooks import Webhook  # noqa: PLC0415 - wanted for one kind alone

    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "it is no UTF-8"
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    expected = Webhook(_standard_key(secret)).sign(headers["webhook-id"], moment, text)
    fits = [hmac.compare_digest(expected.encode(), one.encode()) for one in _signatures(headers)]
    return None if any(fits) else "its webhook-signature does not fit; is it the same secret?"


def _check_time(seconds: float, now: datetime) -> str | None:
    if abs(now.timestamp() - seconds) <= WINDOW.total_seconds():
        return None
    minutes = WINDOW.total_seconds() // 60
    return f"it was signed more than {minutes:.0f} minutes from now; are both clocks right?"


_BEFORE: Mapping[WebhookKind, Callable[[_Headers, datetime], str | None]] = {
    "ghost": _before_ghost,
    "wordpress": _before_wordpress,
    "standard": _before_standard,
}
_CHECKS: Mapping[WebhookKind, Callable[[bytes, _Headers, str], str | None]] = {
    "ghost": _check_ghost,
    "wordpress": _check_wordpress,
    "standard": _check_standard,
}
_ENTRIES: Mapping[WebhookKind, Callable[[dict[str, Any]], Entry | Ignored]] = {
    "ghost": ghost_entry,
    "wordpress": wordpress_entry,
    "standard": standard_entry,
}
