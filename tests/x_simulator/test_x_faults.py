"""What can go wrong with a call to the simulated X, each on demand."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import requests

from x_simulator import problems
from x_simulator.clients import call, post
from x_simulator.faults import FAULT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from x_simulator.clock import Clock
    from x_simulator.faults import FaultKind
    from x_simulator.model import Route, XAccount
    from x_simulator.simulator import XSimulator

#: What each kind that answers says: the status, and words of the body.
ANSWERS: dict[FaultKind, tuple[int, str]] = {
    "429": (429, "Too Many Requests"),
    "429-without-reset": (429, "Too Many Requests"),
    "500-json": (500, "Something is technically wrong."),
    "503-html": (503, "<html>"),
    "200-html": (200, "<html>"),
    "301": (301, ""),
    "201-without-data": (201, "{}"),
    "malformed-json": (201, '{"data":{"id":"1"'),
    "error-list": (400, "[{"),
    "401": (401, "Unauthorized"),
    "402": (402, "/problems/credits"),
    "403-duplicate": (403, problems.DUPLICATE),
    "403-not-author": (403, problems.NOT_AUTHOR),
    "403-cashtag": (403, problems.CASHTAGS),
    "403-gone": (403, problems.GONE),
    "400-gone": (400, problems.GONE),
    "403-too-long": (403, problems.TOO_LONG),
    "400-too-long": (400, problems.TOO_LONG),
    "403-not-permitted": (403, problems.NOT_PERMITTED),
    "400-not-permitted": (400, problems.NOT_PERMITTED),
}
#: The kinds after which a client cannot know what has happened.
UNCLEAR: tuple[FaultKind, ...] = (
    "drop",
    "cut",
    "stall",
    "500-json",
    "503-html",
    "200-html",
    "301",
    "201-without-data",
    "malformed-json",
    "error-list",
)
#: Posts once, in a process of its own.
PROGRAM = """
import sys
from x_simulator.clients import X_HOST, Loopback
import requests
from requests_oauthlib import OAuth1
with requests.Session() as session:
    session.mount(X_HOST, Loopback(sys.argv[1]))
    session.post(X_HOST + "/2/tweets", json={"text": "One."}, auth=OAuth1(*sys.argv[2:]))
"""
BROKEN: tuple[FaultKind, ...] = ("none", "drop", "cut", "stall")


def test_every_kind_is_in_these_tables() -> None:
    """A new kind of fault needs its line above."""
    assert {*ANSWERS, *BROKEN} == set(FAULT_KINDS)


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_fault_is_answered_once_and_stores_nothing(x: XSimulator, kind: FaultKind) -> None:
    """The next call gets the fault's answer, the one after goes well."""
    account = x.account()
    x.fault(kind)
    answer = post(x, account, "One.")
    status, words = ANSWERS[kind]
    assert answer.status_code == status
    assert words in answer.text
    assert x.posts(account) == []
    assert post(x, account, "One.").status_code == 201


@pytest.mark.parametrize("kind", UNCLEAR)
@pytest.mark.parametrize("stored", [True, False], ids=["stored", "not stored"])
def test_an_unclear_answer_may_hide_either(x: XSimulator, kind: FaultKind, *, stored: bool) -> None:
    """After such an answer, or none, the post is out or not, as the test wants."""
    account = x.account()
    x.fault(kind, stored=stored)
    try:
        answer = call(x, account, "POST", "/2/tweets", json={"text": "One."}, timeout=0.5)
    except requests.RequestException:
        assert kind in BROKEN
    else:
        assert answer.status_code == ANSWERS[kind][0]
    if stored:
        until(lambda: bool(x.posts(account)))
    assert [each.text for each in x.posts(account)] == (["One."] if stored else [])


@pytest.mark.parametrize("kind", ["401", "402", "403-duplicate", "400-gone", "429", "none"])
def test_a_call_that_is_refused_hides_nothing(x: XSimulator, kind: FaultKind) -> None:
    """A refusal of something that is stored nevertheless is no fault of X's."""
    with pytest.raises(ValueError, match="stores nothing"):
        x.fault(kind, stored=True)


def test_faults_come_in_order_route_by_route(x: XSimulator) -> None:
    """Each route has its own, calls that go well are among them, and the rest can be dropped."""
    account = x.account()
    x.fault("500-json", times=2)
    x.fault("none")
    x.fault("402")
    x.fault("401", route="GET /2/users/me")
    x.fault("503-html", times=5)
    statuses = [post(x, account, f"Post {number}.").status_code for number in range(4)]
    assert statuses == [500, 500, 201, 402]
    assert call(x, account, "GET", "/2/users/me").status_code == 401
    assert x.faults_left == 5
    x.clear_faults()
    assert post(x, account, "Post 4.").status_code == 201


@pytest.mark.parametrize(
    ("route", "method", "path"),
    [
        ("GET /2/users/:id/tweets", "GET", "/2/users/1000000001/tweets"),
        ("GET /2/tweets", "GET", "/2/tweets?ids=1"),
        ("GET /2/tweets/:id", "GET", "/2/tweets/1"),
        ("DELETE /2/tweets/:id", "DELETE", "/2/tweets/1"),
        ("POST /2/media/upload", "POST", "/2/media/upload"),
    ],
)
def test_any_route_can_fail(x: XSimulator, route: Route, method: str, path: str) -> None:
    """A drop and a 503 on other routes than that of posts."""
    account = x.account()
    x.fault("drop", route=route)
    x.fault("503-html", route=route)
    with pytest.raises(requests.ConnectionError):
        call(x, account, method, path)
    assert call(x, account, method, path).status_code == 503
    x.take_complaints()


def test_a_429_says_when_it_ends_or_does_not(x: XSimulator, x_clock: Clock) -> None:
    """The header is the simulator's time and as much as the test wants, or is not there."""
    account = x.account()
    x.fault("429", reset_in=timedelta(seconds=90))
    x.fault("429-without-reset")
    said = int(post(x, account, "One.").headers["x-rate-limit-reset"])
    assert 0 <= said - (x_clock() + timedelta(seconds=90)).timestamp() < 1
    assert "x-rate-limit-reset" not in post(x, account, "One.").headers


def test_an_answer_may_have_another_status(x: XSimulator) -> None:
    """A list for a body is as wrong with any status."""
    x.fault("error-list", status=500)
    assert post(x, x.account(), "One.").status_code == 500


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "not stored"])
def test_a_process_can_be_ended_at_either_moment(
    x: XSimulator, project: Path, *, stored: bool
) -> None:
    """The hooks are called before and after a post is stored, while the client waits."""
    account = x.account()
    started: list[subprocess.Popen[bytes]] = []

    def end(route: Route) -> None:
        assert route == "POST /2/tweets"
        started[0].kill()
        started[0].wait()

    if stored:
        x.after = end
    else:
        x.before = end
        x.fault("drop")
    started.append(
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, x.url, *tokens(account)],
            env={**os.environ, "PYTHONPATH": str(project / "tests")},
        )
    )
    assert started[0].wait(timeout=30) == -signal.SIGKILL
    until(lambda: x.faults_left == 0)
    assert len(x.posts(account)) == int(stored)
    assert x.counts == {"POST /2/tweets": 1}


def test_a_request_that_was_not_sent_to_its_end_has_not_arrived(x: XSimulator) -> None:
    """Where a client ends amid its body nothing is judged, counted or stored."""
    host, _, port = x.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /2/tweets HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert x.requests == []


def test_what_reached_it_is_written_down(x: XSimulator, x_clock: Clock) -> None:
    """Method, path, body and time of each request can be read, also of those that failed."""
    account = x.account()
    x.fault("drop")
    with pytest.raises(requests.ConnectionError):
        post(x, account, "One.")
    x_clock.move(timedelta(seconds=5))
    call(x, account, "GET", "/2/tweets?ids=42")
    first, second = x.requests
    assert (first.method, first.path, first.body) == ("POST", "/2/tweets", {"text": "One."})
    assert (second.route, second.params) == ("GET /2/tweets", {"ids": "42"})
    assert second.when - first.when == timedelta(seconds=5)
    assert x.counts == {"POST /2/tweets": 1, "GET /2/tweets": 1}


def test_many_clients_are_served_at_once(x: XSimulator) -> None:
    """Threads that post at the same time lose nothing, and ids are never given twice."""
    accounts = [x.account(f"user{number}") for number in range(4)]

    def twenty(account: XAccount) -> list[int]:
        return [post(x, account, f"Post {number}.").status_code for number in range(20)]

    with ThreadPoolExecutor(4) as pool:
        assert [set(each) for each in pool.map(twenty, accounts)] == [{201}] * 4
    made = [each.id for account in accounts for each in x.posts(account)]
    assert len(set(made)) == 80


def test_a_stalled_call_does_not_hold_up_others(x: XSimulator) -> None:
    """While one client waits in vain another is answered."""
    account = x.account()
    x.fault("stall")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            call, x, account, "POST", "/2/tweets", json={"text": "One."}, timeout=2
        )
        until(lambda: x.faults_left == 0)
        assert post(x, account, "Two.").status_code == 201
        assert not waiting.done()
        assert isinstance(waiting.exception(), requests.ReadTimeout)


def tokens(account: XAccount) -> list[str]:
    """Give the credentials of an account in the order of OAuth1's arguments."""
    return [
        account.consumer_key,
        account.consumer_secret,
        account.access_token,
        account.access_token_secret,
    ]


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("what was waited for did not come")
