"""Checks whether everything that posting needs is in place, without posting.

Owns which checks there are and their order; how a network checks an account is its adapter's.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadbot.errors import ThreadbotError
from threadbot.networks.port import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.thread.settings import Account


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Args:
        account: the account's name; None for what concerns all of them.
        finding: what was found.
    """

    account: str | None
    finding: Finding


def examine(config: Config, now: datetime) -> Iterator[Check]:
    """Check the configuration, the ledger and every account.

    Args:
        config: it was read without a mistake.
        now: this machine's time (UTC).

    Returns:
        Checks, as they are made; signing in to a network takes a moment.
    """
    where = str(config.source) if config.source else "none, so the defaults hold"
    yield Check(None, Finding(ok=True, subject="configuration", message=where))
    from threadbot.app import ledger, stands_in  # noqa: PLC0415 - brings the database along

    accounts = [account for account in config.accounts.values() if not stands_in(account)]
    if not accounts:
        message = "none is configured; add [accounts.NAME] to post, or publish with --sandbox"
        yield Check(None, Finding(ok=True, subject="accounts", message=message))
    try:
        with ledger(config) as opened:
            yield Check(None, Finding(ok=True, subject="ledger", message=opened.database.name))
            for account in accounts:
                for finding in _account(config, opened, account, now):
                    yield Check(account.name, finding)
    except ThreadbotError as error:
        yield Check(None, Finding(ok=False, subject="ledger", message=str(error)))


def _account(
    config: Config, ledger: Ledger, account: Account, now: datetime
) -> tuple[Finding, ...]:
    from threadbot.app import network_for  # noqa: PLC0415 - brings networks along

    try:
        network = network_for(
            config,
            account.name,
            network=account.network,
            sandbox=False,
            ledger=ledger,
            folder=None,
        )
        with closing(network):
            return (*network.examine(now), *_money(config, ledger, account, now))
    except ThreadbotError as error:
        return (Finding(ok=False, subject="account", message=str(error)),)


def _money(config: Config, ledger: Ledger, account: Account, now: datetime) -> tuple[Finding, ...]:
    """Say what an account spent this month, and what it may."""
    if account.network != "x":
        return ()
    from threadbot.app import budget  # noqa: PLC0415 - brings networks along
    from threadbot.delivery.budget import month_of  # noqa: PLC0415 - the database

    allowed, spent = budget(config, account.name), ledger.spent(account.name, month_of(now))
    limits = [
        f"{what} ${most:f}"
        for what, most in (
            ("a thread may cost", allowed.per_thread),
            ("a month", allowed.per_month),
        )
        if most is not None
    ]
    prices = config.prices
    message = (
        f"${spent:f} were spent since {month_of(now):%d.%m.%Y} (UTC); "
        f"{', '.join(limits) or 'no limit is set'}; a post costs ${prices.post:f}, one with an "
        f"address ${prices.post_with_url:f} (prices of {prices.as_of})."
    )
    well = allowed.per_month is None or spent < allowed.per_month
    return (Finding(ok=well, subject="spend", message=message),)
