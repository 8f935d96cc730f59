"""Whatever happens to the one write, the repository holds the thread exactly once afterwards."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bluesky_threads import jpeg, prepared, rich_thread, sent, thread
from pds.adapter import Pictures, Sessions, adapter

from threadbot.networks.plan import Plan, Step
from threadbot.networks.port import Absent, Deleted, Held, Refused, RetryAt, Sent, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pds.server import Pds, PdsAccount

    from threadbot.networks.bluesky import Bluesky

TEXTS = ["one", "two", "three"]
GET_RECORD = "com.atproto.repo.getRecord"

#: What happens to the write, and whether it is committed nevertheless.
UNCLEAR: Mapping[str, tuple[Mapping[str, Any], bool]] = {
    "lost after commit": ({"mode": "drop-after"}, True),
    "dropped before": ({"mode": "drop-before"}, False),
    "500": ({"mode": "answer", "status": 500}, False),
    "502": ({"mode": "answer", "status": 502}, False),
    "503": ({"mode": "answer", "status": 503}, False),
    "504": ({"mode": "answer", "status": 504}, False),
    "409": ({"mode": "answer", "status": 409}, False),
    "no JSON": ({"mode": "garble"}, True),
    "late answer": ({"mode": "stall-after", "ms": 2500}, True),
}


def texts(pds: Pds, account: PdsAccount) -> list[str]:
    return [record["value"]["text"] for record in pds.posts(account)]


@pytest.mark.parametrize(("fault", "committed"), UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_answer_is_cleared_up_by_looking(
    pds: Pds, account: PdsAccount, now: datetime, fault: dict[str, Any], *, committed: bool
) -> None:
    """Double posts (postiz#1321, postiz#1172): doubt, a look, then one thread, not two."""
    with closing(adapter(pds, account, seconds=1.2)) as network:
        plan = prepared(network, thread(*TEXTS), now)
        pds.fault(**fault)
        step = plan.steps[0]
        assert isinstance(network.send(plan, step, ()), Unknown)
        sight = network.look(plan, step, ())
        assert isinstance(sight, Sent if committed else Absent)
        assert texts(pds, account) == (TEXTS if committed else [])
        if not committed:
            sent(network, plan)
        assert isinstance(network.look(plan, step, ()), Sent)
    assert texts(pds, account) == TEXTS


def test_a_write_that_is_done_after_the_retry_began_is_done_once(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """Where the server wakes up late, the first and the second try make one thread."""
    with closing(adapter(pds, account, seconds=1)) as network:
        plan = prepared(network, thread(*TEXTS), now)
        pds.fault("stall-before", ms=1500)
        assert isinstance(network.send(plan, plan.steps[0], ()), Unknown)
        assert network.look(plan, plan.steps[0], ()) == Absent()
        sent(network, plan)
        time.sleep(1)
        assert isinstance(network.look(plan, plan.steps[0], ()), Sent)
    assert texts(pds, account) == TEXTS


def test_five_senders_of_one_plan_make_one_thread(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """Posting loops (skymoth#286, blueskyfeedbot#25): one plan is out once, whoever sends it."""
    sessions = Sessions()
    with closing(adapter(pds, account, sessions=sessions)) as network:
        plan = prepared(network, thread(*TEXTS), now)
        step = plan.steps[0]
        with ThreadPoolExecutor(5) as pool:
            outcomes = list(pool.map(lambda _: network.send(plan, step, ()), range(5)))
        assert sum(isinstance(outcome, Sent) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, Unknown) for outcome in outcomes) == 4
        assert isinstance(network.look(plan, step, ()), Sent)
    assert texts(pds, account) == TEXTS


def test_nothing_is_out_where_one_post_is_refused(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """The head of a thread alone (postiz#1581, postiz#1525): a bad post keeps all back."""
    plan = prepared(network, thread(*TEXTS), now)
    broken = Plan.from_json(plan.to_json().replace("three", "x" * 301))
    refused = network.send(broken, broken.steps[0], ())
    assert isinstance(refused, Refused)
    assert "counts more characters" in refused.reason
    assert pds.posts(account) == []


def test_a_picture_that_the_server_lost_is_told(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """A blob that is not there any more is refused, with what to do."""
    with closing(adapter(pds, account, pictures=Pictures({"lead.jpg": jpeg()}))) as network:
        plan = prepared(network, rich_thread(account.handle), now)
        assert '"size\\": ' in plan.to_json()
        payload = plan.steps[0].payload
        start = payload.index('"$link": "') + len('"$link": "')
        other = payload.replace(payload[start : start + 59], "bafkrei" + "a" * 52)
        broken = Plan(plan.network, plan.account, (Step(1, (1, 2, 3), other),))
        refused = network.send(broken, broken.steps[0], ())
    assert isinstance(refused, Refused)
    assert "resume the thread" in refused.reason


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60),
        ({"retry-after": "120"}, 120),
        ({"ratelimit-reset": "in {300}"}, 300),
        ({"ratelimit-reset": "in {300}", "retry-after": "10"}, 300),
        ({"ratelimit-reset": "in {-50}"}, 1),
        ({"ratelimit-reset": "in {999999999}"}, 86_400),
        ({"ratelimit-reset": "soon"}, 60),
    ],
)
def test_a_busy_server_names_the_time_to_come_back(
    pds: Pds, account: PdsAccount, network: Bluesky, headers: dict[str, str], seconds: int
) -> None:
    """429 tells when, within the next day; nothing is out, and later the same plan goes out."""
    now = datetime.now(UTC)
    told = {
        name: str(int(now.timestamp()) + int(value[4:-1])) if value.startswith("in") else value
        for name, value in headers.items()
    }
    plan = prepared(network, thread("one"), now)
    pds.fault("answer", status=429, error="RateLimitExceeded", headers=told)
    wait = network.send(plan, plan.steps[0], ())
    assert isinstance(wait, RetryAt)
    assert abs(wait.when - now - timedelta(seconds=seconds)) < timedelta(seconds=5)
    assert pds.posts(account) == []
    sent(network, plan)


def test_a_server_that_cannot_be_reached_is_tried_again(account: PdsAccount, now: datetime) -> None:
    """Where no connection was made nothing is out, for sure."""
    nowhere = type("Nowhere", (), {"url": "http://127.0.0.1:9"})()
    with closing(adapter(nowhere, account)) as network:
        wait = network.prepare(thread("one"), now)
    assert isinstance(wait, RetryAt)
    assert "cannot be reached" in wait.reason


@pytest.mark.parametrize("mode", ["drop-before", "stall-before", "garble"])
def test_a_look_that_fails_leaves_the_doubt(
    pds: Pds, account: PdsAccount, now: datetime, mode: Any
) -> None:
    """A reading without an answer never passes for an answer."""
    with closing(adapter(pds, account, seconds=1)) as network:
        plan = prepared(network, thread("one"), now)
        pds.fault(mode, nsid=GET_RECORD, ms=1500)
        assert isinstance(network.look(plan, plan.steps[0], ()), Unknown)


def test_another_refusal_of_a_look_is_no_absence(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Only RecordNotFound says that a record is not there."""
    plan = prepared(network, thread("one"), now)
    sent(network, plan)
    pds.deactivate(account)
    assert isinstance(network.look(plan, plan.steps[0], ()), Unknown)


def test_a_thread_whose_head_was_deleted_is_not_sent_again(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Where somebody deleted the first post, the rest tells that the thread was out."""
    plan = prepared(network, thread(*TEXTS), now)
    receipts = sent(network, plan)
    pds.delete(account, "app.bsky.feed.post", receipts[0].uri.rpartition("/")[2])
    held = network.look(plan, plan.steps[0], ())
    assert isinstance(held, Held)
    assert held.kind == "broken"
    assert "delete it here, then publish it anew" in held.reason
    assert held.receipts == receipts
    assert network.delete(held.receipts) == Deleted()
    assert pds.posts(account) == []


def test_another_post_under_the_key_is_no_proof(network: Bluesky, now: datetime) -> None:
    """A record under the first key counts only with the hash of the plan."""
    plan = prepared(network, thread("one"), now)
    sent(network, plan)
    other = Plan.from_json(plan.to_json().replace("bafyrei", "bafyreb"))
    assert isinstance(network.look(other, other.steps[0], ()), Unknown)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"mode": "drop-before"}, Unknown),
        ({"mode": "answer", "status": 503}, Unknown),
        ({"mode": "answer", "status": 429}, RetryAt),
        ({"mode": "answer", "status": 400, "error": "InvalidRequest"}, Held),
    ],
)
def test_a_deletion_that_fails_can_be_repeated(
    pds: Pds,
    account: PdsAccount,
    network: Bluesky,
    now: datetime,
    fault: dict[str, Any],
    outcome: type,
) -> None:
    """A deletion without success says so, and leaves the thread whole."""
    receipts = sent(network, prepared(network, thread(*TEXTS), now))
    pds.fault(**fault)
    assert isinstance(network.delete(receipts), outcome)
    assert texts(pds, account) == TEXTS


def test_a_deletion_without_a_session_is_repeated_later(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Where the token cannot be renewed for a moment, the deletion waits."""
    receipts = sent(network, prepared(network, thread(*TEXTS), now))
    pds.fault("answer", status=400, error="ExpiredToken")
    pds.fault("answer", nsid="com.atproto.server.refreshSession", status=503)
    assert isinstance(network.delete(receipts), RetryAt)
    assert texts(pds, account) == TEXTS


def test_a_deletion_whose_answer_was_lost_is_done(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """After a lost answer the adapter sees for itself that nothing is left."""
    receipts = sent(network, prepared(network, thread(*TEXTS), now))
    pds.fault("drop-after")
    assert network.delete(receipts) == Deleted()
    assert pds.posts(account) == []
