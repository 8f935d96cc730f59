"""One driver at a time for each ledger: a lock that the system takes back when its holder dies.

Owns the file beside the ledger that carries the lock. Never breaks anybody's lock and never
removes the file: a lock on a file that is gone locks nobody out.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from threadbot.errors import LedgerBusyError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def lock_path(ledger: Path) -> Path:
    """Name the file that carries a ledger's lock."""
    return ledger.with_name(f"{ledger.name}.lock")


@contextmanager
def driving(ledger: Path, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a ledger: only who holds it talks to the networks.

    Args:
        ledger: the ledger's file.
        waiting: told one sentence if another process holds it; then this one waits its turn.

    Raises:
        LedgerError: the lock's file cannot be opened.
    """
    descriptor = _opened(ledger)
    try:
        _take(descriptor, waiting)
        yield
    finally:
        os.close(descriptor)


def is_held(ledger: Path) -> bool:
    """Tell whether another process holds the lock of a ledger at this moment."""
    try:
        descriptor = os.open(lock_path(ledger), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


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
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            who = _holder(descriptor)
            message = f"{ledger}: another threadbot{who} may be posting; stop it first"
            raise LedgerBusyError(message) from error
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


def _holder(descriptor: int) -> str:
    holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    return f" (process {holder})" if holder else ""


def _take(descriptor: int, waiting: Callable[[str], None]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting(f"Another threadbot{_holder(descriptor)} is posting; waiting until it is done.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    # The number is only for the message above, so a full disk must not stop anything here.
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
    except OSError:
        return
