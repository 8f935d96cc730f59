"""The laws that hold for every thread, checked again before anybody sees it.

Owns the checks alone. A breach is a fault of threadbot's, never of its user; it stops the thread.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from threadbot.errors import LawError
from threadbot.thread import x_text
from threadbot.thread.chunk import join
from threadbot.thread.inert import WORD_JOINER
from threadbot.thread.measure import ELLIPSIS, YARDSTICKS, grapheme_edges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.thread.body import Body
    from threadbot.thread.model import Post, Thread

#: What a thread may add or drop, beside white space.
_UNCOUNTED = (WORD_JOINER, ELLIPSIS, "@", "＠", "$")


def check(thread: Thread, body: Body, wanted: Iterable[str]) -> None:
    """Check a thread that was just composed.

    Args:
        thread: the finished thread.
        body: the units of its body's posts.
        wanted: the words that the body should hold, in order.

    Raises:
        LawError: a law is broken.
    """
    check_limits(thread)
    for number, units in enumerate(body.units, 2):
        if not units:
            _broken(number, "it is empty")
        if units[-1].kind == "heading":
            _broken(number, "a heading ends it")
    held = "".join(join(units, goes_on=False).text for units in body.units)
    markers = "".join(unit.marked_text for units in body.units for unit in units)
    if not _bare(held) == _bare(markers) == _bare("".join(wanted)):
        _broken(2, "the body does not hold exactly the chosen words")


def check_limits(thread: Thread) -> None:
    """Check what holds for every thread, also for one that was edited by hand.

    Args:
        thread: any thread.

    Raises:
        LawError: a post is empty, too long, opens with a mention, or a span is out of place.
    """
    yardstick = YARDSTICKS[thread.network]
    if not thread.posts:
        _broken(1, "there is none")
    for number, post in enumerate(thread.posts, 1):
        size = yardstick.measure(post.text)
        if not post.text.strip():
            _broken(number, "it is empty")
        if not size.fits(yardstick.room):
            _broken(number, f"it takes {size.length} of {yardstick.room.length}")
        if (post.length, post.size) != size:
            _broken(number, "its length is told wrong")
        _check_spans(number, post)
        if thread.network == "x":
            _check_entities(number, post)
        _check_numbering(number, len(thread.posts), post)


def _check_spans(number: int, post: Post) -> None:
    for span in post.spans:
        if not 0 <= span.start < span.end <= len(post.text):
            _broken(number, f"a {span.kind} lies outside its text")
    if any(before.end > after.start for before, after in pairwise(post.spans)):
        _broken(number, "two spans overlap")
    if post.spans and post.spans[0].kind == "mention" and post.spans[0].start == 0:
        _broken(number, "it begins with a mention")
    places = {place for span in post.spans for place in (span.start, span.end)}
    doubtful = {place for place in places if not _parts_ascii(post.text, place)}
    if doubtful and not doubtful.issubset(grapheme_edges(post.text)):
        _broken(number, "a span cuts a character in two")


def _parts_ascii(text: str, place: int) -> bool:
    """Tell a place between two signs that are never one grapheme, as between a letter and a space.

    Most places of spans are of this kind, and to find all graphemes of a post takes long.
    """
    beside = text[max(place - 1, 0) : place + 1]
    return beside.isascii() and beside != "\r\n"


def _check_entities(number: int, post: Post) -> None:
    """Check that X finds nothing to link, tag or mention but what is meant."""
    for entity in x_text.entities(post.text):
        meant = any(span.start <= entity.start < span.end for span in post.spans)
        if not meant and entity.kind != "cashtag":
            _broken(number, f"X would take {entity.value} for a {entity.kind}")


def _check_numbering(number: int, total: int, post: Post) -> None:
    for span in post.spans:
        if span.kind == "numbering" and span.value != f"{number}/{total}":
            _broken(number, f"it is numbered {span.value}")


def _bare(text: str) -> str:
    text = "".join(text.split())
    for sign in _UNCOUNTED:
        text = text.replace(sign, "")
    return text


def _broken(number: int, what: str) -> None:
    message = f"Post {number} cannot be posted: {what}. This is a fault of threadbot; report it."
    raise LawError(message)
