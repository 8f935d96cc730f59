"""A client that may talk to the servers of a test, and what it says when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from threadbot.errors import FetchError
from threadbot.fetch.client import Fetched, Fetcher
from threadbot.fetch.settings import BY_HAND, AllowedHost, FetchSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fetch.loopback import LoopbackServer

#: What hosts of the tests are looked up as.
ADDRESSES = {"127.0.0.1": "127.0.0.1", "news.example": "127.0.0.1"}


def resolver(host: str, seconds: float) -> Sequence[str]:
    """Look up a host of the tests."""
    assert seconds > 0
    return [ADDRESSES[host]]


def fetcher(*servers: LoopbackServer) -> Fetcher:
    """Give a client that may talk to these servers, by number or by the name `news.example`."""
    return Fetcher(fetcher_settings(*servers), resolver=resolver)


def fetcher_settings(*servers: LoopbackServer) -> FetchSettings:
    """Say what such a client may do."""
    allow = tuple(AllowedHost(host, server.port) for server in servers for host in ADDRESSES)
    return FetchSettings(allow, "https://enpause.example/contact")


def get(client: Fetcher, server: LoopbackServer, path: str = "/", deadline: float = 5) -> Fetched:
    """Fetch a path of a server by name."""
    url = f"http://news.example:{server.port}{path}"
    return client.fetch(url, accept="text/html", deadline=deadline, reach=BY_HAND)


def refusal(client: Fetcher, url: str, deadline: float = 5) -> str:
    """Give what is said of an address that is not fetched."""
    with pytest.raises(FetchError) as caught:
        client.fetch(url, accept="*/*", deadline=deadline, reach=BY_HAND)
    return str(caught.value)
