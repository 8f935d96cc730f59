"""The settings of the guarded client, as frozen values.

Owns their shape, their defaults and how a host is written; the configuration fills them.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

#: The ports that need no leave, by scheme.
USUAL_PORTS = {"http": 80, "https": 443}
#: Seconds that a whole fetch may take, redirects and all.
DEFAULT_TIMEOUT = 20.0

_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A host that may be fetched from although it is not public.

    Args:
        host: its name or address, as `normal_host` writes it.
        port: the only port that is meant, or None for the usual ones.
    """

    host: str
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> AllowedHost:
        """Read `host`, `host:port` or, for an IPv6 address, `[address]:port`.

        Raises:
            ValueError: it is none of them.
        """
        match = _HOST.fullmatch(text)
        if match is None:
            message = f"no host: {text!r}"
            raise ValueError(message)
        host = match["host"]
        if host.startswith("["):
            ipaddress.IPv6Address(host[1:-1])
        port = None if match["port"] is None else int(match["port"])
        if port is not None and not 0 < port <= _HIGHEST_PORT:
            message = f"no port: {port}"
            raise ValueError(message)
        return cls(normal_host(host), port)

    def covers(self, host: str, port: int) -> bool:
        """Tell whether a host and a port are meant.

        Args:
            host: as `normal_host` writes it.
            port: the port that would be connected to.
        """
        ports = USUAL_PORTS.values() if self.port is None else (self.port,)
        return host == self.host and port in ports


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """What the configuration says of fetching.

    Args:
        allow: hosts that need not be public, for whom a fetch's `Reach` covers them.
        contact: an address or a page that a server's owner can turn to, sent with each request.
        timeout: seconds that a whole fetch may take.
    """

    allow: tuple[AllowedHost, ...] = ()
    contact: str | None = None
    timeout: float = DEFAULT_TIMEOUT

    def within(self, reach: Reach) -> tuple[AllowedHost, ...]:
        """Give the allowed hosts that a fetch may go to although they are not public."""
        if reach.everywhere or reach.home is None:
            return self.allow if reach.everywhere else ()
        return tuple(one for one in self.allow if one.covers(*_place(reach.home)))

    def is_beyond(self, url: str, reach: Reach) -> bool:
        """Tell whether an address is at a host that is allowed, but not to this fetch."""
        host, port = _place(url)
        listed = any(one.covers(host, port) for one in self.allow)
        return listed and not any(one.covers(host, port) for one in self.within(reach))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a fetch may go among the hosts that the configuration allows, public or not.

    Strangers name most addresses: a feed's entry, a redirect, a page. What they name must never
    have a page fetched that only this machine can see, so leave is given to each fetch by itself.
    It ends with the first redirect from a host that it does not cover.

    Args:
        everywhere: to all of them: the owner gave the address.
        home: the address of a source; leave is given for its own host and port. None for none.
    """

    everywhere: bool = False
    home: str | None = None

    def toward(self, url: str) -> Reach:
        """Keep what matters to an address: nothing, where it is at another host than the source."""
        if self.everywhere or self.home is None:
            return self
        return self if urlsplit(self.home).hostname == urlsplit(url).hostname else PUBLIC


#: To no host that is not public.
PUBLIC = Reach()
#: To all hosts that are allowed.
BY_HAND = Reach(everywhere=True)


def _place(url: str) -> tuple[str, int]:
    """Give host and port of an address; what is none is nowhere."""
    try:
        parts = urlsplit(url)
        port = parts.port or USUAL_PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", 0
    return normal_host(parts.hostname or ""), port


def normal_host(host: str) -> str:
    """Write a host the way that equal ones share.

    >>> normal_host("Example.COM."), normal_host("[0:0::1]"), normal_host("127.0.0.1")
    ('example.com', '::1', '127.0.0.1')
    """
    bare = host.removeprefix("[").removesuffix("]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return bare
