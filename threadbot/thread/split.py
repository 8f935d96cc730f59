"""The best division of units into posts, by dynamic programming over all of them.

Owns the search, after the way Knuth and Plass set paragraphs: every possible post is priced by the
table in `prices`, and the cheapest sequence wins. Units that may be left out have a price for that.
Never makes text; it works on sizes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from threadbot.errors import ThreadError
from threadbot.thread.prices import SHORT_POST, Price, Taste

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.thread.measure import Size
    from threadbot.thread.units import Unit

#: Partly filled posts that are followed at once: enough for five units that may be left out.
_BREADTH = 32


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may stand in the thread.

    Args:
        unit: the unit.
        place: its position among the article's units.
        size: what it takes, marker included.
        leave_out: the price of leaving it out; None where it must stay.
    """

    unit: Unit
    place: int
    size: Size
    leave_out: int | None = None


#: A post being filled: its length and size, what it costs so far, how many headings and which
#: candidates it holds. A bare tuple, as there are more of these than of anything else.
_Partial: TypeAlias = tuple[int, int, int, int, tuple[int, ...]]
_EMPTY: _Partial = (0, 0, 0, 0, ())


@dataclass(frozen=True, slots=True)
class Division:
    """The best division.

    Args:
        posts: the units of each post.
        price: what its flaws cost; the posts themselves are not in it.
    """

    posts: tuple[tuple[Unit, ...], ...]
    price: int


def gap_between(previous: Unit, unit: Unit) -> str:
    """Give what parts two units that stand one after the other in a post."""
    return unit.gap if unit.group == previous.group else "\n\n"


def divide(
    candidates: Sequence[Candidate],
    room: Size,
    ellipsis: Size,
    taste: Taste,
) -> Division:
    """Divide units into posts in the best way.

    Args:
        candidates: in reading order; none is larger than the room, ellipses included.
        room: what the text of one post may take.
        ellipsis: what `…` takes, with a space before it.
        taste: what a post costs, and what depends on the coverage.

    Returns:
        The posts. Units that may be left out are in them where that was cheaper.

    Raises:
        ThreadError: some unit fits no post.
    """
    return _Search(candidates, room, ellipsis, taste).best()


class _Search:
    def __init__(
        self, candidates: Sequence[Candidate], room: Size, ellipsis: Size, taste: Taste
    ) -> None:
        self.candidates = candidates
        self.room = room
        self.ellipsis = ellipsis
        self.taste = taste
        self.slack = taste.weigh(Price.SLACK)
        # The same for every post that begins or ends there.
        self.opening_price = cache(self._opening_price)
        self.last_price = cache(self._last_price)

    def best(self) -> Division:
        count = len(self.candidates)
        price: list[int | None] = [0, *[None] * count]
        came_from: list[tuple[int, tuple[int, ...]]] = [(0, ())] * (count + 1)
        for start in range(count):
            here = price[start]
            if here is None:
                continue
            for end, cost, held in self._posts_from(start, here, price):
                known = price[end]
                if known is None or here + cost < known:
                    price[end] = here + cost
                    came_from[end] = (start, held)
        total = price[count]
        if total is None:
            message = "Some part of the text fits no post: the templates leave too little room."
            raise ThreadError(message)
        posts: list[tuple[Unit, ...]] = []
        end = count
        while end:
            end, held = came_from[end]
            if held:
                posts.append(tuple(self.candidates[index].unit for index in held))
        return Division(tuple(reversed(posts)), total - self.taste.post * len(posts))

    def _posts_from(
        self, start: int, here: int, prices: Sequence[int | None]
    ) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Give the posts that begin at a candidate: where the next begins, price, content.

        Left out are those that cannot beat the known price of what is before the next, given the
        one of what is before the candidate.
        """
        partials = [_EMPTY]
        for index in range(start, len(self.candidates)):
            candidate = self.candidates[index]
            grown: list[_Partial] = []
            for partial in partials:
                added = self._add(partial, index)
                if added is not None:
                    grown.append(added)
                if candidate.leave_out is not None:
                    length, size, price, headings, held = partial
                    grown.append((length, size, price + candidate.leave_out, headings, held))
            if len(grown) > _BREADTH:
                grown = sorted(grown, key=itemgetter(2))[:_BREADTH]
            for partial in grown:
                least = here + partial[2] + (self.taste.post if partial[4] else 0)
                known = prices[index + 1]
                if known is not None and least >= known:
                    continue
                cost = self._close(partial, index + 1)
                if cost is not None:
                    yield index + 1, cost, partial[-1]
            if not grown:
                return
            partials = grown

    def _add(self, partial: _Partial, index: int) -> _Partial | None:
        """Put one more unit into a post, or nothing where it does not fit."""
        here = self.candidates[index]
        unit, (length, size) = here.unit, here.size
        taken, taken_size, price, headings, held = partial
        if held:
            before = self.candidates[held[-1]]
            last = before.unit
            gap = len(gap_between(last, unit))
            length += taken + gap
            size += taken_size + gap
            if unit.kind == "heading" and not unit.continues:
                flaws = Price.SECTION_INSIDE if last.kind != "heading" else 0
                flaws += Price.TWO_HEADINGS if headings and last.kind != "heading" else 0
                price += self.taste.weigh(flaws)
            if before.place + 1 < here.place:
                if here.leave_out is Price.NEXT_LEFT_OUT:
                    return None
                price += _price_beside(before, here)
            if unit.lead and last.section != unit.section and last.kind != "heading":
                price += self.taste.weigh(self.taste.paragraph_inside)
        elif here.leave_out is Price.NEXT_LEFT_OUT:
            return None
        else:
            price += self.opening_price(index)
            if unit.continues:
                length += self.ellipsis.length
                size += self.ellipsis.size
        if length > self.room.length or size > self.room.size:
            return None
        headings += unit.kind == "heading"
        return length, size, price, headings, (*held, index)

    def _opening_price(self, index: int) -> int:
        """Price what is torn apart when a post begins with this candidate."""
        if index == 0:
            return 0
        unit, previous = self.candidates[index].unit, self.candidates[index - 1].unit
        if unit.continues:
            return unit.cut_price
        price = 0
        if unit.group == previous.group:
            price += self._list_price(index) if unit.kind == "item" else Price.SENTENCES_PARTED
        if unit.leans and unit.section == previous.section:
            price += Price.LEANING_FIRST
            price += Price.DEMONSTRATIVE_FIRST if unit.demonstrative and unit.heads else 0
        return self.taste.weigh(price)

    def _list_price(self, index: int) -> int:
        """Price a list that is broken before a candidate."""
        unit = self.candidates[index].unit
        is_last = (
            index + 1 == len(self.candidates) or self.candidates[index + 1].unit.group != unit.group
        )
        alone = is_last + (self.candidates[index - 1].unit.rank == 0)
        return Price.LIST_BROKEN + Price.ITEM_ALONE * alone

    def _close(self, partial: _Partial, following: int) -> int | None:
        """Price a post that ends before the candidate `following`; None where it cannot end so."""
        length, size, price, headings, held = partial
        if not held:
            return price
        at_end = held[-1]
        last = self.candidates[at_end].unit
        if following < len(self.candidates) and self.candidates[following].unit.continues:
            length += self.ellipsis.length
            size += self.ellipsis.size
            if length > self.room.length or size > self.room.size:
                return None
        elif last.kind == "heading":
            return price + Price.FORBIDDEN
        price += self.taste.post + self.last_price(at_end)
        if following < len(self.candidates):
            price += Price.INTRO_LAST if last.heads else 0
            if headings and self.candidates[following].unit.section == last.section:
                begun_here = self.candidates[held[0]].unit.section != last.section
                price += self.taste.weigh(Price.SECTION_TORN) if begun_here else 0
        if length < SHORT_POST:
            price += Price.SHORT
        free = 1 - length / self.room.length
        return price + (round(self.slack * free * free) if free > 0 else 0)

    def _last_price(self, index: int) -> int:
        """Price a sentence at the end of a post for what it makes the reader wait for."""
        here = self.candidates[index]
        price = Price.QUESTION_LAST if here.unit.asks else 0
        if here.unit.rank == 0 and index + 1 < len(self.candidates):
            following = self.candidates[index + 1]
            goes_on = following.unit.group == here.unit.group and here.unit.kind == "sentence"
            if goes_on and here.leave_out is Price.NEXT_LEFT_OUT:
                price += Price.PARAGRAPH_BEGUN
            elif goes_on and following.leave_out is None and not following.unit.heads:
                price += Price.FIRST_ALONE
        return self.taste.weigh(price)


def _price_beside(before: Candidate, here: Candidate) -> int:
    """Price what was left out between two units that stand side by side in a post."""
    if before.unit.kind not in {"sentence", "quote"}:
        return 0
    if here.unit.kind in {"sentence", "quote"} and not here.unit.continues:
        # The next point of a series follows the one before, whatever was said about that.
        return 0 if here.unit.counts > 1 else Price.LEFT_OUT_BETWEEN
    astray = here.unit.leans and not here.unit.demonstrative
    return Price.LEANING_ASTRAY if astray else 0
