"""The kinds of values that options take, beyond those that click knows.

Owns how they are checked and what is said of a wrong one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]+)?")
_NOT_IN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


class WebAddress(click.ParamType[str]):
    """An address that begins with http:// or https://."""

    name = "url"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """Give the word that stands for the value in help."""
        return "URL"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Check an address and give it back as it is."""
        address = str(value)
        parts = _split(address)
        if (
            parts is None
            or parts.scheme not in {"http", "https"}
            or not parts.hostname
            or _NOT_IN_ADDRESS.search(address)
        ):
            self.fail(
                f"{address!r} is no web address: give one that begins with https://", param, ctx
            )
        return address


class Language(click.ParamType[str]):
    """A two-letter code of a language (ISO 639-1); what follows it (fr-BE) is left off."""

    name = "language"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """Give the word that stands for the value in help."""
        return "CODE"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Check a code and give its two letters."""
        match = _LANGUAGE.fullmatch(str(value))
        if match is None:
            self.fail(f"{value!r} is no code of a language: give two letters, as in fr", param, ctx)
        return match[1].lower()


def _split(address: str) -> SplitResult | None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - only when an address is given

    try:
        return urlsplit(address)
    except ValueError:
        return None


WEB_ADDRESS = WebAddress()
LANGUAGE = Language()
