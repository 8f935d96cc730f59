"""WebSub: a feed's hub tells us of news, instead of our asking.

Owns the subscriber's side of https://www.w3.org/TR/websub/ (read 2026-11-24): finding the hub,
subscribing, proving that we meant it, renewing the lease, and the signature of what is delivered.
Sends and listens to nothing: it gives forms to post and takes what came in. Asking goes on as the
fallback (`polling.Moment.pushed`), so that a hub that falls silent loses nothing. Pure.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from threadbot.article.address import resolve
from threadbot.triggers.link_header import links
from threadbot.triggers.pauses import pause_after
from threadbot.triggers.webhook_messages import Ignored

if TYPE_CHECKING:
    from collections.abc import Mapping

SubscriptionState: TypeAlias = Literal["asked", "active", "denied", "failed"]

#: The lease that is asked for; hubs grant what they like.
LEASE: Final = timedelta(days=10)
#: The bounds in which a granted lease is believed.
SHORTEST_LEASE: Final = timedelta(minutes=10)
LONGEST_LEASE: Final = timedelta(days=30)
#: The part of a lease after which it is renewed, at the latest.
RENEWED_AT: Final = 0.8
#: How long a hub may take to ask back whether we meant it.
ANSWERED_WITHIN: Final = timedelta(hours=1)
#: How long a hub is left alone that said no, or fails again and again.
PATIENCE: Final = timedelta(days=1)
#: The largest delivery that is taken, in bytes.
MAX_BYTES: Final = 5_000_000

# "A subscriber MUST use sha1, sha256, sha384 or sha512" (section 7.1).
_SIGNATURE: Final = re.compile(r"(?:sha1|sha256|sha384|sha512)=\s*[0-9a-f]{40,128}", re.IGNORECASE)
_LONGEST_SECRET: Final = 199
_LONGEST_CHALLENGE: Final = 2_000
_OK, _END_OF_OK = 200, 300


@dataclass(frozen=True, slots=True)
class Discovery:
    """Where to subscribe.

    Args:
        hub: the hub's address.
        topic: the feed's address as the hub knows it.
    """

    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it is remembered.

    Args:
        hub: the hub's address.
        topic: the feed's address as the hub knows it.
        callback: our address for this subscription alone; it holds a part that cannot be guessed.
        secret: what deliveries are signed with.
        state: asked, and not yet confirmed; active; denied by the hub; failed.
        ask_at: when to ask the hub again (UTC), for the first time or to renew.
        expires_at: when the lease ends (UTC), or None before it was granted.
        failures: how often in a row asking has failed.
        reason: what is wrong, in a sentence, or None.
    """

    hub: str
    topic: str
    callback: str
    secret: str
    state: SubscriptionState
    ask_at: datetime
    expires_at: datetime | None = None
    failures: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The hub asked whether we meant it: store the subscription, then answer.

    Args:
        subscription: as it is now.
        challenge: the body of the answer, as text/plain with status 200.
    """

    subscription: Subscription
    challenge: str


@dataclass(frozen=True, slots=True)
class Denied:
    """The hub said no: store the subscription, then answer 200."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class NotMeant:
    """Nothing that we asked for: answer 404."""

    reason: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The hub tells of news: store it, then answer 202.

    Args:
        body: the feed, or a part of it.
        content_type: what it came as.
        believed: whether it may be read as the feed itself; otherwise somebody on the way could
            have written it, and it is but a reason to ask the feed now.
    """

    body: bytes
    content_type: str | None
    believed: bool


def discover(
    headers: Mapping[str, str], hubs: tuple[str, ...], self_link: str | None, url: str
) -> Discovery | None:
    """Find where to subscribe to a feed; its server's Link headers win over the feed (section 4).

    Args:
        headers: of the answer that the feed came in, by name in lower case.
        hubs: those that the feed names.
        self_link: the feed's own address for itself.
        url: where it was fetched.

    Returns:
        The first hub, with the feed's address there; None where no hub is named.
    """
    related = list(links(headers.get("link", "")))
    named = [*(href for relation, href in related if relation == "hub"), *hubs]
    owns = [*(href for relation, href in related if relation == "self"), self_link or url]
    hub = next((found for href in named if (found := resolve(url, href))), None)
    topic = next((found for href in owns if (found := resolve(url, href))), url)
    return None if hub is None else Discovery(hub, topic)


def subscribe(discovery: Discovery, callback: str, secret: str, now: datetime) -> Subscription:
    """Plan a subscription; it is due at once.

    Args:
        discovery: where.
        callback: our address for it, with a part that cannot be guessed.
        secret: a random text of at most 199 bytes.
        now: the time (UTC).

    Raises:
        ValueError: the secret is empty or too long (section 5.1).
    """
    if not 0 < len(secret.encode()) <= _LONGEST_SECRET:
        message = "the secret of a subscription has 1 to 199 bytes"
        raise ValueError(message)
    return Subscription(discovery.hub, discovery.topic, callback, secret, "asked", now)


def form(subscription: Subscription) -> dict[str, str]:
    """Give the fields to post to the hub, for the first time or to renew."""
    return {
        "hub.callback": subscription.callback,
        "hub.mode": "subscribe",
        "hub.topic": subscription.topic,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
        "hub.secret": subscription.secret,
    }


def is_live(subscription: Subscription, now: datetime) -> bool:
    """Tell whether the hub may be relied on to tell of news."""
    return subscription.expires_at is not None and now < subscription.expires_at


def after_asking(subscription: Subscription, status: int, now: datetime) -> Subscription:
    """Say what is remembered after the hub answered our form.

    Args:
        subscription: as it is remembered by then, for hubs may ask back before they answer.
        status: HTTP's status code; a good one means that the hub will ask back.
        now: the time (UTC).
    """
    if is_live(subscription, now) and subscription.ask_at > now:
        return subscription
    if not _OK <= status < _END_OF_OK:
        return after_failure(subscription, f"its hub answers with HTTP {status}", now)
    state: SubscriptionState = "active" if is_live(subscription, now) else "asked"
    return replace(subscription, state=state, ask_at=now + ANSWERED_WITHIN, reason=None)


def after_failure(subscription: Subscription, reason: str, now: datetime) -> Subscription:
    """Say what is remembered when the hub could not be asked: each time doubles the pause."""
    failures = subscription.failures + 1
    return replace(
        subscription,
        state="active" if is_live(subscription, now) else "failed",
        ask_at=now + pause_after(failures, ANSWERED_WITHIN, PATIENCE),
        failures=failures,
        reason=reason,
    )


def verify(
    subscription: Subscription | None, query: Mapping[str, str], now: datetime, chance: float
) -> Confirmed | Denied | NotMeant:
    """Answer a hub that asks whether we meant to subscribe, or says no (sections 5.2 and 5.3).

    Args:
        subscription: the one whose callback was asked, or None where there is none.
        query: the parameters of the request.
        now: the time (UTC).
        chance: a random number from 0 up to 1, which spreads renewals.
    """
    mode, topic = query.get("hub.mode"), query.get("hub.topic")
    if subscription is None or topic != subscription.topic:
        return NotMeant("nothing of this topic was asked for")
    if mode == "denied":
        said = " ".join(query.get("hub.reason", "").split())[:200]
        why = "".join(filter(str.isprintable, said))
        reason = f"its hub refuses the subscription{f' ({why})' if why else ''}"
        return Denied(
            replace(
                subscription, state="denied", ask_at=now + PATIENCE, expires_at=None, reason=reason
            )
        )
    challenge = query.get("hub.challenge", "")
    if mode != "subscribe" or not 0 < len(challenge) <= _LONGEST_CHALLENGE:
        return NotMeant("it is no question that we expect")
    if subscription.state == "denied":
        return NotMeant("its hub had refused the subscription, and was not asked again")
    lease = _lease(query.get("hub.lease_seconds", ""))
    confirmed = replace(
        subscription,
        state="active",
        ask_at=now + lease * (RENEWED_AT - 0.2 * chance),
        expires_at=now + lease,
        failures=0,
        reason=None,
    )
    return Confirmed(confirmed, challenge)


def ignored_unread(headers: Mapping[str, str]) -> Ignored | None:
    """Say why a delivery is ignored whatever its body is, or None where its body must tell.

    Args:
        headers: by name in lower case.
    """
    if _SIGNATURE.fullmatch(headers.get("x-hub-signature", "").strip()) is None:
        return Ignored("it has no X-Hub-Signature of a method that we know")
    return None


def receive(
    subscription: Subscription | None, body: bytes, headers: Mapping[str, str]
) -> Delivered | Ignored:
    """Examine a delivery (section 7).

    What is ignored is answered like what is taken, with 202, as the hub is not to learn which
    signature fits; one that is too large may be answered 413. Never 410, which ends a subscription.

    Args:
        subscription: the one whose callback it was posted to, or None where there is none.
        body: exactly as it came.
        headers: by name, in any case.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    if subscription is None:
        return Ignored("there is no such subscription")
    if len(body) > MAX_BYTES:
        return Ignored(f"it is larger than {MAX_BYTES:,} bytes")
    if (unread := ignored_unread(lower)) is not None:
        return unread
    method, _, signature = lower["x-hub-signature"].strip().partition("=")
    expected = hmac.new(subscription.secret.encode(), body, method.lower()).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.strip().lower().encode()):
        return Ignored("its X-Hub-Signature does not fit")
    # The secret has gone to the hub in the open where the hub is not reached by TLS.
    believed = subscription.hub.startswith("https:")
    return Delivered(body, lower.get("content-type"), believed)


def _lease(text: str) -> timedelta:
    """Read the lease that a hub grants; where it grants none that makes sense, the shortest."""
    seconds = int(text[:9]) if text.isascii() and text.isdecimal() else 0
    return min(LONGEST_LEASE, max(SHORTEST_LEASE, timedelta(seconds=seconds)))
