"""The composition root: from a `Config` to the values that the rooms below take.

Owns which account and style a thread is made for, and where the ledger, the networks and the
pictures of an article come from; the only place that puts parts together. Never decides what a
thread says. The heavy parts are imported when they are asked for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threadbot.config import DEFAULT_STYLE, NETWORKS, StyleSettings
from threadbot.config.places import JOURNAL_SUFFIX, template_folders, template_names
from threadbot.errors import ConfigError, InputError
from threadbot.thread.settings import Account, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import BaseLoader

    from threadbot.config import Config
    from threadbot.delivery.budget import Budget
    from threadbot.delivery.database import Place
    from threadbot.delivery.ledger import Ledger
    from threadbot.networks.port import Network
    from threadbot.networks.supplies import PictureSource
    from threadbot.thread.model import NetworkName
    from threadbot.thread.settings import Coverage


@dataclass(frozen=True, slots=True)
class Target:
    """What a thread is made for.

    Args:
        account: whose thread it is.
        style: how it is made.
    """

    account: Account
    style: Style


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command line asks for; it wins over the configuration. None asks for nothing.

    Args:
        account: the name of the only account.
        network: the only network.
        style: the name of a style, or of a folder of templates, for every account.
        coverage: in place of the style's.
        max_posts: in place of the style's.
    """

    account: str | None = None
    network: NetworkName | None = None
    style: str | None = None
    coverage: Coverage | None = None
    max_posts: int | None = None


def targets(config: Config, wish: Wish) -> tuple[Target, ...]:
    """Choose the accounts to make threads for, each with its style.

    Args:
        config: the configuration.
        wish: what the command line asks for.

    Returns:
        At least one target, X before Bluesky, and otherwise in the order of the configuration. A
        network that was not excluded and has no account gets one that is named for it.

    Raises:
        InputError: where no such account or style is configured.
    """
    loader = template_loader(config)
    return tuple(
        Target(account=account, style=_style(config, account, wish, loader))
        for account in _accounts(config, wish)
    )


def stands_in(account: Account) -> bool:
    """Tell whether an account is none, but stands in for a network that has none configured."""
    return account.name == account.network and account.handle is None


def template_loader(config: Config) -> BaseLoader:
    """Build the loader of templates: the user's folder first, then the packaged one.

    Raises:
        ThreadbotError: if the packaged templates are missing.
    """
    from jinja2 import ChoiceLoader, FileSystemLoader  # noqa: PLC0415 - costs 50 ms

    folders = template_folders(config.publication.templates)
    return ChoiceLoader([FileSystemLoader(folder) for folder in folders])


def ledger(config: Config, environment: Mapping[str, str] = os.environ) -> Ledger:
    """Open the ledger.

    Raises:
        ConfigError: nobody says where it is, or its password cannot be had.
        LedgerError: it cannot be opened.
    """
    from threadbot.delivery.ledger import open_ledger  # noqa: PLC0415 - sqlalchemy costs 250 ms

    return open_ledger(ledger_place(config, environment))


def ledger_place(config: Config, environment: Mapping[str, str] = os.environ) -> Place:
    """Give the place of the ledger, the password of a server looked up.

    Raises:
        ConfigError: nobody says where it is, or the password cannot be had.
    """
    from threadbot.delivery.database import place_of  # noqa: PLC0415 - sqlalchemy costs 250 ms

    settings = config.ledger
    if settings is None:
        message = "there is no place for the ledger: set 'path' in [ledger], or the variable HOME"
        raise ConfigError(message)
    if isinstance(settings, Path):
        return settings
    from sqlalchemy import make_url  # noqa: PLC0415 - the same

    url = make_url(settings.url)
    if settings.password is not None:
        from threadbot.config.secrets import look_up  # noqa: PLC0415 - only where there is one

        secret = look_up(settings.password, environment, config.secret_commands)
        url = url.set(password=secret.reveal())
    return place_of(url)


def network_for(
    config: Config,
    account: str,
    *,
    network: NetworkName,
    sandbox: bool,
    ledger: Ledger,
    folder: Path | None,
    environment: Mapping[str, str] = os.environ,
) -> Network:
    """Give the network that an account posts to.

    Args:
        config: the configuration.
        account: its name.
        network: the network that the thread was made for.
        sandbox: whether nothing is posted but in the sandbox, which keeps its posts beside the
            ledger, or in the user's folder for state.
        ledger: keeps the account's sign-in.
        folder: where the article lies, or None; see `picture_source`.
        environment: where secrets may be.

    Raises:
        InputError: the account cannot post there.
        ConfigError: a secret cannot be had.
    """
    if sandbox:
        from threadbot.networks.sandbox import Sandbox  # noqa: PLC0415 - not for a preview

        return Sandbox(network, account, _journal(config))
    _named_account(config, account, network)
    if network == "x":
        from threadbot.config.adapters import x_settings  # noqa: PLC0415 - only to post
        from threadbot.networks.x import X  # noqa: PLC0415 - tweepy costs 200 ms

        return X(x_settings(config, account, ledger, environment), picture_source(config, folder))
    from threadbot.config.adapters import bluesky_settings  # noqa: PLC0415 - only to post
    from threadbot.networks.bluesky import Bluesky  # noqa: PLC0415 - atproto costs 800 ms

    settings = bluesky_settings(config, account, environment)
    return Bluesky(settings, ledger, picture_source(config, folder))


def _journal(config: Config) -> Path:
    """Give the file in which the sandbox keeps its posts: beside the ledger, or on this machine."""
    settings = config.ledger
    if isinstance(settings, Path):
        return settings.with_suffix(JOURNAL_SUFFIX)
    if settings is None or settings.journal is None:
        message = "there is no place for the sandbox's posts: set the variable HOME"
        raise ConfigError(message)
    return settings.journal


def budget(config: Config, account: str) -> Budget:
    """Give what an account may spend."""
    from threadbot.delivery.budget import Budget  # noqa: PLC0415 - only to post

    settings = config.x.get(account)
    if settings is None:
        return Budget()
    return Budget(settings.max_usd_per_thread, settings.max_usd_per_month, config.prices)


def picture_source(config: Config, folder: Path | None) -> PictureSource:
    """Give what reads the pictures of an article.

    Args:
        config: says what may be fetched.
        folder: where the article lies, the only place on this machine that is read; None where it
            lies nowhere.
    """
    from threadbot.networks.article_pictures import ArticlePictures  # noqa: PLC0415 - only to post

    return ArticlePictures(folder, config.fetch)


def _accounts(config: Config, wish: Wish) -> tuple[Account, ...]:
    if wish.account is not None:
        return (_named_account(config, wish.account, wish.network),)
    networks = NETWORKS if wish.network is None else (wish.network,)
    chosen: list[Account] = []
    for network in networks:
        configured = [account for account in config.accounts.values() if account.network == network]
        chosen.extend(configured or [_unconfigured_account(config, network)])
    return tuple(chosen)


def _named_account(config: Config, name: str, network: NetworkName | None) -> Account:
    if (account := config.accounts.get(name)) is None:
        raise InputError(_unknown("account", name, config.accounts))
    if network not in {None, account.network}:
        message = (
            f"the account '{name}' is on {account.network}, not on {network}; name one of the two"
        )
        raise InputError(message)
    return account


def _unconfigured_account(config: Config, network: NetworkName) -> Account:
    return Account(name=network, network=network, people=config.people, prices=config.prices)


def _style(config: Config, account: Account, wish: Wish, loader: BaseLoader) -> Style:
    name = wish.style or config.account_styles.get(account.name, DEFAULT_STYLE)
    settings = _style_settings(config, name)
    return Style(
        loader=loader,
        name=settings.name,
        template=settings.template,
        coverage=wish.coverage or settings.coverage,
        max_posts=settings.max_posts if wish.max_posts is None else wish.max_posts,
        numbering=settings.numbering,
        hashtags=settings.hashtags,
        inline_links=settings.inline_links,
        images=settings.images,
        bullet=settings.bullet,
        made_with_ai=settings.made_with_ai,
    )


def _style_settings(config: Config, name: str) -> StyleSettings:
    """Give a configured style, or the one that a folder of templates is by itself."""
    if name in config.styles:
        return config.styles[name]
    templates = template_names(config.publication.templates)
    if name in templates:
        return StyleSettings(name=name, template=name)
    known = dict.fromkeys((*config.styles, *templates))
    raise InputError(_unknown("style", name, known))


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    from threadbot.config.findings import listed, nearest  # noqa: PLC0415 - only for a mistake

    guess = nearest(name, known)
    hint = f"did you mean '{guess}'?" if guess else f"known are {listed(known)}"
    return f"there is no {kind} '{name}'; {hint}"
