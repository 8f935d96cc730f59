"""What the engine's library says, in our own log: redacted, quiet, never elsewhere.

Owns the logger of DBOS. Never decides anything but whether a line is worth showing.
"""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING, Final

from threadbot.log import conceal_in_libraries

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY: Final = "dbos"
# What every close says of every thread that waits.
_EXPECTED: Final = "Asyncio task cancelled"
# Fields that are the same on every line.
_NOISE: Final = ("applicationID", "applicationVersion", "executorID")
_TRACE: Final = "Traceback (most recent call last)"
# A database that is away tells nothing by the place in the library at which that was noticed, and
# each part of the library notices it again and again.
_AWAY: Final = "sqlalchemy.exc.OperationalError: "
_IS_AWAY: Final = "OperationalError"
_SELDOM: Final = 60.0  # seconds


def tame() -> None:
    """Send the library's lines to our log. To be called before the library sets up its own."""
    logger = logging.getLogger(LIBRARY)
    # With a handler there, the library adds none of its own, and its lines go on to ours.
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.addFilter(Worth())
    conceal_in_libraries([LIBRARY])


class Worth:
    """Lets through what is worth a line; of a database that is away, one line a minute.

    Args:
        clock: counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._silent_until = -math.inf

    def __call__(self, record: logging.LogRecord) -> bool:
        """Shorten a line, and tell whether it is worth one."""
        for name in _NOISE:
            vars(record).pop(name, None)
        said = record.getMessage()
        before, traced, trace = said.partition(_TRACE)
        if traced and _AWAY in trace:
            record.msg, record.args = f"{before}{trace.rpartition(_AWAY)[2].splitlines()[0]}", ()
        if said.startswith(_EXPECTED):
            return False
        return _IS_AWAY not in said or self._is_time()

    def _is_time(self) -> bool:
        now = self._clock()
        if now < self._silent_until:
            return False
        self._silent_until = now + _SELDOM
        return True
