"""What X says is read from every form that its answers have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fetch.loopback import LoopbackServer
from x_simulator.adapter import Pictures, present
from x_threads import prepared, thread

from threadbot.networks.port import Held, Receipt, Refused, Repeated, Unknown
from threadbot.networks.secret import Secret
from threadbot.networks.x import X
from threadbot.networks.x_settings import AppKeys, UserTokens, XSettings

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from threadbot.networks.port import HoldKind

KEYS = AppKeys(Secret("a-key"), Secret("a-key-secret"))
TOKENS = UserTokens(Secret("7-a-token"), Secret("a-token-secret"))
RECEIPT = Receipt(1, "12", None, "https://x.com/i/status/12")


def answering(status: int, body: Any, headers: str = "") -> Callable[[socket.socket], None]:
    """Answer every request with a status and a body: text as it is, anything else as JSON."""
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n{headers}\r\n"
    return lambda connection: connection.sendall(head.encode() + data)


@pytest.fixture
def network() -> Iterator[Callable[..., X]]:
    """Give a way to an adapter whose server answers as told."""
    servers: list[LoopbackServer] = []
    networks: list[X] = []

    def make(status: int, body: Any, headers: str = "") -> X:
        answer = answering(status, body, headers)
        paths = ("/2/tweets", "/2/tweets/12", "/2/users/me")
        servers.append(LoopbackServer(dict.fromkeys(paths, answer)))
        api = f"http://127.0.0.1:{servers[-1].port}"
        settings = XSettings("test", None, KEYS, TOKENS, api=api)
        networks.append(X(settings, Pictures(), connect=5, read=5))
        return networks[-1]

    yield make
    for one in networks:
        one.close()
    for server in servers:
        server.close()


AMISS: list[tuple[int, Any, HoldKind, str]] = [
    (403, {"errors": [{"code": 64, "message": "Your account is suspended."}]}, "account", "help"),
    (403, {"detail": "This account is temporarily locked."}, "account", "unlock"),
    (403, {"detail": "The account is deactivated."}, "account", "reactivate"),
    (
        403,
        {"detail": "Your client app is not configured with the appropriate oauth1 app permissions"},
        "credentials",
        "Read and write",
    ),
    (
        403,
        {
            "detail": "Nothing to see.",
            "reason": "client-not-enrolled",
            "type": ".../client-forbidden",
        },
        "credentials",
        "see its project",
    ),
]


@pytest.mark.parametrize(("status", "body", "kind", "words"), AMISS)
def test_what_is_amiss_with_the_account_is_told(
    network: Callable[..., X],
    status: int,
    body: Any,
    kind: HoldKind,
    words: str,
) -> None:
    """Suspended or locked accounts, applications without rights: held, each with advice."""
    made = network(status, body)
    plan = prepared(made, thread("Un."), present())
    outcome = made.send(plan, plan.steps[0], ())
    assert isinstance(outcome, Held)
    assert outcome.kind == kind
    assert words in outcome.reason


def test_a_duplicate_is_found_among_several_messages(network: Callable[..., X]) -> None:
    """X's generic words hide no specific ones, wherever they stand."""
    duplicate = "You are not allowed to create a Tweet with duplicate content."
    made = network(403, {"errors": [{"message": duplicate}], "detail": "Forbidden."})
    plan = prepared(made, thread("Un."), present())
    assert isinstance(made.send(plan, plan.steps[0], ()), Repeated)


def test_the_most_specific_words_are_shown(network: Callable[..., X]) -> None:
    """A refusal names the post, what X does not take, and what to do."""
    body = {"errors": [{"message": "No cat pictures."}], "detail": "One or more errors."}
    made = network(400, body)
    plan = prepared(made, thread("Un.", "Deux."), present())
    outcome = made.send(plan, plan.steps[1], [RECEIPT])
    assert isinstance(outcome, Refused)
    assert "X refuses post 2 (No cat pictures)" in outcome.reason
    assert "delete the thread" in outcome.reason


def test_pictures_that_x_has_no_more_are_told(network: Callable[..., X]) -> None:
    """Pictures that X has forgotten are uploaded once more when the thread is resumed."""
    made = network(400, {"errors": [{"message": "Your media IDs are invalid."}]})
    plan = prepared(made, thread("Un."), present())
    outcome = made.send(plan, plan.steps[0], ())
    assert isinstance(outcome, Held)
    assert "resume the thread" in outcome.reason


@pytest.mark.parametrize("body", [{"errors": None, "detail": "x"}, {"detail": None}, [], "<p>", ""])
@pytest.mark.parametrize("status", [500, 503])
def test_no_form_of_an_answer_ends_the_program(
    network: Callable[..., X],
    status: int,
    body: Any,
) -> None:
    """Whatever a server in trouble answers, nobody knows, and the delivery goes on."""
    made = network(status, body)
    plan = prepared(made, thread("Un."), present())
    assert isinstance(made.send(plan, plan.steps[0], ()), Unknown)


@pytest.mark.parametrize("body", ["<h1>Not here</h1>", {}, {"message": "no route"}])
def test_a_server_that_is_not_x_deletes_nothing(
    network: Callable[..., X],
    body: Any,
) -> None:
    """That an address is not there says nothing of a post."""
    answer = network(404, body).delete([RECEIPT])
    assert isinstance(answer, Held)
    assert "check 'api'" in answer.reason


def test_an_application_that_may_only_read_is_found(network: Callable[..., X]) -> None:
    """Doctor says so before anything is posted."""
    body = {"data": {"id": "7", "username": "a"}}
    finding = network(200, body, "x-access-level: read\r\n").examine(present())[0]
    assert (finding.ok, finding.subject) == (False, "credentials")
    assert "may only read" in finding.message
