"""What the engine's library says, in our own log: redacted, quiet, never elsewhere.

Owns the logger of DBOS. Never decides anything but whether a line is worth showing.
"""

from __future__ import annotations

import logging
from typing import Final

from threadbot.log import conceal_in_libraries

LIBRARY: Final = "dbos"
# What every close says of every thread that waits.
_EXPECTED: Final = "Asyncio task cancelled"
# Fields that are the same on every line.
_NOISE: Final = ("applicationID", "applicationVersion", "executorID")
_TRACE: Final = "Traceback (most recent call last)"
# A database that is away tells nothing by the place in the library at which that was noticed.
_AWAY: Final = "sqlalchemy.exc.OperationalError: "


def tame() -> None:
    """Send the library's lines to our log. To be called before the library sets up its own."""
    logger = logging.getLogger(LIBRARY)
    # With a handler there, the library adds none of its own, and its lines go on to ours.
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.addFilter(_worth_a_line)
    conceal_in_libraries([LIBRARY])


def _worth_a_line(record: logging.LogRecord) -> bool:
    for name in _NOISE:
        vars(record).pop(name, None)
    said = record.getMessage()
    before, traced, trace = said.partition(_TRACE)
    if traced and _AWAY in trace:
        record.msg, record.args = f"{before}{trace.rpartition(_AWAY)[2].splitlines()[0]}", ()
    return not said.startswith(_EXPECTED)
