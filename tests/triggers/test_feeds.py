"""What is believed of a feed, in each of its formats."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from feed_samples import ATOM, PARAGRAPH, SAMPLES, WORDPRESS, rss

from threadbot.article.reader import load
from threadbot.errors import SourceError
from threadbot.triggers import entry as entry_module
from threadbot.triggers import entry_fields
from threadbot.triggers.feeds import Feed, read_feed

if TYPE_CHECKING:
    from threadbot.triggers.entry import Entry

URL = "https://enpause.example/feed/"
GUID = "<guid>https://enpause.example/1</guid>"


def read(body: bytes, content_type: str | None = None) -> Feed:
    """Read a feed of the sample's site."""
    return read_feed(body, url=URL, content_type=content_type)


def only(body: bytes) -> Entry:
    """Read the only entry of a feed."""
    (entry,) = read(body).entries
    return entry


@pytest.mark.parametrize(("body", "guid", "has_picture"), SAMPLES.values(), ids=SAMPLES)
def test_one_article_in_each_format(body: bytes, guid: str, has_picture: bool) -> None:  # noqa: FBT001
    """The same article comes out of RSS, Atom, RDF and JSON Feed."""
    entry = only(body)
    assert entry.guid == guid
    assert entry.address == "https://enpause.example/le-moulin/?utm_source=rss"
    assert entry.title == "Le moulin & la crue : « c’est fini »"
    assert entry.author == "Jeanne Dupont, Marc Petit"
    assert entry.published == datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert entry.language == "fr"
    assert entry.categories == ("À la une", "Culture")
    assert entry.summary == "Il ne tourne plus… […]"
    assert entry.text.startswith(PARAGRAPH.strip())
    assert entry.content_type == "text/html"
    assert entry.picture == ("https://enpause.example/moulin.jpg" if has_picture else None)
    assert not entry.needs_page


@pytest.mark.parametrize("name", ["RSS", "Atom", "JSON Feed"])
def test_the_feed_itself(name: str) -> None:
    """Title, language, hub and its own address are those of the feed."""
    feed = read(SAMPLES[name][0])
    assert (feed.title, feed.hubs) == ("En pause", ("https://hub.example/",))
    assert feed.self_link is not None
    assert feed.self_link.startswith("https://enpause.example/")


def test_what_is_known_to_the_reader() -> None:
    """Title, author, day, language and address of an entry are known when its article is read.

    The language comes along, so that no post lacks its `langs` (php2Bluesky#32).
    """
    entry = only(WORDPRESS.encode())
    article = load(
        entry.content, content_type=entry.content_type, url=entry.address, known=entry.known()
    )
    assert article.title.split() == "Le moulin & la crue : « c’est fini »".split()
    assert article.author == "Jeanne Dupont, Marc Petit"
    # The author's day, though it is still the 23rd at Greenwich.
    assert article.published == date(2026, 11, 24)
    assert article.language == "fr"
    assert article.url == "https://enpause.example/le-moulin/"
    assert article.tags == ("À la une", "Culture")
    assert "alert" not in str(article.blocks)


TEASERS = {
    "nothing": ("", True),
    "a line": ("A line.", True),
    "a long teaser": (f"{PARAGRAPH} [&#8230;]", True),
    "a long teaser in French": (f"{PARAGRAPH} Lire la suite »", True),
    "all of it": (PARAGRAPH, False),
    "all of it, with dots within": (f"And so on ... {PARAGRAPH}", False),
}


@pytest.mark.parametrize(("text", "needed"), TEASERS.values(), ids=TEASERS)
def test_short_entries_need_their_page(text: str, needed: bool) -> None:  # noqa: FBT001
    """An entry that is short, or ends as teasers do, says that its page must be read."""
    described = f"<description><![CDATA[<p>{text}</p>]]></description>"
    assert only(rss(f"<link>/a</link>{described}")).needs_page is needed
    assert not only(rss(f"<guid isPermaLink='false'>1</guid>{described}")).needs_page


#: Items and what comes of them: field by field.
ITEMS: dict[str, tuple[str, dict[str, object]]] = {
    "address from the guid": (GUID, {"address": "https://enpause.example/1"}),
    "guid that is no address": ("<guid>1</guid>", {"guid": "1", "address": None}),
    "address behind a counter": (
        "<link>https://a.example/</link><feedburner:origLink>https://b.example/</feedburner:origLink>",
        {"address": "https://b.example/", "guid": None},
    ),
    "address that runs a script": (f"{GUID}<link>javascript:alert(1)</link>", {"address": None}),
    "prefixes that nobody declared": (
        f"{GUID}<dc:creator>J</dc:creator><content:encoded>T</content:encoded><x:y z:b='c'/>",
        {"author": "J", "content": "T"},
    ),
    "mail address for an author": (f"{GUID}<author>me@example.org</author>", {"author": None}),
    "mail address and name": (
        f"{GUID}<author>me@example.org (Jeanne Dupont)</author>",
        {"author": "Jeanne Dupont"},
    ),
    "entities that XML does not know": (
        f"{GUID}<title>Caf&eacute; & th&eacute; &lt;3 &unknown; &nbsp;</title>",
        {"title": "Café & thé <3 &unknown;"},
    ),
    "entities escaped twice": (
        f"{GUID}<title>L&amp;#8217;art &amp;amp; la manière</title>",
        {"title": "L’art & la manière"},
    ),
    "markup in a title": (
        f"{GUID}<title>&lt;b&gt;Bold&lt;/b&gt; <![CDATA[<i>moves</i>]]></title>",
        {"title": "Bold moves"},
    ),
    "date of the year 1": (
        f"{GUID}<pubDate>0001-01-01T00:00:00+14:00</pubDate>",
        {"published": None},
    ),
    "date that is none": (f"{GUID}<pubDate>yesterday</pubDate>", {"published": None}),
    "date without a zone": (
        f"{GUID}<pubDate>2026-11-24 10:00:00</pubDate>",
        {"published": datetime(2026, 11, 24, 10, tzinfo=UTC)},
    ),
    "language that is none": (f"{GUID}<dc:language>French</dc:language>", {"language": None}),
    "teaser shorter than its description": (
        f"{GUID}<content:encoded>More</content:encoded><description>{PARAGRAPH}</description>",
        {"content": PARAGRAPH.strip()},
    ),
}


@pytest.mark.parametrize(("item", "expected"), ITEMS.values(), ids=ITEMS)
def test_items(item: str, expected: dict[str, object]) -> None:
    """What feeds get wrong is mended, and what cannot be believed is left out."""
    entry = only(rss(item))
    assert {field: getattr(entry, field) for field in expected} == expected


def test_relative_addresses() -> None:
    """Relative addresses are resolved against the feed's base, else against where it came from."""
    assert only(rss("<link>../a</link>")).address == "https://enpause.example/a"
    based = ATOM.replace("../le-moulin/", "le-moulin/")
    assert only(based.encode()).address == "https://enpause.example/blog/le-moulin/?utm_source=rss"


def test_items_without_anything() -> None:
    """An entry that nothing tells or finds by is left out, and the others stay."""
    assert len(read(rss("", "<title>T</title>", GUID)).entries) == 1


def test_json_of_version_1() -> None:
    """A JSON Feed of version 1 with plain text, one author and strange values is read."""
    body = (
        b'{"version": "https://jsonfeed.org/version/1", "title": 7, "author": {"name": "J"},'
        b' "hubs": 1, "items": [null, {"id": "a", "content_text": "1 < 2", "tags": "x"},'
        b' {"id": []}]}'
    )
    entry = only(body)
    assert (entry.guid, entry.author, entry.content) == ("a", "J", "1 < 2")
    assert (entry.content_type, entry.text, entry.categories) == ("text/plain", "1 < 2", ())


def test_empty_feed() -> None:
    """A feed without entries is a feed."""
    assert read(rss()).entries == ()
    assert read(b'{"version": "https://jsonfeed.org/version/1", "items": []}').entries == ()


CHARSETS = {
    "declared": ('<?xml version="1.0" encoding="windows-1252"?>', "cp1252", None),
    "in the header": ("", "iso-8859-15", "text/xml; charset=iso-8859-15"),
    "declared wrong": ('<?xml version="1.0" encoding="utf-8"?>', "latin-1", None),
    "UTF-8 declared as another": ('<?xml version="1.0" encoding="iso-8859-1"?>', "utf-8", None),
    "UTF-16": ('<?xml version="1.0" encoding="utf-16"?>', "utf-16", None),
    "UTF-8 with a mark": ('<?xml version="1.0"?>', "utf-8-sig", "application/rss+xml"),
}


@pytest.mark.parametrize(("head", "charset", "content_type"), CHARSETS.values(), ids=CHARSETS)
def test_charsets(head: str, charset: str, content_type: str | None) -> None:
    """A feed is read in its encoding, also where it names a wrong one."""
    text = f"{head}<rss><channel><item>{GUID}<title>Été à Noël</title></item></channel></rss>"
    (entry,) = read(text.encode(charset), content_type).entries
    assert entry.title == "Été à Noël"


def test_examples() -> None:
    """The examples in the docstrings are true."""
    for module in (entry_module, entry_fields):
        assert doctest.testmod(module).failed == 0


def test_refusal_names_the_feed() -> None:
    """A refusal is one line that names the feed."""
    with pytest.raises(SourceError) as refused:
        read(b"Not found")
    said = f"the feed at {URL} cannot be read: it is not a feed: it is no XML and no JSON; "
    assert str(refused.value) == f"{said}look at its address in a browser"


def test_what_is_said_of_a_feed_hides_its_key() -> None:
    """A feed for subscribers has a key in its address, which no log and no message shows."""
    address = "https://me:hunter2@enpause.example/feed?key=s3cret"
    with pytest.raises(SourceError) as refused:
        read_feed(b"nothing", url=address)
    said = str(refused.value)
    assert "the feed at https://enpause.example/feed?… cannot be read" in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("more", "by_change"),
    [
        ("<updated>2026-03-07T10:00:00Z</updated>", True),
        (
            "<updated>2026-03-08T10:00:00Z</updated><published>2026-03-07T10:00:00Z</published>",
            False,
        ),
        ("", False),
    ],
    ids=["updated", "both", "none"],
)
def test_a_moment_of_change_is_told_from_one_of_publication(more: str, by_change: bool) -> None:  # noqa: FBT001 - a case
    """Many Atom feeds say no more than when an entry was changed last."""
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>a</title><entry><id>1</id>"
        f"<title>b</title>{more}</entry></feed>"
    )
    entry = only(body.encode())
    assert entry.dated_by_change is by_change
    assert entry.published == (datetime(2026, 3, 7, 10, tzinfo=UTC) if more else None)


def test_a_moment_of_change_in_a_json_feed() -> None:
    """A JSON Feed names it in a field of its own."""
    head = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "b", '
    for field, by_change in (("date_modified", True), ("date_published", False)):
        entry = only(f'{head}"{field}": "2026-03-07T10:00:00Z"}}]}}'.encode())
        assert entry.dated_by_change is by_change
        assert entry.published == datetime(2026, 3, 7, 10, tzinfo=UTC)
