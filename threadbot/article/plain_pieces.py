"""Pieces of a plain text: lines that belong together, put on one line again.

Owns the telling of a line break that an editor's window made from one that the author meant;
never decides what a piece is, but for its bullet or quotation mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from threadbot.article.plain_lines import LEADS_ON, Line, Marker, is_heading_like
from threadbot.article.scripts import FULL_STOPS, LOUD_STOPS, columns, first_word, join_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Mail and editors wrap below this many columns; a longer line was not wrapped.
_WIDEST = 100
_NARROWEST = 40
#: A wrapped line ends where the next word would not have fitted; some editors stop earlier,
#: at this share of the columns.
_FULL = 0.85
#: So many breaks of a text are made by wrapping before all of them are taken for that.
_MOSTLY = 0.6
#: So many of them are full to the last column where an editor stops nowhere earlier.
_NEARLY_ALL = 0.95
_FEWEST_BREAKS = 3
_ENDS = (*FULL_STOPS, *LOUD_STOPS, "…", "»", "”", '"', "」", "』", ":", ";", "：", "；")
_QUOTED = ">"
# Words of French and English that have a capital at the start of a sentence alone.
_OPENS_SENTENCE = re.compile(
    r"(?:[LCJDS]|Qu)['’]|(?:"
    r"Le|La|Les|Un|Une|Des|Du|Au|Aux|Ce|Cet|Cette|Ces|Il|Elle|Ils|Elles|On|Nous|Vous|Je"
    r"|Et|Mais|Or|Car|Si|Quand|Comme|Lorsque|Puisque|Pour|Par|Avec|Sans|Dans|En|De|À|Sur|Sous|Chez"
    r"|Depuis|Pendant|Après|Avant|Selon|Entre|Contre|Malgré|Son|Sa|Ses|Leur|Leurs|Notre|Nos|Votre|Vos"
    r"|Tout|Toute|Tous|Toutes|Chaque|Plusieurs|Certains|Certaines|Aucun|Aucune|Ainsi|Alors|Qui|Que"
    r"|The|A|An|This|That|These|Those|It|They|We|You|He|She|I|And|But|If|When|While|As|Because|For|By"
    r"|With|Without|In|On|At|From|To|After|Before|Since|During|Under|Over|Between|Against|There|Here"
    r"|Some|Many|Most|Each|Every|All|Both|No|Not|Now|Then|His|Her|Its|Our|Their|My|Your|What|Who"
    r")\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line as its author thought of it.

    Args:
        text: without bullet or number.
        group: which group of lines between blank ones it stands in.
        indent: columns before it.
        marker: its bullet or number.
        continues_item: a further paragraph of the item before it.
        is_quote: quoted the way that mail does it.
        level: 1 to 6 for a heading that is marked as such, else 0.
    """

    text: str
    group: int
    indent: int
    marker: Marker | None = None
    continues_item: bool = False
    is_quote: bool = False
    level: int = 0

    @property
    def written(self) -> str:
        """The text with its marker."""
        return f"{self.marker.sign} {self.text}" if self.marker else self.text


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How wide the window was that a text was written in.

    Args:
        columns: its width; 0 where lines were not wrapped.
        share: of the columns, which a word has to go beyond to be put on the next line.
        packed: whether most paragraphs end without a blank line.
    """

    columns: int = 0
    share: float = _FULL
    packed: bool = False

    @classmethod
    def of(cls, groups: Sequence[Sequence[Line]]) -> Wrapping:
        """Measure the text: wrapped if most lines are as full as the next word lets them be."""
        columns = max((line.width for group in groups for line in group), default=0)
        if not _NARROWEST <= columns <= _WIDEST:
            return cls()
        breaks = [
            (one, next_one)
            for group in groups
            for one, next_one in pairwise(group)
            if next_one.marker is None
        ]
        # A small letter is what a sentence goes on with: those breaks tell the most.
        telling = [pair for pair in breaks if pair[1].text[:1].islower()]
        wrapping = cls(columns, 1)
        if len(telling) < _FEWEST_BREAKS or wrapping.fills(telling) < _NEARLY_ALL:
            wrapping = cls(columns)
            telling = telling if len(telling) >= _FEWEST_BREAKS else breaks
            if len(telling) < _FEWEST_BREAKS or wrapping.fills(telling) < _MOSTLY:
                return cls()
        meant = round((1 - wrapping.fills(breaks)) * len(breaks))
        return replace(wrapping, packed=meant >= len(groups))

    def fills(self, breaks: Sequence[tuple[Line, Line]]) -> float:
        """Give the share of breaks that the window made."""
        return sum(self.is_full(one, next_one) for one, next_one in breaks) / len(breaks)

    def is_full(self, line: Line, following: Line) -> bool:
        """Tell whether the first word of the next line would not have fitted on this one."""
        word = first_word(following.text)
        return line.width + 1 + columns(word) > self.columns * self.share > 0


def pieces_of(group: Sequence[Line], number: int, wrapping: Wrapping) -> Iterator[Piece]:
    """Join the lines of a group.

    Args:
        group: lines with no blank one between them.
        number: the group's number in the text.
        wrapping: how the text was wrapped.
    """
    if all(line.text.startswith(_QUOTED) for line in group):
        yield from _quotation(group, number)
        return
    start = 0
    for at in range(1, len(group) + 1):
        if at == len(group) or not _continues(group, start, at, wrapping):
            yield _piece(group[start:at], number, is_first=start == 0)
            start = at


def _piece(lines: Sequence[Line], group: int, *, is_first: bool) -> Piece:
    first = lines[0]
    text = join_lines([first.text, *(line.written for line in lines[1:])])
    apart = first.marker is not None or first.level > 0
    inside = is_first and group > 0 and not apart and first.indent > 1
    return Piece(text, group, first.indent, first.marker, continues_item=inside, level=first.level)


def _quotation(group: Sequence[Line], number: int) -> Iterator[Piece]:
    """Take the marks off; the lines of one paragraph are one piece."""
    text = join_lines(line.text.lstrip("> ") for line in group).strip()
    if text:
        yield Piece(text, number, group[0].indent, is_quote=True)


def _continues(group: Sequence[Line], start: int, at: int, wrapping: Wrapping) -> bool:
    """Tell whether a line goes on with the piece that began at `start`."""
    first, before, line = group[start], group[at - 1], group[at]
    if first.level or line.level:
        return False
    if line.marker is not None:
        return _is_no_item(first, before, line, wrapping)
    small = line.text[:1].islower()
    if first.marker is not None:
        if line.indent > first.indent or (small and not _ends(before)):
            return True
        if line.indent < first.indent:
            return False
    heads = wrapping.packed and at - start == 1 and first.marker is None and _heads(before, line)
    if heads or not wrapping.is_full(before, line):
        return False
    following = group[at + 1] if at + 1 < len(group) else None
    stands_alone = following is not None and not wrapping.is_full(line, following)
    return not (stands_alone and _ends(before) and is_heading_like(line.text))


def _heads(line: Line, following: Line) -> bool:
    """Tell a heading that by chance fills its line from the first line of a paragraph.

    It is a question or a call, or what follows begins as only a sentence does: with a word that
    gets no capital within one.
    """
    if not is_heading_like(line.text) or following.text[:1].islower() or LEADS_ON.search(line.text):
        return False
    return line.text.endswith(LOUD_STOPS) or _OPENS_SENTENCE.match(following.text) is not None


def _is_no_item(first: Line, before: Line, line: Line, wrapping: Wrapping) -> bool:
    """Tell a dash or a number that wrapping brought to the start of a line from an item's."""
    mid_sentence = not _ends(before) and wrapping.is_full(before, line)
    return first.marker is None and mid_sentence and line.indent <= first.indent


def _ends(line: Line) -> bool:
    return line.text.endswith(_ENDS)
