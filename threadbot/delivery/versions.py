"""Which version of the tables a database holds, and how it becomes the newest.

Owns that reading and the running of the migrations, the same for every kind of database. Never
decides when a ledger is upgraded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sqlalchemy import inspect

from threadbot.delivery.tables import VERSIONS
from threadbot.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection

NEWEST: Final = VERSIONS[-1]
#: What opening does about tables that are missing or of an older version. A file is brought up to
#: date by whoever opens it; a server, which others may be using at that moment, only on wish.
Upgrade: TypeAlias = Literal["usual", "always", "never"]


def version_of(connection: Connection, name: str) -> str | None:
    """Tell a ledger's version, or None where the database is still empty.

    Args:
        connection: reads it.
        name: what messages call it.

    Raises:
        LedgerError: it is no ledger, or one of a newer threadbot.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables or "threads" not in tables:
        message = f"{name}: this is a database, but no ledger; name another one"
        raise LedgerError(message)
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if version is not None and version not in VERSIONS:
        message = (
            f"{name}: the ledger was written by a newer threadbot (its version is {version}, this "
            f"one knows {NEWEST}); upgrade threadbot"
        )
        raise LedgerError(message)
    return version


def migrate(connection: Connection, name: str) -> None:
    """Bring a ledger up to date within the transaction of a connection."""
    if version_of(connection, name) == NEWEST:
        return
    from alembic import command  # noqa: PLC0415 - 0.3 s that an up-to-date ledger does not need
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", "threadbot.delivery:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
