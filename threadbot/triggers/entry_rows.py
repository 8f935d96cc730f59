"""What the ledger keeps of a source's entries: what became of them, and what they are known by.

Owns the writing of these rows on the connection of a transaction that somebody else began; writes
only what differs from what is known, as most of what a feed shows is what it showed before. Never
begins or ends a transaction, and never decides what becomes of an entry.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, delete, insert, or_, select, update

from threadbot.delivery.tables import entries, entry_keys, sources
from threadbot.errors import InputError
from threadbot.triggers.decisions import AskFirst, Leave, LetIn, Overtaken, PassOver, Revise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from threadbot.triggers.decisions import Decision, Knowledge, KnownEntry
    from threadbot.triggers.keys import Key, KeyKind

_DAY: Final = timedelta(days=1)
#: Kinds of keys of which an entry has another one after each edit.
_CHANGING: Final[tuple[KeyKind, ...]] = ("content", "headline")
#: So many of each kind an entry is known by.
_KEPT: Final = 20
#: Keys that are forgotten in one statement.
_AT_ONCE: Final = 500
#: An account got no thread, as none could be made: an edit may have mended what was wrong.
_LACKS_A_THREAD: Final = and_(
    or_(entries.c.work.is_(None), entries.c.work == "approve"),
    entries.c.tries == 0,
    entries.c.entry.is_not(None),
    entries.c.error.is_not(None),
)


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
    taken = set(knowledge.entries)
    new: list[dict[str, Any]] = []
    grown: defaultdict[int, set[KeyKind]] = defaultdict(set)
    shown: defaultdict[int, set[Key]] = defaultdict(set)
    for decision in decisions:
        row = decision.known
        if isinstance(decision, Overtaken) or (row is None and not decision.keys):
            # What has no keys nothing would find again: each reading would add a row.
            continue
        if row is None:
            row = _insert(connection, source_id, decision, now)
        else:
            _update(connection, known[row], decision, now)
            shown[row].update(decision.keys)
            if decision.version != known[row].version:
                grown[row].update(_CHANGING)
        for key in dict.fromkeys(decision.keys):
            if key not in taken:
                taken.add(key)
                of_key = {"source_id": source_id, "kind": key.kind, "value": key.value}
                new.append(of_key | {"entry_id": row, "used_at": now})
                grown[row].add(key.kind)
    if new:
        connection.execute(insert(entry_keys), new)
    for row in sorted(grown.keys() & known.keys()):
        for kind in sorted(grown[row]):
            _forget_keys(connection, row, kind, shown[row], now)


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


def _forget_keys(
    connection: Connection, row: int, kind: KeyKind, shown: Iterable[Key], now: datetime
) -> None:
    """Keep the last few keys of a kind of an entry that has others over and over.

    The guids and addresses that it came with are kept for ever, and so is all that it is known by
    at present.
    """
    columns = entry_keys.c
    mine = [columns.entry_id == row, columns.kind == kind]
    if kind not in _CHANGING:
        came = select(entries.c.seen_at).where(entries.c.id == row).scalar_subquery()
        mine.append(columns.used_at > came)
    present = [key.value for key in shown if key.kind == kind]
    current = update(entry_keys).where(*mine, columns.value.in_(present))
    connection.execute(current.values(used_at=now))
    others = select(columns.value).where(*mine, columns.value.not_in(present))
    newest_first = others.order_by(columns.used_at.desc().nulls_last(), columns.value)
    old = connection.execute(newest_first.offset(_KEPT - 1)).scalars().all()
    for start in range(0, len(old), _AT_ONCE):
        some = old[start : start + _AT_ONCE]
        connection.execute(delete(entry_keys).where(*mine, columns.value.in_(some)))


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
            values |= begun | {"work": case((_LACKS_A_THREAD, "draft"), else_="revise")}
        case _:
            return values
    return values | {"entry": decision.entry.to_json(), "reason": decision.reason}


def let_in(connection: Connection, entry_id: int, names: Collection[str], now: datetime) -> str:
    """Let an entry in that waits for a person, or try again what was given up.

    That is an edit, or the thread of an account for which none could be made.

    Args:
        connection: inside a transaction that may write.
        entry_id: the entry's row.
        names: the sources that are configured.
        now: the present (UTC).

    Returns:
        The name of its source.

    Raises:
        InputError: no such entry waits.
    """
    columns = entries.c
    waits = columns.state == "waiting"
    is_given_up = and_(columns.state == "taken", columns.work.is_(None), columns.error.is_not(None))
    query = (
        select(sources.c.name, columns.state, columns.tries)
        .join(sources, sources.c.id == columns.source_id)
        .where(columns.id == entry_id, columns.entry.is_not(None), or_(waits, is_given_up))
    )
    name, state, tries = connection.execute(query).first() or (None, None, 0)
    if name is None:
        message = f"no entry {entry_id} waits; `threadbot sources` lists those that do"
        raise InputError(message)
    if name not in names:
        message = f"entry {entry_id} is of the source '{name}', which is not configured"
        raise InputError(message)
    begun: dict[str, Any] = {"work": "revise" if tries else "draft", "try_at": now, "tries": 0}
    if state == "waiting":
        begun |= {"state": "taken", "taken_at": now, "work": "draft"}
        begun["reason"] = "a person let it in"
    connection.execute(update(entries).where(columns.id == entry_id).values(begun))
    return str(name)
