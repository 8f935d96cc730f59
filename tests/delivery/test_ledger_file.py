"""The ledger's file: private, durable, and clear about everything that can be wrong with a file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from alembic.script import ScriptDirectory
from samples import ARTICLE, START, Run, approved, sandbox, thread

from threadbot.delivery import sqlite
from threadbot.delivery.drive import drive
from threadbot.delivery.ledger import open_ledger
from threadbot.delivery.tables import VERSIONS
from threadbot.errors import LedgerBusyError, LedgerError

if TYPE_CHECKING:
    from threadbot.delivery.ledger import Ledger


def mode(path: Path) -> int:
    """Give a file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_is_private(tmp_path: Path) -> None:
    """The ledger holds sign-ins: its folder has mode 700, and it and its side files 600."""
    old = os.umask(0)
    try:
        path = tmp_path / "state" / "threadbot" / "ledger.sqlite"
        with open_ledger(path) as ledger:
            approved(ledger, thread())
            files = sorted(path.parent.iterdir())
            assert [file.name.removeprefix("ledger.sqlite") for file in files] == [
                "",
                "-shm",
                "-wal",
                ".lock",
            ]
            assert {mode(file) for file in files} == {0o600}
        assert mode(path.parent) == 0o700
    finally:
        os.umask(old)


def test_an_open_file_is_closed_to_others(ledger: Ledger) -> None:
    """A ledger that others may read is made private when it is opened."""
    ledger.path.chmod(0o644)
    open_ledger(ledger.path).close()
    assert mode(ledger.path) == 0o600


def test_a_commit_is_on_the_disk(ledger: Ledger) -> None:
    """Write-ahead log, every commit synchronous, foreign keys enforced."""
    with ledger.database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": sqlite.BUSY_TIMEOUT,
    }


def test_an_address_names_the_same_file(ledger: Ledger) -> None:
    """A ledger may be named by the address of its database."""
    name = approved(ledger, thread())
    with open_ledger(f"sqlite:///{ledger.path}") as same:
        assert same.delivery(name) == ledger.delivery(name)


@pytest.mark.parametrize(
    "address", ["mysql://me:secret@host/db", "postgresql://me:secret@host", "post://me:secret@host"]
)
def test_an_address_at_which_no_ledger_can_be(address: str) -> None:
    """An address of another kind is refused in words, without its password."""
    with pytest.raises(LedgerError, match="name a file, or postgresql") as caught:
        open_ledger(address)
    assert "secret" not in str(caught.value)


def spoiled(path: Path, how: str) -> None:
    """Spoil a ledger's file."""
    with closing(sqlite3.connect(path)) as connection:
        if how == "newer":
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if how == "other":
        path.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE songs (name TEXT)")
    elif how == "text":
        path.write_text("This is a text and no database. " * 100)
    elif how == "holes":
        data = path.read_bytes()
        path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("newer", "written by a newer threadbot .*; upgrade threadbot"),
        ("other", "is a database, but no ledger; name another one"),
        ("text", "is no ledger; name another one, or move it away"),
        ("holes", "is damaged; put a copy from your backup in its place"),
    ],
)
def test_a_file_that_is_no_ledger_of_ours(ledger: Ledger, how: str, said: str) -> None:
    """A newer, foreign or damaged file is named with what to do, and is left as it is."""
    approved(ledger, thread())
    ledger.close()
    spoiled(ledger.path, how)
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError, match=said) as caught, open_ledger(ledger.path) as opened:
        opened.history()
    assert str(ledger.path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1
    assert ledger.path.read_bytes() == before


def test_a_locked_file(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another program does not let go of the file, the answer is to try again: code 4."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 50)
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_ledger(ledger.path) as waiting:
            assert waiting.history() == ()
            with pytest.raises(LedgerBusyError, match="try again") as caught:
                waiting.record_article(ARTICLE, None, START)
    assert caught.value.exit_code == 4


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file where the folder should be is said plainly."""
    (tmp_path / "state").write_text("")
    with pytest.raises(LedgerError, match=r"cannot be opened: .*; correct its folder"):
        open_ledger(tmp_path / "state" / "ledger.sqlite")


#: Publishes two threads in a process of its own, under some hardship.
PROGRAM = """
import sys
from pathlib import Path
from samples import Run, approved, sandbox, thread
from threadbot.delivery.drive import drive
from threadbot.delivery.ledger import open_ledger
from threadbot.errors import LedgerError
{hardship}
try:
    with open_ledger(Path(sys.argv[1])) as ledger:
        for name in ("a", "b"):
            made = approved(ledger, thread("x", 40, account=name))
            drive(ledger, made, Run(ledger, sandbox(Path(sys.argv[2]))).outside)
except LedgerError as error:
    print(error)
    sys.exit(7)
"""
FULL = """
import resource, os
size = os.stat(sys.argv[1]).st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
"""


def run(program: str, *arguments: Path | str) -> subprocess.CompletedProcess[str]:
    """Run a program that can import the tests' samples."""
    here = Path(__file__).parent
    paths = os.pathsep.join(map(os.fspath, (here, here.parents[1])))
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_full_disk_loses_nothing(ledger: Ledger, tmp_path: Path) -> None:
    """When the disk fills up in the middle, threadbot stops with a sentence; later it goes on."""
    done = run(PROGRAM.format(hardship=FULL), ledger.path, tmp_path)
    assert (done.returncode, done.stderr) == (7, "")
    assert "full" in done.stdout
    known = ledger.history()
    assert known[-1].row.state in {"approved", "sending"}
    for delivery in known:
        ledger.resume(delivery.row.id, START)
        made = Run(ledger, sandbox(tmp_path))
        assert drive(ledger, delivery.row.id, made.outside).kind == "done"
    network = sandbox(tmp_path)
    posts = network.posts()
    assert len({post["uri"] for post in posts}) == len(posts) == 40 * len(known)
    assert not any("repeated" in event for event in network.journal.events())


NOT_ROOT = """
import os
open_ledger(Path(sys.argv[1])).close()
os.chmod(Path(sys.argv[1]).parent, int(sys.argv[3], 8))
os.chmod(sys.argv[1], int(sys.argv[4], 8))
if os.geteuid() == 0:
    os.setuid(65534)
"""


@pytest.mark.parametrize(("folder", "file"), [("755", "444"), ("555", "666")])
def test_a_file_that_cannot_be_written(empty_ledger: Path, folder: str, file: str) -> None:
    """A read-only file or folder is one sentence that names the permissions."""
    # Not in pytest's own folder, which nobody but its owner may enter.
    with TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o777)
        path = place / "state" / "ledger.sqlite"
        path.parent.mkdir()
        shutil.copy(empty_ledger, path)
        done = run(PROGRAM.format(hardship=NOT_ROOT), path, place, folder, file)
        path.parent.chmod(0o700)
        path.chmod(0o600)
        assert done.returncode == 7, done.stderr
        assert done.stdout.count("\n") == 1
        assert "permission" in done.stdout
        with open_ledger(path) as ledger:
            assert ledger.history() == ()


def test_an_older_ledger_is_brought_up_to_date(tmp_path: Path) -> None:
    """What the first version stored is still there; what it did not say is filled in."""
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as ledger:
        name = approved(ledger, thread())
        drive(ledger, name, Run(ledger, sandbox(tmp_path)).outside)
        waiting = approved(ledger, thread(), replace(ARTICLE, url="https://enpause.com/pont"))
        before = ledger.history()
        page = ledger.waiting(10)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DROP INDEX ix_threads_open; DROP TABLE facts; DROP INDEX ix_threads_finished;"
            "ALTER TABLE threads DROP COLUMN fingerprints;"
            "ALTER TABLE threads DROP COLUMN posts;"
            "ALTER TABLE threads DROP COLUMN price_usd_millionths;"
            "ALTER TABLE threads DROP COLUMN title; ALTER TABLE steps DROP COLUMN answer;"
            "DROP INDEX ix_threads_waiting; DROP INDEX ix_threads_begun_at;"
            "DROP INDEX ix_threads_account; ALTER TABLE threads DROP COLUMN by_hand;"
            "ALTER TABLE threads DROP COLUMN begun_at;"
            "ALTER TABLE threads DROP COLUMN beginnings;"
            "DROP TABLE entry_threads; DROP TABLE entry_keys; DROP TABLE entries;"
            "DROP TABLE files; DROP TABLE subscriptions; DROP TABLE sources;"
            "CREATE INDEX ix_threads_state_due_at ON threads (state, due_at);"
            "UPDATE alembic_version SET version_num = '0001';"
        )
    with open_ledger(path) as ledger:
        assert [one.row.id for one in before] == [waiting, name]
        assert before[0].row.title == ARTICLE.title
        known = ledger.history()
        assert known[0] == before[0]
        # Whether a person had named the time of a thread that is out, nobody knows any more.
        assert known[1] == replace(before[1], row=replace(before[1].row, by_hand=False))
        assert ledger.waiting(10) == page
        assert page[0].price_usd == Decimal("0.045")
        begun_at = before[1].row.changed_at
        assert ledger.last_out(START, begun_at) == {("enpause", True): begun_at}


def test_every_version_has_its_migration() -> None:
    """The versions that a ledger may have are those in the folder of migrations, in order."""
    folder = Path(sqlite.__file__).parent / "migrations"
    revisions = ScriptDirectory(folder).walk_revisions()
    assert tuple(reversed([one.revision for one in revisions])) == VERSIONS


def test_an_up_to_date_ledger_needs_no_alembic(ledger: Ledger) -> None:
    """Alembic, 0.3 s, is imported only where a ledger is made or brought up to date."""
    program = (
        "import sys\n"
        "from threadbot.delivery.ledger import open_ledger\n"
        "open_ledger(sys.argv[1]).close()\n"
        "print('alembic' in sys.modules)\n"
    )
    fresh = ledger.path.with_name("fresh.sqlite")
    assert run(program, ledger.path).stdout == "False\n"
    assert run(program, fresh).stdout == "True\n"


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A migration is one transaction: where it stops half-way, the file is as it was."""
    path = tmp_path / "ledger.sqlite"
    program = PROGRAM.format(
        hardship="import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))"
    )
    done = run(program, path, tmp_path)
    assert done.returncode == 7, done.stderr
    with open_ledger(path) as ledger:
        assert ledger.history() == ()
