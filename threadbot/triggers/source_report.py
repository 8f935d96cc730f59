"""How a source is doing, for people: when it was looked at, what came, what waits, what is wrong.

Owns that report alone; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from threadbot.delivery.tables import entries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.triggers.polling import Poll
    from threadbot.triggers.source_rows import SourceRow

#: Waiting entries that a report names.
_MOST_NAMED: Final = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that waits for a person.

    Args:
        id: what it is let in by.
        title: what it is called.
        reason: why it waits, in a sentence.
    """

    id: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """How a source is doing.

    Args:
        poll: what is remembered of asking it; None where it was never looked at.
        first_seen: when stock was taken of it.
        last_title: the article that was let in last.
        last_at: when that was.
        waiting: entries that wait for a person, the newest first; at most 50.
        troubles: what keeps entries from becoming drafts, in sentences.
    """

    poll: Poll | None = None
    first_seen: datetime | None = None
    last_title: str | None = None
    last_at: datetime | None = None
    waiting: tuple[Waiting, ...] = ()
    troubles: tuple[str, ...] = ()


def read_report(connection: Connection, row: SourceRow) -> Report:
    """Say how a source is doing.

    Args:
        connection: inside a transaction.
        row: the source.
    """
    columns = entries.c
    mine = columns.source_id == row.id
    last = connection.execute(
        select(columns.title, columns.taken_at)
        .where(mine, columns.taken_at.is_not(None))
        .order_by(columns.taken_at.desc(), columns.id.desc())
        .limit(1)
    ).first()
    waiting = connection.execute(
        select(columns.id, columns.title, columns.reason)
        .where(mine, columns.state == "waiting")
        .order_by(columns.id.desc())
        .limit(_MOST_NAMED)
    )
    troubles = connection.execute(
        select(columns.title, columns.error)
        .where(mine, columns.work.is_not(None), columns.error.is_not(None))
        .limit(_MOST_NAMED)
    )
    return Report(
        poll=row.poll,
        first_seen=row.first_seen,
        last_title=None if last is None else last.title,
        last_at=None if last is None else last.taken_at,
        waiting=tuple(Waiting(*one) for one in waiting),
        troubles=tuple(f"{title}: {error}" for title, error in troubles),
    )
