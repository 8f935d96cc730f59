"""What the commands that deliver share: the ledger with its lock, the network, the question before.

Owns which exit code a command has; how an ending is told, `telling` says; `delivery` does the work.
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadbot.cli.progress import watching
from threadbot.cli.telling import in_doubt
from threadbot.cli.times import present
from threadbot.errors import InputError, WorkerRunsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threadbot.config import Config
    from threadbot.delivery.drive import Ending, Outside
    from threadbot.delivery.ledger import Ledger
    from threadbot.networks.port import Network
    from threadbot.thread.model import Thread

#: With several accounts the first of these codes that applies is the command's (docs/commands.md).
EXIT_ORDER = (1, 6, 5, 3, 4, 2, 0)


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
        with ExitStack() as stack:
            # A worker that came first while this waited has it for good: threads are left to it.
            with suppress(WorkerRunsError):
                stack.enter_context(opened.attending(say))
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

    row = ledger.outline(thread_id).row
    while True:
        worker = ledger.worker()
        if worker is not None:
            if worker.sandbox and not row.sandbox:
                message = (
                    f"thread {thread_id} waits: the worker that runs (process {worker.process}) is "
                    "for the sandbox alone; stop it, then run `threadbot run` or `threadbot resume "
                    f"{thread_id}`"
                )
                raise InputError(message)
            ending = follow(ledger, thread_id, outside, lambda: worker_runs(ledger))
            if ending is not None:
                return ending
        # No worker runs, or it ended in the meantime: somebody else has to.
        try:
            with ledger.driving(row.account, say):
                return drive(ledger, thread_id, outside)
        except WorkerRunsError:
            # One began meanwhile, and carries the thread.
            continue


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
    with watching(account, beginning, config.schedule.timezone) as watcher:
        yield Outside(network, present, time.sleep, watcher, allowed)


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
        if in_doubt(delivery):
            standing = "its last post may be out"
        else:
            count = len(delivery.receipts)
            standing = f"{count} of its {len(delivery.row.thread.posts)} posts are out"
        say(
            f"interrupted at thread {thread_id}: {standing}; "
            f"`threadbot {command} {thread_id}` goes on with it"
        )
        raise


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
