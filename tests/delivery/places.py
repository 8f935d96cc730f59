"""Fresh places for a ledger, in both kinds of database."""

from __future__ import annotations

import atexit
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from postgres import new_database
from sqlalchemy import text

from threadbot.delivery.database import Database, open_database, place_of
from threadbot.delivery.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

Store: TypeAlias = Literal["sqlite", "postgresql"]
STORES: tuple[Store, ...] = ("sqlite", "postgresql")


def new_place(store: Store, folder: Path) -> str:
    """Give a place at which there is no ledger yet.

    Args:
        store: the kind of database.
        folder: where a file is put.
    """
    return new_database() if store == "postgresql" else str(folder / "ledger.sqlite")


def empty_server_ledger() -> str:
    """Give the address of an empty ledger; the tests of a process share one, one after another."""
    address, database = _server_ledger()
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with database.writing() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    return address


@cache
def _server_ledger() -> tuple[str, Database]:
    address = new_database()
    opened = open_database(place_of(address))
    atexit.register(opened.close)
    return address, opened


def execute(database: Database, statement: str) -> None:
    """Change a ledger behind its back."""
    with database.writing() as connection:
        connection.execute(text(statement))
