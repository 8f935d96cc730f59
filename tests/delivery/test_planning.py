"""Plans in the ledger: scheduled, moved, held, cancelled, and found when their time has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from places import STORES
from samples import ARTICLE, START, Run, approved, sandbox, thread

from threadbot.delivery.drive import drive
from threadbot.delivery.due_questions import PER_ACCOUNT
from threadbot.delivery.schedule import Schedule
from threadbot.delivery.timing import At, NextSlot, Timing
from threadbot.errors import InputError
from threadbot.networks.port import Held, Refused, RetryAt, Unknown
from threadbot.networks.sandbox import Lost, Script

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import ThreadState

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
SCHEDULE = Schedule()
HOUR = timedelta(hours=1)
TOMORROW = START + timedelta(days=1)
SLOT = Timing(SCHEDULE, NextSlot())
# START is 09:00, and the first slots of the default timetable after it are these.
FIRST_SLOT = START.replace(hour=12, minute=15)
SECOND_SLOT = START.replace(hour=18)


def at(moment: datetime) -> Timing:
    """Wish for a time that a person named."""
    return Timing(SCHEDULE, At(moment))


def article(ledger: Ledger, name: str) -> int:
    """Store an article of its own."""
    made = replace(ARTICLE, url=f"https://enpause.com/{name}")
    return ledger.record_article(made, None, START)


def scheduled(ledger: Ledger, timing: Timing, name: str = "tramway", account: str = "a") -> str:
    """Schedule a thread, and give its name."""
    made = thread("bluesky", account=account)
    number = article(ledger, name)
    return ledger.schedule([made], number, timing, sandbox=True, now=START)[0].row.id


def in_state(ledger: Ledger, folder: Path, state: ThreadState) -> str:
    """Put a thread of a certain state into a ledger."""
    trouble: dict[ThreadState, Script] = {
        "sending": Script(send=[None, RetryAt(TOMORROW, "Later.")]),
        "held": Script(send=[None, Refused("No.")]),
        "published": Script(),
        "deleted": Script(),
        "superseded": Script(),
    }
    if state == "draft":
        number = article(ledger, "draft")
        return ledger.propose(thread(), number, sandbox=True, now=START).id
    name = approved(ledger, thread())
    if state in trouble:
        drive(ledger, name, Run(ledger, sandbox(folder, script=trouble[state])).outside)
    if state == "deleted":
        ledger.delete(name, START)
    if state == "cancelled":
        ledger.cancel(name, START)
    if state == "superseded":
        number = ledger.delivery(name).row.article
        late = ledger.propose(thread(words="Plus tard"), number, sandbox=True, now=START)
        assert not ledger.approve(late.id, START).won
        name = late.id
    assert ledger.delivery(name).row.state == state
    return name


def test_a_thread_is_scheduled_with_its_time(ledger: Ledger) -> None:
    """Claim, approval, time and who named it are stored together."""
    named = ledger.delivery(scheduled(ledger, at(TOMORROW))).row
    slot = ledger.delivery(scheduled(ledger, SLOT, "pont")).row
    assert (named.state, named.due_at, named.by_hand) == ("scheduled", TOMORROW, True)
    assert (slot.state, slot.due_at, slot.by_hand) == ("scheduled", FIRST_SLOT, False)


def test_a_slot_is_given_once(ledger: Ledger) -> None:
    """Each next article of an account has the next slot; another account has slots of its own."""
    names = [scheduled(ledger, SLOT, name) for name in ("one", "two")]
    names.append(scheduled(ledger, SLOT, "three", account="b"))
    due = [ledger.delivery(name).row.due_at for name in names]
    assert due == [FIRST_SLOT, SECOND_SLOT, FIRST_SLOT]
    assert ledger.taken("a", sandbox=True, since=START) == (FIRST_SLOT, SECOND_SLOT)
    assert ledger.taken("a", sandbox=False, since=START) == ()


def test_networks_follow_each_other(ledger: Ledger) -> None:
    """The threads of one article are the timetable's offset apart."""
    timing = Timing(replace(SCHEDULE, apart=HOUR), NextSlot())
    made = [thread("x", account="a"), thread("bluesky", account="b")]
    approvals = ledger.schedule(made, article(ledger, "a"), timing, sandbox=True, now=START)
    assert [one.row.due_at for one in approvals] == [FIRST_SLOT, FIRST_SLOT + HOUR]


def test_without_a_slot_nothing_is_stored(ledger: Ledger) -> None:
    """What cannot be given its time is not approved either."""
    empty = Timing(replace(SCHEDULE, weekdays=((),) * 7), NextSlot())
    with pytest.raises(InputError, match="no slot"):
        scheduled(ledger, empty)
    assert ledger.history() == ()


def test_other_words_take_the_place_of_a_scheduled_thread(ledger: Ledger) -> None:
    """A corrected article replaces what was scheduled, also while a worker has the lock."""
    number = article(ledger, "a")
    first, same, other = (
        ledger.schedule([made], number, SLOT, sandbox=True, now=START)[0]
        for made in (thread(), thread(), thread(words="Quimper"))
    )
    assert (first.won, same.won, other.won) == (True, False, True)
    assert same.row == first.row
    assert ledger.delivery(first.row.id).row.state == "cancelled"
    assert other.row.due_at == FIRST_SLOT


@pytest.mark.parametrize("moment", [START, START - HOUR])
def test_what_is_due_now_is_approved(ledger: Ledger, tmp_path: Path, moment: datetime) -> None:
    """A draft that is approved for now waits for nothing."""
    name = in_state(ledger, tmp_path, "draft")
    row = ledger.approve_for(name, at(moment), START).row
    assert (row.state, row.due_at, row.by_hand) == ("approved", None, True)


def test_a_draft_is_approved_for_a_slot(ledger: Ledger, tmp_path: Path) -> None:
    """Approval by a person, or by a source that may post by itself, places a thread."""
    name = in_state(ledger, tmp_path, "draft")
    approval = ledger.approve_for(name, SLOT, START)
    assert approval.won
    assert (approval.row.state, approval.row.due_at) == ("scheduled", FIRST_SLOT)


def test_a_draft_that_comes_too_late(ledger: Ledger, tmp_path: Path) -> None:
    """A draft of an article that is published is superseded, and the other one is given."""
    published = in_state(ledger, tmp_path, "published")
    number = ledger.record_article(ARTICLE, None, START)
    late = ledger.propose(thread(words="Quimper"), number, sandbox=True, now=START)
    approval = ledger.approve_for(late.id, SLOT, START)
    assert (approval.won, approval.row.id) == (False, published)
    assert ledger.delivery(late.id).row.state == "superseded"


def test_a_thread_is_moved(ledger: Ledger) -> None:
    """Its own time does not keep a thread from a slot, and a slot is no longer by hand."""
    name = scheduled(ledger, at(FIRST_SLOT))
    assert ledger.move(name, SLOT, START).due_at == FIRST_SLOT
    row = ledger.move(name, at(TOMORROW), START)
    assert (row.state, row.due_at, row.by_hand) == ("scheduled", TOMORROW, True)
    assert ledger.due(FIRST_SLOT, 10) == ()


def test_a_thread_that_is_moved_to_now_is_due_now(ledger: Ledger) -> None:
    """Not since it was scheduled, or it would be held as too late."""
    name = scheduled(ledger, at(TOMORROW))
    later = START + 10 * HOUR
    row = ledger.move(name, at(later), later)
    assert (row.state, row.due_at) == ("scheduled", later)
    assert [one.due_at for one in ledger.due(later, 10)] == [later]


def test_a_held_thread_is_moved_back(ledger: Ledger) -> None:
    """It waits again under a new attempt, as a worker has done with the last one."""
    name = scheduled(ledger, SLOT)
    before = ledger.due(FIRST_SLOT, 10)[0].attempt
    held = ledger.hold_by_hand(name, START)
    assert (held.state, held.hold) == ("held", "person")
    assert ledger.due(FIRST_SLOT, 10) == ()
    row = ledger.move(name, at(TOMORROW), START)
    assert (row.state, row.hold, row.reason) == ("scheduled", None, None)
    assert ledger.due(TOMORROW, 10)[0].attempt == before + 1


CHANGES: dict[str, Callable[[Ledger, str], object]] = {
    "moved": lambda ledger, name: ledger.move(name, SLOT, START),
    "held": lambda ledger, name: ledger.hold_by_hand(name, START),
    "cancelled": lambda ledger, name: ledger.cancel_by_hand(name, START),
    "rejected": lambda ledger, name: ledger.reject_by_hand(name, START),
    "approved": lambda ledger, name: ledger.approve_for(name, SLOT, START),
}


@pytest.mark.parametrize(
    ("state", "to_be", "said"),
    [
        ("draft", "moved", "is a draft; it cannot be moved: approve it"),
        ("draft", "held", "is a draft; it cannot be held"),
        ("draft", "cancelled", "is a draft; it cannot be cancelled: reject it"),
        ("approved", "approved", "is approved already"),
        ("approved", "rejected", "is approved; it cannot be rejected: cancel it"),
        ("sending", "moved", "is being sent; it cannot be moved"),
        ("sending", "cancelled", "is being sent, and a post of it is out or may be"),
        (
            "held",
            "moved",
            "is held, and a post of it is out or may be; it cannot be moved: `thread",
        ),
        ("held", "cancelled", "is held, and a post of it is out or may be"),
        ("held", "held", "is held already: "),
        (
            "held",
            "approved",
            "is held; it cannot be approved: `threadbot queue retry 1` goes on with it, or",
        ),
        ("published", "moved", "is published; it cannot be moved"),
        ("published", "cancelled", "is published; it cannot be cancelled: `threadbot delete 1`"),
        ("deleted", "moved", "is deleted; it cannot be moved"),
        ("cancelled", "cancelled", "is cancelled already"),
    ],
)
def test_what_cannot_be(
    ledger: Ledger, tmp_path: Path, state: ThreadState, to_be: str, said: str
) -> None:
    """A change that a thread's state does not allow is refused in words, and nothing changes."""
    name = in_state(ledger, tmp_path, state)
    before = ledger.delivery(name)
    with pytest.raises(InputError, match=f"^thread {name} {said}"):
        CHANGES[to_be](ledger, name)
    assert ledger.delivery(name) == before


def test_a_thread_that_waits_half_way_is_held(ledger: Ledger, tmp_path: Path) -> None:
    """A network that asks to wait for a day leaves time to think again; then the rest goes out."""
    name = in_state(ledger, tmp_path, "sending")
    held = ledger.hold_by_hand(name, START)
    assert (held.state, held.hold) == ("held", "person")
    run = Run(ledger, sandbox(tmp_path))
    assert drive(ledger, name, run.outside).kind == "held"
    ledger.resume(name, START)
    assert drive(ledger, name, run.outside).kind == "done"


@pytest.mark.parametrize("trouble", ["its moment has come", "a post is in doubt"])
def test_a_thread_that_is_at_work_is_not_held(ledger: Ledger, tmp_path: Path, trouble: str) -> None:
    """Somebody may be sending it just now, or has to find out first what became of it."""
    if trouble == "its moment has come":
        name, now = in_state(ledger, tmp_path, "sending"), TOMORROW
    else:
        name, now = approved(ledger, thread()), START
        script = Script(send=[Lost("The answer was lost.")], look=[RetryAt(TOMORROW, "Later.")])
        drive(ledger, name, Run(ledger, sandbox(tmp_path, script=script)).outside)
    with pytest.raises(InputError, match="is being sent; it cannot be held"):
        ledger.hold_by_hand(name, now)


@pytest.mark.parametrize("to_be", CHANGES)
def test_an_unknown_thread(ledger: Ledger, to_be: str) -> None:
    """A number that the ledger does not have is said."""
    with pytest.raises(InputError, match="there is no thread '99' in the ledger"):
        CHANGES[to_be](ledger, "99")


def test_a_cancelled_thread_frees_its_article(ledger: Ledger) -> None:
    """Whoever cancels may schedule the article anew."""
    name = scheduled(ledger, SLOT)
    assert ledger.cancel_by_hand(name, START).state == "cancelled"
    assert scheduled(ledger, SLOT) != name


@pytest.mark.parametrize("change", ["held", "cancelled", "moved"])
def test_a_person_may_be_quicker_than_the_driver(
    ledger: Ledger, tmp_path: Path, change: str
) -> None:
    """Nothing is sent of a thread that was held, cancelled or moved just before it was begun."""
    name = approved(ledger, thread())
    run = Run(ledger, sandbox(tmp_path))
    CHANGES[change](ledger, name)
    before = ledger.delivery(name)
    ledger.begin(name, run.clock.now())
    assert ledger.delivery(name) == before


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_thread_that_is_cancelled_under_its_driver(
    ledger: Ledger, tmp_path: Path, count: int
) -> None:
    """Nothing goes out after a person has cancelled, before beginning, preparing or sending."""
    box, seen = sandbox(tmp_path), []
    name = approved(ledger, thread())

    def cancel(_known: object, action: object) -> None:
        seen.append(action)
        if len(seen) == count:
            ledger.cancel_by_hand(name, START)

    with pytest.raises(InputError, match="cannot be sent: it was cancelled"):
        drive(ledger, name, replace(Run(ledger, box).outside, progress=cancel))
    assert len(seen) == count + 1
    assert not any(event["posted"] for event in box.journal.events())


def test_what_is_due(ledger: Ledger) -> None:
    """Threads whose time has come, with all that decides which of them goes out."""
    early, late = scheduled(ledger, SLOT, "one"), scheduled(ledger, SLOT, "two")
    number = article(ledger, "three")
    now = ledger.claim(thread("bluesky", account="b"), number, sandbox=False, now=START).row.id
    assert [one.id for one in ledger.due(FIRST_SLOT - HOUR, 10)] == [now]
    found = ledger.due(FIRST_SLOT, 10)
    assert [(one.id, one.account, one.sandbox, one.due_at, one.by_hand) for one in found] == [
        (now, "b", False, START, True),
        (early, "a", True, FIRST_SLOT, False),
    ]
    assert [one.id for one in ledger.due(SECOND_SLOT, 10)] == [now, early, late]
    assert [one.id for one in ledger.due(SECOND_SLOT, 1)] == [now]
    assert [one.id for one in ledger.due(SECOND_SLOT, 10, sandbox=True)] == [early, late]
    assert [one.id for one in ledger.due(SECOND_SLOT, 10, sandbox=False)] == [now]


def test_one_account_does_not_hide_the_others(ledger: Ledger) -> None:
    """However much of one account is overdue, each other account's first thread is found."""
    for number in range(PER_ACCOUNT + 5):
        scheduled(ledger, at(START + HOUR), f"many-{number}", account="many")
    few = scheduled(ledger, at(START + 2 * HOUR), "few", account="few")
    found = ledger.due(START + 3 * HOUR, 100)
    assert len(found) == PER_ACCOUNT + 1
    assert found[1].id == few


def test_what_goes_on_is_due(ledger: Ledger, tmp_path: Path) -> None:
    """A thread under way is due once its next step may go on, under the number of its attempt."""
    name = approved(ledger, thread())
    attempt = ledger.due(START, 10)[0].attempt
    script = Script(prepare=[RetryAt(START + HOUR, "Later.")], send=[RetryAt(TOMORROW, "Later.")])
    drive(ledger, name, Run(ledger, sandbox(tmp_path, script=script)).outside)
    assert ledger.due(START + HOUR / 2, 10) == ()
    found = ledger.due(START + HOUR, 10)
    assert [(one.id, one.state, one.attempt) for one in found] == [(name, "sending", attempt)]
    run = Run(ledger, sandbox(tmp_path, script=Script(send=[RetryAt(TOMORROW, "Later.")])))
    run.clock.sleep(HOUR.total_seconds())
    drive(ledger, name, run.outside)
    assert ledger.due(TOMORROW - HOUR, 10) == ()
    assert [one.id for one in ledger.due(TOMORROW, 10)] == [name]


def test_a_resumed_thread_goes_on_at_once(ledger: Ledger) -> None:
    """Whoever resumes what is held does not wait for the time that it had."""
    name = scheduled(ledger, at(TOMORROW))
    ledger.hold_by_hand(name, START)
    ledger.resume(name, START)
    found = ledger.due(START, 10)
    assert [(one.id, one.state) for one in found] == [(name, "sending")]


def test_the_last_thread_of_an_account(ledger: Ledger, tmp_path: Path) -> None:
    """The least distance counts from the moment at which a thread was begun."""
    assert ledger.last_out(START - HOUR, START) == {}
    in_state(ledger, tmp_path, "published")
    assert ledger.last_out(START, START) == {("enpause", True): START}
    assert ledger.last_out(START + HOUR, TOMORROW) == {}
    assert ledger.taken("enpause", sandbox=True, since=START) == (START,)


def test_what_was_stopped_before_anything_was_out_keeps_no_distance(ledger: Ledger) -> None:
    """A thread whose network was away is held and moved: it does not wait for itself."""
    soon = START + timedelta(minutes=1)
    name = approved(ledger, thread())
    ledger.begin(name, START)
    ledger.postpone(name, soon, "Away.")
    ledger.hold_by_hand(name, START)
    assert ledger.last_out(START, TOMORROW) == {}
    assert ledger.taken("enpause", sandbox=True, since=START) == ()
    ledger.move(name, at(soon), soon)
    assert ledger.last_out(START, TOMORROW) == {}
    assert ledger.last_of("enpause", sandbox=True, since=START, now=TOMORROW) is None
    assert ledger.taken("enpause", sandbox=True, since=START) == (soon,)


def test_what_was_put_off_and_cancelled_takes_no_place(ledger: Ledger) -> None:
    """Nothing of it goes out in the morning, and others need not wait for it."""
    name = approved(ledger, thread())
    ledger.begin(name, START)
    ledger.put_off(name, ledger.outline(name).row.planned_at, TOMORROW)
    assert ledger.taken("enpause", sandbox=True, since=START) == (TOMORROW,)
    ledger.cancel_by_hand(name, START)
    assert ledger.last_out(START, TOMORROW) == {}
    assert ledger.last_of("enpause", sandbox=True, since=START, now=TOMORROW) is None
    assert ledger.taken("enpause", sandbox=True, since=START) == ()


NO = Held("credentials", "The password is wrong.")


@pytest.mark.parametrize(
    "script", [Script(send=[None, Refused("No.")]), Script(send=[Unknown("Lost.")], look=[NO])]
)
def test_what_was_stopped_half_way_keeps_others_at_a_distance(
    ledger: Ledger, tmp_path: Path, script: Script
) -> None:
    """A post of it is out, or may be."""
    name = approved(ledger, thread())
    drive(ledger, name, Run(ledger, sandbox(tmp_path, script=script)).outside)
    assert ledger.delivery(name).row.state == "held"
    assert ledger.last_out(START, START) == {("enpause", True): START}
    assert ledger.taken("enpause", sandbox=True, since=START) == (START,)


def test_a_first_post_that_waits_begins_when_it_goes_out(ledger: Ledger, tmp_path: Path) -> None:
    """The network takes nothing before tomorrow: others keep their distance from then."""
    name = approved(ledger, thread())
    script = Script(send=[RetryAt(TOMORROW, "Later.")])
    drive(ledger, name, Run(ledger, sandbox(tmp_path, script=script)).outside)
    assert ledger.last_out(START, TOMORROW - HOUR) == {}
    assert ledger.last_out(START, TOMORROW) == {("enpause", True): TOMORROW}


def test_what_is_too_late_is_held(ledger: Ledger) -> None:
    """A worker that finds it too late holds it, unless a person has given it another time."""
    name = scheduled(ledger, SLOT)
    late = SECOND_SLOT + 10 * HOUR
    assert not ledger.hold_late(name, SECOND_SLOT, "Too late.", late)
    assert ledger.hold_late(name, FIRST_SLOT, "Too late.", late)
    row = ledger.delivery(name).row
    assert (row.state, row.hold, row.reason) == ("held", "late", "Too late.")
    assert not ledger.hold_late(name, FIRST_SLOT, "Too late.", late)


def test_a_doubtful_thread_is_not_moved(ledger: Ledger, tmp_path: Path) -> None:
    """Double posts, postiz#1321: what may be out is never planned anew."""
    name = approved(ledger, thread())
    look = [RetryAt(TOMORROW, "Later.")]
    script = Script(send=[Lost("The answer was lost.")], look=look)
    drive(ledger, name, Run(ledger, sandbox(tmp_path, script=script)).outside)
    with pytest.raises(InputError, match="is being sent, and a post of it is out or may be"):
        ledger.cancel_by_hand(name, START)
