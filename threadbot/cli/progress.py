"""Shows how a delivery goes on, on standard error while a person is watching.

Owns the words for each action; never writes to standard output, and nothing where nobody watches.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo
    from typing import TypeAlias

    from threadbot.delivery.deliver import Action
    from threadbot.delivery.model import Delivery

    Watcher: TypeAlias = Callable[[Delivery, Action], None]


def words_for(delivery: Delivery, action: Action, zone: tzinfo) -> str:
    """Say what is about to happen.

    Args:
        delivery: what the ledger knows.
        action: what comes next.
        zone: the publication's.
    """
    from threadbot.delivery import deliver  # noqa: PLC0415 - only while something is delivered

    match action:
        case deliver.Begin() | deliver.Prepare() | deliver.Renew():
            return "Preparing"
        case deliver.Send(step):
            posts = delivery.plan.steps[step - 1].posts if delivery.plan else ()
            return f"Sending post {posts[0]}" if len(posts) == 1 else f"Sending {len(posts)} posts"
        case deliver.Look():
            return "Looking whether it is out"
        case deliver.Wait(until):
            return f"Waiting until {until.astimezone(zone):%H:%M:%S} ({zone})"
        case deliver.Stop(state):
            return state.capitalize()
        case _:
            return "Ending"


@contextmanager
def watching(label: str, beginning: str, zone: tzinfo) -> Iterator[Watcher]:
    """Show a bar for one thread.

    Args:
        label: the account's name.
        beginning: what is done until the first action is told.
        zone: the publication's.

    Returns:
        What `drive` tells its progress.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _delivery, _action: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody watches
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.fields[account]}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TextColumn("{task.description}"), console=Console(stderr=True))
    with bar:
        task = bar.add_task(beginning, total=None, account=label)

        def show(delivery: Delivery, action: Action) -> None:
            bar.update(
                task,
                total=len(delivery.row.thread.posts),
                completed=len(delivery.receipts),
                description=words_for(delivery, action, zone),
            )

        yield show
