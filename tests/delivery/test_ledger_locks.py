"""One driver for each account of a ledger on a server, whoever dies or vanishes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from places import empty_server_ledger
from samples import Run, approved, sandbox, thread

from threadbot.delivery.database import open_database, place_of
from threadbot.delivery.deliver import Send
from threadbot.delivery.drive import drive
from threadbot.errors import LedgerBusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadbot.delivery.database import Database
    from threadbot.delivery.deliver import Action
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery


@pytest.fixture
def ledger(postgresql_ledger: Ledger) -> Ledger:
    """Give an empty ledger on a server."""
    return postgresql_ledger


@pytest.fixture
def other() -> Iterator[Database]:
    """Give the same ledger as another process sees it."""
    opened = open_database(place_of(empty_server_ledger()))
    yield opened
    opened.close()


def sending(ledger: Ledger, folder: Path) -> tuple[str, Run]:
    """Put a thread into a ledger whose first post is about to leave."""
    return approved(ledger, thread()), Run(ledger, sandbox(folder))


def killed_locks(database: Database) -> None:
    """End the sessions that hold locks, as the server does when their machine vanishes."""
    with database.writing() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'threadbot lock' AND datname = current_database()"
        )


def test_one_driver_for_each_account(ledger: Ledger, other: Database) -> None:
    """Who comes second to an account says so and waits; other accounts are free meanwhile."""
    said: list[str] = []
    order: list[str] = []

    def second() -> None:
        with other.driving("ours", said.append):
            order.append("second")

    with ledger.driving("ours", said.append):
        with other.driving("theirs", said.append), ledger.driving("ours", said.append):
            pass
        waiter = threading.Thread(target=second)
        waiter.start()
        waiter.join(0.7)
        assert waiter.is_alive()
        order.append("first")
    waiter.join(10)
    assert order == ["first", "second"]
    assert said == ["Another threadbot is posting to ours; waiting until it is done."]


def test_nobody_moves_a_ledger_under_its_drivers(ledger: Ledger, other: Database) -> None:
    """Who wants a ledger alone is refused while somebody attends it, and keeps all others out."""
    with (
        ledger.attending(print),
        pytest.raises(LedgerBusyError, match="may be posting; stop it first"),
        other.alone(),
    ):
        pytest.fail("it is attended")
    said: list[str] = []
    with other.alone():
        waiter = threading.Thread(target=lambda: ledger.driving("ours", said.append).__enter__())
        waiter.start()
        waiter.join(0.7)
        assert waiter.is_alive()
    waiter.join(10)
    assert said == ["The ledger is being moved; waiting until it is done."]


def test_a_driver_that_lost_its_lock_reads_the_ledger_anew(ledger: Ledger, tmp_path: Path) -> None:
    """Where its session was lost and nobody took over, it goes on, and nothing goes out twice."""
    name, run = sending(ledger, tmp_path)
    cut: list[int] = []

    def progress(delivery: Delivery, action: Action) -> None:
        del delivery
        if isinstance(action, Send) and action.step == 2 and not cut:
            cut.append(action.step)
            killed_locks(ledger.database)

    outside = run.outside
    with ledger.driving("enpause", print):
        ending = drive(
            ledger,
            name,
            type(outside)(outside.network, outside.now, outside.sleep, progress),
        )
    assert (ending.kind, cut) == ("done", [2])
    assert len(sandbox(tmp_path).posts()) == 3


def test_a_driver_that_was_replaced_sends_nothing(
    ledger: Ledger, other: Database, tmp_path: Path
) -> None:
    """Double posts, postiz#1321: where another one took over, the first one stops before a post."""
    name, run = sending(ledger, tmp_path)
    with ledger.driving("enpause", print):
        killed_locks(ledger.database)
        with other.driving("enpause", print):
            with pytest.raises(LedgerBusyError, match="was taken over by another threadbot"):
                drive(ledger, name, run.outside)
            assert sandbox(tmp_path).posts() == ()
    with ledger.driving("enpause", print):
        assert drive(ledger, name, run.outside).kind == "done"
