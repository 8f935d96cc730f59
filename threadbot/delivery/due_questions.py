"""The questions of what is due, as statements that are made once.

Owns that each follows an index, however many threads wait and however many are of the past. Never
asks them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    type_coerce,
    union_all,
)

from threadbot.delivery.tables import plans, steps, threads
from threadbot.delivery.utc_time import UtcTime

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from threadbot.delivery.model import ThreadState

#: States of a thread that goes out by itself when its time has come.
TO_BEGIN: Final[tuple[ThreadState, ...]] = ("approved", "scheduled")
#: How many due threads of an account are given at once: the first ones decide what it sends next.
PER_ACCOUNT: Final = 20

_NOW: Final = bindparam("now", type_=UtcTime())
_SINCE: Final = bindparam("since", type_=UtcTime())
_MOST: Final = bindparam("most", type_=Integer())
# Where a time begins with this it is none: the year 3000 is far, and letters come later.
_NO_TIME: Final = "3"


# A worker asks all day long, and making a statement takes longer than its answer.
@cache
def to_begin(sandbox: bool | None) -> Select[Any]:  # noqa: FBT001 - one of three
    """Ask for threads to begin whose time has come, in turn for each account."""
    columns = threads.c
    at_once = and_(columns.due_at.is_(None), columns.changed_at >= _SINCE)
    # One question with OR would be answered by going through all that waits.
    some = [
        _waiting(sandbox, state, one)
        for state in TO_BEGIN
        for one in (at_once, columns.due_at.between(_SINCE, _NOW))
    ]
    due = union_all(*some).subquery().c
    place = func.row_number().over(
        partition_by=(due.account, due.sandbox, due.by_hand),
        order_by=(due.due_at.nulls_first(), due.id),
    )
    ranked = select(*due, place.label("place")).subquery()
    return (
        select(ranked)
        .where(ranked.c.place <= PER_ACCOUNT)
        .order_by(ranked.c.place, ranked.c.due_at.nulls_first(), ranked.c.id)
        .limit(_MOST)
    )


@cache
def missed(sandbox: bool | None) -> Select[Any]:  # noqa: FBT001 - one of three
    """Ask for some threads to begin whose time came too long ago."""
    columns = threads.c
    at_once = and_(columns.due_at.is_(None), columns.changed_at < _SINCE)
    # A damaged time may sort behind all others.
    unreadable = type_coerce(columns.due_at, String) >= _NO_TIME
    # Each question has an order and an end of its own: else a server that counts how many rows
    # wait, and how many are of the past, goes through all of them.
    some = [
        _waiting(sandbox, state, one).order_by(columns.due_at).limit(_MOST).subquery()
        for state in TO_BEGIN
        for one in (at_once, columns.due_at < _SINCE, unreadable)
    ]
    return select(union_all(*(select(one) for one in some)).subquery()).limit(_MOST)


def _waiting(
    sandbox: bool | None,  # noqa: FBT001 - one of three
    state: ThreadState,
    come: ColumnElement[bool],
) -> Select[Any]:
    wanted = [threads.c.state == state, come]
    if sandbox is not None:
        wanted.append(threads.c.sandbox == sandbox)
    return select(*_due_columns()).where(*wanted)


def is_under_way() -> ColumnElement[bool]:
    """Pick threads that are under way, which are few, by their numbers.

    These alone come from an index. Where statistics say that most threads are in one state,
    whichever, SQLite would rather go through all of them than look at a state.
    """
    one = threads.alias()
    return threads.c.id.in_(select(one.c.id).where(one.c.state == "sending"))


@cache
def to_go_on(sandbox: bool | None) -> Select[Any]:  # noqa: FBT001 - one of three
    """Ask for threads under way that need not wait any longer."""
    columns = threads.c
    has_plan = select(plans.c.thread_id).where(plans.c.thread_id == columns.id).exists()
    # A step that is not out yet waits; before a plan it is the thread itself that does.
    steps_wait = (
        select(steps.c.thread_id)
        .where(steps.c.thread_id == columns.id, steps.c.state != "sent", steps.c.not_before > _NOW)
        .exists()
    )
    ready = or_(columns.begun_at.is_(None), columns.begun_at <= _NOW, has_plan)
    wanted = [is_under_way(), ready, ~steps_wait]
    if sandbox is not None:
        wanted.append(columns.sandbox == sandbox)
    return select(*_due_columns()).where(*wanted).order_by(columns.id).limit(_MOST)


def _due_columns() -> tuple[ColumnElement[Any], ...]:
    columns = threads.c
    return (
        columns.id,
        columns.account,
        columns.network,
        columns.sandbox,
        columns.state,
        columns.due_at,
        columns.by_hand,
        columns.attempt,
        columns.changed_at,
    )
