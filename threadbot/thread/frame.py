"""What stands around a thread's body: the opening's hook, the closing's last words and hashtags.

Owns which of an article's words they take; how they look is the templates'.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.article.model import Article
    from threadbot.thread.settings import Coverage
    from threadbot.thread.units import Unit

#: Shorter words (articles, prepositions) say nothing about what a sentence is about.
_TELLING_WORD = 4
#: No opening has room for more sentences than this beside its title.
_MOST_SENTENCES = 8
#: A sentence of fewer words is not taken for repeated.
_SAYING = 2
_LETTERS = re.compile(r"[^\W_]+")


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
            may move up: as many of the first paragraph as fit.

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
    title = _telling_words(article.title)
    standing = [index for index in first if not units[index].leans]
    for index in sorted(standing, key=lambda at: len(title & _telling_words(units[at].text))):
        yield _repeating(index)


def _repeating(*units: int) -> Hook:
    return Hook(units, frozenset(units))


def _first_paragraph(units: Sequence[Unit]) -> list[int]:
    """Find the sentences of the paragraph that opens the article, above any heading."""
    found: list[int] = []
    for index, unit in enumerate(units):
        if unit.kind != "sentence" or unit.aside or unit.group != units[0].group:
            break
        found.append(index)
    return found


def last_words(units: Sequence[Unit], coverage: Coverage) -> Iterator[tuple[int, ...]]:
    """Give what may stand before the call to read on, the best first.

    Args:
        units: the article's.
        coverage: in `full` the whole last paragraph may stand there; in `digest` a last sentence
            that leans on the one before brings it along, and credits below it are passed over.

    Returns:
        Positions of units: the article's last sentence, unless something else ends it or its
        heading would be left with nothing under it.
    """
    last = len(units) - 1
    while coverage == "digest" and last > 0 and units[last].aside:
        last -= 1
    if last < 0 or units[last].kind != "sentence" or units[last].aside:
        return
    first = last - units[last].rank
    below_heading = first > 0 and units[first - 1].kind == "heading"
    if coverage == "full" and first < last and not below_heading:
        yield tuple(range(first, last + 1))
    if below_heading and first == last:
        return
    if coverage == "digest" and units[last].leans and first < last:
        alone = below_heading and last - 1 == first
        if not units[last - 1].leans and not alone:
            yield last - 1, last
    yield (last,)


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
    words = _LETTERS.findall(text)
    return frozenset(w.casefold() for w in words if len(w) >= _TELLING_WORD or w.isupper())
