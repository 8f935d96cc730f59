"""`threadbot auth x`: let an application post for an account on X.

Owns the words of the PIN flow; the adapter makes the calls, and the ledger keeps the tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from threadbot.cli.composing import read_config
from threadbot.cli.reports import config_option
from threadbot.errors import ConfigError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.config import Config


@click.group
def auth() -> None:
    """Sign in to a network."""


@auth.command
@click.option("--account", "name", metavar="NAME", help="Which one; needed where several are on X.")
@config_option
def x(*, name: str | None, config_path: Path | None) -> None:
    """Let your application post for an account on X.

    X shows a PIN on a page, to whoever is signed in there; it is asked for here. The tokens are
    kept in the ledger, and printed nowhere.
    """
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along
    from threadbot.config.adapters import app_keys  # noqa: PLC0415 - brings the database along
    from threadbot.networks.x_sign_in import SignIn  # noqa: PLC0415 - brings tweepy along

    config = read_config(config_path)
    account = _account(config, name)
    if config.x[account].access_token is not None:
        message = (
            f"'accounts.{account}.access_token' in the configuration names the tokens already; "
            "take it and 'access_token_secret' out to use those that this command gets"
        )
        raise InputError(message)
    sign_in = SignIn(app_keys(config, account), config.x[account].api)
    with ledger(config) as opened:
        click.echo("Sign in to X as the account that shall post, and open this page:")
        click.echo(f"  {sign_in.address()}")
        pin = click.prompt("The PIN that it shows")
        tokens, handle = sign_in.tokens(pin.strip())
        _check_handle(config, account, handle)
        opened.save_session(account, tokens.to_json())
    click.echo(f"The account '{account}' posts as @{handle} from now on.")
    click.echo("`threadbot doctor` checks it; `threadbot publish` posts.")


def _account(config: Config, name: str | None) -> str:
    from threadbot.app import Wish, stands_in, targets  # noqa: PLC0415 - not for --help

    if name is not None:
        return targets(config, Wish(account=name, network="x"))[0].account.name
    found = [
        account.name
        for account in config.accounts.values()
        if account.network == "x" and not stands_in(account)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        message = 'no account on X is configured: add [accounts.NAME] with network = "x"'
        raise ConfigError(message)
    message = f"several accounts are on X; name one with --account: {', '.join(found)}"
    raise InputError(message)


def _check_handle(config: Config, account: str, handle: str) -> None:
    wanted = config.accounts[account].handle
    if wanted is not None and wanted.lower() != handle.lower():
        message = (
            f"the PIN is @{handle}'s, but the account '{account}' is @{wanted}; sign in to X as "
            f"@{wanted} and run this again, or correct 'handle'"
        )
        raise InputError(message)
