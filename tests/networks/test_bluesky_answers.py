"""Every way in which a call can fail becomes one of the port's values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bluesky_threads import prepared, thread
from pds.adapter import Pictures, Sessions

from threadbot.networks.bluesky import Bluesky
from threadbot.networks.bluesky_settings import BlueskySettings
from threadbot.networks.port import Absent, Held, Refused, RetryAt, Sent, Unknown
from threadbot.networks.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadbot.networks.port import Outcome, Sight

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DID = "did:plc:abcdefghijklmnopqrstuvwx"
PASSWORD = "do-not-tell"  # noqa: S105 - made up
SESSION = {"did": DID, "handle": "t.test", "accessJwt": "a.b.c", "refreshJwt": "d.e.f"}
Answer = httpx.Response | Exception


def network(write: Answer, read: Answer | None = None, sign_in: Answer | None = None) -> Bluesky:
    """Build an adapter whose transport answers a write, a reading and a sign-in as told."""

    def handle(request: httpx.Request) -> httpx.Response:
        answers = {
            "com.atproto.server.createSession": sign_in or httpx.Response(200, json=SESSION),
            "com.atproto.server.describeServer": httpx.Response(200, json={}),
            "com.atproto.identity.resolveHandle": httpx.Response(200, json={"did": DID}),
            "com.atproto.server.refreshSession": httpx.Response(
                400, json={"error": "ExpiredToken"}
            ),
            "com.atproto.repo.applyWrites": write,
            "com.atproto.repo.getRecord": read,
        }
        answer = answers[request.url.path.removeprefix("/xrpc/")]
        if isinstance(answer, httpx.Response):
            return answer
        raise answer or AssertionError(request.url)

    return Bluesky(
        BlueskySettings("test", "t.test", Secret(PASSWORD), "https://pds.example"),
        Sessions(),
        Pictures(),
        clock=lambda: NOW,
        below=lambda _: 7,
        transport=httpx.MockTransport(handle),
    )


def outcome_of(write: Answer) -> Outcome:
    adapter = network(write)
    plan = prepared(adapter, thread("one"), NOW)
    return adapter.send(plan, plan.steps[0], ())


def sight_of(read: Answer) -> Sight:
    adapter = network(httpx.Response(200, json={}), read)
    plan = prepared(adapter, thread("one"), NOW)
    return adapter.look(plan, plan.steps[0], ())


def error(status: int, name: str = "", message: str = "") -> httpx.Response:
    return httpx.Response(status, json={"error": name, "message": message})


EXCEPTIONS: list[tuple[Callable[..., Exception], Any]] = [
    (httpx.ConnectError, RetryAt),
    (httpx.ConnectTimeout, RetryAt),
    (httpx.PoolTimeout, RetryAt),
    (httpx.ReadTimeout, Unknown),
    (httpx.WriteTimeout, Unknown),
    (httpx.ReadError, Unknown),
    (httpx.WriteError, Unknown),
    (httpx.CloseError, Unknown),
    (httpx.RemoteProtocolError, Unknown),
    (httpx.LocalProtocolError, Unknown),
    (httpx.ProxyError, Unknown),
    (httpx.UnsupportedProtocol, Unknown),
    (httpx.DecodingError, Unknown),
    (httpx.TooManyRedirects, Unknown),
    (httpx.InvalidURL, Unknown),
    (ValueError, Unknown),
    (UnicodeError, Unknown),
]


@pytest.mark.parametrize(("failure", "expected"), EXCEPTIONS)
def test_an_exception_is_told_by_whether_the_write_left(
    failure: Callable[..., Exception], expected: type
) -> None:
    """Without a connection nothing is out; after every other exception nobody knows."""
    outcome = outcome_of(failure("broken"))
    assert isinstance(outcome, RetryAt | Unknown)
    assert type(outcome) is expected
    assert outcome.reason.startswith("https://pds.example ")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(200, json={}), Sent),
        (httpx.Response(200, text="<html>", headers={"content-type": "application/json"}), Unknown),
        (httpx.Response(200, text="<html>Welcome to our Wi-Fi</html>"), Unknown),
        (httpx.Response(200), Unknown),
        (error(400, "InvalidRequest", "Invalid app.bsky.feed.post record"), Refused),
        (error(400, "InvalidSwap"), Refused),
        (error(400, "ExpiredToken"), Held),
        (error(400, "InvalidToken"), Held),
        (error(401, "AuthMissing"), Held),
        (error(401, "AccountTakedown"), Held),
        (error(403, "Forbidden"), Held),
        (error(404, "XRPCNotSupported"), Held),
        (error(409), Unknown),
        (error(413, "PayloadTooLarge"), Refused),
        (error(429, "RateLimitExceeded"), RetryAt),
        (error(500, "InternalServerError"), Unknown),
        (error(501, "MethodNotImplemented"), Held),
        (error(502), Unknown),
        (error(503), Unknown),
        (error(504), Unknown),
        (error(520), Unknown),
        (httpx.Response(503, text="<html>busy</html>"), Unknown),
        (httpx.Response(400, text="<html>bad</html>"), Refused),
        (httpx.Response(302, headers={"location": "https://elsewhere.example/"}), Unknown),
        (httpx.Response(307, headers={"location": "https://elsewhere.example/"}), Unknown),
    ],
    ids=lambda value: str(getattr(value, "status_code", "")),
)
def test_an_answer_is_told_by_what_it_means(answer: httpx.Response, expected: type) -> None:
    """Only an answer that says so means that nothing is out."""
    assert type(outcome_of(answer)) is expected


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (error(400, "InvalidRequest", "grapheme too big (300)"), "shorten that post and publish"),
        (error(400, "BlobNotFound", "Could not find blob: b"), "resume the thread"),
        (error(400, "InvalidMimeType", "does not match stored blob"), "take it out of the article"),
        (error(400, "InvalidSize", "does not match stored blob"), "take it out of the article"),
        (error(400, "InvalidRequest", "Invalid record"), "Change what it names and publish"),
    ],
)
def test_a_refusal_says_what_helps(answer: httpx.Response, advice: str) -> None:
    """An article that is changed is published again, pictures that went missing need a resume."""
    outcome = outcome_of(answer)
    assert isinstance(outcome, Refused)
    assert advice in outcome.reason


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error(400, "RecordNotFound", "Could not locate record"), Absent),
        (error(400, "InvalidRequest", "Could not locate record"), Unknown),
        (error(404), Unknown),
        (error(429), RetryAt),
        (error(500), Unknown),
        (httpx.ConnectError("broken"), RetryAt),
        (httpx.ReadTimeout("broken"), Unknown),
        (httpx.Response(200, json={"uri": "at://x", "value": {}}), Unknown),
        (httpx.Response(200, json=[]), Unknown),
        (httpx.Response(200, text="hello"), Unknown),
    ],
)
def test_a_look_is_told_by_what_it_saw(answer: Answer, expected: type) -> None:
    """Only RecordNotFound is an absence."""
    assert type(sight_of(answer)) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error(400, "InvalidRequest"), "credentials"),
        (error(401, "AuthenticationRequired", "Invalid identifier or password"), "credentials"),
        (error(401, "AuthFactorTokenRequired"), "credentials"),
        (error(401, "AccountTakedown"), "account"),
        (error(404), "credentials"),
        (error(429), "wait"),
        (error(500), "wait"),
        (httpx.Response(200, text="<html>Welcome to our Wi-Fi</html>"), "wait"),
        (httpx.Response(307, headers={"location": "https://elsewhere.example/"}), "wait"),
        (httpx.Response(200, json={"did": DID}), "wait"),
        (httpx.ConnectError("broken"), "wait"),
        (httpx.ReadTimeout("broken"), "wait"),
    ],
)
def test_a_sign_in_that_fails_posts_nothing(answer: Answer, expected: str) -> None:
    """Without a session the thread waits, for a person or for a better moment."""
    outcome = network(httpx.Response(200), sign_in=answer).prepare(thread("one"), NOW)
    assert isinstance(outcome, Held | RetryAt)
    assert (outcome.kind if isinstance(outcome, Held) else "wait") == expected
    assert PASSWORD not in outcome.reason


def test_a_server_without_a_clock_is_told() -> None:
    """Where an answer bears no date, the clock cannot be judged."""
    findings = network(httpx.Response(200), sign_in=error(401)).examine(NOW)
    assert [finding.message for finding in findings if finding.subject == "clock"] == [
        "https://pds.example does not tell its time."
    ]


def test_a_wait_without_a_time_is_a_minute() -> None:
    """The adapter's clock, not this machine's, says when to come back."""
    outcome = outcome_of(error(429))
    assert isinstance(outcome, RetryAt)
    assert outcome.when == NOW + timedelta(minutes=1)


def test_no_outcome_tells_the_password() -> None:
    """Whatever fails, neither password nor token stands in what is told or stored."""
    answers: list[Answer] = [error(status, "X", "Y") for status in (400, 401, 403, 429, 500)]
    answers += [failure("broken") for failure, _ in EXCEPTIONS]
    for answer in answers:
        told = repr(outcome_of(answer))
        assert PASSWORD not in told
        assert "a.b.c" not in told
        assert "d.e.f" not in told
    plan = prepared(network(httpx.Response(200)), thread("one"), NOW)
    assert PASSWORD not in plan.to_json()
    assert "a.b.c" not in plan.to_json()


def test_a_plan_is_the_same_for_the_same_time_and_clock() -> None:
    """Time and clock are all that a plan takes from outside."""
    first, second = (network(httpx.Response(200)) for _ in range(2))
    assert prepared(first, thread("one"), NOW) == prepared(second, thread("one"), NOW)
