"""A ledger is checked, copied and moved between both kinds of database, and nothing is lost."""

from __future__ import annotations

import re
import sqlite3
import stat
import threading
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from places import STORES, Store, execute, new_place
from samples import ARTICLE, START, Run, approved, rich_thread, sandbox, thread
from sqlalchemy import select

from threadbot.delivery.backup import back_up
from threadbot.delivery.checking import check
from threadbot.delivery.copying import SECRET, move
from threadbot.delivery.database import open_database, place_of
from threadbot.delivery.drive import drive
from threadbot.delivery.identity import identify
from threadbot.delivery.ledger import open_ledger
from threadbot.delivery.schedule import Schedule
from threadbot.delivery.tables import facts, metadata
from threadbot.delivery.timing import At, Timing
from threadbot.delivery.versions import NEWEST
from threadbot.errors import InputError, LedgerBusyError, LedgerError
from threadbot.networks.port import Held, RetryAt
from threadbot.networks.sandbox import Script

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from threadbot.delivery.database import Database
    from threadbot.delivery.ledger import Ledger

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
SIGN_IN = "sign-in-93f1-of-an-account"
#: More threads than are put in while a ledger moves.
MANY = 2_000
LEFT_OUT = tuple(table.name for table in SECRET)
TOMORROW = RetryAt(START + timedelta(days=1), "The day's limit is reached.")


SOURCE = (
    "INSERT INTO sources (name, place, interval_seconds, failures)"
    " VALUES ('feed', 'https://enpause.com/feed', 60, 0)"
)
SUBSCRIPTION = (
    "INSERT INTO subscriptions (source_id, token, hub, topic, callback, secret, state, ask_at,"
    " failures) VALUES (1, 'token', 'hub', 'topic', 'callback', 'SIGN_IN', 'active',"
    " '2026-11-24T09:00:00.000000+00:00', 0)"
).replace("SIGN_IN", SIGN_IN)


@pytest.fixture
def full(ledger: Ledger, tmp_path: Path) -> Ledger:
    """Give a ledger with a thread in every state that lasts, and a sign-in."""
    scripts = {
        "approved": None,
        "published": Script(),
        "sending": Script(send=[None, TOMORROW]),
        "held": Script(send=[None, Held("account", "Wait.")]),
    }
    for name, script in scripts.items():
        made = approved(ledger, thread(words=name), replace(ARTICLE, url=None, title=name))
        if script is not None:
            drive(ledger, made, Run(ledger, sandbox(tmp_path, script=script)).outside)
        assert ledger.delivery(made).row.state == name
    number = ledger.record_article(ARTICLE, "/a.md", START)
    ledger.propose(rich_thread(), number, sandbox=False, now=START)
    ledger.reject(ledger.propose(thread(), number, sandbox=True, now=START).id, START)
    ledger.save_session("enpause", SIGN_IN)
    execute(ledger.database, SOURCE)
    execute(ledger.database, SUBSCRIPTION)
    return ledger


def content(database: Database, *without: str) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table."""
    with database.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
            if table.name not in {facts.name, *without}
        }


def test_a_whole_ledger_is_found_whole(full: Ledger) -> None:
    """Nothing is amiss with a ledger that was only ever used."""
    found = check(full.database)
    assert found.problems == ()
    assert (found.version, found.threads) == (NEWEST, 6)


DAMAGE = {
    "words": ("UPDATE threads SET thread = '{}' WHERE id = 2", "thread 2 .* not what was approved"),
    "plan": ("UPDATE plans SET plan = '{}' WHERE thread_id = 2", "the plan of thread 2 cannot be"),
    "claim": ("UPDATE claims SET account = 'b' WHERE thread_id = 2", "the claim of thread 2 is on"),
    "state": ("UPDATE threads SET state = 'cancelled' WHERE id = 1", "thread 1 is cancelled and"),
}


@pytest.mark.parametrize(("statement", "said"), DAMAGE.values(), ids=DAMAGE)
def test_what_was_changed_is_found(full: Ledger, statement: str, said: str) -> None:
    """Each thing that does not fit is one sentence."""
    execute(full.database, statement)
    (problem,) = check(full.database).problems
    assert re.search(said, problem)


def test_rows_without_what_they_belong_to(sqlite_ledger: Ledger) -> None:
    """A row whose thread is gone is found."""
    name = approved(sqlite_ledger, thread())
    with closing(sqlite3.connect(sqlite_ledger.path)) as connection:
        connection.execute(f"DELETE FROM threads WHERE id = {name}")  # noqa: S608 - a number
        connection.commit()
    assert check(sqlite_ledger.database).problems == ("1 rows of claims belong to missing threads",)


def test_a_damaged_file_is_found(sqlite_ledger: Ledger) -> None:
    """An index that does not fit its table is found, which no other command would notice."""
    approved(sqlite_ledger, thread())
    sqlite_ledger.close()
    data = sqlite_ledger.path.read_bytes()
    hashed = identify(ARTICLE, None).content_hash.encode()
    assert data.count(hashed) == 2
    sqlite_ledger.path.write_bytes(data.replace(hashed, b"f" * len(hashed), 1))
    with closing(open_database(sqlite_ledger.path, "never")) as database:
        problems = check(database).problems
    assert problems
    assert all(problem.startswith("the file is damaged: ") for problem in problems)


@pytest.mark.parametrize("kind", STORES)
def test_there_is_nothing_to_check_yet(kind: Store, tmp_path: Path) -> None:
    """An empty database is said to be one."""
    with closing(open_database(place_of(new_place(kind, tmp_path)), "never")) as database:
        found = check(database)
    assert (found.version, found.threads) == (None, 0)
    assert found.problems == ("there is no ledger yet; the first command that uses it makes one",)


@pytest.mark.parametrize("with_sessions", [False, True])
@pytest.mark.parametrize("kind", STORES)
def test_a_ledger_moves_with_everything_in_it(
    full: Ledger, kind: Store, tmp_path: Path, *, with_sessions: bool
) -> None:
    """Every row arrives as it was, numbers go on, and sign-ins come along on wish alone."""
    left_out = () if with_sessions else LEFT_OUT
    before = content(full.database, *left_out)
    gone = full.propose(thread(words="Nantes"), 1, sandbox=True, now=START).id
    execute(full.database, f"DELETE FROM threads WHERE id = {gone}")  # noqa: S608 - a number
    with open_ledger(new_place(kind, tmp_path)) as new:
        assert move(full.database, new.database, with_sessions=with_sessions) == 6
        assert content(new.database, *left_out) == before
        assert new.load_session("enpause") == (SIGN_IN if with_sessions else None)
        assert check(new.database).problems == ()
        article = new.record_article(replace(ARTICLE, url=None, title="New"), None, START)
        added = new.claim(thread("bluesky"), article, sandbox=True, now=START).row.id
        assert int(added) == int(gone) + 1
        run = Run(new, sandbox(tmp_path))
        run.clock.moment = TOMORROW.when
        for listed in new.waiting(10):
            if listed.state in {"sending", "held"}:
                new.resume(listed.id, run.clock.now())
                assert drive(new, listed.id, run.outside).kind == "done"
    journal = sandbox(tmp_path)
    assert not any("repeated" in event for event in journal.journal.events())


def test_a_ledger_goes_there_and_back(full: Ledger, tmp_path: Path) -> None:
    """From one kind to the other and back, a ledger is what it was."""
    before = content(full.database)
    other: Store = "postgresql" if full.database.name.startswith("/") else "sqlite"
    with open_ledger(new_place(other, tmp_path)) as away:
        move(full.database, away.database, with_sessions=True)
        with open_ledger(tmp_path / "back.db") as back:
            move(away.database, back.database, with_sessions=True)
            assert content(back.database) == before


def test_a_ledger_that_was_left_behind_posts_no_more(full: Ledger, tmp_path: Path) -> None:
    """Double posts, postiz#1321: neither who opens it nor who has it open drives its threads."""
    with open_ledger(tmp_path / "new.db") as new:
        move(full.database, new.database, with_sessions=False)
    said = f"this ledger was moved to {tmp_path}/new.db, and posts from there"
    with pytest.raises(LedgerError, match=said):
        open_ledger(full.database.place)
    with pytest.raises(LedgerError, match=said), full.driving("enpause", print):
        pytest.fail("it was moved")
    with pytest.raises(LedgerError, match=said), full.attending(print):
        pytest.fail("it was moved")


def test_nothing_is_put_into_a_ledger_that_was_left_behind(full: Ledger, tmp_path: Path) -> None:
    """Who had it open when it was moved, and changes it afterwards, is told: nobody would post."""
    [waiting] = [one.row.id for one in full.history() if one.row.state == "approved"]
    [draft] = [one.row.id for one in full.history() if one.row.state == "draft"]
    with open_ledger(tmp_path / "new.db") as new:
        move(full.database, new.database, with_sessions=False)
    before = content(full.database)
    now = Timing(Schedule(), At(START))
    changes: tuple[Callable[[], object], ...] = (
        lambda: full.record_article(ARTICLE, "/other.md", START),
        lambda: full.propose(thread(words="other"), 1, sandbox=True, now=START),
        lambda: full.claim(thread(words="other"), 1, sandbox=True, now=START),
        lambda: full.schedule([thread(words="other")], 1, now, sandbox=True, now=START),
        lambda: full.approve(draft, START),
        lambda: full.approve_for(draft, now, START),
        lambda: full.reject_by_hand(draft, START),
        lambda: full.move(waiting, now, START),
        lambda: full.hold_by_hand(waiting, START),
        lambda: full.cancel_by_hand(waiting, START),
    )
    for change in changes:
        with pytest.raises(LedgerError, match=f"this ledger was moved to {tmp_path}/new.db"):
            change()
    assert content(full.database) == before


def test_what_is_put_in_during_a_move_comes_along_or_is_refused(
    full: Ledger, tmp_path: Path
) -> None:
    """Whoever puts threads in while a ledger moves finds them in the new one, or is told."""
    accepted: list[str] = []

    def put_in() -> None:
        with open_ledger(full.database.place) as other, suppress(LedgerError):
            for number in range(MANY):
                words = thread(words=f"Fil {number}")
                accepted.append(other.propose(words, 1, sandbox=True, now=START).id)

    before = {one.row.id for one in full.history()}
    writer = threading.Thread(target=put_in)
    with open_ledger(tmp_path / "new.db") as new:
        writer.start()
        while not accepted:
            assert writer.is_alive()
        move(full.database, new.database, with_sessions=False)
        writer.join()
        assert len(accepted) < MANY
        assert {one.row.id for one in new.history()} == before | set(accepted)


def test_what_is_not_empty_is_no_target(full: Ledger, tmp_path: Path) -> None:
    """A ledger that holds something is left alone, and so is the one that was to be moved."""
    before = content(full.database)
    with open_ledger(tmp_path / "new.db") as new:
        approved(new, thread())
        with pytest.raises(InputError, match="is not empty; name an empty database or a new file"):
            move(full.database, new.database, with_sessions=False)
        assert len(new.history()) == 1
    with pytest.raises(InputError, match="the ledger is there already"):
        move(full.database, full.database, with_sessions=False)
    assert content(full.database) == before
    open_ledger(full.database.place).close()


def test_nothing_moves_while_somebody_posts(full: Ledger, tmp_path: Path) -> None:
    """While another process may be posting, a ledger stays where it is."""
    with open_ledger(full.database.place) as other, open_ledger(tmp_path / "new.db") as new:
        with (
            other.attending(print),
            pytest.raises(LedgerBusyError, match="may be posting; stop it first"),
        ):
            move(full.database, new.database, with_sessions=False)
        assert new.history() == ()
    assert len(full.history()) == 6


def test_a_move_that_fails_leaves_the_ledger_as_it_was(full: Ledger, tmp_path: Path) -> None:
    """Where the target refuses a row, nothing was moved and the ledger posts on."""
    with open_ledger(tmp_path / "new.db") as new:
        execute(
            new.database,
            "CREATE TRIGGER full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        with pytest.raises(LedgerError, match="the database says: full"):
            move(full.database, new.database, with_sessions=False)
        assert new.history() == ()
    with full.driving("enpause", print):
        pass


@pytest.mark.parametrize("with_sessions", [False, True])
def test_a_backup_is_a_ledger(full: Ledger, tmp_path: Path, *, with_sessions: bool) -> None:
    """It is one file that only its owner may read, with all rows, and sign-ins on wish alone."""
    copy = tmp_path / "backups" / "copy.db"
    copy.parent.mkdir()
    back_up(full.database, copy, with_sessions=with_sessions)
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert (SIGN_IN.encode() in copy.read_bytes()) == with_sessions
    left_out = () if with_sessions else LEFT_OUT
    with open_ledger(copy) as opened:
        assert content(opened.database, *left_out) == content(full.database, *left_out)
        assert check(opened.database).problems == ()
        with opened.database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with pytest.raises(InputError, match="there is such a file already; name another one"):
        back_up(full.database, copy, with_sessions=with_sessions)


def test_a_backup_while_others_write(full: Ledger, tmp_path: Path) -> None:
    """Whatever is written meanwhile, each copy is whole."""
    done, written = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        with open_ledger(full.database.place) as ledger:
            number = 0
            while not done.is_set():
                number += 1
                article = replace(ARTICLE, url=None, title=f"Article {number}")
                approved(ledger, thread(account="writer"), article)
                written.release()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            assert written.acquire(timeout=20)
            back_up(full.database, tmp_path / f"{number}.db", with_sessions=False)
    finally:
        done.set()
        writer.join()
    counts = []
    for number in range(5):
        with open_ledger(tmp_path / f"{number}.db") as copy:
            found = check(copy.database)
            assert found.problems == ()
            counts.append(found.threads)
    assert counts == sorted(counts)
    assert counts[-1] > 6


def test_a_backup_that_cannot_be_written(full: Ledger, tmp_path: Path) -> None:
    """A folder that is not there is one sentence, and nothing is left."""
    with pytest.raises(InputError, match="the copy cannot be written: no such file or directory"):
        back_up(full.database, tmp_path / "none" / "copy.db", with_sessions=False)
