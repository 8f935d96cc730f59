"""Copies a ledger from one database to another, whichever kinds they are.

Owns what is copied and what stays, and that a ledger which was moved posts no more. Numbers stay
what they are, and no number is given out twice. Secrets come along on wish alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, select, text

from threadbot.delivery.moved import mark_moved
from threadbot.delivery.tables import facts, metadata, sessions, subscriptions, threads
from threadbot.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from threadbot.delivery.database import Database

#: Rows that are held in memory at once.
BATCH: Final = 200

#: What holds secrets: the sign-ins of accounts, and what hubs of feeds prove themselves with. Feeds
#: are subscribed to anew by themselves.
SECRET: Final = (sessions, subscriptions)
#: Tables whose rows the database numbers.
_NUMBERED: Final = tuple(table for table in metadata.sorted_tables if "id" in table.c)


def move(source: Database, target: Database, *, with_sessions: bool) -> int:
    """Move a ledger to an empty database; the one that is left behind posts no more.

    Args:
        source: the ledger.
        target: holds the tables and nothing else.
        with_sessions: whether secrets come along.

    Returns:
        How many threads were moved.

    Raises:
        InputError: the target is not empty, or is the source itself.
        LedgerBusyError: somebody may be posting.
        LedgerError: a database failed; then nothing was moved.
    """
    if source.place == target.place:
        message = f"{target.name}: the ledger is there already; name another place"
        raise InputError(message)
    # The target is stored first: where that fails, the source stays what it was.
    with source.alone(), target.alone(), source.writing() as old, target.writing() as new:
        _keep_writers_out(old)
        _refuse_rows(new, target.name)
        copy_rows(old, new, with_sessions=with_sessions)
        mark_moved(old, target.name)
        return int(new.execute(select(func.count()).select_from(threads)).scalar_one())


def copy_rows(old: Connection, new: Connection, *, with_sessions: bool) -> None:
    """Copy every row that is worth keeping.

    Args:
        old: reads the ledger.
        new: writes to empty tables.
        with_sessions: whether secrets come along.
    """
    left_out = (facts,) if with_sessions else (facts, *SECRET)
    for table in metadata.sorted_tables:
        if table not in left_out:
            _copy_table(old, new, table)
    for table in _NUMBERED:
        _go_on_from(new, table, _last_number(old, table))


def _copy_table(old: Connection, new: Connection, table: Table) -> None:
    query = select(table).order_by(*table.primary_key.columns)
    with old.execute(query, execution_options={"yield_per": BATCH}) as result:
        for rows in result.mappings().partitions(BATCH):
            new.execute(insert(table), [dict(row) for row in rows])


def _keep_writers_out(connection: Connection) -> None:
    """Keep what is added meanwhile from being left behind; in SQLite only one writes anyway."""
    if connection.dialect.name == "postgresql":
        # Whoever changes the ledger begins with the facts (`moved`): in another order two would
        # wait for each other.
        others = (table for table in metadata.sorted_tables if table is not facts)
        names = ", ".join(table.name for table in (facts, *others))
        connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


def _refuse_rows(connection: Connection, name: str) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(select(func.count()).select_from(table)).scalar():
            message = f"{name}: the ledger there is not empty; name an empty database or a new file"
            raise InputError(message)


def _last_number(connection: Connection, table: Table) -> int:
    """Give the highest number that was ever given out."""
    highest = connection.execute(select(func.max(table.c.id))).scalar() or 0
    name = {"name": table.name}
    if connection.dialect.name == "postgresql":
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), name)
        query = f"SELECT last_value FROM {sequence.scalar()} WHERE is_called"  # noqa: S608 - a name of ours
        given = connection.exec_driver_sql(query).scalar()
    else:
        query = "SELECT seq FROM sqlite_sequence WHERE name = :name"
        given = connection.execute(text(query), name).scalar()
    return max(int(highest), int(given or 0))


def _go_on_from(connection: Connection, table: Table, number: int) -> None:
    """Let the next row have a higher number."""
    if number == 0:
        return
    values = {"name": table.name, "number": number}
    if connection.dialect.name == "postgresql":
        query = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)"
        connection.execute(text(query), values)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        query = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"
        connection.execute(text(query), values)
