"""What the tests of sources may ask for: a newsroom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.site_on_loopback import Newsroom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger


@pytest.fixture
def newsroom(tmp_path: Path, ledger: Ledger) -> Iterator[Callable[..., Newsroom]]:
    """Give a function that opens a newsroom; its site is taken down afterwards."""
    opened: list[Newsroom] = []

    def start(more: str = "", sections: str = "") -> Newsroom:
        opened.append(Newsroom(tmp_path, ledger, more, sections))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
