"""Forgets what has long been finished, in the ledger and in the engine, while a worker runs.

Owns when that is done, and in how small pieces; what is forgotten, `delivery.pruning` says.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.delivery.pruning import Pruned, prune_some

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.delivery.engine import Engine
    from threadbot.delivery.ledger import Ledger

#: The time between two clean-ups.
INTERVAL: Final = timedelta(hours=1)

_log: Final = logging.getLogger(__name__)


class Cleaning:
    """Cleans up once an hour, a few threads at a time, so that those which are due do not wait.

    Args:
        ledger: holds the threads.
        engine: remembers what it carried.
        keep: for how long what is finished is kept.
    """

    def __init__(self, ledger: Ledger, engine: Engine, keep: timedelta) -> None:
        self._ledger = ledger
        self._engine = engine
        self._keep = keep
        self._next: datetime | None = None
        self._done = Pruned()

    def go_on(self, now: datetime) -> None:
        """Clean up a little, if it is time.

        Args:
            now: the present (UTC).
        """
        if self._next is not None and now < self._next:
            return
        some = prune_some(self._ledger.database, now - self._keep)
        self._done += some
        if some != Pruned():
            return
        if self._engine.prune(now - self._keep):
            return
        if self._done != Pruned():
            _log.info("what finished long ago was forgotten: %s", self._done.in_words)
        self._next, self._done = now + INTERVAL, Pruned()
