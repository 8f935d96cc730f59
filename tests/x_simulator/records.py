"""What the simulator keeps: accounts, posts, media, and the ids that grow with time.

Owns the storage; never judges whether something may be stored.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from x_simulator.model import XAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from x_simulator.model import Media, Post

#: Where X's ids begin to count milliseconds.
_EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)


class Records:
    """All that is stored.

    Args:
        clock: gives the time, in UTC.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last_id = 0
        self._posts: dict[str, Post] = {}
        self._by_author: dict[str, list[str]] = {}
        self._latest: dict[tuple[str, str], str] = {}
        self.consumer_key = secrets.token_hex(12) + "k"
        self.consumer_secret = secrets.token_hex(25)
        self.accounts: dict[str, XAccount] = {}
        self.by_token: dict[str, XAccount] = {}
        self.suspended: set[str] = set()
        self.media: dict[str, Media] = {}

    def new_id(self) -> str:
        """Give an id that is higher than all before, also where the clock went back."""
        milliseconds = (self._clock() - _EPOCH) // timedelta(milliseconds=1)
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return str(self._last_id)

    def add_account(self, handle: str) -> XAccount:
        """Make an account, with tokens for the app."""
        user_id = str(1_000_000_001 + len(self.accounts))
        made = XAccount(
            self.consumer_key,
            self.consumer_secret,
            f"{user_id}-{secrets.token_hex(20)}",
            secrets.token_hex(22) + "s",
            user_id,
            handle,
        )
        self.accounts[user_id] = made
        self.by_token[made.access_token] = made
        return made

    def add_post(self, post: Post) -> None:
        """Store a post."""
        self._posts[post.id] = post
        self._by_author.setdefault(post.author, []).append(post.id)
        self._latest[(post.author, post.text)] = post.id

    def delete_post(self, post: Post) -> None:
        """Mark a post as deleted."""
        self._posts[post.id] = replace(post, deleted=True)

    def post(self, identifier: str) -> Post | None:
        """Find a post that is not deleted, whether or not reads show it yet."""
        found = self._posts.get(identifier)
        return None if found is None or found.deleted else found

    def seen(self, identifier: str) -> Post | None:
        """Find a post that reads show by now."""
        found = self.post(identifier)
        return found if found and found.visible_at <= self._clock() else None

    def any_post(self, identifier: str | None) -> Post | None:
        """Find a post, also one that is deleted."""
        return self._posts.get(identifier or "")

    def posts_of(self, author: str) -> list[Post]:
        """Give all posts of a user, the oldest first, deleted ones as well."""
        return [self._posts[each] for each in self._by_author.get(author, ())]

    def newest_first(self, author: str) -> Iterator[Post]:
        """Go back through the posts of a user that reads show by now."""
        for identifier in reversed(self._by_author.get(author, [])):
            found = self.seen(identifier)
            if found:
                yield found

    def is_duplicate(self, author: str, text: str, window: timedelta) -> bool:
        """Tell whether a user has posted a text within a window and not deleted it since."""
        latest = self.post(self._latest.get((author, text), ""))
        return latest is not None and self._clock() - latest.created_at < window
