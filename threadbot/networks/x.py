"""X: post after post, each a reply to the one before.

Owns how a plan is made, sent, looked for and deleted on X; never decides when, or what follows from
an answer. X knows no key by which it would recognise a post that is sent twice: whether one is out
is seen from the account's own posts, which may show it late.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from threadbot.networks.plan import Plan, Step
from threadbot.networks.port import (
    Absent,
    Deleted,
    Receipt,
    Refused,
    Renewed,
    Sent,
    Unknown,
    Unseen,
)
from threadbot.networks.post_limits import breaches
from threadbot.networks.x_answers import FAILURES, after_delete, after_post, after_read
from threadbot.networks.x_calls import Calls
from threadbot.networks.x_examination import examination
from threadbot.networks.x_media import FRESH, Media, MediaError
from threadbot.networks.x_timeline import Sought, find, resembles
from threadbot.networks.x_transport import CONNECT_SECONDS, READ_SECONDS
from threadbot.thread.price import post_price

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from threadbot.networks.port import Finding, Outcome, Prepared, Removal, Renewal, Sight
    from threadbot.networks.supplies import PictureSource
    from threadbot.networks.x_settings import XSettings
    from threadbot.thread.model import Thread

#: How much earlier than the plan's time the timeline is read, as clocks differ; by more than five
#: minutes X refuses the signature.
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
_MILLION: Final = 1_000_000
_NUMBER: Final = re.compile(r"(?:.*/status/)?([0-9]{1,19})(?:[/?#].*)?")


def _now() -> datetime:
    return datetime.now(UTC)


class X:
    """An account on X. It implements `Network`.

    Args:
        settings: the account.
        pictures: reads the pictures of articles.
        clock: gives the time (UTC).
        connect: seconds until a connection must stand.
        read: seconds that may pass without a byte of an answer.
    """

    def __init__(
        self,
        settings: XSettings,
        pictures: PictureSource,
        *,
        clock: Callable[[], datetime] = _now,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
    ) -> None:
        self._settings = settings
        self._account = settings.account
        self._clock = clock
        self._calls = Calls(settings, connect, read)
        self._media = Media(self._calls, pictures, settings.account)

    def close(self) -> None:
        """Close all connections."""
        self._calls.close()

    def prepare(self, thread: Thread, now: datetime) -> Prepared:
        """Upload pictures and fix what each post says; see `Network.prepare`."""
        for breach in breaches(thread):
            return Refused(f"{breach}. Compose the thread anew.")
        prices = self._settings.prices
        try:
            uploaded = self._media.upload(thread, now)
        except MediaError as error:
            return replace(error.outcome, cost=_cost(prices.media_metadata * error.described))
        steps = []
        for number, post in enumerate(thread.posts, 1):
            body: dict[str, Any] = {"text": post.text}
            # Only the first post says who may reply; the conversation is its own.
            if number == 1 and self._settings.reply_settings != "everybody":
                body["reply_settings"] = self._settings.reply_settings
            if thread.made_with_ai:
                body["made_with_ai"] = True
            payload = json.dumps({"body": body, "prepared_at": now.isoformat()})
            step = Step(number, (number,), payload, _cost(post_price(post, prices)))
            steps.append(_illustrated(step, uploaded.media.get(number - 1), now))
        cost = _cost(prices.media_metadata * uploaded.described)
        return Plan("x", self._account, tuple(steps), uploaded.warnings, cost)

    def renew(self, plan: Plan, step: Step, thread: Thread, now: datetime) -> Renewal:
        """Upload a post's pictures once more, which X keeps for a day; see `Network.renew`."""
        del plan
        price = self._settings.prices.media_metadata
        alone = replace(thread, posts=(thread.posts[step.posts[0] - 1],))
        try:
            uploaded = self._media.upload(alone, now)
        except MediaError as error:
            return replace(error.outcome, cost=_cost(price * error.described))
        renewed = _illustrated(step, uploaded.media.get(0), now)
        return Renewed(renewed, uploaded.warnings, _cost(price * uploaded.described))

    def send(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        """Write one post; see `Network.send`."""
        del plan
        body = json.loads(step.payload)["body"]
        if before:
            body["reply"] = {"in_reply_to_tweet_id": before[-1].uri}
        try:
            number = self._calls.post(body)
        except FAILURES as failure:
            return after_post(failure, self._account, step.posts[0], self._clock())
        return Sent((self._receipt(step, number),))

    def look(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Sight:
        """Look for a post among the account's own; see `Network.look`."""
        del plan
        payload = json.loads(step.payload)
        prepared = datetime.fromisoformat(payload["prepared_at"])
        parent = before[-1].uri if before else None
        try:
            timeline = self._calls.timeline(prepared - _CLOCKS_DIFFER, parent)
        except FAILURES as failure:
            return after_read(failure, self._account, self._clock())
        # After the answer, so that a slow one does not look like a wrong clock.
        now = self._clock()
        ahead = timeline.clock - now if timeline.clock else timedelta(0)
        since = prepared + ahead if timeline.clock else prepared - _CLOCKS_DIFFER
        # What replies to the right post needs no other proof of its time.
        sought = Sought(payload["body"]["text"], parent, since if parent is None else None)
        number = find(timeline.posts, sought)
        cost = _cost(self._settings.prices.own_post_read * len(timeline.posts))
        if number is None and not timeline.is_whole:
            reason = f"The account has more than {len(timeline.posts):,} newer posts on X."
            return Unknown(reason, cost)
        if number is None:
            return Unseen(resend=self._settings.on_unknown == "resend", cost=cost)
        return Sent((self._receipt(step, number),), cost)

    def adopt(self, plan: Plan, step: Step, before: Sequence[Receipt], told: str) -> Sight:
        """Read a post that a person names; see `Network.adopt`.

        Its words may differ a little: who names it has seen what `look` did not recognise.
        """
        del plan
        payload = json.loads(step.payload)
        since = datetime.fromisoformat(payload["prepared_at"]) - _CLOCKS_DIFFER
        sought = Sought(payload["body"]["text"], before[-1].uri if before else None, since)
        named = _NUMBER.fullmatch(told.strip())
        if named is None:
            return Absent()
        try:
            post = self._calls.read(named[1])
            mine = post is not None and post.get("author_id") == self._calls.user_id()
        except FAILURES as failure:
            return after_read(failure, self._account, self._clock())
        cost = 0 if post is None else _cost(self._settings.prices.own_post_read)
        if post is None or not mine or not resembles(post, sought):
            return Absent(cost)
        return Sent((self._receipt(step, named[1]),), cost)

    def delete(self, receipts: Sequence[Receipt]) -> Removal:
        """Delete posts, the last one first; see `Network.delete`."""
        cost = 0
        for receipt in reversed(receipts):
            try:
                self._calls.delete(receipt.uri)
            except FAILURES as failure:
                answer = after_delete(failure, self._account, self._clock())
                if answer is not None:
                    return replace(answer, cost=cost)
            else:
                cost += _cost(self._settings.prices.delete)
        return Deleted(cost)

    def examine(self, now: datetime) -> tuple[Finding, ...]:
        """Check keys, handle and clock; see `Network.examine`."""
        return examination(self._calls, self._settings, now)

    def _receipt(self, step: Step, number: str) -> Receipt:
        # X leads from `i` to whoever wrote the post.
        url = f"https://x.com/{self._settings.handle or 'i'}/status/{number}"
        return Receipt(step.posts[0], number, None, url)


def _illustrated(step: Step, media: Sequence[str] | None, now: datetime) -> Step:
    """Give a post the pictures that were uploaded for it, and none but these."""
    payload = json.loads(step.payload)
    payload["body"].pop("media", None)
    if not media:
        return replace(step, payload=json.dumps(payload), fresh_until=None)
    payload["body"]["media"] = {"media_ids": list(media)}
    return replace(step, payload=json.dumps(payload), fresh_until=now + FRESH)


def _cost(usd: Decimal) -> int:
    return int(usd * _MILLION)
