"""What the ledger keeps of a source's entries: what became of them, and what they are known by.

Owns the writing of these rows on the connection of a transaction that somebody else began; writes
only what differs from what is known, as most of what a feed shows is what it showed before. Never
begins or ends a transaction, and never decides what becomes of an entry.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, update

from threadbot.delivery.tables import entries, entry_keys
from threadbot.triggers.decisions import AskFirst, Leave, LetIn, Overtaken, PassOver, Revise

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.triggers.decisions import Decision, Knowledge, KnownEntry
    from threadbot.triggers.keys import Key

_DAY: Final = timedelta(days=1)


def remember(
    connection: Connection,
    source_id: int,
    decisions: Iterable[Decision],
    knowledge: Knowledge,
    now: datetime,
) -> None:
    """Store what becomes of entries, and what is to be done with them.

    Args:
        connection: inside the transaction that the decisions were made in.
        source_id: the source's row.
        decisions: what intake decided.
        knowledge: what it was decided on, read in the same transaction.
        now: the present (UTC).
    """
    known = {entry.id: entry for entry in knowledge.entries.values()}
    owners: dict[Key, int] = {key: entry.id for key, entry in knowledge.entries.items()}
    new: list[dict[str, Any]] = []
    for decision in decisions:
        row = decision.known
        if isinstance(decision, Overtaken) or (row is None and not decision.keys):
            # What has no keys nothing would find again: each reading would add a row.
            continue
        if row is None:
            row = _insert(connection, source_id, decision, now)
        else:
            _update(connection, known[row], decision, now)
        for key in decision.keys:
            if key not in owners:
                owners[key] = row
                of_key = {"source_id": source_id, "kind": key.kind, "value": key.value}
                new.append(of_key | {"entry_id": row})
    if new:
        connection.execute(insert(entry_keys), new)


def _insert(connection: Connection, source_id: int, decision: Decision, now: datetime) -> int:
    begun = {"source_id": source_id, "seen_at": now, "kept_at": now, "tries": 0}
    values = begun | _values_of(decision, now)
    made = connection.execute(insert(entries).values(values)).inserted_primary_key
    assert made is not None  # noqa: S101 - for the type
    return int(made[0])


def _update(connection: Connection, known: KnownEntry, decision: Decision, now: datetime) -> None:
    values = _values_of(decision, now)
    is_edited = decision.version != known.version
    if is_edited:
        values["kept_at"] = now
    is_same = not is_edited and values.get("changed_at", known.changed) == known.changed
    one = update(entries).where(entries.c.id == known.id)
    if not (is_same and isinstance(decision, Leave)):
        connection.execute(one.values(values))
    if known.is_unread:
        # What is still to be read is read as it is now.
        stored = decision.entry.to_json()
        waits = (entries.c.entry != stored, entries.c.work.is_distinct_from("approve"))
        connection.execute(one.where(*waits).values(entry=stored))


def _values_of(decision: Decision, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"version": decision.version, "title": decision.entry.said}
    changed = decision.entry.changed
    if changed is not None and changed <= now + _DAY:
        # One that is of the future would keep out every later edit.
        values["changed_at"] = changed
    begun = {"tries": 0, "try_at": now, "error": None}
    match decision:
        case LetIn():
            values |= begun | {"state": "taken", "taken_at": now, "work": "draft"}
        case AskFirst():
            values |= {"state": "waiting"}
        case PassOver():
            return values | {"state": decision.state, "reason": decision.reason}
        case Revise():
            values |= begun | {"work": "revise"}
        case _:
            return values
    return values | {"entry": decision.entry.to_json(), "reason": decision.reason}
