"""What X does with a new post and with a deletion.

Owns the rules for them; never reads, and keeps nothing itself.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from x_simulator import problems
from x_simulator.model import Post, RefusedError, json_answer
from x_simulator.shown import show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from oracle.node import NodeOracle

    from x_simulator.limits import Limits
    from x_simulator.model import Answer, Request, XAccount
    from x_simulator.records import Records
    from x_simulator.settings import Settings


class Posting:
    """The rules for posts.

    Args:
        records: what is stored.
        limits: counts and charges.
        settings: numbers and switches.
        clock: gives the time, in UTC.
        oracle: says what is an address, a mention, a tag.
    """

    def __init__(
        self,
        records: Records,
        limits: Limits,
        settings: Settings,
        clock: Callable[[], datetime],
        oracle: NodeOracle,
    ) -> None:
        self._records = records
        self._limits = limits
        self._settings = settings
        self._clock = clock
        self._oracle = oracle

    def create(self, request: Request, account: XAccount) -> Answer:
        """Store a post.

        Raises:
            RefusedError: a rule forbids it.
        """
        body: Mapping[str, Any] = request.body
        # X gives texts back composed (NFC) and trimmed.
        text = unicodedata.normalize("NFC", body.get("text") or "").strip()
        found = self._oracle.x_entities(text)
        kinds = [kind for _, _, kind, _ in found]
        prices = self._settings.prices
        price = prices.post_with_link if "url" in kinds else prices.post
        self._limits.afford(price)
        if kinds.count("cashtag") > 1:
            raise RefusedError(problems.forbidden(problems.CASHTAGS))
        post = self._drafted(body, text, found, account)
        window = self._settings.duplicate_window
        if text and self._records.is_duplicate(account.user_id, text, window):
            raise RefusedError(problems.forbidden(problems.DUPLICATE))
        self._limits.charge(price)
        self._records.add_post(post)
        data = {"id": post.id, "text": post.shown, "edit_history_post_ids": [post.id]}
        return json_answer(201, {"data": data})

    def _drafted(
        self,
        body: Mapping[str, Any],
        text: str,
        found: Sequence[tuple[int, int, str, str]],
        account: XAccount,
    ) -> Post:
        media = self._media(body, account)
        if not text and not media:
            raise RefusedError(problems.invalid("a post needs a text or media"))
        parent = self._own((body.get("reply") or {}).get("in_reply_to_tweet_id"), account)
        quoted = self._own(body.get("quote_tweet_id"), account)
        identifier = self._records.new_id()
        address = f"https://x.com/{account.handle}/status/{identifier}"
        shown, entities = show(text, found, address, media)
        now = self._clock()
        return Post(
            id=identifier,
            author=account.user_id,
            text=text,
            shown=shown,
            entities=entities,
            created_at=now,
            visible_at=now + self._settings.lag,
            conversation_id=parent.conversation_id if parent else identifier,
            parent=parent.id if parent else None,
            quoted=quoted.id if quoted else None,
            media=media,
            body=body,
        )

    def delete(self, request: Request, account: XAccount) -> Answer:
        """Delete a post.

        Raises:
            RefusedError: it is somebody else's, or gone and X says so.
        """
        identifier = request.path.rpartition("/")[2]
        post = self._records.post(identifier)
        if post is None and self._settings.deleting_again == 404:
            raise RefusedError(
                json_answer(404, {"errors": [problems.missing_post(identifier, "id")]})
            )
        if post is not None and post.author != account.user_id:
            raise RefusedError(problems.forbidden(problems.NOT_YOURS))
        self._limits.charge(self._settings.prices.delete)
        if post is not None:
            self._records.delete_post(post)
        return json_answer(200, {"data": {"deleted": True}})

    def _own(self, identifier: str | None, account: XAccount) -> Post | None:
        """Find a post that one may reply to or quote: one's own, or one that mentions one."""
        if identifier is None:
            return None
        found = self._records.post(identifier)
        if found is None:
            raise RefusedError(problems.forbidden(problems.GONE, self._settings.gone_status))
        mentioned = {each["username"].lower() for each in found.entities.get("mentions", ())}
        if found.author != account.user_id and account.handle.lower() not in mentioned:
            raise RefusedError(problems.forbidden(problems.NOT_AUTHOR))
        return found

    def _media(self, body: Mapping[str, Any], account: XAccount) -> tuple[str, ...]:
        named = tuple((body.get("media") or {}).get("media_ids", ()))
        for identifier in named:
            media = self._records.media.get(identifier)
            usable = media and media.owner == account.user_id and self._clock() < media.expires
            if not usable:
                raise RefusedError(problems.invalid("Your media IDs are invalid."))
        kinds = [self._records.media[each].category for each in named]
        if "tweet_gif" in kinds and len(kinds) > 1:
            raise RefusedError(problems.invalid("a post takes one GIF, or up to four images"))
        return named
