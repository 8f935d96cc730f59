"""Fetching from servers that behave, and hosts that are not there."""

from __future__ import annotations

import gzip
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fetch.clients import fetcher, get, refusal
from fetch.loopback import Answer, Serve, redirect, response
from threadbot.errors import FetchError
from threadbot.fetch.client import Fetcher
from threadbot.fetch.settings import BY_HAND, AllowedHost, FetchSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def test_a_page_is_fetched_politely(serve: Serve) -> None:
    """Body, status, type and headers come back; the request says who asks and sends nothing else.

    The answer's cookie is not kept.
    """
    page = response(
        b"<p>", Content_Type="Text/HTML; charset=utf-8", ETag='"1"', Set_Cookie="session=1"
    )
    server = serve({"/a": page})
    client = fetcher(server)
    url = f"http://news.example:{server.port}/a?b=c"
    fetched = client.fetch(f" {url}#part ", accept="text/html", reach=BY_HAND)
    get(client, server, "/a?b=c")
    assert (fetched.url, fetched.status, fetched.body) == (url, 200, b"<p>")
    assert fetched.content_type == "text/html"
    assert fetched.headers["etag"] == '"1"'
    first, second = server.requests
    assert first == second
    assert re.sub(r"threadbot/[\w.]+ ", "threadbot/V ", first).splitlines() == [
        "GET /a?b=c HTTP/1.1",
        f"Host: news.example:{server.port}",
        "User-Agent: threadbot/V (+https://enpause.example/contact)",
        "Accept: text/html",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
    ]


@pytest.mark.parametrize("status", ["404 Not Found", "304 Not Modified", "500 Oh", "204 Nothing"])
def test_any_status_is_an_answer(status: str, serve: Serve) -> None:
    """What a status means is for the caller to say."""
    server = serve({"/": response(status=status)})
    assert get(fetcher(server), server).status == int(status[:3])


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"some words" * 99)),
        ("GZip", gzip.compress(b"some words" * 50) + gzip.compress(b"some words" * 49)),
        ("gzip", gzip.compress(b"some words" * 99) + b"\0\0\0"),
        ("identity", b"some words" * 99),
        ("", b"some words" * 99),
    ],
    ids=["one member", "two members", "padding", "identity", "no encoding"],
)
def test_a_body_is_unpacked(encoding: str, packed: bytes, serve: Serve) -> None:
    """What was asked for packed comes back as it was."""
    server = serve({"/": response(packed, Content_Encoding=encoding)})
    assert get(fetcher(server), server).body == b"some words" * 99


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
def test_redirects_are_followed(status: str, serve: Serve) -> None:
    """The address that came last is told; relative ones and other hosts work."""
    other = serve({"/end": response(b"end")})
    answers = {
        "/a/": redirect("../b#part", status),
        "/b": redirect(f"http://127.0.0.1:{other.port}/end", status),
    }
    server = serve(answers)
    fetched = get(fetcher(server, other), server, "/a/")
    assert (fetched.url, fetched.body) == (f"http://127.0.0.1:{other.port}/end", b"end")


def test_five_redirects_are_enough(serve: Serve) -> None:
    """A chain of five is followed; a sixth, and a loop, end in a sentence."""
    chain: dict[str, Answer] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    server = serve(chain | {"/6": response(b"end"), "/loop": redirect("/loop")})
    client = fetcher(server)
    assert get(client, server, "/1").body == b"end"
    for path in ("/0", "/loop"):
        with pytest.raises(FetchError, match=r"it redirects more than 5 times; open it"):
            get(client, server, path)


def test_the_next_address_is_tried_where_one_refuses(
    serve: Serve,
) -> None:
    """A host with two addresses is reached if one of them answers."""
    server = serve({"/": response(b"second")})
    settings = FetchSettings((AllowedHost("news.example", server.port),))
    client = Fetcher(settings, resolver=lambda *_: ["127.0.0.9", "127.0.0.1"])
    assert get(client, server).body == b"second"


def test_a_host_that_is_not_there_is_told() -> None:
    """Name servers' answers become a sentence: none, an error, a name that cannot be."""

    def gone(host: str, seconds: float) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, f"No such {host}, {seconds}")

    url = "http://gone.example/"
    assert refusal(Fetcher(FetchSettings(), resolver=gone), url).startswith(
        "http://gone.example/ cannot be fetched: the host gone.example cannot be found (no such"
    )
    assert "has no address" in refusal(Fetcher(FetchSettings(), resolver=lambda *_: []), url)
    long = "http://" + "a" * 64 + ".example/"
    assert "cannot be found (" in refusal(Fetcher(FetchSettings()), long)


def test_a_refused_connection_is_told(serve: Serve) -> None:
    """Nobody listens on the port."""
    server = serve({})
    server.close()
    said = refusal(fetcher(server), f"http://news.example:{server.port}/")
    assert "its host refuses the connection; check the address, or try again later" in said


def test_a_host_without_a_route_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own reason is passed on."""

    def connect(*_: object, **__: object) -> socket.socket:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", connect)
    client = Fetcher(FetchSettings(), resolver=lambda *_: ["1.1.1.1"])
    assert "cannot be reached (network is unreachable); try" in refusal(client, "http://a.example/")


def test_the_environments_proxies_and_passwords_are_not_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a proxy nor a .netrc changes what is sent where."""
    server = serve({"/": response(b"direct")})
    (tmp_path / "netrc").write_text("machine news.example login me password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert get(fetcher(server), server).body == b"direct"
    assert "authorization" not in server.requests[0].lower()


def test_the_settings_cost_nothing_to_import() -> None:
    """Whoever builds the settings does not import the client's library."""
    program = (
        "import sys, threadbot.fetch.settings; "
        "print([n for n in sys.modules if n.startswith(('http', 'ssl', 'anyio'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
