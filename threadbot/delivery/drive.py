"""Carries a delivery out: asks `deliver` what comes next, does it, stores what came of it.

Owns the order: the intent is stored before a request leaves, its outcome after the answer. Decides
nothing but how long to stay. Whoever calls it drives the thread's account (`Ledger.driving`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from threadbot.delivery.answers import (
    Hold,
    after_look,
    after_renewal,
    after_send,
    ask_again,
    before_send,
)
from threadbot.delivery.budget import Budget, month_of, over_budget
from threadbot.delivery.deliver import (
    Begin,
    Finish,
    Look,
    PlanError,
    Prepare,
    Renew,
    Send,
    Stop,
    Wait,
    is_wholly_absent,
    next_action,
    planned,
    with_change,
)
from threadbot.delivery.model import STOPPED
from threadbot.errors import InputError, LawError, LedgerAwayError
from threadbot.networks.plan import Plan
from threadbot.networks.port import Held, Refused, RetryAt, Sent
from threadbot.thread.laws import check_limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from threadbot.delivery.deliver import Action
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, ThreadRow
    from threadbot.networks.plan import Step
    from threadbot.networks.port import Network, Outcome, Sight
    from threadbot.thread.model import Thread

#: The longest wait that a run sits through; for a longer one it ends and says when to come back.
PATIENCE: Final = timedelta(minutes=5)
#: How often the ledger's server may go away in the middle of one run.
MAX_ABSENCES: Final = 10
EndKind: TypeAlias = Literal["done", "refused", "later", "unknown", "held"]

#: docs/commands.md, exit codes.
EXIT_CODES: Final[dict[EndKind, int]] = {
    "done": 0,
    "refused": 3,
    "later": 4,
    "unknown": 5,
    "held": 6,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended.

    Args:
        kind: `done` (published, or deleted), `refused` (nothing is out), `later`, `unknown` (held,
            as nobody knows whether a post is out), `held` (otherwise, or partly out).
        delivery: what the ledger knows at the end.
        reason: why, and what to do; empty where it is done.
        until: when to come back (UTC), for `later`.
    """

    kind: EndKind
    delivery: Delivery
    reason: str = ""
    until: datetime | None = None

    @property
    def exit_code(self) -> int:
        """The exit code of a command that ends so."""
        return EXIT_CODES[self.kind]


@dataclass(frozen=True, slots=True)
class Outside:
    """What a run needs of the world.

    Args:
        network: where the thread goes.
        now: gives the present (UTC).
        sleep: waits for so many seconds.
        progress: told of each action before it is carried out, with what the ledger knows.
        budget: what the account may spend.
        patience: waits of up to so long are sat through, longer ones end the run.
        tried_since: since when the thread was tried in vain (UTC); None for this run's beginning.
    """

    network: Network
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    progress: Callable[[Delivery, Action], None]
    budget: Budget = field(default_factory=Budget)
    patience: timedelta = PATIENCE
    tried_since: datetime | None = None


def drive(ledger: Ledger, thread_id: str, outside: Outside) -> Ending:
    """Take an approved thread, or one that is under way, as far as it goes now.

    Args:
        ledger: holds the thread, whose account is driven by this process alone.
        thread_id: which one.
        outside: network and clock.

    Raises:
        LawError: the thread breaks a law; nothing more of it is sent, and it is held.
        InputError: the thread was never approved, or will not go out any more.
        LedgerError: the ledger cannot be written; nothing is sent that it does not know.
    """
    return _Run(ledger, thread_id, outside).to_its_end()


class _Run:
    """One run over one thread."""

    def __init__(self, ledger: Ledger, thread_id: str, outside: Outside) -> None:
        self._ledger = ledger
        self._id = thread_id
        self._outside = outside
        self._tried_since = outside.tried_since or outside.now()
        self._absences = 0
        self._refused = False
        self._known: Delivery | None = None

    def to_its_end(self) -> Ending:
        while True:
            delivery, self._known = self._known or self._ledger.delivery(self._id), None
            action = next_action(delivery, self._outside.now())
            self._outside.progress(delivery, action)
            try:
                ending = self._carry_out(action, delivery)
            except LedgerAwayError:
                # Whether it was stored is not known. Reading waits for the server, and then says.
                self._absences += 1
                if self._absences > MAX_ABSENCES:
                    raise
                ending = None
            if ending is not None:
                return ending

    def _carry_out(self, action: Action, delivery: Delivery) -> Ending | None:
        now = self._outside.now()
        match action:
            case Begin():
                self._check(delivery.row.thread)
                self._ledger.begin(self._id, now)
            case Prepare():
                self._check(delivery.row.thread)
                self._prepare(delivery.row)
            case Renew(number):
                self._renew(delivery, number)
            case Send(number):
                self._check(delivery.row.thread)
                self._send(delivery, number)
            case Look(number):
                look(self._ledger, delivery, number, self._outside)
            case Wait(until, reason):
                return self._wait(delivery, until, reason)
            case Finish():
                self._ledger.publish(self._id, now)
            case Hold(kind, reason):
                self._ledger.hold(self._id, kind, reason, now)
            case Stop():
                return ending_of(delivery, refused=self._refused)
        return None

    def _check(self, thread: Thread) -> None:
        try:
            check_limits(thread)
        except LawError as error:
            self._ledger.hold(self._id, "other", str(error), self._outside.now())
            raise

    def _prepare(self, row: ThreadRow) -> None:
        thread, now = row.thread, self._outside.now()
        spent = self._ledger.spent(thread.account, month_of(now))
        if (reason := over_budget(self._outside.budget, thread, spent)) is not None:
            self._refused = True
            self._ledger.hold(self._id, "budget", reason, now)
            return
        prepared = self._outside.network.prepare(thread, now)
        now = self._outside.now()
        if isinstance(prepared, RetryAt | Held):
            self._ledger.note_cost(self._id, prepared.cost, now)
        match prepared:
            case Plan():
                self._ledger.store_plan(self._id, prepared, now)
            case RetryAt():
                moment = ask_again(prepared, self._tried_since, now)
                self._ledger.postpone(self._id, moment, prepared.reason)
            case Refused():
                self._refused = True
                self._ledger.hold(self._id, "other", prepared.reason, now)
            case Held():
                self._ledger.hold(self._id, prepared.kind, prepared.reason, now)

    def _renew(self, delivery: Delivery, number: int) -> None:
        plan, step = planned(delivery, number)
        answer = self._outside.network.renew(plan, step, delivery.row.thread, self._outside.now())
        now = self._outside.now()
        since = self._absent_since(delivery)
        change = after_renewal(delivery.steps[number - 1], answer, now, since)
        self._ledger.step_renewal(self._id, change, answer, now)

    def _send(self, delivery: Delivery, number: int) -> None:
        plan, step = planned(delivery, number)
        intent = before_send(delivery.steps[number - 1])
        if not self._ledger.step_sending(self._id, intent, self._outside.now()):
            return
        outcome = self._outside.network.send(plan, step, delivery.receipts)
        _check_receipts(step, outcome)
        now = self._outside.now()
        change = after_send(intent, outcome, now, self._absent_since(delivery))
        self._refused = change.hold is not None and change.hold.refused
        self._ledger.step_outcome(delivery, change, now)
        if change.hold is None:
            # What a person changes meanwhile is seen before the next request leaves.
            self._known = with_change(delivery, change)

    def _absent_since(self, delivery: Delivery) -> datetime | None:
        # Where something may be out, tries count.
        return self._tried_since if is_wholly_absent(delivery) else None

    def _wait(self, delivery: Delivery, until: datetime, reason: str) -> Ending | None:
        pause = until - self._outside.now()
        if pause > self._outside.patience:
            return Ending("later", delivery, reason or "Its time has not come yet.", until)
        if pause > timedelta(0):
            self._outside.sleep(pause.total_seconds())
        return None


def ending_of(delivery: Delivery, *, refused: bool) -> Ending:
    """Say how a run ends over a thread for which no machine has anything left to do.

    Args:
        delivery: what the ledger knows.
        refused: whether the network said no for good, or the budget.

    Raises:
        InputError: the thread was never approved, or will not go out any more.
    """
    row = delivery.row
    if row.state == "published":
        return Ending("done", delivery)
    if row.state != "held":
        message = f"thread {row.id} cannot be sent: {STOPPED[row.state]}"
        raise InputError(message)
    reason = row.reason or ""
    if row.hold == "outcome":
        return Ending("unknown", delivery, reason)
    doubted = any(step.doubted for step in delivery.steps)
    if refused and not delivery.receipts and not doubted:
        return Ending("refused", delivery, reason)
    return Ending("held", delivery, reason)


def look(ledger: Ledger, delivery: Delivery, number: int, outside: Outside) -> Sight:
    """Find out whether a step is out, store what was found, and give it.

    Args:
        ledger: holds the thread.
        delivery: what it knows.
        number: the step's.
        outside: network and clock.
    """
    plan, step = planned(delivery, number)
    earlier = {post for before in plan.steps[: number - 1] for post in before.posts}
    before = [receipt for receipt in delivery.receipts if receipt.post in earlier]
    sight = outside.network.look(plan, step, before)
    _check_receipts(step, sight)
    now = outside.now()
    change = after_look(delivery.steps[number - 1], sight, now)
    ledger.step_outcome(delivery, change, now)
    return sight


def _check_receipts(step: Step, answer: Outcome | Sight) -> None:
    if isinstance(answer, Sent) and tuple(one.post for one in answer.receipts) != step.posts:
        message = f"The receipts of step {step.number} are not those of its posts."
        raise PlanError(message)
