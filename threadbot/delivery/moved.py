"""Whether a ledger was moved elsewhere, so that nobody posts from the copy that was left behind.

Owns that mark. Never moves anything (`copying` does).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select

from threadbot.delivery.tables import facts
from threadbot.errors import MovedLedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from threadbot.delivery.database import Database

_MOVED_TO: Final = "moved_to"
_WHERE_TO: Final = select(facts.c.value).where(facts.c.name == _MOVED_TO)


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
        MovedLedgerError: it was; two that post from the same threads would post them twice.
    """
    with database.reading() as connection:
        _refuse(where_to(connection), database.name)


def where_to(connection: Connection) -> str | None:
    """Give the place that a ledger was moved to, or None."""
    return connection.execute(_WHERE_TO).scalar()


def refuse_change(connection: Connection, name: str) -> None:
    """Refuse to change a ledger that was moved elsewhere since it was opened.

    Whoever moves it waits then until the transaction ends: what would be put in behind its back
    would be left behind, and nobody would ever post it.

    Args:
        connection: inside a transaction, before it locks anything else.
        name: the ledger's.

    Raises:
        MovedLedgerError: it was moved.
    """
    # On a server the lock on the row, though there is none, keeps out who locks the whole table.
    _refuse(connection.execute(_WHERE_TO.with_for_update(read=True)).scalar(), name)


def _refuse(target: str | None, name: str) -> None:
    if target is not None:
        message = (
            f"{name}: this ledger was moved to {target}, and posts from there; let [ledger] name "
            "that one"
        )
        raise MovedLedgerError(message)
