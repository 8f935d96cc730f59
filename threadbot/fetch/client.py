"""Fetching: an address in, the body of a public page or file out.

Owns redirects, limits and what is said of everything that goes wrong. Sends no cookie and no
credentials, takes no proxy from the environment, and keeps nothing between two fetches. Costs
100 ms to import.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field, replace
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlencode

import httpcore2
import httpx2

from threadbot.errors import FetchError
from threadbot.fetch.connection import (
    Clock,
    Deadline,
    Guard,
    GuardedBackend,
    Resolver,
    system_resolver,
)
from threadbot.fetch.failures import reason_of, shown_address, told
from threadbot.fetch.packing import read_body
from threadbot.fetch.settings import PUBLIC, FetchSettings, Reach
from threadbot.fetch.targets import check, following, host_and_port, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Redirects that are followed; more are taken for a loop.
MOST_REDIRECTS = 5
#: Bytes of a body, unpacked, unless a caller says otherwise.
MAX_BYTES = 5_000_000

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_KEEPING_THE_METHOD = frozenset({307, 308})


#: Says why an address must not be fetched with what reach there is, or None where it may be.
Objection: TypeAlias = "Callable[[str, Reach], str | None]"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server gave.

    Args:
        url: the address that it came from, after all redirects.
        status: HTTP's status code, which may well be 404.
        content_type: the media type in lower case, without parameters; empty where none is named.
        body: unpacked.
        headers: by name in lower case.
        moved: where the address has moved for good (301, 308), to be asked for from now on; None
            where it has not.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str]
    moved: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a server besides the address.

    Args:
        accept: the media types that are wanted, as HTTP's `Accept` writes them. A server may send
            another.
        headers: more of them, such as what makes a request conditional.
        form: fields that are posted; None where nothing is. A redirect that would turn the POST
            into a GET is not followed, but given as the answer.
    """

    accept: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: httpx2.URL
    status: int


class Fetcher:
    """The guarded client.

    Args:
        settings: what the configuration says.
        resolver: looks hosts up.
        clock: tells the time, in seconds; never goes back.
        tls: what certificates are checked with; None takes this machine's.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: Resolver = system_resolver,
        clock: Clock = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._resolver = resolver
        self._clock = clock
        self._tls = tls

    def fetch(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int = MAX_BYTES,
        deadline: float | None = None,
        reach: Reach = PUBLIC,
        objection: Objection | None = None,
    ) -> Fetched:
        """Fetch an address.

        Args:
            url: an http(s) address.
            accept: the media types that are wanted, as HTTP's `Accept` writes them. A server may
                send another.
            max_bytes: the most that the unpacked body may have.
            deadline: seconds for all of it; None takes the configuration's.
            reach: where it may go that is not public.
            objection: asked before a redirect is followed; None follows all that are safe.

        Raises:
            FetchError: it is not fetched; the message says why.
        """
        return self.send(
            url,
            Request(accept),
            max_bytes=max_bytes,
            deadline=deadline,
            reach=reach,
            objection=objection,
        )

    def send(
        self,
        url: str,
        request: Request,
        *,
        max_bytes: int = MAX_BYTES,
        deadline: float | None = None,
        reach: Reach = PUBLIC,
        objection: Objection | None = None,
    ) -> Fetched:
        """Send a request to an address.

        Args:
            url: an http(s) address.
            request: what is sent.
            max_bytes: the most that the unpacked body may have.
            deadline: seconds for all of it; None takes the configuration's.
            reach: where it may go that is not public.
            objection: asked before a redirect is followed; None follows all that are safe.

        Raises:
            FetchError: it is not fetched; the message says why.
        """
        seconds = self._settings.timeout if deadline is None else deadline
        limit = Deadline(self._clock, self._clock() + seconds)
        allow = self._settings.within(reach)
        guard = Guard(allow, self._resolver, limit, self._settings.allow)
        target, origin, moved, for_good = target_of(url), "", None, True
        try:
            for _ in range(MOST_REDIRECTS + 1):
                shown = f"{origin}{shown_address(target)}"
                check(target, guard)
                if origin and objection is not None and (reason := objection(str(target), reach)):
                    raise FetchError(reason)  # noqa: TRY301 - worded below like all the others
                guard = guard.after(*host_and_port(target))
                reach = reach if guard.allow else PUBLIC
                backend = GuardedBackend(guard, limit)
                answer = self._answer(target, backend, request, max_bytes)
                if isinstance(answer, Fetched):
                    return replace(answer, moved=moved)
                origin = origin or f"{shown} leads to "
                target = answer.target
                for_good = for_good and answer.status in _FOR_GOOD
                moved = str(target) if for_good else moved
            message = f"it redirects more than {MOST_REDIRECTS} times; open it in a browser"
            raise FetchError(message)  # noqa: TRY301 - worded below like all the others
        except FetchError as error:
            raise told(shown, str(error)) from error
        except httpcore2.TimeoutException as error:
            reason = f"it took longer than {seconds:g} seconds; try again later"
            raise told(shown, reason) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise told(shown, reason_of(error)) from error

    def _answer(
        self, target: httpx2.URL, backend: GuardedBackend, request: Request, max_bytes: int
    ) -> Fetched | _Redirect:
        if self._tls is None and target.scheme == "https":
            self._tls = httpx2.create_ssl_context()
        headers: dict[bytes | str, bytes | str] = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": _user_agent(self._settings.contact),
            "Accept": request.accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        headers.update(request.headers.items())
        content: bytes | None = None
        if request.form is not None:
            content = urlencode(request.form).encode("ascii")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Content-Length"] = str(len(content))
        address = httpcore2.URL(
            scheme=target.raw_scheme,
            host=target.raw_host,
            port=target.port,
            target=target.raw_path,
        )
        with (
            httpcore2.ConnectionPool(
                ssl_context=self._tls or _no_tls(), network_backend=backend
            ) as pool,
            pool.stream(
                "GET" if content is None else "POST", address, headers=headers, content=content
            ) as answer,
        ):
            got = httpx2.Headers(answer.headers)
            followed = _REDIRECTS if content is None else _KEEPING_THE_METHOD
            if answer.status in followed and "location" in got:
                onward = following(target, got["location"])
                if content is not None and (target.scheme, onward.scheme) == ("https", "http"):
                    message = "it redirects what is posted from https to http, for all to read"
                    raise FetchError(message)
                return _Redirect(onward, answer.status)
            body = read_body(answer.iter_stream(), got, max_bytes)
        return Fetched(
            url=str(target),
            status=answer.status,
            content_type=got.get("content-type", "").partition(";")[0].strip().lower(),
            body=body,
            headers=MappingProxyType(dict(got.items())),
        )


def _user_agent(contact: str | None) -> str:
    name = f"threadbot/{metadata.version('threadbot')}"
    return name if contact is None else f"{name} (+{contact})"


def _no_tls() -> ssl.SSLContext:
    # Where there is none the pool would load this machine's certificates, for plain HTTP, too.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
