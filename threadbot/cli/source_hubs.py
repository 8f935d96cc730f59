"""What `threadbot sources` says of hubs, for people and for programs.

Owns these words alone; `triggers.hub_report` knows how a hub is doing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.cli.times import clock_time, present

if TYPE_CHECKING:
    from datetime import tzinfo

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.triggers.hub_report import HubReport


def hub_reports(config: Config, ledger: Ledger) -> dict[str, HubReport]:
    """Say how the hubs of feeds are doing, by the names of sources; none where hubs cannot call."""
    from threadbot.triggers.hub_report import report_hub  # noqa: PLC0415 - not for --help
    from threadbot.triggers.subscriptions import SubscriptionBook  # noqa: PLC0415 - the same

    if config.webhooks.callback_url is None:
        return {}
    now = present()
    return {name: report_hub(one, now) for name, one in SubscriptionBook(ledger).all().items()}


def hub_words(hub: HubReport | None, zone: tzinfo) -> str:
    """Say how news of a feed reach us.

    Args:
        hub: what its hub does; None where there is none that could.
        zone: the publication's.
    """
    if hub is None:
        return "polling"
    if hub.until is not None:
        trouble = f"; to renew that fails: {hub.reason}" if hub.reason else ""
        return f"pushed by {hub.host} until {clock_time(hub.until, zone)}{trouble}"
    return f"polling; {hub.reason or f'{hub.host} is asked to tell of news'}"


def hub_object(hub: HubReport | None) -> dict[str, str | None] | None:
    """Give the same for programs (docs/json.md)."""
    if hub is None:
        return None
    until = None if hub.until is None else hub.until.isoformat()
    return {"host": hub.host, "state": hub.state, "until": until, "reason": hub.reason}
