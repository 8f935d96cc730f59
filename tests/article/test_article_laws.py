"""Laws that hold for whatever is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.article import (
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threadbot.article import Article

_SIGNS = [
    "# ", "## ", "- ", "1. ", "a) ", "• ", "— ", "> ", "    ", "\t", "\n", "\n\n", "---\n",
    "title: ", "date: ", "tags: ", "[", "](https://example.com/a)", "](", ")", "![", "*", "**",
    "~~", "`", "```\n", "<b>", "<!--", "-->", "<div>", "| a | b |\n|---|---|\n", "|", "&nbsp;",
    "&#x10FFF1;", "&#0;", "[^1]", "[^1]: ", "[x] ", "é", "漢字", "\u00a0", "\u202f", "\ufeff",
    "Par ", "Publié le ", "3 mars 2025", "@EnPause", "Mot", "mot", ". ", " ?", "\r", "\\", "{",
    "}", "[[", "!!", "? ", ": ", "&a ", "*a", "0o9", "<<: ", "2024-99-99", "\x85", "\U0010fff3",
    "\ud800",
]  # fmt: skip
_TAGS = (
    "p div br h1 h2 h6 ul ol li blockquote cite q figure figcaption img a b strong table tr td th"
    " pre code dl dt article main header nav aside footer section span sup ruby rt script style"
    " template html head body title form input details svg math noscript"
).split()
_ATTRIBUTES = [
    "", " hidden", " class='comments meta'", " class=author", " id=main", " href=/a?b&c",
    " href='https://example.com/'", " href='http://['", " src=i.png", " srcset='a 1x, b 2x'",
    " start=3", " value=-1", " start=x", " role=heading aria-level=9", " width=1", " alt=x",
    " itemprop=author", " datetime=2024-02-30", " lang=fr", " style=display:none",
]  # fmt: skip
_OPEN_TAGS = st.builds("<{}{}>".format, st.sampled_from(_TAGS), st.sampled_from(_ATTRIBUTES))
_CLOSE_TAGS = st.sampled_from(_TAGS).map("</{}>".format)
_WORDS = st.sampled_from(
    [*_SIGNS, "A sentence of some length, which a page would keep as its text. ", "mot mot "]
)
_MARKUP = st.lists(_OPEN_TAGS | _CLOSE_TAGS | _WORDS, max_size=60).map("".join)
_TEXTS = st.text() | st.lists(st.sampled_from(_SIGNS), max_size=60).map("".join)


def _texts(article: Article) -> Iterator[tuple[str, tuple[Link, ...]]]:
    for block in article.blocks:
        if isinstance(block, Heading | Paragraph | Quote):
            yield block.text, block.links
        elif isinstance(block, ListBlock):
            assert block.items
            yield from _of_items(block.items)
        elif isinstance(block, Code):
            yield block.text, ()
        elif isinstance(block, Image):
            yield block.src, ()


def _of_items(items: Iterable[ListItem]) -> Iterator[tuple[str, tuple[Link, ...]]]:
    for item in items:
        yield item.text, item.links
        yield from _of_items(item.children)


def _check(article: Article) -> None:
    assert article.title.strip()
    for text, links in _texts(article):
        assert text.strip()
        assert not any(char in text for char in "\ufeff\x00\x07\r\x85\ud800")
        assert not any(char >= "\U0010fff0" for char in text)
        for link in links:
            assert 0 <= link.start < link.end <= len(text)
            assert text[link.start : link.end].strip() == text[link.start : link.end]
            assert link.href.startswith(("http://", "https://"))
    for block in article.blocks:
        assert not isinstance(block, Heading) or "\n" not in block.text
        assert not isinstance(block, Table) or any(map(any, block.rows))


@pytest.mark.parametrize("name", ["a.txt", "a.md", None])
@settings(deadline=None, max_examples=300)
@given(text=_TEXTS)
def test_every_text_is_read_or_refused(name: str | None, text: str) -> None:
    """A text gives a sound article or one SourceError, whatever is in it."""
    try:
        article = load(text, name=name, known={"language": "fr"})
    except SourceError:
        return
    _check(article)


@pytest.mark.parametrize("head", ["", "<html><head><title>T</title></head><body>"])
@pytest.mark.parametrize("known", [{}, {"title": "T"}], ids=["untitled", "titled"])
@settings(deadline=None, max_examples=150)
@given(text=_MARKUP | _TEXTS)
def test_all_markup_is_read_or_refused(head: str, known: dict[str, str], text: str) -> None:
    """A fragment or a page gives a sound article or one SourceError, whatever is in it."""
    try:
        article = load(head + text, name="a.html", known={"language": "fr", **known})
    except SourceError:
        return
    _check(article)


@settings(deadline=None, max_examples=300)
@given(data=st.binary() | _TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_all_bytes_are_read_or_refused(data: bytes) -> None:
    """Bytes give a sound article or one SourceError, whatever they are."""
    try:
        article = load(data, known={"language": "fr"})
    except SourceError:
        return
    _check(article)


@settings(deadline=None, max_examples=200)
@given(title=st.text("abc é", min_size=1), text=_TEXTS)
def test_no_word_of_a_plain_text_is_lost(title: str, text: str) -> None:
    """With its title known, a text without byline or rules keeps all its letters, in order."""
    source = "".join(filter(lambda char: char.isalpha() or char in " \n.", text))
    try:
        article = load(f"{title}.\n\nx.\n\n{source}", name="a.txt", known={"language": "fr"})
    except SourceError:
        return
    read = "".join(words for words, _ in _texts(article))
    kept = "".join(filter(str.isalpha, article.title + read))
    assert kept == "".join(filter(str.isalpha, f"{title}x{source}"))
