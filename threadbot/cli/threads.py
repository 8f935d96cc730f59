"""`threadbot resume`, `delete` and `history`: the threads that the ledger knows.

Owns their words; `delivery` does the work.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from threadbot.cli.composing import read_config
from threadbot.cli.delivering import (
    NETWORK_NAMES,
    Told,
    confirmed,
    open_for_delivery,
    outside_of,
    present,
    show_told,
    thread_object,
    told,
)
from threadbot.cli.output import write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.table import Table

    from threadbot.delivery.model import Delivery


_Function = TypeVar("_Function", bound="Callable[..., object]")


def _config_option(function: _Function) -> _Function:
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The configuration; otherwise as in preview.",
    )(function)


@click.command
@click.argument("thread")
@_config_option
def resume(*, thread: str, config_path: Path | None) -> int:
    """Go on with a thread that was held or interrupted.

    THREAD is its number, as history shows it. Nothing that is out is posted again.
    """
    from threadbot.delivery.drive import drive  # noqa: PLC0415 - brings the database along

    config = read_config(config_path)
    with open_for_delivery(config) as ledger:
        row = ledger.resume(thread, present()).row
        with outside_of(config, ledger, row) as outside:
            ending = drive(ledger, row.id, outside)
    show_told(told(ending))
    return ending.exit_code


@click.command
@click.argument("thread")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_config_option
def delete(*, thread: str, yes: bool, config_path: Path | None) -> int:
    """Delete a thread's posts from its network.

    THREAD is its number, as history shows it. Its article may be published anew afterwards.
    """
    from threadbot.delivery.removal import remove  # noqa: PLC0415 - brings the database along

    config = read_config(config_path)
    with open_for_delivery(config) as ledger:
        row = ledger.delivery(thread).row
        where = f"{NETWORK_NAMES[row.network]} ({row.account})"
        if row.state in {"approved", "scheduled"}:
            # Nothing is out, so the account need not even be configured any more.
            ledger.cancel(row.id, present())
            show_told(Told(ledger.delivery(row.id).row, ledger.delivery(row.id), 0))
            return 0
        if not confirmed(f"Delete “{row.title}” from {where}?", yes=yes):
            return 0
        with outside_of(config, ledger, row) as outside:
            ending = remove(ledger, row.id, outside)
    show_told(told(ending))
    return ending.exit_code


@click.command
@_config_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["rich", "json"]),
    default="rich",
    show_default=True,
    help="For people, or an object for programs.",
)
def history(*, config_path: Path | None, output_format: Literal["rich", "json"]) -> None:
    """Show what was published, and what is under way or held."""
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along

    with ledger(read_config(config_path)) as opened:
        deliveries = opened.history()
    if output_format == "json":
        report = {"schema_version": 1, "threads": [thread_object(one) for one in deliveries]}
        write(json.dumps(report, ensure_ascii=False, indent=2).encode() + b"\n")
    elif not deliveries:
        write("Nothing was published yet.\n")
    else:
        from threadbot.cli.cards import show, terminal_width  # noqa: PLC0415 - this format alone

        show(_table(deliveries), terminal_width())


def _table(deliveries: Sequence[Delivery]) -> Table:
    from rich.table import Table  # noqa: PLC0415 - this format alone
    from rich.text import Text  # noqa: PLC0415 - this format alone

    from threadbot.preview.characters import visible  # noqa: PLC0415 - this format alone

    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("thread", "when", "network", "account", "state", "posts", "title"):
        table.add_column(title, no_wrap=title != "title")
    for delivery in deliveries:
        row = delivery.row
        table.add_row(
            row.id,
            f"{row.changed_at.astimezone():%d.%m.%Y %H:%M}",
            NETWORK_NAMES[row.network] + (" (sandbox)" if row.sandbox else ""),
            row.account,
            row.state,
            f"{len(delivery.receipts)}/{len(row.thread.posts)}",
            Text(visible(row.title)),
        )
        if delivery.receipts:
            table.add_row(
                *[""] * 6, Text(visible(delivery.receipts[0].url), style="dim", overflow="fold")
            )
        if row.reason:
            table.add_row(*[""] * 6, Text(visible(row.reason)))
    return table
