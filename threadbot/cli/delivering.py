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

from threadbot.cli.progress import watching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    """Open the ledger and hold its lock: only one process posts at a time."""
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.lock import driving  # noqa: PLC0415 - with it

    with ledger(config) as opened, driving(opened.path, _say):
        yield opened


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
def outside_of(network: Network, account: str) -> Iterator[Outside]:
    """Put together what a delivery needs of the world, and show how it goes on.

    Args:
        network: where the thread goes.
        account: whose it is.
    """
    from threadbot.delivery.drive import Outside  # noqa: PLC0415 - brings the database along

    with watching(account) as watcher:
        yield Outside(network, present, time.sleep, watcher)


def told(ending: Ending) -> Told:
    """Turn an ending into what is shown."""
    return Told(ending.delivery, ending.exit_code, ending.reason, ending.until)


def show_told(one: Told) -> None:
    """Write how a thread ended, with the addresses of the posts that are out."""
    from threadbot.preview.characters import visible  # noqa: PLC0415 - not for --help

    row = one.delivery.row
    where = f"{NETWORK_NAMES[row.network]} ({row.account})"
    where += ", sandbox" if row.sandbox else ""
    count = len(one.delivery.receipts)
    state = f"{count} of {len(row.thread.posts)} posts out" if row.state == "held" else row.state
    click.echo(f"Thread {row.id} on {where}: {state}")
    if one.message:
        click.echo(f"  {visible(one.message)}")
    if one.until is not None:
        click.echo(f"  Come back after {one.until.astimezone():%d.%m.%Y %H:%M}.")
    for receipt in one.delivery.receipts:
        click.echo(f"  {receipt.post:>2}  {visible(receipt.url)}")
    for warning in one.delivery.plan.warnings if one.delivery.plan else ():
        click.echo(f"  Warning: {visible(warning)}")
    if row.state == "held":
        click.echo(f"  threadbot resume {row.id}   goes on with it")
        click.echo(f"  threadbot delete {row.id}   takes it back")


def told_object(one: Told) -> dict[str, Any]:
    """Give how a thread ended as an object for programs (docs/publishing.md)."""
    return {**thread_object(one.delivery), "exit_code": one.exit_code, "message": one.message}


def thread_object(delivery: Delivery) -> dict[str, Any]:
    """Give a delivery as an object for programs (docs/publishing.md)."""
    row = delivery.row
    return {
        "id": row.id,
        "title": row.title,
        "network": row.network,
        "account": row.account,
        "sandbox": row.sandbox,
        "state": row.state,
        "reason": row.reason,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "posts_total": len(row.thread.posts),
        "posts": [
            {"number": one.post, "uri": one.uri, "cid": one.cid, "url": one.url}
            for one in delivery.receipts
        ],
        "warnings": list(delivery.plan.warnings) if delivery.plan else [],
    }


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


def _say(message: str) -> None:
    click.echo(f"threadbot: {message}", err=True)
