"""What an article is: metadata and blocks of text that carry their links.

Owns the values that every reader makes and every composer takes; never reads or cuts anything.
Positions are counted in code points of the text that they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypedDict

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of text that leads somewhere.

    Args:
        start: first code point of the linked words, counted from 0.
        end: the code point after the last one.
        href: the address, absolute where the source allowed to resolve it.
    """

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section.

    Args:
        level: 1 to 6; 2 is a section of the article, as the title is its only level 1.
        text: one line.
        links: the links under its words.
    """

    level: int
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. A line break that the author set stands in it as a line feed."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list.

    Args:
        text: its own words, without bullet or number.
        links: the links under them.
        children: the items of a list inside this item.
        children_ordered: whether the children are numbered.
        children_start: the first child's number.
        number: its own, in a numbered list where it is not the one after the item before.
    """

    text: str
    links: tuple[Link, ...] = ()
    children: tuple[ListItem, ...] = ()
    children_ordered: bool = False
    children_start: int = 1
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list.

    Args:
        ordered: numbered, or with bullets.
        items: at least one.
        start: the first item's number.
    """

    ordered: bool
    items: tuple[ListItem, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, set apart by the author. Paragraphs in it are parted by line feeds."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in the text.

    Args:
        src: its address or path as the source gave it.
        alt: what it shows, in words; empty where the source says nothing.
    """

    src: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A listing, which no post carries."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table, which no post carries; rows of cells as plain text."""

    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Heading | Paragraph | ListBlock | Quote | Image | Code | Table


@dataclass(frozen=True, slots=True)
class Article:
    """An article, read and cleaned.

    Args:
        title: never empty.
        blocks: the text in reading order, without title and byline.
        author: as printed.
        handle: as printed with its `@`, from the byline or the page's metadata.
        published: the day that the source names.
        language: two-letter code (ISO 639-1), or None where it cannot be told.
        url: the canonical address.
        description: the author's own summary.
        image: address or path of the lead image.
        tags: the publication's keywords, without `#`.
        question: what the author wants to ask the readers at the end of the thread.
        image_alt: what the lead image shows, in words.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    author: str | None = None
    handle: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None
    description: str | None = None
    image: str | None = None
    tags: tuple[str, ...] = ()
    question: str | None = None
    image_alt: str | None = None


class Known(TypedDict, total=False):
    """What is known of an article from outside its source; each field wins over what is found.

    The keys are the fields of `Article` that are no blocks.
    """

    title: str
    author: str
    handle: str
    published: date
    language: str
    url: str
    description: str
    image: str
    tags: tuple[str, ...]
    question: str
    image_alt: str
