"""What the next step of a delivery is, and what an answer of the network makes of a step.

Owns every decision between approval and the end: when to send, when to look, how long to wait,
when a person has to act. Pure: it reads what the ledger knows and a time, and gives values; `drive`
carries them out and the ledger stores them. Never touches a database, a network or the clock.

The rule behind all of it: what may be out is looked for before it is sent again, and nothing is
sent while a step before it is not out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from threadbot.delivery.model import StepRow
from threadbot.errors import ThreadbotError
from threadbot.networks.port import Absent, Held, Refused, RetryAt, Sent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadbot.delivery.model import Delivery, StepState, ThreadState
    from threadbot.networks.port import HoldKind, Outcome, Plan, Receipt, Sight
    from threadbot.thread.model import Thread

#: Seconds to wait before the next send, by how often the step was sent: a server that stumbles is
#: up again within minutes, or it needs a person.
RETRY_WAITS: Final = (1, 5, 15, 60)
#: The most often that a step is sent before a person has to act.
MAX_TRIES: Final = len(RETRY_WAITS) + 1
#: Seconds to wait before each look. Together two minutes: that long a write that was under way may
#: take to show.
LOOK_WAITS: Final = (0, 1, 2, 4, 8, 15, 30, 60)
#: The most often that a step is looked for before a person has to act.
MAX_LOOKS: Final = len(LOOK_WAITS)

_IN_DOUBT: Final[frozenset[StepState]] = frozenset({"sending", "unknown"})


@dataclass(frozen=True, slots=True)
class Begin:
    """Take the thread from approved to sending."""


@dataclass(frozen=True, slots=True)
class Prepare:
    """Let the network make its plan, and store it."""


@dataclass(frozen=True, slots=True)
class Send:
    """Store the intent, then send.

    Args:
        step: its number.
    """

    step: int


@dataclass(frozen=True, slots=True)
class Look:
    """Find out whether a step is out.

    Args:
        step: its number.
    """

    step: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing before a moment.

    Args:
        until: that moment (UTC).
        reason: what the network said; empty where it is the moment that was wished.
    """

    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """Every step is out: the thread is published."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Stop sending until a person has acted.

    Args:
        kind: what is amiss.
        reason: what happened and what to do.
        refused: whether the network said no for good.
    """

    kind: HoldKind
    reason: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing is left to do for a machine.

    Args:
        state: where the thread stands.
    """

    state: ThreadState


Action: TypeAlias = Begin | Prepare | Send | Look | Wait | Finish | Hold | Stop


class PlanError(ThreadbotError):
    """A network's plan or receipt does not fit its thread: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be stored after an answer.

    Args:
        step: how the step stands now.
        receipts: of the posts that are known to be out since.
        hold: why the whole thread stops, or None.
    """

    step: StepRow
    receipts: tuple[Receipt, ...] = ()
    hold: Hold | None = None


def next_action(delivery: Delivery, now: datetime) -> Action:
    """Say what has to be done next.

    Args:
        delivery: all that the ledger knows.
        now: the present (UTC).
    """
    row = delivery.row
    match row.state:
        case "approved" | "scheduled":
            return _not_before(row.due_at, now, Begin(), row.reason)
        case "sending":
            return _sending(delivery, now)
        case _:
            return Stop(row.state)


def _sending(delivery: Delivery, now: datetime) -> Action:
    if delivery.plan is None:
        return _not_before(delivery.row.due_at, now, Prepare(), delivery.row.reason)
    for step in delivery.steps:
        if step.state in _IN_DOUBT:
            return _look(step, now)
    for step in delivery.steps:
        if step.state == "planned":
            return _send(step, now)
    return Finish()


def _look(step: StepRow, now: datetime) -> Action:
    if step.looks >= MAX_LOOKS:
        reason = (
            "Nobody can tell whether the last post is out: the network did not say for two "
            f"minutes. {_last_time(step)}Look at the account, then resume the thread or delete it."
        )
        return Hold("outcome", reason)
    return _not_before(step.not_before, now, Look(step.number), step.answer)


def _send(step: StepRow, now: datetime) -> Action:
    if step.tries >= MAX_TRIES:
        advice = "Resume the thread later, or delete it."
        reason = f"It was sent {step.tries} times in vain. {_last_time(step)}{advice}"
        return Hold("other", reason)
    return _not_before(step.not_before, now, Send(step.number), step.answer)


def _last_time(step: StepRow) -> str:
    return f"The last time: {step.answer} " if step.answer else ""


def _not_before(
    moment: datetime | None, now: datetime, action: Action, reason: str | None
) -> Action:
    return action if moment is None or moment <= now else Wait(moment, reason or "")


def planned_steps(plan: Plan, thread: Thread) -> tuple[StepRow, ...]:
    """Give the steps of a new plan as they are first stored.

    Raises:
        PlanError: the steps do not write each post of the thread once, in order.
    """
    numbers = [step.number for step in plan.steps]
    posts = [post for step in plan.steps for post in step.posts]
    whole = posts == list(range(1, len(thread.posts) + 1))
    if not whole or numbers != list(range(1, len(plan.steps) + 1)):
        message = "The plan does not write each post once, in order. This is a fault of threadbot."
        raise PlanError(message)
    return tuple(StepRow(number, "planned") for number in numbers)


def before_send(step: StepRow) -> StepRow:
    """Give a step as it must be stored before its request leaves."""
    return replace(step, state="sending", tries=step.tries + 1, not_before=None, looks=0)


def after_send(step: StepRow, outcome: Outcome, now: datetime) -> Change:
    """Say what the answer to a send makes of a step.

    Args:
        step: as it was stored before sending.
        outcome: the answer.
        now: when it came (UTC).
    """
    back = replace(step, state="planned")
    match outcome:
        case Sent():
            return Change(replace(step, state="sent", answer=None), outcome.receipts)
        case Refused():
            return Change(back, hold=Hold("other", outcome.reason, refused=True))
        case Held():
            return Change(back, hold=Hold(outcome.kind, outcome.reason))
        case RetryAt():
            soonest = later(now, step.tries - 1, RETRY_WAITS)
            moment = max(outcome.when, soonest)
            return Change(replace(back, not_before=moment, answer=outcome.reason))
        case _:
            first = later(now, 0, LOOK_WAITS)
            unknown = replace(step, state="unknown", not_before=first, doubted=True)
            return Change(replace(unknown, answer=outcome.reason))


def after_look(step: StepRow, sight: Sight, now: datetime) -> Change:
    """Say what the answer to a look makes of a step.

    Args:
        step: as it is stored: `unknown`, or `sending` where the process had died.
        sight: the answer.
        now: when it came (UTC).
    """
    match sight:
        case Sent():
            sent = replace(step, state="sent", not_before=None, answer=None)
            return Change(sent, sight.receipts)
        case Absent():
            again = later(now, step.tries - 1, RETRY_WAITS)
            return Change(replace(step, state="planned", not_before=again, doubted=True))
        case Held():
            unknown = replace(step, state="unknown", not_before=None, doubted=True)
            return Change(unknown, hold=Hold(sight.kind, sight.reason))
        case _:
            looks = step.looks + 1
            moment = later(now, looks, LOOK_WAITS)
            if isinstance(sight, RetryAt):
                moment = max(moment, sight.when)
            unknown = replace(step, state="unknown", not_before=moment, doubted=True)
            return Change(replace(unknown, looks=looks, answer=sight.reason))


def resumed_steps(steps: Sequence[StepRow]) -> tuple[StepRow, ...] | None:
    """Give the steps of a thread that a person resumes: every cap counts anew.

    Returns:
        The steps, or None where nothing can be out: then the plan is made anew, with the new time
        and fresh media.
    """
    if all(step.state == "planned" and not step.doubted for step in steps):
        return None
    return tuple(replace(step, tries=0, looks=0, not_before=None, answer=None) for step in steps)


def is_wholly_absent(delivery: Delivery) -> bool:
    """Tell whether it is certain that nothing of a delivery is out or under way."""
    return not delivery.receipts and resumed_steps(delivery.steps) is None


def later(now: datetime, count: int, waits: Sequence[int]) -> datetime:
    """Give the moment of the next try.

    Args:
        now: the present.
        count: how many waits there were already.
        waits: seconds; the last one stands for all that follow.
    """
    return now + timedelta(seconds=waits[max(0, min(count, len(waits) - 1))])
