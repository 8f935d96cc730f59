"""What a test may set on the simulator, with X's own numbers as defaults.

Owns the numbers and switches; the prices and limits were read on 2026-11-24.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from x_simulator.model import Route


@dataclass(frozen=True, slots=True)
class Prices:
    """What calls cost, in dollars.

    Args:
        post: a post without an address.
        post_with_link: a post with one or more; bare domains count.
        metadata: the description of a picture.
        delete: the deletion of a post.
        read: each post of somebody else's that is read.
        read_own: each post of one's own that is read.
    """

    post: Decimal = Decimal("0.015")
    post_with_link: Decimal = Decimal("0.20")
    metadata: Decimal = Decimal("0.005")
    delete: Decimal = Decimal("0.010")
    read: Decimal = Decimal("0.005")
    read_own: Decimal = Decimal("0.001")


@dataclass(slots=True)
class Settings:
    """What a test may change at any time.

    Args:
        lag: how long after it was stored a post shows in reads; fixed when it is stored.
        duplicate_window: how long the same text of the same user is refused.
        posts_per_window: of a user; every call of POST /2/tweets counts.
        window: how long that is counted.
        posts_per_day: of the app, in 24 hours.
        reset_header: whether the headers say when the window ends.
        day_headers: whether headers tell of the app's 24 hours.
        credits: the app's money in dollars; a call that it does not cover is refused.
        spent: what the calls so far have cost, in dollars.
        prices: of the calls.
        gone_status: of the answer to a reply to a deleted post; X has given 400 as well.
        too_long_status: of the answer to a text that is too long; X has given 400 as well.
        deleting_again: the status of the answer to the deletion of a post that is gone: 404,
            or 200, which says that it is deleted. Which of them X gives is not known.
        signed_for: the address that requests are signed for, without a path.
        before: called with the route once a request is judged, before anything is stored.
        after: called with the route once everything is stored, before the answer goes out.
    """

    lag: timedelta = timedelta(0)
    duplicate_window: timedelta = timedelta(hours=6)
    posts_per_window: int = 100
    window: timedelta = timedelta(minutes=15)
    posts_per_day: int = 10_000
    reset_header: bool = True
    day_headers: bool = True
    credits: Decimal = Decimal(10_000)
    spent: Decimal = Decimal(0)
    prices: Prices = field(default_factory=Prices)
    gone_status: int = 403
    too_long_status: int = 403
    deleting_again: int = 404
    signed_for: str = "https://api.twitter.com"
    before: Callable[[Route], None] | None = None
    after: Callable[[Route], None] | None = None
