"""Lists of waiting threads: in order, in pages, and quick in a queue of a hundred thousand."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from places import STORES, execute
from samples import ARTICLE, START, Run, approved, sandbox, thread
from sqlalchemy import event

from threadbot.delivery.drive import drive
from threadbot.delivery.due_questions import PER_ACCOUNT
from threadbot.delivery.due_rows import due_to_go_on
from threadbot.errors import InputError
from threadbot.networks.port import RetryAt
from threadbot.networks.sandbox import Script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import ThreadSummary

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
PAGE = 50


def put(ledger: Ledger, number: int, hours: int | None, state: str = "scheduled") -> str:
    """Put a thread into a ledger that is due so many hours from the start."""
    article = replace(ARTICLE, url=None, title=f"{number}")
    name = approved(ledger, thread(account=f"a{number}"), article)
    moment = START + timedelta(hours=hours or 0)
    due = "NULL" if hours is None else f"'{moment.isoformat(timespec='microseconds')}'"
    execute(
        ledger.database,
        f"UPDATE threads SET state = '{state}', due_at = {due} WHERE id = {name}",  # noqa: S608 - a case
    )
    return name


@pytest.fixture
def names(ledger: Ledger) -> dict[str, str]:
    """Put some threads into a ledger, by what is said of them below."""
    return {
        "late": put(ledger, 1, 3),
        "soon": put(ledger, 2, 1),
        "now": put(ledger, 3, None, "approved"),
        "soon, too": put(ledger, 4, 1),
        "out": put(ledger, 5, 0, "published"),
        "held": put(ledger, 6, 2, "held"),
        "under way": put(ledger, 7, 1, "sending"),
    }


def test_the_queue_is_in_the_order_of_time(ledger: Ledger, names: dict[str, str]) -> None:
    """What has no moment comes first, then the earliest; what is done with is not listed."""
    listed = [one.id for one in ledger.waiting(100)]
    order = ["now", "soon", "soon, too", "under way", "held", "late"]
    assert listed == [names[name] for name in order]
    assert [one.id for one in ledger.waiting(100, account="a6")] == [names["held"]]


def test_what_is_under_way_says_when_it_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    """A post that waits tells when it is tried next, and what the network said last."""
    later = START + timedelta(days=1)
    script = Script(send=[None, RetryAt(later, "Too many posts.")])
    drive(ledger, approved(ledger, thread()), Run(ledger, sandbox(tmp_path, "x", script)).outside)
    [listed] = ledger.waiting(100)
    assert (listed.waits_until, listed.reason) == (later, "Too many posts.")


def test_pages_follow_each_other(ledger: Ledger, names: dict[str, str]) -> None:
    """Page after page gives every thread once, in the same order."""
    whole = ledger.waiting(100)
    pages: list[ThreadSummary] = []
    after = None
    while page := ledger.waiting(2, after):
        pages += page
        after = page[-1].id
    assert tuple(pages) == whole
    with pytest.raises(InputError, match="there is no thread '99' in the ledger"):
        ledger.waiting(2, "99")
    assert len(names) == len(whole) + 1


def test_a_list_says_what_a_thread_says(ledger: Ledger) -> None:
    """Title, number of posts and price are those of the thread itself."""
    name = approved(ledger, thread("x", 4))
    row, (listed,) = ledger.delivery(name).row, ledger.waiting(1)
    assert (listed.id, listed.posts, listed.price_usd) == (name, 4, Decimal("0.045"))
    same = ("title", "account", "network", "sandbox", "state", "attempt", "created_at", "due_at")
    assert [getattr(listed, one) for one in same] == [getattr(row, one) for one in same]
    approved(ledger, thread("bluesky", account="b"))
    assert ledger.waiting(1, after=name)[0].price_usd is None


def test_history_in_pages(ledger: Ledger, names: dict[str, str]) -> None:
    """History gives so many, and those before a thread."""
    whole = ledger.history()
    assert ledger.history(2) == whole[:2]
    assert ledger.history(2, whole[1].row.id) == whole[2:4]
    assert len(whole) == len(names)


NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    " SELECT i FROM n",
    "postgresql": "SELECT i FROM generate_series(1, 100000) AS g(i)",
}
COPY = """
INSERT INTO threads (article_id, account, network, sandbox, state, title, thread,
                     content_hash, attempt, created_at, changed_at, due_at, posts)
SELECT article_id, account, network, sandbox, 'scheduled', title, thread, content_hash, attempt,
       created_at, changed_at,
       '2027-01-' || CAST(10 + i % 20 AS TEXT) || 'T00:00:00.000000+00:00', posts
FROM threads, (NUMBERS) AS numbers WHERE id = 1
"""


@pytest.fixture
def long_queue(ledger: Ledger) -> Ledger:
    """Give a ledger with a hundred thousand waiting threads, and one that is due."""
    approved(ledger, thread("x", 8))
    with ledger.database.reading() as connection:
        kind = connection.dialect.name
    execute(ledger.database, COPY.replace("NUMBERS", NUMBERS[kind]))
    execute(ledger.database, "ANALYZE")
    return ledger


def going_on(ledger: Ledger) -> Sequence[object]:
    """Ask for what is under way alone; the worker does so all day, beside other questions."""
    with ledger.database.reading() as connection:
        return due_to_go_on(connection, START, PAGE)


AFTER_OUTAGE = START + timedelta(days=90)
QUESTIONS: dict[str, tuple[Callable[[Ledger], Sequence[object]], int, str]] = {
    "the queue": (lambda ledger: ledger.waiting(PAGE), PAGE, "ix_threads_open"),
    "its next page": (lambda ledger: ledger.waiting(PAGE, "5000"), PAGE, "ix_threads_open"),
    "what is due": (lambda ledger: ledger.due(START, PAGE), 1, "ix_threads_"),
    "what was missed": (
        lambda ledger: ledger.due(START, 0, since=START, late=PAGE),
        0,
        "ix_threads_",
    ),
    "what was missed, after an outage": (
        lambda ledger: ledger.due(AFTER_OUTAGE, 0, since=AFTER_OUTAGE, late=PAGE),
        PAGE,
        "ix_threads_",
    ),
    "what is due, after an outage": (
        lambda ledger: ledger.due(AFTER_OUTAGE, PAGE),
        PER_ACCOUNT + 1,
        "ix_threads_",
    ),
    "what is to go on": (going_on, 0, "ix_threads_"),
    "history": (lambda ledger: ledger.history(PAGE), PAGE, ""),
}


#: Where a hundred thousand threads are due at once, all of them are looked at.
SECONDS = {"what is due, after an outage": 2.0}


def test_a_long_queue_is_listed_at_once(long_queue: Ledger) -> None:
    """With a hundred thousand waiting each list takes under half a second, by its index."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: object, *rest: Any) -> None:
        asked.append((rest[0], rest[1]))

    engine = long_queue.database._engine  # type: ignore[attr-defined]  # noqa: SLF001 - to listen
    event.listen(engine, "before_cursor_execute", note)
    for name, (ask, count, index) in QUESTIONS.items():
        # The best of a few: other processes take their share of the machine, too.
        times = []
        for _ in range(5):
            asked.clear()
            began = time.perf_counter()
            found = ask(long_queue)
            times.append(time.perf_counter() - began)
            assert len(found) == count, name
        assert min(times) < SECONDS.get(name, 0.5), (name, times)
        assert index in how(long_queue, *asked[-1]), name


def how(ledger: Ledger, statement: str, parameters: Any) -> str:
    """Give the database's own account of how it does something."""
    with ledger.database.reading() as connection:
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return "".join(str(row) for row in rows)
