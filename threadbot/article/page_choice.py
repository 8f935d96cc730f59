"""Which blocks of a page belong to its article.

Owns the comparison of the page's blocks with the text that trafilatura kept, and the rules that
bring back what stands beside kept text; never reads the page's head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from threadbot.article.model import (
    Block,
    Code,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)
from threadbot.article.opening import plain
from threadbot.article.page_foreign import elsewhere_until, leads_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from threadbot.article.html_frames import Placed

#: Shorter texts must be a line of what was kept, longer ones may be part of it.
_LONG: Final = 24
_WINDOW: Final = 40
#: A text of more characters takes too long to be searched from end to end for each block.
_MOST_SEARCHED: Final = 200_000
#: Then pieces of this length, so far apart, tell where in it to look.
_ANCHOR: Final = 16
_STEP: Final = _LONG - _ANCHOR
#: The element with this share of the kept text holds the article.
_ARTICLE_SHARE: Final = 0.8
_LINKED: Final = 0.8
_HALF_LINKED: Final = 0.5


@dataclass(slots=True)
class Candidate:
    """A block of the page on its way into the article.

    Args:
        placed: the block and its place.
        key: its letters and figures.
        linked: the share of its characters that are links.
        kept: whether it belongs to the article.
        foreign: whether it says of itself that it does not.
    """

    placed: Placed
    key: str
    linked: float
    kept: bool = False
    foreign: bool = False

    @property
    def block(self) -> Block:
        """The block itself."""
        return self.placed.block


class KeptText:
    """What trafilatura kept, ready to be asked whether a text is in it."""

    def __init__(self, lines: Iterable[str]) -> None:
        keys = [key for key in map(plain, lines) if key]
        self._lines = set(keys)
        self._whole = "".join(keys)
        self.size = len(self._whole)
        starts = range(0, self.size if self.size > _MOST_SEARCHED else 0, _STEP)
        self._anchors = {self._whole[at : at + _ANCHOR]: at for at in starts}

    def __contains__(self, key: str) -> bool:
        if key in self._lines:
            return True
        if len(key) < _LONG:
            return False
        if len(key) < 2 * _WINDOW:
            return self._holds(key)
        return self._holds(key[:_WINDOW]) or self._holds(key[-_WINDOW:])

    def _holds(self, key: str) -> bool:
        """Search the whole text; a large one only where pieces of it are known to stand."""
        if not self._anchors:
            return key in self._whole
        for at in range(len(key) - _ANCHOR + 1):
            place = self._anchors.get(key[at : at + _ANCHOR], -1)
            if place >= at and self._whole.startswith(key, place - at):
                return True
        return False


def choose(placed: list[Placed], kept: KeptText) -> list[Placed]:
    """Choose the blocks of the article.

    Args:
        placed: all blocks of the page, in order.
        kept: the text that is the article.

    Returns:
        Those of them that are kept, and the headings, lists and pictures among them.
    """
    candidates = [_candidate(one) for one in placed]
    for one in candidates:
        one.kept = bool(one.key) and _is_kept(one, kept)
    container = _container(candidates)
    if container is None:
        return []
    region = set(_region(container).iter())
    candidates = [one for one in candidates if one.placed.element in region]
    _mark_what_leads_elsewhere(candidates)
    for one in candidates:
        one.kept = one.kept and not one.foreign
    _restore(candidates, set(container.iter()))
    _restore_opening_images(candidates)
    return [one.placed for one in candidates if one.kept]


def texts_of(block: Block) -> Iterator[str]:
    """Give the texts of a block."""
    if isinstance(block, Heading | Paragraph | Quote):
        yield block.text
    elif isinstance(block, ListBlock):
        stack: list[ListItem] = list(block.items)[::-1]
        while stack:
            item = stack.pop()
            yield item.text
            stack += item.children[::-1]
    elif isinstance(block, Table):
        yield " ".join(cell for row in block.rows for cell in row)
    elif isinstance(block, Code):
        yield block.text


def _candidate(placed: Placed) -> Candidate:
    text = "".join(texts_of(placed.block))
    return Candidate(placed, plain(text), placed.linked / max(len(text), 1))


def _is_kept(candidate: Candidate, kept: KeptText) -> bool:
    """Ask for the block, for the lines of a quote, or for any of the items of a list."""
    if candidate.key in kept:
        return True
    block = candidate.block
    if isinstance(block, ListBlock):
        return any(plain(text) in kept for text in texts_of(block))
    if isinstance(block, Quote | Paragraph):
        return any(plain(line) in kept for line in block.text.split("\n"))
    if isinstance(block, Table):
        cells = [plain(cell) for row in block.rows for cell in row if cell]
        return sum(cell in kept for cell in cells) * 2 > len(cells)
    return False


def _container(candidates: list[Candidate]) -> HtmlElement | None:
    """Find the innermost element that holds nearly all of the kept text."""
    weights: dict[HtmlElement, int] = {}
    total = 0
    for one in candidates:
        if not one.kept or isinstance(one.block, Heading):
            continue
        size = int(len(one.key) * (1 - one.linked))
        total += size
        element = one.placed.element
        while element is not None:
            weights[element] = weights.get(element, 0) + size
            element = element.getparent()
    holders = [one for one, size in weights.items() if size >= _ARTICLE_SHARE * total]
    if not total or not holders:
        return None
    return max(holders, key=lambda one: sum(1 for _ in one.iterancestors()))


def _region(container: HtmlElement) -> HtmlElement:
    """Widen the container to the whole article, which may begin outside of its text."""
    for element in (container, *container.iterancestors()):
        if element.tag in {"article", "main"} or element.get("role") in {"main", "article"}:
            return element
    above = container.getparent()
    return container if above is None or above.tag == "html" else above


def _mark_what_leads_elsewhere(candidates: list[Candidate]) -> None:
    """Mark "Read also" with the links under it, wherever it stands."""
    leading = False
    for one in candidates:
        block = one.block
        if isinstance(block, Heading | Paragraph) and leads_elsewhere(block.text):
            leading = one.foreign = True
        elif leading and (one.linked >= _LINKED or isinstance(block, Image)):
            one.foreign = True
        else:
            leading = False
            text = block.text if isinstance(block, Paragraph | Quote) else ""
            one.foreign = _is_pointer(text, one.placed.linked)


def _is_pointer(text: str, linked: int) -> bool:
    """Tell a paragraph that says "Read also:" and names another article."""
    start = elsewhere_until(text)
    return start > 0 and linked >= _LINKED * (len(text) - start)


def _restore(candidates: list[Candidate], inside: set[HtmlElement]) -> None:
    """Bring back what stands beside kept text."""
    kept = [at for at, one in enumerate(candidates) if one.kept]
    if not kept:
        return
    first, last = kept[0], kept[-1]
    for at, one in enumerate(candidates):
        if one.kept or one.foreign or one.placed.element not in inside:
            continue
        block = one.block
        if isinstance(block, Image):
            one.kept = at < last
        elif not one.key:
            continue
        elif isinstance(block, ListBlock):
            one.kept = _belongs(candidates, at, last)
        elif first < at < last and not isinstance(block, Heading):
            one.kept = one.linked < _HALF_LINKED and _has_kept_siblings(candidates, at)
    for at in range(len(candidates) - 1, -1, -1):
        one = candidates[at]
        if isinstance(one.block, Heading) and not one.foreign and one.placed.element in inside:
            one.kept = _heads_something(candidates, at)


def _restore_opening_images(candidates: list[Candidate]) -> None:
    """Bring back the pictures between the title and the text."""
    for one in candidates:
        if one.kept and not isinstance(one.block, Image | Heading):
            return
        if isinstance(one.block, Heading) and one.block.level == 1:
            for image in candidates[: candidates.index(one)]:
                image.kept = False
        elif isinstance(one.block, Image):
            one.kept = not one.foreign


def _belongs(candidates: list[Candidate], at: int, last: int) -> bool:
    """Tell a list of the article: its text is no mere links, or what is before it names them."""
    at_before = at - 1
    while at_before >= 0 and isinstance(candidates[at_before].block, Image):
        at_before -= 1
    before = candidates[at_before]
    if at_before < 0 or before.foreign:
        return False
    if candidates[at].linked < _HALF_LINKED:
        return before.kept or isinstance(before.block, Heading)
    if isinstance(before.block, Heading):
        if at < last:
            return True
        levels = {one.block.level for one in candidates[:last] if isinstance(one.block, Heading)}
        return before.block.level in levels and _are_siblings(candidates[last], candidates[at])
    return before.kept and _are_siblings(before, candidates[at])


def _has_kept_siblings(candidates: list[Candidate], at: int) -> bool:
    before, one, after = candidates[at - 1], candidates[at], candidates[at + 1]
    beside = [other for other in (before, after) if _are_siblings(one, other)]
    return any(other.kept for other in beside)


def _are_siblings(one: Candidate, other: Candidate) -> bool:
    return _parent(one) is _parent(other)


def _parent(one: Candidate) -> HtmlElement | None:
    """Give the element around a block; a figure is only its frame."""
    above = one.placed.element.getparent()
    return above.getparent() if above is not None and above.tag == "figure" else above


def _heads_something(candidates: list[Candidate], at: int) -> bool:
    """Tell whether the section under a heading has text that is kept."""
    heading = candidates[at].block
    level = heading.level if isinstance(heading, Heading) else 0
    for following in range(at + 1, len(candidates)):
        one = candidates[following]
        if isinstance(one.block, Heading):
            if one.block.level <= level:
                return False
            if one.kept:
                return True
        elif one.kept and not isinstance(one.block, Image):
            return True
    return False
