"""Looks at feeds of a site on this machine, well and badly behaved."""

from __future__ import annotations

import gzip
import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from feed_samples import rss
from fetch.clients import ADDRESSES
from fetch.loopback import Answer, LoopbackServer, endless, redirect, response
from memory import START, Memory, article, kinds

from threadbot.fetch.client import Fetcher
from threadbot.fetch.connection import system_resolver
from threadbot.fetch.settings import AllowedHost, FetchSettings
from threadbot.triggers.checking import Checked, check_feed
from threadbot.triggers.polling import Moment, Pace, Poll, first_poll
from threadbot.triggers.websub import Discovery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FEED_TYPE = {"Content_Type": "application/rss+xml"}


def feed_of(*numbers: int) -> bytes:
    """Write a feed of articles."""
    return rss(
        *(
            f"<guid>{entry.address}</guid><title>{entry.title}</title>"
            f"<description><![CDATA[{entry.content}]]></description>"
            for entry in map(article, numbers)
        )
    )


def resolver(host: str, seconds: float) -> Sequence[str]:
    """Look up the site of the tests here, and anything else as this machine does."""
    return [ADDRESSES[host]] if host in ADDRESSES else system_resolver(host, seconds)


@dataclass
class Site:
    """A site with one feed, and what is remembered of it."""

    answers: dict[str, Answer] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self.server = LoopbackServer(self.answers)
        self.url = f"http://news.example:{self.server.port}/feed"
        self.poll: Poll = first_poll(self.url, START, Pace())
        self.clock = itertools.count()
        allow = (AllowedHost("news.example", self.server.port),)
        self.client = Fetcher(FetchSettings(allow), resolver=resolver)

    def show(self, answer: Answer, path: str = "/feed") -> None:
        """Answer so from now on."""
        self.answers[path] = answer

    def check(self) -> Checked:
        """Look at the feed once, an hour after the last time, and remember what came of it."""
        now = START + timedelta(hours=next(self.clock))
        checked = check_feed(
            self.poll,
            self.client,
            lambda keys: self.memory.recall(keys, now),
            self.memory.rules,
            Moment(now, 0.5),
            self.url,
        )
        self.memory.remember(checked.decisions, now, seen=checked.feed is not None)
        self.poll = checked.poll
        return checked


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.close()


def test_an_article_appears(site: Site) -> None:
    """Stock is taken first; then each new article is let in once, whatever the feed does."""
    site.show(response(feed_of(2, 1), **FEED_TYPE))
    assert kinds(site.check().decisions) == ["PassOver", "PassOver"]
    site.show(response(feed_of(3, 2, 1), **FEED_TYPE))
    assert kinds(site.check().decisions) == ["Leave", "Leave", "LetIn"]
    site.show(response(rss(), **FEED_TYPE))
    site.check()
    site.show(response(feed_of(3, 2, 1), **FEED_TYPE))
    site.check()
    assert site.memory.let_in == ["Article 3"]


def test_not_modified(site: Site) -> None:
    """A server that names what it sent is asked whether there is anything else."""
    site.show(response(feed_of(1), ETag='"1"', **FEED_TYPE))
    site.check()
    site.show(response(status="304 Not Modified"))
    checked = site.check()
    assert (checked.decisions, checked.poll.error) == ((), None)
    assert 'If-None-Match: "1"' in site.server.requests[-1]


def test_what_cannot_be_read_is_asked_for_again(site: Site) -> None:
    """The name of an answer that could not be read is not sent back, or it would be lost."""
    site.show(response(b"<html></html>", ETag='"broken"'))
    site.check()
    site.show(response(feed_of(1), **FEED_TYPE))
    assert kinds(site.check().decisions) == ["PassOver"]
    assert "broken" not in site.server.requests[-1]


def test_a_feed_that_moved(site: Site) -> None:
    """A feed that moved for good is asked at its new place from then on."""
    site.show(redirect("/new", "301 Moved"))
    site.show(response(feed_of(1), **FEED_TYPE), "/new")
    site.check()
    site.check()
    asked = [request.split(" ")[1] for request in site.server.requests]
    assert asked == ["/feed", "/new", "/new"]


#: How the place that a feed has moved to may end.
ENDS: dict[str, tuple[Answer, int]] = {
    "not found": (response(status="404 Not Found"), 3),
    "parked": (response(b"<!doctype html><html>"), 7),
}


@pytest.mark.parametrize(("end", "times"), ENDS.values(), ids=ENDS)
def test_a_feed_that_moved_and_came_back(end: Answer, times: int, site: Site) -> None:
    """Where its new place has failed for long, the configured address is asked, and then always.

    One failure is not enough: what is shown at home may be stale.
    """
    site.show(redirect("/new", "301 Moved"))
    site.show(response(feed_of(1), ETag='"of the new place"', **FEED_TYPE), "/new")
    site.check()
    site.show(end, "/new")
    site.show(response(feed_of(2, 1), ETag='"1"', **FEED_TYPE))
    for _ in range(times - 1):
        assert site.check().poll.error is not None
    checked = site.check()
    assert kinds(checked.decisions) == ["Leave", "LetIn"]
    assert (checked.poll.url, checked.poll.error) == (site.url, None)
    assert "of the new place" not in site.server.requests[-1]
    site.check()
    asked = [request.split(" ")[1] for request in site.server.requests]
    assert asked == ["/feed", "/new", *["/new"] * times, "/feed", "/feed"]


def test_a_feed_that_moved_and_fails_at_both_places(site: Site) -> None:
    """It fails as it does where it was well at last, which is not forgotten, and counts once."""
    site.show(redirect("/new", "301 Moved"))
    site.show(response(feed_of(1), **FEED_TYPE), "/new")
    moved = site.check().poll
    site.show(response(status="500 Oh"))
    site.show(response(status="404 Not Found"), "/new")
    failed = site.check().poll
    assert (failed.url, failed.failures) == (moved.url, 1)
    assert failed.error == "there is nothing at its address (HTTP 404)"
    site.show(response(feed_of(2, 1), **FEED_TYPE), "/new")
    assert kinds(site.check().decisions) == ["Leave", "LetIn"]


def test_a_feed_that_moved_and_asks_for_patience(site: Site) -> None:
    """A server that asks for patience is not asked once more by way of the configured address."""
    site.show(redirect("/new", "301 Moved"))
    site.show(response(feed_of(1), **FEED_TYPE), "/new")
    site.check()
    site.show(response(status="429 Too Many Requests"), "/new")
    site.check()
    asked = [request.split(" ")[1] for request in site.server.requests]
    assert asked == ["/feed", "/new", "/new"]


def test_a_feed_that_names_its_hub(site: Site) -> None:
    """Where to subscribe is told with what was read."""
    site.show(response(feed_of(1), Link='</hub>; rel="hub"', **FEED_TYPE))
    discovery = site.check().discovery
    assert discovery == Discovery(site.url.replace("/feed", "/hub"), site.url)


#: What a feed's server may do instead of sending it, and what is said of that.
TROUBLE: dict[str, tuple[Answer, str]] = {
    "a web page": (response(b"<!doctype html><html>"), "it is a web page, not a feed"),
    "an error": (response(status="500 Oh"), "its server answers with HTTP 500"),
    "gone": (response(status="410 Gone"), "it is gone for good (HTTP 410)"),
    "gzip bomb": (
        response(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"),
        "it is larger than 5,000,000 bytes unpacked",
    ),
    "endless body": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 60_000), "it is larger than"),
    "redirect loop": (redirect("/feed"), "it redirects more than 5 times"),
    "to a private address": (redirect("http://127.0.0.2/"), "not a public address"),
    "to a decimal address": (redirect("http://2130706433/"), "not a public address"),
    "to an IPv4-mapped address": (redirect("http://[::ffff:127.0.0.1]/"), "not a public address"),
}


@pytest.mark.parametrize(("answer", "said"), TROUBLE.values(), ids=TROUBLE)
def test_trouble(answer: Answer, said: str, site: Site) -> None:
    """A feed that fails says why in one line and backs off; nothing of it is forgotten."""
    site.show(response(feed_of(1), ETag='"1"', **FEED_TYPE))
    site.check()
    site.show(answer)
    before = site.poll
    checked = site.check()
    error = checked.poll.error or ""
    assert said in error
    assert "\n" not in error
    assert (checked.decisions, checked.poll.failures) == ((), 1)
    assert (checked.poll.etag, checked.poll.url) == (before.etag, before.url)
    site.show(response(feed_of(2, 1), **FEED_TYPE))
    assert kinds(site.check().decisions) == ["Leave", "LetIn"]


def test_trouble_of_one_source_is_its_own(site: Site) -> None:
    """A source that cannot be reached is a report, not an error that stops the others."""
    nowhere = Fetcher(FetchSettings(), resolver=lambda _host, _seconds: [])
    moment = Moment(START, 0.5)
    poll = first_poll("https://nowhere.example/feed", START, Pace())
    checked = check_feed(
        poll,
        nowhere,
        lambda keys: site.memory.recall(keys, START),
        site.memory.rules,
        moment,
        poll.url,
    )
    assert "the host nowhere.example has no address" in (checked.poll.error or "")
