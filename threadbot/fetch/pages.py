"""The page of an article: fetched, or refused in one sentence.

Owns what is said of answers that are no article, and the question whether a site's robots.txt lets
us read a page. Never reads an article.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from threadbot.article.address import without_secrets
from threadbot.errors import FetchError
from threadbot.fetch.client import MAX_BYTES, Fetched, Objection
from threadbot.fetch.failures import shortened
from threadbot.fetch.settings import PUBLIC, Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

#: What a page may be sent as.
ACCEPT: Final = "text/html, application/xhtml+xml, text/markdown;q=0.9, text/plain;q=0.8, */*;q=0.1"
#: What we are called in a robots.txt.
AGENT: Final = "threadbot"
#: The largest robots.txt that is read, in bytes (RFC 9309, 2.5).
MAX_ROBOTS: Final = 500_000
#: Seconds for which a robots.txt is believed.
ROBOTS_KEPT: Final = 3600.0
#: Seconds for which a site is not asked again that did not say.
ROBOTS_FAILURE_KEPT: Final = 60.0
#: Sites whose robots.txt is kept; more begin anew.
_MOST_SITES: Final = 1_000

_READABLE: Final = frozenset(
    {
        "",
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
        "application/octet-stream",
    }
)
_OK: Final = 200
_CLIENT_ERRORS: Final = range(400, 500)
_SAID: Final = {
    401: "it wants a password (HTTP 401); save the page to a file and name that",
    403: "its server refuses us (HTTP 403); save the page to a file and name that",
    404: "there is nothing at this address (HTTP 404); check it",
    410: "the page is gone for good (HTTP 410); check the address",
    429: "its server says that we ask too often (HTTP 429); try again later",
    503: "its server is out of order (HTTP 503); try again later",
}


class PageClient(Protocol):
    """Fetches addresses; `client.Fetcher` is one."""

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

        Raises:
            FetchError: it is not fetched; the message says why.
        """
        ...


def fetch_page(
    client: PageClient,
    url: str,
    max_bytes: int = MAX_BYTES,
    *,
    reach: Reach,
    robots: Robots | None = None,
) -> Fetched:
    """Fetch the page of an article.

    Args:
        client: fetches it.
        url: an http(s) address.
        max_bytes: the most that an article may have.
        reach: where it may be that is not public.
        robots: asked for the address, and for each that it redirects to; None for an address that
            a person gave.

    Raises:
        FetchError: it cannot be had, must not be, or is no page, Markdown or plain text.
    """
    objection = None
    if robots is not None:
        robots.check(url, reach)
        objection = robots.objection
    answer = client.fetch(url, accept=ACCEPT, max_bytes=max_bytes, reach=reach, objection=objection)
    if answer.status != _OK:
        reason = _SAID.get(
            answer.status, f"its server answers with HTTP {answer.status}; try again later"
        )
    elif answer.content_type not in _READABLE:
        kind = answer.content_type[:60]
        reason = f"it is {kind}, and articles are web pages, Markdown or plain text"
    elif not answer.body.strip():
        reason = "the page is empty; try again later"
    else:
        return answer
    message = f"{shortened(without_secrets(answer.url))} cannot be read: {reason}"
    raise FetchError(message)


class Robots:
    """What the robots.txt of sites say; each is asked for once an hour, or a minute if it fails.

    Args:
        client: fetches them.
        clock: tells the time, in seconds; never goes back.
        ours: hosts that need not be asked: those of configured sources.
    """

    def __init__(
        self, client: PageClient, clock: Callable[[], float], ours: Collection[str] = ()
    ) -> None:
        self._client = client
        self._clock = clock
        self._ours = frozenset(ours)
        self._known: dict[tuple[str, Reach], tuple[float, RobotFileParser | FetchError]] = {}

    def check(self, url: str, reach: Reach) -> None:
        """Let an address through that its site lets robots read.

        Args:
            url: the address.
            reach: where it may be that is not public.

        Raises:
            FetchError: the site does not, or does not say.
        """
        if reason := self.objection(url, reach):
            message = f"{shortened(without_secrets(url))} is not read: {reason}"
            raise FetchError(message)

    def objection(self, url: str, reach: Reach) -> str | None:
        """Say why an address is not to be read, or None where its site lets robots read it.

        Args:
            url: the address.
            reach: where it may be that is not public.

        Raises:
            FetchError: the site does not say.
        """
        parts = urlsplit(url)
        if parts.hostname in self._ours:
            return None
        if self._rules(f"{parts.scheme}://{parts.netloc}", reach.toward(url)).can_fetch(AGENT, url):
            return None
        return (
            "the robots.txt of its site asks robots not to; if you may, publish it by its address"
        )

    def _rules(self, site: str, reach: Reach) -> RobotFileParser:
        asked, found = self._known.get((site, reach), (-math.inf, None))
        kept = ROBOTS_FAILURE_KEPT if isinstance(found, FetchError) else ROBOTS_KEPT
        if found is None or self._clock() - asked >= kept:
            try:
                found = self._asked(site, reach)
            except FetchError as error:
                # A site that is slow or out of order is not waited for once more for each page.
                found = error
            if len(self._known) >= _MOST_SITES:
                self._known.clear()
            self._known[site, reach] = (self._clock(), found)
        if isinstance(found, FetchError):
            raise FetchError(str(found))
        return found

    def _asked(self, site: str, reach: Reach) -> RobotFileParser:
        rules = RobotFileParser()
        answer = self._client.fetch(
            f"{site}/robots.txt",
            accept="text/plain, */*;q=0.1",
            max_bytes=MAX_ROBOTS,
            reach=reach,
        )
        if answer.status == _OK:
            rules.parse(answer.body.decode("utf-8", "replace").splitlines())
        elif answer.status in _CLIENT_ERRORS:
            # No rules hold where there is no such file (RFC 9309, 2.3.1.3).
            rules.parse([])
        else:
            message = (
                f"{without_secrets(site)}/robots.txt cannot be read (HTTP {answer.status}), so its "
                "site's pages are not either; try again later"
            )
            raise FetchError(message)
        return rules
