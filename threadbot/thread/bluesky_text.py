"""How Bluesky measures and marks a text: graphemes, bytes, and ranges of bytes.

Owns the limits of a post's record and the making of facets from spans; never detects a mention or
a tag in a text, as spans say where those are, and never changes a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from threadbot.thread.model import Facet, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal

    from threadbot.thread.model import SpanKind

#: The most that a post's text may hold (lexicon app.bsky.feed.post; read on 2026-11-24).
MAX_GRAPHEMES: Final = 300
MAX_BYTES: Final = 3000
#: Languages and tags of one post's record, and a tag's graphemes (the same lexicon).
MAX_LANGS: Final = 3
MAX_TAGS: Final = 8
MAX_TAG_GRAPHEMES: Final = 64
#: The longest handle (the AT Protocol's handle specification; read on 2026-11-24).
MAX_HANDLE: Final = 253

_FACET_KINDS: Mapping[SpanKind, Literal["link", "mention", "tag"]] = {
    "link": "link",
    "mention": "mention",
    "hashtag": "tag",
}
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?"
_HANDLE = re.compile(rf"(?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9\-]{{0,61}}[a-zA-Z0-9])?")
#: Domains that can belong to nobody; `.test` is left for trying things out.
_RESERVED = frozenset(
    ("alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion")
)

#: The official app wants white space or a bracket before an address; quotation marks are as good.
_ADDRESS = re.compile(r"(?<![^\s(\[{<\"'«‹“‘„])https?://\S+", re.IGNORECASE)
_CLOSING = ".,;:!?…»›”’\"'>"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def graphemes(text: str) -> list[str]:
    """Cut a text into what its readers see as characters (Unicode's extended clusters)."""
    from unicode_segmentation_rs import graphemes as clusters  # noqa: PLC0415 - loaded when needed

    return list(clusters(text, is_extended=True))


def grapheme_count(text: str) -> int:
    """Count what readers see as characters; at most 300 may be posted."""
    return len(text) if text.isascii() and "\r\n" not in text else len(graphemes(text))


def byte_length(text: str) -> int:
    """Count the bytes of a text in UTF-8; at most 3,000 may be posted."""
    return len(text.encode())


def facets(text: str, spans: Iterable[Span]) -> tuple[Facet, ...]:
    """Turn spans into facets, which count in bytes of UTF-8.

    Args:
        text: a post's text.
        spans: its links, mentions, hashtags; numbering becomes no facet.

    Returns:
        One facet for each span of these kinds, in the order of the spans.

    Raises:
        ValueError: a span is empty or does not lie within the text.
    """
    made = []
    for span in spans:
        if not 0 <= span.start < span.end <= len(text):
            message = f"a span of a {span.kind} from {span.start} to {span.end} is not in the text"
            raise ValueError(message)
        if span.kind in _FACET_KINDS:
            start = byte_length(text[: span.start])
            end = start + byte_length(text[span.start : span.end])
            made.append(Facet(start, end, _FACET_KINDS[span.kind], span.value))
    return tuple(made)


def addresses(text: str) -> tuple[Span, ...]:
    """Find the addresses that are written out in a text, with `http://` or `https://`.

    The rule is the official app's: an address begins the text or follows white space or an opening
    bracket, and runs to the next white space, without the punctuation at its end. Where that app
    swallows an ellipsis, a closing quotation mark or a second full stop, this leaves them out.

    Args:
        text: any text.

    Returns:
        A span of kind `link` for each address.
    """
    found: list[Span] = []
    if "://" not in text:
        return ()
    for match in _ADDRESS.finditer(text):
        address = _without_closing(match[0])
        if not address.endswith("://"):
            start = match.start()
            found.append(Span(start, start + len(address), "link", address))
    return tuple(found)


def _without_closing(address: str) -> str:
    """Take off the punctuation that closes the sentence around an address."""
    end = len(address)
    opened = {sign: address.count(sign) for pair in _BRACKETS.items() for sign in pair}
    while end:
        last = address[end - 1]
        if last in _BRACKETS and opened[last] > opened[_BRACKETS[last]]:
            opened[last] -= 1
        elif last not in _CLOSING:
            break
        end -= 1
    return address[:end]


def is_handle(name: str) -> bool:
    """Tell whether a name, without `@`, can be a handle: a domain that somebody may own.

    The rule is the AT Protocol's: https://atproto.com/specs/handle.
    """
    return (
        len(name) <= MAX_HANDLE
        and _HANDLE.fullmatch(name) is not None
        and name.rpartition(".")[2].lower() not in _RESERVED
    )
