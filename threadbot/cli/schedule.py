"""`threadbot schedule`: what preview shows, to be posted later.

Owns the question before it and the report after it; `delivery` does the work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import click

from threadbot.cli.approval import (
    check_sameness,
    known_already,
    postable,
    posts_in_words,
    source_of,
)
from threadbot.cli.composing import (
    ComposingOptions,
    compose_source,
    composing_options,
    read_config,
    wished_targets,
)
from threadbot.cli.delivering import confirmed, joint_exit_code, network_of
from threadbot.cli.output import write
from threadbot.cli.planned import report_planned
from threadbot.cli.reports import ReportFormat, format_option
from threadbot.cli.telling import NETWORK_NAMES, Told
from threadbot.cli.times import TimeOptions, present, read_timing, time_in_words, time_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from threadbot.delivery.claims import Approval
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.timing import Timing
    from threadbot.thread.model import Thread


@click.command
@click.argument("source")
@time_options
@composing_options
@click.option("--sandbox", is_flag=True, help="Post to nobody: record what would be posted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--again", is_flag=True, help="Post once more what is published already.")
@format_option
def schedule(  # noqa: PLR0913 - each is an option of the command
    *,
    source: str,
    at: str | None,
    in_: str | None,
    next_slot: bool,
    sandbox: bool,
    yes: bool,
    again: bool,
    output_format: ReportFormat,
    **options: Unpack[ComposingOptions],
) -> int:
    """Post the threads that preview shows later.

    SOURCE is as in publish. Say when with one of --at, --in and --next-slot; times are those of the
    publication's time zone (docs/scheduling.md). `threadbot run` sends what is due.
    """
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along

    config = read_config(options["config_path"])
    wished = TimeOptions(at=at, in_=in_, next_slot=next_slot)
    timing = read_timing(config, wished, present())
    targets = postable(wished_targets(config, options), sandbox=sandbox)
    made = compose_source(source, config, targets, **options)
    check_sameness(made.threads)
    with ledger(config) as opened:
        taken = _taken(opened, made.threads, timing, sandbox=sandbox)
        if output_format == "rich":
            from threadbot.cli.cards import show_cards  # noqa: PLC0415 - this format alone

            show_cards(made.article, made.threads)
            write("".join(f"{line}\n" for line in _plan(made.threads, timing, taken)))
        question = f"Schedule {posts_in_words(made.threads, sandbox=sandbox)}?"
        if not confirmed(question, yes=yes):
            return 0
        article = opened.record_article(made.article, source_of(made), present())
        for thread in made.threads:
            # Whatever an account lacks is said before anything is claimed.
            network_of(config, opened, article, thread, sandbox=sandbox)
        approvals = opened.schedule(
            made.threads, article, timing, sandbox=sandbox, now=present(), again=again
        )
        ones = _with_gaps([_told(opened, one, timing) for one in approvals], timing)
        report_planned(opened, ones, timing.schedule.timezone, output_format)
    return joint_exit_code(one.exit_code for one in ones)


def _told(ledger: Ledger, approval: Approval, timing: Timing) -> Told:
    delivery = ledger.delivery(approval.row.id)
    return Told(delivery, 0) if approval.won else known_already(delivery, timing.schedule.timezone)


def _with_gaps(ones: Sequence[Told], timing: Timing) -> list[Told]:
    """Say of threads that keep an earlier plan when the others of the article go out now."""
    new = next((one for one in ones if not one.exit_code), None)
    return [one if new is None else _with_gap(one, new, timing) for one in ones]


def _with_gap(old: Told, new: Told, timing: Timing) -> Told:
    before, now = old.delivery.row, new.delivery.row
    if not old.exit_code or before.state != "scheduled" or before.due_at is None:
        return old
    if abs(now.planned_at - before.due_at) <= timing.schedule.apart:
        return old
    other = time_in_words(now.planned_at, timing.schedule.timezone)
    told = f"{old.message} It keeps its time, but thread {now.id} goes out at {other}."
    return replace(old, message=told)


def _taken(
    ledger: Ledger, threads: Sequence[Thread], timing: Timing, *, sandbox: bool
) -> dict[str, tuple[datetime, ...]]:
    since = present() - timing.schedule.least_distance
    return {
        thread.account: ledger.taken(thread.account, sandbox=sandbox, since=since)
        for thread in threads
    }


def _plan(
    threads: Sequence[Thread], timing: Timing, taken: Mapping[str, Sequence[datetime]]
) -> Iterator[str]:
    """Say when each account's thread is due, if nobody takes the slot while a person thinks."""
    from threadbot.delivery.durations import write_duration  # noqa: PLC0415 - not for --help
    from threadbot.delivery.schedule import objection  # noqa: PLC0415 - the same
    from threadbot.delivery.timing import due_times  # noqa: PLC0415 - the same

    schedule, zone = timing.schedule, timing.schedule.timezone
    networks = {thread.account: thread.network for thread in threads}
    due = due_times(timing, present(), networks, taken)
    for account, network in networks.items():
        moment = due[account]
        yield f"{NETWORK_NAMES[network]} ({account}): {time_in_words(moment, zone)}"
        if (against := objection(schedule, moment)) is not None:
            yield f"  Warning: {against}; it goes out all the same."
        near = [one for one in taken[account] if abs(one - moment) < schedule.least_distance]
        if near:
            yield (
                f"  Warning: the account has a thread at {time_in_words(min(near), zone)}; the "
                f"later one goes out {write_duration(schedule.least_distance)} after the other "
                "('schedule.least_distance')."
            )
