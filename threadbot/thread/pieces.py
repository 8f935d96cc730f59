"""Cuts a unit that is too long for a post, at the places where it hurts least.

Owns where a unit may be cut and what each cut costs; which of the cuts are used, the division
decides. Never cuts a link, a mention, a number or a grapheme.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from threadbot.thread import bluesky_text
from threadbot.thread.places import Places
from threadbot.thread.prices import Price

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.thread.measure import Size, Yardstick
    from threadbot.thread.model import Span
    from threadbot.thread.units import Unit

#: A line never begins with these (French typography, and kinsoku for the full-width ones).
NEVER_BEFORE = frozenset(":;?!»)]}…%€.,›”’、。，．！？：；）」』】〉》ー")
#: Nor does one end after these.
NEVER_AFTER = frozenset("«([{‹“„¿¡（「『【〈《")
_CLAUSE_ENDS = frozenset(",;:—–)»”،؛、，；：）」』")
_SENTENCE_ENDS = frozenset(".!?…。！？؟।")
#: Pieces are at least this fraction of the room: finer ones would not make better posts.
_FINENESS = 16
_WIDE = frozenset("WF")
#: Marks that no line begins with stay with the character before, as long as they are few.
_GLUED = 8


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place where a text may be cut.

    Args:
        end: where the piece before it ends, white space left out.
        start: where the piece after it begins.
        price: what using it costs.
    """

    end: int
    start: int
    price: int


def cut(unit: Unit, room: Size, yardstick: Yardstick) -> tuple[Unit, ...]:
    """Cut a unit into pieces that the division may join again or part.

    Args:
        unit: any unit.
        room: what a piece may take at the most. A link whose words take more may be cut too.
        yardstick: the network's.

    Returns:
        The pieces in order; together they are the unit.
    """
    return tuple(_Cutter(unit, room, yardstick).pieces())


class _Cutter:
    def __init__(self, unit: Unit, room: Size, yardstick: Yardstick) -> None:
        self.unit = unit
        self.room = room
        self.measure = yardstick.measure
        self.least = max(room.length // _FINENESS, 1)
        self.whole = tuple(
            span for span in unit.spans if self.measure(unit.text[span.start : span.end]).fits(room)
        )
        self.places = Places(self.whole)

    def pieces(self) -> Iterator[Unit]:
        length = len(self.unit.text)
        cuts = [_Cut(0, 0, 0), *self._coarse(), _Cut(length, length, 0)]
        done = 0
        for before, after in pairwise(cuts):
            for start, end, price in self._fitting(before, after.end):
                yield _piece(self.unit, done, start, end, price)
                done = end

    def _cuts(self) -> Iterator[_Cut]:
        """Find the places between words, by Unicode's line breaking (UAX #14) and French rules."""
        from unicode_segmentation_rs import line_break_units  # noqa: PLC0415 - seldom needed

        text = self.unit.text
        start = 0
        for word in line_break_units(text):
            start += len(word)
            end = start - len(word) + len(word.rstrip())
            if start >= len(text) or end <= 0:
                continue
            before, after = text[end - 1], text[start]
            parted = end < start or _WIDE & {east_asian_width(before), east_asian_width(after)}
            forbidden = after in NEVER_BEFORE or before in NEVER_AFTER
            number = before.isdigit() and after.isdigit()
            inside = self.places.touch(end, start)
            if parted and not (forbidden or number or inside):
                yield _Cut(end, start, _price(before))

    def _coarse(self) -> Iterator[_Cut]:
        """Pass over cuts between words that would make pieces of only a few letters."""
        last = 0
        length = len(self.unit.text)
        for found in self._cuts():
            dear = found.price >= Price.CUT_AT_WORD
            short = found.end - last < self.least or length - found.start < self.least
            if not (dear and short):
                last = found.start
                yield found

    def _fitting(self, before: _Cut, end: int) -> Iterator[tuple[int, int, int]]:
        """Give the stretch from a cut to `end`, in groups of graphemes where it is too long."""
        stretch = self.unit.text[before.start : end]
        if not stretch:
            return
        if self.measure(stretch).fits(self.room):
            yield before.start, end, before.price
            return
        price = before.price
        for start, stop in self._groups(before.start, end):
            yield start, stop, price
            price = Price.CUT_AT_GRAPHEME

    def _groups(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Part a word without end into groups of graphemes."""
        opened = position = start
        for atom in self._atoms(start, end):
            following = position + len(atom)
            full = position - opened >= self.least
            if position > opened and (
                full or not self.measure(self.unit.text[opened:following]).fits(self.room)
            ):
                yield opened, position
                opened = position
            position = following
        if position > opened:
            yield opened, position

    def _atoms(self, start: int, end: int) -> Iterator[str]:
        """Give what is never cut: spans, runs of digits, graphemes with the marks after them."""
        held = ""
        for atom in self._bare_atoms(start, end):
            glued = atom[0] in NEVER_BEFORE or atom.isspace() or held[-1:].isspace()
            if held and not (glued and len(held) < _GLUED):
                yield held
                held = ""
            held += atom
        if held:
            yield held

    def _bare_atoms(self, start: int, end: int) -> Iterator[str]:
        position = start
        for span in _begun_within(self.whole, start, end):
            yield from _graphemes(self.unit.text[position : span.start])
            yield self.unit.text[span.start : min(span.end, end)]
            position = min(span.end, end)
        yield from _graphemes(self.unit.text[position:end])


def _piece(unit: Unit, done: int, start: int, end: int, price: int) -> Unit:
    first = start == 0
    between = unit.text[done:start]
    gap = "\n" if "\n" in between else between and " "
    return replace(
        unit,
        text=unit.text[start:end],
        spans=_clipped(unit.spans, start, end),
        marker=unit.marker if first else "",
        gap=unit.gap if first else gap,
        lead=unit.lead and first,
        leans=unit.leans and first,
        # Only the last piece stands directly before what an intro introduces.
        heads=unit.heads and end == len(unit.text),
        asks=unit.asks and end == len(unit.text),
        continues=not first or unit.continues,
        cut_price=0 if first else price,
    )


def _clipped(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    opened = bisect_right(spans, start, key=_end)
    return tuple(
        replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
        for span in spans[opened : bisect_left(spans, end, key=_start)]
    )


def _begun_within(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    return spans[bisect_left(spans, start, key=_start) : bisect_left(spans, end, key=_start)]


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.end


def _price(before: str) -> int:
    if before in _SENTENCE_ENDS:
        return Price.CUT_AT_SENTENCE
    return Price.CUT_AT_CLAUSE if before in _CLAUSE_ENDS else Price.CUT_AT_WORD


def _graphemes(text: str) -> Iterator[str]:
    for stretch in re.split(r"(\d{1,30})", text):
        if stretch.isdigit():
            yield stretch
        elif stretch:
            yield from bluesky_text.graphemes(stretch)
