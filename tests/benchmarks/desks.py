"""Desks for benchmarks: configuration, ledger of either kind, workers of the real program."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path += [os.fspath(Path(__file__).parents[1] / name) for name in ("cli", "delivery", "worker")]

from postgres import new_database
from workers import Desk

if TYPE_CHECKING:
    from engine_places import Store


@dataclass
class BenchDesk(Desk):
    """A desk whose programs are compiled, as installed ones are."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command."""
        environment = super().environment
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return environment


def new_desk(store: Store, folder: Path) -> BenchDesk:
    """Give a desk with an empty ledger.

    Args:
        store: the kind of database.
        folder: where it all lies.
    """
    return BenchDesk(folder, None if store == "sqlite" else new_database(), fresh=True)
