"""From the schema's values, which are right, to a `Config`.

Owns how each section becomes the frozen values that the rooms below take; never refuses anything.
"""

from __future__ import annotations

from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from threadbot.config.model import BlueskyAccount, Config, Publication, StyleSettings, XAccount
from threadbot.config.rules import normalised_name
from threadbot.config.schedule_rules import (
    DAYS,
    days_of,
    read_blackout,
    read_distance,
    read_keeping,
    read_lateness,
    read_networks,
    read_quiet,
    read_slot,
)
from threadbot.delivery.schedule import Schedule
from threadbot.fetch.settings import AllowedHost, FetchSettings
from threadbot.thread.settings import Account, Person, Prices
from threadbot.triggers.settings import WebhookSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time
    from pathlib import Path

    from threadbot.config.accounts_schema import AccountTable
    from threadbot.config.model import LedgerServer
    from threadbot.config.schema import FetchTable, Root, StyleTable


def build(
    root: Root,
    templates: Path | None,
    ledger: Path | LedgerServer | None,
    source: Path | None,
) -> Config:
    """Build the configuration.

    Args:
        root: the schema's values.
        templates: the user's folder of templates.
        ledger: the ledger's file or server.
        source: the file that was read.
    """
    people = _people(root)
    prices = Prices(
        as_of=root.prices.as_of,
        post=root.prices.post,
        post_with_url=root.prices.post_with_url,
        media_metadata=root.prices.media_metadata,
        own_post_read=root.prices.own_post_read,
        delete=root.prices.delete,
    )
    publication = Publication(
        name=root.publication.name,
        language=root.publication.language,
        timezone=root.publication.timezone,
        typography=root.publication.typography,
        templates=templates,
    )
    return Config(
        publication=publication,
        people=people,
        prices=prices,
        accounts=MappingProxyType(
            {
                name: Account(name, table.network, _bare(table.handle), people, prices)
                for name, table in root.accounts.items()
            }
        ),
        styles=MappingProxyType({name: _style(name, table) for name, table in root.style.items()}),
        account_styles=MappingProxyType(
            {name: table.style for name, table in root.accounts.items()}
        ),
        bluesky=MappingProxyType(
            {
                name: _bluesky(table)
                for name, table in root.accounts.items()
                if table.network == "bluesky"
            }
        ),
        x=MappingProxyType(
            {name: _x(table) for name, table in root.accounts.items() if table.network == "x"}
        ),
        secret_commands=MappingProxyType(
            {name: tuple(table.command) for name, table in root.secrets.items() if table.command}
        ),
        schedule=_schedule(root),
        webhooks=WebhookSettings(root.webhooks.listen, root.webhooks.callback_url),
        fetch=_fetch(root.fetch),
        ledger=ledger,
        keep=read_keeping(root.ledger.keep),
        source=source,
    )


def _people(root: Root) -> Mapping[str, Person]:
    people = {
        normalised_name(name): Person(x=_bare(person.x), bluesky=_bare(person.bluesky))
        for name, person in root.handles.items()
    }
    return MappingProxyType(people)


def _bare(handle: str | None) -> str | None:
    return None if handle is None else handle.removeprefix("@")


def _bluesky(table: AccountTable) -> BlueskyAccount:
    return BlueskyAccount(
        pds=table.pds,
        app_password=table.app_password,
        threadgate=table.threadgate,
        self_labels=tuple(dict.fromkeys(table.labels)),
    )


def _x(table: AccountTable) -> XAccount:
    return XAccount(
        api_key=table.api_key,
        api_key_secret=table.api_key_secret,
        access_token=table.access_token,
        access_token_secret=table.access_token_secret,
        reply_settings=table.reply_settings,
        on_unknown=table.on_unknown,
        max_usd_per_thread=table.max_usd_per_thread,
        max_usd_per_month=table.max_usd_per_month,
        api=table.api,
    )


def _schedule(root: Root) -> Schedule:
    table = root.schedule
    # Where the file names days, the default slots of every day hold no longer.
    named = table.days or {"daily": table.daily}
    weekdays: list[list[time]] = [[] for _ in DAYS]
    for key, slots in named.items():
        for day in range(len(DAYS)) if key == "daily" else days_of(key) or ():
            weekdays[day] += [read_slot(slot) for slot in slots]
    zone = root.publication.timezone
    return Schedule(
        # UTC needs no database, which may be missing.
        timezone=UTC if zone == "UTC" else ZoneInfo(zone),
        weekdays=tuple(tuple(sorted(set(slots))) for slots in weekdays),
        least_distance=read_distance(table.least_distance),
        quiet=tuple(map(read_quiet, table.quiet)),
        blackouts=tuple(map(read_blackout, table.blackout)),
        apart=read_networks(table.networks),
        max_late=read_lateness(table.max_late),
    )


def _fetch(table: FetchTable) -> FetchSettings:
    return FetchSettings(
        allow=tuple(AllowedHost.parse(text) for text in table.allow),
        contact=table.contact,
        timeout=float(table.timeout),
    )


def _style(name: str, table: StyleTable) -> StyleSettings:
    return StyleSettings(
        name=name,
        template=table.template,
        coverage=table.coverage,
        max_posts=table.max_posts,
        numbering={"auto": None, "on": True, "off": False}[table.numbering],
        hashtags=None if table.hashtags == "auto" else table.hashtags,
        inline_links=table.inline_links,
        images=table.images,
        bullet=table.bullet,
        made_with_ai=table.made_with_ai,
    )
