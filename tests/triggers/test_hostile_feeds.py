"""Feeds that mean harm, or are none: refused or survived, within bounds of time and memory."""

from __future__ import annotations

import time
import tracemalloc
from itertools import repeat

import pytest
from feed_samples import PARAGRAPH, rss
from hypothesis import given, settings
from hypothesis import strategies as st
from memory import START

from threadbot.errors import SourceError
from threadbot.triggers.decisions import Knowledge, Rules
from threadbot.triggers.entry import Entry
from threadbot.triggers.feed_text import MAX_BYTES, MAX_ENTRIES
from threadbot.triggers.feeds import read_feed
from threadbot.triggers.intake import decide

URL = "https://hostile.example/feed"
GUID = "<guid isPermaLink='false'>1</guid>"
#: Seconds that the worst feed may take: many times what it takes on an idle machine.
PATIENCE = 20.0
#: Bytes of memory that a feed may take at most.
ROOM = 150_000_000


def full(unit: str, before: str = "", after: str = "") -> bytes:
    """Make a feed as large as one may be, of one piece over and over."""
    count = (MAX_BYTES - 500) // len(unit.encode())
    return f"<rss><channel>{before}{unit * count}{after}</channel></rss>".encode()


def attributes(count: int, first: str = "") -> bytes:
    """Make a feed with a tag that has many attributes."""
    more = " ".join(f'a{number}=""' for number in range(count))
    return rss(f'{GUID}<x first="{first}" {more}/>')


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
XXE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PAGE = b"<!doctype html><html><head><title>Oops</title></head><body><p>503</p></body></html>"
LINKING_PAGE = PAGE.replace(
    b"<title>", b'<link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2"><title>'
)
#: What is refused, and what is said of it.
REFUSED: dict[str, tuple[bytes, str]] = {
    "entity bomb": (rss(f"{GUID}<title>&c;</title>", head=BOMB), "it declares entities of its own"),
    "XXE": (rss(f"{GUID}<title>&x;</title>", head=XXE), "it declares entities of its own"),
    "1,000,000 entries": (
        b"<rss><channel>" + b"<item/>" * 700_000,
        "it has more than 250,000 tags",
    ),
    "20,000 entries": (rss(*repeat(GUID, 20_000)), "it has more than 10,000 entries"),
    "1,000,000 entries in JSON": (
        b'{"version":"https://jsonfeed.org/version/1","items":[' + b"{}," * 1_000_000 + b"{}]}",
        "it has more than 10,000 entries",
    ),
    "more bytes than are read": (b"<rss>" + b" " * MAX_BYTES, "it is larger than 5,000,000 bytes"),
    "brackets without end": (full("<"), "it has more than 800,000 signs of markup"),
    "ampersands without end": (full("&", GUID), "it has more than 800,000 signs of markup"),
    "many attributes": (attributes(1_500), "it has a tag with more than 1,000 attributes"),
    "many attributes, a bracket within": (
        attributes(16_000, ">" * 500),
        "it has a tag of more than 20,000",
    ),
    "many attributes behind a section in a comment": (
        b"<!-- <![CDATA[ --><!-- ]]> -->" + attributes(16_000),
        "it has a tag of more than 20,000",
    ),
    "many attributes behind a section that begins in a comment": (
        b"<!-- <![CDATA[ -->" + attributes(16_000),
        "it is no XML",
    ),
    "a tag without end": (b"<rss " + b"a='b' " * 700_000, "it has a tag of more than 20,000"),
    "one long comment": (full("-", "<!-- a ", "-->"), "it has a tag of more than 20,000"),
    "100,000 prefixes": (
        b"<rss>" + b"".join(b"<p%d:a/>" % number for number in range(100_000)),
        "it uses more than 20 prefixes",
    ),
    "JSON nested without end": (b'{"items":' + b"[" * 2_000_000, "it is no valid JSON"),
    "JSON of another kind": (b'{"items": []}', "it is JSON, but no JSON Feed"),
    "a web page": (PAGE, "it is a web page, not a feed; look for its feed's address"),
    "a web page that names its feed": (
        LINKING_PAGE,
        "its feed seems to be at https://hostile.example/rss?a=1&b=2",
    ),
    "another XML": (b"<?xml version='1.0'?><svg/>", "its outermost element is <svg>"),
    "nothing": (b"", "it is empty"),
    "NUL bytes alone": (bytes(1000), "it is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "it is no feed (it is a picture)"),
    "noise": (bytes(range(256)) * 1000, "it is no feed (this is a binary file, not text)"),
    "a wrong charset": (
        rss("<title>\u0436</title>").replace("ж".encode(), b"\xd6\xff\x81"),
        "it is no feed (byte",
    ),
}


@pytest.mark.parametrize(("body", "said"), REFUSED.values(), ids=REFUSED)
def test_refused_with_one_line(body: bytes, said: str) -> None:
    """What is no feed, or an attack, is refused with one clear line, at once."""
    began = time.monotonic()
    with pytest.raises(SourceError) as refused:
        read_feed(body, url=URL)
    message = str(refused.value)
    assert said in message
    assert message.startswith(f"the feed at {URL} cannot be read: ")
    assert "\n" not in message
    assert time.monotonic() - began < PATIENCE


ITEM = f"<item>{GUID}<description>"
END = "</description></item>"
#: What is survived, and how many entries come of it.
SURVIVED: dict[str, tuple[bytes, int]] = {
    "9,000 entries": (rss(*(f"<guid>{number}</guid>" for number in range(9_000))), MAX_ENTRIES),
    "one long text": (full("word ", ITEM, END), 1),
    "200,000 character references": (full("&#38; " + "a" * 19, ITEM, END), 1),
    "200,000 escaped tags": (full("&lt;p&gt;words of the text", ITEM, END), 1),
    "200,000 sections": (full("<![CDATA[words]]>" + "a" * 9, ITEM, END), 1),
    "sections that never end": (full("<![CDATA[" + "a" * 9, ITEM), 1),
    "100,000 levels": (f"<rss><channel>{'<a>' * 100_000}".encode(), 0),
    "100,000 authors": (
        full("<author>aaaaaaaaaaaaaaaaaaaaaaaaaa</author>", f"<item>{GUID}", "</item>"),
        1,
    ),
    "100,000 categories": (
        full("<category>aaaaaaaaaaaaaaaaaaaaa</category>", f"<item>{GUID}", "</item>"),
        1,
    ),
    "a guid without end": (full("a", "<item><guid>", "</guid></item>"), 1),
    "a date without end": (full("1 ", f"<item>{GUID}<pubDate>", "</pubDate></item>"), 1),
    "spaces without end": (full(" "), 0),
    "broken off": (rss(f"{GUID}<description>{PARAGRAPH}</description>")[:400], 1),
    "NUL bytes within": (rss(f"{GUID}<title>a\0b</title>"), 1),
    "a foreign document type": (
        rss(GUID, head='<!DOCTYPE rss PUBLIC "-//N//DTD RSS//EN" "http://127.0.0.1:9/rss.dtd">'),
        1,
    ),
}


@pytest.mark.parametrize(("body", "entries"), SURVIVED.values(), ids=SURVIVED)
def test_survived(body: bytes, entries: int) -> None:
    """What is merely strange or large is read as far as it goes, in bounded time."""
    began = time.monotonic()
    feed = read_feed(body, url=URL)
    watched = Knowledge(first_seen=START, entries={})
    decisions = decide(feed.entries, watched, Rules(), START)
    assert time.monotonic() - began < PATIENCE
    assert len(feed.entries) == entries
    assert len(decisions) <= entries


def test_memory() -> None:
    """The largest feed takes a bounded amount of memory."""
    body = full("&lt;p&gt;words of the text", ITEM, END)
    tracemalloc.start()
    read_feed(body, url=URL)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < ROOM


def test_both_ends_of_a_long_feed() -> None:
    """Of a feed that is too long both ends are read, wherever it puts the newest."""
    feed = read_feed(rss(*(f"<guid>{number}</guid>" for number in range(3_000))), url=URL)
    guids = [entry.guid for entry in feed.entries]
    assert (guids[0], guids[-1], len(guids), feed.omitted) == ("0", "2999", MAX_ENTRIES, 2_000)


@settings(deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"<rss><channel><item>", b"<feed><entry>", b'{"items":[']),
)
def test_any_bytes(noise: bytes, start: bytes) -> None:
    """Whatever bytes come, a feed comes out of them or one line that says why not."""
    try:
        feed = read_feed(start + noise, url=URL)
    except SourceError as refused:
        said = str(refused)
    else:
        assert all(entry.guid or entry.address or entry.content for entry in feed.entries)
        said = ""
    assert "\n" not in said


def test_one_long_entry_that_many_others_are_the_same_as() -> None:
    """A long text is examined once, however many entries of a reading have its guid."""
    long = Entry(guid="same", content="\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 1_600_000)
    entries = [long, *(Entry(guid="same") for _ in range(999))]
    begun = time.perf_counter()
    decisions = decide(entries, Knowledge(START, {}), Rules(), START)
    assert len(decisions) == 1
    assert time.perf_counter() - begun < PATIENCE / 4
