"""Who posts for a command: this very process, or the worker that runs.

Owns that choice, and the opening of the ledger for it; `delivery` does the work.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from threadbot.cli.delivering import say
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.config import Config
    from threadbot.delivery.drive import Ending, Outside
    from threadbot.delivery.ledger import Ledger


@contextmanager
def open_for_delivery(config: Config) -> Iterator[Ledger]:
    """Open the ledger for a command that posts; from a file only one process posts at a time.

    Where a worker runs, threads are left to it (`carry_out`).
    """
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along

    with ledger(config) as opened:
        if opened.worker() is not None:
            yield opened
            return
        with opened.attending(say):
            yield opened


@contextmanager
def driving_here(ledger: Ledger, account: str) -> Iterator[bool]:
    """Be the one who posts to an account, unless a worker runs.

    Yields:
        Whether this process is the one.
    """
    if ledger.worker() is not None:
        yield False
        return
    with ledger.driving(account, say):
        yield True


def worker_runs(ledger: Ledger) -> bool:
    """Tell whether a worker carries the threads of a ledger out."""
    return ledger.worker() is not None


def carry_out(ledger: Ledger, thread_id: str, outside: Outside, *, here: bool) -> Ending:
    """Take a thread as far as it goes now, or follow the worker that does.

    Args:
        ledger: holds the thread; opened by `open_for_delivery`.
        thread_id: which one.
        outside: network and clock.
        here: as `driving_here` gives it.
    """
    from threadbot.delivery.drive import drive  # noqa: PLC0415 - brings the database along
    from threadbot.delivery.follow import follow  # noqa: PLC0415 - with it

    if here:
        return drive(ledger, thread_id, outside)
    row, worker = ledger.delivery(thread_id).row, ledger.worker()
    if worker is not None and worker.sandbox and not row.sandbox:
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
    with ledger.driving(row.account, say):
        return drive(ledger, thread_id, outside)
