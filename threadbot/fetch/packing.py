"""Reading and unpacking of a body while it comes in.

Owns its bound, and gzip, piece by piece, so that a bomb is noticed before it has gone off. One
layer of it only is ever unpacked, for each could hold a thousand times as much as the last.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from threadbot.errors import FetchError
from threadbot.fetch.failures import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Bytes that are unpacked at once, at most.
LARGEST_PIECE = 65_536

_GZIP = zlib.MAX_WBITS | 16
# The first byte of every member.
_BEGINNING = b"\x1f"


def read_body(pieces: Iterable[bytes], headers: Mapping[str, str], max_bytes: int) -> bytes:
    """Read a body.

    Args:
        pieces: the bytes as they come.
        headers: the answer's, whatever their case.
        max_bytes: the most that it may have, unpacked.

    Raises:
        FetchError: it has more, or cannot be unpacked.
    """
    too_large = f"it is larger than {max_bytes:,} bytes unpacked"
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip"}:
        message = f"it is packed as {shortened(encoding)!r}, which was not asked for"
        raise FetchError(message)
    length = headers.get("content-length", "")
    if encoding != "gzip" and length.isdecimal() and int(length) > max_bytes:
        raise FetchError(too_large)
    body = bytearray()
    for piece in unpacked(pieces) if encoding == "gzip" else pieces:
        body += piece
        if len(body) > max_bytes:
            raise FetchError(too_large)
    return bytes(body)


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
