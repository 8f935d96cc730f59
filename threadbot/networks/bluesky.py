"""Bluesky: a whole thread in one commit, with keys, times and hashes that are fixed beforehand.

Owns how a plan is made, sent, looked for and deleted on a server of the AT Protocol; never decides
when, or what follows from an answer. A server takes the commit whole or not at all, and refuses it
where its keys exist, so that sending twice cannot post twice; whether it took one is seen from the
first record's hash.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from atproto import AtUri
from pydantic import ValidationError

from threadbot.networks.bluesky_answers import FAILURES, after_delete, after_look, after_write
from threadbot.networks.bluesky_examination import examination
from threadbot.networks.bluesky_keys import CLOCKS
from threadbot.networks.bluesky_media import Media
from threadbot.networks.bluesky_records import (
    GATE,
    POST,
    Author,
    RecordError,
    check_posts,
    uri,
    writes,
)
from threadbot.networks.bluesky_repository import Repository
from threadbot.networks.bluesky_session import Connection, SignInError
from threadbot.networks.plan import Plan, Step
from threadbot.networks.port import Absent, Deleted, Held, Receipt, Refused, Renewed, Sent, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import httpx

    from threadbot.networks.bluesky_records import Write
    from threadbot.networks.bluesky_session import SdkSession
    from threadbot.networks.bluesky_settings import BlueskySettings
    from threadbot.networks.port import (
        Finding,
        Outcome,
        Prepared,
        Removal,
        Renewal,
        RetryAt,
        Sight,
    )
    from threadbot.networks.supplies import PictureSource, SessionStore
    from threadbot.thread.model import Thread

#: How long a server may take for an answer, in seconds.
PATIENCE: Final = 30.0

_BROKEN: Final = (
    "The thread went out, and its first post was deleted since by other means than threadbot; "
    "delete it here, then publish it anew."
)


def _now() -> datetime:
    return datetime.now(UTC)


class Bluesky:
    """An account on Bluesky, or on any server of the AT Protocol. It implements `Network`.

    Args:
        settings: the account.
        store: keeps its session between runs.
        pictures: reads the pictures of articles.
        clock: gives the time (UTC).
        below: gives a random whole number from 0 to below its argument, for keys.
        seconds: how long to wait for an answer.
        transport: carries the requests; None takes the network.
    """

    def __init__(
        self,
        settings: BlueskySettings,
        store: SessionStore,
        pictures: PictureSource,
        *,
        clock: Callable[[], datetime] = _now,
        below: Callable[[int], int] = secrets.randbelow,
        seconds: float = PATIENCE,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._below = below
        self._connection = Connection(settings, store, clock, seconds, transport)
        self._media = Media(self._connection, pictures)

    def prepare(self, thread: Thread, now: datetime) -> Prepared:
        """Resolve handles, upload pictures, and fix every record; see `Network.prepare`."""
        try:
            check_posts(thread, self._settings.threadgate)
            session = self._connection.session()
            found = self._media.gather(thread)
            author = Author(session.did, self._settings)
            made = writes(thread, author, found, now, self._below(CLOCKS))
        except SignInError as error:
            return error.outcome
        except RecordError as error:
            return Refused(str(error))
        except ValidationError as error:
            problems = "; ".join(problem["msg"] for problem in error.errors())
            return Refused(f"Bluesky's records cannot hold this thread: {problems}.")
        posts = tuple(range(1, len(thread.posts) + 1))
        step = Step(1, posts, _payload(session, made))
        return Plan("bluesky", self._settings.account, (step,), found.warnings)

    def renew(self, plan: Plan, step: Step, thread: Thread, now: datetime) -> Renewal:
        """Give the step back: none of its kind has a time until which it is fresh."""
        del plan, thread, now
        return Renewed(step)

    def send(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        """Write the whole thread in one commit; see `Network.send`."""
        del plan, before
        payload = json.loads(step.payload)
        if (outcome := self._amiss(payload["repo"])) is not None:
            return outcome
        try:
            self._repository(payload["repo"], payload["pds"]).create(payload["writes"])
        except SignInError as error:
            return error.outcome
        except FAILURES as failure:
            return after_write(failure, self._settings.handle, self._settings.pds, self._clock())
        return Sent(self._receipts(payload))

    def look(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Sight:
        """Read the first record back and compare hashes; see `Network.look`.

        Where it is not there, one of the others tells that it was.
        """
        del plan, before
        payload = json.loads(step.payload)
        repository = self._repository(payload["repo"], payload["pds"])
        posts = [write for write in payload["writes"] if write["collection"] == POST]
        try:
            first = repository.cid(POST, posts[0]["rkey"])
            others = (repository.cid(POST, post["rkey"]) for post in reversed(posts[1:]))
            is_broken = first is None and any(others)
        except FAILURES as failure:
            return after_look(failure, payload["pds"], self._clock())
        if first == posts[0]["cid"]:
            return Sent(self._receipts(payload))
        if is_broken:
            return Held("broken", _BROKEN, self._receipts(payload))
        if first is None:
            return Absent()
        return Unknown("Another post stands on Bluesky under the key of the thread's first post.")

    def adopt(self, plan: Plan, step: Step, before: Sequence[Receipt], told: str) -> Sight:
        """Look at the thread; a server says by itself what is out, whatever is told."""
        del told
        return self.look(plan, step, before)

    def delete(self, receipts: Sequence[Receipt]) -> Removal:
        """Delete a thread and its gate in one commit; see `Network.delete`."""
        if not receipts:
            return Deleted()
        repo = AtUri.from_str(receipts[0].uri).host
        if (outcome := self._amiss(repo)) is not None:
            return outcome
        keys = [AtUri.from_str(receipt.uri).rkey for receipt in reversed(receipts)]
        try:
            repository = self._repository(repo, self._connection.session().pds_endpoint)
            has_gate = repository.cid(GATE, keys[-1]) is not None
            gate = [(GATE, keys[-1])] if has_gate else []
            repository.delete([*((POST, key) for key in keys), *gate])
        except SignInError as error:
            return error.outcome
        except FAILURES as failure:
            return after_delete(failure, self._settings.handle, self._settings.pds, self._clock())
        return Deleted()

    def examine(self, now: datetime) -> tuple[Finding, ...]:
        """Check app password, handle and clock; see `Network.examine`."""
        return examination(self._connection, self._settings, now)

    def close(self) -> None:
        """Close all connections; see `Network.close`."""
        self._connection.close()

    def _repository(self, did: str, pds: str) -> Repository:
        return Repository(self._connection, did, pds)

    def _amiss(self, repo: str) -> Held | RetryAt | None:
        """Tell why a thread cannot be touched: no session, or it is another account's."""
        try:
            session = self._connection.session()
        except SignInError as error:
            return error.outcome
        if session.did == repo:
            return None
        return Held(
            "account",
            f"The thread belongs to {repo}, but {self._settings.handle} is {session.did}; give the "
            f"account {self._settings.account} its former handle back.",
        )

    def _receipts(self, payload: Mapping[str, Any]) -> tuple[Receipt, ...]:
        profile = f"https://bsky.app/profile/{self._settings.handle}/post/"
        return tuple(
            Receipt(
                number,
                uri(payload["repo"], write["collection"], write["rkey"]),
                write["cid"],
                profile + write["rkey"],
            )
            for number, write in enumerate(payload["writes"], 1)
            if write["collection"] == POST
        )


def _payload(session: SdkSession, made: Sequence[Write]) -> str:
    """Write down all that sending and looking need."""
    stored = {
        "repo": session.did,
        "pds": session.pds_endpoint,
        "writes": [asdict(write) for write in made],
    }
    return json.dumps(stored, ensure_ascii=False)
