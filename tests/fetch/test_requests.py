"""Requests that say more than an address: conditions, and forms that are posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fetch.clients import fetcher
from fetch.loopback import Serve, redirect, response
from threadbot.fetch.client import Fetched, Request
from threadbot.fetch.settings import BY_HAND

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from fetch.loopback import LoopbackServer


def echo(connection: socket.socket) -> None:
    """Answer with the body of the request."""
    body = connection.recv(1_000)
    connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def send(
    server: LoopbackServer,
    path: str = "/",
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> Fetched:
    """Send a request to a server."""
    request = Request("*/*", headers or {}, form)
    return fetcher(server).send(
        f"http://news.example:{server.port}{path}", request, deadline=5, reach=BY_HAND
    )


def test_a_conditional_request(serve: Serve) -> None:
    """The conditions of a request reach the server, also behind a redirect."""
    server = serve({"/": redirect("/new"), "/new": response(status="304 Not Modified", ETag='"2"')})
    answer = send(server, headers={"If-None-Match": '"1"'})
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", '"2"')
    assert ['If-None-Match: "1"' in head for head in server.requests] == [True, True]


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        (["301 A"], "/1"),
        (["308 A", "301 B"], "/2"),
        (["301 A", "302 B", "301 C"], "/1"),
        (["302 A", "301 B"], None),
        (["307 A"], None),
        ([], None),
    ],
    ids=str,
)
def test_what_has_moved_for_good(statuses: list[str], moved: str | None, serve: Serve) -> None:
    """The address to ask from now on is the last that permanent redirects alone lead to."""
    answers = {
        f"/{number}": redirect(f"/{number + 1}", status) for number, status in enumerate(statuses)
    }
    server = serve({**answers, f"/{len(statuses)}": response(b"here")})
    answer = send(server, "/0")
    assert answer.body == b"here"
    assert answer.moved == (moved and f"http://news.example:{server.port}{moved}")


def test_a_form_is_posted(serve: Serve) -> None:
    """The fields of a form reach the server, also behind a redirect that keeps the method."""
    server = serve({"/": echo, "/moved": redirect("/", "307 Elsewhere")})
    for path in ("/", "/moved"):
        answer = send(server, path, form={"hub.mode": "subscribe", "t": "é&="})
        assert (answer.status, answer.body) == (202, b"hub.mode=subscribe&t=%C3%A9%26%3D")
    assert server.requests[-1].startswith("POST / ")
    assert "Content-Type: application/x-www-form-urlencoded" in server.requests[-1]


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C"])
def test_a_form_is_not_turned_into_a_get(status: str, serve: Serve) -> None:
    """A redirect that would turn the POST into a GET is given as the answer."""
    server = serve({"/": redirect("/other", status)})
    assert send(server, form={"a": "b"}).status == int(status[:3])
    assert len(server.requests) == 1
