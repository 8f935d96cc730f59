"""Rules for single values that are more than a type: handles, languages, time zones.

Owns each rule and its words; never knows which key it is used for.
"""

from __future__ import annotations

import re
import zoneinfo
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from threadbot.fetch.settings import AllowedHost

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

# https://help.x.com/en/managing-your-account/x-username-rules (read 2026-08-22).
_X_HANDLE = re.compile(r"@?[A-Za-z0-9_]{1,15}")
# https://atproto.com/specs/handle (read 2026-08-22): a domain name of at most 253 characters.
_BLUESKY_HANDLE = re.compile(
    r"@?(?=.{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)

#: The rule for the names of accounts, secrets and styles.
NAME = r"^[a-z0-9][a-z0-9_-]*$"
# What Bluesky gives out: https://bsky.app/settings/app-passwords (read 2026-11-24).
_APP_PASSWORD = re.compile(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}")
# https://www.rfc-editor.org/rfc/rfc3986#section-3.1: what begins an address, and no path.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SQLITE = "sqlite:///"
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")


class RuleError(ValueError):
    """A value breaks its rule.

    Args:
        phrase: what the value must be, to follow the words "must be".
        candidates: values that could have been meant.
    """

    def __init__(self, phrase: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(phrase)
        self.candidates = candidates


def check_handle(handle: str, network: NetworkName) -> str:
    """Let a handle through that its network could have given out.

    Raises:
        RuleError: for any other.
    """
    if network == "x":
        if _X_HANDLE.fullmatch(handle) is None:
            message = "a handle on X (1 to 15 letters, digits or underscores)"
            raise RuleError(message)
    elif _BLUESKY_HANDLE.fullmatch(handle) is None:
        message = 'a handle on Bluesky (a domain name such as "name.bsky.social")'
        raise RuleError(message)
    return handle


def check_timezone(name: str) -> str:
    """Let the name of a time zone through that this machine knows.

    Raises:
        RuleError: for any other.
    """
    # Python's own data may be missing on small machines, and UTC needs none.
    if name == "UTC":
        return name
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        phrase = 'a time zone of the IANA database such as "Europe/Paris"'
        known = zoneinfo.available_timezones()
        if not known:
            phrase += " (this machine has no such database: install the Python package tzdata)"
        raise RuleError(phrase, tuple(sorted(known))) from error
    return name


def check_server(address: str) -> str:
    """Let the address of a server through; of one on this machine without TLS, too.

    Returns:
        The address without a slash at its end.

    Raises:
        RuleError: for any other.
    """
    if "@" in address:
        message = "the address of a server without user name and password ('app_password' signs in)"
        raise RuleError(message)
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    local = _LOOPBACK.fullmatch(host) is not None
    bare = address.removesuffix("/")
    if (
        not host
        or parts.scheme not in ({"http", "https"} if local else {"https"})
        or bare != f"{parts.scheme}://{parts.netloc}"
        or re.search(r"[\s\\]", address)
    ):
        message = 'the address of a server such as "https://bsky.social" (http for localhost only)'
        raise RuleError(message)
    return bare


def check_ledger_path(place: str) -> str:
    """Let the path of a file through, or the address of an SQLite file.

    >>> check_ledger_path("sqlite:////srv/ledger.db")
    '/srv/ledger.db'

    Returns:
        The path.

    Raises:
        RuleError: for the address of anything else.
    """
    if _ADDRESS.match(place) is None:
        return place
    path = place.removeprefix(_SQLITE)
    if path == place:
        message = "the path of a file; the address of a PostgreSQL database is for 'ledger.url'"
        raise RuleError(message)
    if not path or path.startswith(":") or "?" in path:
        message = 'the path of a file, or its address such as "sqlite:////srv/ledger.db"'
        raise RuleError(message)
    return path


def check_ledger_url(address: str) -> str:
    """Let the address of a PostgreSQL database through that says everything but the password.

    >>> check_ledger_url("postgresql+psycopg://me@db.example.com/threadbot")
    'postgresql+psycopg://me@db.example.com/threadbot'

    Raises:
        RuleError: for any other.
    """
    form = 'such as "postgresql+psycopg://USER@HOST/DATABASE"'
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        message = f"the address of a PostgreSQL database {form}"
        raise RuleError(message) from error
    if parts.password is not None or "password" in parts.query.lower():
        message = f"an address without a password, {form} ('ledger.password' names its secret)"
        raise RuleError(message)
    if parts.scheme not in {"postgresql+psycopg", "postgresql"} or not parts.path.strip("/"):
        message = f"the address of a PostgreSQL database {form}"
        raise RuleError(message)
    return address


def check_secret_name(name: str) -> str:
    """Let the name of a secret through, and no password.

    Raises:
        RuleError: for anything that could be the password itself.
    """
    if re.fullmatch(NAME, name) is None or _APP_PASSWORD.fullmatch(name):
        message = (
            "the name of a secret (lower-case letters, digits, - and _), never the password "
            "itself; docs/configuration.md says where that belongs"
        )
        raise RuleError(message)
    return name


def check_allowed_host(text: str) -> str:
    """Let a host through, with a port or without.

    Raises:
        RuleError: for anything else.
    """
    try:
        AllowedHost.parse(text)
    except ValueError as error:
        message = 'a list of hosts such as "intranet.example" or "127.0.0.1:8080"'
        raise RuleError(message) from error
    return text


def exact_number(value: object) -> object:
    """Turn a whole number into a decimal one; leave everything else to the schema."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def normalised_name(name: str) -> str:
    """Give the name of somebody as it is looked up: in lower case, without `@`."""
    return name.removeprefix("@").lower()
