"""Desks for benchmarks: configuration, ledger of either kind, workers of the real program."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path += [os.fspath(Path(__file__).parents[1] / name) for name in ("cli", "delivery", "worker")]

from postgres import new_database
from workers import Desk

if TYPE_CHECKING:
    import subprocess

    from engine_places import Store


@dataclass
class BenchDesk(Desk):
    """A desk with variables of its own, whose workers never wait for who reads their words."""

    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command."""
        # Programs that are installed have been compiled once.
        kept = super().environment | self.variables
        return {name: value for name, value in kept.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """Start a worker, and wait until it carries threads out."""
        worker = super().start(*options)
        # Nobody reads what it says from here on, and a full pipe would stop it.
        assert worker.stderr is not None
        threading.Thread(target=worker.stderr.read, daemon=True).start()
        return worker


def new_desk(store: Store, folder: Path) -> BenchDesk:
    """Give a desk with an empty ledger.

    Args:
        store: the kind of database.
        folder: where it all lies.
    """
    return BenchDesk(folder, None if store == "sqlite" else new_database())
