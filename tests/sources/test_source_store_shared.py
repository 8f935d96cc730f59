"""What the ledger keeps of sources, where several use it at once in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from threadbot.delivery.ledger import open_ledger
from threadbot.triggers.settings import Source
from threadbot.triggers.store import SourceStore

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FEEDS = [Source(f"feed-{number}", "feed", url=f"https://{number}.example/") for number in range(9)]


class BrokenOff:
    """Names of which the first look-up ends everything."""

    def __contains__(self, name: object) -> bool:
        """Break off."""
        raise KeyboardInterrupt


def test_a_look_that_is_not_read_to_its_end_keeps_nobody_from_writing(tmp_path: Path) -> None:
    """Its connection sees no former state any more: whoever has it next may write at once."""
    path = tmp_path / "ledger.db"
    with open_ledger(path) as ledger, open_ledger(path) as other:
        store = SourceStore(ledger)
        store.begin(FEEDS, NOW)
        with pytest.raises(KeyboardInterrupt) as kept:
            store.due(BrokenOff(), NOW, 1)
        # As long as the failure is looked at, nothing of that look is thrown away.
        assert kept.traceback
        SourceStore(other).ask_now("feed-1", NOW)
        store.ask_now("feed-2", NOW)
