"""A fresh ledger for each test that asks for one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from threadbot.delivery.ledger import Ledger, open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty ledger, made once: the migrations take a moment."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    open_ledger(path).close()
    return path


@pytest.fixture
def ledger(tmp_path: Path, empty_ledger: Path) -> Iterator[Ledger]:
    """An empty ledger in a folder of its own."""
    path = tmp_path / "state" / "ledger.sqlite"
    path.parent.mkdir(mode=0o700)
    shutil.copy(empty_ledger, path)
    with open_ledger(path) as opened:
        yield opened
