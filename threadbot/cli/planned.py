"""How a plan is told: when each thread goes out, for people and for programs.

Owns the words and the keys; never changes a plan.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadbot.cli.output import write
from threadbot.cli.reports import write_report
from threadbot.cli.telling import NETWORK_NAMES, told_object
from threadbot.cli.times import time_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from threadbot.cli.reports import ReportFormat
    from threadbot.cli.telling import Told
    from threadbot.delivery.ledger import Ledger


def report_planned(
    ledger: Ledger, ones: Sequence[Told], zone: tzinfo, output_format: ReportFormat
) -> None:
    """Write how threads stand now that their plan has changed.

    Args:
        ledger: where they are; it knows whether anybody sends what is due.
        ones: the threads.
        zone: the publication's.
        output_format: for people or for programs.
    """
    if output_format == "json":
        entries = [told_object(one) | due_keys(one.delivery.row.due_at, zone) for one in ones]
        write_report("threads", entries)
        return
    lines = [line for one in ones for line in _lines(one, zone)]
    if any(one.delivery.row.state in {"approved", "scheduled"} for one in ones):
        lines.append(_who_sends(ledger))
    write("".join(f"{line}\n" for line in lines))


def due_keys(due_at: datetime | None, zone: tzinfo) -> dict[str, Any]:
    """Give when a thread is due, in UTC and as the publication's clock shows it."""
    return {
        "due_at": None if due_at is None else due_at.isoformat(),
        "due_local": None if due_at is None else due_at.astimezone(zone).isoformat(),
    }


def _lines(one: Told, zone: tzinfo) -> Iterator[str]:
    from threadbot.preview.characters import visible  # noqa: PLC0415 - not for --help

    row = one.delivery.row
    where = f"{NETWORK_NAMES[row.network]} ({row.account})"
    where += ", sandbox" if row.sandbox else ""
    standing: str = row.state
    if row.state == "scheduled" and row.due_at is not None:
        standing = f"scheduled for {time_in_words(row.due_at, zone)}"
    elif row.state in {"approved", "scheduled"}:
        standing = f"{row.state}, to go out at once"
    yield f"Thread {row.id} on {where}: {standing}"
    if one.message:
        yield f"  {visible(one.message)}"


def _who_sends(ledger: Ledger) -> str:
    said = "`threadbot run` sends what is due, and must be running then"
    # Of a server nobody knows; of a file, who sends has the lock.
    return (
        f"{said}."
        if not isinstance(ledger.database.place, Path) or ledger.worker()
        else f"{said}; nothing is running at present."
    )
