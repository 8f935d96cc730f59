"""What a publication says of its sources, as frozen values.

Owns their shape and their defaults; the configuration fills them. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from threadbot.triggers.decisions import Rules
from threadbot.triggers.polling import Pace

if TYPE_CHECKING:
    from pathlib import Path

SourceKind: TypeAlias = Literal["feed", "folder", "webhook"]
Approval: TypeAlias = Literal["required", "auto"]
#: Who sends a webhook; the last one is anything that follows Standard Webhooks.
WebhookKind: TypeAlias = Literal["ghost", "wordpress", "standard"]
#: When a thread goes out that is approved by itself.
Timing: TypeAlias = Literal["next-slot", "now"]

#: Where the listener of webhooks listens.
DEFAULT_LISTEN = "127.0.0.1:8787"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of articles.

    Args:
        name: its own, under which it is remembered.
        kind: what it is.
        url: a feed's address.
        path: a folder.
        sender: who sends a webhook.
        secret: the name of the secret that a webhook shares with its sender, never the secret.
        accounts: the names of the accounts that its articles go to; empty for all.
        style: the style of their threads; None for each account's own.
        approval: whether a person approves each thread.
        asking: the names of accounts whose threads a person approves all the same.
        timing: when a thread goes out that nobody need approve.
        sandbox: whether its threads go to the sandbox.
        rules: what is let in.
        link_parameters: what is appended to the article's address; `{network}` and `{account}` in
            it stand for those.
        pace: the bounds of how often a feed is asked.
    """

    name: str
    kind: SourceKind
    url: str | None = None
    path: Path | None = None
    sender: WebhookKind = "standard"
    secret: str | None = None
    accounts: tuple[str, ...] = ()
    style: str | None = None
    approval: Approval = "required"
    asking: frozenset[str] = frozenset()
    timing: Timing = "next-slot"
    sandbox: bool = False
    rules: Rules = field(default_factory=Rules)
    link_parameters: str = ""
    pace: Pace = field(default_factory=Pace)

    def approves(self, account: str) -> bool:
        """Tell whether a thread for an account needs nobody's approval."""
        return self.approval == "auto" and account not in self.asking

    @property
    def place(self) -> str:
        """Where it is: another place has a stock of its own."""
        return f"{self.kind}:{self.url or self.path or self.sender}"


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The listener that webhooks come to.

    Args:
        listen: host and port.
        callback_url: its address as the outside knows it, for the hubs of feeds; None where they
            cannot reach it.
    """

    listen: str = DEFAULT_LISTEN
    callback_url: str | None = None

    def address_of(self, name: str) -> str:
        """Give the address of a source's webhook: as the outside knows it, if that is known.

        >>> WebhookSettings().address_of("ghost")
        'http://127.0.0.1:8787/webhooks/ghost'
        """
        return f"{self.callback_url or f'http://{self.listen}'}/webhooks/{name}"


def with_parameters(url: str, parameters: str, network: str, account: str) -> str:
    """Append parameters to an address, before its fragment.

    >>> with_parameters("https://example.com/a#b", "utm_source={network}", "x", "ours")
    'https://example.com/a?utm_source=x#b'
    """
    if not parameters:
        return url
    filled = parameters.replace("{network}", network).replace("{account}", account)
    before, mark, part = url.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{filled}{mark}{part}"
