"""The settings that composing takes: an account and a style, as frozen values.

Owns their shape and their defaults; the configuration fills them, this room only reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import BaseLoader

    from threadbot.thread.model import NetworkName

Coverage: TypeAlias = Literal["digest", "full"]
InlineLinks: TypeAlias = Literal["facets", "none"]
ImageChoice: TypeAlias = Literal["none", "lead", "all"]

#: Hashtags in the closing, by network: none on X, where they look like spam and cost room.
DEFAULT_HASHTAGS: dict[NetworkName, int] = {"x": 0, "bluesky": 2}
#: Numbering by network: X shows a thread's posts apart from one another, Bluesky does not.
DEFAULT_NUMBERING: dict[NetworkName, bool] = {"x": True, "bluesky": False}


@dataclass(frozen=True, slots=True)
class Prices:
    """What X charges, in US dollars; read from X's price list on the day `as_of`.

    Args:
        as_of: the day the prices were read.
        post: a post without an address in it.
        post_with_url: a post with at least one.
        media_metadata: the alternative text of a picture.
        own_post_read: each of the account's own posts that is read.
        delete: the deletion of a post.
    """

    as_of: date = date(2026, 8, 22)
    post: Decimal = Decimal("0.015")
    post_with_url: Decimal = Decimal("0.20")
    media_metadata: Decimal = Decimal("0.005")
    own_post_read: Decimal = Decimal("0.001")
    delete: Decimal = Decimal("0.010")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be mentioned, and the handles that are theirs.

    Args:
        x: handle on X, without `@`, or None where they have none.
        bluesky: handle on Bluesky (a domain), without `@`, or None.
    """

    x: str | None = None
    bluesky: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a thread is made for.

    Args:
        name: its name in the configuration, or the network's name without one.
        network: where it is.
        handle: its own handle without `@`; None lets the byline's stand in.
        people: who may be mentioned; keys are the names that articles write after an `@`,
            in lower case and without it.
        prices: what posting costs, for X.
    """

    name: str
    network: NetworkName
    handle: str | None = None
    people: Mapping[str, Person] = field(default_factory=dict)
    prices: Prices = field(default_factory=Prices)


@dataclass(frozen=True, slots=True)
class Style:
    """How threads are made.

    Args:
        loader: gives the templates by path (`default/opening.j2`), a user's before the
            packaged ones.
        name: its name in the configuration.
        template: the folder of templates.
        coverage: `digest` keeps headings, lists and lead sentences, `full` every word.
        max_posts: the most posts that a thread may have, or None.
        numbering: whether posts are numbered; None takes the network's default.
        hashtags: the most hashtags in the closing; None takes the network's default.
        inline_links: `facets` links the article's own linked words where the network can, `none`
            leaves the words alone.
        images: `lead` posts the lead picture with the opening, `all` those in the text too.
        bullet: what stands before an item of a list without numbers.
        made_with_ai: whether X is told that the posts were made with artificial intelligence.
    """

    loader: BaseLoader
    name: str = "default"
    template: str = "default"
    coverage: Coverage = "digest"
    max_posts: int | None = None
    numbering: bool | None = None
    hashtags: int | None = None
    inline_links: InlineLinks = "facets"
    images: ImageChoice = "none"
    bullet: str = "•"
    made_with_ai: bool = False
