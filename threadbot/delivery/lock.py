"""One driver at a time for each ledger: a lock that the system takes back when its holder dies.

Owns the file beside the ledger that carries the lock. Never breaks anybody's lock and never
removes the file: a lock on a file that is gone locks nobody out.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from threadbot.errors import LedgerBusyError, LedgerError, WorkerRunsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Seconds between two tries to take the lock.
_AGAIN: Final = 0.1

#: Who holds the lock: a command for a moment, or a worker as long as it runs, perhaps one that only
#: carries out what is for the sandbox.
Role: TypeAlias = Literal["command", "worker", "sandbox-worker"]


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that runs.

    Args:
        process: its number.
        sandbox: whether it only carries out what is for the sandbox.
    """

    process: int
    sandbox: bool


def lock_path(ledger: Path) -> Path:
    """Name the file that carries a ledger's lock."""
    return ledger.with_name(f"{ledger.name}.lock")


def worker_of(ledger: Path) -> Worker | None:
    """Give the worker that drives a ledger, or None where none does.

    Args:
        ledger: the ledger's file.
    """
    try:
        descriptor = os.open(lock_path(ledger), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _worker(descriptor)
    finally:
        os.close(descriptor)
    return None


@contextmanager
def driving(ledger: Path, waiting: Callable[[str], None], role: Role = "command") -> Iterator[None]:
    """Hold the lock of a ledger: only who holds it talks to the networks.

    Args:
        ledger: the ledger's file.
        waiting: told one sentence if another process holds it; then this one waits its turn.
        role: whether it is held for one command, or by a worker as long as it runs.

    Raises:
        WorkerRunsError: a worker holds it, or was first to take it, and this is a command.
        LedgerError: the lock's file cannot be opened.
    """
    descriptor = _opened(ledger)
    try:
        _take(ledger, descriptor, waiting, role)
        with _written_by(descriptor, role):
            yield
    finally:
        os.close(descriptor)


@contextmanager
def not_driven(ledger: Path) -> Iterator[None]:
    """Hold the lock of a ledger, or refuse where another process holds it.

    Args:
        ledger: the ledger's file.

    Raises:
        LedgerBusyError: another process is posting.
        LedgerError: the lock's file cannot be opened.
    """
    descriptor = _opened(ledger)
    try:
        if not _taken_in_a_moment(descriptor):
            who = _holder(descriptor)
            message = f"{ledger}: another threadbot{who} may be posting; stop it first"
            raise LedgerBusyError(message)
        with _written_by(descriptor, "command"):
            yield
    finally:
        os.close(descriptor)


def _opened(ledger: Path) -> int:
    path = lock_path(ledger)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path}: the ledger's lock cannot be opened: {reason}; correct its folder"
        raise LedgerError(message) from error


@contextmanager
def _written_by(descriptor: int, role: Role) -> Iterator[None]:
    """Write who has taken the lock into its file, in place of who had it before, while it is held.

    It is only for messages, so a full disk must not stop anything here.
    """
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {role}\n".encode("ascii"), 0)
    try:
        yield
    finally:
        # What it says is of nobody any more: the next one to fail at the lock would believe it.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _taken_in_a_moment(descriptor: int) -> bool:
    """Take the lock, if need be in a second try: who only asks for a worker has it for a moment."""
    if _taken(descriptor):
        return True
    time.sleep(_AGAIN)
    return _taken(descriptor)


def _holder(descriptor: int) -> str:
    process, _ = _written(descriptor)
    return f" (process {process})" if process else ""


def _worker(descriptor: int) -> Worker | None:
    process, role = _written(descriptor)
    if not process.isdecimal() or not role.endswith("worker"):
        return None
    return Worker(int(process), sandbox=role == "sandbox-worker")


def _written(descriptor: int) -> tuple[str, str]:
    """Read the number and the role of who took the lock last."""
    process, _, role = os.pread(descriptor, 40, 0).decode("ascii", "replace").partition(" ")
    return process.strip(), role.strip()


def _take(ledger: Path, descriptor: int, waiting: Callable[[str], None], role: Role) -> None:
    told = False
    # What stands in the file may be of a worker that was killed: it is believed at a second try.
    while not _taken_in_a_moment(descriptor):
        worker = _worker(descriptor)
        if worker is not None and role == "command":
            message = f"{ledger}: a worker (process {worker.process}) has it; stop it first"
            raise WorkerRunsError(message)
        if not told:
            does = "is posting" if worker is None else "carries threads out"
            waiting(f"Another threadbot{_holder(descriptor)} {does}; waiting until it is done.")
            told = True
        # Asked again and again, as a worker may take it meanwhile, and that is never done.
        time.sleep(_AGAIN)
