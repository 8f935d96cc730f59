"""What the ledger keeps of a folder's files: how each looked when it was taken in.

Owns these rows on the connection of a transaction that somebody else began; never begins or ends
one. They only save work: without them every file is read, and found to be known, once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from threadbot.delivery.tables import files, sources
from threadbot.triggers.folder_state import Sight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from threadbot.triggers.settings import Source

#: Paths that are named in one query.
_AT_ONCE: Final = 500


def known_files(connection: Connection, source: Source) -> dict[str, Sight]:
    """Give the files that were taken in, by path; none where the source was elsewhere then.

    Args:
        connection: inside a transaction.
        source: as configured.
    """
    same = (sources.c.name == source.name, sources.c.place == source.place)
    query = select(sources.c.id).where(*same)
    number = connection.execute(query).scalar()
    return {} if number is None else _read(connection, number)


def keep_files(connection: Connection, source_id: int, seen: Mapping[str, Sight]) -> None:
    """Remember the files that are taken in, and forget all others; write only what differs.

    Args:
        connection: inside the transaction that their entries are stored in.
        source_id: the source's row.
        seen: how each looks, by path.
    """
    before = _read(connection, source_id)
    new = {path: sight for path, sight in seen.items() if before.get(path) != sight}
    _forget(connection, source_id, [path for path in before if path in new or path not in seen])
    rows: list[dict[str, Any]] = [
        {
            "source_id": source_id,
            "path": path,
            "size": sight.size,
            "modified": sight.modified,
            "digest": sight.digest,
        }
        for path, sight in new.items()
    ]
    if rows:
        connection.execute(insert(files), rows)


def forget_files(connection: Connection, source_id: int) -> None:
    """Forget all files of a source, as it is elsewhere now."""
    connection.execute(delete(files).where(files.c.source_id == source_id))


def _read(connection: Connection, source_id: int) -> dict[str, Sight]:
    columns = files.c
    query = select(columns.path, columns.size, columns.modified, columns.digest)
    found = connection.execute(query.where(columns.source_id == source_id))
    return {path: Sight(size, modified, digest) for path, size, modified, digest in found}


def _forget(connection: Connection, source_id: int, paths: list[str]) -> None:
    for start in range(0, len(paths), _AT_ONCE):
        some = files.c.path.in_(paths[start : start + _AT_ONCE])
        connection.execute(delete(files).where(files.c.source_id == source_id, some))
