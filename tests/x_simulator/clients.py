"""Others' clients of X, pointed at the simulator: tweepy, and X's own SDK.

Owns the wiring; never goes through threadbot.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import tweepy
from requests.adapters import HTTPAdapter
from xdk import Client
from xdk.oauth1_auth import OAuth1, OAuth1AccessToken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import PreparedRequest, Response

    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator


class Loopback(HTTPAdapter):
    """Sends to the simulator what is addressed to, and signed for, X.

    Args:
        url: where the simulator listens.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        super().__init__()

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request to the simulator."""
        request.url = (request.url or "").replace("https://api.twitter.com", self._url)
        # No test waits for longer, not even for a stalled answer.
        options["timeout"] = options.get("timeout") or 5
        return super().send(request, *args, **options)


@contextmanager
def tweepy_session(x: XSimulator, account: XAccount) -> Iterator[tweepy.Client]:
    """Give tweepy's client for an account."""
    client = tweepy.Client(
        consumer_key=account.consumer_key,
        consumer_secret=account.consumer_secret,
        access_token=account.access_token,
        access_token_secret=account.access_token_secret,
    )
    client.session.mount("https://api.twitter.com", Loopback(x.url))
    with client.session:
        yield client


@contextmanager
def xdk_session(x: XSimulator, account: XAccount) -> Iterator[Client]:
    """Give the client of X's own SDK for an account; it signs for where it sends."""
    x.signed_for = x.url
    auth = OAuth1(account.consumer_key, account.consumer_secret, callback="oob")
    auth.access_token = OAuth1AccessToken(account.access_token, account.access_token_secret)
    client = Client(base_url=x.url, auth=auth)
    with client.session:
        yield client
