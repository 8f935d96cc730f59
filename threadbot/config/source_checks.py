"""What is wrong with `[[source]]` although each of its values is right by itself.

Owns the rules between its keys, and between them and the rest of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadbot.config.findings import Finding, listed, nearest, shown_value
from threadbot.config.model import DEFAULT_STYLE
from threadbot.config.rules import RuleError
from threadbot.config.source_rules import read_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECTION = "source"
#: The keys that only one kind has; the first ones it needs.
KEYS = {
    "feed": ("url", "min_interval", "max_interval"),
    "folder": ("path",),
    "webhook": ("sender", "secret"),
}
_NEEDED = {"feed": ("url",), "folder": ("path",), "webhook": ("sender", "secret")}
_PLURAL = {"feed": "feeds", "folder": "folders", "webhook": "webhooks"}


def source_tables(data: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Give the sources as far as they are tables, with their places; the schema reports the rest.

    Args:
        data: the raw tables.
    """
    tables = data.get(SECTION, [])
    found = enumerate(tables if isinstance(tables, list) else [])
    return [(place, table) for place, table in found if isinstance(table, dict)]


def check_sources(data: dict[str, Any], templates: Sequence[str]) -> Iterator[Finding]:
    """Check the keys of sources against one another, and against accounts and styles.

    Args:
        data: the raw tables.
        templates: the folders of templates that there are; each is a style, too.
    """
    first: set[str] = set()
    for place, table in source_tables(data):
        yield from _keys_of_kind(place, table)
        yield from _unknown_accounts(place, table, _names(data, "accounts"))
        styles = (*_names(data, "style"), DEFAULT_STYLE, *templates)
        yield from _unknown_style(place, table, styles)
        yield from _crossed_intervals(place, table)
        name = table.get("name")
        if isinstance(name, str) and name in first:
            message = f"there is a source '{name}' already; choose another name"
            yield Finding((SECTION, place, "name"), message, at_value=True)
        elif isinstance(name, str):
            first.add(name)


def _names(data: dict[str, Any], section: str) -> tuple[str, ...]:
    tables = data.get(section, {})
    return tuple(tables) if isinstance(tables, dict) else ()


def _keys_of_kind(place: int, table: dict[str, Any]) -> Iterator[Finding]:
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in KEYS:
        return
    for key in _NEEDED[kind]:
        if key not in table:
            message = f"'source.{key}' is missing; a source of the kind \"{kind}\" needs it"
            yield Finding((SECTION, place), message)
    for other, keys in KEYS.items():
        for key in keys if other != kind else ():
            if key in table:
                message = (
                    f"'source.{key}' is for {_PLURAL[other]}, and this source is a {kind}; take it "
                    "out"
                )
                yield Finding((SECTION, place, key), message)


def _unknown_accounts(
    place: int, table: dict[str, Any], accounts: Sequence[str]
) -> Iterator[Finding]:
    names = table.get("accounts")
    for name in names if isinstance(names, list) else ():
        if not isinstance(name, str) or name in accounts:
            continue
        guess = nearest(name, accounts)
        hint = f'did you mean "{guess}"?' if guess else f"there are {listed(accounts)}"
        message = f"'source.accounts' names no account that there is: {shown_value(name)}; {hint}"
        yield Finding((SECTION, place, "accounts"), message, at_value=True)


def _unknown_style(place: int, table: dict[str, Any], styles: Sequence[str]) -> Iterator[Finding]:
    style = table.get("style")
    if isinstance(style, str) and style not in styles:
        guess = nearest(style, styles)
        hint = f'did you mean "{guess}"?' if guess else f"add a section [style.{style}]"
        message = f"'source.style' names no style that there is: {shown_value(style)}; {hint}"
        yield Finding((SECTION, place, "style"), message, at_value=True)


def _crossed_intervals(place: int, table: dict[str, Any]) -> Iterator[Finding]:
    least, most = table.get("min_interval", "5m"), table.get("max_interval", "1h")
    if not isinstance(least, str) or not isinstance(most, str):
        return
    try:
        crossed = read_interval(least) > read_interval(most)
    except RuleError:
        # The schema reports it.
        return
    if crossed:
        key = "min_interval" if "min_interval" in table else "max_interval"
        message = (
            f"'source.min_interval' ({least}) is more than 'source.max_interval' ({most}); change "
            "one of them"
        )
        yield Finding((SECTION, place, key), message, at_value=True)
