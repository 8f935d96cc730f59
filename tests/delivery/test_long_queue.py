"""A queue of a hundred thousand threads: every list of it is there at once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from places import STORES, execute
from samples import START, approved, thread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from threadbot.delivery.ledger import Ledger

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
PAGE = 50
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
    " SELECT i FROM n",
    "postgresql": "SELECT i FROM generate_series(1, 100000) AS g(i)",
}
COPY = """
INSERT INTO threads (article_id, account, network, sandbox, state, title, thread, content_hash,
                     attempt, created_at, changed_at, due_at, by_hand)
SELECT article_id, 'a' || CAST(i % 100 AS TEXT), network, sandbox, 'scheduled', title, thread,
       content_hash, attempt, created_at, changed_at,
       '2027-01-' || CAST(10 + i % 20 AS TEXT) || 'T00:00:00.000000+00:00', by_hand
FROM threads, (NUMBERS) AS numbers WHERE id = 1
"""


@pytest.fixture
def long_queue(ledger: Ledger) -> Ledger:
    """Give a ledger with a hundred thousand waiting threads, and one that is due."""
    approved(ledger, thread("x", 8))
    with ledger.database.reading() as connection:
        kind = connection.dialect.name
    execute(ledger.database, COPY.replace("NUMBERS", NUMBERS[kind]))
    if kind == "postgresql":
        # What the server does by itself after a while.
        execute(ledger.database, "ANALYZE threads")
    return ledger


LISTS: dict[str, tuple[Callable[[Ledger], Sequence[object]], int, float]] = {
    "the queue": (lambda ledger: ledger.waiting(PAGE), PAGE, 0.5),
    "its next page": (lambda ledger: ledger.waiting(PAGE, "5000"), PAGE, 0.5),
    "what is due": (lambda ledger: ledger.due(START, PAGE), 1, 0.1),
    "what is taken": (
        lambda ledger: ledger.taken("a7", sandbox=True, since=START - timedelta(days=1)),
        1000,
        0.1,
    ),
    "history": (lambda ledger: ledger.history(PAGE), PAGE, 0.5),
    "its next page, too": (lambda ledger: ledger.history(PAGE, "5000"), PAGE, 0.5),
}


def test_a_long_queue_is_listed_at_once(long_queue: Ledger) -> None:
    """With a hundred thousand waiting, no list takes as long as a person would notice."""
    for name, (ask, count, limit) in LISTS.items():
        ask(long_queue)
        began = time.perf_counter()
        found = ask(long_queue)
        seconds = time.perf_counter() - began
        assert len(found) == count, name
        assert seconds < limit, name
