"""What an account may spend: asked before the first call of a thread, never in its middle.

Owns the comparison and its words. Pure; the ledger knows what was spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from threadbot.delivery.model import Delivery, StepRow
    from threadbot.thread.model import Thread
    from threadbot.thread.settings import Prices


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that an account may spend, in US dollars; None is no limit.

    Args:
        per_thread: for one thread.
        per_month: from the first of a month (UTC) to the next.
        prices: what the network charges today; None where it charges nothing.
    """

    per_thread: Decimal | None = None
    per_month: Decimal | None = None
    prices: Prices | None = None


def cost_of(delivery: Delivery, step: StepRow) -> int:
    """Give what the network takes for a step as it is stored now, in millionths of a US dollar."""
    if delivery.plan is None or step.state != "sent":
        return 0
    return delivery.plan.steps[step.number - 1].cost


def month_of(now: datetime) -> datetime:
    """Give the moment at which the month of a moment (UTC) began."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def over_budget(budget: Budget, thread: Thread, spent: Decimal) -> str | None:
    """Say why a thread must not be sent, or give None.

    Args:
        budget: the account's.
        thread: what is to be sent; the price that it was shown with may be of another day.
        spent: what the account spent this month, in US dollars.
    """
    if budget.prices is None:
        return None
    from threadbot.thread.price import sum_of  # noqa: PLC0415 - not to open a ledger

    price = sum_of(thread.posts, budget.prices)
    if budget.per_thread is not None and price > budget.per_thread:
        return (
            f"The thread costs ${price:f}, and 'max_usd_per_thread' allows ${budget.per_thread:f}; "
            "publish fewer posts (--max-posts), or raise it and resume the thread."
        )
    if budget.per_month is not None and spent + price > budget.per_month:
        return (
            f"The thread costs ${price:f} and ${spent:f} were spent this month, and "
            f"'max_usd_per_month' allows ${budget.per_month:f}; raise it, or resume the thread "
            "next month."
        )
    return None
