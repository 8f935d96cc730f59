"""What is believed of a web page: title, author, day, language, addresses, tags, handle."""

from __future__ import annotations

from datetime import date

import pytest
from outline import outline
from specimen import BODY, PARAGRAPHS, TITLE, URL, article_data, json_ld, page

from threadbot.article import load

_OLD = "<time datetime=2020-01-01>"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Stated - Site</title>", "<h1>Stated</h1>", "Stated"),
        ("<meta property=og:title content='Why: Stated'>", "<h1>Stated</h1>", "Stated"),
        ("<title>x</title><meta property=og:title content=Stated>", "<h1>My Site</h1>", "Stated"),
        ("<meta property=og:title content=Stated>", "<h1>Site</h1><h1>Stated</h1>", "Stated"),
        ("<title>x</title><meta name=twitter:title content=Stated>", "<h1>y</h1>", "Stated"),
        (article_data({"headline": "Stated"}), "<h1>y</h1>", "Stated"),
        (article_data({"name": "Sta&amp;ted"}), "<h1>y</h1>", "Sta&ted"),
        ("<title>Site | A longer title | x</title>", "<h1>y</h1><h1>z</h1>", "A longer title"),
        ("<title>Site | A longer title</title>", "<h1>Only one</h1>", "Only one"),
        ("<title>Spider-Man – Site</title>", "", "Spider-Man"),
        ("<title> A \n title </title>", "<h1 hidden>A</h1>", "A title"),
        ("", "<h1>Only one</h1>", "Only one"),
        ("<title>--</title>", "<h1>!</h1>", "!"),
    ],
)
def test_the_title(head: str, body: str, title: str) -> None:
    """An `h1` that the head confirms, else og:title, JSON-LD, the only `h1`, the title element."""
    article = load(page(head, body + BODY), name="a.html", known={"language": "en"})
    assert article.title == title


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        (article_data({"author": {"name": "Ann Lee"}}), "", "Ann Lee"),
        (article_data({"author": "Ann Lee"}), "", "Ann Lee"),
        (
            article_data({"author": [{"name": "Ann"}, "Bo", {"name": "Ann"}]}),
            "",
            "Ann, Bo",
        ),
        (
            json_ld([{"@type": "Article", "author": {"@id": "#a"}}, {"@id": "#a", "name": "Ann"}]),
            "",
            "Ann",
        ),
        (article_data({"author": {"@id": "#a"}}), "", None),
        (article_data({"author": {"name": "https://e.com/ann"}}), "", None),
        (article_data({"creator": ["Ann Lee"]}), "<b class=author>Bo</b>", "Ann Lee"),
        (TITLE + "<meta name=author content='Ann Lee'>", "<b class=author>Bo</b>", "Ann Lee"),
        (TITLE + "<meta property=article:author content='https://e.com/ann'>", "", None),
        (TITLE, "<div class=post-author>By Ann Lee</div>", "Ann Lee"),
        (TITLE, "<div class=byline>By Ann Lee on March 3, 2025</div>", "Ann Lee"),
        (TITLE, "<div itemprop=author>x <b itemprop=name>Ann Lee</b></div>", "Ann Lee"),
        (TITLE, "<a rel=author href=/ann>Ann Lee</a>", "Ann Lee"),
        (TITLE, "<a class=author>12 posts</a><a class=author>Ann Lee</a>", "Ann Lee"),
        (TITLE, "<a class=author></a>", None),
        (TITLE, f"<div class=author-story>{'x ' * 60}</div>", None),
        (TITLE, "<p>By Ann Lee, March 3, 2025</p>", "Ann Lee"),
    ],
)
def test_the_author(head: str, body: str, author: str | None) -> None:
    """JSON-LD is believed before the head, the head before the markup, that before the text."""
    source = page(head, f"<h1>A title</h1>{body}{BODY}")
    article = load(source, name="a.html", known={"language": "en"})
    assert article.author == author
    assert outline(article).partition("\n\n")[2].strip().endswith(PARAGRAPHS)


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (article_data({"datePublished": "2025-03-03T23:30:00-05:00"}), _OLD, "2025-03-03"),
        ("<meta property=article:published_time content=2025-03-03>", _OLD, "2025-03-03"),
        ("<meta name=Date content='Mon, 03 Mar 2025 10:00:00 GMT'>", "", "2025-03-03"),
        ("<meta name=date content='3 March 2025'>", "", "2025-03-03"),
        (
            "<meta name=date content=yesterday>",
            "<b itemprop=datePublished content=2025-03-03>",
            "2025-03-03",
        ),
        ("", _OLD + "a</time><time pubdate datetime=2025-03-03>b</time>", "2025-03-03"),
        (
            "",
            "<time datetime='PT5M'>a</time><time datetime=2025-03-03T10:00>b</time>",
            "2025-03-03",
        ),
        ("", "<p>Published on March 3, 2025</p>", "2025-03-03"),
        ("", "<time>3 March</time>", None),
    ],
)
def test_the_day(head: str, body: str, day: str | None) -> None:
    """The day that machines are told is believed before the one that people are shown."""
    source = page(f"<title>A title</title>{head}", f"<h1>A title</h1>{body}{BODY}")
    article = load(source, name="a.html", known={"language": "en"})
    assert article.published == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (
            "<meta name=twitter:creator content=@ann><meta name=twitter:site content=@site>",
            "handle",
            "@ann",
        ),
        ("<meta name=twitter:site content='https://x.com/site/'>", "handle", "@site"),
        ("<meta name=twitter:site content='12 rue de la Gare'>", "handle", None),
        ("<link rel=canonical href=/news/b>", "url", "https://example.com/news/b"),
        (
            "<link rel='alternate' href=/x><meta property=og:url content=/news/b>",
            "url",
            "https://example.com/news/b",
        ),
        (
            "<link rel=canonical href=/><meta property=og:url content=https://example.com>",
            "url",
            URL,
        ),
        (
            article_data({"mainEntityOfPage": {"@id": "/news/b"}}),
            "url",
            "https://example.com/news/b",
        ),
        (
            "<meta name=description content='a b'><meta property=og:description content='b'>",
            "description",
            "b",
        ),
        ("<meta name=description content=' a \n b '>", "description", "a b"),
        (json_ld({"@type": "WebPage", "description": "c"}), "description", "c"),
        ("<meta property=og:image content=i.png>", "image", "https://example.com/news/i.png"),
        (article_data({"image": [{"url": "/i.png"}]}), "image", "https://example.com/i.png"),
        ("<meta property=og:image content='data:image/png;base64,AA'>", "image", None),
        (article_data({"keywords": "a, #b,, a"}), "tags", ("a", "b")),
        (article_data({"keywords": ["a", 1, "b"]}), "tags", ("a", "b")),
        (article_data({"keywords": {"a": 1}}), "tags", ()),
        (
            "<meta property=article:tag content=a><meta property=article:tag content=b>",
            "tags",
            ("a", "b"),
        ),
        ("<meta name=keywords content='a, b'>", "tags", ("a", "b")),
        (
            "<base href='https://cdn.example/x/'><meta property=og:image content=i.png>",
            "image",
            "https://cdn.example/x/i.png",
        ),
    ],
)
def test_what_else_the_head_says(head: str, field: str, value: object) -> None:
    """Handle, addresses, description, image and tags come from the first place that has them."""
    source = page(f"<title>A title</title>{head}")
    assert getattr(load(source, url=URL, known={"language": "en"}), field) == value


@pytest.mark.parametrize(
    ("start", "head", "language"),
    [
        ("<html lang=fr-FR>", "", "fr"),
        ("<html lang=''>", "<meta property=og:locale content=de_DE>", "de"),
        ("<html lang=x>", "<meta http-equiv=Content-Language content=it>", "it"),
        ("<html>", article_data({"inLanguage": {"name": "Spanish", "alternateName": "es"}}), "es"),
        ("<html>", "", "en"),
    ],
)
def test_the_language(start: str, head: str, language: str) -> None:
    """The root element is believed first; where nothing is said, the words tell."""
    source = page(f"<title>A title</title>{head}").replace("<html>", start)
    assert load(source).language == language


def test_broken_data_are_passed_over() -> None:
    """JSON-LD that is no JSON, no object, or endlessly deep does no harm."""
    scripts = ("{", "[1, null]", "[" * 50_000, '{"@type": null}', '"x"', "[[[[[[[[[[{}]]]]]]]]]]")
    head = "".join(f"<script type='application/ld+json'>{text}</script>" for text in scripts)
    sound = json_ld({"@type": ["Thing", "http://schema.org/NewsArticle"], "author": "Ann Lee"})
    assert load(page(head + sound), known={"language": "en"}).author == "Ann Lee"
