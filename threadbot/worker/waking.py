"""Wakes threads that wait in the engine when a person changed what is to become of them.

Owns the comparison of what waits with what the ledger says of it. Never carries a thread, and never
changes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.worker.carrying import LIVE

if TYPE_CHECKING:
    from threadbot.delivery.due_rows import Standing
    from threadbot.delivery.engine import Engine
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.rest import Waiting


class Waking:
    """Ends waits that nothing waits for any more: they keep the others of an account back.

    Args:
        ledger: holds the threads.
        engine: holds those that wait.
    """

    def __init__(self, ledger: Ledger, engine: Engine) -> None:
        self._ledger = ledger
        self._engine = engine
        self._seen: dict[Waiting, Standing | None] = {}

    def look(self) -> None:
        """Wake what was cancelled, held or moved since it began to wait."""
        waiting = self._engine.waiting()
        if not waiting:
            self._seen = {}
            return
        standings = self._ledger.standings([one.thread for one in waiting])
        seen = {one: standings.get(one.thread) for one in waiting}
        for one, standing in seen.items():
            live = standing is not None and standing.state in LIVE
            if not live or self._seen.get(one, standing) != standing:
                self._engine.wake(one.thread)
        self._seen = seen
