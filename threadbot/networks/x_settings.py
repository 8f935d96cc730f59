"""What the X adapter must be told about an account, as frozen values.

Owns their shape and their defaults; the configuration fills them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from threadbot.networks.secret import Secret
from threadbot.thread.settings import Prices

#: Who may reply to a thread; the words are those of X (POST /2/tweets, read on 2026-11-24), but for
#: `everybody`, which is what holds where X is told nothing.
ReplySettings: TypeAlias = Literal[
    "everybody", "following", "mentionedUsers", "subscribers", "verified"
]
#: What follows where nobody can tell whether a post is out, and X does not show it.
OnUnknown: TypeAlias = Literal["resend", "hold"]

#: Where tweepy sends its requests (4.17.0); X signs for this name wherever they are sent.
DEFAULT_API: Final = "https://api.twitter.com"


@dataclass(frozen=True, slots=True)
class AppKeys:
    """What X gave the application (OAuth 1.0a).

    Args:
        consumer_key: which application.
        consumer_secret: its secret.
    """

    consumer_key: Secret
    consumer_secret: Secret


@dataclass(frozen=True, slots=True)
class UserTokens:
    """What X gave the application for one account (OAuth 1.0a).

    Args:
        access_token: begins with the account's number and a `-`.
        access_token_secret: its secret.
    """

    access_token: Secret
    access_token_secret: Secret

    def to_json(self) -> str:
        """Write the tokens down, for a store that keeps secrets."""
        return json.dumps([self.access_token.reveal(), self.access_token_secret.reveal()])

    @classmethod
    def from_json(cls, text: str | None) -> UserTokens | None:
        """Read what `to_json` wrote; None where it is anything else, such as another network's."""
        try:
            token, secret = json.loads(text or "")
        except ValueError:
            return None
        if not (isinstance(token, str) and isinstance(secret, str)):
            return None
        return cls(Secret(token), Secret(secret))


@dataclass(frozen=True, slots=True)
class XSettings:
    """An account on X.

    Args:
        account: its name in the configuration.
        handle: its handle without `@`, or None where the configuration does not say.
        app: the application that posts.
        user: the account that it posts for.
        reply_settings: who may reply.
        on_unknown: what to do about a post that may be out and does not show.
        api: the address of X's API, without a `/` at its end.
        prices: what X charges.
    """

    account: str
    handle: str | None
    app: AppKeys
    user: UserTokens
    reply_settings: ReplySettings = "everybody"
    on_unknown: OnUnknown = "resend"
    api: str = DEFAULT_API
    prices: Prices = field(default_factory=Prices)
