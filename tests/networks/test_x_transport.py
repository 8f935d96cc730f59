"""Whether a request to X left is known from real connections that fail in every way."""

from __future__ import annotations

import socket
import ssl
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import requests
import trustme
from fetch.loopback import LoopbackServer

from threadbot.networks.x_settings import DEFAULT_API
from threadbot.networks.x_transport import Transport, guard, never_left

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 0.5
REDIRECT = b"HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"


def failure(api: str, session: requests.Session | None = None) -> Exception:
    """Post to a server, and give what is raised."""
    with session or requests.Session() as made:
        guard(made, Transport(api, connect=SECONDS, read=SECONDS))
        with pytest.raises(requests.RequestException) as caught:
            made.post(f"{DEFAULT_API}/2/tweets", json={"text": "Bonjour."})
    return caught.value


@pytest.fixture
def closed_port() -> int:
    """Give a port of this machine on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def full_port() -> Iterator[int]:
    """Give a port whose queue is full, so that no connection is ever made."""
    with closing(socket.socket()) as listener, closing(socket.socket()) as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        port: int = listener.getsockname()[1]
        yield port


def test_a_name_that_nobody_knows(closed_port: int) -> None:
    """Where a name leads nowhere, nothing left."""
    del closed_port
    assert never_left(failure("http://no-such-name.invalid"))


def test_a_port_on_which_nobody_listens(closed_port: int) -> None:
    """Where a connection is refused, nothing left."""
    assert never_left(failure(f"http://127.0.0.1:{closed_port}"))


def test_a_connection_that_is_never_made(full_port: int) -> None:
    """Where a connection takes too long, nothing left."""
    assert never_left(failure(f"http://127.0.0.1:{full_port}"))


def test_a_certificate_that_nobody_trusts() -> None:
    """Where a server cannot prove who it is, nothing left."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with closing(LoopbackServer({}, tls=context)) as server:
        assert never_left(failure(f"https://127.0.0.1:{server.port}"))
        assert server.requests == []


def test_a_hand_shake_that_is_broken_off() -> None:
    """Where a server hangs up in the middle of the hand-shake, nothing left."""
    with closing(LoopbackServer({})) as server:
        assert never_left(failure(f"https://127.0.0.1:{server.port}"))


def test_a_proxy_that_is_away(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the configured proxy cannot be reached, nothing left."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("http_proxy", raising=False)
    assert never_left(failure("http://x.example"))


def test_a_connection_that_is_dropped_after_the_request() -> None:
    """Where a server reads a request and hangs up, it may have left its mark."""
    with closing(LoopbackServer({"/2/tweets": lambda _: None})) as server:
        assert not never_left(failure(f"http://127.0.0.1:{server.port}"))
        assert len(server.requests) == 1


def test_an_answer_that_never_comes() -> None:
    """Where a server reads a request and says nothing, it may have left its mark."""
    release: list[socket.socket] = []
    with closing(LoopbackServer({"/2/tweets": lambda one: _wait(one, release)})) as server:
        assert not never_left(failure(f"http://127.0.0.1:{server.port}"))


def test_a_redirect_is_not_followed() -> None:
    """A redirected post would become a reading; it is refused instead."""
    answers = {"/2/tweets": lambda one: one.sendall(REDIRECT)}
    with closing(LoopbackServer(answers)) as server:
        refused = failure(f"http://127.0.0.1:{server.port}")
        assert isinstance(refused, requests.TooManyRedirects)
        assert not never_left(refused)
        assert len(server.requests) == 1


def _wait(connection: socket.socket, release: list[socket.socket]) -> None:
    release.append(connection)
    connection.recv(1)
