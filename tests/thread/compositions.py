"""Builders of articles, accounts and styles that the tests of composing share.

Owns shapes without a meaning of their own; a test names only what it is about.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader

from threadbot.article.model import Article, Heading, ListBlock, ListItem, Paragraph
from threadbot.thread import Account, Person, Style, compose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadbot.article.model import Block
    from threadbot.thread import Post, Thread
    from threadbot.thread.model import NetworkName
    from threadbot.thread.settings import Coverage, ImageChoice, InlineLinks

TEMPLATES = Path(__file__).parents[2] / "templates"
#: One loader for all tests: the environment of each loader is made once.
PACKAGED = FileSystemLoader(TEMPLATES)
NETWORKS: tuple[NetworkName, ...] = ("x", "bluesky")
URL = "https://enpause.com/tramway"
HANDLES: dict[NetworkName, str] = {"x": "EnPause", "bluesky": "enpause.com"}
PEOPLE = {"nora": Person(x="NoraHayes", bluesky="nora.hayes.com"), "onlyx": Person(x="OnlyOnX")}


class StyleSettings(TypedDict, total=False):
    """What a style may say, beside its templates' loader."""

    template: str
    coverage: Coverage
    max_posts: int | None
    numbering: bool | None
    hashtags: int | None
    inline_links: InlineLinks
    images: ImageChoice
    bullet: str


def account(network: NetworkName = "x", handle: str | None = "own") -> Account:
    """Build an account; `own` stands for the handle that suits the network."""
    own = HANDLES[network] if handle == "own" else handle
    return Account(name=network, network=network, handle=own, people=PEOPLE)


def style(files: Mapping[str, str] | None = None, **settings: Unpack[StyleSettings]) -> Style:
    """Build a style whose own templates, by path, come before the packaged ones."""
    loader = ChoiceLoader([DictLoader(files), PACKAGED]) if files else PACKAGED
    return Style(loader=loader, **settings)


def made(article: Article, network: NetworkName = "x", chosen: Style | None = None) -> Thread:
    """Compose an article for a network."""
    return compose(article, account(network), chosen or style())


def texts(thread: Thread) -> list[str]:
    """Give the text of every post."""
    return [post.text for post in thread.posts]


def body(thread: Thread) -> list[Post]:
    """Give the posts between opening and closing."""
    return [post for post in thread.posts if post.part == "body"]


def bullets(*items: str) -> ListBlock:
    """Build a list with bullets."""
    return ListBlock(ordered=False, items=tuple(map(ListItem, items)))


def numbers(*items: str, start: int = 1) -> ListBlock:
    """Build a numbered list."""
    return ListBlock(ordered=True, items=tuple(map(ListItem, items)), start=start)


def sections(count: int, sentence: str, per_section: int = 2) -> tuple[Block, ...]:
    """Build sections, each a heading over a paragraph."""
    return tuple(
        block
        for number in range(1, count + 1)
        for block in (
            Heading(2, f"Part {number} of the report"),
            Paragraph(" ".join([sentence] * per_section)),
        )
    )


def sentence(length: int, opener: str = "The tram", end: str = ".") -> str:
    """Build an English sentence of exactly so many characters, in words of six letters."""
    words = f"{opener} " + "crosses bridges " * (length // 8)
    return words[: length - len(end)].rstrip().ljust(length - len(end), "s") + end


#: Two sections that fill a post each.
REST: tuple[Block, ...] = (
    Heading(2, "What changes"),
    Paragraph(sentence(200)),
    Heading(2, "What stays"),
    Paragraph(f"{sentence(200, 'A bridge')} {sentence(150, 'A river')}"),
)


def article(
    *blocks: Block,
    title: str = "New tram lines for Brest",
    language: str | None = "en",
    url: str | None = URL,
    description: str | None = None,
    question: str | None = None,
    tags: tuple[str, ...] = (),
    handle: str | None = None,
) -> Article:
    """Build an article about trams."""
    return Article(
        title,
        blocks or (Paragraph("The works begin in May."), *REST),
        language=language,
        url=url,
        description=description,
        question=question,
        tags=tags,
        handle=handle,
    )


def values(thread: Thread, kind: str) -> list[str]:
    """Give the values of a thread's spans of one kind."""
    return [span.value for post in thread.posts for span in post.spans if span.kind == kind]


#: An article for tests of templates.
TEMPLATED = Article(
    "Trams for Brest",
    (
        Paragraph(sentence(200)),
        Heading(2, "What changes"),
        Paragraph(f"{sentence(150)} {sentence(200, 'A bridge')}"),
    ),
    author="Nora Hayes",
    published=date(2026, 3, 7),
    language="en",
    url=URL,
)
