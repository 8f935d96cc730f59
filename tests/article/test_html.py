"""HTML fragments: what each element means for the blocks of an article."""

from __future__ import annotations

import pytest
from outline import outline

from threadbot.article import Link, Paragraph, load
from threadbot.errors import SourceError

_KNOWN = {"title": "T", "language": "en"}


def _blocks(fragment: str, url: str | None = "https://example.com/a/b") -> str:
    """Give the outline of a fragment's blocks; `./` and `/` stand for the page's own site."""
    article = load(fragment, name="entry.html", url=url, known=_KNOWN)
    blocks = outline(article).partition("\n\n")[2].strip()
    return blocks.replace("https://example.com/a/", "./").replace("https://example.com/", "/")


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p>One</p><p>Two</p>", "p One\n\np Two"),
        ("loose <b>words</b><p>One</p>more", "p loose words\n\np One\n\np more"),
        ("<div>a<div>b</div>c</div>", "p a\n\np b\n\np c"),
        ("<p>  a \n\t b  </p>", "p a b"),
        ("<p>a <b> b </b> c</p>", "p a b c"),
        ("<p>a<b>b</b>c</p>", "p abc"),
        ("<p>12&nbsp;€ «&#8239;ici&#8239;»</p>", "p 12~€ «\u202fici\u202f»"),
        ("<p>a <br> b<br/>c</p>", "p a⏎b⏎c"),
        ("<p>a<br><br>b <br>\n<br> c</p>", "p a\n\np b\n\np c"),
        ("<p><br>a<br></p>", "p a"),
        ("<p></p><p> &#10; </p><div><br></div><p>a</p>", "p a"),
        ("<p>a</p><hr><p>b</p>", "p a\n\np b"),
        ("<p>un<wbr>told &amp; &lt;b&gt;</p>", "p untold & <b>"),
        ("<p>say <q>so</q></p>", "p say “so”"),
        ("<p>E = mc<sup>2</sup></p>", "p E = mc2"),
        ("<details><summary>More</summary>a</details>", "p More\n\np a"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "p a\n\np b"),
        ("<p>東<ruby>京<rp>(</rp><rt>きょう</rt><rp>)</rp></ruby></p>", "p 東京"),
    ],
)
def test_running_text(fragment: str, expected: str) -> None:
    """White space is what browsers show; blocks and double breaks end a paragraph."""
    assert _blocks(fragment) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x()</script>",
        "<style>p{}</style>",
        "<template><p>x</p></template>",
        "<noscript>x</noscript>",
        "<!-- x -->",
        "<p hidden>x</p>",
        "<p aria-hidden='true'>x</p>",
        "<p style='color: red; display : none'>x</p>",
        "<span class='screen-reader-text'>x</span>",
        "<iframe src='https://e.com'>x</iframe>",
        "<svg><text>x</text></svg>",
        "<button>x</button><select><option>x</select><textarea>x</textarea>",
        "<del>x</del><s>x</s>",
        "<sup><a href='#fn1'>[1]</a></sup>",
        "<sup id='r1'><a href='#fn1'>1</a></sup>",
        "<a class='anchor' href='#top'>¶</a>",
    ],
)
def test_what_no_reader_sees_is_left_out(hidden: str) -> None:
    """Scripts, hidden and struck text, controls and marks of notes never appear."""
    assert _blocks(f"<p>a</p>{hidden}<p>b</p>") == "p a\n\np b"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        (
            "<h2>A</h2>a<h3>B <i>b</i></h3>b<h6>C</h6>c",
            "h2 A\n\np a\n\nh3 B b\n\np b\n\nh6 C\n\np c",
        ),
        ("<h2>One<br>line</h2>a", "h2 One line\n\np a"),
        ("<h2><div>A</div><div>B</div></h2>a", "h2 A B\n\np a"),
        ("<h2></h2>a", "p a"),
        ("<div role='heading' aria-level='3'>A</div>a", "h3 A\n\np a"),
        ("<div role='heading'>A</div>a", "h2 A\n\np a"),
        ("<p><strong>Bold line</strong></p><p>a</p>", "h2 Bold line\n\np a"),
        ("<p><b>Bold</b> <strong>line</strong></p>a", "h2 Bold line\n\np a"),
        ("<h2>A</h2><p><b>Bold line</b></p>a", "h2 A\n\nh3 Bold line\n\np a"),
        ("<p><b>A bold sentence.</b></p><p>a</p>", "p A bold sentence.\n\np a"),
        ("<p><b>Partly</b> bold</p><p>a</p>", "p Partly bold\n\np a"),
        ("<p>a</p><p><b>Bold end</b></p>", "p a\n\np Bold end"),
        ("<p><b>Bold</b></p><p><b>Bold too</b></p><p>a</p>", "p Bold\n\nh2 Bold too\n\np a"),
        ("<p><b>Bold</b></p><h2>A</h2>a", "p Bold\n\nh2 A\n\np a"),
    ],
)
def test_headings(fragment: str, expected: str) -> None:
    """Headings keep their level; a bold line that heads text is one, too."""
    assert _blocks(fragment) == expected


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<ul><li>a<li>b</ul>", "* a\n* b"),
        ("<ol start=4><li>a</li><li>b</li></ol>", "4. a\n5. b"),
        ("<ol start=0><li>a</ol>", "0. a"),
        ("<ol><li value=7>a<li>b</ol>", "7. a\n8. b"),
        ("<ol><li>a<li value=7>b<li>c</ol>", "1. a\n7. b\n8. c"),
        ("<ol><li value=3>a<li value=3>b<li value=x>c</ol>", "3. a\n3. b\n4. c"),
        ("<ol><li value=-1>a<li>b</ol>", "-1. a\n0. b"),
        ("<ol reversed><li>a<li>b<li>c</ol>", "3. a\n2. b\n1. c"),
        ("<ol reversed=''><li>a<li>b</ol>", "2. a\n1. b"),
        ("<ol reversed start=9><li>a<li>b<li>c</ol>", "9. a\n8. b\n7. c"),
        ("<ol reversed><li>a<li value=9>b<li>c</ol>", "3. a\n9. b\n8. c"),
        ("<ol reversed><li>a<ol><li>b<li>c</ol><li>d</ol>", "2. a\n  1. b\n  2. c\n1. d"),
        ("<ol><li>a<ol reversed><li>b<li>c</ol><li>d</ol>", "1. a\n  2. b\n  1. c\n2. d"),
        ("<ol><li>a<li><li>c</ol>", "1. a\n3. c"),
        ("<ol><li><img src=i.png><li>b</ol>", "2. b\n\nimg ./i.png"),
        ("<ul reversed><li value=4>a<li>b</ul>", "* a\n* b"),
        ("<ol><li>a<ol start=3><li>b<li value=9>c</ol></ol>", "1. a\n  3. b\n  9. c"),
        ("<ol start=x><li>a</ol>", "1. a"),
        ("<ol start=99999999999999><li>a</ol>", "999999999. a"),
        ("<ul><li>a<ol start=2><li>b</ol></ul>", "* a\n  2. b"),
        ("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "* a\n  * b\n* c"),
        ("<ul><ul><li>b</li></ul></ul>", "* b"),
        ("<ul><li><ul><li>b</li></ul></li></ul>", "* b"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "* a⏎b"),
        ("<ul><li><h4>A</h4>b<blockquote>c</blockquote></li></ul>", "* A⏎b⏎c"),
        ("<ul><li></li><li> </li></ul><p>a</p>", "p a"),
        ("<ul>a<li>b</ul>", "* b\n\np a"),
        ("<ul><li>a<img src=i.png><pre>c</pre></ul>", "* a\n\nimg ./i.png\n\ncode c"),
        ("<li>a</li><li>b</li>", "p a\n\np b"),
        ("<ul><li><article><h2>A</h2>a</article></ul>", "h2 A\n\np a"),
        ("<ul><li>a</ul><ul><li>b</ul>", "* a\n\n* b"),
    ],
)  # fmt: skip
def test_lists(fragment: str, expected: str) -> None:
    """Lists keep numbers and nesting; a list that arranges articles is none."""
    assert _blocks(fragment) == expected


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<blockquote>a</blockquote>", "> a"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a⏎b"),
        ("<blockquote><p>a</p><cite>B</cite></blockquote>", "> a⏎— B"),
        ("<blockquote><p>a</p><footer>— B</footer></blockquote>", "> a⏎— B"),
        ("<blockquote>a, in <cite>B</cite></blockquote>", "> a, in B"),
        ("<blockquote><ul><li>a<li>b</ul></blockquote>", "> a⏎b"),
        ("<blockquote><img src=/i.png></blockquote>", "img /i.png"),
        ("<figure><blockquote>a</blockquote><figcaption>B</figcaption></figure>", "> a⏎— B"),
        ("<blockquote></blockquote>a", "p a"),
        ("<pre> a\n  b\n</pre>", "code  a⏎  b"),
        ("<pre> \n</pre>a", "p a"),
        ("<table><tr><th>a<th>b<tr><td><p>c</p><td>d<br>e</table>", "table a | b⏎c | d e"),
        ("<table><tr><td>a</table>", "p a"),
        ("<table role=presentation><tr><td>a<td>b</table>", "p a\n\np b"),
        ("<table><tr><td><h2>A</h2>a<td>b</table>", "h2 A\n\np a\n\np b"),
        (f"<table><tr><td>{'a ' * 300}<td>b</table>", f"p {'a ' * 299}a\n\np b"),
        ("<table><tr><td> <td> </table>a", "p a"),
        ("<table><tr><td>a<td>b<tr hidden><td>c<td>d</table>", "table a | b"),
    ],
)
def test_quotes_listings_and_tables(fragment: str, expected: str) -> None:
    """A quote names its source on its last line; tables of layout are taken apart."""
    assert _blocks(fragment) == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("<img src=i.png alt='A  b'>", "./i.png | A b"),
        ("<img src='data:image/gif;base64,R0' data-src='/i.png'>", "/i.png"),
        ("<img src=s.gif data-lazy-src=i.png>", "./i.png"),
        ("<img src=s.gif data-srcset='a.png 1x, b.png 2x'>", "./b.png"),
        ("<img srcset='a.png 300w,b.png 900w, c.png 600w'>", "./b.png"),
        ("<img srcset='a.png'>", "./a.png"),
        ("<picture><source srcset=x.webp><img src=i.png></picture>", "./i.png"),
        ("<figure><img src=i.png><figcaption>A <b>b</b></figcaption></figure>", "./i.png | A b"),
        ("<figure><img src=i.png alt=A><figcaption>B</figcaption></figure>", "./i.png | A"),
        ("<amp-img src=i.png alt=A></amp-img>", "./i.png | A"),
        ("<a href='/big.png'><img src='a b.png' alt=A></a>", "./a%20b.png | A"),
    ],
)  # fmt: skip
def test_images(image: str, expected: str) -> None:
    """A picture has its real address and its words, else those of its caption."""
    assert _blocks(f"<p>a {image} b</p>" if "figure" not in image else image).endswith(expected)


@pytest.mark.parametrize(
    "image",
    [
        "<img>",
        "<img src=''>",
        "<img src='data:image/png;base64,AA'>",
        "<img src='https://count.example/p.gif' width=1 height=1>",
        "<img src='javascript:x'>",
        "<img src='#a'>",
        "<img src='//['>",
    ],
)
def test_what_is_no_picture(image: str) -> None:
    """Placeholders, counting pixels and other schemes are no pictures."""
    assert _blocks(f"<p>a {image}</p>") == "p a"


def test_the_pictures_of_a_file_keep_their_paths() -> None:
    """Without an address of the page, a relative path stays; a relative link is mere words."""
    fragment = "<p><a href='b.html'>words</a></p><img src='i m.png'><img src='//e.com/x.png'>"
    expected = "p words\n\nimg i%20m.png\n\nimg https://e.com/x.png"
    assert _blocks(fragment, None) == expected.strip()


def test_an_emoji_that_is_a_picture_is_text() -> None:
    """The pictures that systems make of emoji turn back into them."""
    assert _blocks("<p>Hi <img class='emoji' alt='😀' src='x.svg'>!</p>") == "p Hi 😀!"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p>a <a href='/x'>b <b>c</b></a> d</p>", "p a [b c](/x) d"),
        ("<p>a<a href='/x'> b </a>c</p>", "p a [b](/x) c"),
        ("<a href='/x'><h2>A</h2><p>b</p></a>", "h2 [A](/x)\n\np [b](/x)"),
        ("<p><a href='mailto:a@b.c'>a</a> <a href='#x'>b</a> <a name=y>c</a></p>", "p a b c"),
        ("<p>a <a href='/x'></a>b</p>", "p a b"),
        ("<ul><li><a href='/x'>a</a></ul>", "* [a](/x)"),
        ("<blockquote><a href='/x'>a</a></blockquote>", "> [a](/x)"),
    ],
)  # fmt: skip
def test_links(fragment: str, expected: str) -> None:
    """Links lie on their words, absolute; others than http(s) are mere words."""
    assert _blocks(fragment) == expected


def test_a_link_knows_its_place() -> None:
    """Positions count in the text as it is after white space is collapsed."""
    article = load("<p>\n a  <a href='https://e.com'>bc</a></p>", name="a.html", known=_KNOWN)
    assert article.blocks == (Paragraph("a bc", (Link(2, 4, "https://e.com"),)),)


@pytest.mark.parametrize(
    ("fragment", "title", "blocks"),
    [
        ("<h1>A</h1><p>b</p>", "A", "p b"),
        ("<p>b</p><h1>A</h1>", "A", "p b"),
        ("<img src=i.png><h3>A</h3><p>b</p>", "A", "img i.png\n\np b"),
        ("<h1>A</h1><p>By Ann Lee, March 3, 2025</p><p>b</p>", "A", "p b"),
    ],
)
def test_the_title_of_a_fragment(fragment: str, title: str, blocks: str) -> None:
    """The first `h1` is the title, else a heading that stands first; a byline is taken off."""
    article = load(fragment, name="a.html", known={"language": "en"})
    assert article.title == title
    assert outline(article).partition("\n\n")[2].strip() == blocks.strip()


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("<p>a</p><h2>B</h2>", "^a.html: it has no title; begin it with <h1>"),
        ("<!-- a -->", "^a.html: there is no text in its markup"),
        ("<b>" * 300 + "a", "^a.html: its elements are nested more than 250 deep; save"),
        ("<p>a" * 40_001, "^a.html: it has more than 40,000 elements; save"),
        ("<?xml version='1.0'?><rss><item/></rss>", "^a.html: this is XML but no web page"),
        ("<svg><text>a</text></svg>", "^a.html: this is XML but no web page"),
    ],
)
def test_fragments_that_are_refused(fragment: str, words: str) -> None:
    """The message says what is missing or too much, and what to do."""
    with pytest.raises(SourceError, match=words):
        load(fragment, name="a.html")
