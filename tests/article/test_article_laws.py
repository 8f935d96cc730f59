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
