"""What PostgreSQL says, in one sentence with what to do about it.

Owns those words, and the question whether a failure passes by itself. Never repeats an address with
its password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL
from sqlalchemy.exc import DataError

from threadbot.errors import (
    LedgerAwayError,
    LedgerBusyError,
    LedgerDiskError,
    LedgerError,
    UnstorableError,
)

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

# By the code of the error, or how it begins: https://www.postgresql.org/docs/18/errcodes-appendix.html
_BUSY: Final = {
    "53300": "it has no connection left; try again, or raise its max_connections",
    "40": "another program is writing to the ledger; try again",
    "55P03": "another program is writing to the ledger; try again",
}
_DISK: Final = frozenset({"53100", "58030"})
_AWAY: Final = ("08", "57P01", "57P02", "57P03", "57P05", "25P03")
# A value is wrong, or too large, whoever asks and however often.
_UNSTORABLE: Final = ("22", "54")
_WHAT_TO_DO: Final = {
    "25006": "it may only be read; name the server that is written to (the primary)",
    "42501": "its user may not write there; let it own the database",
    "53100": "its disk is full; free some space, then try again or resume the thread",
    "58030": "its disk cannot be read or written; correct that, then try again or resume",
    "XX001": "it is damaged; put a copy from your backup in its place",
    "XX002": "it is damaged; put a copy from your backup in its place",
}
# Before a connection stands, there is no code, only what the server says, if it says anything.
_NOT_CONNECTED: Final = frozenset({"OperationalError", "ConnectionTimeout"})
_REFUSALS: Final = (
    (
        re.compile(r"password authentication failed|no password supplied"),
        (
            "the password is wrong or missing; put the right one into the secret that 'password' "
            "in [ledger] names, or where PostgreSQL's own tools find it"
        ),
    ),
    (
        re.compile(r'database ".*" does not exist'),
        "there is no such database; create it, or correct 'url' in [ledger]",
    ),
    (
        re.compile(r'role ".*" does not exist'),
        "there is no such user; create it, or correct 'url' in [ledger]",
    ),
    (
        re.compile(r"no pg_hba.conf entry"),
        "the server does not let this user in from here; correct its pg_hba.conf",
    ),
)
_ADDRESS_BEFORE: Final = re.compile(r"^connection failed: (?:connection to .*? failed: )?")


def name_of(url: URL) -> str:
    """Name a database without what may be secret.

    >>> from sqlalchemy import make_url
    >>> name_of(make_url("postgresql+psycopg://me:secret@db.example.com/threadbot?sslkey=x"))
    'postgresql://me@db.example.com/threadbot'
    """
    bare = URL.create(
        "postgresql", url.username, host=url.host, port=url.port, database=url.database
    )
    return bare.render_as_string(hide_password=True)


def passes(error: DBAPIError) -> bool:
    """Tell whether a connection that failed may be had a moment later."""
    return isinstance(explain(error, ""), LedgerAwayError | LedgerBusyError)


def explain(error: DBAPIError, name: str) -> LedgerError:
    """Put a failure into a sentence.

    Args:
        error: what the database said.
        name: what messages call it.
    """
    code = getattr(error.orig, "sqlstate", None) or ""
    said = _first_line(error)
    for begun, words in _BUSY.items():
        if code.startswith(begun):
            return LedgerBusyError(f"{name}: the ledger cannot be used: {words}")
    if error.connection_invalidated or code.startswith(_AWAY):
        return LedgerAwayError(
            f"{name}: PostgreSQL went away in the middle; nothing is lost, so try again: {said}"
        )
    if not code and type(error.orig).__name__ in _NOT_CONNECTED:
        return _unconnected(said, name)
    if code.startswith(_UNSTORABLE) or isinstance(error, DataError):
        return UnstorableError(f"{name}: a value cannot be stored: {said}; please report it")
    words = _WHAT_TO_DO.get(code, f"the database says: {said}")
    message = f"{name}: the ledger cannot be used: {words}"
    return LedgerDiskError(message) if code in _DISK else LedgerError(message)


def _unconnected(said: str, name: str) -> LedgerError:
    for pattern, words in _REFUSALS:
        if pattern.search(said):
            return LedgerError(f"{name}: the ledger cannot be opened: {words}")
    if "too many clients" in said or "remaining connection slots" in said:
        return LedgerBusyError(f"{name}: the ledger cannot be used: {_BUSY['53300']}")
    return LedgerAwayError(
        f"{name}: PostgreSQL does not answer; start it, or correct 'url' in [ledger]: {said}"
    )


def _first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines() or [""]
    return _ADDRESS_BEFORE.sub("", lines[0])
