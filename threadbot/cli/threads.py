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
    report_told,
    say,
    telling_of_interruption,
    thread_object,
    told,
    waits_until,
)
from threadbot.cli.output import write
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.table import Table
    from rich.text import Text

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, ThreadRow
    from threadbot.networks.port import Network

#: Where less than this is left for the titles, in cells, history puts the rest below them.
MIN_TITLE = 20
_GAP = 2  # cells between two columns


@click.command
@click.argument("thread")
@click.option(
    "--sent", metavar="POST", help="Say that the next post is out: its address or number."
)
@click.option("--not-sent", is_flag=True, help="Say that the post that may be out is not.")
@config_option
@format_option
def resume(
    *,
    thread: str,
    sent: str | None,
    not_sent: bool,
    config_path: Path | None,
    output_format: ReportFormat,
) -> int:
    """Go on with a thread that was held or interrupted.

    THREAD is its number, as history shows it. Nothing that is out is posted again. Where nobody can
    tell whether a post is out, look at the account and say so.
    """
    from threadbot.delivery.drive import drive  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.word import take_sent, take_unsent  # noqa: PLC0415 - the same

    if sent is not None and not_sent:
        message = "--sent and --not-sent cannot both be true: give one of them"
        raise click.UsageError(message)
    config = read_config(config_path)
    with open_for_delivery(config) as ledger:
        row = ledger.delivery(thread).row
        # Whatever its account lacks is said before the thread counts as under way again.
        network = _network_of(config, ledger, row, to="resume")
        with (
            ledger.driving(row.account, say),
            telling_of_interruption(ledger, row.id, "resume"),
            outside_of(network, config, row.account, sandbox=row.sandbox) as outside,
        ):
            if sent is not None:
                take_sent(ledger, row.id, sent, outside)
            if not_sent:
                take_unsent(ledger, row.id, outside)
            ledger.resume(row.id, present())
            ending = drive(ledger, row.id, outside)
    report_told([told(ending)], output_format)
    return ending.exit_code


@click.command
@click.argument("thread")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
@format_option
def delete(*, thread: str, yes: bool, config_path: Path | None, output_format: ReportFormat) -> int:
    """Delete a thread's posts from its network.

    THREAD is its number, as history shows it. Its article may be published anew afterwards, unless
    another thread of it is still out on the same account.
    """
    from threadbot.delivery.removal import cancel_unsent, remove  # noqa: PLC0415 - brings the database along

    config = read_config(config_path)
    with open_for_delivery(config) as ledger:
        row = ledger.delivery(thread).row
        where = f"{NETWORK_NAMES[row.network]} ({row.account})"
        if not confirmed(f"Delete “{row.title}” from {where}?", yes=yes):
            return 0
        with ledger.driving(row.account, say):
            # Where for certain nothing is out, the account need not even be configured any more.
            ending = cancel_unsent(ledger, row.id, present())
            if ending is None:
                network = _network_of(config, ledger, row, to="delete")
                with (
                    telling_of_interruption(ledger, row.id, "delete"),
                    outside_of(
                        network, config, row.account, sandbox=row.sandbox, beginning="Deleting"
                    ) as outside,
                ):
                    ending = remove(ledger, row.id, outside)
    report_told([told(ending)], output_format)
    return ending.exit_code


@click.command
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Show the newest so many.",
)
@click.option("--before", metavar="THREAD", help="Show those that are older than this one.")
@config_option
@format_option
def history(
    *, limit: int, before: str | None, config_path: Path | None, output_format: ReportFormat
) -> None:
    """Show what was published, and what is under way or held."""
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along

    with ledger(read_config(config_path)) as opened:
        deliveries = opened.history(limit, before)
    if output_format == "json":
        write_report("threads", [thread_object(one) for one in deliveries])
    elif not deliveries:
        write("Nothing was published yet.\n")
    else:
        from threadbot.cli import cards  # noqa: PLC0415 - this format alone

        width = max(cards.MIN_WIDTH, cards.terminal_width())
        cards.show(_table(deliveries, width), width)


def _network_of(config: Config, ledger: Ledger, row: ThreadRow, *, to: str) -> Network:
    """Give the network that a thread went to, or say that nobody can sign in there any more."""
    if not row.sandbox and row.account not in config.accounts:
        message = (
            f"thread {row.id} belongs to the account '{row.account}', which is not in the "
            f"configuration any more; put [accounts.{row.account}] back there to {to} the thread"
        )
        raise InputError(message)
    return network_of(config, ledger, row.article, row.thread, sandbox=row.sandbox)


def _table(deliveries: Sequence[Delivery], width: int) -> Table:
    """Lay the threads out: number and state are never cut, all else gives way."""
    from rich.cells import cell_len  # noqa: PLC0415 - this format alone
    from rich.table import Table  # noqa: PLC0415 - this format alone

    names = ("thread", "state", "when", "network", "account", "posts", "title")
    rows = [_cells(one) for one in deliveries]
    fixed = [max(map(cell_len, cells)) for cells in zip(names, *rows, strict=True)][:-1]
    is_wide = sum(fixed) + _GAP * len(names) + MIN_TITLE <= width
    table = Table(box=None, padding=(0, _GAP, 0, 0))
    for name in names if is_wide else (*names[:2], ""):
        table.add_column(name, no_wrap=name not in {"title", ""}, overflow="fold")
    for delivery, row in zip(deliveries, rows, strict=True):
        cells, more = (row, ()) if is_wide else ((*row[:2], row[-1]), ("  ".join(row[2:-1]),))
        table.add_row(*map(_plain, cells))
        for detail in (*map(_plain, more), *_details(delivery)):
            table.add_row(*[""] * (len(cells) - 1), detail)
    return table


def _cells(delivery: Delivery) -> tuple[str, ...]:
    row = delivery.row
    return (
        row.id,
        row.state,
        f"{row.changed_at.astimezone():%d.%m.%Y %H:%M}",
        NETWORK_NAMES[row.network] + (" (sandbox)" if row.sandbox else ""),
        row.account,
        f"{len(delivery.receipts)}/{len(row.thread.posts)}",
        row.title,
    )


def _details(delivery: Delivery) -> Iterator[Text]:
    if delivery.receipts:
        yield _plain(delivery.receipts[0].url, "dim")
    if delivery.reason:
        yield _plain(delivery.reason)
    if (until := waits_until(delivery)) is not None:
        yield _plain(f"It waits until {until.astimezone():%d.%m.%Y %H:%M}; resume it then.")


def _plain(text: str, style: str = "") -> Text:
    """Keep rich from reading marks in a text, and a terminal from obeying it."""
    from rich.text import Text  # noqa: PLC0415 - this format alone

    from threadbot.preview.characters import visible  # noqa: PLC0415 - this format alone

    return Text(visible(text), style=style, overflow="fold")
