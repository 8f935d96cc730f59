"""What is wrong with a configuration, as it is said to its user.

Owns the words, the line and the "did you mean" of a finding; never decides what is wrong.
"""

from __future__ import annotations

import difflib
import json
import re
import string
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from threadbot.config.positions import Entry, KeyPath, Stretch, locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# More of a value or of a line than this hides what is said of it.
_LONGEST_VALUE = 60
_LONGEST_LINE = 120
_INDENT = "    "
# What stands after such a key may be a secret, even where it should not.
_SECRET_KEY = re.compile(
    r"(?:pass|secret|token|credential|api_key)[\w\"'.-]*\s*=\s*", re.IGNORECASE
)
# What ends the user name and password of an address; `/@me` is a path.
_USER_INFO = re.compile(r"[^/\s]@")
_SCHEME = string.ascii_letters + string.digits + "+-."
# From 0 to 1: "handel" is 0.83 like "handle", "title" only 0.6 like "style".
_LIKE_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Args:
        path: the key that it concerns.
        message: what is wrong and what to do.
        at_value: whether the value is wrong, not the key.
    """

    path: KeyPath
    message: str
    at_value: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a configuration file.

    Args:
        shown: what messages call the file.
        text: its content, with line feeds as its only line ends.
    """

    shown: str
    text: str

    def point_at(self, message: str, stretch: Stretch) -> str:
        """Say something of a stretch of the text: file and line first, the line itself below."""
        number = self.text.count("\n", 0, stretch.start) + 1
        line_start = self.text.rfind("\n", 0, stretch.start) + 1
        line = self.text[line_start:].partition("\n")[0]
        column = stretch.start - line_start
        indented = len(line) - len(line.lstrip())
        said = f"{self.shown}:{number}: {message}"
        if not line.strip():
            return said
        bare = line.strip()
        public = _public_length(bare)
        longest = min(_LONGEST_LINE, public)
        shown = "".join(
            character if character.isprintable() else " " for character in bare[:longest]
        )
        shown = f"{shown}…" if longest == public < len(bare) else shown.rstrip()
        said += f"\n{_INDENT}{shown}"
        width = min(stretch.end, line_start + len(line)) - stretch.start
        if column >= indented and column - indented + width <= longest:
            said += f"\n{_INDENT}{' ' * (column - indented)}{'^' * max(width, 1)}"
        return said


def render(
    findings: Iterable[Finding], document: Document | None, variables: Mapping[KeyPath, str]
) -> tuple[str, ...]:
    """Say what is wrong, in the order of the file; what variables set comes last.

    Args:
        findings: what is wrong.
        document: the file, if there is one.
        variables: the environment's variables by the key that each of them sets.
    """
    entries = locate(document.text) if document else {}
    placed: list[tuple[float, str]] = []
    for finding in findings:
        if finding.path in variables:
            placed.append((float("inf"), f"{variables[finding.path]}: {finding.message}"))
        elif document and (stretch := _stretch(finding, entries)) is not None:
            placed.append((stretch.start, document.point_at(finding.message, stretch)))
        else:
            name = f"{document.shown}: " if document else ""
            placed.append((float("inf"), f"{name}{finding.message}"))
    # Sorting by place alone keeps findings of the same place in their order.
    return tuple(message for _, message in sorted(placed, key=lambda pair: pair[0]))


def _stretch(finding: Finding, entries: Mapping[KeyPath, Entry]) -> Stretch | None:
    for length in range(len(finding.path), 0, -1):
        if (entry := entries.get(finding.path[:length])) is not None:
            wanted = entry.value if finding.at_value else entry.key
            return wanted or entry.key or entry.value
    return None


def dotted(path: KeyPath) -> str:
    """Write a path as TOML does; the places of tables in a list are left to the line.

    >>> dotted(("accounts", "my account", "handle"))
    'accounts."my account".handle'
    """
    parts = []
    for part in (part for part in path if isinstance(part, str)):
        bare = _BARE_KEY.fullmatch(part) is not None
        parts.append(part if bare else json.dumps(part, ensure_ascii=False))
    return ".".join(parts)


def _public_length(line: str) -> int:
    """Tell how much of a line comes before what may be a secret."""
    length = len(line)
    if (key := _SECRET_KEY.search(line)) is not None:
        length = key.end()
    colon = line.find(":")
    if colon >= 0 and _USER_INFO.search(line, colon) is not None:
        length = min(length, len(line[:colon].rstrip(_SCHEME)))
    return length


def may_hold_password(value: object) -> bool:
    """Tell whether text may have a password in it, as addresses may, so that no message shows it.

    >>> may_hold_password("https://me:hunter2@example.com"), may_hold_password("@me")
    (True, False)
    """
    return isinstance(value, str) and _public_length(value) < len(value)


def is_secret(path: KeyPath) -> bool:
    """Tell whether a key's value may be a secret, which no message shows."""
    return path[0] == "secrets" or _SECRET_KEY.search(f"{path[-1]} =") is not None


def shown_value(value: object) -> str:
    """Write a value as TOML does, or say what it is where that would be long.

    >>> shown_value(True), shown_value("fixx"), shown_value([1])
    ('true', '"fixx"', 'a list')
    """
    match value:
        case dict():
            said = "a table" if value else "an empty table"
        case list():
            said = "a list"
        case bool():
            said = str(value).lower()
        case date() | time():
            said = value.isoformat()
        case str():
            said = json.dumps(value, ensure_ascii=False)
        case int() if abs(value) >= 10**_LONGEST_VALUE:
            said = "a very long number"
        case _:
            said = str(value)
    return shortened(said)


def shortened(text: str) -> str:
    """Cut text that is too long for a message."""
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def nearest(word: object, candidates: Iterable[str]) -> str | None:
    """Find the candidate that was probably meant.

    >>> nearest("Handel", ["name", "handle"])
    'handle'
    """
    # A long word cannot be a slip of the pen, and comparing it would take its time.
    if not isinstance(word, str) or len(word) > _LONGEST_VALUE:
        return None
    by_lower_case = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(word.lower(), by_lower_case, n=1, cutoff=_LIKE_ENOUGH)
    return by_lower_case[found[0]] if found else None


def listed(words: Iterable[str], quote: str = "'") -> str:
    """Write words as a list.

    >>> listed(["a", "b", "c"])
    "'a', 'b' and 'c'"
    """
    quoted = [f"{quote}{word}{quote}" for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
