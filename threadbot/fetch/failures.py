"""What is said of a fetch that fails.

Owns the words: one sentence with the address, the reason and what to do. Never shows what may be
secret in an address.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpcore2

from threadbot.errors import FetchError

if TYPE_CHECKING:
    import httpx2

_LONGEST_SHOWN = 120


def told(shown: str, reason: str) -> FetchError:
    """Give the error for an address and a reason."""
    return FetchError(f"{shown} cannot be fetched: {reason}")


def shown_address(target: httpx2.URL) -> str:
    """Name an address without its credentials and its query."""
    query = "?…" if target.query else ""
    bare = target.copy_with(username="", password="", query=None)
    return f"{shortened(str(bare))}{query}"


def shortened(text: str) -> str:
    """Cut text that is too long for a message."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def reason_of(error: Exception) -> str:
    """Say why a server's answer could not be had.

    Args:
        error: what httpcore2 raised, other than for want of time.
    """
    match error:
        case httpcore2.ConnectError():
            return _no_connection(_cause(error))
        case httpcore2.NetworkError():
            return "the connection broke off; try again later"
    return f"its server breaks the rules of HTTP ({shortened(str(error)).lower()})"


def _no_connection(cause: BaseException) -> str:
    match cause:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not valid ({cause.verify_message})"
        case ssl.SSLError():
            return "it does not speak TLS as it should; check the address"
        case ConnectionRefusedError():
            return "its host refuses the connection; check the address, or try again later"
    said = cause.strerror if isinstance(cause, OSError) and cause.strerror else "no answer"
    return f"its host cannot be reached ({said.lower()}); try again later"


def _cause(error: BaseException) -> BaseException:
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error
