"""The configuration's keys of people, accounts and secrets.

Owns the tables `[handles]`, `[accounts.NAME]` and `[secrets.NAME]`; the others are in `schema`.
"""

from __future__ import annotations

from pydantic import ValidationInfo, field_validator, model_validator

from threadbot.config.keys import (
    PRICE_RULE,
    BlueskyHandle,
    Price,
    SecretName,
    SelfLabel,
    Server,
    Table,
    XHandle,
    key,
)
from threadbot.config.model import DEFAULT_STYLE, BlueskyAccount, XAccount
from threadbot.config.rules import RuleError, check_handle
from threadbot.networks.bluesky_settings import (
    Threadgate,  # noqa: TC001 - pydantic reads the annotations
)
from threadbot.networks.x_settings import (  # noqa: TC001 - pydantic reads the annotations
    OnUnknown,
    ReplySettings,
)
from threadbot.thread.model import NetworkName  # noqa: TC001 - pydantic reads the annotations
from threadbot.triggers.settings import Approval  # noqa: TC001 - pydantic reads the annotations

#: The keys of an account that only Bluesky has.
BLUESKY_KEYS = ("pds", "app_password", "threadgate", "labels")
#: The keys of an account that only X has.
X_KEYS = (
    "api_key",
    "api_key_secret",
    "access_token",
    "access_token_secret",
    "reply_settings",
    "on_unknown",
    "max_usd_per_thread",
    "max_usd_per_month",
    "api",
)
#: Those that name a secret.
SECRET_KEYS = ("app_password", *X_KEYS[:4])

# The defaults stand where the values are defined.
_BLUESKY = BlueskyAccount()
_X = XAccount()
_PORTAL = "https://developer.x.com/en/portal/dashboard"


class PersonTable(Table):
    """A line of `[handles]`."""

    x: XHandle | None = key(
        "Their handle on X.",
        "a handle on X (1 to 15 letters, digits or underscores)",
        None,
    )
    bluesky: BlueskyHandle | None = key(
        "Their handle on Bluesky.",
        'a handle on Bluesky (a domain name such as "name.bsky.social")',
        None,
    )

    @model_validator(mode="after")
    def _names_somebody(self) -> PersonTable:
        if self.x is None and self.bluesky is None:
            message = "a table with 'x', 'bluesky' or both"
            raise RuleError(message)
        return self


class AccountTable(Table):
    """`[accounts.NAME]`."""

    network: NetworkName = key("The network that the account is on.", '"x" or "bluesky"')
    handle: str | None = key(
        "The account's own handle on its network. Without it, the byline's stands in.",
        "a handle of the account's network",
        None,
    )
    style: str = key(
        "The style of its threads: the NAME of a `[style.NAME]` or of a folder of templates.",
        "the name of a style",
        DEFAULT_STYLE,
    )
    approval: Approval = key(
        'Whether a person approves each thread that a source makes for it: `"auto"` is as the '
        'source\'s own `approval` says, `"required"` is always. What you publish or schedule by '
        "hand is approved by that.",
        '"required" or "auto"',
        "auto",
    )
    pds: Server = key(
        "Bluesky only: the account's server (PDS).",
        'the address of a server such as "https://bsky.social"',
        _BLUESKY.pds,
    )
    app_password: SecretName | None = key(
        "Bluesky only: the NAME of the [secret](#secrets) that holds its app password, which is "
        "made at https://bsky.app/settings/app-passwords. Needed to post.",
        "the name of a secret",
        _BLUESKY.app_password,
    )
    threadgate: Threadgate = key(
        'Bluesky only: who may reply. `"mentioned"` are those whom the first post mentions, '
        '`"following"` those whom the account follows, `"followers"` those who follow it.',
        '"everybody", "mentioned", "following", "followers" or "nobody"',
        _BLUESKY.threadgate,
    )
    labels: list[SelfLabel] = key(
        'Bluesky only: the content warnings that each post gets. `"!no-unauthenticated"` hides '
        "them from readers who are not signed in.",
        'a list of "porn", "sexual", "nudity", "graphic-media" and "!no-unauthenticated"',
        [],
    )

    api_key: SecretName | None = key(
        "X only: the NAME of the [secret](#secrets) that holds the API key of your application, "
        f"which X gives you at {_PORTAL}. Needed to post.",
        "the name of a secret",
        _X.api_key,
    )
    api_key_secret: SecretName | None = key(
        "X only: the NAME of the secret that holds the API key's own secret. Needed to post.",
        "the name of a secret",
        _X.api_key_secret,
    )
    access_token: SecretName | None = key(
        "X only: the NAME of the secret that holds the account's access token. Without it, the one "
        "that `threadbot auth x` got is used.",
        "the name of a secret",
        _X.access_token,
    )
    access_token_secret: SecretName | None = key(
        "X only: the NAME of the secret that holds the access token's own secret; goes with "
        "`access_token`.",
        "the name of a secret",
        _X.access_token_secret,
    )
    reply_settings: ReplySettings = key(
        'X only: who may reply. `"following"` are those whom the account follows, '
        '`"mentionedUsers"` those whom the thread mentions, `"subscribers"` and `"verified"` as on '
        "X.",
        '"everybody", "following", "mentionedUsers", "subscribers" or "verified"',
        _X.reply_settings,
    )
    on_unknown: OnUnknown = key(
        "X only: what follows where X did not say whether a post is out, and does not show it for "
        'two minutes. `"resend"` sends it once more, `"hold"` waits for you '
        "([publishing to X](x.md)).",
        '"resend" or "hold"',
        _X.on_unknown,
    )
    max_usd_per_thread: Price | None = key(
        "X only: the most that one thread may cost, in US dollars.",
        PRICE_RULE,
        _X.max_usd_per_thread,
    )
    max_usd_per_month: Price | None = key(
        "X only: the most that the account may spend from the first of a month to the next, in US "
        "dollars.",
        PRICE_RULE,
        _X.max_usd_per_month,
    )
    api: Server = key(
        "X only: where X's API is; only a proxy of your own needs another.",
        f'the address of a server such as "{_X.api}"',
        _X.api,
    )

    @field_validator("handle")
    @classmethod
    def _handle_of_its_network(cls, handle: str | None, info: ValidationInfo) -> str | None:
        network = info.data.get("network")
        if handle is None or network is None:
            return handle
        return check_handle(handle, network)


class SecretTable(Table):
    """`[secrets.NAME]`."""

    command: list[str] = key(
        "A program and its arguments that print the secret. It is run when the secret is needed "
        "and found in no other place, for 10 seconds at most.",
        'a list of a program and its arguments such as ["pass", "show", "bluesky"]',
        [],
        min_length=1,
    )
