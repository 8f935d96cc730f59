"""Whether a ledger was moved elsewhere, so that nobody posts from the copy that was left behind.

Owns that mark. Never moves anything (`copying` does).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select

from threadbot.delivery.tables import facts
from threadbot.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from threadbot.delivery.database import Database

_MOVED_TO: Final = "moved_to"


def mark_moved(connection: Connection, target: str) -> None:
    """Note where a ledger was moved.

    Args:
        connection: inside a transaction.
        target: the name of its new place.
    """
    connection.execute(delete(facts).where(facts.c.name == _MOVED_TO))
    connection.execute(insert(facts).values(name=_MOVED_TO, value=target))


def refuse_moved(database: Database) -> None:
    """Refuse a ledger that was moved elsewhere.

    Raises:
        LedgerError: it was; two that post from the same threads would post them twice.
    """
    with database.reading() as connection:
        query = select(facts.c.value).where(facts.c.name == _MOVED_TO)
        target = connection.execute(query).scalar()
    if target is not None:
        message = (
            f"{database.name}: this ledger was moved to {target}, and posts from there; let "
            "[ledger] name that one"
        )
        raise LedgerError(message)
