"""The tables: what the migrations make is what the ledger asks for, in each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from places import STORES

from threadbot.delivery.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy.sql.schema import SchemaItem

    from threadbot.delivery.ledger import Ledger

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
#: Neither Alembic nor SQLAlchemy compares indexes on expressions; `test_listing` asks whether the
#: database uses these two.
EXPRESSIONS = ("ix_threads_open", "ix_threads_going")


def is_compared(_item: SchemaItem, name: str | None, *_more: object) -> bool:
    """Tell whether Alembic can compare something."""
    return name not in EXPRESSIONS


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_tables_are_what_the_migrations_make(ledger: Ledger) -> None:
    """The newest migration leaves exactly the tables that the ledger asks for."""
    options = {"compare_type": True, "include_object": is_compared}
    with ledger.database.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
