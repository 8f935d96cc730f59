"""Unpacking gzip piece by piece."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.errors import FetchError
from threadbot.fetch.packing import LARGEST_PIECE, unpacked


def cut(data: bytes, size: int) -> list[bytes]:
    """Cut bytes into pieces of a size."""
    return [data[start : start + size] for start in range(0, len(data), size)]


@settings(deadline=None)
@given(
    members=st.lists(st.binary(max_size=300).map(lambda data: data * 700), max_size=3),
    size=st.integers(1, 1000),
)
def test_whatever_was_packed_is_unpacked(members: list[bytes], size: int) -> None:
    """Any number of members, cut anywhere, gives what was packed, in small pieces."""
    packed = b"".join(gzip.compress(member, 1) for member in members)
    pieces = list(unpacked(cut(packed, size)))
    assert b"".join(pieces) == b"".join(members)
    assert all(len(piece) <= LARGEST_PIECE for piece in pieces)


@settings(deadline=None)
@given(data=st.binary(max_size=300), at=st.floats(0, 1, exclude_max=True))
def test_a_body_that_breaks_off_is_never_taken_for_whole(data: bytes, at: float) -> None:
    """Wherever packed bytes end too early, that is an error, but for an empty body."""
    packed = gzip.compress(data)
    short = packed[: int(len(packed) * at)]
    if short:
        with pytest.raises(FetchError, match="breaks off"):
            list(unpacked([short]))
    else:
        assert list(unpacked([])) == []
