"""How a source is doing, for people: when it was looked at, what came, what waits, what is wrong.

Owns that report alone; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, func, or_, select

from threadbot.delivery.tables import entries, entry_threads, threads
from threadbot.triggers.source_rows import threads_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from threadbot.delivery.model import ThreadState
    from threadbot.triggers.polling import Poll
    from threadbot.triggers.source_rows import SourceRow

#: Waiting entries, and troubles, that a report names.
_MOST_NAMED: Final = 50
#: States of a thread that an edit of its article could still change.
_OPEN: Final[tuple[ThreadState, ...]] = ("draft", "approved", "scheduled", "held")


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
class PassedOver:
    """An entry of which nothing was made, or nothing new.

    Args:
        title: what it is called.
        reason: why, in a sentence.
        at: when it was first seen.
    """

    title: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """How a source is doing.

    Args:
        poll: what is remembered of asking it; None where it was never looked at.
        first_seen: when stock was taken of it.
        last_title: the article that was let in last.
        last_at: when that was.
        waiting: entries that wait for a person, the newest first; at most 50.
        troubles: what is wrong with further files of a folder; what keeps entries from becoming
            drafts, edits from being taken over and drafts from being approved, each with what to
            do, the newest first, at most 50.
        passed_over: the entry that was passed over last, as it is not wanted, of the archive, or
            a thread already; the stock of the first sight aside.
    """

    poll: Poll | None = None
    first_seen: datetime | None = None
    last_title: str | None = None
    last_at: datetime | None = None
    waiting: tuple[Waiting, ...] = ()
    troubles: tuple[str, ...] = ()
    passed_over: PassedOver | None = None


def read_report(connection: Connection, row: SourceRow, *, sandbox: bool) -> Report:
    """Say how a source is doing.

    Args:
        connection: inside a transaction.
        row: the source.
        sandbox: whether its threads are the sandbox's.
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
    # Of a folder each line is what is wrong with one file.
    error, *others = (row.poll.error or "").split("\n")
    return Report(
        poll=replace(row.poll, error=error or None),
        first_seen=row.first_seen,
        last_title=None if last is None else last.title,
        last_at=None if last is None else last.taken_at,
        waiting=tuple(Waiting(*one) for one in waiting),
        troubles=(*others, *_troubles(connection, row, sandbox=sandbox)),
        passed_over=_passed_over(connection, row, sandbox=sandbox),
    )


def _passed_over(connection: Connection, row: SourceRow, *, sandbox: bool) -> PassedOver | None:
    """Find what was passed over last; what came with the stock is no news to anybody."""
    if row.first_seen is None:
        return None
    columns = entries.c
    # Its article is a thread already; while that is a draft, it is a trouble. What only a person
    # could approve has its error as its reason, too.
    is_there_already = and_(
        columns.state == "taken",
        columns.work.is_(None),
        columns.tries == 0,
        columns.entry.is_(None),
        columns.error != columns.reason,
        ~_has_thread(("draft",), sandbox=sandbox),
    )
    reason = func.coalesce(columns.error, columns.reason)
    query = (
        select(columns.title, reason, columns.seen_at)
        .where(
            columns.source_id == row.id,
            or_(columns.state.in_(("stock", "filtered")), is_there_already),
            columns.seen_at > row.first_seen,
        )
        .order_by(columns.id.desc())
        .limit(1)
    )
    found = connection.execute(query).first()
    return None if found is None else PassedOver(*found)


def _troubles(connection: Connection, row: SourceRow, *, sandbox: bool) -> Iterator[str]:
    """Say what went wrong with entries, as long as there is something to be done about it."""
    columns = entries.c
    given_up = and_(columns.work.is_(None), columns.state == "taken")
    # An account got no thread, as none can be made: the text is kept for a person's next try.
    refused = and_(given_up, columns.tries == 0, columns.entry.is_not(None))
    said_all = or_(columns.work.is_not(None), refused).label("said_all")
    query = select(columns.id, columns.title, columns.error, columns.tries, said_all).where(
        columns.source_id == row.id,
        columns.error.is_not(None),
        or_(
            columns.work.is_not(None),
            refused,
            and_(given_up, columns.tries > 0, _has_thread(_OPEN, sandbox=sandbox)),
            and_(given_up, columns.tries == 0, _has_thread(("draft",), sandbox=sandbox)),
        ),
    )
    newest = query.order_by(columns.id.desc()).limit(_MOST_NAMED)
    for found in connection.execute(newest).mappings().all():
        said = f"{found['title']}: {found['error'].removesuffix('.')}"
        yield (
            said if found["said_all"] else f"{said}; {_advice(connection, found, sandbox=sandbox)}"
        )


def _has_thread(states: Sequence[ThreadState], *, sandbox: bool) -> ColumnElement[bool]:
    return (
        select(entry_threads.c.entry_id)
        .join(threads, threads.c.id == entry_threads.c.thread_id)
        .where(
            entry_threads.c.entry_id == entries.c.id,
            threads.c.state.in_(states),
            threads.c.sandbox == sandbox,
        )
        .exists()
    )


def _advice(connection: Connection, found: RowMapping, *, sandbox: bool) -> str:
    """Say what a person can do about an entry that nothing more is done with."""
    own = [one for _, one in threads_of(connection, [found["id"]], sandbox=sandbox)]
    if found["tries"]:
        names = ", ".join(one.id for one in own if one.state in _OPEN)
        return (
            f"thread {names} stays as it was before the edit: `threadbot poll --let-in "
            f"{found['id']}` tries once more, `threadbot queue` cancels it"
        )
    names = " ".join(one.id for one in own if one.state == "draft")
    return (
        f"`threadbot queue approve {names}` lets it out, `threadbot queue reject {names}` drops it"
    )
