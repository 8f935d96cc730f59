"""What an answer of the network, or the word of a person, makes of a step.

Owns how long to wait before the next try or look, and when a person has to act. Pure; never touches
a database, a network or the clock.

The rule behind all of it: what may be out is looked for before it is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.networks.port import Absent, Held, Refused, Repeated, RetryAt, Sent, Unseen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadbot.delivery.model import StepRow, StepState
    from threadbot.networks.port import HoldKind, Outcome, Receipt, Renewal, Sight

#: Seconds to wait before the next send, by how often the step was sent: a server that stumbles is
#: up again within minutes, a window of 15 minutes opens again, or it needs a person.
RETRY_WAITS: Final = (1, 5, 15, 60, 300, 300, 300)
#: The most often that a step is sent before a person has to act, where a try may have been more
#: than in vain.
MAX_TRIES: Final = len(RETRY_WAITS) + 1
#: The same where it is certain that no try did anything: half a thread left standing is worse than
#: a late one, so that goes on for six hours more, as long as `max_late` is by default.
CERTAIN_WAITS: Final = (*RETRY_WAITS, *(600,) * 36)
#: The most often that a step is sent where every try was certainly in vain.
MOST_TRIES: Final = len(CERTAIN_WAITS) + 1
#: The shortest and the longest wait before a network is asked once more for a thread of which
#: nothing is out; in between it is as long as that was tried. Nobody has to act before it is too
#: late for it.
FIRST_WAITS: Final = (timedelta(seconds=1), timedelta(minutes=10))
#: Seconds to wait before each look. Together two minutes: that long a write that was under way may
#: take to show.
LOOK_WAITS: Final = (0, 1, 2, 4, 8, 15, 30, 60)
#: For so long it counts that a step was not seen; later it is looked for again before it is sent.
LOOK_IS_GOOD_FOR: Final = timedelta(seconds=sum(LOOK_WAITS))
#: The most often that a step is looked for before a person has to act.
MAX_LOOKS: Final = len(LOOK_WAITS)


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
class Change:
    """What is to be stored after an answer.

    Args:
        step: how the step stands now.
        receipts: of the posts that are known to be out since.
        hold: why the whole thread stops, or None.
        cost: what the answer took, beside the step's own cost, in millionths of a US dollar.
    """

    step: StepRow
    receipts: tuple[Receipt, ...] = ()
    hold: Hold | None = None
    cost: int = 0


def retry_waits(step: StepRow) -> Sequence[int]:
    """Give the seconds to wait before each further try of a step: as many as there are of these."""
    return RETRY_WAITS if step.doubted else CERTAIN_WAITS


def before_send(step: StepRow) -> StepRow:
    """Give a step as it must be stored before its request leaves."""
    return replace(step, state="sending", tries=step.tries + 1, not_before=None, looks=0)


def after_send(
    step: StepRow, outcome: Outcome, now: datetime, since: datetime | None = None
) -> Change:
    """Say what the answer to a send makes of a step.

    Args:
        step: as it was stored before sending.
        outcome: the answer.
        now: when it came (UTC).
        since: since when the thread was tried in vain (UTC), where it is certain that nothing of
            it is out; such a try does not count, as the timetable ends them.
    """
    # What may be out since an earlier try is looked for once more before it is sent again.
    back = (
        replace(step, state="unknown", looks=0) if step.doubted else replace(step, state="planned")
    )
    match outcome:
        case Sent():
            sent = replace(step, state="sent", answer=None)
            return Change(sent, outcome.receipts, cost=outcome.cost)
        case Refused():
            return Change(back, hold=Hold("other", outcome.reason, refused=True))
        case Held():
            return Change(back, hold=Hold(outcome.kind, outcome.reason), cost=outcome.cost)
        case RetryAt() if since is not None:
            moment = ask_again(outcome, since, now)
            uncounted = replace(back, tries=step.tries - 1, not_before=moment)
            return Change(replace(uncounted, answer=outcome.reason), cost=outcome.cost)
        case RetryAt():
            soonest = later(now, step.tries - 1, retry_waits(step))
            moment = max(outcome.when, soonest)
            waiting = replace(back, not_before=moment, answer=outcome.reason)
            return Change(waiting, cost=outcome.cost)
        case _:
            state: StepState = "repeated" if isinstance(outcome, Repeated) else "unknown"
            first = later(now, 0, LOOK_WAITS)
            doubted = replace(_in_doubt(step), state=state, not_before=first)
            return Change(replace(doubted, answer=outcome.reason))


def _in_doubt(step: StepRow) -> StepRow:
    """Note that a step may be out; what was certainly in vain before counts no more.

    After a long outage the first answer that is lost would hold half a thread at once, though the
    network is there again.
    """
    return replace(step, doubted=True, tries=step.tries if step.doubted else min(step.tries, 1))


def after_renewal(
    step: StepRow, answer: Renewal, now: datetime, since: datetime | None = None
) -> Change:
    """Say what the answer to a renewal makes of a step, whose state stays what it is.

    Args:
        step: as it is stored.
        answer: the network's.
        now: when it came (UTC).
        since: as for `after_send`.
    """
    match answer:
        case Held():
            return Change(step, hold=Hold(answer.kind, answer.reason), cost=answer.cost)
        case RetryAt() if since is not None:
            moment = ask_again(answer, since, now)
            waiting = replace(step, not_before=moment, answer=answer.reason)
            return Change(waiting, cost=answer.cost)
        case RetryAt():
            moment = max(answer.when, later(now, step.tries, retry_waits(step)))
            tried = replace(step, tries=step.tries + 1, not_before=moment, answer=answer.reason)
            return Change(tried, cost=answer.cost)
        case _:
            return Change(step, cost=answer.cost)


def ask_again(answer: RetryAt, since: datetime, now: datetime) -> datetime:
    """Give the moment from which a network that could not take a thread is asked once more.

    Args:
        answer: the network's.
        since: when that was tried first (UTC).
        now: when the answer came (UTC).
    """
    shortest, longest = FIRST_WAITS
    return max(answer.when, now + min(max(now - since, shortest), longest))


def after_look(step: StepRow, sight: Sight, now: datetime) -> Change:
    """Say what the answer to a look makes of a step.

    Args:
        step: as it is stored: in doubt (`sending` where the process had died).
        sight: the answer.
        now: when it came (UTC).
    """
    state: StepState = "repeated" if step.state == "repeated" else "unknown"
    doubted = replace(_in_doubt(step), state=state, not_before=None)
    match sight:
        case Sent():
            sent = replace(step, state="sent", not_before=None, answer=None)
            return Change(sent, sight.receipts, cost=sight.cost)
        case Absent():
            again = later(now, step.tries - 1, RETRY_WAITS)
            absent = replace(doubted, state="planned", not_before=again)
            return Change(absent, cost=sight.cost)
        case Unseen() if step.looks + 1 >= MAX_LOOKS:
            return _never_seen(doubted, sight, now)
        case Held():
            return Change(doubted, hold=Hold(sight.kind, sight.reason), cost=sight.cost)
        case _:
            looks = step.looks + 1
            moment = later(now, looks, LOOK_WAITS)
            if isinstance(sight, RetryAt):
                moment = max(moment, sight.when)
            waiting = replace(doubted, not_before=moment, looks=looks)
            if isinstance(sight, Unseen):
                return Change(waiting, cost=sight.cost)
            return Change(replace(waiting, answer=sight.reason), cost=sight.cost)


def _never_seen(step: StepRow, sight: Unseen, now: datetime) -> Change:
    """Say what becomes of a step that did not show within the time that it may take."""
    if sight.resend and step.state != "repeated":
        again = later(now, step.tries - 1, RETRY_WAITS)
        return Change(replace(step, state="planned", not_before=again), cost=sight.cost)
    why = (
        "The network says that the same words are out already, and does not show them in this "
        "thread."
        if step.state == "repeated"
        else "Nobody can tell whether the last post is out: the network did not say, and does not "
        "show it."
    )
    what = (
        "Look at the account, then resume the thread with --sent and the post's address, or with "
        "--not-sent, or delete it."
    )
    return Change(replace(step, looks=0), hold=Hold("outcome", f"{why} {what}"), cost=sight.cost)


def told_sent(step: StepRow) -> StepRow:
    """Give a step of which a person says that it is out."""
    return replace(step, state="sent", not_before=None, answer=None)


def told_unsent(step: StepRow) -> StepRow:
    """Give a step of which a person says that it is not out."""
    return replace(step, state="planned", not_before=None, looks=0, doubted=False, answer=None)


def later(now: datetime, count: int, waits: Sequence[int]) -> datetime:
    """Give the moment of the next try.

    Args:
        now: the present.
        count: how many waits there were already.
        waits: seconds; the last one stands for all that follow.
    """
    return now + timedelta(seconds=waits[max(0, min(count, len(waits) - 1))])
