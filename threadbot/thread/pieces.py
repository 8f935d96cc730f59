"""Cuts a unit that is too long for a post, at the places where it hurts least.

Owns where a unit may be cut and what each cut costs; which of the cuts are used, the division
decides. Never cuts a link, a mention, a number or a grapheme.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from threadbot.thread import bluesky_text
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
        room: what a piece may take at the most.
        yardstick: the network's.

    Returns:
        The pieces in order; together they are the unit. A grapheme that fits no post by itself
        (thousands of combining marks) is left out.
    """
    cuts = _coarse(_cuts(unit), len(unit.text), max(room.length // _FINENESS, 1))
    ends = [_Cut(0, 0, 0), *cuts, _Cut(len(unit.text), len(unit.text), 0)]
    pieces: list[Unit] = []
    for before, after in pairwise(ends):
        for start, end, price in _fitting(unit, before, after.end, room, yardstick):
            pieces.append(_piece(unit, start, end, price, first=not pieces))
    return tuple(pieces)


def _piece(unit: Unit, start: int, end: int, price: int, *, first: bool) -> Unit:
    gap_text = unit.text[:start]
    gap = "\n" if gap_text.endswith("\n") else " " if gap_text[-1:].isspace() else ""
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
        continues=not first or unit.continues,
        cut_price=0 if first else price,
    )


def _clipped(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    return tuple(
        replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
        for span in spans
        if span.start < end and span.end > start
    )


def _cuts(unit: Unit) -> Iterator[_Cut]:
    """Find the places between words, by Unicode's line breaking rules (UAX #14) and French ones."""
    from unicode_segmentation_rs import line_break_units  # noqa: PLC0415 - seldom needed

    text = unit.text
    start = 0
    for word in line_break_units(text):
        start += len(word)
        end = start - len(word) + len(word.rstrip())
        if start >= len(text) or end <= 0 or _inside(unit.spans, end, start):
            continue
        before, after = text[end - 1], text[start]
        parted = end < start or _WIDE & {east_asian_width(before), east_asian_width(after)}
        if not parted or after in NEVER_BEFORE or before in NEVER_AFTER:
            continue
        if before.isdigit() and after.isdigit():
            continue
        yield _Cut(end, start, _price(before))


def _inside(spans: Sequence[Span], end: int, start: int) -> bool:
    return any(span.start < start and end < span.end for span in spans)


def _price(before: str) -> int:
    if before in _SENTENCE_ENDS:
        return Price.CUT_AT_SENTENCE
    return Price.CUT_AT_CLAUSE if before in _CLAUSE_ENDS else Price.CUT_AT_WORD


def _coarse(cuts: Iterator[_Cut], length: int, least: int) -> Iterator[_Cut]:
    """Pass over cuts between words that would make pieces of only a few letters."""
    last = 0
    for found in cuts:
        dear = found.price >= Price.CUT_AT_WORD
        if dear and (found.end - last < least or length - found.start < least):
            continue
        last = found.start
        yield found


def _fitting(
    unit: Unit, before: _Cut, end: int, room: Size, yardstick: Yardstick
) -> Iterator[tuple[int, int, int]]:
    """Give the stretch from a cut to `end`, in graphemes' groups where it is too long itself."""
    start, price = before.start, before.price
    stretch = unit.text[start:end]
    if not stretch:
        return
    if yardstick.measure(stretch).fits(room):
        yield start, end, price
        return
    for group in _groups(unit, start, end, room, yardstick):
        yield *group, price
        price = Price.CUT_AT_GRAPHEME


def _groups(
    unit: Unit, start: int, end: int, room: Size, yardstick: Yardstick
) -> Iterator[tuple[int, int]]:
    """Part a word without end into groups of graphemes; numbers and short links stay whole."""
    least = max(room.length // _FINENESS, 1)
    opened = position = start
    for atom in _atoms(unit, start, end):
        size = yardstick.measure(atom)
        if position > opened and (
            position - opened >= least
            or not yardstick.measure(unit.text[opened : position + len(atom)]).fits(room)
        ):
            yield opened, position
            opened = position
        position += len(atom)
        if not size.fits(room):
            opened = position
    if position > opened:
        yield opened, position


def _atoms(unit: Unit, start: int, end: int) -> Iterator[str]:
    """Give what is never cut: spans, runs of digits, graphemes."""
    position = start
    for span in unit.spans:
        if start <= span.start < end:
            yield from _bare_atoms(unit.text[position : span.start])
            yield unit.text[span.start : min(span.end, end)]
            position = min(span.end, end)
    yield from _bare_atoms(unit.text[position:end])


def _bare_atoms(text: str) -> Iterator[str]:
    for stretch in re.split(r"(\d{1,30})", text):
        if stretch.isdigit():
            yield stretch
        elif stretch:
            yield from bluesky_text.graphemes(stretch)
