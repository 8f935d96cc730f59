"""One driver at a time: the lock waits, is never broken, and dies with its holder."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

import pytest

from threadbot.delivery.lock import driving, lock_path, not_driven, worker_of
from threadbot.errors import LedgerError, WorkerRunsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

HOLDER = """
import sys, time
from pathlib import Path
from threadbot.delivery.lock import driving
with driving(Path(sys.argv[1]), print):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_lock_is_waited_for_and_dies_with_its_holder(
    tmp_path: Path, project: Path, end: signal.Signals
) -> None:
    """A second process says for whom it waits, and gets the lock when the first one is killed."""
    path = tmp_path / "ledger.sqlite"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path],
        stdout=subprocess.PIPE,
        text=True,
        cwd=project,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        said: list[str] = []
        order: list[str] = []

        def second() -> None:
            with driving(path, said.append):
                order.append("second")

        waiter = threading.Thread(target=second)
        waiter.start()
        waiter.join(0.3)
        assert waiter.is_alive()
        order.append("killed")
        holder.send_signal(end)
        waiter.join(10)
        assert not waiter.is_alive()
    assert order == ["killed", "second"]
    assert said == [
        f"Another threadbot (process {holder.pid}) is posting; waiting until it is done."
    ]


def test_the_lock_is_free_again(tmp_path: Path) -> None:
    """Who is done, even by an error, leaves the lock to the next; its file stays."""
    path = tmp_path / "ledger.sqlite"
    said: list[str] = []
    with pytest.raises(ZeroDivisionError), driving(path, said.append):
        _ = 1 / 0
    with driving(path, said.append):
        pass
    assert said == []
    assert lock_path(path).read_text("ascii") == ""
    assert lock_path(path).stat().st_mode & 0o777 == 0o600


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    """Without its folder there is no lock, and that is said."""
    with (
        pytest.raises(LedgerError, match="lock cannot be opened"),
        driving(tmp_path / "none" / "ledger.sqlite", print),
    ):
        pytest.fail("there is no such folder")


def test_a_command_does_not_wait_for_a_worker(tmp_path: Path) -> None:
    """A worker that takes the lock while a command waits for it keeps it: the command is told."""
    path = tmp_path / "ledger.sqlite"
    told: list[BaseException] = []
    asked = threading.Event()

    def command() -> None:
        try:
            with driving(path, lambda _: asked.set()):
                """Not reached, as the worker never ends."""
        except LedgerError as error:
            told.append(error)

    with driving(path, pytest.fail):
        waiter = threading.Thread(target=command)
        waiter.start()
        assert asked.wait(10)
        # The lock goes over without a moment in which nobody has it.
        lock_path(path).write_text("1 worker\n", "ascii")
        waiter.join(10)
        assert not waiter.is_alive()
    assert [type(error) for error in told] == [WorkerRunsError]
    assert "process 1" in str(told[0])


@pytest.mark.parametrize("take", [lambda path: driving(path, pytest.fail), not_driven])
def test_a_worker_that_was_killed_is_not_believed(
    tmp_path: Path, take: Callable[[Path], AbstractContextManager[None]]
) -> None:
    """Who asks whether one runs has the lock for a moment; a dead one's name stands in it."""
    path = tmp_path / "ledger.sqlite"
    lock_path(path).write_text("1 worker\n", "ascii")
    with lock_path(path).open("rb") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        threading.Timer(0.03, lambda: fcntl.flock(asking, fcntl.LOCK_UN)).start()
        with take(path):
            pass


def test_a_dead_worker_is_not_taken_for_who_looks_after_the_ledger(tmp_path: Path) -> None:
    """A command such as `db copy` holds the lock for long, and is named as what it is."""
    path = tmp_path / "ledger.sqlite"
    lock_path(path).write_text("1 worker\n", "ascii")
    with not_driven(path):
        assert worker_of(path) is None
        said: list[str] = []

        def waiting(message: str) -> NoReturn:
            said.append(message)
            raise InterruptedError

        with pytest.raises(InterruptedError), driving(path, waiting):
            pytest.fail("the lock is held")
    assert said == [
        f"Another threadbot (process {os.getpid()}) is posting; waiting until it is done."
    ]
