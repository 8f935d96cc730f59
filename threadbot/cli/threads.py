"""`threadbot resume`, `delete` and `history`: the threads that the ledger knows.

Owns their words; `delivery` does the work.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from threadbot.cli.composing import read_config
from threadbot.cli.delivering import (
    carry_out,
    confirmed,
    network_of,
    open_for_delivery,
    outside_of,
    say,
    telling_of_interruption,
    worker_runs,
)
from threadbot.cli.output import write
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.cli.telling import (
    NETWORK_NAMES,
    goes_out,
    report_told,
    thread_object,
    told,
    waits_until,
)
from threadbot.cli.times import clock_time, present
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import tzinfo
    from pathlib import Path

    from rich.text import Text

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, ThreadRow
    from threadbot.networks.port import Network

_NAMES = ("thread", "state", "when", "network", "account", "posts", "title")


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
    from threadbot.delivery.word import take_sent, take_unsent  # noqa: PLC0415 - brings the database along

    if sent is not None and not_sent:
        message = "--sent and --not-sent cannot both be true: give one of them"
        raise click.UsageError(message)
    config = read_config(config_path)
    with open_for_delivery(config) as ledger:
        row = ledger.delivery(thread).row
        # Whatever its account lacks is said before the thread counts as under way again.
        network = _network_of(config, ledger, row, to="resume")
        with (
            _alone(ledger, row),
            telling_of_interruption(ledger, row.id, "resume"),
            outside_of(network, config, row.account, sandbox=row.sandbox) as outside,
        ):
            if sent is not None:
                take_sent(ledger, row.id, sent, outside)
            if not_sent:
                take_unsent(ledger, row.id, outside)
            ledger.resume(row.id, present())
            ledger.send_at_once(row.id, present())
            ending = carry_out(ledger, row.id, outside)
    report_told([told(ending)], config.schedule.timezone, output_format)
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
        _leave_to_worker(ledger, row)
        with _alone(ledger, row):
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
    report_told([told(ending)], config.schedule.timezone, output_format)
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

    config = read_config(config_path)
    with ledger(config) as opened:
        deliveries = opened.history(limit, before)
    if output_format == "json":
        write_report("threads", [thread_object(one) for one in deliveries])
    elif not deliveries:
        write("Nothing was published yet.\n")
    else:
        from threadbot.cli import cards  # noqa: PLC0415 - this format alone
        from threadbot.cli.listing import listing  # noqa: PLC0415 - the same

        width = max(cards.MIN_WIDTH, cards.terminal_width())
        zone = config.schedule.timezone
        rows, details = (
            [_cells(one, zone) for one in deliveries],
            [[*_details(one, zone)] for one in deliveries],
        )
        cards.show(listing(_NAMES, rows, details, width), width)
        write(f"Times are those of {zone}.\n")


def _alone(ledger: Ledger, row: ThreadRow) -> AbstractContextManager[None]:
    """Keep others from an account, unless a worker has all of them."""
    return nullcontext() if worker_runs(ledger) else ledger.driving(row.account, say)


def _leave_to_worker(ledger: Ledger, row: ThreadRow) -> None:
    """Refuse to delete under the hands of a worker that is sending."""
    if row.state == "sending" and worker_runs(ledger):
        message = (
            f"thread {row.id} is just being sent by the worker; wait until it is out, or stop it "
            f"with `threadbot queue hold {row.id}`, and delete it then"
        )
        raise InputError(message)


def _network_of(config: Config, ledger: Ledger, row: ThreadRow, *, to: str) -> Network:
    """Give the network that a thread went to, or say that nobody can sign in there any more."""
    check_account(config, row, to=to)
    return network_of(config, ledger, row.article, row.thread, sandbox=row.sandbox)


def check_account(config: Config, row: ThreadRow, *, to: str) -> None:
    """Say that a thread's account is not in the configuration any more.

    Args:
        config: the configuration.
        row: the thread.
        to: what somebody wants to do with it.

    Raises:
        InputError: it is not.
    """
    from threadbot.app import stands_in  # noqa: PLC0415 - not for --help

    known = config.accounts.get(row.account)
    if not row.sandbox and (known is None or stands_in(known)):
        message = (
            f"thread {row.id} belongs to the account '{row.account}', which is not in the "
            f"configuration any more; put [accounts.{row.account}] back there to {to} the thread"
        )
        raise InputError(message)


def _cells(delivery: Delivery, zone: tzinfo) -> tuple[str, ...]:
    row = delivery.row
    return (
        row.id,
        row.state,
        clock_time(row.changed_at, zone),
        NETWORK_NAMES[row.network] + (" (sandbox)" if row.sandbox else ""),
        row.account,
        f"{len(delivery.receipts)}/{len(row.thread.posts)}",
        row.title,
    )


def _details(delivery: Delivery, zone: tzinfo) -> Iterator[Text]:
    from threadbot.cli.listing import plain  # noqa: PLC0415 - this format alone

    if delivery.receipts:
        yield plain(delivery.receipts[0].url, "dim")
    if delivery.reason:
        yield plain(delivery.reason)
    if (until := waits_until(delivery)) is not None:
        moment, row = clock_time(until, zone), delivery.row
        goes_on = f"`threadbot run` or `threadbot resume {row.id}` goes on with it then"
        waits = f"It waits until {moment}; {goes_on}."
        yield plain(waits if row.state == "sending" else goes_out(moment))
