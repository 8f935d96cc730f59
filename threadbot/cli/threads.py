"""`threadbot resume`, `delete` and `history`: the threads that the ledger knows.

Owns their words; `delivery` does the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from threadbot.cli.composing import read_config
from threadbot.cli.delivering import (
    NETWORK_NAMES,
    confirmed,
    network_of,
    open_for_delivery,
    outside_of,
    present,
    show_told,
    thread_object,
    told,
)
from threadbot.cli.output import write
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.table import Table

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, ThreadRow
    from threadbot.networks.port import Network


@click.command
@click.argument("thread")
@config_option
def resume(*, thread: str, config_path: Path | None) -> int:
    """Go on with a thread that was held or interrupted.

    THREAD is its number, as history shows it. Nothing that is out is posted again.
    """
    from threadbot.delivery.drive import drive  # noqa: PLC0415 - brings the database along

    config = read_config(config_path)
    with open_for_delivery(config) as ledger:
        row = ledger.delivery(thread).row
        # Whatever its account lacks is said before the thread counts as under way again.
        network = _network_of(config, ledger, row, to="resume")
        ledger.resume(row.id, present())
        with outside_of(network, row.account) as outside:
            ending = drive(ledger, row.id, outside)
    show_told(told(ending))
    return ending.exit_code


@click.command
@click.argument("thread")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def delete(*, thread: str, yes: bool, config_path: Path | None) -> int:
    """Delete a thread's posts from its network.

    THREAD is its number, as history shows it. Its article may be published anew afterwards.
    """
    from threadbot.delivery.removal import cancel_unsent, remove  # noqa: PLC0415 - brings the database along

    config = read_config(config_path)
    with open_for_delivery(config) as ledger:
        row = ledger.delivery(thread).row
        where = f"{NETWORK_NAMES[row.network]} ({row.account})"
        if not confirmed(f"Delete “{row.title}” from {where}?", yes=yes):
            return 0
        # Where for certain nothing is out, the account need not even be configured any more.
        ending = cancel_unsent(ledger, row.id, present())
        if ending is None:
            network = _network_of(config, ledger, row, to="delete")
            with outside_of(network, row.account) as outside:
                ending = remove(ledger, row.id, outside)
    show_told(told(ending))
    return ending.exit_code


@click.command
@config_option
@format_option
def history(*, config_path: Path | None, output_format: ReportFormat) -> None:
    """Show what was published, and what is under way or held."""
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along

    with ledger(read_config(config_path)) as opened:
        deliveries = opened.history()
    if output_format == "json":
        write_report("threads", [thread_object(one) for one in deliveries])
    elif not deliveries:
        write("Nothing was published yet.\n")
    else:
        from threadbot.cli.cards import show, terminal_width  # noqa: PLC0415 - this format alone

        show(_table(deliveries), terminal_width())


def _network_of(config: Config, ledger: Ledger, row: ThreadRow, *, to: str) -> Network:
    """Give the network that a thread went to, or say that nobody can sign in there any more."""
    if not row.sandbox and row.account not in config.accounts:
        message = (
            f"thread {row.id} belongs to the account '{row.account}', which is not in the "
            f"configuration any more; put [accounts.{row.account}] back there to {to} the thread"
        )
        raise InputError(message)
    return network_of(config, ledger, row.article, row.thread, sandbox=row.sandbox)


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
