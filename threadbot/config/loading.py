"""From a file's bytes and the environment to a `Config`.

Owns the reading, and what every path is relative to; imported only where there is something to
read.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from threadbot.config.building import build
from threadbot.config.environment import overlay
from threadbot.config.findings import Document, Finding, dotted, render
from threadbot.config.model import DEFAULT_STYLE, NETWORKS, Config, LedgerServer
from threadbot.config.places import (
    FILE_VARIABLE,
    JOURNAL_SUFFIX,
    ConfigFile,
    from_home,
    is_folder,
    ledger_file,
    template_names,
)
from threadbot.config.positions import Stretch
from threadbot.config.sources import build_sources
from threadbot.config.validation import validate
from threadbot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from threadbot.config.positions import KeyPath


#: A larger file is no configuration; in bytes.
LARGEST_FILE = 10_000_000

_TEMPLATES = ("publication", "templates")
_LEDGER = ("ledger", "path")
# What `tomllib` says in terms of its own work.
_PLAINER = {"Cannot overwrite a value": "a key that is set already"}
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_config(
    file: ConfigFile | None, environment: Mapping[str, str], working_folder: Path
) -> Config:
    """Read a configuration from a file, the environment or both.

    Raises:
        ConfigError: with everything that is wrong.
        ThreadbotError: if the packaged templates are missing.
    """
    document = None if file is None else _read(file)
    data = {} if document is None else _parse(document)
    _imply(data)
    variables, wrong = overlay(data, environment)
    near_file = working_folder if file is None else file.path.parent

    def base(path: KeyPath) -> Path:
        return working_folder if path in variables else near_file

    templates = _templates_folder(data, base(_TEMPLATES))
    root, findings = validate(data, template_names(templates))
    if templates is not None and not is_folder(templates):
        findings.append(_no_such_folder(templates))
    if root is None or findings or wrong:
        raise ConfigError(*render(findings, document, variables), *wrong)
    usual = ledger_file(environment)
    ledger: Path | LedgerServer | None = usual
    if root.ledger.url is not None:
        journal = None if usual is None else usual.with_suffix(JOURNAL_SUFFIX)
        ledger = LedgerServer(root.ledger.url, root.ledger.password, journal)
    elif root.ledger.path is not None:
        ledger = base(_LEDGER) / from_home(root.ledger.path, environment)
    source = None if file is None else file.path
    asking = frozenset(
        name for name, table in root.accounts.items() if table.approval == "required"
    )
    sources = build_sources(
        root.source, near_file, lambda path: from_home(path, environment), asking
    )
    return replace(build(root, templates, ledger, source), sources=sources)


def _read(file: ConfigFile) -> Document:
    try:
        with file.path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        message = f"{file.shown}: there is no such file; correct {file.named_by or 'the path'}"
        if file.named_by == FILE_VARIABLE:
            message += ", or unset it"
        raise ConfigError(message) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{file.shown}: the file cannot be read: {reason}"
        raise ConfigError(message) from error
    if len(data) > LARGEST_FILE:
        message = f"{file.shown}: larger than 10 MB, so it is no configuration; name another file"
        raise ConfigError(message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{file.shown}:{line}: not UTF-8; save the file in that encoding"
        raise ConfigError(message) from error
    return Document(shown=file.shown, text=text.replace("\r\n", "\n"))


def _parse(document: Document) -> dict[str, Any]:
    try:
        return tomllib.loads(document.text, parse_float=_exact)
    except RecursionError as error:
        message = f"{document.shown}: nested too deeply; no key needs that"
        raise ConfigError(message) from error
    except ValueError as error:
        raise ConfigError(_syntax_error(document, str(error))) from error


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        message = f"The number {text[:20]} is out of range"
        raise ValueError(message) from error


def _syntax_error(document: Document, reason: str) -> str:
    match = _POSITION.search(reason)
    said = reason[: match.start()] if match else reason
    said = _PLAINER.get(said, f"{said[:1].lower()}{said[1:]}")
    message = f"not valid TOML: {said}"
    if match is None:
        return f"{document.shown}: {message}"
    offset = len(document.text.rstrip())
    if match[1] is not None:
        lines = document.text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: int(match[1]) - 1]) + int(match[2]) - 1
    if said == "invalid value" and document.text[offset : offset + 1].isalpha():
        message += "; text stands in quotation marks"
    return document.point_at(message, Stretch(offset, offset + 1))


def _imply(data: dict[str, Any]) -> None:
    """Add what is always there: the default style, and accounts where none is configured."""
    styles = data.setdefault("style", {})
    if isinstance(styles, dict):
        styles.setdefault(DEFAULT_STYLE, {})
    if data.get("accounts", {}) == {}:
        data["accounts"] = {network: {"network": network} for network in NETWORKS}


def _templates_folder(data: dict[str, Any], base: Path) -> Path | None:
    publication = data.get("publication")
    named = publication.get("templates") if isinstance(publication, dict) else None
    return base / named if isinstance(named, str) and named else None


def _no_such_folder(templates: Path) -> Finding:
    where = json.dumps(str(templates), ensure_ascii=False)
    message = f"'{dotted(_TEMPLATES)}' names no folder that there is: {where}; create or correct it"
    return Finding(_TEMPLATES, message, at_value=True)
