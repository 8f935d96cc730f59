"""Whole web pages: the article in the midst of menus, banners and comments.

Owns the way from a page to a reading: trafilatura decides which text is the article, the page's
own tree gives each text its kind, level, order and links back. Never fetches anything.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from trafilatura import core, external, utils

from threadbot.article.byline import read_byline
from threadbot.article.html_tree import is_unread, parse, words_of
from threadbot.article.html_walk import promoted, walk
from threadbot.article.model import (
    Block,
    Code,
    Heading,
    Image,
    Known,
    ListBlock,
    Paragraph,
    Quote,
    Table,
)
from threadbot.article.opening import plain
from threadbot.article.page_choice import KeptText, choose, texts_of
from threadbot.article.page_facts import PageFacts
from threadbot.article.page_foreign import prune
from threadbot.article.plain_lines import MOST_CHARACTERS
from threadbot.article.reading import Reading
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from threadbot.article.html_frames import Placed

_GIVE_TEXT = "save the article's text in a file and give that"
_LOGIN = f"it asks for a login and shows no article; {_GIVE_TEXT}"
_SCRIPTS = f"its text is put there by scripts, which are not run; {_GIVE_TEXT}"
_NO_ARTICLE = f"no article was found on the page; {_GIVE_TEXT}"
_NO_TITLE = "it has no title; give the page one in <title> or <h1>, or name the title"
#: An article has at least so many letters; one beside a login, or for subscribers, more.
_LEAST_LETTERS = 80
_LEAST_BEHIND_LOGIN = 500
_EMPTY_PAGE = 400
#: So much of the paragraphs is kept where the article is found beyond doubt.
_ENOUGH = 0.6
#: Lines above the first text that are longer are text themselves.
_LONGEST_TOP_LINE = 120
_LONGEST_LABEL = 40
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

for _noisy in (core, external, utils):  # They would write on the user's terminal.
    _noisy.LOGGER.disabled = True


def read_page(
    text: str, url: str | None = None, title: str | None = None, address: str | None = None
) -> Reading:
    """Read a web page.

    Args:
        text: decoded and clean.
        url: where it came from; relative addresses are resolved against it, else against the
            page's canonical address.
        title: the title where it is known already.
        address: the page's own, where it is known already. Relative links are resolved against it
            where there is nothing else; pictures are not, as they may lie beside a saved page.

    Returns:
        What the page says of its article, and the article's blocks.

    Raises:
        SourceError: there is no article or no title, or the markup is beyond all measure.
    """
    root = parse(text)
    facts = PageFacts(root, url, address)
    known = facts.known()
    shown = title or known.get("title")
    if not shown:
        raise SourceError(_NO_TITLE)
    guarded = not facts.described.free or _asks_for_password(root)
    standfirst = known.get("description", "")
    prune(root, _title_element(root, shown))
    placed = choose(walk(root, facts.base, facts.picture_base), _kept(root, standfirst))
    placed, byline = _without_top_matter(promoted(placed), shown, known)
    blocks = tuple(_demoted(one.block) for one in placed)
    if _letters(blocks) < (_LEAST_BEHIND_LOGIN if guarded else _LEAST_LETTERS):
        raise SourceError(_LOGIN if guarded else _why_nothing(parse(text)))
    return Reading(byline | known, blocks)


def _asks_for_password(root: HtmlElement) -> bool:
    return any(one.get("type", "").lower() == "password" for one in root.iter("input"))


def _why_nothing(root: HtmlElement) -> str:
    """Say why a page may have no article."""
    body = root.find("body")
    seen = 0 if body is None else _seen_letters(body)
    scripted = seen < _EMPTY_PAGE and next(root.iter("script"), None) is not None
    return _SCRIPTS if scripted else _NO_ARTICLE


def _seen_letters(body: HtmlElement) -> int:
    return sum(
        len(one.text or "") + len(one.tail or "") for one in body.iter() if not is_unread(one)
    )


def _title_element(root: HtmlElement, title: str) -> HtmlElement | None:
    """Find the element that shows the title."""
    key = plain(title)
    return next((one for one in root.iter("h1") if plain(words_of(one)) == key), None)


def _kept(root: HtmlElement, standfirst: str) -> KeptText:
    """Ask trafilatura which text is the article.

    Its first method takes a third of the time of all of them. It is enough where it keeps most
    of the paragraphs that are left on the page.
    """
    paragraphs = sum(len(plain(words_of(one))) for one in root.iter("p"))
    kept = KeptText((*_lines(root, fast=True), standfirst))
    if kept.size > _ENOUGH * paragraphs:
        return kept
    return KeptText((*_lines(root, fast=False), standfirst))


def _lines(root: HtmlElement, *, fast: bool) -> Iterator[str]:
    try:
        document = core.bare_extraction(root, fast=fast, include_comments=False)
    except Exception as error:  # whatever befalls a library in strange markup
        raise SourceError(_NO_ARTICLE) from error
    body = getattr(document, "body", None)
    if body is not None:
        for element in body.iter():
            yield "".join(element.itertext()) if len(element) == 0 else element.text or ""
            yield element.tail or ""


def _without_top_matter(
    placed: list[Placed], title: str, known: Known
) -> tuple[list[Placed], Known]:
    """Take away title, byline and date, which many pages show again above the text."""
    found: Known = {}
    result: list[Placed] = []
    at_top = True
    for one in placed:
        if isinstance(one.block, Heading) and plain(one.block.text) == plain(title):
            continue
        if not at_top or isinstance(one.block, Image):
            result.append(one)
            continue
        above = replace(one, block=_standfirst(one.block, known.get("description", "")))
        byline = _byline(above.block)
        if byline is not None or _is_top_line(above, title, known.get("author", "")):
            found = (byline or {}) | found
            continue
        at_top = above.block is not one.block or _is_label(above.block)
        result.append(above)
    return result, found


def _standfirst(block: Block, description: str) -> Block:
    """Make text of a heading that heads nothing: it stands under the title and sums up."""
    if not isinstance(block, Heading):
        return block
    sums_up = plain(block.text) == plain(description)
    if sums_up or len(block.text) > MOST_CHARACTERS or block.text.endswith("."):
        return Paragraph(block.text, block.links)
    return block


def _is_label(block: Block) -> bool:
    """Tell a few words that are no sentence, such as the name of a column."""
    if not isinstance(block, Paragraph):
        return False
    return len(block.text) <= _LONGEST_LABEL and block.text[-1].isalnum()


def _byline(block: Block) -> Known | None:
    if not isinstance(block, Paragraph):
        return None
    found: Known = {}
    for line in block.text.split("\n"):
        read = read_byline(line.strip())
        if read is None:
            return None
        found = read | found
    return found


def _is_top_line(one: Placed, title: str, author: str) -> bool:
    """Tell a line above the text that is about the article: its title, names, mere links."""
    if isinstance(one.block, Heading):
        return one.block.level == 1
    text = "".join(texts_of(one.block))
    if len(text) > _LONGEST_TOP_LINE or isinstance(one.block, Code | Table):
        return False
    key, names = plain(text), plain(author)
    named = names != "" and names in key and len(key) < 4 * len(names)
    return named or key == plain(title) or one.linked > len(text) / 2


def _demoted(block: Block) -> Block:
    """Keep the first level for the title."""
    return replace(block, level=2) if isinstance(block, Heading) and block.level == 1 else block


def _letters(blocks: tuple[Block, ...]) -> int:
    """Count the letters of the running text; an ideogram says as much as three."""
    prose = (one for one in blocks if not isinstance(one, Heading | Image))
    keys = [
        plain(text)
        for one in prose
        if isinstance(one, Paragraph | Quote | ListBlock)
        for text in texts_of(one)
    ]
    return sum(len(key) + 2 * len(_WIDE.findall(key)) for key in keys)
