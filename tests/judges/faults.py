"""The faults of a thread, counted by outside means.

Owns what a fault is. Lengths are npm twitter-text's and `Intl.Segmenter`'s, sentences and words
`Intl.Segmenter`'s; nothing here asks threadbot.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import chain
from typing import TYPE_CHECKING

from judges.alignment import ADDRESS, Alignment, Stretch, bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oracle.node import NodeOracle

    from judges.pasted import Pasted

LIMITS = {"x": 280, "bluesky": 300}
_BLUESKY_BYTES = 3000


@dataclass(frozen=True, slots=True)
class Faults:
    """How often a thread errs.

    Args:
        over: posts that the network refuses.
        headings: headings that end a post.
        intros: list intros that end a post.
        items: list items that no post holds whole.
        sentences: sentences and headings that no post holds whole.
        words: words that were cut.
        links: addresses that no post holds whole.
        dropped: pieces that are neither in a post, or not wholly, nor named as left out.
    """

    over: int = 0
    headings: int = 0
    intros: int = 0
    items: int = 0
    sentences: int = 0
    words: int = 0
    links: int = 0
    dropped: int = 0

    def __add__(self, other: Faults) -> Faults:
        """Add up two threads' faults."""
        return Faults(*(getattr(self, at.name) + getattr(other, at.name) for at in fields(self)))

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return any(getattr(self, at.name) for at in fields(self))


def lengths(posts: Sequence[str], network: str, oracle: NodeOracle) -> list[int]:
    """Measure posts as the network does."""
    if network == "x":
        return oracle.x_lengths(posts)
    return [len(clusters) for clusters in oracle.clusters(posts)]


def least_posts(posts: Sequence[str], network: str, oracle: NodeOracle) -> int:
    """Count posts; one that is over the limit counts as those that it would have to be."""
    return sum(-(-length // LIMITS[network]) for length in lengths(posts, network, oracle))


def judge(
    article: Pasted, posts: Sequence[str], omitted: Sequence[str], network: str, oracle: NodeOracle
) -> Faults:
    """Count the faults of a thread.

    Args:
        article: what it was made of.
        posts: their texts.
        omitted: what the tool says that it left out.
        network: `x` or `bluesky`.
        oracle: the outside judges.
    """
    return _Judge(article, posts, omitted, network, oracle).faults()


class _Judge:
    def __init__(
        self,
        article: Pasted,
        posts: Sequence[str],
        omitted: Sequence[str],
        network: str,
        oracle: NodeOracle,
    ) -> None:
        self.article, self.posts, self.network, self.oracle = article, posts, network, oracle
        self.alignment = Alignment([piece.text for piece in article.pieces])
        self.found = [self.alignment.find(post) for post in posts]
        self.alignment.cursor = 0
        self.omitted = [self.alignment.find(text) for text in omitted]

    def faults(self) -> Faults:
        cut = [self.article.pieces[at].kind for at in self._cut()]
        ends = list(self._ends())
        return Faults(
            over=self._over(),
            headings=ends.count("heading"),
            intros=ends.count("intro"),
            items=cut.count("item"),
            sentences=len(cut) - cut.count("item"),
            words=len(self._cut_words()),
            links=sum(1 for _ in self._cut_links()),
            dropped=sum(1 for _ in self._dropped()),
        )

    def _over(self) -> int:
        long = [
            length > LIMITS[self.network]
            for length in lengths(self.posts, self.network, self.oracle)
        ]
        if self.network == "bluesky":
            heavy = [len(post.encode()) > _BLUESKY_BYTES for post in self.posts]
            long = [one or other for one, other in zip(long, heavy, strict=True)]
        return sum(long)

    def _range(self, at: int) -> range:
        return range(self.alignment.starts[at], self.alignment.starts[at + 1])

    def _ends(self) -> Iterator[str]:
        """Give the kind of what each post ends with, where it ends with all of it."""
        for stretches in self.found:
            if stretches:
                last = stretches[-1].end - 1
                at = self.alignment.piece_at(last)
                kind = self.article.pieces[at].kind
                if last == self._range(at)[-1] or kind == "heading":
                    yield kind

    def _cut(self) -> Iterator[int]:
        """Give the pieces that stand in posts, but whole in none."""
        covers = [_covered(stretches) for stretches in self.found]
        for at in range(len(self.article.pieces)):
            wanted = set(self._range(at))
            held = [len(wanted & cover) for cover in covers]
            if wanted and any(held) and max(held) < len(wanted):
                yield at

    def _cut_words(self) -> set[int]:
        """Find the places where a post begins or ends inside a word."""
        inside: set[int] = set()
        texts = [piece.text for piece in self.article.pieces]
        for at, words in enumerate(self.oracle.words(texts, self.article.language)):
            position = self.alignment.starts[at]
            for word, _ in words:
                length = len(bare(word))
                inside.update(range(position + 1, position + length))
                position += length
        edges = chain.from_iterable((part.start, part.end) for part in chain(*self.found))
        return inside.intersection(edges)

    def _cut_links(self) -> Iterator[str]:
        for at, piece in enumerate(self.article.pieces):
            held = any(set(self._range(at)) & _covered(stretches) for stretches in self.found)
            for address in ADDRESS.findall(piece.text):
                if held and not any(address in post for post in self.posts):
                    yield address

    def _dropped(self) -> Iterator[int]:
        told = _covered(chain(*self.found, *self.omitted))
        for at in range(len(self.article.pieces)):
            if not told.issuperset(self._range(at)):
                yield at


def _covered(stretches: Sequence[Stretch] | chain[Stretch]) -> set[int]:
    return {at for part in stretches for at in range(part.start, part.end)}
