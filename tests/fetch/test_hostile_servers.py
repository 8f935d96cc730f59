"""Servers that answer badly, too much, or too slowly."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from fetch.clients import fetcher, get, refusal
from fetch.loopback import Answer, Serve, endless, raw, redirect, response, silent
from threadbot.errors import FetchError
from threadbot.fetch.client import Fetcher
from threadbot.fetch.connection import system_resolver
from threadbot.fetch.settings import BY_HAND, AllowedHost, FetchSettings

if TYPE_CHECKING:
    from collections.abc import Sequence


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
#: 100 MB of zeros in 100 kB.
BOMB = gzip.compress(bytes(100_000_000), 9)


TOO_LARGE = "it is larger than 5,000,000 bytes unpacked"
BROKEN = "its server breaks the rules of HTTP ("
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
#: An answer and what is said of it.
ANSWERS: dict[str, tuple[Answer, str]] = {
    "endless body": (endless(HEAD + b"\r\n", b"x" * 60_000), TOO_LARGE),
    "endless chunks": (endless(CHUNKED, b"4e20\r\n" + b"x" * 20_000 + b"\r\n"), TOO_LARGE),
    "gzip bomb": (response(BOMB, Content_Encoding="gzip"), TOO_LARGE),
    "length too large": (response(b"a", Content_Length="5000001"), TOO_LARGE),
    "length much too large": (response(b"a", Content_Length="9" * 20), TOO_LARGE),
    "bomb in a bomb": (
        response(gzip.compress(BOMB), Content_Encoding="gzip, gzip"),
        "it is packed as 'gzip, gzip', which was not asked for",
    ),
    "packed otherwise": (
        response(b"a", Content_Encoding="br"),
        "it is packed as 'br', which was not asked for",
    ),
    "not packed": (response(b"<p>", Content_Encoding="gzip"), "its body cannot be unpacked"),
    "gzip that breaks off": (
        response(gzip.compress(b"some words" * 99)[:-9], Content_Encoding="gzip"),
        "its body breaks off; try again later",
    ),
    "length too long": (response(b"abc", Content_Length="10"), f"{BROKEN}peer closed"),
    "length below zero": (response(b"abc", Content_Length="-1"), BROKEN),
    "two lengths": (raw(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na"), BROKEN),
    "chunk without a length": (raw(CHUNKED + b"zz\r\n"), BROKEN),
    "another protocol": (raw(b"SSH-2.0-OpenSSH_9.9\r\n"), BROKEN),
    "nothing": (raw(b""), f"{BROKEN}server disconnected without sending"),
    "flood of headers": (endless(HEAD, b"X-Flood: 1\r\n" * 1000), BROKEN),
    "endless header": (endless(HEAD + b"X: ", b"x" * 10_000), BROKEN),
}


@pytest.mark.parametrize(("answer", "reason"), ANSWERS.values(), ids=ANSWERS)
def test_a_hostile_answer_is_given_up(answer: Answer, reason: str, serve: Serve) -> None:
    """Each ends in one sentence, in good time."""
    server = serve({"/": answer})
    begun = time.monotonic()
    said = refusal(fetcher(server), f"http://news.example:{server.port}/?key=hunter2")
    assert said.startswith(f"http://news.example:{server.port}/?… cannot be fetched: ")
    assert reason in said
    assert "\n" not in said
    assert time.monotonic() - begun < 4


def test_a_bomb_takes_no_memory(serve: Serve) -> None:
    """Unpacking stops at the limit; what would have come after it is never held."""
    server = serve({"/": response(BOMB, Content_Encoding="gzip")})
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than"):
            get(fetcher(server), server)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        endless(b"", b"H", 0.05),
        endless(HEAD, b"x", 0.05),
        endless(HEAD + b"\r\n", b"x", 0.05),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    ],
    ids=["silence", "status line", "headers", "body", "information"],
)
def test_a_slow_drip_ends_at_the_deadline(answer: Answer, serve: Serve) -> None:
    """However often a byte comes, all of it together has so much time and no more."""
    server = serve({"/": answer})
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"took longer than 0\.4 seconds; try again later$"):
        get(fetcher(server), server, deadline=0.4)
    assert 0.3 < time.monotonic() - begun < 2


def test_redirects_share_one_deadline(serve: Serve) -> None:
    """Five slow hops do not make five times the patience."""

    def slowly(location: str) -> Answer:
        def answer(connection: socket.socket) -> None:
            time.sleep(0.2)
            redirect(location)(connection)

        return answer

    server = serve({f"/{n}": slowly(f"/{n + 1}") for n in range(6)})
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"took longer than 0\.5 seconds"):
        get(fetcher(server), server, "/0", deadline=0.5)
    assert time.monotonic() - begun < 1.5


def test_the_time_of_a_look_up_counts() -> None:
    """A name server that does not answer is given up like any other."""

    def slow(host: str, seconds: float) -> Sequence[str]:
        assert seconds == pytest.approx(20, abs=1)
        raise TimeoutError(host)

    said = refusal(Fetcher(FetchSettings(), resolver=slow), "http://slow.example/", deadline=20)
    assert said == (
        "http://slow.example/ cannot be fetched: it took longer than 20 seconds; try again later"
    )


def test_a_look_up_by_this_machine_can_be_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's look-up is waited for no longer than asked."""

    def slow(*_: object, **__: object) -> list[object]:
        time.sleep(1)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        system_resolver("slow.example", 0.1)
    assert time.monotonic() - begun < 0.9


def test_the_settings_timeout_holds_unless_another_is_given(
    serve: Serve,
) -> None:
    """The configuration says how long a fetch may take."""
    server = serve({"/": silent})
    settings = FetchSettings((AllowedHost("127.0.0.1", server.port),), timeout=0.2)
    with pytest.raises(FetchError, match=r"longer than 0\.2 seconds"):
        Fetcher(settings).fetch(f"http://127.0.0.1:{server.port}/", accept="*/*", reach=BY_HAND)


def test_a_connection_that_is_reset_is_told(serve: Serve) -> None:
    """A reset in the middle of a body is a sentence."""

    def reset(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: 9\r\n\r\nabc")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

    server = serve({"/": reset})
    said = refusal(fetcher(server), f"http://news.example:{server.port}/")
    assert "the connection broke off; try again later" in said


def test_the_clock_is_the_one_that_was_handed_in(serve: Serve) -> None:
    """Where it says that the time is up, nothing more is read, however fast the server is."""
    server = serve({"/": response(b"fast")})
    settings = FetchSettings((AllowedHost("127.0.0.1", server.port),))
    moments = iter([0.0, 1.0, 2.0])
    client = Fetcher(settings, clock=lambda: next(moments, 21.0))
    with pytest.raises(FetchError, match="took longer than 20 seconds"):
        client.fetch(f"http://127.0.0.1:{server.port}/", accept="*/*", reach=BY_HAND)


def test_what_this_machines_look_up_says_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that no server knows is an error of the look-up, not of its thread."""

    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(socket.gaierror, match="not known"):
        system_resolver("gone.example", 5)
