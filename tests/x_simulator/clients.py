"""Others' clients of X, pointed at the simulator: tweepy, and X's own SDK.

Owns the wiring; never goes through threadbot.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests
import tweepy
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth1
from xdk import Client
from xdk.oauth1_auth import OAuth1 as XdkSignature
from xdk.oauth1_auth import OAuth1AccessToken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

X_HOST = "https://api.twitter.com"


class Loopback(HTTPAdapter):
    """Sends to the simulator what is addressed to, and signed for, X.

    Args:
        url: where the simulator listens.
        patience: seconds that are waited for each answer.
    """

    def __init__(self, url: str, patience: float = 5) -> None:
        self._url = url
        self._patience = patience
        super().__init__()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        """Send a request to the simulator."""
        request.url = (request.url or "").replace(X_HOST, self._url)
        options["timeout"] = options.get("timeout") or self._patience
        return super().send(request, *args, **options)


def call(
    x: XSimulator,
    account: XAccount,
    method: str,
    path: str,
    *,
    signed: Mapping[str, Any] | None = None,
    host: str = X_HOST,
    **request: Any,
) -> requests.Response:
    """Call the simulator without a library for X; redirects are not followed.

    Args:
        x: the simulator.
        account: whose signature it is.
        method: of HTTP.
        path: without the host.
        signed: what is signed instead of the account's credentials, a fresh nonce and the time.
        host: for which it is signed.
        request: more for requests.
    """
    credentials = {
        "client_key": account.consumer_key,
        "client_secret": account.consumer_secret,
        "resource_owner_key": account.access_token,
        "resource_owner_secret": account.access_token_secret,
    }
    auth = OAuth1(**(credentials | dict(signed or {})))
    with requests.Session() as session:
        session.mount(X_HOST, Loopback(x.url))
        more = {"auth": auth, "allow_redirects": False, **request}
        return session.request(method, host + path, **more)


def post(x: XSimulator, account: XAccount, text: str, **body: Any) -> requests.Response:
    """Post a text."""
    return call(x, account, "POST", "/2/tweets", json={"text": text, **body})


def reply_to(parent: str) -> dict[str, str]:
    """Say which post is replied to."""
    return {"in_reply_to_tweet_id": parent}


@contextmanager
def tweepy_session(x: XSimulator, account: XAccount) -> Iterator[tweepy.Client]:
    """Give tweepy's client for an account."""
    client = tweepy.Client(
        consumer_key=account.consumer_key,
        consumer_secret=account.consumer_secret,
        access_token=account.access_token,
        access_token_secret=account.access_token_secret,
    )
    client.session.mount(X_HOST, Loopback(x.url))
    with client.session:
        yield client


@contextmanager
def xdk_session(x: XSimulator, account: XAccount) -> Iterator[Client]:
    """Give the client of X's own SDK for an account; it signs for where it sends."""
    x.signed_for = x.url
    auth = XdkSignature(account.consumer_key, account.consumer_secret, callback="oob")
    auth.access_token = OAuth1AccessToken(account.access_token, account.access_token_secret)
    client = Client(base_url=x.url, auth=auth)
    with client.session:
        yield client
