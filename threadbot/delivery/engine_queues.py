"""The queues in which threads wait to be carried: the accounts', and the sandbox's apart.

Owns which queues a worker takes from, and how much. A worker for the sandbox alone takes nothing
from the other queue: it could do nothing with a thread but keep it from the others. Never hands
anything over.
"""

from __future__ import annotations

from typing import Final

from dbos import DBOS

#: The queue of threads for the networks, in which each account is a partition.
QUEUE: Final = "threads"
#: The queue of those for the sandbox.
SANDBOX_QUEUE: Final = "threads-sandbox"
#: Seconds between two looks at a queue: a thread starts half of that late, on average.
POLLING: Final = 1.0
#: How many times as long it is for the sandbox where it stands beside the networks: its threads may
#: be a little later, and each look is a good part of what an idle worker takes.
SANDBOX_PATIENCE: Final = 2.0
#: How many times as many threads as it carries at once a worker takes from a queue at first. More
#: of them and one worker would take what others could carry sooner; fewer and it would have nothing
#: to do before its next look.
TAKEN: Final = 4


def queue_of(*, sandbox: bool) -> str:
    """Name the queue of a thread."""
    return SANDBOX_QUEUE if sandbox else QUEUE


def listened_to(*, sandbox: bool) -> tuple[str, ...]:
    """Name the queues that a worker takes from.

    Args:
        sandbox: whether it carries only the sandbox's threads.
    """
    return (SANDBOX_QUEUE,) if sandbox else (QUEUE, SANDBOX_QUEUE)


def register(names: tuple[str, ...], concurrency: int, polling: float) -> None:
    """Make queues known to the database, once DBOS is launched.

    Args:
        names: those that this worker takes from.
        concurrency: how many threads it carries at once.
        polling: seconds between two looks at the first of the queues.
    """
    for name in names:
        DBOS.register_queue(
            name,
            partition_concurrency=1,
            worker_concurrency=TAKEN * concurrency,
            polling_interval_sec=polling if name == names[0] else SANDBOX_PATIENCE * polling,
            on_conflict="always_update",
        )


def widen(names: tuple[str, ...], resting: int, concurrency: int) -> None:
    """Take more from queues where much of what was taken waits: none may starve for that.

    The limit is all workers' together. It is as low as it was at the start of the last one, or
    higher: too high a limit only lets one worker take more than its share.

    Args:
        names: those that this worker takes from.
        resting: how many of its threads wait.
        concurrency: how many it carries at once.
    """
    needed = resting + TAKEN * concurrency // 2
    if needed <= TAKEN * concurrency:
        # It is never lower, and asking takes a part of what an idle worker may take.
        return
    for name in names:
        queue = DBOS.retrieve_queue(name)
        limit = queue.worker_concurrency if queue else None
        if queue and limit and limit < needed:
            queue.set_worker_concurrency(max(2 * limit, needed))
