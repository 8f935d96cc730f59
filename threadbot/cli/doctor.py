"""`threadbot doctor`: is everything in place to post?

Owns how findings are shown and the exit code; `threadbot.doctor` finds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from threadbot.cli.composing import read_config
from threadbot.cli.output import write
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.cli.times import present

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.doctor import Check

SOMETHING_AMISS = 2


@click.command
@config_option
@format_option
def doctor(*, config_path: Path | None, output_format: ReportFormat) -> int:
    """Check configuration, ledger and accounts without posting.

    Every account is signed in to. The exit code is 2 where something is amiss.
    """
    from threadbot.doctor import examine  # noqa: PLC0415 - not for --help

    config = read_config(config_path)
    checks: list[Check] = []
    for check in examine(config, present()):
        checks.append(check)
        if output_format == "rich":
            write(_line(check))
    if output_format == "json":
        write_report("checks", [_object(check) for check in checks])
    return 0 if all(check.finding.ok for check in checks) else SOMETHING_AMISS


def _line(check: Check) -> str:
    from threadbot.preview.characters import visible  # noqa: PLC0415 - this format alone

    sign = "ok   " if check.finding.ok else "amiss"
    whose = f"{check.account}: " if check.account else ""
    return f"{sign}  {whose}{check.finding.subject}: {visible(check.finding.message)}\n"


def _object(check: Check) -> dict[str, str | bool | None]:
    finding = check.finding
    return {
        "account": check.account,
        "subject": finding.subject,
        "ok": finding.ok,
        "message": finding.message,
    }
