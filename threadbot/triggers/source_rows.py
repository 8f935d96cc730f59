"""What the ledger keeps of a source: its row, and what is known of its entries.

Owns the row, and the reading of entries and their keys (`entry_rows` writes them), on the
connection of a transaction that somebody else began; never begins or ends one, and never decides
what becomes of an entry.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, insert, or_, select, update

from threadbot.delivery.tables import entries, entry_keys, entry_threads, sources, threads
from threadbot.triggers.decisions import EntryThread, Knowledge, KnownEntry
from threadbot.triggers.file_rows import forget_files
from threadbot.triggers.keys import Key
from threadbot.triggers.polling import Poll

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from threadbot.triggers.settings import Source

#: Keys that are looked up in one query.
_AT_ONCE: Final = 500
_DAY: Final = timedelta(days=1)
#: Columns that tell whether an answer brings anything new.
VALIDATORS: Final = ("etag", "last_modified", "body_hash")
#: States of a thread that goes out without anybody doing more, and is not yet out.
_GOING_OUT: Final = ("approved", "scheduled", "sending")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as it is remembered.

    Args:
        id: its row.
        first_seen: when stock was taken of it, or None.
        poll: what is remembered of asking it; its `next_at` says nothing of what is no feed.
    """

    id: int
    first_seen: datetime | None
    poll: Poll


def find_source(connection: Connection, source: Source, now: datetime) -> SourceRow:
    """Read the row of a source; make it where there is none, and begin anew at another place.

    Args:
        connection: inside a transaction that may write.
        source: as configured.
        now: the present (UTC).
    """
    query = select(sources).where(sources.c.name == source.name)
    found = connection.execute(query.with_for_update()).mappings().first()
    if found is not None and found["place"] == source.place:
        return source_row(found)
    begun: dict[str, Any] = {
        "name": source.name,
        "place": source.place,
        # A webhook has no stock that could be taken.
        "first_seen_at": now if source.kind == "webhook" else None,
        "url": source.url,
        "next_at": now if source.kind == "feed" else None,
        "interval_seconds": int(source.pace.usual.total_seconds()),
        "failures": 0,
    }
    begun |= dict.fromkeys((*VALIDATORS, "read_at", "checked_at", "error"))
    if found is None:
        connection.execute(insert(sources).values(begun))
    else:
        connection.execute(update(sources).where(sources.c.id == found["id"]).values(begun))
        forget_files(connection, found["id"])
    return source_row(connection.execute(query).mappings().one())


def source_row(row: RowMapping) -> SourceRow:
    """Read a row of the table."""
    poll = Poll(
        url=row["url"] or "",
        next_at=row["next_at"],
        interval=timedelta(seconds=row["interval_seconds"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        read_at=row["read_at"],
        checked_at=row["checked_at"],
        failures=row["failures"],
        error=row["error"],
    )
    return SourceRow(row["id"], row["first_seen_at"], poll)


def keep_poll(connection: Connection, source_id: int, poll: Poll) -> None:
    """Store what is remembered of asking a source; what a hub asked for meanwhile stays."""
    mine = sources.c.id == source_id
    planned = connection.execute(select(sources.c.next_at).where(mine)).scalar_one()
    next_at = poll.next_at
    if next_at and planned and poll.checked_at and poll.checked_at < planned:
        next_at = min(next_at, planned)
    values = {
        "url": poll.url or None,
        "next_at": next_at,
        "interval_seconds": int(poll.interval.total_seconds()),
        "etag": poll.etag,
        "last_modified": poll.last_modified,
        "body_hash": poll.body_hash,
        "read_at": poll.read_at,
        "checked_at": poll.checked_at,
        "failures": poll.failures,
        "error": poll.error,
    }
    connection.execute(update(sources).where(mine).values(values))


def knowledge(
    connection: Connection, row: SourceRow, source: Source, keys: Iterable[Key], now: datetime
) -> Knowledge:
    """Give what intake must know of a source.

    Args:
        connection: inside a transaction.
        row: the source.
        source: as configured.
        keys: what its entries are looked up by.
        now: the present (UTC).
    """
    owners = _owners(connection, row.id, keys)
    known = _known(connection, set(owners.values()), sandbox=source.sandbox)
    mine = entries.c.source_id == row.id
    today = select(func.count()).where(mine, entries.c.taken_at > now - _DAY)
    seen = select(entries.c.id).where(mine).limit(1)
    return Knowledge(
        first_seen=row.first_seen,
        entries={key: known[owner] for key, owner in owners.items()},
        let_in_today=connection.execute(today).scalar_one(),
        backlog=_backlog(connection, row.id, by_itself=source.approval == "auto"),
        headlines=_headlines(connection, owners),
        is_bare=source.kind == "feed" and connection.execute(seen).first() is None,
    )


def _owners(connection: Connection, source_id: int, keys: Iterable[Key]) -> dict[Key, int]:
    by_kind: defaultdict[str, list[Key]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key)
    found: dict[Key, int] = {}
    columns = entry_keys.c
    for kind, same in by_kind.items():
        for start in range(0, len(same), _AT_ONCE):
            values = {key.value: key for key in same[start : start + _AT_ONCE]}
            query = select(columns.value, columns.entry_id).where(
                columns.source_id == source_id, columns.kind == kind, columns.value.in_(values)
            )
            found |= {values[value]: owner for value, owner in connection.execute(query)}
    return found


def _headlines(connection: Connection, owners: Mapping[Key, int]) -> dict[int, frozenset[Key]]:
    """Give the headlines of entries that nothing but a text leads to; hardly ever there are any."""
    named = {owner for key, owner in owners.items() if key.kind != "content"}
    wanted = sorted(set(owners.values()) - named)
    found: defaultdict[int, set[Key]] = defaultdict(set)
    columns = entry_keys.c
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(columns.entry_id, columns.value).where(
            columns.entry_id.in_(wanted[start : start + _AT_ONCE]), columns.kind == "headline"
        )
        for owner, value in connection.execute(query):
            found[owner].add(Key("headline", value))
    return {owner: frozenset(keys) for owner, keys in found.items()}


def _known(connection: Connection, ids: Iterable[int], *, sandbox: bool) -> dict[int, KnownEntry]:
    wanted = sorted(ids)
    made: defaultdict[int, list[EntryThread]] = defaultdict(list)
    found: dict[int, KnownEntry] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        for entry_id, thread in threads_of(connection, some, sandbox=sandbox):
            made[entry_id].append(thread)
        columns = entries.c
        is_unread = and_(columns.entry.is_not(None), columns.work.is_distinct_from("approve"))
        query = select(
            columns.id,
            columns.state,
            columns.version,
            columns.changed_at,
            columns.kept_at,
            is_unread,
            columns.title,
        ).where(columns.id.in_(some))
        for number, state, version, *others in connection.execute(query):
            found[number] = KnownEntry(number, state, version, tuple(made[number]), *others)
    return found


def threads_of(
    connection: Connection, ids: Sequence[int], *, sandbox: bool
) -> list[tuple[int, EntryThread]]:
    """Give the threads that were made of entries, the oldest first, each with its entry's row."""
    columns = threads.c
    query = (
        select(
            entry_threads.c.entry_id, columns.id, columns.account, columns.state, columns.attempt
        )
        .join(threads, columns.id == entry_threads.c.thread_id)
        .where(entry_threads.c.entry_id.in_(ids), columns.sandbox == sandbox)
        .order_by(columns.id)
    )
    return [
        (entry_id, EntryThread(str(number), account, state, attempt > 0))
        for entry_id, number, account, state, attempt in connection.execute(query)
    ]


def _backlog(connection: Connection, source_id: int, *, by_itself: bool) -> int:
    """Count the entries that will go out without anybody doing more, and are not yet out."""
    going_out = (
        select(entry_threads.c.entry_id)
        .join(threads, threads.c.id == entry_threads.c.thread_id)
        .where(entry_threads.c.entry_id == entries.c.id, threads.c.state.in_(_GOING_OUT))
        .exists()
    )
    begun = and_(entries.c.work.is_not(None), entries.c.work != "revise")
    open_ones = or_(going_out, begun) if by_itself else going_out
    query = select(func.count()).where(
        entries.c.source_id == source_id, entries.c.state == "taken", open_ones
    )
    return connection.execute(query).scalar_one()
