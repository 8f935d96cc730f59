"""`threadbot publish`: what preview shows, posted exactly once.

Owns the question before it and the report after it; `delivery` does the work.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Unpack

import click

from threadbot.cli.composing import (
    ComposingOptions,
    Composition,
    compose_source,
    composing_options,
    read_config,
    wished_targets,
)
from threadbot.cli.delivering import (
    NETWORK_NAMES,
    Told,
    confirmed,
    joint_exit_code,
    network_of,
    open_for_delivery,
    outside_of,
    present,
    report_told,
    say,
    telling_of_interruption,
    told,
)
from threadbot.cli.reports import ReportFormat, format_option
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.app import Target
    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery
    from threadbot.networks.port import Network
    from threadbot.thread.model import Thread

ALREADY = 2
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

    SOURCE is a file, or - for standard input. The threads go to every configured account, or to
    those of --account. Each article goes out once to each account; --again posts it once more.
    --sandbox needs no account and goes the whole way without posting anything.
    """
    config = read_config(options["config_path"])
    targets = tuple(_postable(wished_targets(config, options), sandbox=sandbox))
    made = compose_source(source, config, targets, **options)
    _check_sameness(made.threads)
    people = output_format == "rich"
    if people:
        from threadbot.cli.cards import show_cards  # noqa: PLC0415 - this format alone

        show_cards(made.article, made.threads)
    if not confirmed(_question(made.threads, sandbox=sandbox), yes=yes):
        return 0
    with open_for_delivery(config) as ledger:
        article = ledger.record_article(made.article, _source(made), present())
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
                report_told(endings, output_format)
    return joint_exit_code(one.exit_code for one in endings)


def _postable(targets: Iterable[Target], *, sandbox: bool) -> Iterable[Target]:
    """Keep the accounts that can be posted to; a network without one is only for previews."""
    from threadbot.app import stands_in  # noqa: PLC0415 - not for --help

    found = [target for target in targets if sandbox or not stands_in(target.account)]
    if not found:
        message = (
            "no account is configured: add [accounts.NAME] to the configuration, or try --sandbox"
        )
        raise InputError(message)
    return found


def _check_sameness(threads: Iterable[Thread]) -> None:
    from threadbot.delivery.sameness import refusal, same_words  # noqa: PLC0415 - not for --help

    for one, other in combinations(threads, 2):
        if same_words(one, other):
            raise InputError(refusal(one.account, other.account))


def _question(threads: Iterable[Thread], *, sandbox: bool) -> str:
    parts = []
    for thread in threads:
        price = f" for ${thread.price_usd:.2f}" if thread.price_usd and not sandbox else ""
        count = len(thread.posts)
        posts = "post" if count == 1 else "posts"
        parts.append(
            f"{count} {posts} to {NETWORK_NAMES[thread.network]} ({thread.account}){price}"
        )
    return f"Publish {', '.join(parts)}{' in the sandbox' if sandbox else ''}?"


def _source(made: Composition) -> str | None:
    return str(made.source) if made.source else None


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
    with ledger.driving(thread.account, say):
        return _driven(config, ledger, article, thread, network, sandbox=sandbox, again=again)


def _driven(
    config: Config,
    ledger: Ledger,
    article: int,
    thread: Thread,
    network: Network,
    *,
    sandbox: bool,
    again: bool,
) -> Told:
    from threadbot.delivery.drive import drive  # noqa: PLC0415 - brings the database along

    # Nobody else drives the account, so what is under way was left by a run that ended.
    approval = ledger.claim(
        thread, article, sandbox=sandbox, now=present(), again=again, locked=True
    )
    row = approval.row
    if not approval.won and row.state in {"published", "held"}:
        return _known(ledger.delivery(row.id))
    with (
        telling_of_interruption(ledger, row.id, "resume"),
        outside_of(network, config, row.account, sandbox=sandbox) as outside,
    ):
        ending = told(drive(ledger, row.id, outside))
    is_other = row.thread.posts != thread.posts
    return replace(ending, message=_EARLIER) if is_other and not ending.message else ending


def _known(delivery: Delivery) -> Told:
    """Say when and where an article went out before."""
    row = delivery.row
    if row.state == "held":
        return Told(delivery, 6, row.reason or "It is held.")
    message = (
        f"This article was published on {row.changed_at.astimezone():%d.%m.%Y at %H:%M} "
        "already; --again posts it once more."
    )
    return Told(delivery, ALREADY, message)
