"""The body of a thread: from the chosen units to finished posts.

Owns the room that the template leaves, the width of the numbering, the cutting of what is too long
and the cap on posts. Which units are wanted is `coverage`'s, where posts end is `split`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from threadbot.errors import TemplateError, ThreadError
from threadbot.thread.chunk import join
from threadbot.thread.coverage import within
from threadbot.thread.inert import Words
from threadbot.thread.measure import ELLIPSIS, Size
from threadbot.thread.model import Span
from threadbot.thread.pieces import cut
from threadbot.thread.prices import DIGEST, FEWEST, FULL, Taste
from threadbot.thread.split import Candidate, Division, divide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from threadbot.thread.assignment import Assignment
    from threadbot.thread.units import Unit

#: A heading, with those right above it, that takes more of a post than this is no heading.
_HEADING_SHARE = 0.6
#: A template must leave at least this much of a post to the text.
_LEAST_ROOM = 60
#: The estimate of a post's size adds up its units; where that fails the room is narrowed.
_NARROWINGS = 8
_PROBE = "threadbot"
#: A thread of a million posts would be one too many.
_MOST_DIGITS = 7

Posts = tuple[tuple["Unit", ...], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The body's posts.

    Args:
        units: the units of each, in order; pieces where one was cut.
        texts: the finished text of each.
    """

    units: Posts = ()
    texts: tuple[Words, ...] = ()


def body(
    assignment: Assignment, chosen: Mapping[int, int | None], others: int, most: int | None
) -> Body:
    """Make the posts of a body.

    Args:
        assignment: what is composed.
        chosen: positions of units, with the price of leaving each out.
        others: how many posts stand around the body.
        most: the most posts that the body may have, or None.

    Raises:
        TemplateError: the template leaves no room for text.
    """
    # What was measured for numbers of one width is the same for those of another.
    measure = cache(assignment.yardstick.measure)
    fewest = _fewest(assignment, chosen, measure)
    digits = len(str((fewest if most is None else min(fewest, most)) + others))
    while digits < _MOST_DIGITS:
        made = _Maker(assignment, others, "8" * digits, measure).make(chosen, most)
        if isinstance(made, Body):
            return made
        digits = made
    message = f"An article of more than {'9' * _MOST_DIGITS} posts is none."
    raise ThreadError(message)


def _fewest(
    assignment: Assignment, chosen: Mapping[int, int | None], measure: Callable[[str], Size]
) -> int:
    """Tell how many posts there are at least: what must stay, in posts filled to the brim."""
    must = (assignment.units[index] for index, leave_out in chosen.items() if leave_out is None)
    return (
        sum(measure(unit.marked_text).length for unit in must) // assignment.yardstick.room.length
    )


class _Maker:
    """Makes a body under the supposition that numbers have a certain width."""

    def __init__(
        self, assignment: Assignment, others: int, widest: str, measure: Callable[[str], Size]
    ) -> None:
        self.assignment = assignment
        self.others = others
        self.digits = len(widest)
        self.measure = measure
        self.ellipsis = self.measure(f" {ELLIPSIS}")
        self.room = self._room(widest)
        self.taste = FULL if assignment.style.coverage == "full" else DIGEST

    def make(self, chosen: Mapping[int, int | None], most: int | None) -> Body | int:
        """Make the posts, or give the width of their numbers where it is more than supposed."""
        for _ in range(_NARROWINGS):
            posts = self._posts(chosen, most)
            digits = len(str(len(posts) + self.others))
            if digits > self.digits and self.assignment.numbered:
                return digits
            made = Body(posts, self._texts(posts))
            over = self._overflow(made)
            if over.fits(Size(0, 0)):
                return made
            self.room = self.room.less(Size(max(over.length, 1), max(over.size, 1)))
        raise self._no_room(0)

    def _overflow(self, made: Body) -> Size:
        """Tell by how much the largest post is too large."""
        room = self.assignment.yardstick.room
        over = [self.measure(words.text).less(room) for words in made.texts]
        return Size(
            max((size.length for size in over), default=0),
            max((size.size for size in over), default=0),
        )

    def _posts(self, chosen: Mapping[int, int | None], most: int | None) -> Posts:
        if most is None:
            return self._divide(chosen, self.taste).posts
        found = self._divide_within(chosen, most)
        if len(found.posts) > most:
            units = self.assignment.units
            kept = within(units, chosen, most, lambda some: self._divide_within(some, most))
            found = self._divide_within(kept, most)
        return found.posts

    def _divide_within(self, chosen: Mapping[int, int | None], most: int) -> Division:
        """Divide with the fewest flaws that so many posts allow."""
        for taste in (DIGEST, FULL, FEWEST):
            found = self._divide(chosen, taste)
            if len(found.posts) <= most:
                break
        return found

    def _room(self, widest: str) -> Size:
        rendered = self._render(Words(_PROBE), f"{widest}/{widest}", int(widest), int(widest))
        taken = self.measure(rendered.text).less(self.measure(_PROBE))
        room = self.assignment.yardstick.room.less(taken)
        if room.length < _LEAST_ROOM:
            raise self._no_room(max(room.length, 0))
        return room

    def _no_room(self, left: int) -> TemplateError:
        name = self.assignment.renderer.name_of("body")
        limit = self.assignment.yardstick.room.length
        return TemplateError(
            f"{name}:1: leaves room for {left} of {limit} characters of text. Shorten the template."
        )

    def _render(self, text: Words, numbering: str, number: int, total: int) -> Words:
        numbered = self.assignment.numbered
        return self.assignment.renderer.render(
            "body",
            text=text,
            numbering=_numbering(numbering) if numbered else "",
            number=number,
            total=total,
        )

    def _texts(self, posts: Posts) -> tuple[Words, ...]:
        total = len(posts) + self.others
        texts: list[Words] = []
        for place, units in enumerate(posts):
            goes_on = place + 1 < len(posts) and posts[place + 1][0].continues
            words = join(units, goes_on=goes_on)
            # The opening is the thread's first post.
            number = place + 2
            texts.append(self._render(words, f"{number}/{total}", number, total))
        return tuple(texts)

    def _divide(self, chosen: Mapping[int, int | None], taste: Taste) -> Division:
        return divide(list(self._candidates(chosen)), self.room, self.ellipsis, taste)

    def _candidates(self, chosen: Mapping[int, int | None]) -> Iterator[Candidate]:
        """Give the chosen units, cut where one does not fit under what heads it."""
        above = Size(0, 0)
        for index, leave_out in chosen.items():
            unit = self.assignment.units[index]
            size = self._size(unit)
            whole = Size(above.length + size.length, above.size + size.size)
            if unit.kind == "heading" and whole.length > self.room.length * _HEADING_SHARE:
                unit = replace(unit, kind="sentence", heads=False)
            if whole.fits(self.room):
                yield Candidate(unit, index, size, leave_out)
            elif leave_out is None:
                yield from self._pieces(unit, index, above)
            if leave_out is None:
                heads = unit.kind in {"heading", "intro"} and whole.fits(self.room)
                above = Size(whole.length + 2, whole.size + 2) if heads else Size(0, 0)

    def _pieces(self, unit: Unit, index: int, above: Size) -> Iterator[Candidate]:
        # Headings never take more than their share; an intro that does is better left behind.
        share = 1 - _HEADING_SHARE
        least = Size(int(self.room.length * share), int(self.room.size * share))
        beside = self.room.less(above)
        room = Size(
            max(beside.length, least.length) - 2 * self.ellipsis.length,
            max(beside.size, least.size) - 2 * self.ellipsis.size,
        )
        for piece in cut(unit, room, self.assignment.yardstick):
            yield Candidate(piece, index, self._size(piece))

    def _size(self, unit: Unit) -> Size:
        return self.measure(unit.marked_text)


def _numbering(words: str) -> Words:
    return Words(words, (Span(0, len(words), "numbering", words),))
