"""From the configuration to what the adapters of networks must be told, secrets looked up.

Owns which keys an account needs to post, and what is said where one is missing; never makes an
adapter (`app` does).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from threadbot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadbot.config.model import Config
    from threadbot.networks.bluesky_settings import BlueskySettings
    from threadbot.networks.supplies import SessionStore
    from threadbot.networks.x_settings import AppKeys, XSettings


def bluesky_settings(
    config: Config, account: str, environment: Mapping[str, str]
) -> BlueskySettings:
    """Give what the Bluesky adapter must be told of an account, its app password looked up.

    Raises:
        ConfigError: the account has no handle or no app password.
    """
    from threadbot.config.secrets import look_up  # noqa: PLC0415 - only to post
    from threadbot.networks.bluesky_settings import BlueskySettings  # noqa: PLC0415 - the same

    settings, handle = config.bluesky[account], config.accounts[account].handle
    if handle is None or settings.app_password is None:
        key = "handle" if handle is None else "app_password"
        message = (
            f"the account '{account}' cannot post: set '{key}' in [accounts.{account}] "
            "(docs/configuration.md)"
        )
        raise ConfigError(message)
    return BlueskySettings(
        account=account,
        handle=handle,
        app_password=look_up(settings.app_password, environment, config.secret_commands),
        pds=settings.pds,
        threadgate=settings.threadgate,
        self_labels=settings.self_labels,
    )


def app_keys(config: Config, account: str, environment: Mapping[str, str] = os.environ) -> AppKeys:
    """Look up what X gave the application of an account.

    Raises:
        ConfigError: the account has no key.
    """
    from threadbot.config.secrets import look_up  # noqa: PLC0415 - only to post
    from threadbot.networks.x_settings import AppKeys  # noqa: PLC0415 - the same

    settings = config.x[account]
    if settings.api_key is None or settings.api_key_secret is None:
        message = (
            f"the account '{account}' cannot post: set 'api_key' and 'api_key_secret' in "
            f"[accounts.{account}] (docs/configuration.md)"
        )
        raise ConfigError(message)
    names = (settings.api_key, settings.api_key_secret)
    return AppKeys(*(look_up(name, environment, config.secret_commands) for name in names))


def x_settings(
    config: Config, account: str, store: SessionStore, environment: Mapping[str, str] = os.environ
) -> XSettings:
    """Give what the X adapter must be told of an account, its keys looked up.

    Args:
        config: the configuration.
        account: its name.
        store: keeps the tokens that `threadbot auth x` got.
        environment: where secrets may be.

    Raises:
        ConfigError: a key is missing.
    """
    from threadbot.config.secrets import look_up  # noqa: PLC0415 - only to post
    from threadbot.networks.x_settings import UserTokens, XSettings  # noqa: PLC0415 - the same

    settings, app = config.x[account], app_keys(config, account, environment)
    if settings.access_token is not None and settings.access_token_secret is not None:
        names = (settings.access_token, settings.access_token_secret)
        user = UserTokens(*(look_up(name, environment, config.secret_commands) for name in names))
    elif (kept := UserTokens.from_json(store.load_session(account))) is not None:
        user = kept
    else:
        message = f"the account '{account}' cannot post yet: run `threadbot auth x` once"
        raise ConfigError(message)
    return XSettings(
        account=account,
        handle=config.accounts[account].handle,
        app=app,
        user=user,
        reply_settings=settings.reply_settings,
        on_unknown=settings.on_unknown,
        api=settings.api,
        prices=config.prices,
    )
