"""Fresh places for an engine, in both kinds of database, each made in a moment from a template."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from postgres import new_database, running

from threadbot.delivery.engine import Engine
from threadbot.delivery.engine_database import engine_path
from threadbot.delivery.rest import DONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Store: TypeAlias = Literal["sqlite", "postgresql"]
STORES: tuple[Store, ...] = ("sqlite", "postgresql")


@dataclass
class Places:
    """Makes places.

    Args:
        folder: where files and the server's folder are put.
        server: the address of a PostgreSQL server.
    """

    folder: Path
    server: str
    _templates: dict[Store, Path | str] = field(default_factory=dict)

    def new(self, store: Store, folder: Path) -> Path | str:
        """Give a place at which an engine was opened once and closed.

        Args:
            store: the kind of database.
            folder: where a file is put.
        """
        if store not in self._templates:
            self._templates[store] = self._template(store)
        template = self._templates[store]
        if isinstance(template, str):
            return new_database(self.server, template)
        place = folder / "ledger.sqlite"
        shutil.copy(engine_path(template), engine_path(place))
        return place

    def _template(self, store: Store) -> Path | str:
        place = self.folder / "template" if store == "sqlite" else new_database(self.server)
        with Engine(place, "template", lambda _: DONE, print):
            pass
        return place


@contextmanager
def places(folder: Path) -> Iterator[Places]:
    """Run the server that places need."""
    with running(folder / "postgresql") as server:
        yield Places(folder, server)
