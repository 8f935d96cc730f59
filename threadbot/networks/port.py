"""The port: what every network can do for a thread, and how it answers.

Owns the values that pass between delivery and a network, and the `Protocol`s on both sides; never
does anything itself. An answer is a value, never an exception: an adapter turns every failure that
its network or its library can produce into one of them.

The order of a delivery: `prepare` once, its plan is stored; then for each step the intent is
stored, `send` is called, and its outcome is stored. Before a step is sent that has kept too long,
`renew` is called. After `Unknown` or `Repeated`, or where the
intent is stored and no outcome is, `look` tells what became of the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from threadbot.networks.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadbot.networks.plan import Step
    from threadbot.thread.model import Thread

#: Why a thread waits for a person: `credentials` (wrong or revoked), `account` (deactivated or
#: suspended), `credit` (money ran out), `budget` (it costs more than the configuration allows),
#: `outcome` (nobody knows whether a post is out), `broken` (a post of it was deleted from outside),
#: `late` (its time has passed too long ago), `person` (somebody wants it so), `other`.
HoldKind: TypeAlias = Literal[
    "credentials", "account", "credit", "budget", "outcome", "broken", "late", "person", "other"
]


@dataclass(frozen=True, slots=True)
class Renewed:
    """A step can be sent again.

    Args:
        step: in the place of the one before; its words are the same.
        warnings: what was lost on the way, as for `Plan`.
        cost: what renewing took, in millionths of a US dollar.
    """

    step: Step
    warnings: tuple[str, ...] = ()
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof that a post is out.

    Args:
        post: its number in the thread, counted from 1.
        uri: the network's own name for it (an at:// URI, an id on X).
        cid: the hash of its record, where the network has one.
        url: where a person can see it.
    """

    post: int
    uri: str
    cid: str | None
    url: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The step is out.

    Args:
        receipts: one for each of its posts, in order.
        cost: what finding that out took, in millionths of a US dollar.
    """

    receipts: tuple[Receipt, ...]
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """The network will never take this; nothing of the step is out.

    Args:
        reason: what it said, and what to do, in a sentence or two.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Nothing of the step is out; it may be tried again.

    Args:
        when: not before this moment (UTC).
        reason: why not now.
        cost: what that took, in millionths of a US dollar; here and below, where it fails, too.
    """

    when: datetime
    reason: str
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A person has to act first; nothing of the step is out, unless it is `broken`.

    Args:
        kind: what is amiss.
        reason: what happened and what to do, in a sentence or two.
        receipts: of a step of which some posts are out and others were deleted from outside: of all
            its posts, so that deleting them takes back what still stands.
        cost: as for `RetryAt`.
    """

    kind: HoldKind
    reason: str
    receipts: tuple[Receipt, ...] = ()
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether the step is out; look before anything else.

    Args:
        reason: what happened.
        cost: as for `RetryAt`.
    """

    reason: str
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Repeated:
    """The network refuses the step, as the same words are out already; look before anything else.

    It is a hint that the step is out, and no proof: the words may be those of another post.

    Args:
        reason: what it said.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The step is not out.

    Args:
        cost: as for `RetryAt`.
    """

    cost: int = 0


@dataclass(frozen=True, slots=True)
class Unseen:
    """The step does not show, but what was just written may take a while to do so.

    Args:
        resend: whether it may be sent once more after it was not seen for long enough; otherwise a
            person has to say.
        cost: what looking took, in millionths of a US dollar.
    """

    resend: bool
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Deleted:
    """The posts are gone, those that were gone already included.

    Args:
        cost: what that took, in millionths of a US dollar.
    """

    cost: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of an account found, for `threadbot doctor`.

    Args:
        ok: whether all is well.
        subject: what was checked: `credentials`, `handle`, `clock`.
        message: what was found, and what to do where it is amiss.
    """

    ok: bool
    subject: str
    message: str


Prepared: TypeAlias = Plan | Refused | RetryAt | Held
Renewal: TypeAlias = Renewed | RetryAt | Held
Outcome: TypeAlias = Sent | Refused | RetryAt | Held | Repeated | Unknown
Sight: TypeAlias = Sent | Absent | Unseen | RetryAt | Held | Unknown
Removal: TypeAlias = Deleted | RetryAt | Held | Unknown


class Network(Protocol):
    """What delivery asks of a network. Every adapter passes the suite in tests/contract."""

    def prepare(self, thread: Thread, now: datetime) -> Prepared:
        """Fix everything that must not change between tries: keys, times, handles, media.

        Writes no post. Texts equal the thread's; only a mention or an image may be lost, with a
        warning.

        Args:
            thread: what will be posted.
            now: the moment (UTC) that the posts will bear.
        """
        ...

    def renew(self, plan: Plan, step: Step, thread: Thread, now: datetime) -> Renewal:
        """Upload once more what the network may have forgotten of a step.

        Args:
            plan: what `prepare` gave, as it was stored.
            step: one of its steps, which is not out as far as anybody knows.
            thread: the plan's.
            now: the time (UTC).
        """
        ...

    def send(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        """Write one step. Sending the same step twice must never make two posts of it unnoticed.

        Args:
            plan: what `prepare` gave, as it was stored.
            step: one of its steps.
            before: the receipts of all steps before it, in order.
        """
        ...

    def look(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Sight:
        """Tell whether a step is out, reading only.

        Args:
            plan: as for `send`.
            step: as for `send`.
            before: as for `send`.
        """
        ...

    def adopt(self, plan: Plan, step: Step, before: Sequence[Receipt], told: str) -> Sight:
        """Tell whether a post that a person names is a step's, reading only.

        Args:
            plan: as for `send`.
            step: as for `send`.
            before: as for `send`.
            told: the post's name on the network, or its address.

        Returns:
            `Absent` where it is no post of the step.
        """
        ...

    def delete(self, receipts: Sequence[Receipt]) -> Removal:
        """Delete posts, the last one first; deleting what is gone is no failure.

        Args:
            receipts: what `send` or `look` gave.
        """
        ...

    def examine(self, now: datetime) -> tuple[Finding, ...]:
        """Check credentials, handle and clock without posting.

        Args:
            now: this machine's time (UTC).
        """
        ...

    def close(self) -> None:
        """Close all connections; nothing else is asked of the network afterwards."""
        ...
