"""Fresh places for an engine, in both kinds of database, each made in a moment from a template."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from postgres import new_database

from threadbot.delivery.engine import Engine
from threadbot.delivery.engine_database import engine_path
from threadbot.delivery.rest import DONE

Store: TypeAlias = Literal["sqlite", "postgresql"]
STORES: tuple[Store, ...] = ("sqlite", "postgresql")


def new_place(store: Store, folder: Path) -> Path | str:
    """Give a place at which an engine was opened once and closed.

    Args:
        store: the kind of database.
        folder: where a file is put.
    """
    if store == "postgresql":
        return new_database(_postgresql())
    place = folder / "ledger.sqlite"
    shutil.copy(_sqlite(), engine_path(place))
    return place


@cache
def _sqlite() -> Path:
    place = Path(tempfile.mkdtemp()) / "template.sqlite"
    _open_once(place)
    return engine_path(place)


@cache
def _postgresql() -> str:
    place = new_database()
    _open_once(place)
    return place


def _open_once(place: Path | str) -> None:
    with Engine(place, "template", lambda _: DONE, print):
        pass
