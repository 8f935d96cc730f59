"""Whether what a ledger holds is whole: the file, the ties between its rows, every thread's words.

Owns what is checked and the words for what is amiss. Never repairs anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, func, select, type_coerce

from threadbot.delivery.model import RELEASING
from threadbot.delivery.moved import where_to
from threadbot.delivery.records import checked_plan, checked_thread
from threadbot.delivery.tables import claims, metadata, plans, threads
from threadbot.delivery.utc_time import UtcTime
from threadbot.delivery.versions import NEWEST
from threadbot.errors import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from threadbot.delivery.database import Database

#: Rows that are held in memory at once.
BATCH: Final = 200
# How a moment is stored.
_MOMENT: Final = "____-__-__T__:__:__.______+00:00"


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found.

    Args:
        version: the ledger's; None where there is nothing yet.
        newest: the one that this threadbot makes.
        threads: how many were read.
        problems: a sentence for each thing that is amiss.
    """

    version: str | None
    newest: str
    threads: int
    problems: tuple[str, ...]


def check(database: Database) -> Condition:
    """Read everything that a ledger holds.

    Args:
        database: opened as it is, without an upgrade.

    Raises:
        LedgerError: it cannot be read at all.
    """
    if database.version != NEWEST:
        problem = (
            "there is no ledger yet; the first command that uses it makes one"
            if database.version is None
            else f"its version is {database.version}, and {NEWEST} is the newest; "
            "run `threadbot db upgrade`, then check again"
        )
        return Condition(database.version, NEWEST, 0, (problem,))
    with database.reading() as connection:
        count = connection.execute(select(func.count()).select_from(threads)).scalar_one()
        problems = (
            *_file(connection),
            *_elsewhere(connection),
            *_ties(connection),
            *_moments(connection),
            *_threads(connection),
            *_plans(connection),
            *_claims(connection),
        )
    return Condition(database.version, NEWEST, count, problems)


def _file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for said in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
            if said != "ok":
                yield f"the file is damaged: {said}"


def _elsewhere(connection: Connection) -> Iterator[str]:
    if (place := where_to(connection)) is not None:
        yield f"it was moved to {place}, and nothing goes out from here; let [ledger] name that one"


def _ties(connection: Connection) -> Iterator[str]:
    """Find rows that belong to a row which is not there."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            other = key.column
            lonely = (
                select(func.count())
                .select_from(table.outerjoin(other.table, key.parent == other))
                .where(key.parent.is_not(None), other.is_(None))
            )
            if count := connection.execute(lonely).scalar_one():
                yield f"{count} rows of {table.name} belong to missing {other.table.name}"


def _moments(connection: Connection) -> Iterator[str]:
    """Find moments that cannot be read."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, UtcTime):
                continue
            odd = type_coerce(column, String).not_like(_MOMENT)
            if count := connection.execute(select(func.count()).where(odd)).scalar_one():
                yield f"{count} times in {table.name}.{column.name} cannot be read"


def _threads(connection: Connection) -> Iterator[str]:
    for row in _rows(connection, select(threads)):
        try:
            checked_thread(row)
        except DamagedError as error:
            yield str(error)


def _plans(connection: Connection) -> Iterator[str]:
    for row in _rows(connection, select(plans)):
        try:
            checked_plan(row)
        except DamagedError:
            yield f"the plan of thread {row['thread_id']} cannot be read"


def _claims(connection: Connection) -> Iterator[str]:
    """Find claims that are not their thread's."""
    query = select(
        claims.c.thread_id,
        threads.c.state,
        (
            (claims.c.article_id == threads.c.article_id)
            & (claims.c.account == threads.c.account)
            & (claims.c.sandbox == threads.c.sandbox)
        ).label("fits"),
    ).join(threads, claims.c.thread_id == threads.c.id)
    for row in _rows(connection, query):
        if not row["fits"]:
            yield f"the claim of thread {row['thread_id']} is on another article or account"
        elif row["state"] in RELEASING:
            yield f"thread {row['thread_id']} is {row['state']} and keeps its article all the same"


def _rows(connection: Connection, query: Any) -> Iterator[Any]:  # noqa: ANN401 - rows of any table
    with connection.execute(query, execution_options={"yield_per": BATCH}) as result:
        yield from result.mappings()
