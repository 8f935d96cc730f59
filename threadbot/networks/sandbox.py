"""A network that needs no account: it keeps to the real limits and records what would be posted.

Owns what stands in its journal, which takes the place of the network's own storage: what is
written there is "out". On Bluesky a thread is one line, on X each post is one, as there. It can be
told to answer in every way the port knows. Never reaches the web.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from threadbot.networks.journal import Journal
from threadbot.networks.plan import Plan, Step
from threadbot.networks.port import (
    Absent,
    Deleted,
    Finding,
    Held,
    Receipt,
    Refused,
    Renewed,
    Sent,
    Unknown,
)
from threadbot.networks.post_limits import breaches
from threadbot.thread.bluesky_text import facets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from threadbot.networks.port import Outcome, Prepared, Removal, Renewal, Sight
    from threadbot.thread.model import NetworkName, Post, Thread


@dataclass(frozen=True, slots=True)
class Lost:
    """The call does its work, but its answer gets lost on the way: `Unknown` takes its place.

    Args:
        reason: what happened.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Script:
    """What the sandbox shall answer to the next calls, in order; then it answers by itself.

    Args:
        prepare: to `prepare`. None, here and below, lets one call take its course.
        send: to `send`.
        look: to `look`.
        delete: to `delete`.
    """

    prepare: Sequence[Prepared | None] = ()
    send: Sequence[Outcome | Lost | None] = ()
    look: Sequence[Sight | None] = ()
    delete: Sequence[Removal | Lost | None] = ()


_TAKES_ITS_COURSE = Script()


class Sandbox:
    """A `Network` on this machine.

    Args:
        network: which one it stands for.
        account: whose posts they are.
        journal: the file that keeps them; made where there is none.
        script: what to answer.
    """

    def __init__(
        self,
        network: NetworkName,
        account: str,
        journal: Path,
        script: Script = _TAKES_ITS_COURSE,
    ) -> None:
        self.network = network
        self.account = account
        self.journal = Journal(journal)
        self._prepare = iter(script.prepare)
        self._send = iter(script.send)
        self._look = iter(script.look)
        self._delete = iter(script.delete)

    def prepare(self, thread: Thread, now: datetime) -> Prepared:
        """Fix keys and time, if the thread keeps to the network's limits."""
        if (told := next(self._prepare, None)) is not None:
            return told
        if thread.network != self.network:
            return Refused(f"A thread for {thread.network} cannot be posted on {self.network}.")
        for breach in breaches(thread):
            return Refused(f"{breach}. Compose the thread anew.")
        seed = json.dumps([self.account, now.isoformat(), [asdict(post) for post in thread.posts]])
        start = sha256(seed.encode()).hexdigest()[:12]
        records = [
            _record(thread, post, f"{start}-{number:03}", now)
            for number, post in enumerate(thread.posts, 1)
        ]
        numbers = tuple(range(1, len(records) + 1))
        groups = [numbers] if self.network == "bluesky" else [(number,) for number in numbers]
        steps = tuple(
            Step(place, group, json.dumps([records[post - 1] for post in group]))
            for place, group in enumerate(groups, 1)
        )
        return Plan(self.network, self.account, steps)

    def renew(self, plan: Plan, step: Step, thread: Thread, now: datetime) -> Renewal:
        """Give the step back: none of its kind has a time until which it is fresh."""
        del plan, thread, now
        return Renewed(step)

    def send(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        """Write a step to the journal; one that stands there already is not posted twice."""
        told = next(self._send, None)
        if told is not None and not isinstance(told, Lost):
            return told
        try:
            outcome = self._post(plan, step, before)
        except OSError as error:
            return Unknown(_trouble(error))
        return Unknown(told.reason) if told is not None else outcome

    def look(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Sight:
        """Look into the journal."""
        del before
        if (told := next(self._look, None)) is not None:
            return told
        try:
            out = self.journal.posts()
        except OSError as error:
            return Unknown(_trouble(error))
        receipts = _receipts(plan, step)
        if all(one.uri in out for one in receipts):
            return Sent(receipts)
        if any(one.uri in out for one in receipts):
            reason = "Posts of the thread are gone; delete it here, then publish it anew."
            return Held("broken", reason, receipts)
        return Absent()

    def adopt(self, plan: Plan, step: Step, before: Sequence[Receipt], told: str) -> Sight:
        """Look into the journal for a post of that name."""
        named = told.strip() in {receipt.uri for receipt in _receipts(plan, step)}
        return self.look(plan, step, before) if named else Absent()

    def delete(self, receipts: Sequence[Receipt]) -> Removal:
        """Note in the journal that posts are gone, the last one first."""
        told = next(self._delete, None)
        if told is not None and not isinstance(told, Lost):
            return told
        try:
            with self.journal.changing() as out:
                for receipt in reversed(receipts):
                    if receipt.uri in out:
                        self.journal.append({"deleted": receipt.uri})
        except OSError as error:
            return Unknown(_trouble(error))
        return Unknown(told.reason) if told is not None else Deleted()

    def examine(self, now: datetime) -> tuple[Finding, ...]:
        """Say that nothing can be amiss."""
        del now
        return (Finding(ok=True, subject="credentials", message="The sandbox needs no account."),)

    def close(self) -> None:
        """Do nothing: the journal is open only while it is read or written."""

    def posts(self) -> tuple[dict[str, Any], ...]:
        """Give this account's posts that are out, in the order in which they were posted."""
        mine = (self.network, self.account)
        everything = self.journal.posts().values()
        return tuple(post for post in everything if (post["network"], post["account"]) == mine)

    def _post(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        receipts = _receipts(plan, step)
        with self.journal.changing() as out:
            if all(receipt.uri in out for receipt in receipts):
                self.journal.append({"repeated": [receipt.uri for receipt in receipts]})
                return Sent(receipts)
            if before and before[-1].uri not in out:
                gone = f"The post {before[-1].uri} is gone"
                return Held("broken", f"{gone}; delete the thread here, then publish it anew.")
            chain = [receipt.uri for receipt in (*before, *receipts)]
            records = zip(json.loads(step.payload), receipts, strict=True)
            posts = [
                record
                | {"network": plan.network, "account": plan.account, "uri": receipt.uri}
                | {"root": chain[0] if receipt.post > 1 else None}
                | {"parent": chain[receipt.post - 2] if receipt.post > 1 else None}
                for record, receipt in records
            ]
            self.journal.append({"posted": posts})
        return Sent(receipts)


def _record(thread: Thread, post: Post, key: str, now: datetime) -> dict[str, Any]:
    """Give what the network would store for a post."""
    marks = facets(post.text, post.spans) if thread.network == "bluesky" else ()
    return {
        "key": key,
        "text": post.text,
        "facets": [asdict(mark) for mark in marks],
        "card": None if post.card is None else asdict(post.card),
        "images": [asdict(image) for image in post.images],
        "langs": thread.langs,
        "tags": thread.tags,
        "created_at": now.isoformat(),
    }


def _receipts(plan: Plan, step: Step) -> tuple[Receipt, ...]:
    found = []
    for post, record in zip(step.posts, json.loads(step.payload), strict=True):
        uri = f"sandbox://{plan.network}/{plan.account}/{record['key']}"
        digest = sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        cid = digest if plan.network == "bluesky" else None
        found.append(Receipt(post=post, uri=uri, cid=cid, url=uri))
    return tuple(found)


def _trouble(error: OSError) -> str:
    return f"The sandbox's file cannot be read or written: {error.strerror or error}."
