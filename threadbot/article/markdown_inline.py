"""The running text of Markdown: words, links and the images among them.

Owns what of a line of Markdown is text; never knows which block it stands in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from threadbot.article.address import resolve
from threadbot.article.decoding import clean
from threadbot.article.model import Image
from threadbot.article.rich_text import Builder, RichText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,50}\]")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,50}\]:")
_FOOTNOTE_WORDS = re.compile(r"\^[\w-]{1,50}")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inline:
    """A line of Markdown as text, and the images that stood in it."""

    rich: RichText = field(default_factory=RichText)
    images: tuple[Image, ...] = ()


def read_inline(tokens: Sequence[Token], base: str | None) -> Inline:
    """Make text of the tokens of one block.

    Emphasis is removed and its words stay; struck words are withdrawn and go, and so do notes
    and tags. A line break of the source is a space, one that the author asked for a line feed.

    Args:
        tokens: the children of an inline token.
        base: the address that relative ones are resolved against.
    """
    if tokens and _FOOTNOTE.match(tokens[0].content):
        return Inline()
    builder, images = Builder(), []
    struck = 0
    for at, token in enumerate(tokens):
        if token.type == "image":
            images += [picture] if (picture := _image(token)) else []
        struck += token.nesting if token.tag == "s" else 0
        if not struck and not _is_note(tokens, at):
            _add(builder, token, base)
    return Inline(builder.build(), tuple(images))


def _is_note(tokens: Sequence[Token], at: int) -> bool:
    """Tell the words of a link that is a note's mark (`[^1]` with an address as its note)."""
    linked = at > 0 and tokens[at - 1].type == "link_open"
    return linked and _FOOTNOTE_WORDS.fullmatch(tokens[at].content) is not None


def _add(builder: Builder, token: Token, base: str | None) -> None:
    """Append what one token contributes."""
    if token.type == "text":
        builder.add(_FOOTNOTE_MARK.sub("", token.content))
    elif token.type == "code_inline":
        builder.add(token.content)
    elif token.type == "softbreak":
        builder.add(" ")
    elif token.type == "hardbreak" or (token.type == "html_inline" and _BREAK.match(token.content)):
        builder.break_line()
    elif token.type == "link_open":
        href = resolve(base, str(token.attrs["href"]))
        if href is not None:
            builder.open_link(href)
    elif token.type == "link_close":
        builder.close_link()


def _image(token: Token) -> Image | None:
    """Read an image; one whose data stand in the text has no address to be fetched from."""
    source = str(token.attrs["src"])
    if not source or source.lower().startswith("data:"):
        return None
    alt = read_inline(token.children or [], None).rich.on_one_line().text
    return Image(clean(source), alt)
