"""Whole pages: what is believed of an article, and what on a page is none."""

from __future__ import annotations

import json
from datetime import date

import pytest
from outline import outline

from threadbot.article import Heading, Image, Paragraph, load
from threadbot.article.opening import plain
from threadbot.article.page_choice import KeptText
from threadbot.errors import SourceError

_FIRST = "The first paragraph says in a sentence or two what the whole article is about, at length."
_SECOND = "The second one goes on about it, and gives the reasons, the figures and the names."
_THIRD = "The third comes to an end, as they all must, with a sentence that nobody expected."
_BODY = f"<p>{_FIRST}</p><p>{_SECOND}</p><p>{_THIRD}</p>"
_PARAGRAPHS = f"p {_FIRST}\n\np {_SECOND}\n\np {_THIRD}"
_URL = "https://example.com/news/a.html?x=1"


_TITLE = "<title>A title</title>"
_OLD = "<time datetime=2020-01-01>"


def _page(head: str = "<title>A title</title>", body: str = f"<h1>A title</h1>{_BODY}") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def _json_ld(*items: object) -> str:
    scripts = (f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in items)
    return "<title>A title</title>" + "".join(scripts)


def _ld(fields: dict[str, object]) -> str:
    return _json_ld({"@type": "Article", **fields})


def _blocks(body: str, url: str | None = _URL) -> str:
    """Give the outline of the blocks of a page."""
    article = load(_page(body=body), url=url, name="a.html", known={"language": "en"})
    return outline(article).partition("\n\n")[2].strip()


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Stated - Site</title>", "<h1>Stated</h1>", "Stated"),
        ("<meta property=og:title content='Why: Stated'>", "<h1>Stated</h1>", "Stated"),
        ("<title>x</title><meta property=og:title content=Stated>", "<h1>My Site</h1>", "Stated"),
        ("<meta property=og:title content=Stated>", "<h1>Site</h1><h1>Stated</h1>", "Stated"),
        ("<title>x</title><meta name=twitter:title content=Stated>", "<h1>y</h1>", "Stated"),
        (_ld({"headline": "Stated"}), "<h1>y</h1>", "Stated"),
        (_ld({"name": "Sta&amp;ted"}), "<h1>y</h1>", "Sta&ted"),
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
    article = load(_page(head, body + _BODY), name="a.html", known={"language": "en"})
    assert article.title == title


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        (_ld({"author": {"name": "Ann Lee"}}), "", "Ann Lee"),
        (_ld({"author": "Ann Lee"}), "", "Ann Lee"),
        (_ld({"author": [{"name": "Ann"}, {"name": "Bo"}, {"name": "Ann"}]}), "", "Ann, Bo"),
        (
            _json_ld([{"@type": "Article", "author": {"@id": "#a"}}, {"@id": "#a", "name": "Ann"}]),
            "",
            "Ann",
        ),
        (_ld({"author": {"@id": "#a"}}), "", None),
        (_ld({"author": {"name": "https://e.com/ann"}}), "", None),
        (_ld({"creator": ["Ann Lee"]}), "<b class=author>Bo</b>", "Ann Lee"),
        (_TITLE + "<meta name=author content='Ann Lee'>", "<b class=author>Bo</b>", "Ann Lee"),
        (_TITLE + "<meta property=article:author content='https://e.com/ann'>", "", None),
        (_TITLE, "<div class=post-author>By Ann Lee</div>", "Ann Lee"),
        (_TITLE, "<div class=byline>By Ann Lee on March 3, 2025</div>", "Ann Lee"),
        (_TITLE, "<div itemprop=author>x <b itemprop=name>Ann Lee</b></div>", "Ann Lee"),
        (_TITLE, "<a rel=author href=/ann>Ann Lee</a>", "Ann Lee"),
        (_TITLE, "<a class=author>12 posts</a><a class=author>Ann Lee</a>", "Ann Lee"),
        (_TITLE, "<a class=author></a>", None),
        (_TITLE, f"<div class=author-story>{'x ' * 60}</div>", None),
        (_TITLE, "<p>By Ann Lee, March 3, 2025</p>", "Ann Lee"),
    ],
)
def test_the_author(head: str, body: str, author: str | None) -> None:
    """JSON-LD is believed before the head, the head before the markup, that before the text."""
    page = _page(head, f"<h1>A title</h1>{body}{_BODY}")
    article = load(page, name="a.html", known={"language": "en"})
    assert article.author == author
    assert outline(article).partition("\n\n")[2].strip().endswith(_PARAGRAPHS)


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (_ld({"datePublished": "2025-03-03T23:30:00-05:00"}), _OLD, "2025-03-03"),
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
    page = _page(f"<title>A title</title>{head}", f"<h1>A title</h1>{body}{_BODY}")
    article = load(page, name="a.html", known={"language": "en"})
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
            _URL,
        ),
        (_ld({"mainEntityOfPage": {"@id": "/news/b"}}), "url", "https://example.com/news/b"),
        (
            "<meta name=description content='a b'><meta property=og:description content='b'>",
            "description",
            "b",
        ),
        ("<meta name=description content=' a \n b '>", "description", "a b"),
        (_json_ld({"@type": "WebPage", "description": "c"}), "description", "c"),
        ("<meta property=og:image content=i.png>", "image", "https://example.com/news/i.png"),
        (_ld({"image": [{"url": "/i.png"}]}), "image", "https://example.com/i.png"),
        ("<meta property=og:image content='data:image/png;base64,AA'>", "image", None),
        (_ld({"keywords": "a, #b,, a"}), "tags", ("a", "b")),
        (_ld({"keywords": ["a", 1, "b"]}), "tags", ("a", "b")),
        (_ld({"keywords": {"a": 1}}), "tags", ()),
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
    page = _page(f"<title>A title</title>{head}")
    assert getattr(load(page, url=_URL, known={"language": "en"}), field) == value


@pytest.mark.parametrize(
    ("start", "head", "language"),
    [
        ("<html lang=fr-FR>", "", "fr"),
        ("<html lang=''>", "<meta property=og:locale content=de_DE>", "de"),
        ("<html lang=x>", "<meta http-equiv=Content-Language content=it>", "it"),
        ("<html>", _ld({"inLanguage": {"name": "Spanish", "alternateName": "es"}}), "es"),
        ("<html>", "", "en"),
    ],
)
def test_the_language(start: str, head: str, language: str) -> None:
    """The root element is believed first; where nothing is said, the words tell."""
    page = _page(f"<title>A title</title>{head}").replace("<html>", start)
    assert load(page).language == language


def test_broken_data_are_passed_over() -> None:
    """JSON-LD that is no JSON, no object, or endlessly deep does no harm."""
    scripts = ("{", "[1, null]", "[" * 50_000, '{"@type": null}', '"x"', "[[[[[[[[[[{}]]]]]]]]]]")
    head = "".join(f"<script type='application/ld+json'>{text}</script>" for text in scripts)
    sound = _json_ld({"@type": ["Thing", "http://schema.org/NewsArticle"], "author": "Ann Lee"})
    assert load(_page(head + sound), known={"language": "en"}).author == "Ann Lee"


def test_links_are_resolved_against_the_canonical_address() -> None:
    """A page from a file has no address but the one that it states."""
    head = "<title>A title</title><link rel=canonical href='https://e.com/a/b'>"
    body = f"<h1>A title</h1>{_BODY}<p>A last paragraph that has <a href=c>a link</a> in it.</p>"
    article = load(_page(head, body), name="a.html", known={"language": "en"})
    last = article.blocks[-1]
    assert isinstance(last, Paragraph)
    assert [link.href for link in last.links] == ["https://e.com/a/c"]


@pytest.mark.parametrize(
    "top",
    [
        "<h1>A title</h1>",
        "<p>A title</p>",
        "<h1>A title</h1><h2>A title</h2>",
        "<h1>Another site</h1><p class=lead>A title</p>",
        "<p>By Ann Lee<br>March 3, 2025</p>",
        "<p>Ann Lee, our correspondent</p>",
        "<p><a href=/x>News</a> &gt; <a href=/y>Far away</a></p>",
        "<ul><li><a href=/x>News</a></ul>",
        "<div class=entry-meta>March 3, 2025 at noon</div>",
        "<span class=date>yesterday</span>",
    ],
)
def test_what_stands_above_the_text_is_no_text(top: str) -> None:
    """Title, byline, date and the way to the page do not come back as paragraphs."""
    head = "<meta property=og:title content='A title'><meta name=author content='Ann Lee'>"
    page = _page(head, f"<article>{top}{_BODY}</article>")
    article = load(page, url=_URL, known={"language": "en"})
    assert outline(article).partition("\n\n")[2].strip() == _PARAGRAPHS


@pytest.mark.parametrize(
    "foreign",
    [
        "<nav><ul><li><a href=/x>Home</a></ul></nav>",
        "<div id=cookie-banner><p>We use cookies, and so do our partners, to know you.</p></div>",
        "<div class=newsletter-box><h3>Join us</h3><p>Every Friday a letter to you.</p></div>",
        "<div class='share-buttons'><ul><li>Share on X</ul></div>",
        "<aside><h2>In short</h2><p>A box beside the text that sums up another one.</p></aside>",
        "<p>Read also: <a href=/x>Another article</a></p>",
        "<h3>Related articles</h3><ul><li><a href=/x>Another</a><li><a href=/y>More</a></ul>",
        "<h3>Lire aussi</h3><img src=x.png><p><a href=/x>Un autre article</a></p>",
        "<div class=widgetArea id=sidebar><p>The most read articles of the week.</p></div>",
        "<form action=/s><p>Tell us what you think of this page in a few words.</p><input></form>",
        "<p>© 2026 The Site. All rights reserved.</p>",
        "<div role=dialog><p>Turn off your ad blocker, please, and read on for free.</p></div>",
    ],
)
def test_what_is_foreign_in_the_midst_of_the_text(foreign: str) -> None:
    """Menus, banners, boxes and lists of other articles go, wherever they stand."""
    body = f"<h1>A title</h1><p>{_FIRST}</p><p>{_SECOND}</p>{foreign}<p>{_THIRD}</p>"
    assert _blocks(f"<article>{body}</article>") == _PARAGRAPHS


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("<h2>Short</h2>", "h2 Short"),
        ("<h2 id=social-comments>Long</h2>", "h2 Long"),
        ("<ul><li>a<li>b</ul>", "* a\n* b"),
        (
            "<p>See:</p><ul><li><a href=/x>a</a><li><a href=/y>b</a></ul>",
            "p See:\n\n* [a](https://example.com/x)\n* [b](https://example.com/y)",
        ),
        (
            "<h2>Sources</h2><ul><li><a href=/x>a</a></ul>",
            "h2 Sources\n\n* [a](https://example.com/x)",
        ),
        ("<img src=i.png alt=A>", "img https://example.com/news/i.png | A"),
        ("<blockquote>a</blockquote>", "> a"),
        ("<pre>a</pre>", "code a"),
        ("<table><tr><td>a<td>b</table>", "table a | b"),
        ("<p>No.</p>", "p No."),
    ],
)
def test_what_stands_beside_kept_text_is_kept(beside: str, expected: str) -> None:
    """Headings, lists, pictures and short lines among the paragraphs belong to the article."""
    body = f"<h1>A title</h1><p>{_FIRST}</p><p>{_SECOND}</p>{beside}<p>{_THIRD}</p>"
    assert _blocks(f"<article>{body}</article>") == (
        f"p {_FIRST}\n\np {_SECOND}\n\n{expected}\n\np {_THIRD}"
    )


def test_a_heading_over_nothing_goes() -> None:
    """A heading without text of the article under it heads something else."""
    assert _blocks(f"<article><h1>A title</h1>{_BODY}<h2>Gone</h2></article>") == _PARAGRAPHS


def test_levels_leave_the_first_to_the_title() -> None:
    """A second `h1` in the text is a section."""
    body = f"<article><h1>A title</h1><p>{_FIRST}</p><h1>Part</h1><p>{_SECOND}</p></article>"
    blocks = load(_page(body=body), known={"language": "en"}).blocks
    assert [one.level for one in blocks if isinstance(one, Heading)] == [2]


def test_a_standfirst_is_text() -> None:
    """A sentence under the title is a paragraph, whatever its element is."""
    long = "A sentence under the title that sums up what the article has to say, at some length."
    body = f"<article><header><h1>A title</h1><h2>{long}</h2></header>{_BODY}</article>"
    assert _blocks(body) == f"p {long}\n\n{_PARAGRAPHS}"


def test_pictures_before_the_title_are_of_the_site() -> None:
    """A logo above the title goes, the picture under it stays."""
    body = f"<main><img src=logo.png><h1>A title</h1><img src=i.png>{_BODY}</main>"
    article = load(_page(body=body), url=_URL, known={"language": "en"})
    images = [one.src for one in article.blocks if isinstance(one, Image)]
    assert images == ["https://example.com/news/i.png"]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (_page(body="<h1>A title</h1><nav><a href=/>Home</a></nav>"), "no article was found on"),
        (_page(body=""), "no article was found on"),
        (_page(body="<ul>" + "<li><a href=/x>A page of ours</a>" * 40 + "</ul>"), "no article"),
        (_page(body="<div id=app></div><script src=/app.js></script>"), "is put there by scripts"),
        (_page(body="<noscript>Turn on JavaScript</noscript><script>run()</script>"), "by scripts"),
        (_page(body=f"<form><input type=password></form><p>{_FIRST}</p>"), "it asks for a login"),
        (_page(_ld({"isAccessibleForFree": "False"})), "asks for a login"),
        (_page("", _BODY), "it has no title; give the page one in <title> or <h1>"),
        ("<html><body>" + "<div>" * 100_000 + "x", "nested more than 250 deep"),
        ("<?xml version='1.0'?><!DOCTYPE note [<!ENTITY a 'b'>]><note>&a;</note>", "no web page"),
        ("<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", "no web page"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>", "no web page"),
    ],
)
def test_pages_without_an_article(page: str, words: str) -> None:
    """The message says why, and what to give instead."""
    with pytest.raises(SourceError, match=f"^a.html: .*{words}"):
        load(page, name="a.html")


def test_text_behind_a_login_is_enough_where_there_is_much() -> None:
    """A page with a login form beside its article is read."""
    body = f"<form><input type=password></form><h1>A title</h1>{_BODY * 3}"
    assert len(load(_page(body=body), known={"language": "en"}).blocks) >= 3


def test_xhtml_is_a_page() -> None:
    """A declaration of XML before a page does not hide what it is."""
    page = '<?xml version="1.0" encoding="utf-8"?>\n' + _page()
    assert load(page.encode(), known={"language": "en"}).title == "A title"


def test_a_known_title_wins() -> None:
    """The title that is known is that of the article, and the page's own is no paragraph."""
    article = load(_page(""), known={"title": "A title", "language": "en"})
    assert outline(article).partition("\n\n")[2].strip() == _PARAGRAPHS


@pytest.mark.parametrize(
    "body",
    [
        "<div class='page has-sidebar comments-open newsletter-visible'>{}</div>",
        "<form action=.><input type=hidden><div id=ctl00>{}</div></form>",
        "<div class=css-1x><div class=css-2y>{}</div></div>",
        "<main><section>{}</section></main>",
        "<article class='tag-cookies category-newsletter format-aside'>{}</article>",
        "<table width=700><tr><td><a href=/>Home</a><td>{}</table>",
        "{}",
    ],
)
def test_layouts(body: str) -> None:
    """Whatever the boxes are called, the article in them is found."""
    text = f"<h1>A title</h1><p>{_FIRST}</p><h2>Part</h2><p>{_SECOND}</p><p>{_THIRD}</p>"
    nav = "<ul><li><a href=/>Home</a><li><a href=/news>News</a></ul>"
    expected = f"p {_FIRST}\n\nh2 Part\n\np {_SECOND}\n\np {_THIRD}"
    assert _blocks(nav + body.format(text)) == expected


@pytest.mark.parametrize("size", [1, 20_000])
def test_kept_text_knows_its_parts(size: int) -> None:
    """Lines and longer parts of them are found in a text, however long it is."""
    kept = KeptText([*(f"Line number {at} of the text." for at in range(size)), _FIRST, "So."])
    assert plain("So.") in kept
    assert plain(_FIRST) in kept
    assert plain(_FIRST[10:60]) in kept
    assert plain(_FIRST + _SECOND) in kept
    assert plain("says in") not in kept
    assert plain(_SECOND) not in kept
