"""`threadbot db`: the ledger upgraded, checked, copied and moved, as a person does it."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from command_line import TEXT, threadbot
from postgres import new_database

from threadbot.delivery.versions import NEWEST

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

LEDGER = "state/ledger.db"
#: Makes a ledger what the fourth version was.
OLDER = (
    "DROP INDEX ix_threads_finished; ALTER TABLE threads DROP COLUMN fingerprints;"
    "ALTER TABLE threads DROP COLUMN beginnings; DROP TABLE entry_threads; DROP TABLE entry_keys;"
    "DROP TABLE entries; DROP TABLE files; DROP TABLE subscriptions; DROP TABLE sources;"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a configuration and an article, whose ledger has two threads."""
    (tmp_path / "config.toml").write_text(f"ledger.path = '{LEDGER}'\n")
    (tmp_path / "article.txt").write_text(TEXT)
    assert publish(tmp_path).returncode == 0
    return tmp_path


def publish(folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Publish the article in the sandbox."""
    return threadbot(folder, "publish", "article.txt", "--sandbox", "--yes")


def history(folder: Path) -> list[dict[str, object]]:
    """Give what history knows."""
    done = threadbot(folder, "history", "--format", "json")
    assert done.returncode == 0, done.stderr
    threads: list[dict[str, object]] = json.loads(done.stdout)["threads"]
    return threads


def new_address() -> str:
    """Make an empty database; give its address, in which not even an empty password stands."""
    return new_database().replace(":@", "@")


def said(done: subprocess.CompletedProcess[bytes], code: int) -> str:
    """Give the one sentence of a failure."""
    assert (done.returncode, done.stdout) == (code, b"")
    (line,) = done.stderr.decode().splitlines()
    return line


def test_a_whole_ledger(folder: Path) -> None:
    """A ledger that is whole is said to be, for people and for programs."""
    done = threadbot(folder, "db", "check")
    where = f"{folder}/{LEDGER}"
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"{where}: version {NEWEST}, threads 2, amiss: nothing\n"
    done = threadbot(folder, "db", "check", "--format", "json")
    assert json.loads(done.stdout)["ledgers"] == [
        {"ledger": where, "version": NEWEST, "newest": NEWEST, "threads": 2, "problems": []}
    ]


def test_a_ledger_that_was_changed(folder: Path) -> None:
    """What is amiss is told, and the exit code is 1."""
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        connection.execute("UPDATE threads SET content_hash = 'x' WHERE id = 1")
        connection.commit()
    done = threadbot(folder, "db", "check")
    assert done.returncode == 1
    assert done.stdout.startswith(b"amiss  thread 1 in the ledger is not what was approved")


@pytest.mark.parametrize(
    "words", [("check",), ("prune",), ("backup", "a.db"), ("copy", "--to", "a.db")]
)
def test_a_ledger_that_is_not_there(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Looking after a ledger does not make one."""
    (tmp_path / "config.toml").write_text(f"ledger.path = '{LEDGER}'\n")
    assert "there is no ledger yet" in said(threadbot(tmp_path, "db", *words), 2)
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_a_backup(folder: Path) -> None:
    """The copy is private, is a ledger like the first one, and is never written over."""
    done = threadbot(folder, "db", "backup", "copy.db")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"The ledger was copied to copy.db. It holds no sign-ins.\n"
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600
    assert "there is such a file already" in said(threadbot(folder, "db", "backup", "copy.db"), 2)
    before = history(folder)
    (folder / "config.toml").write_text("ledger.path = 'copy.db'\n")
    assert history(folder) == before


def test_an_upgrade(folder: Path) -> None:
    """A ledger of an older version is brought up to date, once."""
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        connection.executescript(OLDER)
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
        connection.commit()
    done = threadbot(folder, "db", "check")
    said_of_it = f"its version is 0004, and {NEWEST} is the newest; run `threadbot db upgrade`"
    assert said_of_it in done.stdout.decode()
    done = threadbot(folder, "db", "upgrade")
    now = f"the ledger was of version 0004, and is of version {NEWEST} now.\n"
    assert done.stdout.endswith(now.encode())
    done = threadbot(folder, "db", "upgrade")
    assert done.stdout.decode().endswith(f"the ledger is up to date (version {NEWEST}).\n")
    assert len(history(folder)) == 2


def test_from_a_file_to_a_server_and_back(folder: Path) -> None:
    """A ledger moves, the old one is closed, and nothing that was published goes out again."""
    before, address = history(folder), new_address()
    done = threadbot(folder, "db", "copy", "--to", address)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"2 threads moved to postgresql://")
    assert "this ledger was moved to postgresql://" in said(threadbot(folder, "history"), 2)
    checked = threadbot(folder, "db", "check")
    assert b"it was moved to postgresql://" in checked.stdout
    assert checked.returncode != 0
    (folder / "config.toml").write_text(f"ledger.url = '{address}'\n")
    assert history(folder) == before
    assert threadbot(folder, "db", "check").returncode == 0
    assert publish(folder).returncode == 2, "it is published already"
    done = threadbot(folder, "db", "copy", "--to", "back.db")
    assert done.returncode == 0, done.stderr
    (folder / "config.toml").write_text("ledger.path = 'back.db'\n")
    assert history(folder) == before
    assert publish(folder).returncode == 2


def test_a_server_is_upgraded_on_wish_alone(folder: Path) -> None:
    """A ledger on a server that is of an older version says which command brings it up to date."""
    address = new_address()
    (folder / "config.toml").write_text(f"ledger.url = '{address}'\n")
    assert publish(folder).returncode == 0
    import psycopg  # noqa: PLC0415 - this test alone

    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(OLDER.encode())
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    sentence = said(threadbot(folder, "history"), 1)
    assert sentence.endswith("stop every worker, then run `threadbot db upgrade`")
    assert threadbot(folder, "db", "upgrade").returncode == 0
    assert len(history(folder)) == 2
    assert threadbot(folder, "db", "check").returncode == 0


def test_a_password_is_not_typed(folder: Path) -> None:
    """An address with its password is refused, and not repeated."""
    done = threadbot(folder, "db", "copy", "--to", "postgresql://me:hunter2@localhost/db")
    sentence = said(done, 2)
    assert "give the password in PGPASSWORD" in sentence
    assert "hunter2" not in sentence


def test_a_server_that_does_not_answer(folder: Path) -> None:
    """The exit code is that for later, and the secret is looked up and not shown."""
    (folder / "config.toml").write_text(
        "[ledger]\nurl = 'postgresql://me@127.0.0.1:1/db'\npassword = 'database'\n"
    )
    secret = {"THREADBOT_DATABASE": "hunter2"}
    sentence = said(threadbot(folder, "history", environment=secret), 4)
    assert "postgresql://me@127.0.0.1:1/db: PostgreSQL does not answer; start it" in sentence
    assert "hunter2" not in sentence
    assert "the secret 'database' is not there" in said(threadbot(folder, "history"), 2)


def test_pruning(folder: Path) -> None:
    """A dry run says what would be forgotten; what history and delete need stays."""
    before = history(folder)
    with closing(sqlite3.connect(folder / LEDGER)) as ledger, ledger:
        ledger.execute("UPDATE threads SET changed_at = '2026-01-01T00:00:00.000000+00:00'")
    dry = threadbot(folder, "db", "prune", "--dry-run")
    assert b"threads emptied: 2, threads removed: 0, articles removed: 0; nothing" in dry.stdout
    assert b"threads emptied: 2" in threadbot(folder, "db", "prune").stdout
    assert b"threads emptied: 0" in threadbot(folder, "db", "prune").stdout
    for one, other in zip(history(folder), before, strict=True):
        assert one["posts"] == other["posts"]
        assert one["posts_total"] == other["posts_total"]
        shown = threadbot(folder, "queue", "show", str(one["id"]))
        assert b"their words are not known any more" in shown.stdout, shown.stderr
        told = threadbot(folder, "queue", "show", str(one["id"]), "--format", "json")
        (thread,) = json.loads(told.stdout)["threads"]
        assert (thread["pruned"], thread["texts"]) == (True, [])
    assert publish(folder).returncode == 2
    assert threadbot(folder, "db", "check").returncode == 0
    assert threadbot(folder, "delete", str(before[0]["id"]), "--yes").returncode == 0
