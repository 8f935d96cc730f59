"""What stands around a thread's body: the opening's hook, the closing's last words and hashtags.

Owns which of an article's words they take; how they look is the templates'.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from threadbot.thread.x_letters import LETTERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from threadbot.article.model import Article
    from threadbot.thread.settings import Coverage
    from threadbot.thread.units import Unit

#: Shorter words (articles, prepositions) say nothing about what a sentence is about.
_TELLING_WORD = 4
#: A sentence of whose telling words the title has this share says little new below it.
_REPEATING = 1 / 3
#: A narrower sentence, in columns of a terminal, leaves the closing half empty.
_NARROW = 90
#: The opening has the title as well; below a wider hook no second sentence is missed.
_NARROW_HOOK = 120
#: No opening has room for more sentences than this beside its title.
_MOST_SENTENCES = 8
#: A sentence of fewer words is not taken for repeated.
_SAYING = 2
#: Python takes the vowel signs of Indic scripts for no letters; X's table has them.
_LETTERS = re.compile(rf"(?:[^\W_]+|[{LETTERS}]+)+")
#: What Japanese and Chinese words are made of; hiragana, which join them, tell nothing.
_IDEOGRAPHS = re.compile(r"[\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_PAIRED_MARKS = ("“”", "„“", "«»", "「」", "『』", "()")


@dataclass(frozen=True, slots=True)
class Hook:
    """What may follow the title in the opening.

    Args:
        repeats: positions of the units that it repeats; none for the article's description.
        says: positions of the units that it says already, and that the body leaves out.
    """

    repeats: tuple[int, ...]
    says: frozenset[int]


def hooks(article: Article, units: Sequence[Unit], coverage: Coverage) -> Iterator[Hook]:
    """Give what may follow the title in the opening, the best first.

    Args:
        article: its description comes first.
        units: the article's.
        coverage: in `full` the words of the article stay in order, so only its first sentences
            may move up: as many of the first paragraph as fit. In `digest` the first sentence is
            the best, as its author chose it, unless the title says it already.

    Returns:
        Hooks. The last resort, none at all, is left to the caller.
    """
    first = _first_paragraph(units)
    if article.description and _plain(article.description) != _plain(article.title):
        said = frozenset(
            index for index in first if _says(article.description, units[index].text, coverage)
        )
        ahead = said == frozenset(range(len(said)))
        if coverage == "digest" or ahead:
            yield Hook((), said)
    if coverage == "full":
        most = min(len(first), _MOST_SENTENCES)
        yield from (_repeating(*first[:count]) for count in range(most, 0, -1))
        return
    yield from _from_paragraph(article.title, units, first)


def _from_paragraph(title: str, units: Sequence[Unit], first: Sequence[int]) -> Iterator[Hook]:
    """Give the sentences of the first paragraph that say most beside the title, the best first.

    The first one stands below the title in the article as well, so it may lean on it. A narrow
    one brings along the next.
    """
    said = _telling_words(title)
    words = {index: _telling_words(units[index].text) for index in first}
    repeats = {at for at in first if len(words[at] & said) >= max(_REPEATING * len(words[at]), 1)}
    standing = [index for index in first if index == first[0] or not units[index].leans]
    best = standing[:1] if repeats.isdisjoint(standing[:1]) else []
    others = sorted(standing, key=lambda index: len(said & words[index]))
    for index in dict.fromkeys((*best, *others)):
        following = index + 1
        goes_on = following in words and following not in repeats
        if goes_on and _is_narrow(units[index].text, _NARROW_HOOK):
            yield _repeating(index, following)
        yield _repeating(index)


def _repeating(*units: int) -> Hook:
    return Hook(units, frozenset(units))


def further_hooks(units: Sequence[Unit], hook: Hook) -> Iterator[Hook]:
    """Give what the opening may take from beyond the first paragraph, where that saves a post.

    Args:
        units: the article's.
        hook: what the opening has.

    Returns:
        Hooks with more of the article's first words, the longest first, each up to the end of a
        sentence, but of no paragraph the first alone; none where the hook does not hold the whole
        first paragraph, and nothing else.
    """
    held = len(hook.repeats)
    if not held or hook.repeats != tuple(_first_paragraph(units)):
        return
    most = held
    while (
        most < min(len(units), held + _MOST_SENTENCES)
        and units[most].kind in {"heading", "sentence"}
        and not units[most].aside
    ):
        most += 1
    for count in range(most, held, -1):
        last = units[count - 1]
        begun = last.rank == 0 and count < len(units) and units[count].group == last.group
        if last.kind == "sentence" and not last.heads and not begun:
            yield _repeating(*range(count))


def _first_paragraph(units: Sequence[Unit]) -> list[int]:
    """Find the sentences of the paragraph that opens the article, above any heading."""
    found: list[int] = []
    for index, unit in enumerate(units):
        if unit.kind != "sentence" or unit.aside or unit.group != units[0].group:
            break
        found.append(index)
    return found


def last_words(
    units: Sequence[Unit], coverage: Coverage, addresses: Collection[str] = ()
) -> Iterator[tuple[int, ...]]:
    """Give what may stand before the call to read on, the best first.

    Args:
        units: the article's.
        coverage: in `full` the whole last paragraph may stand there; in `digest` a last sentence
            that leans on the ones before brings them along or stands nowhere, a last section of one
            paragraph is not torn, and what is below the text's own end is passed over: credits,
            and sentences with an address beside which the call's link would be one of two.
        addresses: those that the article spells out.

    Returns:
        Positions of units: the article's last sentence, unless something else ends it or its
        heading would be left with nothing under it.
    """
    last = _last(units, coverage, addresses)
    if last is None:
        return
    first = last - units[last].rank
    below_heading = first > 0 and units[first - 1].kind == "heading"
    if coverage == "full" and first < last and not below_heading:
        yield tuple(range(first, last + 1))
    if coverage == "digest":
        yield from _last_section(units, last, addresses)
    if below_heading and first == last:
        return
    if coverage == "digest":
        standing = last
        while standing > first and units[standing].leans:
            standing -= 1
        told = units[standing:last]
        stands = not units[standing].leans and not (below_heading and standing == first)
        if told and stands and not any(_is_pointer(unit, addresses) for unit in told):
            yield tuple(range(standing, last + 1))
        # What opens a paragraph leans on the article as a whole, or it would not stand there.
        if units[last].leans and (units[last].rank or units[last].demonstrative):
            return
    yield (last,)


def _last_section(
    units: Sequence[Unit], last: int, addresses: Collection[str]
) -> Iterator[tuple[int, ...]]:
    """Give the last section with its heading, where it is but a paragraph: it is not torn then."""
    heading = last - units[last].rank - 1
    if heading < 0 or units[heading].kind != "heading" or not units[last].rank:
        return
    told = units[heading + 1 : last + 1]
    if not any(_is_pointer(unit, addresses) for unit in told):
        yield tuple(range(heading, last + 1))


def more_last_words(
    units: Sequence[Unit], addresses: Collection[str] = ()
) -> Iterator[tuple[int, ...]]:
    """Give what a digest may end with instead of a narrow sentence, the best first.

    Args:
        units: the article's.
        addresses: those that the article spells out.

    Returns:
        Positions of units: the last paragraph, or its last two sentences. None where they are
        needed under a heading.
    """
    last = _last(units, "digest", addresses)
    if last is None or not units[last].rank or not _is_narrow(units[last].text):
        return
    first = last - units[last].rank
    if units[first].lead:
        return
    for start in dict.fromkeys((first, last - 1)):
        told = units[start : last + 1]
        whole = all(unit.kind == "sentence" and not _is_pointer(unit, addresses) for unit in told)
        text = " ".join(unit.text for unit in told)
        if whole and _is_balanced(text) and not units[start].leans:
            yield tuple(range(start, last + 1))


def _last(units: Sequence[Unit], coverage: Coverage, addresses: Collection[str]) -> int | None:
    """Find the article's last sentence; None where something else ends it."""
    last = len(units) - 1
    while coverage == "digest" and last > 0 and _is_pointer(units[last], addresses):
        last -= 1
    if last < 0 or units[last].kind != "sentence" or units[last].aside:
        return None
    return last


def _is_pointer(unit: Unit, addresses: Collection[str]) -> bool:
    """Tell whether a unit is no part of the text, or points out of it."""
    pointing = unit.kind == "sentence" and any(address in unit.text for address in addresses)
    return unit.aside or pointing


def _is_balanced(text: str) -> bool:
    """Tell whether every quotation that begins in a text ends in it."""
    pairs = all(text.count(marks[0]) == text.count(marks[1]) for marks in _PAIRED_MARKS)
    return pairs and text.count('"') % 2 == 0


def hashtag(tag: str) -> str:
    """Make one word of a publication's tag: `IA générative` becomes `IAGénérative`.

    Args:
        tag: as the publication writes it.

    Returns:
        The word without `#`; empty where the tag has no letter, as no network links such a one.
    """
    words = _LETTERS.findall(unicodedata.normalize("NFC", tag))
    joined = words[0] if len(words) == 1 else "".join(w[:1].upper() + w[1:] for w in words)
    return joined if any(letter.isalpha() for letter in joined) else ""


def _says(description: str, sentence: str, coverage: Coverage) -> bool:
    """Tell whether a description says a sentence already: in `full` to the letter, else in words.

    A word or two that happen to stand in both say nothing.
    """
    words = _plain(sentence)
    if words.count(" ") + 1 < _SAYING:
        return False
    if coverage == "full":
        return sentence in description
    return f" {words} " in f" {_plain(description)} "


def _plain(text: str) -> str:
    return " ".join(_LETTERS.findall(text.casefold()))


def _telling_words(text: str) -> frozenset[str]:
    """Find the words that say what a text is about; scripts without spaces give pairs of signs."""
    found: list[str] = []
    for word in _LETTERS.findall(text):
        signs = _IDEOGRAPHS.findall(word)
        found += [one + other for run in signs for one, other in pairwise(run)]
        if not signs and (len(word) >= _TELLING_WORD or word.isupper()):
            found.append(word.casefold())
    return frozenset(found)


def _is_narrow(text: str, width: int = _NARROW) -> bool:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text) < width
