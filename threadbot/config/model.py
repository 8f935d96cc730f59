"""What the configuration says, as frozen values.

Owns the values' shape and their defaults; never reads a file, a variable or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from threadbot.delivery.schedule import Schedule
from threadbot.fetch.settings import FetchSettings
from threadbot.networks.bluesky_settings import DEFAULT_PDS
from threadbot.networks.x_settings import DEFAULT_API
from threadbot.thread.settings import Account, Prices
from threadbot.triggers.settings import WebhookSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from threadbot.networks.bluesky_settings import Threadgate
    from threadbot.networks.x_settings import OnUnknown, ReplySettings
    from threadbot.thread.model import NetworkName
    from threadbot.thread.settings import Coverage, ImageChoice, InlineLinks, Person
    from threadbot.triggers.settings import Source

Typography: TypeAlias = Literal["auto", "fix", "keep"]

#: Every network, in the order in which a preview shows them.
NETWORKS: tuple[NetworkName, ...] = ("x", "bluesky")
#: The style of an account that names none.
DEFAULT_STYLE = "default"
#: For how long the words of threads that are done with are kept.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Publication:
    """What holds for everything that is published.

    Args:
        name: the publication's name; nothing uses it yet.
        language: two-letter code of articles that neither say theirs nor show it by their words.
        timezone: IANA name of the zone in which times are given and shown.
        typography: what to do with the spaces that French sets before `: ; ? ! »`.
        templates: the user's own folder of templates, which comes before the packaged one.
    """

    name: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    typography: Typography = "auto"
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class StyleSettings:
    """A style as the configuration knows it: `threadbot.thread.settings.Style` without its loader.

    Args:
        name: its name in the configuration.
        template: the folder of templates.
        coverage: `digest` or `full`.
        max_posts: the most posts that a thread may have, or None.
        numbering: whether posts are numbered; None takes the network's default.
        hashtags: the most hashtags in the closing; None takes the network's default.
        inline_links: what becomes of the links under the article's own words.
        images: which pictures are posted.
        bullet: what stands before an item of a list without numbers.
        made_with_ai: whether X is told that the posts were made with artificial intelligence.
    """

    name: str = DEFAULT_STYLE
    template: str = "default"
    coverage: Coverage = "digest"
    max_posts: int | None = None
    numbering: bool | None = None
    hashtags: int | None = None
    inline_links: InlineLinks = "facets"
    images: ImageChoice = "none"
    bullet: str = "•"
    made_with_ai: bool = False


@dataclass(frozen=True, slots=True)
class BlueskyAccount:
    """What an account on Bluesky has beside what every account has.

    Args:
        pds: the address of its server.
        app_password: the name of the secret that holds it, never the password; None where the
            account cannot post.
        threadgate: who may reply.
        self_labels: content warnings of each post.
    """

    pds: str = DEFAULT_PDS
    app_password: str | None = None
    threadgate: Threadgate = "everybody"
    self_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class XAccount:
    """What an account on X has beside what every account has.

    Args:
        api_key: the name of the secret that holds it, here and below; never the secret.
        api_key_secret: goes with it; None where the account cannot post.
        access_token: None takes what `threadbot auth x` got.
        access_token_secret: goes with it.
        reply_settings: who may reply.
        on_unknown: what to do about a post that may be out and does not show.
        max_usd_per_thread: in US dollars; None is no limit.
        max_usd_per_month: in US dollars; None is no limit.
        api: the address of X's API.
    """

    api_key: str | None = None
    api_key_secret: str | None = None
    access_token: str | None = None
    access_token_secret: str | None = None
    reply_settings: ReplySettings = "everybody"
    on_unknown: OnUnknown = "resend"
    max_usd_per_thread: Decimal | None = None
    max_usd_per_month: Decimal | None = None
    api: str = DEFAULT_API


@dataclass(frozen=True, slots=True)
class LedgerServer:
    """A ledger on a PostgreSQL server.

    Args:
        url: its address, without a password.
        password: the name of the secret that holds it, never the password; None leaves that to
            PostgreSQL's own ways.
        journal: the file of this machine in which the sandbox keeps its posts; None where the
            environment does not say where the user is.
    """

    url: str
    password: str | None = None
    journal: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration.

    Args:
        publication: what holds for everything.
        people: who may be mentioned; keys are names in lower case, without `@`.
        prices: what X charges.
        accounts: by name; one per network, named for it, where none is configured.
        styles: by name; `default` is always among them.
        account_styles: the name of each account's style, or of the folder of templates that is
            its style, by the account's name.
        bluesky: by name, for the accounts on Bluesky.
        x: by name, for the accounts on X.
        secret_commands: a program and its arguments that print a secret, by the secret's name.
        schedule: the timetable.
        sources: where articles come from, in the order of the file.
        webhooks: the listener that they come to.
        fetch: what the guarded client may do.
        ledger: the ledger's file or server; None where neither the file nor the environment says
            where.
        keep: for how long the words of finished threads are kept there.
        source: the file that was read, or None.
    """

    publication: Publication
    people: Mapping[str, Person]
    prices: Prices
    accounts: Mapping[str, Account]
    styles: Mapping[str, StyleSettings]
    account_styles: Mapping[str, str]
    bluesky: Mapping[str, BlueskyAccount] = field(default_factory=dict)
    x: Mapping[str, XAccount] = field(default_factory=dict)
    secret_commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    schedule: Schedule = field(default_factory=Schedule)
    sources: tuple[Source, ...] = ()
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    ledger: Path | LedgerServer | None = None
    keep: timedelta = KEPT
    source: Path | None = None


def default_config(ledger: Path | None = None) -> Config:
    """Give the configuration that holds where there is no file and no variable.

    Args:
        ledger: the ledger's file.
    """
    people: Mapping[str, Person] = MappingProxyType({})
    prices = Prices()
    accounts: dict[str, Account] = {
        network: Account(name=network, network=network, people=people, prices=prices)
        for network in NETWORKS
    }
    return Config(
        publication=Publication(),
        people=people,
        prices=prices,
        accounts=MappingProxyType(accounts),
        styles=MappingProxyType({DEFAULT_STYLE: StyleSettings()}),
        account_styles=MappingProxyType(dict.fromkeys(accounts, DEFAULT_STYLE)),
        bluesky=MappingProxyType({"bluesky": BlueskyAccount()}),
        x=MappingProxyType({"x": XAccount()}),
        secret_commands=MappingProxyType({}),
        ledger=ledger,
    )
