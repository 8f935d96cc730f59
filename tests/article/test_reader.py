"""`load`: the choice of the reader, and who is believed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from threadbot import article as room
from threadbot.article import Heading, Image, Paragraph, load
from threadbot.errors import SourceError

_MARKDOWN = "# *Title*\n\nSome **bold** words."
_FRAGMENT = "<h1>Title</h1><p>Some <b>bold</b> words.</p>"
_TEXT = "Some words that are many enough for a page to be taken for an article, as they must be."
_PAGE = f"<!DOCTYPE html><title>Title</title><h1>Title</h1><p>{_TEXT}</p><p>{_TEXT}</p>"


def test_everything_exported_is_there() -> None:
    """Each name that the room offers can be imported from it."""
    assert all(hasattr(room, name) for name in room.__all__)


@pytest.mark.parametrize(
    ("text", "name", "content_type", "url", "title"),
    [
        (_MARKDOWN, "a.md", None, None, "Title"),
        (_MARKDOWN, "a.MARKDOWN", None, None, "Title"),
        (_MARKDOWN, "a.txt", None, None, "*Title*"),
        (_MARKDOWN, None, "text/markdown; charset=utf-8", None, "Title"),
        (_MARKDOWN, None, "text/plain", None, "*Title*"),
        (_MARKDOWN, None, "text/plain", "https://example.com/x.y/README.md?raw=1", "Title"),
        (_MARKDOWN, "article", None, None, "Title"),
        (_MARKDOWN, None, None, None, "Title"),
        ("---\ntitle: Title\n---\nText", None, None, None, "Title"),
        ("Title\n=====\n\nA [link](https://example.com) here.", "a.post", None, None, "Title"),
        ("Title\n\nText with 2 * 3 * 4 and - a dash.", None, None, None, "Title"),
        ("Title\n\nOne **bold** word is no proof.", None, None, None, "Title"),
        (_FRAGMENT, "a.htm", None, None, "Title"),
        (_FRAGMENT, None, "text/html; charset=utf-8", None, "Title"),
        (_FRAGMENT, None, None, None, "Title"),
        (_FRAGMENT, None, None, "https://example.com/a.html?b#c", "Title"),
        (f"<!-- a -->\n{_FRAGMENT}", "entry", None, None, "Title"),
        (_FRAGMENT, "a.txt", None, None, "<h1>Title</h1><p>Some <b>bold</b> words.</p>"),
        (f"{_FRAGMENT}\n\nand text", "a.txt", None, None, _FRAGMENT),
        (_PAGE, None, None, None, "Title"),
        (_PAGE, None, "application/xhtml+xml", None, "Title"),
        (f"\n<?xml version='1.0'?>\n<!-- a -->{_PAGE}", None, None, None, "Title"),
        (f"<html lang=en>{_PAGE}", None, None, None, "Title"),
    ],
)
def test_the_kind_of_source_is_told(
    text: str,
    name: str | None,
    content_type: str | None,
    url: str | None,
    title: str,
) -> None:
    """The extension decides, then the Content-Type, then the looks of the text."""
    article = load(text, name=name, content_type=content_type, url=url, known={"language": "en"})
    assert article.title == title


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "^a.txt: there is no text"),
        ("x" * 300, "^a.txt: it has no title"),
        ("- an item", "^a.txt: it has no title"),
        ("***", "^a.txt: it has no title"),
    ],
)
def test_bad_sources_are_refused(text: str, words: str) -> None:
    """The message names the source and says what to do."""
    with pytest.raises(SourceError, match=words):
        load(text, name="a.txt")


@pytest.mark.parametrize("text", ["<?xml version='1.0'?><rss/>", "<rss><channel/></rss>"])
def test_xml_is_no_article(text: str) -> None:
    """A feed in place of an article is named as what it is."""
    with pytest.raises(SourceError, match=r"^the source: this is XML but no web page; give"):
        load(text)


def test_what_is_known_wins() -> None:
    """Each field that is known replaces what the text says, in the same type."""
    article = load(
        "Title\n\nBy Jane Doe @jdoe, March 3, 2025\n\nText.",
        known={
            "title": "  Other\ntitle ",
            "author": "Sam Lee",
            "handle": "@sam",
            "date": "2026-01-02",
            "language": "fr-FR",
            "url": "https://example.com/b",
            "description": "Why ?",
            "image": "a.jpg",
            "tags": ["x", "y"],
            "question": None,
        },
        url="https://example.com/a",
    )
    assert (article.title, article.author, article.handle) == ("Other title", "Sam Lee", "@sam")
    assert (article.published, article.language) == (date(2026, 1, 2), "fr")
    assert (article.url, article.image, article.tags) == (
        "https://example.com/b",
        "a.jpg",
        ("x", "y"),
    )
    assert (article.description, article.question) == ("Why\u00a0?", None)
    assert article.blocks == (Paragraph("Text."),)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Known.\n\nText.", (Paragraph("Text."),)),
        ("A first sentence.\n\nText.", (Paragraph("A first sentence."), Paragraph("Text."))),
        ("x" * 300, (Paragraph("x" * 300),)),
    ],
)
def test_text_under_a_known_title_is_kept(text: str, blocks: tuple[object, ...]) -> None:
    """With a known title only a line that stands as a title is taken away."""
    assert load(text, name="a.txt", known={"title": "Known.", "language": "en"}).blocks == blocks


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 3, 3), date(2025, 3, 3)),
        (datetime(2025, 3, 3, 10, tzinfo=UTC), date(2025, 3, 3)),
        ("2025-03-03T10:00:00+00:00", date(2025, 3, 3)),
    ],
)
def test_a_known_day_may_have_several_forms(day: object, expected: date) -> None:
    """A date, a time or its ISO form gives the day."""
    assert load("Title\n\nBy Ann Lee", known={"published": day}).published == expected


@pytest.mark.parametrize(
    ("known", "error", "words"),
    [
        ({"titel": "x"}, TypeError, "no field 'titel'"),
        ({"title": 7}, TypeError, r"known\['title'\] must be a text"),
        ({"tags": "x"}, TypeError, r"known\['tags'\] must be a list"),
        ({"date": "soon"}, TypeError, r"must be a date like 2024-10-13, not 'soon'"),
        ({"language": "French"}, SourceError, "'French' is no language code; write"),
    ],
)
def test_wrong_knowledge_is_refused(
    known: dict[str, object],
    error: type[Exception],
    words: str,
) -> None:
    """An unknown key or a value of the wrong type is named."""
    with pytest.raises(error, match=words):
        load("Title", known=known)


def test_the_address_is_the_declared_one_else_that_of_the_source() -> None:
    """A canonical address is made absolute; without one the source's own stands."""
    matter = "---\ntitle: T\nlang: en\nurl: /b\n---\n"
    assert load(f"{matter}x", url="https://example.com/a").url == "https://example.com/b"
    assert load(f"{matter}x").url == "/b"
    assert load("T\n\nBy Ann Lee", url="https://example.com/a").url == "https://example.com/a"
    assert load("T\n\nBy Ann Lee\n\nSo\n\nx.").blocks[0] == Heading(2, "So")


_LINKED = "<p>Un paragraphe avec <a href='../plan'>le plan</a> de la ligne, dès le mois de mai.</p>"
_PICTURED = f"{_LINKED}<img src='lead.png'>"


def _page(head: str = "") -> str:
    """Make a whole page with a relative link and a relative picture."""
    head = f"<meta property='og:image' content='/og.png'>{head}"
    return (
        f"<html><head><title>T</title>{head}</head>"
        f"<body><article><h1>T</h1>{_PICTURED * 4}</article></body></html>"
    )


@pytest.mark.parametrize(
    "source",
    ["# T\n\n[le plan](../plan)\n\n![](lead.png)", f"<h1>T</h1>{_PICTURED}", _page()],
    ids=["Markdown", "fragment", "page"],
)
def test_relative_links_are_resolved_against_an_address_that_is_known(source: str) -> None:
    """It stands in where the source names none; pictures keep their path: they may be beside it."""
    article = load(source, known={"url": "https://example.com/a/b/c"})
    (paragraph, *_) = [block for block in article.blocks if isinstance(block, Paragraph)]
    assert [link.href for link in paragraph.links] == ["https://example.com/a/plan"]
    (image, *_) = [block for block in article.blocks if isinstance(block, Image)]
    assert image.src == "lead.png"


def test_an_image_that_a_page_declares_is_on_the_web() -> None:
    """Unlike one that its text shows, it is resolved against an address that is known."""
    article = load(_page(), known={"url": "https://example.com/a/b/c"})
    assert article.image == "https://example.com/og.png"


@pytest.mark.parametrize(
    "source",
    [
        "---\nurl: https://own.example/x/y/z\n---\n# T\n\n[le plan](../plan)",
        _page("<link rel='canonical' href='https://own.example/x/y/z'>"),
        _page("<base href='https://own.example/x/y/z'>"),
    ],
    ids=["Markdown", "page", "base"],
)
def test_the_sources_own_address_is_the_base_of_its_links(source: str) -> None:
    """An address that is known from elsewhere does not move them."""
    article = load(source, known={"url": "https://example.com/a/b/c"})
    (paragraph, *_) = [block for block in article.blocks if isinstance(block, Paragraph)]
    assert [link.href for link in paragraph.links] == ["https://own.example/x/plan"]
    assert article.url == "https://example.com/a/b/c"
