"""How news of a feed reach us, for people: told by its hub, or only by asking the feed.

Owns what is said of a subscription; changes nothing. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from threadbot.triggers.websub import is_live

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.triggers.websub import Subscription, SubscriptionState


@dataclass(frozen=True, slots=True)
class HubReport:
    """What a feed's hub does for us.

    Args:
        host: the hub's.
        state: active while it tells of news; asked until it does; denied, or failed.
        until: when its lease ends, where it is active.
        reason: what is wrong, in a sentence, or None.
    """

    host: str
    state: SubscriptionState
    until: datetime | None = None
    reason: str | None = None


def report_hub(subscription: Subscription, now: datetime) -> HubReport:
    """Say what a hub does for us.

    Args:
        subscription: as it is remembered.
        now: the present (UTC).
    """
    host = urlsplit(subscription.hub).hostname or subscription.hub
    if is_live(subscription, now):
        return HubReport(host, "active", subscription.expires_at, subscription.reason)
    # A lease that has ended is asked for again.
    state = "asked" if subscription.state == "active" else subscription.state
    return HubReport(host, state, reason=subscription.reason)
