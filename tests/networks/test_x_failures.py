"""Every way in which X can fail becomes one of the port's values: each row of what is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from x_simulator import model
from x_simulator.adapter import adapter
from x_threads import prepared, sent, thread

from threadbot.networks.port import (
    Held,
    Refused,
    Repeated,
    RetryAt,
    Sent,
    Unknown,
    Unseen,
)

if TYPE_CHECKING:
    from datetime import datetime

    from x_simulator.clock import Clock
    from x_simulator.faults import FaultKind
    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

    from threadbot.networks.port import HoldKind, Outcome


@pytest.fixture
def account(x: XSimulator) -> XAccount:
    """Give a fresh account."""
    return x.account()


def outcome_of(
    x: XSimulator, account: XAccount, clock: Clock, fault: FaultKind, *, stored: bool = False
) -> Outcome:
    """Send a post that meets a fault."""
    network = adapter(x, account, clock=clock, seconds=0.5 if fault == "stall" else 5)
    plan = prepared(network, thread("Bonjour."), clock())
    x.fault(fault, stored=stored)
    return network.send(plan, plan.steps[0], ())


HELD: list[tuple[FaultKind, HoldKind, str]] = [
    ("401", "credentials", "run `threadbot auth x`"),
    ("402", "credit", "buy more"),
    ("403-gone", "broken", "delete the thread"),
    ("400-gone", "broken", "delete the thread"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), HELD)
def test_a_person_has_to_act(
    x: XSimulator, x_clock: Clock, account: XAccount, fault: FaultKind, kind: HoldKind, words: str
) -> None:
    """Wrong keys, no credit and a deleted parent are told, each with what to do."""
    outcome = outcome_of(x, account, x_clock, fault)
    assert isinstance(outcome, Held)
    assert outcome.kind == kind
    assert words in outcome.reason


REFUSED: list[tuple[FaultKind, str]] = [
    ("403-not-author", "mentioned or are the author"),
    ("403-cashtag", "one cashtag"),
    ("403-too-long", "too long"),
    ("400-too-long", "too long"),
    ("403-not-permitted", "not permitted"),
    ("400-not-permitted", "not permitted"),
]


@pytest.mark.parametrize(("fault", "words"), REFUSED)
def test_what_x_never_takes_is_refused(
    x: XSimulator, x_clock: Clock, account: XAccount, fault: FaultKind, words: str
) -> None:
    """A refusal for good carries X's own words."""
    outcome = outcome_of(x, account, x_clock, fault)
    assert isinstance(outcome, Refused)
    assert words in outcome.reason


UNKNOWN: list[tuple[FaultKind, bool]] = [
    ("drop", False),
    ("drop", True),
    ("cut", True),
    ("stall", False),
    ("stall", True),
    ("500-json", False),
    ("500-json", True),
    ("503-html", False),
    ("200-html", True),
    ("301", False),
    ("201-without-data", True),
    ("malformed-json", True),
    ("error-list", False),
]


@pytest.mark.parametrize(("fault", "stored"), UNKNOWN)
def test_what_is_not_clear_is_unknown(
    x: XSimulator, x_clock: Clock, account: XAccount, fault: FaultKind, *, stored: bool
) -> None:
    """After an unclear answer nobody knows, and a look finds out."""
    network = adapter(x, account, clock=x_clock, seconds=0.5 if fault == "stall" else 5)
    plan = prepared(network, thread("Bonjour."), x_clock())
    x.fault(fault, stored=stored)
    assert isinstance(network.send(plan, plan.steps[0], ()), Unknown)
    # One request, that is, and no redirect that was followed.
    assert x.counts == {model.CREATE: 1}
    sight = network.look(plan, plan.steps[0], ())
    assert isinstance(sight, Sent if stored else Unseen)
    assert len(x.posts(account)) == stored
    if isinstance(sight, Sent):
        assert sight.receipts[0].uri == x.posts(account)[0].id


def test_a_duplicate_is_a_hint(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """A refused duplicate leads to a look, which tells an old post from the one that was sent."""
    network = adapter(x, account, clock=x_clock)
    sent(network, prepared(network, thread("Bonjour."), x_clock()))
    x_clock.move(timedelta(hours=1))
    plan = prepared(network, thread("Bonjour."), x_clock())
    outcome = network.send(plan, plan.steps[0], ())
    assert isinstance(outcome, Repeated)
    assert "duplicate" in outcome.reason
    assert isinstance(network.look(plan, plan.steps[0], ()), Unseen)


def test_a_full_window_is_waited_for(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """The time to come back is what X's header says; nothing of it is out."""
    x.posts_per_window = 2
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un.", "Deux.", "Trois."), x_clock())
    receipts = sent(network, plan, 2)
    outcome = network.send(plan, plan.steps[2], receipts)
    assert isinstance(outcome, RetryAt)
    assert timedelta(0) < outcome.when - x_clock() <= x.window + timedelta(seconds=2)
    x_clock.move(outcome.when - x_clock())
    assert isinstance(network.send(plan, plan.steps[2], receipts), Sent)


def test_a_full_day_is_waited_for(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """The application's own window of a day is told by other headers."""
    x.posts_per_day = 1
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un.", "Deux."), x_clock())
    receipts = sent(network, plan, 1)
    outcome = network.send(plan, plan.steps[1], receipts)
    assert isinstance(outcome, RetryAt)
    assert timedelta(hours=1) < outcome.when - x_clock() <= timedelta(days=1, seconds=2)


@pytest.mark.parametrize("reset_header", [True, False])
def test_a_full_day_without_its_headers(
    x: XSimulator, x_clock: Clock, account: XAccount, *, reset_header: bool
) -> None:
    """Those of the day are optional: without them the delivery comes back all the same."""
    x.posts_per_day, x.day_headers, x.reset_header = 1, False, reset_header
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un.", "Deux."), x_clock())
    receipts = sent(network, plan, 1)
    outcome = network.send(plan, plan.steps[1], receipts)
    assert isinstance(outcome, RetryAt)
    assert x_clock() <= outcome.when <= x_clock() + x.window + timedelta(seconds=2)


def test_a_window_without_a_time(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """Where X does not say when, the delivery waits longer and longer by itself."""
    outcome = outcome_of(x, account, x_clock, "429-without-reset")
    assert outcome == RetryAt(x_clock(), outcome.reason if isinstance(outcome, RetryAt) else "")
    assert x.counts == {model.CREATE: 1}


def test_a_real_parent_that_is_gone(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """A thread whose post was deleted from outside is broken, whichever status X gives."""
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un.", "Deux."), x_clock())
    receipts = sent(network, plan, 1)
    x.delete(x.posts(account)[0])
    for status in (403, 400):
        x.gone_status = status
        outcome = network.send(plan, plan.steps[1], receipts)
        assert isinstance(outcome, Held)
        assert outcome.kind == "broken"


def test_real_credit_runs_out(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """Where the money ends, the posts that are out stay, and the next is held."""
    x.credits = x.prices.post
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un.", "Deux."), x_clock())
    receipts = sent(network, plan, 1)
    outcome = network.send(plan, plan.steps[1], receipts)
    assert isinstance(outcome, Held)
    assert outcome.kind == "credit"
    assert len(x.posts(account)) == 1


def test_a_suspended_account(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """A suspended account is held as such."""
    x.suspend(account)
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un."), x_clock())
    outcome = network.send(plan, plan.steps[0], ())
    assert isinstance(outcome, Held)
    assert outcome.kind == "account"


@pytest.mark.parametrize("fault", ["401", "402", "429", "500-json", "503-html", "drop", "200-html"])
def test_a_look_that_fails_says_nothing(
    x: XSimulator, x_clock: Clock, account: XAccount, fault: FaultKind
) -> None:
    """A look whose answer is unclear never says that a post is out, or that it is not."""
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un."), x_clock())
    x.fault(fault, route=model.TIMELINE)
    sight = network.look(plan, plan.steps[0], ())
    assert isinstance(sight, Held | RetryAt | Unknown)


def test_a_late_timeline_shows_the_post_in_the_end(
    x: XSimulator, x_clock: Clock, account: XAccount
) -> None:
    """A post that shows after a minute is not seen before, and found then."""
    x.lag = timedelta(seconds=60)
    network = adapter(x, account, clock=x_clock)
    plan = prepared(network, thread("Un."), x_clock())
    x.fault("drop", stored=True)
    assert isinstance(network.send(plan, plan.steps[0], ()), Unknown)
    assert isinstance(network.look(plan, plan.steps[0], ()), Unseen)
    x_clock.move(timedelta(seconds=61))
    assert isinstance(network.look(plan, plan.steps[0], ()), Sent)


def test_a_look_reads_no_further_back_than_it_must(
    x: XSimulator, x_clock: Clock, account: XAccount
) -> None:
    """Only posts since the last known one are read and paid for; many are read page by page."""
    network = adapter(x, account, clock=x_clock)
    x.posts_per_window = 1000
    many = [f"Post {number}." for number in range(1, 131)]
    sent(network, prepared(network, thread(*many), x_clock()))
    x_clock.move(timedelta(hours=1))
    plan = prepared(network, thread("Un.", "Deux."), x_clock())
    assert network.look(plan, plan.steps[0], ()) == Unseen(resend=True, cost=0)
    receipts = sent(network, plan, 1)
    assert network.look(plan, plan.steps[0], ()) == Sent(tuple(receipts), cost=1_000)
    others = [f"Autre {number}." for number in range(1, 131)]
    sent(network, prepared(network, thread(*others), x_clock()))
    last = sent(network, plan, 2, receipts)
    before = x.counts[model.TIMELINE]
    sight = network.look(plan, plan.steps[1], receipts)
    assert sight == Sent(tuple(last[1:]), cost=131_000)
    assert x.counts[model.TIMELINE] - before == 2


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_wrong_clock_hides_no_post(
    x: XSimulator, x_clock: Clock, account: XAccount, minutes: int
) -> None:
    """Where this machine's clock differs from X's, a thread's first post is found all the same."""

    def wrong() -> datetime:
        return x_clock() + timedelta(minutes=minutes)

    network = adapter(x, account, clock=wrong)
    plan = prepared(network, thread("Un."), wrong())
    x.fault("drop", stored=True)
    assert isinstance(network.send(plan, plan.steps[0], ()), Unknown)
    assert isinstance(network.look(plan, plan.steps[0], ()), Sent)
