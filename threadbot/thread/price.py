"""What a thread costs.

Owns the sum; the price list comes with the account, from the configuration.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from threadbot.thread import x_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.thread.model import Post
    from threadbot.thread.settings import Account, Prices


def price(posts: Iterable[Post], account: Account) -> Decimal | None:
    """Add up what posting costs in US dollars.

    Args:
        posts: finished posts.
        account: its network and price list.

    Returns:
        The sum on X; None on a network that charges nothing.
    """
    return sum_of(posts, account.prices) if account.network == "x" else None


def sum_of(posts: Iterable[Post], prices: Prices) -> Decimal:
    """Add up what X takes for posts and the alternative texts of their pictures.

    Args:
        posts: finished posts.
        prices: the price list.

    Returns:
        US dollars.
    """
    return sum(
        (
            post_price(post, prices)
            + prices.media_metadata * sum(bool(image.alt) for image in post.images)
            for post in posts
        ),
        Decimal(0),
    )


def post_price(post: Post, prices: Prices) -> Decimal:
    """Give what X takes for a post, without its pictures.

    Args:
        post: a finished post.
        prices: the price list.

    Returns:
        US dollars.
    """
    return prices.post_with_url if has_url(post) else prices.post


def has_url(post: Post) -> bool:
    """Tell whether X sees an address in a post."""
    return any(entity.kind == "url" for entity in x_text.entities(post.text))
