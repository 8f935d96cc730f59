"""The page of an article, and what a site's robots.txt says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fetch.clients import fetcher
from fetch.loopback import redirect, response
from threadbot.errors import FetchError
from threadbot.fetch.pages import Robots, fetch_page
from threadbot.fetch.settings import BY_HAND

if TYPE_CHECKING:
    from fetch.loopback import Answer, LoopbackServer, Serve

PAGE = b"<html><body><h1>Le moulin</h1><p>Il tourne.</p></body></html>"


def address(server: LoopbackServer, path: str) -> str:
    """Give the address of a path by the server's name."""
    return f"http://news.example:{server.port}{path}"


def test_a_page_is_given_with_the_address_that_it_was_found_at(serve: Serve) -> None:
    """A redirect is followed, and what comes out says where the page is."""
    server = serve({"/old": redirect("/new"), "/new": response(PAGE, Content_Type="text/html")})
    page = fetch_page(fetcher(server), address(server, "/old"), reach=BY_HAND)
    assert (page.body, page.url) == (PAGE, address(server, "/new"))


REFUSED = {
    "not found": (response(b"gone", "404 Not Found"), "there is nothing at this address"),
    "forbidden": (response(b"no", "403 Forbidden"), "save the page to a file"),
    "in trouble": (response(b"", "500 Internal Server Error"), "HTTP 500"),
    "picture": (response(b"\x89PNG", Content_Type="image/png"), "it is image/png"),
    "empty": (response(b" \n", Content_Type="text/html"), "the page is empty"),
}


@pytest.mark.parametrize(("answer", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_page_is_refused_in_one_sentence(
    answer: Answer, said: str, serve: Serve
) -> None:
    """The sentence names the address without its query, and says what is wrong."""
    server = serve({"/a": answer})
    with pytest.raises(FetchError) as caught:
        fetch_page(fetcher(server), address(server, "/a?token=secret"), reach=BY_HAND)
    assert said in str(caught.value)
    assert address(server, "/a?…") in str(caught.value)
    assert "secret" not in str(caught.value)


RULES = b"User-agent: threadbot\nDisallow: /private/\n\nUser-agent: *\nDisallow: /\n"


def test_robots_are_asked_once_an_hour_and_obeyed(serve: Serve) -> None:
    """A page that the site's robots.txt keeps from us is refused; the rules are kept an hour."""
    server = serve({"/robots.txt": response(RULES)})
    seconds = [0.0]
    robots = Robots(fetcher(server), lambda: seconds[0])
    robots.check(address(server, "/open/a"), BY_HAND)
    with pytest.raises(FetchError, match=r"robots\.txt of its site"):
        robots.check(address(server, "/private/a"), BY_HAND)
    assert len(server.requests) == 1
    seconds[0] = 3601
    robots.check(address(server, "/open/b"), BY_HAND)
    assert len(server.requests) == 2


def test_a_robots_file_that_fails_is_asked_for_once_a_minute(serve: Serve) -> None:
    """A site that is out of order is not waited for once more for each of its pages."""
    server = serve({"/robots.txt": response(b"", "500 Internal Server Error")})
    seconds = [0.0]
    robots = Robots(fetcher(server), lambda: seconds[0])
    for moment, asked in ((0.0, 1), (59.0, 1), (60.0, 2)):
        seconds[0] = moment
        with pytest.raises(FetchError, match="HTTP 500"):
            robots.check(address(server, "/a"), BY_HAND)
        assert len(server.requests) == asked


def test_without_a_robots_file_everything_may_be_read(serve: Serve) -> None:
    """404 means that there are no rules; 500 means that nobody knows, so nothing is read."""
    open_site = serve({"/robots.txt": response(b"", "404 Not Found")})
    Robots(fetcher(open_site), lambda: 0.0).check(address(open_site, "/a"), BY_HAND)
    broken = serve({"/robots.txt": response(b"", "500 Internal Server Error")})
    with pytest.raises(FetchError, match="try again later"):
        Robots(fetcher(broken), lambda: 0.0).check(address(broken, "/a"), BY_HAND)


def test_the_host_of_a_configured_source_is_not_asked(serve: Serve) -> None:
    """Whoever configures a source may read its pages."""
    server = serve({})
    Robots(fetcher(server), lambda: 0.0, ours=["news.example"]).check(
        address(server, "/a"), BY_HAND
    )
    assert not server.requests


def elsewhere(server: LoopbackServer, path: str) -> str:
    """Give the address of a path by a name that is no configured source's."""
    return f"http://127.0.0.1:{server.port}{path}"


def moved(serve: Serve, robots: Answer) -> LoopbackServer:
    """Serve a page of a source that has moved to another host with this robots.txt."""
    answers: dict[str, Answer] = {
        "/robots.txt": robots,
        "/private/a": response(PAGE, Content_Type="text/html"),
    }
    server = serve(answers)
    answers["/old"] = redirect(elsewhere(server, "/private/a"))
    return server


FORBIDDING = {
    "forbidden": (response(RULES), "the robots.txt of its site asks robots not to"),
    "in trouble": (response(b"", "500 Internal Server Error"), "cannot be read (HTTP 500)"),
}


@pytest.mark.parametrize(("rules", "said"), FORBIDDING.values(), ids=FORBIDDING)
def test_the_robots_of_a_host_that_a_page_redirects_to_are_asked_first(
    rules: Answer, said: str, serve: Serve
) -> None:
    """A redirect leads past no robots.txt: the page is not asked for."""
    server = moved(serve, rules)
    client = fetcher(server)
    robots = Robots(client, lambda: 0.0, ours=["news.example"])
    with pytest.raises(FetchError) as caught:
        fetch_page(client, address(server, "/old"), reach=BY_HAND, robots=robots)
    assert said in str(caught.value)
    places = f"{address(server, '/old')} leads to {elsewhere(server, '/private/a')}"
    assert str(caught.value).startswith(places)
    asked = [head.split(" ")[1] for head in server.requests]
    assert asked == ["/old", "/robots.txt"]


def test_a_page_that_was_redirected_is_read_where_its_robots_let_us(serve: Serve) -> None:
    """What forbids nothing is no hindrance."""
    server = moved(serve, response(b"User-agent: *\nDisallow: /admin/\n"))
    client = fetcher(server)
    robots = Robots(client, lambda: 0.0, ours=["news.example"])
    page = fetch_page(client, address(server, "/old"), reach=BY_HAND, robots=robots)
    assert (page.body, page.url) == (PAGE, elsewhere(server, "/private/a"))


def test_no_robots_are_asked_for_an_address_that_a_person_gave(serve: Serve) -> None:
    """A person reads a page, wherever it redirects to."""
    server = moved(serve, response(RULES))
    assert fetch_page(fetcher(server), address(server, "/old"), reach=BY_HAND).body == PAGE
    assert not any("robots" in head for head in server.requests)


def test_a_redirect_to_nowhere_is_named_without_its_query(serve: Serve) -> None:
    """What a server wants us to go to may hold a key, too."""
    server = serve({"/mill": redirect("http://news:port/?key=s3cret")})
    with pytest.raises(FetchError, match="which is not a web address") as caught:
        fetch_page(fetcher(server), address(server, "/mill?a=s3cret"), reach=BY_HAND)
    assert "s3cret" not in str(caught.value)
