"""Takes a person's word on whether a post is out, where no machine can tell.

Owns the check that the word can be true; what follows from it, `answers` says. Whoever calls it
holds the ledger's lock (`lock.driving`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.delivery.answers import Change, told_sent, told_unsent
from threadbot.delivery.model import IN_DOUBT
from threadbot.errors import InputError
from threadbot.networks.port import Absent, Sent, Unseen

if TYPE_CHECKING:
    from threadbot.delivery.drive import Outside
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, StepRow


def take_sent(ledger: Ledger, thread_id: str, told: str, outside: Outside) -> None:
    """Note that the next post of a thread is out, which the network is asked for.

    Args:
        ledger: holds the thread.
        thread_id: which one.
        told: the post's name on the network, or its address.
        outside: network and clock.

    Raises:
        InputError: the thread waits for no post, this is not its next one, or it is one of another
            thread.
    """
    delivery = _unfinished(ledger, thread_id)
    plan = delivery.plan
    row = next((step for step in delivery.steps if step.state != "sent"), None)
    if plan is None or row is None:
        message = f"thread {thread_id} waits for no post; resume it without --sent"
        raise InputError(message)
    step = plan.steps[row.number - 1]
    sight = outside.network.adopt(plan, step, delivery.receipts, told)
    match sight:
        case Sent():
            _check_free(ledger, sight)
            change = Change(told_sent(row), sight.receipts, cost=sight.cost)
            ledger.step_outcome(delivery, change, outside.now())
        case Absent() | Unseen():
            ledger.note_cost(thread_id, sight.cost, outside.now())
            message = (
                f"'{told}' is not post {step.posts[0]} of thread {thread_id}: the account did not "
                "write it, or it has other words, is older than the thread or replies to another "
                "post; copy the address of the right one"
            )
            raise InputError(message)
        case _:
            message = f"it cannot be checked now whether '{told}' is out: {sight.reason}"
            raise InputError(message)


def take_unsent(ledger: Ledger, thread_id: str, outside: Outside) -> None:
    """Note that the post that may be out is not; it is sent then.

    Args:
        ledger: holds the thread.
        thread_id: which one.
        outside: the clock.

    Raises:
        InputError: no post of the thread is in doubt.
    """
    delivery = _unfinished(ledger, thread_id)
    row = _in_doubt(delivery)
    if row is None:
        message = f"no post of thread {thread_id} is in doubt; resume it without --not-sent"
        raise InputError(message)
    ledger.step_outcome(delivery, Change(told_unsent(row)), outside.now())


def _check_free(ledger: Ledger, sight: Sent) -> None:
    for receipt in sight.receipts:
        owner = ledger.thread_of(receipt.uri)
        if owner is not None:
            message = (
                f"{receipt.url} is a post of thread {owner}; copy the address of the right one"
            )
            raise InputError(message)


def _unfinished(ledger: Ledger, thread_id: str) -> Delivery:
    delivery = ledger.delivery(thread_id)
    if delivery.row.state not in {"sending", "held"}:
        message = f"thread {thread_id} is {delivery.row.state}, so there is nothing to say of it"
        raise InputError(message)
    return delivery


def _in_doubt(delivery: Delivery) -> StepRow | None:
    return next((step for step in delivery.steps if step.state in IN_DOUBT), None)
