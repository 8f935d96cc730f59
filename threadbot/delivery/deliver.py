"""What the next step of a delivery is, and what an answer of the network makes of a step.

Owns every decision between approval and the end: when to send, when to look, how long to wait,
when a person has to act. Pure: it reads what the ledger knows and a time, and gives values; `drive`
carries them out and the ledger stores them. Never touches a database, a network or the clock.

The rule behind all of it: what may be out is looked for before it is sent again, and nothing is
sent while a step before it is not out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from threadbot.delivery.answers import LOOK_IS_GOOD_FOR, MAX_LOOKS, Hold, retry_waits
from threadbot.delivery.model import CLOSED, IN_DOUBT, StepRow
from threadbot.errors import ThreadbotError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadbot.delivery.answers import Change
    from threadbot.delivery.model import Delivery, StepState, ThreadState
    from threadbot.networks.plan import Plan, Step
    from threadbot.networks.port import Renewed
    from threadbot.thread.model import Thread


@dataclass(frozen=True, slots=True)
class Begin:
    """Take the thread from approved to sending."""


@dataclass(frozen=True, slots=True)
class Prepare:
    """Let the network make its plan, and store it."""


@dataclass(frozen=True, slots=True)
class Renew:
    """Let the network make a step fresh, and store it.

    Args:
        step: its number.
    """

    step: int


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
class Stop:
    """Nothing is left to do for a machine.

    Args:
        state: where the thread stands.
    """

    state: ThreadState


Action: TypeAlias = Begin | Prepare | Renew | Send | Look | Wait | Finish | Hold | Stop


class PlanError(ThreadbotError):
    """A network's plan or receipt does not fit its thread: a fault of ours."""


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


def rests_half_way(delivery: Delivery, now: datetime) -> bool:
    """Tell whether a thread under way waits for a moment, with no post of it in doubt.

    Nobody does anything with it before that moment, so it can be held.

    Args:
        delivery: all that the ledger knows.
        now: the present (UTC).
    """
    if delivery.row.state != "sending" or any(one.state in IN_DOUBT for one in delivery.steps):
        return False
    return isinstance(next_action(delivery, now), Wait)


def _sending(delivery: Delivery, now: datetime) -> Action:
    if delivery.plan is None:
        return _not_before(delivery.row.begun_at, now, Prepare(), delivery.row.reason)
    for step in delivery.steps:
        if step.state in IN_DOUBT:
            return _look(step, now)
    for step in delivery.steps:
        if step.state == "planned":
            return _send(step, delivery.plan.steps[step.number - 1], now)
    return Finish()


def _look(step: StepRow, now: datetime) -> Action:
    if step.looks >= MAX_LOOKS:
        reason = (
            "Nobody can tell whether the last post is out: the network did not say for two "
            f"minutes. {_last_time(step)}Look at the account, then resume the thread or delete it."
        )
        return Hold("outcome", reason)
    return _not_before(step.not_before, now, Look(step.number), step.answer)


def _send(step: StepRow, planned: Step, now: datetime) -> Action:
    if step.tries > len(retry_waits(step)):
        advice = "Resume the thread later, or delete it."
        reason = f"It was tried {step.tries} times in vain. {_last_time(step)}{advice}"
        return Hold("other", reason)
    if step.doubted and step.not_before is not None and now > step.not_before + LOOK_IS_GOOD_FOR:
        # It was looked for long ago; what did not show then may show now.
        return Look(step.number)
    is_fresh = planned.fresh_until is None or now < planned.fresh_until
    action = Send(step.number) if is_fresh else Renew(step.number)
    return _not_before(step.not_before, now, action, step.answer)


def _last_time(step: StepRow) -> str:
    return f"The last time: {step.answer} " if step.answer else ""


def _not_before(
    moment: datetime | None, now: datetime, action: Action, reason: str | None
) -> Action:
    return action if moment is None or moment <= now else Wait(moment, reason or "")


def planned(delivery: Delivery, number: int) -> tuple[Plan, Step]:
    """Give the plan of a delivery, and one of its steps.

    Raises:
        PlanError: there is no plan.
    """
    if delivery.plan is None:
        message = f"Step {number} has no plan. This is a fault of threadbot; report it."
        raise PlanError(message)
    return delivery.plan, delivery.plan.steps[number - 1]


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


def with_renewed(plan: Plan, renewed: Renewed) -> Plan:
    """Give a plan with a step that was renewed, and with its warnings, each once."""
    steps = tuple(
        renewed.step if step.number == renewed.step.number else step for step in plan.steps
    )
    warnings = tuple(dict.fromkeys((*plan.warnings, *renewed.warnings)))
    return replace(plan, steps=steps, warnings=warnings)


def with_change(delivery: Delivery, change: Change) -> Delivery:
    """Give a delivery as it is once an answer is stored that does not stop it."""
    new = change.step
    steps = tuple(new if step.number == new.number else step for step in delivery.steps)
    return replace(delivery, steps=steps, receipts=(*delivery.receipts, *change.receipts))


def resumed_steps(steps: Sequence[StepRow]) -> tuple[StepRow, ...] | None:
    """Give the steps of a thread that a person resumes: every cap counts anew.

    Returns:
        The steps, or None where nothing can be out: then the plan is made anew, with the new time
        and fresh media.
    """
    if all(step.state == "planned" and not step.doubted for step in steps):
        return None
    return tuple(_resumed(step) for step in steps)


def _resumed(step: StepRow) -> StepRow:
    # What may be out since an earlier try is looked for once more before it is sent again.
    is_doubtful = step.state == "planned" and step.doubted
    state: StepState = "unknown" if is_doubtful else step.state
    return replace(step, state=state, tries=0, looks=0, not_before=None, answer=None)


def resumed_plan(delivery: Delivery, now: datetime) -> Plan | None:
    """Give the plan of a thread that a person resumes.

    What was refused may have been so for what was uploaded for it, which is then uploaded anew,
    however fresh it should be.

    Returns:
        The plan, or None where the one that is stored stays as it is.
    """
    plan = delivery.plan
    if plan is None or delivery.row.hold != "other":
        return None
    steps = tuple(
        step if step.fresh_until is None else replace(step, fresh_until=min(step.fresh_until, now))
        for step in plan.steps
    )
    return None if steps == plan.steps else replace(plan, steps=steps)


def is_put_off(delivery: Delivery) -> bool:
    """Tell whether a thread under way waits for the timetable to open, and for nothing else."""
    row = delivery.row
    return row.state == "sending" and not delivery.steps and (row.reason or "").startswith(CLOSED)


def is_wholly_absent(delivery: Delivery) -> bool:
    """Tell whether it is certain that nothing of a delivery is out or under way."""
    return not delivery.receipts and resumed_steps(delivery.steps) is None
