"""The environment's variables that set keys.

Owns their names, those of secrets included, and how their text becomes a value; never judges a
value, and never reads a secret.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from threadbot.config.accounts_schema import SECRET_KEYS
from threadbot.config.findings import listed, nearest
from threadbot.config.outline import SECTIONS, takes_list, takes_text
from threadbot.config.places import FILE_VARIABLE, PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadbot.config.positions import KeyPath

# Only these become something other than text: true or false, numbers, dates.
_NOT_TEXT = re.compile(r"true|false|[+-]?[0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}")


def variables_of(data: Mapping[str, Any]) -> dict[str, list[KeyPath]]:
    """Give the variables that may be set, each with the key that it sets.

    Args:
        data: the raw tables: accounts, styles and people that are there have variables.

    Returns:
        Paths by variable; more than one where names differ only in what a variable cannot hold.
    """
    variables: dict[str, list[KeyPath]] = {}
    for section_name, section in SECTIONS.items():
        tables: list[KeyPath] = [(section_name,)]
        if section.named:
            names = data.get(section_name, {})
            tables = [
                (section_name, name)
                for name, table in (names.items() if isinstance(names, dict) else ())
                if isinstance(table, dict)
            ]
        for table in tables:
            for key in section.keys:
                path = (*table, key)
                variables.setdefault(variable_name(path), []).append(path)
    return variables


def variable_name(path: KeyPath) -> str:
    """Give the name of the variable that sets a key.

    >>> variable_name(("accounts", "enpause-x", "handle"))
    'THREADBOT_ACCOUNTS_ENPAUSE_X_HANDLE'
    """
    return PREFIX + re.sub(r"[^A-Z0-9]", "_", "_".join(map(str, path)).upper())


def secret_variables(name: str) -> tuple[str, str]:
    """Give the variables of a secret: the one that holds it, and the one that names a file.

    >>> secret_variables("enpause-bsky")
    ('THREADBOT_ENPAUSE_BSKY', 'THREADBOT_ENPAUSE_BSKY_FILE')
    """
    variable = variable_name((name,))
    return variable, f"{variable}_FILE"


def secrets_named(data: Mapping[str, Any]) -> dict[str, KeyPath]:
    """Give the names of all secrets that raw tables speak of, each with the key that does first.

    Args:
        data: the raw tables, which may be wrong.
    """
    named: dict[str, KeyPath] = {}
    for account, table in _tables(data, "accounts").items():
        for key in SECRET_KEYS if isinstance(table, dict) else ():
            if isinstance(name := table.get(key), str):
                named.setdefault(name, ("accounts", account, key))
    sources = data.get("source", [])
    for place, table in enumerate(sources if isinstance(sources, list) else []):
        if isinstance(table, dict) and isinstance(name := table.get("secret"), str):
            named.setdefault(name, ("source", place, "secret"))
    if isinstance(name := _tables(data, "ledger").get("password"), str):
        named.setdefault(name, ("ledger", "password"))
    for name in _tables(data, "secrets"):
        named.setdefault(name, ("secrets", name))
    return named


def overlay(
    data: dict[str, Any], environment: Mapping[str, str]
) -> tuple[dict[KeyPath, str], list[str]]:
    """Set the keys for which there is a variable. An empty variable sets nothing.

    Args:
        data: the raw tables, which are changed.
        environment: the environment's variables.

    Returns:
        The names of the variables by the key that was set, and what is wrong with other names.
    """
    known = variables_of(data)
    used: dict[KeyPath, str] = {}
    wrong: list[str] = []
    unknown: list[str] = []
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name == FILE_VARIABLE:
            continue
        paths = known.get(name, [])
        if len(paths) == 1:
            if environment[name] and _set(data, paths[0], environment[name]):
                used[paths[0]] = name
        elif paths:
            keys = listed(".".join(map(str, path)) for path in paths)
            wrong.append(f"{name}: stands for {keys}; unset it and set them in the file")
        else:
            unknown.append(name)
    # Which secrets there are, a variable may have said.
    of_secrets = [name for secret in secrets_named(data) for name in secret_variables(secret)]
    candidates = [*known, *of_secrets, FILE_VARIABLE]
    wrong += [_unknown(name, candidates) for name in unknown if name not in of_secrets]
    return used, wrong


def _unknown(name: str, known: list[str]) -> str:
    # Without the prefix, which would make all names much alike.
    guess = nearest(name.removeprefix(PREFIX), (other.removeprefix(PREFIX) for other in known))
    hint = (
        f"did you mean '{PREFIX}{guess}'?"
        if guess
        else "unset it, or look up its name in the manual"
    )
    return f"{name}: unknown environment variable; {hint}"


def _set(data: dict[str, Any], path: KeyPath, text: str) -> bool:
    table: Any = data
    for part in path[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            # Not a table in the file, which is reported as such.
            return False
    section = SECTIONS[str(path[0])]
    key = str(path[-1])
    field = section.keys[key]
    if takes_list(field):
        table[key] = _list(text)
    else:
        table[key] = text if takes_text(field) else _value(text)
    return True


def _list(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"] if text.startswith("[") else text
    except ValueError:
        # Left as text, which the schema reports.
        return text


def _value(text: str) -> object:
    if _NOT_TEXT.fullmatch(text) is None:
        return text
    try:
        return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except ValueError:
        # Such as 2026-02-30 or 007: left as text, which the schema reports.
        return text


def _tables(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    tables = data.get(section, {})
    return tables if isinstance(tables, dict) else {}
