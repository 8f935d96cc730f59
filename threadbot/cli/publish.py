"""`threadbot publish`: what preview shows, posted exactly once.

Owns the question before it and the report after it; `delivery` does the work.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import click

from threadbot.cli.approval import (
    check_sameness,
    known_already,
    known_otherwise,
    postable,
    posts_in_words,
)
from threadbot.cli.composing import (
    ComposingOptions,
    compose_source,
    composing_options,
    read_config,
    wished_targets,
)
from threadbot.cli.delivering import (
    carry_out,
    confirmed,
    joint_exit_code,
    network_of,
    open_for_delivery,
    outside_of,
    say,
    telling_of_interruption,
    worker_runs,
)
from threadbot.cli.reports import ReportFormat, format_option
from threadbot.cli.telling import Told, report_told, told
from threadbot.cli.times import present

if TYPE_CHECKING:
    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import ThreadRow
    from threadbot.networks.port import Network
    from threadbot.thread.model import Thread

_EARLIER = (
    "It had been begun earlier and says what the article said then; delete it and publish again "
    "to post what preview shows now."
)


@click.command
@click.argument("source")
@composing_options
@click.option("--sandbox", is_flag=True, help="Post to nobody: record what would be posted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--again", is_flag=True, help="Post once more what is published already.")
@format_option
def publish(
    *,
    source: str,
    sandbox: bool,
    yes: bool,
    again: bool,
    output_format: ReportFormat,
    **options: Unpack[ComposingOptions],
) -> int:
    """Post the threads that preview shows.

    SOURCE is a file, the http(s) address of a page, or - for standard input. The threads go to
    every configured account, or to those of --account. Each article goes out once to each account;
    --again posts it once more. --sandbox needs no account and goes the whole way without posting
    anything.
    """
    config = read_config(options["config_path"])
    targets = postable(wished_targets(config, options), sandbox=sandbox)
    made = compose_source(source, config, targets, **options)
    check_sameness(made.threads)
    people = output_format == "rich"
    if people:
        from threadbot.cli.cards import show_cards  # noqa: PLC0415 - this format alone

        show_cards(made.article, made.threads)
    if not confirmed(f"Publish {posts_in_words(made.threads, sandbox=sandbox)}?", yes=yes):
        return 0
    with open_for_delivery(config) as ledger:
        article = ledger.record_article(made.article, made.source, present())
        # Whatever an account lacks is said before anything is claimed or posted.
        networks = [
            network_of(config, ledger, article, thread, sandbox=sandbox) for thread in made.threads
        ]
        endings: list[Told] = []
        try:
            for thread, network in zip(made.threads, networks, strict=True):
                endings.append(
                    _deliver(config, ledger, article, thread, network, sandbox=sandbox, again=again)
                )
        finally:
            # What is out is told even where Ctrl-C or a fault ends the command at the next thread.
            if endings:
                report_told(endings, config.schedule.timezone, output_format)
    return joint_exit_code(one.exit_code for one in endings)


def _deliver(
    config: Config,
    ledger: Ledger,
    article: int,
    thread: Thread,
    network: Network,
    *,
    sandbox: bool,
    again: bool,
) -> Told:
    from threadbot.delivery.deliver import is_wholly_absent  # noqa: PLC0415 - brings the database along

    # Where nobody else drives the account, what is under way was left by a run that ended.
    alone = not worker_runs(ledger)
    with ledger.driving(thread.account, say) if alone else nullcontext():
        approval = ledger.claim(
            thread, article, sandbox=sandbox, now=present(), again=again, locked=alone
        )
        row = approval.row
        is_other = row.thread.posts != thread.posts
        if row.state == "held" and row.hold == "budget":
            # The limit may be another one by now.
            row = ledger.resume(row.id, present()).row
        elif not approval.won and not is_other:
            # A worker would keep it back until the timetable opens.
            row = ledger.send_at_once(row.id, present())
        if not approval.won and (row.state in {"published", "held"} or _lies_ahead(row)):
            return known_already(ledger.delivery(row.id), config.schedule.timezone)
        if is_other and is_wholly_absent(delivery := ledger.delivery(row.id)):
            # A worker may be about to send it, so it did not give way.
            return known_otherwise(delivery)
        with (
            telling_of_interruption(ledger, row.id, "resume"),
            outside_of(network, config, row.account, sandbox=sandbox) as outside,
        ):
            ending = told(carry_out(ledger, row.id, outside))
        both = f"{ending.message} {_EARLIER}".lstrip()
        return replace(ending, message=both) if is_other else ending


def _lies_ahead(row: ThreadRow) -> bool:
    """Tell whether a thread was given a time that has not come."""
    return row.state == "scheduled" and row.due_at is not None and row.due_at > present()
