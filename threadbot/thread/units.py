"""From an article to units: the smallest pieces of text that an editor would move as one.

Owns what is a unit, what it introduces and how much it matters; never counts or cuts one.
Units are the same for every network, so the sentences of an article are found once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict, Unpack
from unicodedata import east_asian_width

from threadbot.article.credits import is_credit
from threadbot.article.model import Code, Heading, Image, ListBlock, Paragraph, Quote, Table
from threadbot.thread.antecedents import (
    has_late_demonstrative,
    leans_back,
    opens_thought,
    opens_with_demonstrative,
)
from threadbot.thread.links import spans_of, spans_within
from threadbot.thread.ordinals import ordinal
from threadbot.thread.questions import (
    QUESTION_MARKS,
    heading_asks,
    is_question,
    is_text,
    with_questions,
)
from threadbot.thread.quotes import quoted, with_sources
from threadbot.thread.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from threadbot.article.model import Article, Block, ListItem
    from threadbot.thread.model import Span

UnitKind: TypeAlias = Literal["heading", "intro", "item", "sentence", "quote"]

#: How much a unit matters, from 0 to 1: what a cap on posts leaves out last has the highest.
#: Headings and intros have none of their own: they stay as long as what they head.
SALIENCE = {"lead": 0.9, "item": 0.8, "subitem": 0.6, "paragraph": 0.5, "quote": 0.4, "other": 0.3}

#: What stands before the items of a list without numbers, and before those inside an item.
BULLET = "•"
_SUB_BULLET = "–"


@dataclass(frozen=True, slots=True)
class Unit:
    """A heading, a list intro, a list item, a sentence or a quotation.

    Args:
        kind: which of these it is.
        text: its own words.
        spans: links and mentions in them.
        section: its section, counted from 0; 0 stands before the first heading.
        group: the position of its block in the article.
        rank: its place in the group, counted from 0.
        marker: bullet or number before the words; empty where there is none.
        gap: what parts it from the unit before it in its group: a space, a line feed or nothing.
        salience: how much it matters, 0 to 1.
        lead: whether it is the first sentence or quotation of its section.
        heads: whether what follows belongs under it (headings, intros, questions of an interview,
            items with children).
        leans: whether it opens with a word that points back ("This", "It", "But").
        demonstrative: whether that word is a demonstrative.
        asks: whether it is a question that what follows it answers.
        counts: which point of a series its paragraph makes ("The second ..."), from 1; 0 for none.
        aside: whether it is no part of the text: a credit, a pointer to other reading, or the
            announcement of a block that no post carries, such as a listing.
        continues: whether it is a piece of a unit that was cut before it.
        cut_price: what parting it from the piece before it costs.
    """

    kind: UnitKind
    text: str
    spans: tuple[Span, ...]
    section: int
    group: int
    rank: int = 0
    marker: str = ""
    gap: str = " "
    salience: float = 0.0
    lead: bool = False
    heads: bool = False
    leans: bool = False
    demonstrative: bool = False
    asks: bool = False
    counts: int = 0
    aside: bool = False
    continues: bool = False
    cut_price: int = 0

    @property
    def marked_text(self) -> str:
        """Its words as they stand in a post: behind the bullet or number, if it has one."""
        return self.marker + self.text


class _More(TypedDict, total=False):
    marker: str
    gap: str
    salience: float
    heads: bool
    leans: bool
    demonstrative: bool
    asks: bool
    counts: int
    aside: bool


@lru_cache(maxsize=16)
def units(article: Article) -> tuple[Unit, ...]:
    """List the units of an article, in reading order.

    Args:
        article: any article. Images, code and tables give no units.

    Returns:
        Every word of its headings, paragraphs, lists and quotations, each in one unit. A heading
        with nothing under it is left out: it would end a post.
    """
    idle = idle_headings(article.blocks)
    numbered = with_sources(
        (index, block) for index, block in enumerate(article.blocks) if index not in idle
    )
    blocks = [block for _, block in numbered]
    if any(map(is_text, blocks)):
        blocks = list(with_questions(blocks))
    else:
        # An article of headings alone has no sections: they are its text.
        blocks = [_as_paragraph(block) for block in blocks]
    reader = _Reader(article.language, any(isinstance(block, Heading) for block in blocks))
    for (index, _), block, following in zip(numbered, blocks, [*blocks[1:], None], strict=False):
        reader.read(index, block, following)
    return tuple(_mark_leads(reader.found))


def _gap(between: str) -> str:
    """Tell what parts two sentences, given the end of the first and what follows it.

    A space that somebody forgot (`fini.Il`) is set; scripts that need none (`終。始`) get none.
    """
    if "\n" in between:
        return "\n"
    return "" if len(between) == 1 and east_asian_width(between) in "WF" else " "


def idle_headings(blocks: Sequence[Block]) -> frozenset[int]:
    """Find the headings under which no text stands before the next one of their own level.

    Args:
        blocks: an article's blocks.

    Returns:
        Their positions in `blocks`; none where there is nothing but headings.
    """
    if not any(map(is_text, blocks)):
        return frozenset()
    idle: set[int] = set()
    waiting: list[int] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            above = [place for place in waiting if _level(blocks[place]) < block.level]
            idle.update(place for place in waiting if place not in above)
            waiting = [*above, index]
        elif is_text(block):
            waiting = []
    return frozenset(idle.union(waiting))


def _as_paragraph(block: Block) -> Block:
    return Paragraph(block.text, block.links) if isinstance(block, Heading) else block


def _level(block: Block) -> int:
    return block.level if isinstance(block, Heading) else 0


class _Reader:
    """Collects units; counts sections and groups as it goes."""

    def __init__(self, language: str | None, has_headings: bool) -> None:  # noqa: FBT001
        self.language = language
        self.has_headings = has_headings
        self.found: list[Unit] = []
        self.section = 0
        self.group = -1

    def read(self, index: int, block: Block, following: Block | None) -> None:
        self.group = index
        if isinstance(block, Heading):
            self.section += 1
            text = block.text.replace("\n", " ")
            asks = heading_asks(text, self.language)
            self._add("heading", text, spans_of(block.links), heads=True, asks=asks)
        elif isinstance(block, Paragraph):
            # Without headings each paragraph is a section of its own, with the list it introduces.
            self.section += not self.has_headings
            self._paragraph(block, following)
        elif isinstance(block, ListBlock):
            self._list(block.items, block.start if block.ordered else None, depth=0)
        elif isinstance(block, Quote):
            text, spans = quoted(block, self.language)
            self._add("quote", text, spans, salience=SALIENCE["quote"])

    def _paragraph(self, block: Paragraph, following: Block | None) -> None:
        ranges = sentences(block.text, self.language)
        answered = following is not None and is_text(following)
        question = answered and is_question(block.text)
        for rank, (start, end) in enumerate(ranges):
            text = block.text[start:end]
            last = rank == len(ranges) - 1
            points_on = last and text.endswith((":", "："))
            # Japanese and Chinese announce a list with a full stop as well.
            intro = isinstance(following, ListBlock) and (points_on or (last and text[-1] == "。"))
            before = block.text[ranges[rank - 1][1] - 1 : start] if rank else ""
            demonstrative = opens_with_demonstrative(text, self.language)
            demonstrative |= intro and has_late_demonstrative(text, self.language)
            thought = rank == 0 and opens_thought(text)
            self._add(
                "intro" if intro else "sentence",
                text,
                spans_within(block.links, start, end),
                gap=_gap(before),
                heads=intro or question,
                salience=0.0 if intro else SALIENCE["other" if rank else "paragraph"],
                leans=demonstrative or (leans_back(text, self.language) and not thought),
                demonstrative=demonstrative,
                asks=text.endswith(QUESTION_MARKS) and not (last and not answered),
                counts=0 if rank else ordinal(text, self.language),
                aside=(points_on and isinstance(following, (Code, Table, Image)))
                or is_credit(text),
            )

    def _list(self, items: Sequence[ListItem], number: int | None, *, depth: int) -> None:
        bullet = BULLET if depth == 0 else _SUB_BULLET
        for item in items:
            if number is not None and item.number is not None:
                number = item.number
            self._add(
                "item",
                item.text,
                spans_of(item.links),
                marker=f"{bullet} " if number is None else f"{number}. ",
                gap="\n",
                heads=bool(item.children),
                salience=SALIENCE["subitem" if depth else "item"],
            )
            children_start = item.children_start if item.children_ordered else None
            self._list(item.children, children_start, depth=depth + 1)
            number = None if number is None else number + 1

    def _add(
        self,
        kind: UnitKind,
        text: str,
        spans: tuple[Span, ...],
        **more: Unpack[_More],
    ) -> None:
        goes_on = bool(self.found) and self.found[-1].group == self.group
        rank = self.found[-1].rank + 1 if goes_on else 0
        self.found.append(Unit(kind, text, spans, self.section, self.group, rank, **more))


def _mark_leads(found: Iterable[Unit]) -> Iterable[Unit]:
    led: set[int] = set()
    for unit in found:
        speaks = unit.kind in {"sentence", "quote"} and not unit.aside
        if speaks and unit.section not in led:
            yield replace(unit, lead=True, salience=SALIENCE["lead"])
        else:
            yield unit
        # What stands below a list does not lead its section.
        if speaks or unit.kind == "item":
            led.add(unit.section)
