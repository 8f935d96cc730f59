"""Makes the tables of keys in docs/configuration.md out of the schema.

Owns their shape; run as a program it writes them into the manual, which a test compares.
"""

from __future__ import annotations

import json
from pathlib import Path

from threadbot.config.findings import shown_value
from threadbot.config.outline import SECTIONS, rule

PROJECT = Path(__file__).parents[2]
MANUAL = PROJECT / "docs" / "configuration.md"
OPENING = "<!-- keys: made by `python tests/config/config_reference.py`, checked by a test -->\n"
CLOSING = "<!-- end of keys -->"


def reference() -> str:
    """Write a table for each section, with a line for each key."""
    lines: list[str] = []
    for name, section in SECTIONS.items():
        # A person is a line of its section, anything else that is named a section of its own.
        title = f"{name}.NAME" if section.named and name != "handles" else name
        lines += [f"### `[[{name}]]`" if section.listed else f"### `[{title}]`", ""]
        if name == "handles":
            lines += ["`NAME = { x = ..., bluesky = ... }`, a line for each person.", ""]
        lines += ["| Key | Must be | Without it | Meaning |", "|---|---|---|---|"]
        for key, field in section.keys.items():
            path = (name, "NAME", key) if section.named else (name, key)
            default = "–" if field.default in (None, []) else f"`{_shown(field.default)}`"
            without = "an error" if field.is_required() else default
            lines.append(f"| `{key}` | {rule(path)} | {without} | {field.description} |")
        lines.append("")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    return json.dumps(default) if isinstance(default, list) else shown_value(default)


def manual_with_reference(manual: str) -> str:
    """Put the tables into the manual in place of those that are there."""
    before, _, rest = manual.partition(OPENING)
    _, _, after = rest.partition(CLOSING)
    return f"{before}{OPENING}\n{reference()}{CLOSING}{after}"


if __name__ == "__main__":
    MANUAL.write_text(manual_with_reference(MANUAL.read_text("utf-8")), "utf-8")
