"""The names that the AT Protocol gives to a record: its key and the hash of its content.

Owns how both are computed, so that they are known before anything is sent; never sends anything.
"""

from __future__ import annotations

from base64 import b32decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import libipld

if TYPE_CHECKING:
    from collections.abc import Mapping

#: https://atproto.com/specs/tid (read on 2026-11-24).
_ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH: Final = 13
_CLOCK_BITS: Final = 10
#: A key has room for so many clocks.
CLOCKS: Final = 1 << _CLOCK_BITS
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Version 1, DAG-CBOR, SHA-256 of 32 bytes: what precedes the hash (https://atproto.com/specs/data-model).
_CID_PREFIX: Final = b"\x01\x71\x12\x20"


def tid(moment: datetime, clock: int, offset: int = 0) -> str:
    """Make a record key that sorts by time.

    Example:
        >>> tid(datetime(1970, 1, 1, tzinfo=timezone.utc), 0)
        '2222222222222'

    Args:
        moment: when, with its zone.
        clock: from 0 to 1,023; keeps two machines apart.
        offset: microseconds after the moment, to put records of one moment in order.

    Raises:
        ValueError: the clock is out of its range, or the moment before 1970.
    """
    microseconds = (moment - _EPOCH) // timedelta(microseconds=1) + offset
    if not 0 <= clock < CLOCKS or microseconds < 0:
        message = f"no key can be made of clock {clock} at {moment}"
        raise ValueError(message)
    number = microseconds << _CLOCK_BITS | clock
    places = range(5 * (_TID_LENGTH - 1), -1, -5)
    return "".join(_ALPHABET[number >> place & 0x1F] for place in places)


def record_cid(record: Mapping[str, Any]) -> str:
    """Compute the content hash (CID) that a server gives to a record.

    Args:
        record: exactly as it is sent, as JSON's values.

    Raises:
        TypeError: the record holds a number with a fraction, which the protocol does not know.
    """
    block = libipld.encode_dag_cbor(_as_ipld(record))
    return str(libipld.encode_cid(_CID_PREFIX + sha256(block).digest()))


def _as_ipld(value: Any) -> Any:  # noqa: ANN401 - any of JSON's values
    """Turn JSON's values into the data model's: a link is written as an object."""
    if isinstance(value, float):
        message = "a record holds no numbers with a fraction"
        raise TypeError(message)
    if isinstance(value, list):
        return [_as_ipld(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"$link"}:
        encoded = value["$link"].removeprefix("b").upper()
        return b32decode(encoded + "=" * (-len(encoded) % 8))
    return {key: _as_ipld(each) for key, each in value.items()}
