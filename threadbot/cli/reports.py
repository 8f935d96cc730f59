"""What the commands about the ledger and its accounts share: two options, and reports for programs.

Owns their words and the frame of a report; what is in it, each command says.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from threadbot.cli.output import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ReportFormat: TypeAlias = Literal["rich", "json"]

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; otherwise as in preview.",
)
format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["rich", "json"]),
    default="rich",
    show_default=True,
    help="For people, or an object for programs.",
)


def write_report(name: str, entries: Sequence[Mapping[str, object]]) -> None:
    """Write an object for programs to standard output (docs/publishing.md).

    Args:
        name: what the entries are.
        entries: what JSON can hold.
    """
    report = {"schema_version": 1, name: entries}
    write(json.dumps(report, ensure_ascii=False, indent=2).encode() + b"\n")
