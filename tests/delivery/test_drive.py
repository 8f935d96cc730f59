"""The driver on the sandbox: every way a delivery can go, and what the ledger knows afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from places import STORES
from samples import ARTICLE, START, Run, approved, sandbox, thread

from threadbot.delivery.answers import LOOK_WAITS, MAX_TRIES, MOST_TRIES
from threadbot.delivery.deliver import Look, PlanError, Send, Wait
from threadbot.delivery.drive import PATIENCE, drive
from threadbot.errors import InputError, LawError
from threadbot.networks.port import Absent, Held, Receipt, Refused, RetryAt, Sent, Unknown
from threadbot.networks.sandbox import Lost, Script

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from threadbot.delivery.drive import EndKind
    from threadbot.delivery.ledger import Ledger
    from threadbot.networks.plan import Plan, Step
    from threadbot.networks.port import HoldKind, Outcome
    from threadbot.thread.model import NetworkName

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
DROPPED = Unknown("The connection was dropped.")
LOST = Lost("The answer was lost.")
SOON = RetryAt(START + timedelta(seconds=30), "Busy.")
TOMORROW = RetryAt(START + timedelta(days=1), "The day's limit is reached.")


def run(ledger: Ledger, folder: Path, network: NetworkName, script: Script) -> Run:
    """Set a run up."""
    return Run(ledger, sandbox(folder, network, script))


def texts(folder: Path, network: NetworkName) -> list[str]:
    """Give what is out on the sandbox, in order."""
    return [post["text"] for post in sandbox(folder, network).posts()]


def repeats(folder: Path) -> int:
    """Count how often the sandbox was sent what it had already."""
    return sum("repeated" in event for event in sandbox(folder).journal.events())


WHOLE: dict[str, tuple[NetworkName, Script]] = {
    "X, post by post": ("x", Script()),
    "Bluesky, in one commit": ("bluesky", Script()),
    "the answer is lost": ("bluesky", Script(send=[LOST])),
    "the answer to the second post is lost": ("x", Script(send=[None, LOST])),
    "dropped before it left": ("x", Script(send=[None, DROPPED])),
    "dropped five times less one": ("bluesky", Script(send=[DROPPED] * (MAX_TRIES - 1))),
    "lost, and the look does not see it at first": (
        "x",
        Script(send=[LOST], look=[DROPPED, RetryAt(START, "Busy."), None]),
    ),
    "busy for a moment": ("x", Script(send=[None, SOON], prepare=[SOON])),
    "busy when it is prepared": ("bluesky", Script(prepare=[SOON, SOON])),
}


@pytest.mark.parametrize(("network", "script"), WHOLE.values(), ids=WHOLE)
def test_a_thread_goes_out_once(
    ledger: Ledger, tmp_path: Path, network: NetworkName, script: Script
) -> None:
    """Double posts, postiz#1321, #1172: after every trouble each post is out once, in order."""
    made = thread(network)
    name = approved(ledger, made)
    ending = drive(ledger, name, run(ledger, tmp_path, network, script).outside)
    assert (ending.kind, ending.exit_code, ending.reason) == ("done", 0, "")
    assert texts(tmp_path, network) == [post.text for post in made.posts]
    assert repeats(tmp_path) == 0
    assert [one.post for one in ending.delivery.receipts] == [1, 2, 3]
    assert ledger.delivery(name) == ending.delivery
    assert ledger.delivery(name).row.state == "published"


CREDENTIALS = Held("credentials", "The password is wrong.")
STOPS: dict[str, tuple[Script, EndKind, int, HoldKind | None, int]] = {
    "refused before anything": (Script(prepare=[Refused("No.")]), "refused", 3, "other", 0),
    "the first post refused": (Script(send=[Refused("No.")]), "refused", 3, "other", 0),
    "the second post refused": (Script(send=[None, Refused("No.")]), "held", 6, "other", 1),
    "wrong password": (Script(prepare=[CREDENTIALS]), "held", 6, "credentials", 0),
    "revoked in between": (Script(send=[None, CREDENTIALS]), "held", 6, "credentials", 1),
    "no look allowed": (Script(send=[DROPPED], look=[CREDENTIALS]), "held", 6, "credentials", 0),
    "a long wait": (Script(send=[None, TOMORROW]), "later", 4, None, 1),
    "a long wait before the plan": (Script(prepare=[TOMORROW]), "later", 4, None, 0),
    "always a moment more": (Script(prepare=[SOON] * MAX_TRIES), "later", 4, None, 0),
    "always a moment more for the first post": (Script(send=[SOON] * 30), "later", 4, None, 0),
    "always a moment more for the second": (
        Script(send=[None, *[SOON] * MAX_TRIES]),
        "later",
        4,
        None,
        1,
    ),
    "a long wait for a look": (Script(send=[LOST], look=[TOMORROW]), "later", 4, None, 0),
    "nobody knows": (
        Script(send=[LOST], look=[DROPPED] * len(LOOK_WAITS)),
        "unknown",
        5,
        "outcome",
        0,
    ),
    "dropped again and again": (Script(send=[DROPPED] * MAX_TRIES), "held", 6, "other", 0),
}


def test_half_a_thread_is_tried_for_hours(ledger: Ledger, tmp_path: Path) -> None:
    """An outage in its midst is waited for, longer and longer, before a person has to act."""
    script = Script(send=[None, *[SOON] * MOST_TRIES])
    name = approved(ledger, thread())
    driven = run(ledger, tmp_path, "x", script)
    patient = replace(driven.outside, patience=timedelta(hours=1))
    ending = drive(ledger, name, patient)
    assert (ending.kind, len(ending.delivery.receipts)) == ("held", 1)
    assert f"tried {MOST_TRIES} times in vain" in ending.reason
    assert sum(driven.clock.slept) >= timedelta(hours=6).total_seconds()
    assert max(driven.clock.slept) == timedelta(minutes=10).total_seconds()


def test_an_answer_that_is_lost_after_a_long_outage_ends_no_thread(
    ledger: Ledger, tmp_path: Path
) -> None:
    """What was certainly in vain counts no more: the network is there again."""
    script = Script(send=[None, *[SOON] * (MAX_TRIES + 4), DROPPED])
    name = approved(ledger, thread())
    driven = run(ledger, tmp_path, "x", script)
    ending = drive(ledger, name, replace(driven.outside, patience=timedelta(hours=1)))
    assert (ending.kind, ending.exit_code) == ("done", 0)
    assert len(ending.delivery.receipts) == 3


@pytest.mark.parametrize(("script", "kind", "code", "hold", "out"), STOPS.values(), ids=STOPS)
def test_a_thread_that_stops(
    ledger: Ledger,
    tmp_path: Path,
    script: Script,
    kind: EndKind,
    code: int,
    hold: HoldKind | None,
    out: int,
) -> None:
    """A run that cannot finish says why, with its exit code; the ledger knows what is out."""
    name = approved(ledger, thread())
    ending = drive(ledger, name, run(ledger, tmp_path, "x", script).outside)
    assert (ending.kind, ending.exit_code) == (kind, code)
    assert ending.reason.endswith(".")
    assert (ending.until is not None) == (kind == "later")
    row = ledger.delivery(name).row
    assert (row.state, row.hold) == ("held" if hold else "sending", hold)
    assert len(ending.delivery.receipts) == out


@pytest.mark.parametrize("network", ["x", "bluesky"])
@pytest.mark.parametrize("script", [row[0] for row in STOPS.values()], ids=STOPS)
def test_a_thread_that_stopped_is_taken_up_again(
    ledger: Ledger, tmp_path: Path, network: NetworkName, script: Script
) -> None:
    """The head of a thread alone, postiz#1581, #1525: resuming posts the rest and nothing twice."""
    made = thread(network)
    name = approved(ledger, made)
    first = run(ledger, tmp_path, network, script)
    drive(ledger, name, first.outside)
    again = run(ledger, tmp_path, network, Script())
    again.clock.moment = START + timedelta(days=2)
    ledger.resume(name, again.clock.now())
    assert drive(ledger, name, again.outside).kind == "done"
    assert texts(tmp_path, network) == [post.text for post in made.posts]
    assert repeats(tmp_path) == 0


def test_looks_go_on_for_two_minutes(ledger: Ledger, tmp_path: Path) -> None:
    """After an unclear answer the network is asked again and again, ever more seldom."""
    script = Script(send=[LOST], look=[DROPPED] * len(LOOK_WAITS))
    made = run(ledger, tmp_path, "bluesky", script)
    ending = drive(ledger, approved(ledger, thread("bluesky")), made.outside)
    assert ending.kind == "unknown"
    assert made.clock.slept == list(LOOK_WAITS[1:])
    assert sum(made.clock.slept) == 120
    assert made.actions.count(Look(1)) == len(LOOK_WAITS)
    assert made.actions.count(Send(1)) == 1


def test_a_short_wait_is_sat_through(ledger: Ledger, tmp_path: Path) -> None:
    """A wait of up to five minutes is part of the run, and its progress shows it."""
    when = START + PATIENCE
    made = run(ledger, tmp_path, "x", Script(send=[RetryAt(when, "Busy.")]))
    assert drive(ledger, approved(ledger, thread()), made.outside).kind == "done"
    assert made.clock.now() == when
    assert Wait(when, "Busy.") in made.actions


PAUSES: dict[str, Script] = {
    "before the plan": Script(prepare=[TOMORROW]),
    "before the first post": Script(send=[TOMORROW]),
    "before the second post": Script(send=[None, TOMORROW]),
    "before a look": Script(send=[LOST], look=[TOMORROW]),
}


@pytest.mark.parametrize("script", PAUSES.values(), ids=PAUSES)
def test_a_long_wait_keeps_its_reason(ledger: Ledger, tmp_path: Path, script: Script) -> None:
    """The ledger knows why a thread waits and how long: a run that comes too early says it anew."""
    name = approved(ledger, thread())
    first = drive(ledger, name, run(ledger, tmp_path, "x", script).outside)
    again = drive(ledger, name, run(ledger, tmp_path, "x", Script()).outside)
    for ending in (first, again):
        assert (ending.kind, ending.reason, ending.until) == (
            "later",
            TOMORROW.reason,
            TOMORROW.when,
        )
        assert ending.delivery.reason == TOMORROW.reason
    late = run(ledger, tmp_path, "x", Script())
    late.clock.moment = TOMORROW.when
    ending = drive(ledger, name, late.outside)
    assert (ending.kind, ending.delivery.reason) == ("done", None)


@pytest.mark.parametrize(
    "script",
    [
        Script(send=[Unknown(f"The server answered {500 + number}.") for number in range(9)]),
        Script(send=[LOST], look=[Unknown(f"It answered {number}.") for number in range(496, 505)]),
    ],
)
def test_the_last_answer_is_told(ledger: Ledger, tmp_path: Path, script: Script) -> None:
    """When patience ends, a person learns what the network answered last."""
    name = approved(ledger, thread("bluesky"))
    ending = drive(ledger, name, run(ledger, tmp_path, "bluesky", script).outside)
    assert ending.kind in {"held", "unknown"}
    last = str(499 + MAX_TRIES) if ending.kind == "held" else "503"
    assert f"answered {last}." in ending.reason
    assert ledger.delivery(name).row.reason == ending.reason


def test_wrong_order(ledger: Ledger, tmp_path: Path) -> None:
    """Wrong order, postiz#1123: each post answers the one before it, and is sent after it."""
    drive(ledger, approved(ledger, thread(count=4)), run(ledger, tmp_path, "x", Script()).outside)
    posts = sandbox(tmp_path).posts()
    names = [post["uri"] for post in posts]
    assert [post["parent"] for post in posts] == [None, *names[:-1]]
    assert [post["root"] for post in posts] == [None, *names[:1] * 3]


def test_a_post_that_vanished_stops_the_thread(ledger: Ledger, tmp_path: Path) -> None:
    """Where somebody deletes a post of a thread that is under way, no orphan is posted."""
    name = approved(ledger, thread())
    drive(ledger, name, run(ledger, tmp_path, "x", Script(send=[None, TOMORROW])).outside)
    sandbox(tmp_path).delete(ledger.delivery(name).receipts)
    late = run(ledger, tmp_path, "x", Script())
    late.clock.moment = START + timedelta(days=2)
    ending = drive(ledger, name, late.outside)
    assert (ending.kind, ending.delivery.row.hold) == ("held", "broken")
    assert texts(tmp_path, "x") == []


@pytest.mark.parametrize("first", [Script(), Script(prepare=[TOMORROW]), Script(send=[TOMORROW])])
def test_a_thread_that_breaks_a_law_is_not_sent(
    ledger: Ledger, tmp_path: Path, first: Script
) -> None:
    """Wrong grapheme count, mixpost#154: the laws are checked again before anything is sent."""
    made = thread()
    wrong = replace(made, posts=(*made.posts[:2], replace(made.posts[2], length=7)))
    name = approved(ledger, wrong)
    made_run = run(ledger, tmp_path, "x", first)
    with pytest.raises(LawError, match="its length is told wrong"):
        drive(ledger, name, made_run.outside)
    assert texts(tmp_path, "x") == []
    row = ledger.delivery(name).row
    assert (row.state, row.hold) == ("held", "other")


def test_what_was_never_approved_is_not_sent(ledger: Ledger, tmp_path: Path) -> None:
    """A draft is no thread to send, and neither is a cancelled one."""
    number = ledger.record_article(ARTICLE, None, START)
    draft = ledger.propose(thread(), number, sandbox=True, now=START)
    made = run(ledger, tmp_path, "x", Script())
    with pytest.raises(InputError, match="it was not approved"):
        drive(ledger, draft.id, made.outside)
    ledger.approve(draft.id, START)
    ledger.cancel(draft.id, START)
    with pytest.raises(InputError, match="it was cancelled"):
        drive(ledger, draft.id, made.outside)
    assert texts(tmp_path, "x") == []


def test_a_published_thread_is_not_sent_again(ledger: Ledger, tmp_path: Path) -> None:
    """Driving what is published does nothing and says that it is done."""
    name = approved(ledger, thread())
    drive(ledger, name, run(ledger, tmp_path, "x", Script()).outside)
    again = run(ledger, tmp_path, "x", Script())
    assert drive(ledger, name, again.outside).kind == "done"
    assert len(again.actions) == 1
    assert len(texts(tmp_path, "x")) == 3


class Careless:
    """A network whose receipts are not those of its posts."""

    def __init__(self, folder: Path) -> None:
        self._inner = sandbox(folder)
        self.prepare = self._inner.prepare
        self.renew = self._inner.renew
        self.adopt = self._inner.adopt
        self.delete = self._inner.delete
        self.examine = self._inner.examine
        self.close = self._inner.close

    def send(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Outcome:
        """Post, and mix the receipts up."""
        self._inner.send(plan, step, before)
        return Sent((Receipt(7, "x", None, "x"),))

    def look(self, plan: Plan, step: Step, before: Sequence[Receipt]) -> Sent | Absent:
        """See nothing wrong."""
        found = self._inner.look(plan, step, before)
        assert isinstance(found, Sent | Absent)
        return found


def test_a_wrong_receipt_stores_nothing(ledger: Ledger, tmp_path: Path) -> None:
    """Receipts of other posts are a fault of ours; the step is looked for the next time."""
    name = approved(ledger, thread())
    made = Run(ledger, Careless(tmp_path))
    with pytest.raises(PlanError, match="step 1 are not those of its posts"):
        drive(ledger, name, made.outside)
    assert ledger.delivery(name).steps[0].state == "sending"
    assert drive(ledger, name, run(ledger, tmp_path, "x", Script()).outside).kind == "done"
    assert repeats(tmp_path) == 0
