"""The states of a thread and of its steps, and the rows that the ledger keeps.

Owns the tables of what may follow what; everything that changes a state asks them. The diagram in
docs/delivery.md is made from them. Never touches a database, a network or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from threadbot.errors import ThreadbotError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from threadbot.networks.plan import Plan
    from threadbot.networks.port import HoldKind, Receipt
    from threadbot.thread.model import NetworkName, Thread

ThreadState: TypeAlias = Literal[
    "draft",
    "approved",
    "scheduled",
    "sending",
    "held",
    "published",
    "deleted",
    "rejected",
    "superseded",
    "cancelled",
]
StepState: TypeAlias = Literal["planned", "sending", "unknown", "repeated", "sent"]

#: What may follow each state of a thread.
THREAD_TRANSITIONS: Mapping[ThreadState, frozenset[ThreadState]] = {
    "draft": frozenset({"approved", "rejected", "superseded"}),
    "approved": frozenset({"scheduled", "sending", "held", "superseded", "cancelled"}),
    "scheduled": frozenset({"approved", "sending", "held", "superseded", "cancelled"}),
    "sending": frozenset({"published", "held", "cancelled"}),
    "held": frozenset({"scheduled", "sending", "cancelled", "deleted"}),
    "published": frozenset({"deleted"}),
    "deleted": frozenset(),
    "rejected": frozenset(),
    "superseded": frozenset(),
    "cancelled": frozenset(),
}
#: What may follow each state of a step. A step that is `sending` without an outcome (the process
#: died) is looked for like an `unknown` one; so is one that is `repeated`, as the network says that
#: its words are out already, but it is never sent again by itself. A person may say of any step
#: whether it is out.
STEP_TRANSITIONS: Mapping[StepState, frozenset[StepState]] = {
    "planned": frozenset({"sending", "sent", "unknown"}),
    "sending": frozenset({"sent", "unknown", "repeated", "planned"}),
    "unknown": frozenset({"sent", "planned"}),
    "repeated": frozenset({"sent", "planned"}),
    "sent": frozenset(),
}
#: States of a step that may be out.
IN_DOUBT: frozenset[StepState] = frozenset({"sending", "unknown", "repeated"})
#: States of a step that may stay what they are while it is looked for.
UNCERTAIN: frozenset[StepState] = frozenset({"planned", "unknown", "repeated"})
#: States that give the claim on (article, account) back: another thread may take it.
RELEASING: frozenset[ThreadState] = frozenset({"deleted", "rejected", "superseded", "cancelled"})
#: Why a thread waits that was put off: it was begun, and nothing of it was out when the timetable
#: closed. It keeps no other thread of its account back.
CLOSED: Final = "Nothing of it was out when the timetable closed."
#: Said to a person for each state from which nothing is ever sent.
STOPPED: Mapping[ThreadState, str] = {
    "draft": "it was not approved",
    "deleted": "it was deleted",
    "rejected": "it was rejected",
    "superseded": "another thread took its place",
    "cancelled": "it was cancelled",
}


class TransitionError(ThreadbotError):
    """A state was to be followed by one that may not follow it: a fault of ours."""


def check_thread_transition(before: ThreadState, after: ThreadState) -> None:
    """Refuse a change of a thread's state that the table does not have.

    Raises:
        TransitionError: it does not.
    """
    if after not in THREAD_TRANSITIONS[before]:
        message = f"a thread that is {before} cannot become {after}"
        raise TransitionError(message)


def check_step_transition(before: StepState, after: StepState) -> None:
    """Refuse a change of a step's state that the table does not have.

    Raises:
        TransitionError: it does not.
    """
    if after not in STEP_TRANSITIONS[before]:
        message = f"a step that is {before} cannot become {after}"
        raise TransitionError(message)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as the ledger knows it.

    Args:
        number: its place in the plan, counted from 1.
        state: where it stands.
        tries: how often it was sent, but for tries in vain while nothing of its thread was out.
        not_before: neither send nor look before then (UTC), or None.
        looks: how often it was looked for in vain since it was sent last.
        doubted: whether it was ever unknown if it is out; its plan is then never made anew.
        answer: what the network said last, in a sentence, while it is not out; or None.
    """

    number: int
    state: StepState
    tries: int = 0
    not_before: datetime | None = None
    looks: int = 0
    doubted: bool = False
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as the ledger knows it.

    Args:
        id: its short name, for people.
        article: the article's id in the ledger.
        title: the article's title when the thread was made.
        account: the account's name.
        network: where.
        sandbox: whether it goes to the sandbox instead.
        state: where it stands.
        thread: the composed thread, exactly as it was previewed.
        content_hash: SHA-256 of its posts.
        attempt: how often sending was begun, or a held thread was given another time.
        created_at: when it was stored (UTC).
        changed_at: when its state changed last (UTC).
        due_at: when it should go out (UTC), or None for at once, and for a draft.
        begun_at: when it began to go out, or is to where the network is not ready yet (UTC); None
            before.
        by_hand: whether a person named that very time, so that quiet hours do not keep it back.
        hold: why it is held, or None.
        reason: the sentence for it, or why the network could not prepare it yet; or None.
        fingerprints: where its words were pruned, what is kept of them (`sameness`), and its posts
            are empty; None while the words are there.
    """

    id: str
    article: int
    title: str
    account: str
    network: NetworkName
    sandbox: bool
    state: ThreadState
    thread: Thread
    content_hash: str
    attempt: int
    created_at: datetime
    changed_at: datetime
    due_at: datetime | None = None
    begun_at: datetime | None = None
    by_hand: bool = False
    hold: HoldKind | None = None
    reason: str | None = None
    fingerprints: frozenset[str] | None = None

    @property
    def planned_at(self) -> datetime:
        """When it should go out (UTC): what goes out at once, when that was decided."""
        return self.due_at or self.changed_at


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """What a list shows of a thread, without reading the thread itself.

    Args:
        id: its short name, for people.
        article: the article's id in the ledger.
        title: the article's title when the thread was made.
        account: the account's name.
        network: where.
        sandbox: whether it goes to the sandbox instead.
        state: where it stands.
        attempt: how often sending was begun.
        posts: how many posts it has.
        price_usd: what X charges for it; None where nobody charges.
        created_at: when it was stored (UTC).
        changed_at: when its state changed last (UTC).
        due_at: when it should go out (UTC), or None for at once.
        hold: why it is held, or None.
        reason: the sentence for it or, while it is under way, what the network said last; or None.
        waits_until: where it is under way, the moment before which it does not go on (UTC), which
            may be past; or None.
    """

    id: str
    article: int
    title: str
    account: str
    network: NetworkName
    sandbox: bool
    state: ThreadState
    attempt: int
    posts: int
    price_usd: Decimal | None
    created_at: datetime
    changed_at: datetime
    due_at: datetime | None
    hold: HoldKind | None
    reason: str | None
    waits_until: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a thread is.

    Args:
        state: where it stands.
        account: the account's name.
        steps: where each step of its plan stands; none before there is a plan.
        beginnings: how often carrying it began without coming to a rest.
    """

    state: ThreadState
    account: str
    steps: tuple[StepState, ...]
    beginnings: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """All that the ledger knows of one delivery: what decides its next step.

    Args:
        row: the thread.
        plan: what the network prepared, or None before that.
        steps: one for each step of the plan.
        receipts: of all posts that are known to be out, in order.
    """

    row: ThreadRow
    plan: Plan | None
    steps: tuple[StepRow, ...]
    receipts: tuple[Receipt, ...]

    @property
    def reason(self) -> str | None:
        """Why it is held or, while it is under way, what the network said last; or None."""
        answers = (step.answer for step in self.steps if step.state != "sent")
        last = next(answers, None) if self.row.state == "sending" else None
        return last or self.row.reason
