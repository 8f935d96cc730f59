"""A copy of a ledger in one file, made while others write.

Owns that file: it is there whole or not at all, nobody but its owner may read it, and it holds no
secret unless that is wished. It is a ledger in SQLite, whatever the ledger is kept in.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from threadbot.delivery.copying import SECRET, copy_rows
from threadbot.delivery.sqlite import SqliteDatabase
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.delivery.database import Database


def back_up(database: Database, path: Path, *, with_sessions: bool) -> None:
    """Write a copy of a ledger.

    Args:
        database: the ledger.
        path: a file that is not there yet.
        with_sessions: whether secrets are in it.

    Raises:
        InputError: the file is there, or cannot be written.
        LedgerError: the ledger cannot be read.
    """
    if os.path.lexists(path):
        raise InputError(_there_is(path))
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            made = Path(folder, "ledger")
            if isinstance(database.place, Path):
                _copy_pages(database, made, with_sessions=with_sessions)
            else:
                _copy_rows(database, made, with_sessions=with_sessions)
            made.chmod(0o600)
            _on_disk(made)
            _put(made, path)
        _on_disk(path.parent)
    except FileExistsError as error:
        raise InputError(_there_is(path)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"{path}: the copy cannot be written: {reason}"
        raise InputError(message) from error


def _copy_pages(database: Database, path: Path, *, with_sessions: bool) -> None:
    with database.reading() as connection, _writing(path) as copy:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - for the type
        driver.backup(copy)
        if not with_sessions:
            for table in SECRET:
                copy.execute(f"DELETE FROM {table.name}")  # noqa: S608 - a name of ours
            copy.commit()
        # What was deleted is still there until everything is written anew.
        copy.execute("VACUUM")


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        message = f"{path.parent}: the copy cannot be written: {error}"
        raise InputError(message) from error


def _copy_rows(database: Database, path: Path, *, with_sessions: bool) -> None:
    copy = SqliteDatabase(path)
    with closing(copy), database.reading() as old, copy.writing() as new:
        copy_rows(old, new, with_sessions=with_sessions)


def _there_is(path: Path) -> str:
    return f"{path}: there is such a file already; name another one"


def _put(made: Path, path: Path) -> None:
    try:
        # Unlike renaming this never replaces a file that appeared meanwhile.
        path.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system has links.
        made.rename(path)


def _on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
