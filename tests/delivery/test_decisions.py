"""What comes next: the pure decision, over every state that answers can lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import START, thread

from threadbot.delivery.answers import (
    LOOK_WAITS,
    MAX_LOOKS,
    MAX_TRIES,
    MOST_TRIES,
    Change,
    Hold,
    after_look,
    after_renewal,
    after_send,
    before_send,
)
from threadbot.delivery.deliver import (
    Action,
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
    planned_steps,
    resumed_steps,
)
from threadbot.delivery.model import (
    STEP_TRANSITIONS,
    THREAD_TRANSITIONS,
    UNCERTAIN,
    Delivery,
    StepRow,
    StepState,
    ThreadRow,
    ThreadState,
    TransitionError,
    check_step_transition,
    check_thread_transition,
)
from threadbot.networks.plan import Plan, Step
from threadbot.networks.port import (
    Absent,
    Held,
    Outcome,
    Receipt,
    Refused,
    Repeated,
    RetryAt,
    Sent,
    Sight,
    Unknown,
    Unseen,
)

if TYPE_CHECKING:
    from datetime import datetime

SOON = START + timedelta(seconds=20)
#: More than any delivery of these tests can take: each step is sent and looked for so often.
MOST_ACTIONS = 400
#: After this the timetable ends what is wholly absent.
MAX_LATE = timedelta(hours=6)


def delivery(state: ThreadState = "sending", steps: tuple[StepRow, ...] = ()) -> Delivery:
    """Make a delivery on X, one post in each step."""
    made = thread("x", max(1, len(steps)))
    row = ThreadRow("1", 1, "T", "enpause", "x", True, state, made, "", 1, START, START)  # noqa: FBT003 - a row of the table
    plan = Plan("x", "enpause", tuple(Step(one.number, (one.number,), "{}") for one in steps))
    receipts = tuple(receipt(one.number) for one in steps if one.state == "sent")
    return Delivery(row, plan if steps else None, steps, receipts)


def receipt(number: int) -> Receipt:
    """Make the receipt of a post."""
    return Receipt(number, f"sandbox:{number}", None, f"sandbox:{number}")


def due(made: Delivery, moment: datetime | None) -> Delivery:
    """Set the moment at which a delivery should begin."""
    return replace(made, row=replace(made.row, due_at=moment))


def begun(made: Delivery, moment: datetime) -> Delivery:
    """Give a delivery whose network wants to be asked at a moment."""
    return replace(made, row=replace(made.row, begun_at=moment))


def perishable(until: datetime) -> Delivery:
    """Make a delivery whose one step is fresh until a moment."""
    made = delivery(steps=(PLANNED,))
    step = Step(1, (1,), "{}", fresh_until=until)
    return replace(made, plan=Plan("x", "enpause", (step,)))


PLANNED = StepRow(1, "planned")
CASES: dict[str, tuple[Delivery, Action]] = {
    "approved, so begin": (delivery("approved"), Begin()),
    "scheduled and due": (due(delivery("scheduled"), START), Begin()),
    "scheduled for later": (due(delivery("scheduled"), SOON), Wait(SOON)),
    "no plan yet": (delivery(), Prepare()),
    "no plan yet, and told to wait": (begun(delivery(), SOON), Wait(SOON)),
    "planned": (delivery(steps=(PLANNED,)), Send(1)),
    "planned, and told to wait": (
        delivery(steps=(replace(PLANNED, not_before=SOON, answer="Busy."),)),
        Wait(SOON, "Busy."),
    ),
    "the process died": (delivery(steps=(replace(PLANNED, state="sending"),)), Look(1)),
    "unknown": (delivery(steps=(replace(PLANNED, state="unknown"),)), Look(1)),
    "unknown, and looked for just now": (
        delivery(steps=(replace(PLANNED, state="unknown", not_before=SOON),)),
        Wait(SOON),
    ),
    "planned, and kept too long": (perishable(START), Renew(1)),
    "planned, and still fresh": (perishable(SOON), Send(1)),
    "one out, one to go": (
        delivery(steps=(replace(PLANNED, state="sent"), StepRow(2, "planned"))),
        Send(2),
    ),
    "all out": (delivery(steps=(replace(PLANNED, state="sent"),)), Finish()),
    **{
        state: (delivery(state), Stop(state))
        for state in THREAD_TRANSITIONS
        if state not in {"approved", "scheduled", "sending"}
    },
}


@pytest.mark.parametrize(("known", "action"), CASES.values(), ids=CASES)
def test_next_action(known: Delivery, action: Action) -> None:
    """Each state of a delivery has one thing that comes next."""
    assert next_action(known, START) == action


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (replace(PLANNED, tries=MAX_TRIES, doubted=True), "other"),
        (replace(PLANNED, tries=MOST_TRIES), "other"),
        (replace(PLANNED, state="unknown", looks=MAX_LOOKS), "outcome"),
    ],
)
def test_patience_ends(step: StepRow, kind: str) -> None:
    """A step that was sent or looked for often enough waits for a person, who learns the cause."""
    told = replace(step, answer="The server answered 502.")
    action = next_action(delivery(steps=(told,)), START)
    assert isinstance(action, Hold)
    assert action.kind == kind
    assert "The last time: The server answered 502. " in action.reason
    assert action.reason.endswith(" delete it.")


TRIED = before_send(PLANNED)
TOLD = replace(TRIED, state="planned", answer="Busy.")
LOST = replace(TRIED, doubted=True, answer="Lost.")
FOUND_NOTHING = replace(LOST, state="unknown", looks=1, answer="Busy.")


@pytest.mark.parametrize(
    ("outcome", "change"),
    [
        (Sent((receipt(1),)), Change(replace(TRIED, state="sent"), (receipt(1),))),
        (
            Refused("no"),
            Change(replace(TRIED, state="planned"), hold=Hold("other", "no", refused=True)),
        ),
        (Held("credit", "no"), Change(replace(TRIED, state="planned"), hold=Hold("credit", "no"))),
        (RetryAt(SOON, "Busy."), Change(replace(TOLD, not_before=SOON))),
        (
            RetryAt(START, "Busy."),
            Change(replace(TOLD, not_before=START + timedelta(seconds=1))),
        ),
        (Unknown("Lost."), Change(replace(LOST, state="unknown", not_before=START))),
        (Repeated("Lost."), Change(replace(LOST, state="repeated", not_before=START))),
    ],
)
def test_what_an_answer_makes_of_a_step(outcome: Outcome, change: Change) -> None:
    """Each outcome of a send leads to one state; a moment that is past is never taken as it is."""
    assert after_send(TRIED, outcome, START) == change


@pytest.mark.parametrize(
    ("minutes", "wait"),
    [
        (0, timedelta(seconds=1)),
        (4, timedelta(minutes=4)),
        (60, timedelta(minutes=10)),
    ],
)
def test_a_try_in_vain_of_what_is_wholly_absent(minutes: int, wait: timedelta) -> None:
    """Where nothing is out a moment more is asked for as often as the timetable lets it."""
    since, busy = START - timedelta(minutes=minutes), RetryAt(START, "Busy.")
    told = replace(PLANNED, not_before=START + wait, answer="Busy.")
    assert after_send(TRIED, busy, START, since) == Change(told)
    assert after_renewal(PLANNED, busy, START, since) == Change(told)


@pytest.mark.parametrize("outcome", [Unknown("Lost."), Repeated("Lost."), Held("credit", "no")])
def test_only_a_try_in_vain_is_not_counted(outcome: Outcome) -> None:
    """What may be out is doubted, however long nothing was."""
    assert after_send(TRIED, outcome, START, START) == after_send(TRIED, outcome, START)


@pytest.mark.parametrize(
    ("sight", "change"),
    [
        (Sent((receipt(1),)), Change(replace(LOST, state="sent", answer=None), (receipt(1),))),
        (
            Absent(),
            Change(replace(LOST, state="planned", not_before=START + timedelta(seconds=1))),
        ),
        (Held("account", "no"), Change(replace(LOST, state="unknown"), hold=Hold("account", "no"))),
        (
            Unknown("Busy."),
            Change(replace(FOUND_NOTHING, not_before=START + timedelta(seconds=LOOK_WAITS[1]))),
        ),
        (RetryAt(SOON, "Busy."), Change(replace(FOUND_NOTHING, not_before=SOON))),
        (
            Unseen(resend=True, cost=7),
            Change(
                replace(
                    FOUND_NOTHING,
                    not_before=START + timedelta(seconds=LOOK_WAITS[1]),
                    answer="Lost.",
                ),
                cost=7,
            ),
        ),
    ],
)
def test_what_a_look_makes_of_a_step(sight: Sight, change: Change) -> None:
    """Each sight leads to one state; only `Absent` lets a step be sent again."""
    assert after_look(LOST, sight, START) == change


LAST = replace(LOST, looks=MAX_LOOKS - 1)


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_what_is_not_seen_for_two_minutes_is_sent_again(state: StepState) -> None:
    """A step that did not show in all looks is planned once more, as the configuration allows."""
    change = after_look(replace(LAST, state=state), Unseen(resend=True, cost=7), START)
    again = START + timedelta(seconds=1)
    assert change == Change(replace(LAST, state="planned", not_before=again), cost=7)


@pytest.mark.parametrize(
    ("state", "resend", "words"),
    [
        ("unknown", False, "Nobody can tell whether the last post is out"),
        ("sending", False, "Nobody can tell whether the last post is out"),
        ("repeated", False, "the same words are out already"),
        ("repeated", True, "the same words are out already"),
    ],
)
def test_what_is_not_seen_is_held_where_it_may_not_be_sent(
    state: StepState, *, resend: bool, words: str
) -> None:
    """A duplicate is no proof and never sent again by itself; a cautious account sends nothing."""
    change = after_look(replace(LAST, state=state), Unseen(resend=resend), START)
    assert change.hold is not None
    assert change.hold.kind == "outcome"
    assert words in change.hold.reason
    assert "--sent" in change.hold.reason
    assert change.step.state == ("repeated" if state == "repeated" else "unknown")
    assert change.step.looks == 0


def test_the_looks_take_two_minutes() -> None:
    """A post has two minutes to show."""
    assert sum(LOOK_WAITS) == 120


RECEIPTS = st.just(Sent(()))
MOMENTS = st.timedeltas(timedelta(days=-1), timedelta(days=1)).map(lambda shift: START + shift)
RETRIES = st.builds(RetryAt, when=MOMENTS, reason=st.just("busy"))
HOLDS = st.builds(Held, kind=st.sampled_from(["credentials", "broken"]), reason=st.just("held"))
UNCLEAR = st.just(Unknown("dropped"))
OUTCOMES = st.one_of(
    RECEIPTS, UNCLEAR, RETRIES, HOLDS, st.just(Refused("no")), st.just(Repeated("no"))
)
UNSEEN = st.builds(Unseen, resend=st.booleans())
SIGHTS = st.one_of(RECEIPTS, UNCLEAR, st.just(Absent()), UNSEEN, RETRIES, HOLDS)
STEPS = st.builds(
    StepRow,
    number=st.just(0),
    state=st.sampled_from(["planned", "sending", "unknown", "repeated", "sent"]),
    tries=st.integers(0, MAX_TRIES),
    not_before=st.none() | MOMENTS,
    looks=st.integers(0, MAX_LOOKS),
    doubted=st.booleans(),
)


@st.composite
def reachable(draw: st.DrawFn) -> Delivery:
    """Draw a delivery as one can stand: some steps sent, one in any state, the rest planned."""
    before = draw(st.integers(0, 3))
    after = draw(st.integers(0, 3))
    states: list[StepRow] = [StepRow(0, "sent", tries=1)] * before
    states += [draw(STEPS), *[StepRow(0, "planned")] * after]
    return delivery(steps=tuple(replace(one, number=at) for at, one in enumerate(states, 1)))


def put(known: Delivery, change: Change) -> Delivery:
    """Store a change as the ledger does."""
    before = known.steps[change.step.number - 1]
    if not before.state == change.step.state in UNCERTAIN:
        check_step_transition(before.state, change.step.state)
    steps = list(known.steps)
    steps[change.step.number - 1] = change.step
    row = known.row
    if change.hold is not None:
        check_thread_transition(row.state, "held")
        row = replace(row, state="held", hold=change.hold.kind)
    return replace(known, row=row, steps=tuple(steps))


def carried_out(known: Delivery, action: Action, data: st.DataObject, now: datetime) -> Delivery:
    """Carry an action out on a network that answers anything."""
    match action:
        case Send(number):
            step = known.steps[number - 1]
            assert step.state == "planned", "what may be out was sent again"
            assert all(one.state == "sent" for one in known.steps[: number - 1])
            since = START if is_wholly_absent(known) else None
            known = put(known, Change(before_send(step)))
            intent = known.steps[number - 1]
            if data.draw(st.booleans(), label="the process dies"):
                return known
            return put(known, after_send(intent, data.draw(OUTCOMES), now, since))
        case Look(number):
            sight = data.draw(SIGHTS)
            return put(known, after_look(known.steps[number - 1], sight, now))
        case Finish():
            assert all(one.state == "sent" for one in known.steps)
            return replace(known, row=replace(known.row, state="published"))
        case Hold(kind):
            return replace(known, row=replace(known.row, state="held", hold=kind))
    msg = f"{action} is out of place"
    raise AssertionError(msg)


@given(known=reachable(), data=st.data())
def test_every_delivery_ends(known: Delivery, data: st.DataObject) -> None:
    """A delivery ends, whatever the network answers and wherever the process dies.

    While nothing of it is out, the timetable ends it.

    On the way nothing is sent before its turn, and nothing twice without a look that found nothing.
    """
    now = START
    for _ in range(MOST_ACTIONS):
        action = next_action(known, now)
        if isinstance(action, Stop):
            assert action.state in {"published", "held"}
            return
        if isinstance(action, Wait):
            if is_wholly_absent(known) and action.until > START + MAX_LATE:
                return
            assert action.until > now
            now = action.until
            continue
        known = carried_out(known, action, data, now)
    pytest.fail("the delivery does not end")


@given(known=reachable())
def test_resuming_never_forgets_what_may_be_out(known: Delivery) -> None:
    """A plan is made anew only where no step was ever sent without a clear answer."""
    fresh = resumed_steps(known.steps)
    clear = all(one.state == "planned" and not one.doubted for one in known.steps)
    assert (fresh is None) == clear
    if fresh is not None:
        doubtful = [one.state == "planned" and one.doubted for one in known.steps]
        states = zip(doubtful, known.steps, strict=True)
        assert [one.state for one in fresh] == [
            "unknown" if in_doubt else one.state for in_doubt, one in states
        ]
        assert {(one.tries, one.looks, one.not_before) for one in fresh} == {(0, 0, None)}
    assert is_wholly_absent(known) == clear


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (Step(1, (1,), ""),),
        (Step(1, (2, 1, 3), ""),),
        (Step(1, (1, 2, 3), ""), Step(2, (3,), "")),
        (Step(2, (1, 2, 3), ""),),
    ],
)
def test_a_plan_must_write_each_post_once(steps: tuple[Step, ...]) -> None:
    """A plan that leaves a post out, writes it twice or changes the order is refused."""
    with pytest.raises(PlanError, match="each post once"):
        planned_steps(Plan("x", "enpause", steps), thread("x", 3))


@pytest.mark.parametrize("before", THREAD_TRANSITIONS)
@pytest.mark.parametrize("after", THREAD_TRANSITIONS)
def test_states_of_threads(before: ThreadState, after: ThreadState) -> None:
    """A thread's state follows another only where the table says so."""
    if after in THREAD_TRANSITIONS[before]:
        check_thread_transition(before, after)
    else:
        with pytest.raises(TransitionError, match=f"a thread that is {before}"):
            check_thread_transition(before, after)


@pytest.mark.parametrize("before", STEP_TRANSITIONS)
@pytest.mark.parametrize("after", STEP_TRANSITIONS)
def test_states_of_steps(before: StepState, after: StepState) -> None:
    """A step's state follows another only where the table says so."""
    if after in STEP_TRANSITIONS[before]:
        check_step_transition(before, after)
    else:
        with pytest.raises(TransitionError, match=f"a step that is {before}"):
            check_step_transition(before, after)
