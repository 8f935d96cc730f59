"""Wakes threads that wait in the engine when a person changed what is to become of them.

Owns the comparison of what waits with what the ledger says of it. Never carries a thread, and never
changes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.delivery.deliver import is_wholly_absent
from threadbot.delivery.due_questions import TO_BEGIN
from threadbot.worker.carrying import LIVE

if TYPE_CHECKING:
    from datetime import datetime

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
        # The attempts that counted when a thread was asked to go on in the midst of an older one.
        self._asked: dict[str, int] = {}

    def look(self, now: datetime) -> None:
        """Wake what was cancelled, held or moved, and end attempts that do not count any more.

        An attempt with whose thread a post is out, or may be, keeps its place, whatever its number:
        the others of the account stay behind it.

        What began to wait in another process may have been changed while none ran: of that it is
        not known how it stood before, only whether it still is what may wait.

        Args:
            now: the present (UTC).
        """
        waiting = self._engine.waiting()
        if not waiting:
            self._seen = {}
            return
        standings = self._ledger.standings([one.thread for one in waiting])
        seen = {one: standings.get(one.thread) for one in waiting}
        for one, standing in seen.items():
            if standing is None or not _may_wait(standing, now):
                self._engine.wake(one.thread)
            elif one.attempt != _attempt(standing) and self._is_wholly_absent(one.thread):
                # The one that counts is handed over by itself, and would stand behind this one.
                self._engine.let_go(one.thread)
            elif self._is_of_old(one, standing):
                # Its moment is that of an attempt before the last, and may be far behind the
                # thread's own, which only the ledger knows.
                self._asked[one.thread] = _attempt(standing)
                self._engine.wake(one.thread)
            elif self._seen.get(one, standing) != standing:
                self._engine.wake(one.thread)
        self._seen = seen

    def _is_of_old(self, one: Waiting, standing: Standing) -> bool:
        """Tell whether the attempt that counts is another one, and nobody asked on its behalf."""
        counts = _attempt(standing)
        return one.attempt != counts and self._asked.get(one.thread) != counts

    def _is_wholly_absent(self, thread: str) -> bool:
        """Tell whether others of its account may go out before it: none may in its midst."""
        return is_wholly_absent(self._ledger.outline(thread))


def _may_wait(standing: Standing, now: datetime) -> bool:
    """Tell whether a thread may wait here; until its time has come it waits in the ledger."""
    lies_ahead = standing.due_at is not None and standing.due_at > now
    return standing.state in LIVE and not (standing.state in TO_BEGIN and lies_ahead)


def _attempt(standing: Standing) -> int:
    """Give the number of the attempt that is to begin, or is under way (`DueRow.attempt`)."""
    return standing.attempt + 1 if standing.state in TO_BEGIN else standing.attempt
