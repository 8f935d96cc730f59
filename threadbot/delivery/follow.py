"""Follows a thread that somebody else drives: a worker that runs in another process.

Owns the waiting and the end of it; never sends anything, and never changes the ledger.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.delivery.deliver import Begin, Stop, Wait, next_action
from threadbot.delivery.drive import Ending, ending_of
from threadbot.errors import DamagedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from threadbot.delivery.drive import Outside
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery

#: Seconds between two looks into the ledger.
INTERVAL: Final = 0.3
#: How long a thread may not have begun before another one is taken for the reason.
TURN: Final = timedelta(seconds=10)


def follow(
    ledger: Ledger, thread_id: str, outside: Outside, is_driven: Callable[[], bool]
) -> Ending | None:
    """Wait until a thread goes no further by itself, or nothing happened for too long.

    Args:
        ledger: holds the thread.
        thread_id: which one.
        outside: clock and progress; its network is not asked.
        is_driven: tells whether a worker still runs.

    Returns:
        How it ended; None where no worker runs any more, so that somebody else has to drive it.

    Raises:
        InputError: the thread will not go out any more.
    """
    before, since = None, outside.now()
    while True:
        delivery = ledger.delivery(thread_id)
        action = next_action(delivery, outside.now())
        if delivery != before or isinstance(action, Wait):
            before, since = delivery, outside.now()
        outside.progress(delivery, action)
        match action:
            case Stop():
                refused = delivery.row.hold in {"other", "budget"}
                return ending_of(delivery, refused=refused)
            case Wait(until, reason) if until - outside.now() > outside.patience:
                return Ending("later", delivery, reason or "Its time has not come yet.", until)
            case _ if not is_driven():
                return None
            case Begin() if ending := _behind_another(ledger, delivery, outside, since):
                return ending
            case _ if outside.now() - since > outside.patience:
                reason = "The worker has it, and nothing happened for a while; look at its log."
                return Ending("later", delivery, reason)
            case _:
                outside.sleep(INTERVAL)


def _behind_another(
    ledger: Ledger, delivery: Delivery, outside: Outside, since: datetime
) -> Ending | None:
    """End where another thread of the account goes first and waits for long, or has done so."""
    row, now = delivery.row, outside.now()
    waited = now - since
    if waited < TURN:
        return None
    number = ledger.under_way(row.account, now, sandbox=row.sandbox)
    if number is None:
        return None
    first = f"Thread {number} of its account is under way and goes first."
    try:
        other = ledger.delivery(number)
    except DamagedError:
        # The worker holds it, and goes on with the next.
        return None
    match next_action(other, now):
        case Wait(until, why) if max(until - now, waited) > outside.patience:
            return Ending("later", delivery, f"{first} {why}".rstrip(), until)
        case _ if waited > outside.patience:
            how = f"`threadbot queue show {number}` says how it stands."
            return Ending("later", delivery, f"{first} {how}")
        case _:
            return None
