"""Unpacking of a body while it comes in.

Owns gzip, piece by piece, so that a bomb is noticed before it has gone off. One layer of it only is
ever unpacked, for each could hold a thousand times as much as the last.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from threadbot.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Bytes that are unpacked at once, at most.
LARGEST_PIECE = 65_536

_GZIP = zlib.MAX_WBITS | 16
# The first byte of every member.
_BEGINNING = b"\x1f"


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip, one or more members of it (RFC 1952).

    Args:
        pieces: the packed bytes, cut anywhere. None at all is an empty body.

    Yields:
        At most `LARGEST_PIECE` bytes each time.

    Raises:
        FetchError: it is no gzip, or it ends too early.
    """
    member = zlib.decompressobj(_GZIP)
    begun = False
    for piece in pieces:
        begun = True
        rest = piece
        while rest or not member.eof:
            if member.eof:
                # Anything but another member is padding.
                if not rest.startswith(_BEGINNING):
                    return
                member = zlib.decompressobj(_GZIP)
            try:
                some = member.decompress(rest, LARGEST_PIECE)
            except zlib.error as error:
                message = "its body cannot be unpacked"
                raise FetchError(message) from error
            yield some
            rest = member.unused_data if member.eof else member.unconsumed_tail
            if not rest and len(some) < LARGEST_PIECE:
                break
    if begun and not member.eof:
        message = "its body breaks off; try again later"
        raise FetchError(message)
