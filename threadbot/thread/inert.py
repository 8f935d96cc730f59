"""Keeps an article's own words from turning into entities on a network.

Owns which names become mentions and which words would be taken for a mention, a hashtag, a link or
a cashtag though nobody means one. It drops an `@` or a `$`, or sets U+2060 (word joiner, no width)
inside; it never changes a letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threadbot.thread import bluesky_text, x_text
from threadbot.thread.links import as_x_finds_them
from threadbot.thread.marks import strip_sentinels
from threadbot.thread.measure import ELLIPSIS, grapheme_edges
from threadbot.thread.model import Span
from threadbot.thread.places import Places
from threadbot.thread.replacements import Replacement, replaced, shifts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from threadbot.thread.model import NetworkName
    from threadbot.thread.settings import Account
    from threadbot.thread.x_text import Entity

WORD_JOINER = "\u2060"

#: Endings of files that are top-level domains too; `README.md` is a file, `example.md/page` is not.
FILE_ENDINGS = frozenset({"md", "mov", "ps", "py", "rs", "sh", "zip"})

#: An address of more characters is shown cut short on Bluesky, where it counts in full.
_LONG_ADDRESS = 150

#: The longest grapheme that anybody means; a family of emoji takes eleven code points.
_LONG_GRAPHEME = 40

_NAME = re.compile(r"(?<![\w@＠])[@＠]([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """Text that a network shows as it is meant.

    Args:
        text: the words.
        spans: links and mentions in them, in order, none overlapping.
        addresses: the addresses that the text itself spells out and the network links.
        unnamed: the names whose `@` was dropped, as they no longer mention anybody.
        lost: graphemes with more marks than any post can hold.
    """

    text: str
    spans: tuple[Span, ...] = ()
    addresses: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def inert(text: str, spans: Iterable[Span], account: Account) -> Words:
    """Make an article's words safe for an account's network.

    Args:
        text: words of the article.
        spans: the links under them.
        account: says which network, and who may be mentioned.

    Returns:
        The words, with mentions of the people in the account's handle map. On X the links under
        words are gone, as X has none; on Bluesky a spelled-out http(s) address is a link.
    """
    text, spans, lost = _without_monsters(strip_sentinels(text), tuple(spans))
    # On X the words of a link stay and the link falls away.
    spans = () if account.network == "x" else spans
    text, spans, unnamed = _mentions(text, spans, account)
    if account.network == "x":
        calm = _calm_x(text, spans)
        return Words(calm.text, calm.spans, calm.addresses, unnamed, lost)
    text, spans, long = _shortened(text, spans)
    found = _unlinked_addresses(text, spans)
    every = _on_graphemes(text, spans)
    every = tuple(sorted((*every, *found), key=_start)) if found else every
    return Words(text, every, (*long, *(span.value for span in found)), unnamed, lost)


def _without_monsters(
    text: str, spans: tuple[Span, ...]
) -> tuple[str, tuple[Span, ...], tuple[str, ...]]:
    """Take out graphemes that are made to break programs: thousands of marks on one letter."""
    if len(text) - bluesky_text.grapheme_count(text) < _LONG_GRAPHEME:
        return text, spans, ()
    edits: list[Replacement] = []
    lost: list[str] = []
    position = 0
    for grapheme in bluesky_text.graphemes(text):
        if len(grapheme) > _LONG_GRAPHEME:
            edits.append(Replacement(position, len(grapheme), ""))
            lost.append(grapheme)
        position += len(grapheme)
    text, moved = replaced(text, spans, edits)
    return text, tuple(span for span in moved if span.start < span.end), tuple(lost)


def _shortened(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...], tuple[str, ...]]:
    """Show only the beginning of an address that would fill a post; its link stays whole."""
    edits: list[Replacement] = []
    made: list[Span] = []
    shift = 0
    found = bluesky_text.addresses(text)
    if not found:
        return text, tuple(spans), ()
    places = Places(spans)
    for span in found:
        linked = places.touch(span.start, span.end)
        if not linked and span.end - span.start > _LONG_ADDRESS:
            start = span.start + shift
            made.append(Span(start, start + _LONG_ADDRESS, "link", span.value))
            end = span.start + _LONG_ADDRESS - 1
            edits.append(Replacement(end, span.end - end, ELLIPSIS))
            shift += len(ELLIPSIS) - (span.end - end)
    text, moved = replaced(text, spans, edits)
    both = sorted((*moved, *made), key=_start)
    return text, tuple(both), tuple(span.value for span in made)


def _on_graphemes(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Widen spans to whole graphemes, where a source linked half of one."""
    if not spans or text.isascii():
        return tuple(spans)
    edges = grapheme_edges(text)
    moved = []
    end = 0
    for span in spans:
        start = max(edges[bisect_right(edges, span.start) - 1], end)
        end = edges[bisect_left(edges, span.end)]
        if start < end:
            moved.append(replace(span, start=start, end=end))
    return tuple(moved)


def settle(words: Words, network: NetworkName) -> Words:
    """Do what a network asks of a whole post: on X one cashtag, nowhere a mention first.

    Args:
        words: the finished text of a post.
        network: where it goes.

    Returns:
        The text in which X finds no mention or hashtag but the spans', without the `$` of every
        cashtag but the first, as X refuses a post with two, and without the `@` of a mention that
        opens it, as X would show the post as a reply.
    """
    text, spans = words.text, words.spans
    if spans and spans[0].kind == "mention" and spans[0].start == 0:
        text, spans = replaced(text, spans[1:], [Replacement(0, 1, "")])
    if network == "x":
        text, spans = _settled_on_x(text, spans)
    if network == "bluesky":
        spans = tuple(sorted((*spans, *_unlinked_addresses(text, spans)), key=_start))
    return Words(text, spans)


def _settled_on_x(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """Leave X one cashtag, and no mention or tag that a template spells out without a filter.

    What one of the two takes away may uncover something for the other: `$http://a.fr` is a cashtag,
    and without its `$` an address.
    """
    while True:
        calm = _calm_x(text, as_x_finds_them(text, spans))
        text, spans = calm.text, calm.spans
        found = x_text.entities(text) if "$" in text else ()
        tags = [entity for entity in found if entity.kind == "cashtag"]
        if len(tags) <= 1:
            return text, tuple(spans)
        text, spans = replaced(text, spans, [Replacement(tag.start, 1, "") for tag in tags[1:]])


def _unlinked_addresses(text: str, spans: Sequence[Span]) -> list[Span]:
    """Find literal http(s) addresses that are no link yet."""
    found = bluesky_text.addresses(text)
    linked = Places(spans if found else ())
    return [span for span in found if not linked.touch(span.start, span.end)]


def _start(span: Span) -> int:
    return span.start


def _mentions(
    text: str, spans: Sequence[Span], account: Account
) -> tuple[str, tuple[Span, ...], tuple[str, ...]]:
    if "@" not in text and "＠" not in text:
        return text, tuple(spans), ()
    edits: list[Replacement] = []
    handles: list[tuple[int, str]] = []
    unnamed: list[str] = []
    addresses = Places([*x_text.urls(text), *bluesky_text.addresses(text)])
    links = Places(spans)
    for found in _NAME.finditer(text):
        # The `@` of https://example.org/@name names a page, not a person.
        if addresses.touch(*found.span()):
            continue
        handle = _handle_of(found[1], account)
        if handle and not links.touch(*found.span()):
            edits.append(Replacement(found.start(), len(found[0]), f"@{handle}"))
            handles.append((len(edits) - 1, handle))
        else:
            # Without its `@` a handle of Bluesky's would be an address on X.
            name = found[1].replace(".", f"{WORD_JOINER}.") if account.network == "x" else found[1]
            edits.append(Replacement(found.start(), len(found[0]), name))
            if found[1].lower() != (account.handle or "").lower():
                unnamed.append(found[1])
    edited, moved = replaced(text, spans, edits)
    moves = shifts(edits)
    made = [
        Span(start, start + 1 + len(handle), "mention", handle)
        for number, handle in handles
        for start in [edits[number].position + moves[number]]
    ]
    return edited, tuple(sorted((*moved, *made), key=_start)), tuple(unnamed)


def _handle_of(name: str, account: Account) -> str | None:
    """Look a name up in the handle map; the account's own handle stands in the closing alone."""
    person = account.people.get(name.lower())
    handle = getattr(person, account.network) if person else None
    own = (account.handle or "").lower()
    return None if handle is None or own in {handle.lower(), name.lower()} else handle


def _calm_x(text: str, spans: tuple[Span, ...]) -> Words:
    """Take from X what it would link, tag or mention though nobody meant it."""
    while True:
        entities = x_text.entities(text)
        if not entities:
            return Words(text, _on_graphemes(text, spans))
        edits: list[Replacement] = []
        links: list[Span] = []
        spans = _outside(spans, entities)
        places = Places(spans)
        for entity in entities:
            if places.touch(entity.start, entity.end):
                continue
            if entity.kind == "mention":
                edits.append(Replacement(entity.start, 1, ""))
            elif entity.kind == "hashtag":
                edits.append(Replacement(entity.start + 1, 0, WORD_JOINER))
            elif entity.kind == "url" and is_meant(entity.value):
                links.append(Span(entity.start, entity.end, "link", entity.value))
            elif entity.kind == "url":
                edits += [
                    Replacement(entity.start + place, 0, WORD_JOINER)
                    for place, letter in enumerate(entity.value)
                    if letter == "."
                ]
        if not edits:
            # X ends an address before a mark that readers see as part of its last letter.
            every = _on_graphemes(text, sorted((*spans, *links), key=_start))
            return Words(text, every, tuple(link.value for link in links))
        text, spans = replaced(text, spans, edits)


def _outside(spans: tuple[Span, ...], entities: Iterable[Entity]) -> tuple[Span, ...]:
    """Drop mentions that an address before them takes in: to an `@` it goes on, to a `＠` not."""
    addresses = Places(entity for entity in entities if entity.kind == "url")
    return tuple(
        span
        for span in spans
        if span.kind != "mention" or not addresses.touch(span.start, span.end)
    )


def is_meant(address: str) -> bool:
    """Tell whether somebody who wrote this meant an address, not a file or a missing space.

    Args:
        address: what X would link: `https://a.fr/b`, `openai.com`, `README.md`, `fini.Il`.
    """
    if _SCHEME.match(address) or address.lower().startswith("www."):
        return True
    host, slash, _ = address.partition("/")
    ending = host.rpartition(".")[2]
    # After a missing space a capital follows; so it does in names such as ASP.NET.
    return ending == ending.lower() and (bool(slash) or ending not in FILE_ENDINGS)
