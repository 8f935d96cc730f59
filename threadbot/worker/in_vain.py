"""Since when each thread is tried in vain, so that its network is asked less and less often.

Owns that memory, which dies with the process: waits then begin anew. Never touches the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.delivery.model import ThreadRow


@dataclass(frozen=True, slots=True)
class InVain:
    """Remembers the first try of each thread that could not go out yet."""

    _since: dict[str, tuple[int, datetime]] = field(default_factory=dict, repr=False)

    def since(self, row: ThreadRow) -> datetime | None:
        """Say since when the present attempt of a thread is tried in vain (UTC), if it is."""
        attempt, first = self._since.get(row.id, (row.attempt, None))
        return first if attempt == row.attempt else None

    def tried(self, row: ThreadRow, now: datetime) -> None:
        """Note that a thread is tried now (UTC); the first try of an attempt counts."""
        if self.since(row) is None:
            self._since[row.id] = (row.attempt, now)

    def forget(self, thread: str) -> None:
        """Note that a thread, by its number, is not tried any more, or got further."""
        self._since.pop(thread, None)
