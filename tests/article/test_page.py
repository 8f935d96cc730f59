"""Whole pages: what is believed of an article, and what on a page is none."""

from __future__ import annotations

import pytest
from outline import outline
from specimen import BODY, FIRST, PARAGRAPHS, SECOND, THIRD, URL, article_data, page

from threadbot.article import Heading, Image, Paragraph, load
from threadbot.article.opening import plain
from threadbot.article.page_choice import KeptText
from threadbot.errors import SourceError


def _blocks(body: str, url: str | None = URL) -> str:
    """Give the outline of the blocks of a page."""
    article = load(page(body=body), url=url, name="a.html", known={"language": "en"})
    return outline(article).partition("\n\n")[2].strip()


def test_links_are_resolved_against_the_canonical_address() -> None:
    """A page from a file has no address but the one that it states."""
    head = "<title>A title</title><link rel=canonical href='https://e.com/a/b'>"
    body = f"<h1>A title</h1>{BODY}<p>A last paragraph that has <a href=c>a link</a> in it.</p>"
    article = load(page(head, body), name="a.html", known={"language": "en"})
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
    source = page(head, f"<article>{top}{BODY}</article>")
    article = load(source, url=URL, known={"language": "en"})
    assert outline(article).partition("\n\n")[2].strip() == PARAGRAPHS


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
    body = f"<h1>A title</h1><p>{FIRST}</p><p>{SECOND}</p>{foreign}<p>{THIRD}</p>"
    assert _blocks(f"<article>{body}</article>") == PARAGRAPHS


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
    body = f"<h1>A title</h1><p>{FIRST}</p><p>{SECOND}</p>{beside}<p>{THIRD}</p>"
    assert _blocks(f"<article>{body}</article>") == (
        f"p {FIRST}\n\np {SECOND}\n\n{expected}\n\np {THIRD}"
    )


def test_a_heading_over_nothing_goes() -> None:
    """A heading without text of the article under it heads something else."""
    assert _blocks(f"<article><h1>A title</h1>{BODY}<h2>Gone</h2></article>") == PARAGRAPHS


def test_levels_leave_the_first_to_the_title() -> None:
    """A second `h1` in the text is a section."""
    body = f"<article><h1>A title</h1><p>{FIRST}</p><h1>Part</h1><p>{SECOND}</p></article>"
    blocks = load(page(body=body), known={"language": "en"}).blocks
    assert [one.level for one in blocks if isinstance(one, Heading)] == [2]


def test_a_standfirst_is_text() -> None:
    """A sentence under the title is a paragraph, whatever its element is."""
    long = "A sentence under the title that sums up what the article has to say, at some length."
    body = f"<article><header><h1>A title</h1><h2>{long}</h2></header>{BODY}</article>"
    assert _blocks(body) == f"p {long}\n\n{PARAGRAPHS}"


def test_pictures_before_the_title_are_of_the_site() -> None:
    """A logo above the title goes, the picture under it stays."""
    body = f"<main><img src=logo.png><h1>A title</h1><img src=i.png>{BODY}</main>"
    article = load(page(body=body), url=URL, known={"language": "en"})
    images = [one.src for one in article.blocks if isinstance(one, Image)]
    assert images == ["https://example.com/news/i.png"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (page(body="<h1>A title</h1><nav><a href=/>Home</a></nav>"), "no article was found on"),
        (page(body=""), "no article was found on"),
        (page(body="<ul>" + "<li><a href=/x>A page of ours</a>" * 40 + "</ul>"), "no article"),
        (page(body="<div id=app></div><script src=/app.js></script>"), "is put there by scripts"),
        (page(body="<noscript>Turn on JavaScript</noscript><script>run()</script>"), "by scripts"),
        (page(body=f"<form><input type=password></form><p>{FIRST}</p>"), "it asks for a login"),
        (page(article_data({"isAccessibleForFree": "False"})), "asks for a login"),
        (page("", BODY), "it has no title; give the page one in <title> or <h1>"),
        ("<html><body>" + "<div>" * 100_000 + "x", "nested more than 250 deep"),
        ("<?xml version='1.0'?><!DOCTYPE note [<!ENTITY a 'b'>]><note>&a;</note>", "no web page"),
        ("<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", "no web page"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>", "no web page"),
    ],
)
def test_pages_without_an_article(source: str, words: str) -> None:
    """The message says why, and what to give instead."""
    with pytest.raises(SourceError, match=f"^a.html: .*{words}"):
        load(source, name="a.html")


def test_text_behind_a_login_is_enough_where_there_is_much() -> None:
    """A page with a login form beside its article is read."""
    body = f"<form><input type=password></form><h1>A title</h1>{BODY * 3}"
    assert len(load(page(body=body), known={"language": "en"}).blocks) >= 3


def test_xhtml_is_a_page() -> None:
    """A declaration of XML before a page does not hide what it is."""
    source = '<?xml version="1.0" encoding="utf-8"?>\n' + page()
    assert load(source.encode(), known={"language": "en"}).title == "A title"


def test_a_known_title_wins() -> None:
    """The title that is known is that of the article, and the page's own is no paragraph."""
    article = load(page(""), known={"title": "A title", "language": "en"})
    assert outline(article).partition("\n\n")[2].strip() == PARAGRAPHS


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
    text = f"<h1>A title</h1><p>{FIRST}</p><h2>Part</h2><p>{SECOND}</p><p>{THIRD}</p>"
    nav = "<ul><li><a href=/>Home</a><li><a href=/news>News</a></ul>"
    expected = f"p {FIRST}\n\nh2 Part\n\np {SECOND}\n\np {THIRD}"
    assert _blocks(nav + body.format(text)) == expected


@pytest.mark.parametrize("size", [1, 20_000])
def test_kept_text_knows_its_parts(size: int) -> None:
    """Lines and longer parts of them are found in a text, however long it is."""
    kept = KeptText([*(f"Line number {at} of the text." for at in range(size)), FIRST, "So."])
    assert plain("So.") in kept
    assert plain(FIRST) in kept
    assert plain(FIRST[10:60]) in kept
    assert plain(FIRST + SECOND) in kept
    assert plain("says in") not in kept
    assert plain(SECOND) not in kept
