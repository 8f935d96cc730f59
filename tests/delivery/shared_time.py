"""A clock that several processes share, and what one of them wants to know of another.

Owns a small file that each maps into its memory; a test moves the time, nobody waits for it.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FORM = struct.Struct("dqq")


class SharedTime:
    """The time, the process that delivers, and whether it shall die at its next answer.

    Args:
        path: the file; made where there is none.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_FORM.pack(datetime.now(UTC).timestamp(), 0, 0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _FORM.size)

    def now(self) -> datetime:
        """Give the time."""
        return datetime.fromtimestamp(self._read()[0], UTC)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        moment, process, dying = self._read()
        self._memory[:] = _FORM.pack(moment + seconds, process, dying)

    def begin(self, process: int) -> None:
        """Note which process delivers from now on."""
        self._memory[:] = _FORM.pack(self._read()[0], process, 0)

    def doom(self) -> None:
        """Let the process that delivers die once it has its answer."""
        moment, process, _ = self._read()
        self._memory[:] = _FORM.pack(moment, process, 1)

    @property
    def process(self) -> int:
        """The number of the process that delivers."""
        return self._read()[1]

    @property
    def doomed(self) -> bool:
        """Whether the process that delivers shall die."""
        return bool(self._read()[2])

    def _read(self) -> tuple[float, int, int]:
        moment, process, dying = _FORM.unpack(self._memory[:])
        return float(moment), int(process), int(dying)
