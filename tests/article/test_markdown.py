"""Markdown and its front matter."""

from __future__ import annotations

from datetime import date

import pytest

from threadbot.article import (
    Article,
    Code,
    Heading,
    Image,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
    load,
)
from threadbot.errors import SourceError


def read(text: str, url: str | None = None) -> Article:
    """Read Markdown whose language does not matter."""
    return load(text, name="article.md", url=url, known={"language": "en"}, typography="keep")


def body(text: str, url: str | None = None) -> tuple[object, ...]:
    """Read the blocks below a title."""
    return read(f"# A title\n\n{text}", url).blocks


def _link(start: int, end: int, href: str = "https://example.com/a") -> tuple[Link]:
    return (Link(start, end, href),)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("## Two\n\n### Three ##\n\nx", (Heading(2, "Two"), Heading(3, "Three"), Paragraph("x"))),
        ("Section\n---\n\nx", (Heading(2, "Section"), Paragraph("x"))),
        ("##\n\nx", (Paragraph("x"),)),
        ("One\ntwo", (Paragraph("One two"),)),
        ("One  \ntwo\\\nthree<br>four", (Paragraph("One\ntwo\nthree\nfour"),)),
        ("*One* __two__ `three` ~~struck~~ four", (Paragraph("One two three four"),)),
        ("Caf&eacute; &amp; th\u00e9", (Paragraph("Café & thé"),)),
        ("a&#x10FFF5;b&#xFEFF;c", (Paragraph("abc"),)),
        ("See [the *plan*](https://example.com/a).", (Paragraph("See the plan.", _link(4, 12)),)),
        ("## A [plan](https://example.com/a)", (Heading(2, "A plan", _link(2, 6)),)),
        ("<https://example.com/a>", (Paragraph("https://example.com/a", _link(0, 21)),)),
        ("[ spaced ](https://example.com/a)", (Paragraph("spaced", _link(0, 6)),)),
        ("[](https://example.com/a) x", (Paragraph("x"),)),
        ("[mail](mailto:a@example.com), [part](#part)", (Paragraph("mail, part"),)),
        ("[relative](/a)", (Paragraph("relative"),)),
        ("Words[^1].\n\n[^1]: A note.", (Paragraph("Words."),)),
        ("Words[^2].\n\n[^2]: https://example.com", (Paragraph("Words."),)),
        ("A <b>bold</b> word", (Paragraph("A bold word"),)),
        ("<!-- hidden -->\n\nx", (Paragraph("x"),)),
        ("<script>alert(1)</script>\n\nx", (Paragraph("x"),)),
        ("<div>One &amp;<br>two</div><p>Three</p>", (Paragraph("One &\ntwo"), Paragraph("Three"))),
        ("![A mill](mill.jpg)", (Image("mill.jpg", "A mill"),)),
        ("![](mill.jpg)![b](b.jpg)", (Image("mill.jpg"), Image("b.jpg", "b"))),
        ("A ![mill](m.jpg) stands", (Paragraph("A stands"), Image("m.jpg", "mill"))),
        ("[![mill](m.jpg)](https://example.com/a)", (Image("m.jpg", "mill"),)),
        ("![x](data:image/png;base64,AAAA) ![y]()", ()),
        ("```python\nprint(1)\n```", (Code("print(1)"),)),
        ("```\n\n```", ()),
        ("    indented", (Code("indented"),)),
        ("| a | *b* |\n|---|---|\n| 1 | [2](/x) |", (Table((("a", "b"), ("1", "2"))),)),
        ("| |\n|-|\n| |", ()),
        ("***\n\nx", (Paragraph("x"),)),
        ("> One.\n>\n> Two [x](https://example.com/a).", (Quote("One.\nTwo x.", _link(9, 10)),)),
        (">\n\nx", (Paragraph("x"),)),
        ("> # Big\n> - a\n>   - b\n> ![m](m.jpg)", (Quote("Big\na\nb"), Image("m.jpg", "m"))),
        ("> > Deep", (Quote("Deep"),)),
        ("- [x] [Done](https://example.com/a) now", (_ := ListBlock(
            ordered=False, items=(ListItem("Done now", _link(0, 4)),)
        ),)),
        ("- [ ] Open", (ListBlock(ordered=False, items=(ListItem("Open"),)),)),
        ("-\n\nx", (Paragraph("x"),)),
        ("3. a\n4. b", (ListBlock(ordered=True, items=(ListItem("a"), ListItem("b")), start=3),)),
        (
            "- a\n\n  more\n\n  ![m](m.jpg)\n  1. b\n     - c\n- > q",
            (
                ListBlock(
                    ordered=False,
                    items=(
                        ListItem(
                            "a\nmore",
                            children=(ListItem("b", children=(ListItem("c"),)),),
                            children_ordered=True,
                        ),
                        ListItem("q"),
                    ),
                ),
                Image("m.jpg", "m"),
            ),
        ),
        ("- - a", (ListBlock(ordered=False, items=(ListItem("a"),)),)),
        ("# More\n\nx\n\n# Last", (Heading(1, "More"), Paragraph("x"), Heading(1, "Last"))),
    ],
)  # fmt: skip
def test_markdown_becomes_blocks(text: str, blocks: tuple[object, ...]) -> None:
    """Each element of Markdown becomes its block, with words, links and nothing else."""
    assert body(text) == blocks


def test_relative_addresses_are_resolved() -> None:
    """Links and images are made absolute against the address of the source."""
    text = "[a](/a) [b](//example.org/b) ![m](m.jpg)"
    blocks = body(text, "https://example.com/x/y")
    links = _link(0, 1) + _link(2, 3, "https://example.org/b")
    assert blocks == (Paragraph("a b", links), Image("https://example.com/x/m.jpg", "m"))


def test_images_stay_beside_a_file() -> None:
    """The address of the front matter makes links absolute; a picture's path stays a path."""
    text = "---\ntitle: T\nurl: https://example.com/x/\n---\n[a](/a)\n\n![m](m.jpg)"
    assert read(text).blocks == (Paragraph("a", _link(0, 1)), Image("m.jpg", "m"))


_MATTER = """---
title: The "mill"
author: [{name: Jane Doe}, Sam Lee]
twitter: https://x.com/jdoe/
date: 2025-03-03 10:30:00
lang: en-GB
keywords: "#energy, water,energy,, "
canonical_url: https://example.com/mill
summary: |
  Two
  lines.
cover: {src: mill.jpg}
question: Why?
layout: post
---
Text.
"""


def test_front_matter_is_read() -> None:
    """Every field is read under each of its names; other sites' keys are passed over."""
    article = load(_MATTER, name="a.md")
    assert article == Article(
        title='The "mill"',
        blocks=(Paragraph("Text."),),
        author="Jane Doe, Sam Lee",
        handle="@jdoe",
        published=date(2025, 3, 3),
        language="en",
        url="https://example.com/mill",
        description="Two lines.",
        image="mill.jpg",
        tags=("energy", "water"),
        question="Why?",
    )


@pytest.mark.parametrize(
    ("matter", "field", "value"),
    [
        ("title: 2024", "title", "2024"),
        ("title: true\nauthor: x", "title", "H"),
        ("tags: [a, 1, null, '#b']", "tags", ("a", "1", "b")),
        ("tags: 7", "tags", ()),
        ("date: 3 mars 2025", "published", date(2025, 3, 3)),
        ("date: 2025-03-03", "published", date(2025, 3, 3)),
        ("date: soon", "published", None),
        ("date: 7", "published", None),
        ("author: {name: Jane}", "author", "Jane"),
        ("author: []", "author", None),
        ("image: m.jpg", "image", "m.jpg"),
        ("image: {alt: x}", "image", None),
        ("handle: EnPause", "handle", "@EnPause"),
        ("twitter: '@'", "handle", None),
        ("canonical:\nurl: https://example.com/", "url", "https://example.com/"),
    ],
)
def test_front_matter_takes_several_forms(matter: str, field: str, value: object) -> None:
    """A field's value may have any form that sites write, and a useless one is no value."""
    article = read(f"---\n{matter}\n---\n# H\n\nText.")
    assert getattr(article, field) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\ntitle: a: b\n---\n", "line 2 of the front matter"),
        ("---\nx: 1\ny: [1\n---\n", "line 4 of the front matter"),
        ("---\ndate: 2024-13-45\n---\n", "front matter is not valid"),
        ("---\n? [a]\n: b\n---\n", "front matter is not valid"),
        ("---\n" + "[" * 100_000 + "\n---\n", "front matter is not valid"),
        ("---\ndate: !!timestamp soon\n---\n", "front matter is not valid"),
        ("Text without a heading.", "no title"),
        ("## Only a section\n\nText.", "no title"),
    ],
)
def test_bad_markdown_is_refused(text: str, words: str) -> None:
    """Broken front matter is refused with its line, and so is a text without a title."""
    with pytest.raises(SourceError, match=rf"^article\.md: .*{words}"):
        read(text)


@pytest.mark.parametrize(
    ("text", "title", "blocks"),
    [
        ("---\ntitle: T\n---\n# t!\n\nx", "T", (Paragraph("x"),)),
        ("---\ntitle: T\n---\n# Other\n\nx", "T", (Paragraph("x"),)),
        (
            "---\ntitle: T\n---\n# A\n\nx\n\n# B",
            "T",
            (Heading(1, "A"), Paragraph("x"), Heading(1, "B")),
        ),
        ("---\ntitle: T\n---\nx\n\n# A", "T", (Paragraph("x"), Heading(1, "A"))),
        ("---\n\n# T\n\nx\n\n---\n\ny", "T", (Paragraph("x"), Paragraph("y"))),
        ("---\n# T\n", "T", ()),
        ("---\nwords\n---\n\n# T", "T", (Heading(2, "words"),)),
        ("x\n\nT\n===\n\ny", "T", (Paragraph("x"), Paragraph("y"))),
    ],
)
def test_the_title_comes_from_front_matter_or_the_first_heading(
    text: str,
    title: str,
    blocks: tuple[object, ...],
) -> None:
    """A heading that stands as the title is no block; headings of sections stay."""
    article = read(text)
    assert (article.title, article.blocks) == (title, blocks)


@pytest.mark.parametrize(
    "byline",
    [
        "*By [Jane Doe](https://example.com), March 3, 2025*",
        "![m](m.jpg)\n\nBy Jane Doe\nMarch 3, 2025",
        "By Jane Doe  \nMarch 3, 2025",
        "By Jane Doe\n\nMarch 3, 2025",
    ],
)
def test_a_byline_under_the_title_is_read(byline: str) -> None:
    """Bylines of Markdown are read by the same rules and are no paragraphs."""
    article = read(f"# A title\n\n{byline}\n\nBy then all was said.")
    assert (article.author, article.published) == ("Jane Doe", date(2025, 3, 3))
    texts = [block.text for block in article.blocks if isinstance(block, Paragraph)]
    assert texts == ["By then all was said."]


def test_front_matter_is_believed_before_the_byline() -> None:
    """What the author declared wins over what is printed."""
    article = read("---\nauthor: Sam Lee\n---\n# T\n\nBy Jane Doe, March 3, 2025")
    assert (article.author, article.published) == ("Sam Lee", date(2025, 3, 3))
