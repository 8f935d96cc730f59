"""What is never connected to, whoever names it and however."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fetch.clients import fetcher, get, refusal
from fetch.loopback import Serve, redirect, response
from threadbot.errors import FetchError
from threadbot.fetch.client import Fetcher
from threadbot.fetch.connection import Deadline, Guard, system_resolver
from threadbot.fetch.settings import BY_HAND, PUBLIC, AllowedHost, FetchSettings, Reach

if TYPE_CHECKING:
    from collections.abc import Sequence


def no_look_up(host: str, seconds: float) -> Sequence[str]:
    """Fail a test that looks up what should have been refused before."""
    message = f"looked up {host} within {seconds}"
    raise AssertionError(message)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "http://127.0.0.1/",
        "//localhost/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://127。0。0。1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0/",
    ],
)
def test_a_redirect_to_this_machine_is_refused(location: str, serve: Serve) -> None:
    """However the address is written, no hop leads where the first could not have led."""
    inside = serve({"/": response(b"secret")})
    server = serve({"/": redirect(location.format(port=inside.port))})
    settings = FetchSettings((AllowedHost("news.example", server.port),))

    def resolver(host: str, seconds: float) -> Sequence[str]:
        return ["127.0.0.1"] if host == "news.example" else system_resolver(host, seconds)

    said = refusal(Fetcher(settings, resolver=resolver), f"http://news.example:{server.port}/")
    assert said.startswith(f"http://news.example:{server.port}/ leads to http://")
    assert "is not a public address; if it is a server of yours" in said or "port" in said
    assert inside.requests == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://a.example/", "it does not begin with http:// or https://"),
        ("file:///etc/passwd", "it does not begin with http:// or https://"),
        ("data:text/plain,a", "it does not begin with http:// or https://"),
        ("a.example", "it does not begin with http:// or https://"),
        ("//a.example/a.png", "it does not begin with http:// or https://"),
        ("http:///a", "it names no host"),
        ("http://a b/", "it names no host"),
        ("http://exa%6dple.com/", "it names no host"),
        ("http://a.example:22/", "port 22 is neither 80 nor 443; if it is a server of yours, list"),
        ("http://a.example:0/", "port 0 is neither 80 nor 443"),
        ("http://me:hunter2@a.example/", "it holds a user name or a password; take them out"),
        ("http://127.0.0.1@a.example/", "it holds a user name or a password; take them out"),
        ("http://[::1/", "is not a web address"),
        ("http://a.example:99999/", "port 99999 is neither 80 nor 443"),
        ("http://0177.0.0.1/", "is not a web address"),
        ("http://①.example/", "is not a web address"),
        ("http://a\0.example/", "is not a web address"),
    ],
)
def test_an_address_that_is_never_fetched_is_not_looked_up(url: str, reason: str) -> None:
    """One sentence says why, without the password that an address may hold."""
    said = refusal(Fetcher(FetchSettings(), resolver=no_look_up), url)
    assert reason in said
    assert "hunter2" not in said


def test_a_redirect_to_another_scheme_is_refused(serve: Serve) -> None:
    """A page cannot lead to a file."""
    answers = {"/": redirect("file:///etc/passwd"), "/bad": redirect("http://[::1")}
    server = serve(answers)
    url = f"http://news.example:{server.port}/"
    said = refusal(fetcher(server), url)
    assert said.startswith(f"{url} leads to file:/etc/passwd cannot be fetched: it does not beg")
    assert "it redirects to 'http://[::1', which is not a web" in refusal(
        fetcher(server), f"{url}bad"
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "127.1", "[::1]", "0"])
def test_this_machine_is_refused_at_once(host: str) -> None:
    """Whatever this machine's own look-up makes of a host, the number it gives is judged."""
    said = refusal(Fetcher(FetchSettings()), f"http://{host}/")
    assert re.search(r"is at \S+, which is not a public address; if it is a server of yours", said)


def test_a_name_server_that_changes_its_mind_changes_nothing(
    serve: Serve,
) -> None:
    """A host is looked up once a fetch: what was judged is what is connected to.

    The first answer is allowed and redirects to its own host, whose second answer would be
    another machine.
    """
    server = serve({"/": redirect("/again"), "/again": response(b"same")})
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    settings = FetchSettings((AllowedHost("news.example", server.port),))
    client = Fetcher(settings, resolver=lambda *_: next(answers))
    assert get(client, server).body == b"same"
    assert next(answers) == ["127.0.0.2"]


def test_a_rebinding_name_is_refused() -> None:
    """A name that was public the first time and is local the next is judged by each answer."""
    answers = iter([["203.0.113.7"], ["127.0.0.1"]])
    client = Fetcher(FetchSettings(), resolver=lambda *_: next(answers))
    assert "203.0.113.7, which is not" in refusal(client, "http://rebind.example/")
    assert "127.0.0.1, which is not" in refusal(client, "http://rebind.example/")


def test_only_the_public_addresses_of_a_name_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a name has a local address beside a public one, the local one is never tried."""
    tried: list[str] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    client = Fetcher(
        FetchSettings(), resolver=lambda *_: ["127.0.0.1", "93.184.215.14", "::1", "1.1.1.1"]
    )
    assert "refuses the connection" in refusal(client, "http://both.example/")
    assert tried == ["93.184.215.14", "1.1.1.1"]


@settings(deadline=None)
@given(url=st.one_of(st.text(), st.text().map("http://{}".format), st.from_regex(r"https?://.*")))
def test_any_text_is_refused_in_a_sentence(url: str) -> None:
    """Whatever stands where an address should, it is refused or looked up, never an accident."""
    looked_up: list[str] = []

    def resolver(host: str, seconds: float) -> Sequence[str]:
        looked_up.append(f"{host} {seconds}")
        return ["127.0.0.1"]

    said = refusal(Fetcher(FetchSettings(), resolver=resolver), url)
    assert len(looked_up) <= 1
    assert "cannot be fetched: " in said or "is not a web address" in said


def guard(reach: Reach) -> Guard:
    """Give the guard of a fetch with that reach."""
    allow = tuple(map(AllowedHost.parse, ("intranet.example", "intranet.example:8080", "10.0.0.1")))
    settings = FetchSettings(allow)
    limit = Deadline(lambda: 0.0, 1.0)
    return Guard(settings.within(reach), lambda *_: ["10.0.0.1"], limit, settings.allow)


HOME = Reach(home="https://intranet.example/feed")


@pytest.mark.parametrize(
    ("reach", "allowed"),
    [
        (PUBLIC, []),
        (BY_HAND, ["intranet.example 80", "intranet.example 8080", "10.0.0.1 443"]),
        (HOME, ["intranet.example 80"]),
        (Reach(home="http://INTRANET.example:8080/"), ["intranet.example 8080"]),
        (Reach(home="https://news.example/feed"), []),
        (Reach(home="https://intranet.example:port/"), []),
    ],
)
def test_leave_for_a_host_that_is_not_public_is_given_to_each_fetch(
    reach: Reach, allowed: Sequence[str]
) -> None:
    """A source reaches its own host and port, an address given by hand all that are allowed."""
    places = [("intranet.example", 80), ("intranet.example", 8080), ("10.0.0.1", 443)]
    assert [f"{host} {port}" for host, port in places if guard(reach).allows(host, port)] == allowed


@pytest.mark.parametrize("reach", [BY_HAND, HOME])
def test_no_leave_outlives_a_redirect_from_a_public_host(reach: Reach) -> None:
    """From there on it is a stranger who says where to go."""
    begun = guard(reach)
    assert begun.after("intranet.example", 443) == begun
    after = begun.after("news.example", 443)
    with pytest.raises(FetchError, match="holds for the hosts of sources and for addresses given"):
        after.addresses("intranet.example", 80)
    assert after.after("intranet.example", 80) == after


def test_leave_for_robots_is_that_for_the_page() -> None:
    """A site is asked with what reach its page is fetched with, and once for all other sources."""
    assert HOME.toward("http://intranet.example/a") == HOME
    assert HOME.toward("https://news.example/a") == PUBLIC
    assert BY_HAND.toward("https://news.example/a") == BY_HAND
