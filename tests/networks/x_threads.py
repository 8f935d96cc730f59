"""Threads for the tests of X's adapter, and the way to send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.networks.plan import Plan
from threadbot.networks.port import Sent
from threadbot.thread.measure import YARDSTICKS
from threadbot.thread.model import Post, Thread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadbot.article.model import Image
    from threadbot.networks.port import Receipt
    from threadbot.networks.x import X


def thread(*texts: str, images: tuple[Image, ...] = ()) -> Thread:
    """Make a thread, with pictures in its first post."""
    posts = tuple(
        Post("body", text, (), *YARDSTICKS["x"].measure(text), images=images if at == 0 else ())
        for at, text in enumerate(texts)
    )
    return Thread("x", "test", 280, ("fr",), (), posts, (), (), None)


def prepared(network: X, made: Thread, now: datetime) -> Plan:
    """Prepare a thread."""
    plan = network.prepare(made, now)
    assert isinstance(plan, Plan)
    return plan


def sent(
    network: X, plan: Plan, count: int | None = None, before: Sequence[Receipt] = ()
) -> list[Receipt]:
    """Send the first posts of a plan that are not out, or all of them.

    Args:
        network: where.
        plan: the plan.
        count: so many posts are to be out afterwards.
        before: the receipts of those that are.
    """
    receipts = list(before)
    for step in plan.steps[len(receipts) : count]:
        outcome = network.send(plan, step, receipts)
        assert isinstance(outcome, Sent), outcome
        receipts += outcome.receipts
    return receipts
