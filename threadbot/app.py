"""The composition root: from a `Config` to the values that the rooms below take.

Owns which account and style a thread is made for; the only place that puts parts together. Never
decides what a thread says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadbot.config import DEFAULT_STYLE, NETWORKS, StyleSettings
from threadbot.config.places import template_folders, template_names
from threadbot.errors import InputError
from threadbot.thread.settings import Account, Style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import BaseLoader

    from threadbot.config import Config
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


def template_loader(config: Config) -> BaseLoader:
    """Build the loader of templates: the user's folder first, then the packaged one.

    Raises:
        ThreadbotError: if the packaged templates are missing.
    """
    from jinja2 import ChoiceLoader, FileSystemLoader  # noqa: PLC0415 - costs 50 ms

    folders = template_folders(config.publication.templates)
    return ChoiceLoader([FileSystemLoader(folder) for folder in folders])


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
