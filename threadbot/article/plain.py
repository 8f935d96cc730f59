"""Plain text: where the title, the byline, the headings, the lists and the paragraphs are.

Owns the rules that look at lines together; the rules for one line are in `plain_lines`, those
for joining lines in `plain_pieces`, those for lists in `plain_lists`. Never guesses at words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from threadbot.article.byline import read_byline
from threadbot.article.model import Block, Heading, Known, Paragraph, Quote
from threadbot.article.plain_lines import LEADS_ON, Line, is_heading_like, read_line
from threadbot.article.plain_lists import build_lists, is_dialogue
from threadbot.article.plain_pieces import Piece, Wrapping, pieces_of
from threadbot.article.reading import Reading
from threadbot.article.scripts import FULL_STOPS, LOUD_STOPS, columns, join_lines
from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A first line that is longer than this is a paragraph and no title.
_LONGEST_TITLE = 250
_MOST_LINES_OF_A_TITLE = 3
_MOST_LINES_OF_A_BYLINE = 4
#: Lines that are all shorter than this were broken by their author: verses, an address.
_SHORT = 70
#: From so many lines in a row on, only the last may be a heading.
_RUN = 3
_SECTION = 2
_STOPS = (*FULL_STOPS, *LOUD_STOPS, "…")


def read_plain(text: str, title: str | None = None) -> Reading:
    """Read a plain text.

    Args:
        text: decoded and clean.
        title: the title where it is known already; a first line that stands as a title is
            taken away all the same.

    Returns:
        What the text says of itself, and its blocks.

    Raises:
        SourceError: there is no line that could be the title.
    """
    groups = _groups(text)
    wrapping = Wrapping.of(groups)
    found = _leading_byline(groups)
    own_title = _take_title(groups, wrapping, title)
    if own_title is not None:
        found["title"] = own_title
    found = found | _take_byline(groups)
    pieces = [
        piece for number, group in enumerate(groups) for piece in pieces_of(group, number, wrapping)
    ]
    return Reading(found, tuple(_blocks(pieces)))


def _groups(text: str) -> list[list[Line]]:
    """Part the lines where blank ones or rules stand."""
    groups: list[list[Line]] = [[]]
    for raw in text.split("\n"):
        line = read_line(raw)
        if line is None or line.is_rule:
            groups.append([])
        else:
            groups[-1].append(line)
    return [group for group in groups if group]


def _leading_byline(groups: list[list[Line]]) -> Known:
    """Take a dated byline from above the title, where some sites print it."""
    for group in groups[:1]:
        found = read_byline(group[0].written)
        if found and found.keys() & {"published", "handle"} and (len(group) > 1 or len(groups) > 1):
            _drop(groups, 1)
            return found
    return {}


def _take_title(groups: list[list[Line]], wrapping: Wrapping, known: str | None) -> str | None:
    """Take the first line, with those that it was wrapped over."""
    first = groups[0][0] if groups else None
    if first is None or first.marker is not None or len(first.text) > _LONGEST_TITLE:
        if known is not None:
            return None
        message = (
            "it has no title; write the title alone on the first line, "
            f"in at most {_LONGEST_TITLE} characters"
        )
        raise SourceError(message)
    count = _lines_of_title(groups[0], wrapping)
    title = join_lines(line.text for line in groups[0][:count])
    if known not in {None, title} and not is_heading_like(title):
        return None
    _drop(groups, count)
    return title


def _lines_of_title(group: Sequence[Line], wrapping: Wrapping) -> int:
    """Count the lines that the title goes over: a whole group of two or three short ones."""
    near = group[1 : _MOST_LINES_OF_A_TITLE + 1]
    count = next((i for i, line in enumerate(near, 1) if read_byline(line.written)), len(group))
    lines = group[:count]
    if (
        not 1 < count <= _MOST_LINES_OF_A_TITLE
        or sum(line.width for line in lines) > _LONGEST_TITLE
    ):
        return 1
    for one, next_one in pairwise(lines):
        goes_on = next_one.text[:1].islower() or LEADS_ON.search(one.text)
        if (
            next_one.marker
            or one.level
            or next_one.level
            or not (goes_on or wrapping.is_full(one, next_one))
        ):
            return 1
    return 1 if lines[-1].text.endswith(FULL_STOPS) else count


def _take_byline(groups: list[list[Line]]) -> Known:
    """Take the byline under the title, or under a standfirst that stands between."""
    found: Known = {}
    for _ in range(_MOST_LINES_OF_A_BYLINE):
        line = read_byline(groups[0][0].written) if groups else None
        if line is None:
            break
        found = line | found
        _drop(groups, 1)
    if not found and len(groups) > _SECTION and len(groups[1]) == 1:
        found = read_byline(groups[1][0].written) or {}
        if found:
            del groups[1]
    return found


def _drop(groups: list[list[Line]], count: int) -> None:
    """Take lines away from the top."""
    del groups[0][:count]
    if not groups[0]:
        del groups[0]


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph of the plain text that may turn out to be a heading."""

    text: str
    may_head: bool


def _blocks(pieces: Sequence[Piece]) -> Iterator[Block]:
    """Make blocks, and decide which of the possible headings are some."""
    parts = list(_parts(pieces))
    run_start = 0
    for at, part in enumerate(parts):
        if not isinstance(part, _Text):
            yield part
            run_start = at + 1
        elif not part.may_head:
            yield Paragraph(part.text)
            run_start = at + 1
        else:
            run_end = _run_end(parts, at)
            is_last = at + 1 == run_end
            heads = run_end < len(parts) if is_last else run_end - run_start < _RUN
            yield Heading(_SECTION, part.text) if heads else Paragraph(part.text)


def _run_end(parts: Sequence[Block | _Text], at: int) -> int:
    """Find where a run of possible headings ends, looking no further than decides."""
    end = at
    while end < len(parts) and end - at < _RUN:
        part = parts[end]
        if not (isinstance(part, _Text) and part.may_head):
            break
        end += 1
    return end


def _parts(pieces: Sequence[Piece]) -> Iterator[Block | _Text]:
    """Gather pieces: the items of a list, the lines of a verse, single paragraphs."""
    broken = _has_blank_lines(pieces)
    at = 0
    while at < len(pieces):
        first = pieces[at]
        end = at + 1
        while end < len(pieces) and _belong(first, pieces[end]):
            end += 1
        together = pieces[at:end]
        at = end
        if first.level:
            yield Heading(first.level, first.text)
        elif first.marker is not None:
            following = pieces[end] if end < len(pieces) else None
            yield from _items(together, following)
        elif first.is_quote:
            yield Quote("\n".join(piece.text for piece in together))
        elif broken and _is_verse(together):
            yield Paragraph("\n".join(piece.text for piece in together))
        else:
            yield from _paragraphs(together, broken=broken)


def _belong(first: Piece, other: Piece) -> bool:
    """Tell whether two pieces are of one kind and stand together."""
    if first.level or other.level:
        return False
    if first.marker is not None:
        return other.marker is not None or other.continues_item
    if other.marker is not None or first.is_quote != other.is_quote:
        return False
    return first.group == other.group


def _has_blank_lines(pieces: Sequence[Piece]) -> bool:
    """Tell whether blank lines part the paragraphs of this text."""
    groups = {piece.group for piece in pieces if piece.marker is None}
    long = Counter(piece.group for piece in pieces if columns(piece.text) > _SHORT)
    packed = sum(1 for count in long.values() if count > 1)
    return len(groups) > 1 and packed * _RUN < len(groups)


def _is_verse(pieces: Sequence[Piece]) -> bool:
    """Tell lines that their author broke from a heading that stands on its paragraph."""
    if len(pieces) == 1 or any(columns(piece.text) > _SHORT for piece in pieces):
        return False
    heads = is_heading_like(pieces[0].text)
    return not (heads and all(piece.text.endswith(_STOPS) for piece in pieces[1:]))


def _paragraphs(pieces: Sequence[Piece], *, broken: bool) -> Iterator[_Text]:
    """Give each piece by itself; between blank lines only the first of a group may head."""
    for number, piece in enumerate(pieces):
        may_head = (number == 0 or not broken) and is_heading_like(piece.text)
        yield _Text(piece.text, may_head)


def _items(pieces: Sequence[Piece], following: Piece | None) -> Iterator[Block | _Text]:
    """Make lists of items, unless they are lines of a dialogue or a numbered heading."""
    if is_dialogue(pieces):
        for piece in pieces:
            yield Paragraph(piece.written)
        return
    alone = pieces[0] if len(pieces) == 1 else None
    numbered = alone is not None and alone.marker is not None and alone.marker.ordered
    if alone and numbered and following and is_heading_like(alone.text):
        yield _Text(alone.written, may_head=True)
    else:
        yield from build_lists(pieces)
