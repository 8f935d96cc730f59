"""From raw tables to the schema's values, or to findings.

Owns the words for what the schema refuses, and the rules between keys; never knows where a value
came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from threadbot.config.accounts_schema import BLUESKY_KEYS, X_KEYS
from threadbot.config.environment import secret_variables, secrets_named, variables_of
from threadbot.config.findings import (
    Finding,
    dotted,
    is_secret,
    listed,
    may_hold_password,
    nearest,
    shown_value,
)
from threadbot.config.model import DEFAULT_STYLE, NETWORKS
from threadbot.config.outline import SECTIONS, choices, rule, siblings
from threadbot.config.places import FILE_VARIABLE
from threadbot.config.rules import RuleError, normalised_name
from threadbot.config.schedule_checks import check_schedule
from threadbot.config.schema import Root
from threadbot.config.source_checks import check_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

    from threadbot.config.positions import KeyPath


def validate(data: dict[str, Any], templates: Sequence[str]) -> tuple[Root | None, list[Finding]]:
    """Check raw tables against the schema and against one another.

    Args:
        data: the raw tables.
        templates: the folders of templates that there are; each is a style, too.

    Returns:
        The values and no finding, or None and every finding.
    """
    findings: list[Finding] = []
    root = None
    try:
        root = Root.model_validate(data)
    except ValidationError as error:
        # The branches of a union each report the same value: one finding a place is enough.
        told: dict[tuple[KeyPath, str], Finding] = {}
        for details in error.errors(include_url=False):
            finding = _finding(details)
            told.setdefault((finding.path, finding.message), finding)
        findings.extend(told.values())
    of_schedule = check_schedule(data)
    unknown = {finding.path for finding in of_schedule}
    findings = [finding for finding in findings if finding.path not in unknown]
    findings.extend(of_schedule)
    findings.extend(_unknown_styles(data, templates))
    told_paths = {finding.path for finding in findings}
    findings.extend(
        finding for finding in _unknown_templates(data, templates) if finding.path not in told_paths
    )
    findings.extend(_misleading_accounts(data))
    findings.extend(check_sources(data, templates))
    findings.extend(_keys_of_other_networks(data))
    findings.extend(_halves_of_keys(data))
    findings.extend(_passwords_without_handles(data))
    findings.extend(_two_ledgers(data))
    findings.extend(_ambiguous_secrets(data))
    findings.extend(_people_named_twice(data))
    return (None if findings else root), findings


def _finding(details: ErrorDetails) -> Finding:
    path: KeyPath = details["loc"]
    match details["type"]:
        case "extra_forbidden":
            return Finding(path, _unknown_key(path))
        case "missing":
            return Finding(path, f"'{dotted(path)}' is missing; set it to {rule(path)}")
    if path[-1] == "[key]":
        name_rule = Root.name_rules[str(path[0])]
        return Finding(path[:-1], f"the name '{dotted(path[:-1])}' must consist of {name_rule}")
    return _wrong_value(details, path)


def _unknown_key(path: KeyPath) -> str:
    known = siblings(path)
    guess = nearest(path[-1], known)
    hint = f"did you mean '{guess}'?" if guess else f"known here are {listed(known)}"
    return f"unknown key '{dotted(path)}'; {hint}"


def _wrong_value(details: ErrorDetails, path: KeyPath) -> Finding:
    value = details["input"]
    broken = details.get("ctx", {}).get("error")
    # A union's error names the branch behind the key.
    path = path[:3] if SECTIONS[str(path[0])].named else path[:2]
    if isinstance(broken, RuleError):
        wanted, candidates = str(broken), broken.candidates
    else:
        wanted, candidates = rule(path), choices(path)
    if is_secret(path) or may_hold_password(value):
        return Finding(path, f"'{dotted(path)}' must be {wanted}", at_value=True)
    message = f"'{dotted(path)}' must be {wanted}, not {shown_value(value)}"
    guess = nearest(value, candidates)
    # The word itself is right where a list of such words is wanted.
    if guess and guess != value:
        message += f'; did you mean "{guess}"?'
    return Finding(path, message, at_value=True)


def _tables(data: dict[str, Any], section: str) -> dict[str, Any]:
    """Give a section's tables as far as they are such; the schema reports the rest."""
    tables = data.get(section, {})
    return tables if isinstance(tables, dict) else {}


def _unknown_styles(data: dict[str, Any], templates: Sequence[str]) -> Iterator[Finding]:
    styles = (*_tables(data, "style"), DEFAULT_STYLE, *templates)
    for name, table in _tables(data, "accounts").items():
        style = table.get("style") if isinstance(table, dict) else None
        if not isinstance(style, str) or style in styles:
            continue
        path = ("accounts", name, "style")
        guess = nearest(style, styles)
        hint = (
            f'did you mean "{guess}"?' if guess else f"add a section [{dotted(('style', style))}]"
        )
        message = f"'{dotted(path)}' names no style that there is: {shown_value(style)}; {hint}"
        yield Finding(path, message, at_value=True)


def _unknown_templates(data: dict[str, Any], templates: Sequence[str]) -> Iterator[Finding]:
    for name, table in _tables(data, "style").items():
        template = table.get("template") if isinstance(table, dict) else None
        if not isinstance(template, str) or template in templates:
            continue
        path = ("style", name, "template")
        guess = nearest(template, templates)
        hint = f'did you mean "{guess}"?' if guess else f"there are {listed(templates)}"
        message = (
            f"'{dotted(path)}' names no folder of templates that there is: "
            f"{shown_value(template)}; {hint}"
        )
        yield Finding(path, message, at_value=True)


def _misleading_accounts(data: dict[str, Any]) -> Iterator[Finding]:
    for name, table in _tables(data, "accounts").items():
        network = table.get("network") if isinstance(table, dict) else None
        if name in NETWORKS and network in NETWORKS and network != name:
            path = ("accounts", name)
            message = f"an account on {network} cannot be called '{name}'; choose another name"
            yield Finding(path, message)


def _keys_of_other_networks(data: dict[str, Any]) -> Iterator[Finding]:
    others = {"x": ("bluesky", BLUESKY_KEYS), "bluesky": ("x", X_KEYS)}
    for name, table in _tables(data, "accounts").items():
        network = table.get("network") if isinstance(table, dict) else None
        if not isinstance(network, str) or network not in others:
            continue
        other, keys = others[network]
        for key in keys:
            if key in table:
                path = ("accounts", name, key)
                message = f"'{dotted(path)}' is for accounts on {other}, and this one is on "
                yield Finding(path, f"{message}{network}; take it out")


def _halves_of_keys(data: dict[str, Any]) -> Iterator[Finding]:
    for name, table in _tables(data, "accounts").items():
        for first in ("api_key", "access_token") if isinstance(table, dict) else ():
            both = (first, f"{first}_secret")
            there = [key for key in both if key in table]
            if len(there) == 1:
                path = ("accounts", name, there[0])
                missing = dotted(("accounts", name, both[1 - both.index(there[0])]))
                message = f"'{dotted(path)}' is of no use alone; set '{missing}', too"
                yield Finding(path, message)


def _passwords_without_handles(data: dict[str, Any]) -> Iterator[Finding]:
    for name, table in _tables(data, "accounts").items():
        if isinstance(table, dict) and "app_password" in table and "handle" not in table:
            handle = dotted(("accounts", name, "handle"))
            message = f"an app password needs the handle that it signs in with; set '{handle}'"
            yield Finding(("accounts", name, "app_password"), message)


def _two_ledgers(data: dict[str, Any]) -> Iterator[Finding]:
    table = _tables(data, "ledger")
    if "path" in table and "url" in table:
        message = "'ledger.url' names another ledger than 'ledger.path'; keep one of them"
        yield Finding(("ledger", "url"), message)
    elif "password" in table and "url" not in table:
        message = "'ledger.password' is for a database on a server; set 'ledger.url', too"
        yield Finding(("ledger", "password"), message)


def _ambiguous_secrets(data: dict[str, Any]) -> Iterator[Finding]:
    taken = {FILE_VARIABLE: "the configuration's file"}
    taken |= {variable: f"'{dotted(paths[0])}'" for variable, paths in variables_of(data).items()}
    for name, path in secrets_named(data).items():
        for variable in secret_variables(name):
            if variable in taken:
                message = (
                    f"the secret '{name}' would be looked for in {variable}, which stands for "
                    f"{taken[variable]}; choose another name"
                )
                yield Finding(path, message, at_value=path[0] != "secrets")
                break
            taken.setdefault(variable, f"the secret '{name}'")


def _people_named_twice(data: dict[str, Any]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name in _tables(data, "handles"):
        other = first.setdefault(normalised_name(name), name)
        if other != name:
            path, other_path = dotted(("handles", name)), dotted(("handles", other))
            message = f"'{path}' is the same name as '{other_path}'; keep one of them"
            yield Finding(("handles", name), message)
