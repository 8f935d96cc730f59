"""Addresses that are to be fetched: read, and refused before anything is looked up.

Owns which addresses are never fetched, whoever names them. Connects to nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx2

from threadbot.article.address import without_secrets
from threadbot.errors import FetchError
from threadbot.fetch.failures import shortened
from threadbot.fetch.settings import USUAL_PORTS

if TYPE_CHECKING:
    from threadbot.fetch.connection import Guard

_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)


def target_of(url: str) -> httpx2.URL:
    """Read an address.

    Raises:
        FetchError: it is none.
    """
    try:
        return httpx2.URL(url.strip()).copy_with(fragment=None)
    except httpx2.InvalidURL as error:
        message = f"{shortened(without_secrets(url))!r} is not a web address: {str(error).lower()}"
        raise FetchError(message) from error


def following(target: httpx2.URL, location: str) -> httpx2.URL:
    """Read where a redirect leads from an address.

    Raises:
        FetchError: it leads nowhere.
    """
    try:
        return target.join(location).copy_with(fragment=None)
    except httpx2.InvalidURL as error:
        shown = shortened(without_secrets(location))
        message = f"it redirects to {shown!r}, which is not a web address"
        raise FetchError(message) from error


def check(target: httpx2.URL, guard: Guard) -> None:
    """Refuse an address before anything is looked up.

    Raises:
        FetchError: it is not one that is ever fetched.
    """
    host, port = host_and_port(target)
    if target.scheme not in USUAL_PORTS:
        message = "it does not begin with http:// or https://"
        raise FetchError(message)
    if target.userinfo:
        message = "it holds a user name or a password; take them out of the address"
        raise FetchError(message)
    if _HOST.fullmatch(host) is None:
        message = "it names no host"
        raise FetchError(message)
    if port not in USUAL_PORTS.values() and not guard.allows(host, port):
        advice = guard.advice(host, port, "host and port")
        message = f"port {port} is neither 80 nor 443; {advice}"
        raise FetchError(message)


def host_and_port(target: httpx2.URL) -> tuple[str, int]:
    """Give what would be connected to; port 0 where a scheme has none."""
    port = USUAL_PORTS.get(target.scheme, 0) if target.port is None else target.port
    return target.raw_host.decode("ascii"), port
