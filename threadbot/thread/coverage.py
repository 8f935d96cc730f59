"""Which units a thread holds.

Owns the choice that `digest` and `full` make, and what stays under a cap on posts. It only says
what may be left out and at which price; the division then takes what is cheapest.
"""

from __future__ import annotations

from itertools import chain, groupby, takewhile
from typing import TYPE_CHECKING

from threadbot.thread.prices import Price

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from threadbot.thread.settings import Coverage
    from threadbot.thread.split import Division
    from threadbot.thread.units import Unit

#: How many units at the edge of what fits under a cap are tried one by one.
_TRIES = 64
#: A point of a series that is wider, in columns of a terminal, says something by itself.
_LONGEST_LABEL = 48


def choose(
    units: Sequence[Unit], coverage: Coverage, opening: frozenset[int], closing: frozenset[int]
) -> dict[int, int | None]:
    """Choose the units of a thread's body.

    Args:
        units: all of the article's, in order.
        coverage: `digest` keeps headings, intros, items and the lead sentence of a section that
            has no list; `full` keeps all.
        opening: positions of those that the opening has.
        closing: positions of those that the closing has.

    Returns:
        Positions of the chosen units in order, with the price of leaving each out, or None where
        it must stay.
    """
    chosen: dict[int, int | None] = {}
    for _, section in groupby(range(len(units)), key=lambda index: units[index].section):
        places = list(section)
        if coverage == "full":
            chosen |= dict.fromkeys(places)
        else:
            # What stands in the opening speaks for its section already.
            chosen |= _digest(units, places, spoken_for=not opening.isdisjoint(places))
    left = {
        index: price
        for index, price in chosen.items()
        if index not in opening and index not in closing
    }
    return closed(units, left)


def _digest(
    units: Sequence[Unit], section: Sequence[int], *, spoken_for: bool
) -> dict[int, int | None]:
    has_list = any(units[index].kind == "item" for index in section)
    lead = _lead_beside_list(units, section) if has_list else None
    chosen: dict[int, int | None] = {}
    for index in section:
        unit = units[index]
        following = units[index + 1] if index + 1 < len(units) else None
        if unit.kind in {"heading", "intro", "item"}:
            chosen[index] = None
        elif index == lead:
            answers = unit.lead and index > 0 and units[index - 1].asks
            chosen[index] = Price.ANSWER_LEFT_OUT if answers else Price.LEAD_LEFT_OUT
        elif unit.lead and not has_list and not spoken_for:
            chosen[index] = None
        if following and following.kind == "intro" and unit.kind in {"sentence", "quote"}:
            if following.leans:
                chosen[index] = Price.ANTECEDENT_LEFT_OUT
            if _needs(following) and unit.kind == "sentence":
                chosen[index] = None
    return chosen if has_list else _with_fillers(units, section, chosen)


def _with_fillers(
    units: Sequence[Unit], section: Sequence[int], chosen: dict[int, int | None]
) -> dict[int, int | None]:
    """Add what a section without a list says beyond its lead: its points, and what fills posts."""
    lead = next((index for index in chosen if units[index].lead), None)
    points = [] if lead is None else _points(units, section)
    # What the opening says already makes no point again.
    chosen |= dict.fromkeys(points)
    starts = [index for index in (lead, *points) if index is not None]
    for start in sorted(starts, reverse=True):
        chosen = _fillers(units, section, start) | chosen
    for point in points:
        if point + 1 in chosen and _is_label(units[point], units[point + 1]):
            chosen[point + 1] = Price.POINT_BARE
    return dict(sorted(chosen.items()))


def _lead_beside_list(units: Sequence[Unit], section: Sequence[int]) -> int | None:
    """Find the sentence that says what a section's first list is about.

    It is the first one of the intro's own paragraph; that of an earlier paragraph would stand
    right above an intro that goes on from another thought.
    """
    for index in section:
        unit = units[index]
        own = index - unit.rank
        if unit.kind == "intro" and unit.rank and not (units[own].leans or units[own].aside):
            return own
        if unit.kind in {"intro", "item"}:
            break
    return next((index for index in section if units[index].lead), None)


def _points(units: Sequence[Unit], section: Sequence[int]) -> list[int]:
    """Find the sentences that open the points of a series: from the first at least to a second."""
    points: list[int] = []
    for index in section:
        if units[index].counts == len(points) + 1:
            points.append(index)
    return points if len(points) > 1 else []


def _is_label(point: Unit, following: Unit) -> bool:
    """Tell whether a point of a series only names what the next sentence is about."""
    return following.group == point.group and point.columns <= _LONGEST_LABEL


def _fillers(units: Sequence[Unit], section: Sequence[int], start: int) -> dict[int, int | None]:
    """Offer what follows a sentence of a section without a list, as far as it goes on unbroken."""
    rest = takewhile(
        lambda index: units[index].kind == "sentence" and not units[index].aside,
        (index for index in section if index > start),
    )
    return dict.fromkeys(rest, Price.NEXT_LEFT_OUT)


def _needs(unit: Unit) -> bool:
    """Tell whether an intro says nothing without the sentence before it.

    "Its rules are three:" does not; "These rules are three:" may stand under a heading.
    """
    return unit.kind == "intro" and unit.leans and not unit.demonstrative


def closed(units: Sequence[Unit], chosen: Mapping[int, int | None]) -> dict[int, int | None]:
    """Take out headings and intros under which nothing is left.

    Args:
        units: all of the article's.
        chosen: positions of chosen ones.

    Returns:
        What of them has something to head, in order.
    """
    lists = {units[index].group for index in chosen if units[index].kind == "item"}
    sections: set[int] = set()
    kept: dict[int, int | None] = {}
    for index in sorted(chosen, reverse=True):
        unit = units[index]
        # The list of an intro is the block right after its paragraph.
        if unit.kind == "intro" and unit.group + 1 not in lists:
            continue
        if unit.kind == "heading" and unit.section not in sections:
            # A heading right above another one heads that one's section.
            heads_heading = index + 1 < len(units) and units[index + 1].kind == "heading"
            if not (heads_heading and unit.section + 1 in sections):
                continue
        sections.add(unit.section)
        kept[index] = chosen[index]
    return dict(sorted(kept.items()))


def within(
    units: Sequence[Unit],
    chosen: Mapping[int, int | None],
    most: int,
    divide: Callable[[Mapping[int, int | None]], Division],
) -> dict[int, int | None]:
    """Leave out what a cap on posts has no room for; what stays is the most that fits.

    Args:
        units: all of the article's.
        chosen: positions of the ones that the coverage chose.
        most: the most posts that there may be.
        divide: gives the best division of a choice that has no more posts than that, if any.

    Returns:
        The units that matter most and fit together. One that would fit is left out only where it
        costs more in flaws (two headings in one post, a list broken) than it is worth.
    """
    parcels = _parcels(units, chosen)
    least, greatest = 0, len(parcels)
    while least < greatest:
        middle = (least + greatest + 1) // 2
        if len(divide(_with(units, chosen, chain(*parcels[:middle]))).posts) <= most:
            least = middle
        else:
            greatest = middle - 1
    # One by one is slow, so what surely fits is taken at once where there is much of it.
    sure = max(least - _TRIES, 0)
    kept = list(chain(*parcels[:sure]))
    price = divide(_with(units, chosen, kept)).price
    edge = parcels[sure : least + _TRIES]
    # Whole lists first; what is left of the room is for the beginnings of others.
    tries = [*edge, *(parcel[:count] for parcel in edge for count in _shorter(parcel))]
    for parcel in tries:
        if not set(parcel).isdisjoint(kept):
            continue
        tried = divide(_with(units, chosen, [*kept, *parcel]))
        worth = sum(units[index].salience for index in parcel)
        if len(tried.posts) <= most and tried.price - price <= Price.LEFT_OUT_UNDER_CAP * worth:
            kept += parcel
            price = tried.price
    return _with(units, chosen, kept)


def _shorter(parcel: Sequence[int]) -> Iterator[int]:
    """Give lengths to try of a list that does not fit whole, down to two items."""
    count = len(parcel)
    while (count := count - max(count // 8, 1)) > 1:
        yield count


def _parcels(units: Sequence[Unit], chosen: Mapping[int, int | None]) -> list[tuple[int, ...]]:
    """Rank what is kept together: a list, or a sentence.

    What must stay comes before what may go, then the more salient; of equal ones, each section's
    first before any section's second.
    """
    content = [index for index in chosen if units[index].kind not in {"heading", "intro"}]
    parcels = [
        tuple(members)
        for _, members in groupby(
            content,
            key=lambda index: (
                units[index].group,
                units[index].kind == "item" or units[index].rank,
            ),
        )
    ]
    return sorted(
        parcels,
        key=lambda parcel: (
            chosen[parcel[0]] is not None,
            -units[parcel[0]].salience,
            0 if units[parcel[0]].kind == "item" else units[parcel[0]].rank,
            parcel[0],
        ),
    )


def _with(
    units: Sequence[Unit], chosen: Mapping[int, int | None], kept: Iterable[int]
) -> dict[int, int | None]:
    heads = [index for index in chosen if units[index].kind in {"heading", "intro"}]
    return closed(units, dict.fromkeys(sorted([*heads, *kept])))
