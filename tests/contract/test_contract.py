"""The contract of every network: whatever `Network` promises, each adapter keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from bluesky_driver import BlueskyDriver
from networks import FAULTS, sandboxes, thread
from x_driver import XDriver

from threadbot.networks.plan import Plan
from threadbot.networks.port import (
    Absent,
    Deleted,
    Held,
    Refused,
    Repeated,
    RetryAt,
    Sent,
    Unknown,
    Unseen,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from networks import Driver, Fault

    from threadbot.networks.port import Network, Receipt

TEXTS = ("The works begin in May.", "Trams will run to the port 🚋.", "What do you think?")

NETWORKS = ["bluesky", "x", *sandboxes()]


@pytest.fixture(params=NETWORKS)
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Driver]:
    if request.param in sandboxes():
        yield sandboxes()[request.param](tmp_path)
        return
    made: BlueskyDriver | XDriver
    if request.param == "x":
        made = XDriver(request.getfixturevalue("x"))
    else:
        made = BlueskyDriver(request.getfixturevalue("pds"))
    yield made
    made.close()


def test_prepare_plans_every_post_once_and_posts_nothing(driver: Driver) -> None:
    """A plan's steps hold every post, in order, and nothing is out yet."""
    plan = prepared(driver)
    assert [post for step in plan.steps for post in step.posts] == [1, 2, 3]
    assert [step.number for step in plan.steps] == list(range(1, len(plan.steps) + 1))
    assert driver.texts() == []


def test_a_plan_that_was_stored_is_sent_like_the_one_that_was_made(driver: Driver) -> None:
    """The stored plan is all that sending needs: another adapter sends it, after a restart."""
    plan = Plan.from_json(prepared(driver).to_json())
    deliver(driver.network(), plan)
    assert driver.texts() == list(TEXTS)


def test_every_post_has_its_receipt(driver: Driver) -> None:
    """Each post that is out has a receipt of its own, with an address to look at."""
    receipts = deliver(driver.network(), prepared(driver))
    assert [receipt.post for receipt in receipts] == [1, 2, 3]
    assert len({receipt.uri for receipt in receipts}) == 3
    assert len({receipt.url for receipt in receipts}) == 3
    assert all("://" in receipt.url for receipt in receipts)


def test_look_tells_what_is_out(driver: Driver) -> None:
    """A step is absent before it is sent, and afterwards look gives the receipts of send."""
    network, plan = driver.network(), prepared(driver)
    receipts: list[Receipt] = []
    for step in plan.steps:
        assert isinstance(network.look(plan, step, receipts), Absent | Unseen)
        sent = network.send(plan, step, receipts)
        receipts += deliverable(sent)
        seen = network.look(plan, step, receipts[: -len(step.posts)])
        assert deliverable(seen) == deliverable(sent)


def test_a_step_sent_twice_is_out_once(driver: Driver) -> None:
    """A second sending of a step is answered with receipts, or with doubt, and posts nothing."""
    network, plan = driver.network(), prepared(driver)
    receipts = deliver(network, plan)
    last = plan.steps[-1]
    before = receipts[: -len(last.posts)]
    assert isinstance(network.send(plan, last, before), Sent | Unknown | Repeated | Refused)
    assert driver.texts() == list(TEXTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_and_leaves_the_thread_once(driver: Driver, fault: Fault) -> None:
    """After every fault send answers as it must, and after a retry the thread is out once."""
    plan = prepared(driver)
    step = plan.steps[0]
    outcome = driver.network(fault.name).send(plan, step, ())
    assert isinstance(outcome, fault.outcome)
    assert outcome.reason.endswith(".")
    if isinstance(outcome, Held):
        assert outcome.kind == fault.hold
    if isinstance(outcome, RetryAt):
        assert datetime.now(UTC) < outcome.when <= datetime.now(UTC) + timedelta(days=1)
    if fault.lasts:
        assert driver.texts() == []
        return
    network = driver.network()
    sight = network.look(plan, step, ())
    assert isinstance(sight, Sent if fault.is_out else Absent | Unseen)
    assert len(driver.texts()) == (len(step.posts) if fault.is_out else 0)
    deliver(network, plan)
    assert driver.texts() == list(TEXTS)


def test_delete_takes_everything_back_and_may_be_repeated(driver: Driver) -> None:
    """Deleted posts are gone, and deleting them again is no failure."""
    network = driver.network()
    receipts = deliver(network, prepared(driver))
    assert isinstance(network.delete(receipts), Deleted)
    assert driver.texts() == []
    assert isinstance(network.delete(receipts), Deleted)
    assert isinstance(network.delete(()), Deleted)


def test_delete_finishes_what_was_begun(driver: Driver) -> None:
    """Where the last post is gone already, the others are deleted."""
    network = driver.network()
    receipts = deliver(network, prepared(driver))
    assert isinstance(network.delete(receipts[-1:]), Deleted)
    assert driver.texts() == list(TEXTS[:-1])
    assert isinstance(network.delete(receipts), Deleted)
    assert driver.texts() == []


def test_what_stands_of_a_step_is_told_and_deleted(driver: Driver) -> None:
    """Where posts of a step were deleted from outside, look names all its posts, to be deleted."""
    network, plan = driver.network(), prepared(driver)
    receipts = deliver(network, plan)
    step = plan.steps[0]
    for post in (0, 2):
        network.delete(receipts[post : post + 1])
    sight = network.look(plan, step, ())
    if len(step.posts) == 1:
        assert isinstance(sight, Absent | Unseen)
        return
    assert isinstance(sight, Held)
    assert (sight.kind, sight.receipts) == ("broken", tuple(receipts))
    assert driver.texts() == [TEXTS[1]]
    assert isinstance(network.delete(sight.receipts), Deleted)
    assert driver.texts() == []


def test_a_post_that_is_too_long_is_refused_before_anything_is_sent(driver: Driver) -> None:
    """A thread with a post over the limit gets no plan, and the reason names the post."""
    long = thread(driver.name, "Short.", "x" * 301)
    refused = driver.network().prepare(long, datetime.now(UTC))
    assert isinstance(refused, Refused)
    assert "ost 2" in refused.reason
    assert driver.texts() == []


def test_a_healthy_account_passes_its_examination(driver: Driver) -> None:
    """The examination finds nothing amiss, and posts nothing."""
    findings = driver.network().examine(datetime.now(UTC))
    assert findings
    assert all(finding.ok for finding in findings), findings
    assert driver.texts() == []


def prepared(driver: Driver) -> Plan:
    """Prepare the thread of the tests."""
    plan = driver.network().prepare(thread(driver.name, *TEXTS), datetime.now(UTC))
    assert isinstance(plan, Plan)
    return plan


def deliver(network: Network, plan: Plan) -> list[Receipt]:
    """Send what is not out yet, as the engine does, and give all receipts."""
    receipts: list[Receipt] = []
    for step in plan.steps:
        sight = network.look(plan, step, receipts)
        outcome = sight if isinstance(sight, Sent) else network.send(plan, step, receipts)
        receipts += deliverable(outcome)
    return receipts


def deliverable(outcome: object) -> tuple[Receipt, ...]:
    """Give the receipts of what must be out."""
    assert isinstance(outcome, Sent)
    return outcome.receipts


def test_a_network_is_closed_as_often_as_one_likes(driver: Driver) -> None:
    """Before its first use, after it, and once more."""
    driver.network().close()
    network = driver.network()
    deliver(network, prepared(driver))
    network.close()
    network.close()
