"""Web addresses: resolved against the page they stand on, and normalised to be compared.

Owns what makes two addresses the same one; never fetches, and never shortens what is linked.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What campaigns and networks append to an address without changing what it leads to.
_TRACKING = re.compile(
    r"utm_\w+|at_(?:medium|campaign|custom\d|creation|format|link\w*|ptr_name|recipient\w*)|xtor"
    r"|[dfgmty]clid|gclsrc|fbclid|twclid|msclkid|[gw]braid|igshid|igsh|yclid|ttclid|li_fat_id"
    r"|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|_gl|vero_id|oly_(?:anon|enc)_id|__s|ck_subscriber_id",
    re.IGNORECASE,
)
# What feeds append to tell where a reader comes from; only a page can say that it means nothing.
_ORIGIN = re.compile(r"ref|source|src|from|via|rss|feed|medium|partner|cmp(?:id)?", re.IGNORECASE)
# PostgreSQL looks up no row of more than 2,704 bytes; some are for what stands beside an address.
# https://www.postgresql.org/docs/18/btree.html
_MOST_BYTES: Final = 2_200
_WHITE = re.compile(r"\s+")


def normalise(url: str) -> str:
    """Write an address the way that equal ones share.

    Host in lower case, default port, tracking parameters and fragment off, no slash at the end
    of a path (a bare host gets one). The scheme is kept. What is no http(s) address comes back
    as it is, trimmed.

    >>> normalise("https://Example.com:443/a/?utm_source=x&id=7#part")
    'https://example.com/a?id=7'
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    account, at, _ = parts.netloc.rpartition("@")
    place = "" if port is None or port == _DEFAULT_PORTS[parts.scheme] else f":{port}"
    pairs = [pair for pair in parts.query.split("&") if pair and not _is_tracking(pair)]
    path = parts.path.rstrip("/") or "/"
    return urlunsplit((parts.scheme, f"{account}{at}{host}{place}", path, "&".join(pairs), ""))


def is_front_page(url: str) -> bool:
    """Tell whether an address leads to a whole site, and so to no article of its own.

    >>> is_front_page("https://example.com/?utm_source=rss"), is_front_page("https://example.com/a")
    (True, False)
    """
    try:
        parts = urlsplit(normalise(url))
    except ValueError:
        return False
    return bool(parts.netloc) and parts.path in {"", "/"} and not parts.query


def bounded(place: str) -> str:
    """Give an address as it can be looked up by: one of very many bytes becomes a hash.

    >>> bounded("//example.com/a"), len(bounded("//example.com/" + "水" * 1_000))
    ('//example.com/a', 73)
    """
    written = place.encode("utf-8", "surrogatepass")
    return place if len(written) <= _MOST_BYTES else f"sha256://{sha256(written).hexdigest()}"


def untracked(url: str) -> str:
    """Take tracking parameters off an address, and leave the rest as its site writes it.

    >>> untracked("https://example.com/a/?id=7&utm_source=rss#part")
    'https://example.com/a/?id=7#part'
    """
    start, mark, query_and_part = url.partition("?")
    query, hash_mark, part = query_and_part.partition("#")
    if not mark or "#" in start:
        return url
    kept = "&".join(pair for pair in query.split("&") if not _is_tracking(pair))
    return f"{start}{'?' if kept else ''}{kept}{hash_mark}{part}"


def is_canonical_of(canonical: str, url: str) -> bool:
    """Tell whether what a page calls its canonical address is believably that of this very page.

    It may drop or add `www.`, a slash, `https` and what merely tells where a reader comes from.
    Another site, another path or another article's number is a mistake of the page, or a lie.

    >>> is_canonical_of("https://example.com/a", "http://www.example.com/a/?source=rss")
    True
    >>> is_canonical_of("https://example.com/a", "https://example.com/a?id=7")
    False
    """
    try:
        stated, given = urlsplit(normalise(canonical)), urlsplit(normalise(url))
    except ValueError:
        return False
    if (given.scheme, stated.scheme) == ("https", "http") or is_front_page(canonical):
        return False
    places = [(one.netloc.removeprefix("www."), one.path) for one in (stated, given)]
    return places[0] == places[1] and _meant(stated.query) == _meant(given.query)


def _meant(query: str) -> list[str]:
    """Give the parameters that may tell one page from another."""
    pairs = filter(None, query.split("&"))
    return sorted(pair for pair in pairs if not _ORIGIN.fullmatch(pair.partition("=")[0]))


def without_secrets(url: str) -> str:
    """Write an address as people may see it: without its credentials and its query.

    A feed for subscribers has a key there, and what is said ends up in logs and in questions.

    >>> without_secrets("https://me:pass@example.com/feed?key=7")
    'https://example.com/feed?…'
    """
    start, query, _ = url.partition("?")
    scheme, mark, rest = start.partition("://")
    host, slash, path = rest.partition("/")
    bare = f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}" if mark else start
    return f"{bare}?…" if query else bare


def _is_tracking(pair: str) -> bool:
    return _TRACKING.fullmatch(pair.partition("=")[0]) is not None


def resolve(base: str | None, href: str) -> str | None:
    """Make an address absolute.

    Args:
        base: the address of the page that it stands on, where that is known.
        href: the address as the page gives it.

    Returns:
        An http(s) address; None for a mere fragment, for other schemes (`mailto:` and the
        like), and for a relative address without a base.
    """
    href = href.strip()
    if href.startswith("#"):
        return None
    if base is None and href.startswith("//"):
        href = f"https:{href}"
    try:
        absolute = urljoin(base or "", href)
        parts = urlsplit(absolute)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    return _WHITE.sub("%20", absolute)
