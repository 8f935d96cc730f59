"""The kinds of values that options take, beyond those that click knows.

Owns how they are checked and what is said of a wrong one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]+)?")
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


class CheckedText(click.ParamType[str]):
    """Text that has to pass a check.

    Args:
        name: what click calls the type.
        metavar: the word that stands for the value in help.
        check: gives the value back as it is to be used, or raises a ValueError that says what is
            wrong and what to give.
    """

    def __init__(self, name: str, metavar: str, check: Callable[[str], str]) -> None:
        self.name = name
        self._metavar = metavar
        self._check = check

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """Give the word that stands for the value in help."""
        return self._metavar

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Check a value."""
        try:
            return self._check(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _web_address(address: str) -> str:
    """Let an address through that begins with http:// or https://."""
    parts = _split(address)
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
        or _NOT_IN_ADDRESS.search(address)
    ):
        message = f"{address!r} is no web address: give one that begins with https://"
        raise ValueError(message)
    return address


def _split(address: str) -> SplitResult | None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - only when an address is given

    try:
        return urlsplit(address)
    except ValueError:
        return None


def _language(code: str) -> str:
    """Give the two letters of a code (ISO 639-1); what follows them (fr-BE) is left off."""
    match = _LANGUAGE.fullmatch(code)
    if match is None:
        message = f"{code!r} is no code of a language: give two letters, as in fr"
        raise ValueError(message)
    return match[1].lower()


WEB_ADDRESS = CheckedText("url", "URL", _web_address)
LANGUAGE = CheckedText("language", "CODE", _language)
