"""`threadbot queue` and what is below it: the threads that wait, and what a person makes of them.

Owns their words; `delivery` does the work.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Unpack

import click

from threadbot.cli.approval import known_already
from threadbot.cli.composing import read_config
from threadbot.cli.output import write
from threadbot.cli.planned import due_keys, report_planned
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.cli.telling import NETWORK_NAMES, Told
from threadbot.cli.threads import check_account, resume
from threadbot.cli.times import TimeOptions, clock_time, present, read_timing, time_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import ThreadRow, ThreadSummary
    from threadbot.delivery.timing import When

PAGE = 50
now_option = click.option("--now", is_flag=True, help="At once.")

# A draft that came too late is superseded.
_ONCE_MORE = "`threadbot publish SOURCE --again` posts it once more"
_NAMES = ("thread", "state", "due", "network", "account", "price", "title")


@click.group(invoke_without_command=True)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=PAGE,
    show_default=True,
    metavar="N",
    help="The most threads that are shown.",
)
@click.option("--after", metavar="THREAD", help="Begin after this one, the last of a page.")
@config_option
@format_option
@click.pass_context
def queue(
    context: click.Context,
    *,
    limit: int,
    after: str | None,
    config_path: Path | None,
    output_format: ReportFormat,
) -> None:
    """Show what waits, is under way or is held, and change it.

    Drafts and what goes out at once come first, then the soonest. Times are those of the
    publication's time zone.
    """
    if context.invoked_subcommand is not None:
        return
    with _opened(config_path) as (config, ledger):
        # One more than is shown tells whether there are more.
        found = ledger.waiting(limit + 1, after)
    rows, zone = found[:limit], config.schedule.timezone
    if output_format == "json":
        write_report("threads", [_object(row, zone) for row in rows])
    elif not rows:
        write("Nothing waits.\n" if after is None else "Nothing more waits.\n")
    else:
        _show_rows(rows, zone)
        if len(found) > limit:
            write(f"There is more: threadbot queue --after {rows[-1].id}\n")


@queue.command
@click.argument("thread")
@config_option
@format_option
def show(*, thread: str, config_path: Path | None, output_format: ReportFormat) -> None:
    """Show a thread as it goes out, where it stands, and its plan."""
    from threadbot.cli import queue_show  # noqa: PLC0415 - this command alone

    with _opened(config_path) as (config, ledger):
        delivery = ledger.delivery(thread)
    queue_show.show(delivery, config.schedule.timezone, output_format)


@queue.command
@click.argument("thread")
@time_options
@now_option
@click.option("--again", is_flag=True, help="Post once more what is published already.")
@config_option
@format_option
def approve(
    *,
    thread: str,
    now: bool,
    again: bool,
    config_path: Path | None,
    output_format: ReportFormat,
    **wished: Unpack[TimeOptions],
) -> int:
    """Approve a draft: it goes out in the next free slot, or when you say.

    Drafts of one article for several accounts are approved one by one, and each has the next slot
    that is free on its own account.
    """
    from threadbot.delivery.timing import NextSlot  # noqa: PLC0415 - not for --help

    _check_one_time(wished, now=now, needed=False)
    with _opened(config_path) as (config, ledger):
        moment = present()
        usual: When = _at_once(moment) if now else NextSlot()
        timing = read_timing(config, wished, moment, usual, at_once="--now")
        check_account(config, ledger.delivery(thread).row, to="approve")
        approval = ledger.approve_for(thread, timing, moment, again=again)
        delivery, zone = ledger.delivery(approval.row.id), config.schedule.timezone
        one = Told(delivery, 0) if approval.won else known_already(delivery, zone, _ONCE_MORE)
        report_planned(ledger, [one], zone, output_format)
    return one.exit_code


@queue.command
@click.argument("thread")
@time_options
@now_option
@config_option
@format_option
def move(
    *,
    thread: str,
    now: bool,
    config_path: Path | None,
    output_format: ReportFormat,
    **wished: Unpack[TimeOptions],
) -> None:
    """Give a thread another time; one that is held waits again."""
    _check_one_time(wished, now=now, needed=True)
    with _opened(config_path) as (config, ledger):
        moment = present()
        usual = _at_once(moment) if now else None
        timing = read_timing(config, wished, moment, usual, at_once="--now")
        _report(config, ledger, ledger.move(thread, timing, moment), output_format)


@queue.command
@click.argument("thread")
@config_option
@format_option
def reject(*, thread: str, config_path: Path | None, output_format: ReportFormat) -> None:
    """Say that a draft is not to go out."""
    _change(config_path, output_format, lambda ledger, now: ledger.reject_by_hand(thread, now))


@queue.command
@click.argument("thread")
@config_option
@format_option
def hold(*, thread: str, config_path: Path | None, output_format: ReportFormat) -> None:
    """Keep a thread from going out until you move, retry or cancel it."""
    _change(config_path, output_format, lambda ledger, now: ledger.hold_by_hand(thread, now))


@queue.command
@click.argument("thread")
@config_option
@format_option
def cancel(*, thread: str, config_path: Path | None, output_format: ReportFormat) -> None:
    """Take a thread of which nothing is out from the queue.

    Its article may be posted anew afterwards.
    """
    _change(config_path, output_format, lambda ledger, now: ledger.cancel_by_hand(thread, now))


#: One and the same thing under two names.
queue.add_command(resume, "retry")


def _at_once(moment: datetime) -> When:
    from threadbot.delivery.timing import At  # noqa: PLC0415 - not for --help

    return At(moment)


def _check_one_time(wished: TimeOptions, *, now: bool, needed: bool) -> None:
    given = [now, *(bool(one) for one in wished.values())].count(True)
    if now and given > 1:
        message = "--now cannot go with another time: leave one of them out"
        raise click.UsageError(message)
    if given > 1 or (needed and given == 0):
        message = "say when, with one of --at, --in, --next-slot and --now"
        raise click.UsageError(message)


@contextmanager
def _opened(config_path: Path | None) -> Iterator[tuple[Config, Ledger]]:
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along

    config = read_config(config_path)
    with ledger(config) as opened:
        yield config, opened


def _change(
    config_path: Path | None,
    output_format: ReportFormat,
    change: Callable[[Ledger, datetime], ThreadRow],
) -> None:
    with _opened(config_path) as (config, ledger):
        _report(config, ledger, change(ledger, present()), output_format)


def _report(config: Config, ledger: Ledger, row: ThreadRow, output_format: ReportFormat) -> None:
    from threadbot.errors import DamagedError  # noqa: PLC0415 - not for --help

    try:
        delivery = ledger.delivery(row.id)
    except DamagedError:
        # It is stopped all the same; what is told of it needs no words.
        delivery = ledger.outline(row.id)
    one = Told(delivery, 0)
    report_planned(ledger, [one], config.schedule.timezone, output_format)


def _object(row: ThreadSummary, zone: tzinfo) -> dict[str, Any]:
    """Give a thread of the queue as an object for programs (docs/scheduling.md)."""
    return {
        "id": row.id,
        "title": row.title,
        "network": row.network,
        "account": row.account,
        "sandbox": row.sandbox,
        "state": row.state,
        "reason": row.reason,
        **due_keys(row.due_at, zone),
        "until": None if (until := _until(row)) is None else until.isoformat(),
        "posts_total": row.posts,
        "price_usd": None if row.price_usd is None else f"{row.price_usd.normalize():f}",
    }


def _show_rows(rows: Sequence[ThreadSummary], zone: tzinfo) -> None:
    from threadbot.cli import cards  # noqa: PLC0415 - this format alone
    from threadbot.cli.listing import listing, plain  # noqa: PLC0415 - the same

    width = max(cards.MIN_WIDTH, cards.terminal_width())
    details = [[plain(line) for line in _details(row, zone)] for row in rows]
    cards.show(listing(_NAMES, [_cells(row, zone) for row in rows], details, width), width)
    write(f"Times are those of {zone}.\n")


def _details(row: ThreadSummary, zone: tzinfo) -> Iterator[str]:
    if (until := _until(row)) is not None:
        yield f"It waits until {clock_time(until, zone)}."
    if row.reason:
        yield row.reason


def _until(row: ThreadSummary) -> datetime | None:
    """Give the moment before which a thread under way does not go on, if one lies ahead."""
    is_ahead = row.waits_until is not None and row.waits_until > present()
    return row.waits_until if is_ahead else None


def _cells(row: ThreadSummary, zone: tzinfo) -> tuple[str, ...]:
    from threadbot.preview.wording import price  # noqa: PLC0415 - this format alone

    if row.due_at is not None:
        due = clock_time(row.due_at, zone)
    else:
        due = "at once" if row.state in {"approved", "scheduled"} else ""
    return (
        row.id,
        row.state,
        due,
        NETWORK_NAMES[row.network] + (" (sandbox)" if row.sandbox else ""),
        row.account,
        price(row.price_usd) if row.price_usd else "",
        row.title,
    )
