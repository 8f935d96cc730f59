"""What the commands that deliver share: the ledger with its lock, the network, the ending in words.

Owns how an ending is told and which exit code a command has; `delivery` does the work.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from threadbot.cli.output import write
from threadbot.cli.progress import watching
from threadbot.cli.reports import write_report
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from threadbot.cli.reports import ReportFormat
    from threadbot.config import Config
    from threadbot.delivery.drive import Ending, Outside
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery
    from threadbot.networks.port import Network
    from threadbot.thread.model import Thread

#: With several accounts the first of these codes that applies is the command's (docs/commands.md).
EXIT_ORDER = (1, 6, 5, 3, 4, 2, 0)

NETWORK_NAMES = {"x": "X", "bluesky": "Bluesky"}


@dataclass(frozen=True, slots=True)
class Told:
    """How one thread ended, for the screen and for programs.

    Args:
        delivery: what the ledger knows of it now.
        exit_code: its own.
        message: a sentence; empty where all is well.
        until: when to come back (UTC), if that is known.
    """

    delivery: Delivery
    exit_code: int
    message: str = ""
    until: datetime | None = None


def present() -> datetime:
    """Give the present (UTC)."""
    return datetime.now(UTC)


def joint_exit_code(codes: Iterable[int]) -> int:
    """Give a command's exit code from those of its threads."""
    found = set(codes)
    return next((code for code in EXIT_ORDER if code in found), 0)


@contextmanager
def open_for_delivery(config: Config) -> Iterator[Ledger]:
    """Open the ledger for a command that posts: from a file only one process posts at a time.

    Where a worker has the file, threads are left to it (`carry_out`).
    """
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along

    with ledger(config) as opened:
        if opened.worker() is not None:
            yield opened
            return
        with opened.attending(say):
            yield opened


def worker_runs(ledger: Ledger) -> bool:
    """Tell whether a worker has a ledger to itself and carries its threads out.

    On a server a command posts by itself, one process at a time to an account.
    """
    return ledger.worker() is not None


def carry_out(ledger: Ledger, thread_id: str, outside: Outside) -> Ending:
    """Take a thread as far as it goes now, or follow the worker that does.

    Args:
        ledger: holds the thread; opened by `open_for_delivery`.
        thread_id: which one.
        outside: network and clock.
    """
    from threadbot.delivery.drive import drive  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.follow import follow  # noqa: PLC0415 - with it

    account = ledger.delivery(thread_id).row.account
    worker = ledger.worker()
    if worker is None:
        with ledger.driving(account, say):
            return drive(ledger, thread_id, outside)
    if worker.sandbox and not ledger.delivery(thread_id).row.sandbox:
        message = (
            f"thread {thread_id} waits: the worker that runs (process {worker.process}) is for the "
            "sandbox alone; stop it, then run `threadbot run` or `threadbot resume "
            f"{thread_id}`"
        )
        raise InputError(message)
    ending = follow(ledger, thread_id, outside, lambda: worker_runs(ledger))
    if ending is not None:
        return ending
    # The worker ended in the meantime, so somebody else has to.
    with ledger.driving(account, say):
        return drive(ledger, thread_id, outside)


def network_of(
    config: Config, ledger: Ledger, article: int, thread: Thread, *, sandbox: bool
) -> Network:
    """Give the network that a thread goes to; it is closed when the command ends.

    Args:
        config: says how its account signs in.
        ledger: keeps the sign-in.
        article: the article's number in the ledger, which knows where its own pictures lie.
        thread: names account and network.
        sandbox: whether it goes to the sandbox instead.

    Raises:
        InputError: the account cannot be posted to.
    """
    from threadbot.app import network_for  # noqa: PLC0415 - brings networks along

    source = ledger.source_of(article)
    network = network_for(
        config,
        thread.account,
        network=thread.network,
        sandbox=sandbox,
        ledger=ledger,
        folder=Path(source).parent if source and "://" not in source else None,
    )
    return click.get_current_context().with_resource(closing(network))


@contextmanager
def outside_of(
    network: Network,
    config: Config,
    account: str,
    *,
    sandbox: bool,
    beginning: str = "Preparing",
) -> Iterator[Outside]:
    """Put together what a delivery needs of the world, and show how it goes on.

    Args:
        network: where the thread goes.
        config: says what the account may spend.
        account: whose it is.
        sandbox: whether it goes to the sandbox, where nothing is spent.
        beginning: what is shown until the first action is told.
    """
    from threadbot.app import budget  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.budget import Budget  # noqa: PLC0415 - with it
    from threadbot.delivery.drive import Outside  # noqa: PLC0415 - with it

    allowed = Budget() if sandbox else budget(config, account)
    with watching(account, beginning) as watcher:
        yield Outside(network, present, time.sleep, watcher, allowed)


def told(ending: Ending) -> Told:
    """Turn an ending into what is shown."""
    return Told(ending.delivery, ending.exit_code, ending.reason, ending.until)


def report_told(endings: Sequence[Told], output_format: ReportFormat) -> None:
    """Write how threads ended, for people or for programs."""
    if output_format == "json":
        write_report("threads", [told_object(one) for one in endings])
    else:
        write("".join(f"{line}\n" for one in endings for line in _lines(one)))


def _lines(one: Told) -> Iterator[str]:
    from threadbot.preview.characters import visible  # noqa: PLC0415 - not for --help

    row = one.delivery.row
    where = f"{NETWORK_NAMES[row.network]} ({row.account})"
    where += ", sandbox" if row.sandbox else ""
    yield f"Thread {row.id} on {where}: {_standing(one.delivery)}"
    if one.message:
        yield f"  {visible(one.message)}"
    if one.until is not None:
        yield f"  Come back after {one.until.astimezone():%d.%m.%Y %H:%M}."
    for receipt in one.delivery.receipts:
        yield f"  {receipt.post:>2}  {visible(receipt.url)}"
    for warning in one.delivery.plan.warnings if one.delivery.plan else ():
        yield f"  Warning: {visible(warning)}"
    if row.state == "held":
        yield f"  threadbot resume {row.id}   goes on with it"
        if row.hold == "outcome" and row.network == "x":
            yield f"  threadbot resume {row.id} --sent ADDRESS   says that the post is out"
            yield f"  threadbot resume {row.id} --not-sent   says that it is not"
        yield f"  threadbot delete {row.id}   takes it back"


def _standing(delivery: Delivery) -> str:
    """Say in a few words where a thread stands."""
    if delivery.row.state != "held":
        return delivery.row.state
    known = " known to be" if _in_doubt(delivery) else ""
    return f"{len(delivery.receipts)} of {len(delivery.row.thread.posts)} posts{known} out"


def _in_doubt(delivery: Delivery) -> bool:
    from threadbot.delivery.model import IN_DOUBT  # noqa: PLC0415 - not for --help

    return any(step.state in IN_DOUBT for step in delivery.steps)


@contextmanager
def telling_of_interruption(ledger: Ledger, thread_id: str, command: str) -> Iterator[None]:
    """Say on Ctrl-C where a thread stands, and which command goes on with it.

    Args:
        ledger: holds the thread.
        thread_id: which one.
        command: `resume` or `delete`.
    """
    try:
        yield
    except KeyboardInterrupt:
        delivery = ledger.delivery(thread_id)
        if _in_doubt(delivery):
            standing = "its last post may be out"
        else:
            count = len(delivery.receipts)
            standing = f"{count} of its {len(delivery.row.thread.posts)} posts are out"
        say(
            f"interrupted at thread {thread_id}: {standing}; "
            f"`threadbot {command} {thread_id}` goes on with it"
        )
        raise


def told_object(one: Told) -> dict[str, Any]:
    """Give how a thread ended as an object for programs (docs/publishing.md)."""
    known = thread_object(one.delivery)
    until = known["until"] if one.until is None else one.until.isoformat()
    return known | {"until": until, "exit_code": one.exit_code, "message": one.message}


def thread_object(delivery: Delivery) -> dict[str, Any]:
    """Give a delivery as an object for programs (docs/publishing.md)."""
    row, until = delivery.row, waits_until(delivery)
    return {
        "id": row.id,
        "title": row.title,
        "network": row.network,
        "account": row.account,
        "sandbox": row.sandbox,
        "state": row.state,
        "reason": delivery.reason,
        "until": None if until is None else until.isoformat(),
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "posts_total": len(row.thread.posts),
        "posts": [
            {"number": one.post, "uri": one.uri, "cid": one.cid, "url": one.url}
            for one in delivery.receipts
        ],
        "warnings": list(delivery.plan.warnings) if delivery.plan else [],
    }


def waits_until(delivery: Delivery) -> datetime | None:
    """Give the moment (UTC) before which a thread does not go on, if one lies ahead."""
    from threadbot.delivery.deliver import Wait, next_action  # noqa: PLC0415 - not for --help

    action = next_action(delivery, present())
    return action.until if isinstance(action, Wait) else None


def confirmed(question: str, *, yes: bool) -> bool:
    """Ask, unless the answer was given with `--yes`.

    Raises:
        click.UsageError: nobody can be asked.
    """
    if yes:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        message = "nobody can be asked here, as the input is no terminal: add --yes"
        raise click.UsageError(message)
    return click.confirm(question, err=True)


def say(message: str) -> None:
    """Say something beside the outcome."""
    click.echo(f"threadbot: {message}", err=True)
