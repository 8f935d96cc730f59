"""What `publish` and `schedule` share: what is refused before anybody is asked, and what is known.

Owns their words; `delivery` does the work.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from threadbot.cli.telling import NETWORK_NAMES, Told
from threadbot.cli.times import time_in_words
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from threadbot.app import Target
    from threadbot.cli.composing import Composition
    from threadbot.delivery.model import Delivery
    from threadbot.thread.model import Thread

ALREADY = 2


def postable(targets: Iterable[Target], *, sandbox: bool) -> tuple[Target, ...]:
    """Keep the accounts that can be posted to; a network without one is only for previews.

    Raises:
        InputError: none is left.
    """
    from threadbot.app import stands_in  # noqa: PLC0415 - not for --help

    found = tuple(target for target in targets if sandbox or not stands_in(target.account))
    if not found:
        message = (
            "no account is configured: add [accounts.NAME] to the configuration, or try --sandbox"
        )
        raise InputError(message)
    return found


def check_sameness(threads: Iterable[Thread]) -> None:
    """Refuse to post the same words to two accounts on X.

    Raises:
        InputError: two threads say the same.
    """
    from threadbot.delivery.sameness import refusal, same_words  # noqa: PLC0415 - not for --help

    for one, other in combinations(threads, 2):
        if same_words(one, other):
            raise InputError(refusal(one.account, other.account))


def posts_in_words(threads: Iterable[Thread], *, sandbox: bool) -> str:
    """Say how many posts go where, and what they cost."""
    from threadbot.preview.wording import price as price_of  # noqa: PLC0415 - not for --help

    parts = []
    for thread in threads:
        price = f" for {price_of(thread.price_usd)}" if thread.price_usd and not sandbox else ""
        count = len(thread.posts)
        posts = "post" if count == 1 else "posts"
        parts.append(
            f"{count} {posts} to {NETWORK_NAMES[thread.network]} ({thread.account}){price}"
        )
    return f"{', '.join(parts)}{' in the sandbox' if sandbox else ''}"


def source_of(made: Composition) -> str | None:
    """Give the path by which the ledger knows an article."""
    return str(made.source) if made.source else None


def known_already(
    delivery: Delivery, zone: tzinfo, once_more: str = "--again posts it once more"
) -> Told:
    """Say what became of an article before: another thread of it has the account.

    Args:
        delivery: that thread.
        zone: the publication's.
        once_more: how the article could be posted once more.
    """
    row = delivery.row
    if row.state == "held":
        return Told(delivery, 6, row.reason or "It is held.")
    if row.state == "published":
        message = (
            f"This article was published on {time_in_words(row.changed_at, zone)} already; "
            f"{once_more}."
        )
        return Told(delivery, ALREADY, message)
    if row.state == "scheduled" and row.due_at is not None:
        message = (
            f"This article is scheduled already, for {time_in_words(row.due_at, zone)}; `threadbot "
            f"queue move {row.id} --now` sends it at once, with --at at another time."
        )
        return Told(delivery, ALREADY, message)
    return Told(delivery, ALREADY, "This article is on its way already.")


def known_otherwise(delivery: Delivery) -> Told:
    """Say that an article goes out with other words: its thread would not give way."""
    message = (
        "This article is on its way already, with other words than these, and nothing was sent "
        f"now; `threadbot queue cancel {delivery.row.id}` takes it from the queue, then publish "
        "again."
    )
    return Told(delivery, ALREADY, message)
