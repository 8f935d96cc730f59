"""Takes a thread back: deletes what is out of it, cancels what is not.

Owns the order of it: what may be out is looked for first, the posts are deleted, then the ledger
is told. Whoever calls it drives the thread's account (`Ledger.driving`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from threadbot.delivery.answers import LOOK_WAITS, later
from threadbot.delivery.deliver import is_wholly_absent
from threadbot.delivery.drive import PATIENCE, Ending, look
from threadbot.delivery.model import IN_DOUBT
from threadbot.errors import InputError
from threadbot.networks.port import Absent, Deleted, Held, RetryAt, Unknown, Unseen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from threadbot.delivery.drive import Outside
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, StepRow, ThreadState
    from threadbot.networks.port import Receipt, Sight

_NOT_SAID: Final = (
    "The network does not say whether a post is out. Look at the account; where it is not, run "
    "`threadbot resume {0} --not-sent`, where it is, resume with --sent and its address, and "
    "delete the thread then; or delete it again later."
)
_MAY_SHOW: Final = (
    "A post of it may still show up, as the network never said whether it is out; look at the "
    "account in a while."
)
_BEING_DELETED: Final = "It was being deleted; delete it again, or resume it."
_UNFINISHED: Final[frozenset[ThreadState]] = frozenset({"approved", "scheduled", "sending", "held"})


def cancel_unsent(ledger: Ledger, thread_id: str, now: datetime) -> Ending | None:
    """Cancel a thread of which for certain nothing is out; it needs no network for that.

    Args:
        ledger: holds the thread, whose account is driven by this process alone.
        thread_id: which one.
        now: the present (UTC).

    Returns:
        How it ended; None where something may be out, or nothing can be cancelled.
    """
    delivery = ledger.delivery(thread_id)
    if delivery.row.state not in _UNFINISHED or not is_wholly_absent(delivery):
        return None
    ledger.cancel(thread_id, now)
    return Ending("done", ledger.delivery(thread_id))


def remove(ledger: Ledger, thread_id: str, outside: Outside) -> Ending:
    """Delete a thread from its network, or cancel it where nothing is out yet.

    Args:
        ledger: holds the thread, whose account is driven by this process alone.
        thread_id: which one.
        outside: network and clock; progress is not told.

    Returns:
        `done` where no post is out any more; else why not, and nothing is forgotten.

    Raises:
        InputError: the thread is gone already, or was never approved.
    """
    cancelled = cancel_unsent(ledger, thread_id, outside.now())
    if cancelled is not None:
        return cancelled
    row = ledger.delivery(thread_id).row
    if row.state not in {"sending", "held", "published"}:
        message = f"thread {thread_id} cannot be deleted: it is {row.state}"
        raise InputError(message)
    if row.state == "sending":
        ledger.hold(thread_id, "other", _BEING_DELETED, outside.now())
    standing = _standing(ledger, thread_id, outside)
    if isinstance(standing, Ending):
        return standing
    may_show = isinstance(standing, _Unseen)
    receipts = standing.receipts if isinstance(standing, _Unseen) else standing
    return _delete(ledger, thread_id, receipts, outside, _MAY_SHOW if may_show else "")


@dataclass(frozen=True, slots=True)
class _Unseen:
    """Posts that are out, while another one may be."""

    receipts: Sequence[Receipt]


def _standing(
    ledger: Ledger, thread_id: str, outside: Outside
) -> Sequence[Receipt] | _Unseen | Ending:
    """Find out which posts of a thread may be out, or why that cannot be found out now."""
    sight: Sight | None = None
    for wait in LOOK_WAITS:
        delivery = ledger.delivery(thread_id)
        doubtful = _first_in_doubt(delivery)
        if doubtful is None or isinstance(sight, Absent):
            return delivery.receipts
        outside.sleep(wait)
        sight = look(ledger, delivery, doubtful.number, outside)
        if isinstance(sight, Held) and sight.receipts:
            return (*delivery.receipts, *sight.receipts)
        if isinstance(sight, Held):
            return Ending("held", ledger.delivery(thread_id), sight.reason)
    delivery = ledger.delivery(thread_id)
    doubtful = _first_in_doubt(delivery)
    # What did not show for two minutes is hardly out, unless the network says that its words are.
    if doubtful is None or isinstance(sight, Absent):
        return delivery.receipts
    if isinstance(sight, Unseen) and doubtful.state != "repeated":
        return _Unseen(delivery.receipts)
    return Ending("unknown", delivery, _NOT_SAID.format(thread_id))


def _first_in_doubt(delivery: Delivery) -> StepRow | None:
    doubtful = (step for step in delivery.steps if step.state in IN_DOUBT or _may_be_out(step))
    return next(doubtful, None)


def _may_be_out(step: StepRow) -> bool:
    """Tell whether a step that is to be sent once more may be out since an earlier try."""
    return step.state == "planned" and step.doubted


def _delete(
    ledger: Ledger, thread_id: str, receipts: Sequence[Receipt], outside: Outside, warning: str
) -> Ending:
    removal: RetryAt | Unknown = Unknown("")
    for count in range(len(LOOK_WAITS)):
        # Deleting again what may be gone does no harm, so an unclear answer needs no look.
        answer = outside.network.delete(receipts) if receipts else Deleted()
        if isinstance(answer, Deleted):
            ledger.delete(thread_id, outside.now(), answer.cost)
            return Ending("done", ledger.delivery(thread_id), warning)
        ledger.note_cost(thread_id, answer.cost, outside.now())
        if isinstance(answer, Held):
            return Ending("held", ledger.delivery(thread_id), answer.reason)
        removal = answer
        pause = _pause(removal, count, outside.now())
        if pause > PATIENCE:
            break
        outside.sleep(pause.total_seconds())
    delivery = ledger.delivery(thread_id)
    if isinstance(removal, RetryAt):
        return Ending("later", delivery, removal.reason, removal.when)
    return Ending("unknown", delivery, removal.reason)


def _pause(removal: RetryAt | Unknown, count: int, now: datetime) -> timedelta:
    soonest = later(now, count + 1, LOOK_WAITS)
    if isinstance(removal, RetryAt):
        soonest = max(soonest, removal.when)
    return soonest - now
