"""`threadbot queue` and what is below it, in processes of their own."""

from __future__ import annotations

import fcntl
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from planned_folder import AT, SANDBOX, SCHEDULE, filled, run, said, threads_of

from threadbot.article.model import Article
from threadbot.delivery.ledger import open_ledger
from threadbot.delivery.lock import driving
from threadbot.delivery.model import CLOSED

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder whose ledger has two scheduled threads: 1 on X, and 2 on Bluesky."""
    filled(tmp_path)
    done = run(tmp_path, *SCHEDULE, *AT, *SANDBOX)
    assert done.returncode == 0, done.stderr
    return tmp_path


def ledger_of(folder: Path) -> Path:
    """Give the place of a folder's ledger."""
    return folder / "state" / "threadbot" / "ledger.db"


def draft(folder: Path, *, sandbox: bool = True) -> str:
    """Put a draft of another article into the ledger, with the words of thread 1."""
    now = datetime.now(UTC)
    with open_ledger(ledger_of(folder)) as ledger:
        number = ledger.record_article(Article("Un pont", url="https://enpause.com/p"), None, now)
        made = ledger.delivery("1").row.thread
        return ledger.propose(made, number, sandbox=sandbox, now=now).id


def state_of(folder: Path, thread: str) -> str:
    """Give the state of a thread."""
    with open_ledger(ledger_of(folder)) as ledger:
        return ledger.delivery(thread).row.state


def test_the_queue_is_listed(folder: Path) -> None:
    """Number, state, time of the publication, network, account, price and title of each thread."""
    lines = run(folder, "queue").stdout.decode().splitlines()
    assert lines[0].split() == ["thread", "state", "due", "network", "account", "price", "title"]
    assert lines[1].split(maxsplit=8)[:8] == [
        "1", "scheduled", "01.06.2027", "08:30", "X", "(sandbox)", "x", "$0.23"
    ]  # fmt: skip
    assert lines[1].rstrip().endswith("Le tramway revient à Brest")
    assert lines[2].split()[:4] == ["2", "scheduled", "01.06.2027", "08:45"]
    assert lines[-1] == "Times are those of Europe/Paris."


def test_programs_get_an_object(folder: Path) -> None:
    """The same for programs, with times that need no guessing."""
    x, bluesky = threads_of(folder, "queue")
    assert x == {
        "id": "1",
        "title": "Le tramway revient à Brest",
        "network": "x",
        "account": "x",
        "sandbox": True,
        "state": "scheduled",
        "reason": None,
        "due_at": "2027-06-01T06:30:00+00:00",
        "due_local": "2027-06-01T08:30:00+02:00",
        "until": None,
        "posts_total": x["posts_total"],
        "price_usd": x["price_usd"],
    }
    assert float(x["price_usd"]) > 0
    assert bluesky["price_usd"] is None


def test_when_a_thread_under_way_goes_on_is_shown(folder: Path) -> None:
    """Its time has passed; what counts now is when it is tried next, and why so late."""
    until = datetime(2027, 6, 2, 5, 0, tzinfo=UTC)
    with open_ledger(ledger_of(folder)) as ledger:
        ledger.hold_by_hand("1", datetime.now(UTC))
        ledger.resume("1", datetime.now(UTC))
        ledger.put_off("1", ledger.outline("1").row.planned_at, until)
    told = "It waits until 02.06.2027 07:00"
    listed = run(folder, "queue").stdout.decode()
    assert f"{told}.\n" in "\n".join(line.strip() for line in listed.splitlines())
    assert f"\n{told} (Europe/Paris).\n" in run(folder, "queue", "show", "1").stdout.decode()
    [known] = [one for one in threads_of(folder, "queue") if one["id"] == "1"]
    assert (known["until"], known["reason"]) == (until.isoformat(), CLOSED)


def test_a_thread_whose_time_has_not_come(folder: Path) -> None:
    """`history` and `retry` show the publication's time, and ask for nothing that is not needed."""
    history = " ".join(run(folder, "history").stdout.decode().split())
    assert "It goes out at 01.06.2027 08:30, by `threadbot run`." in history
    assert history.endswith("Times are those of Europe/Paris.")
    retried = run(folder, "queue", "retry", "1")
    assert retried.returncode == 4
    assert retried.stdout.decode().splitlines()[1:] == [
        "  Its time has not come yet.",
        "  It goes out at 01.06.2027 08:30 (Europe/Paris), by `threadbot run`.",
        "  threadbot queue move 1 --now   lets it go out at once",
    ]


def test_page_by_page(folder: Path) -> None:
    """A page says how the next one is had; drafts come first, as they have no time."""
    third = draft(folder)
    shown = run(folder, "queue", "--limit", "2").stdout.decode()
    assert "There is more: threadbot queue --after 1\n" in shown
    pages = [
        [one["id"] for one in threads_of(folder, "queue", "--limit", "2", *after)]
        for after in ((), ("--after", "1"), ("--after", "2"))
    ]
    assert pages == [[third, "1"], ["2"], []]
    assert b"There is more" not in run(folder, "queue", "--after", "1").stdout
    assert run(folder, "queue", "--after", "2").stdout == b"Nothing more waits.\n"


def test_an_empty_queue(tmp_path: Path) -> None:
    """Where nothing waits that is said."""
    assert run(tmp_path, "queue").stdout == b"Nothing waits.\n"


@pytest.mark.parametrize("columns", ["30", "60", "80"])
def test_the_queue_never_cuts_number_and_state(folder: Path, columns: str) -> None:
    """However narrow the terminal is, all else gives way, and nothing is lost."""
    from command_line import threadbot  # noqa: PLC0415 - another width than the others have

    environment = {"XDG_STATE_HOME": str(folder / "state"), "COLUMNS": columns}
    shown = threadbot(folder, "queue", environment=environment).stdout.decode()
    lines = shown.splitlines()[:-1]
    assert max(map(len, lines)) <= int(columns)
    assert [line.split()[:2] for line in lines if line[0] in "12"] == [
        ["1", "scheduled"],
        ["2", "scheduled"],
    ]
    assert "01.06.202708:30" in "".join(shown.split())


def test_a_thread_is_shown_in_full(folder: Path) -> None:
    """The cards of the preview, where it stands, when it is due."""
    shown = run(folder, "queue", "show", "2").stdout.decode()
    assert "Le tramway revient à Brest" in shown
    assert "Thread 2 on Bluesky (bluesky), sandbox: scheduled" in shown
    assert "Due: 01.06.2027 08:45 (Europe/Paris)" in shown
    [known] = threads_of(folder, "queue", "show", "2")
    for line in known["texts"][0].splitlines():
        assert all(word in shown for word in line.split()[:1])
    assert len(known["texts"]) == known["posts_total"]
    assert known["steps"] == []


def test_a_plan_is_shown(folder: Path) -> None:
    """What was sent is shown post by post, with the addresses of what is out."""
    run(folder, "queue", "hold", "1")
    run(folder, "queue", "retry", "1")
    shown = run(folder, "queue", "show", "1").stdout.decode()
    assert "Plan:\n  post 1: sent\n  post 2: sent\n" in shown
    assert "sandbox://x/x/" in shown
    [known] = threads_of(folder, "queue", "show", "1")
    assert {step["state"] for step in known["steps"]} == {"sent"}


def test_what_a_plan_lost_on_the_way_is_shown(folder: Path) -> None:
    """A picture that the worker's machine has not is missed by nobody else."""
    run(folder, "queue", "hold", "1")
    run(folder, "queue", "retry", "1")
    with closing(sqlite3.connect(ledger_of(folder))) as connection, connection:
        lost = (
            """UPDATE plans SET plan = replace(plan, '"warnings": []', '"warnings": ["Lost."]')"""
        )
        assert connection.execute(lost).rowcount == 1
    assert "\nWarning: Lost.\n" in run(folder, "queue", "show", "1").stdout.decode()


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (("--at", "2027-07-14 09:00"), "scheduled for 14.07.2027 09:00 (Europe/Paris)"),
        (
            ("--at", "2027-10-31 02:30+01:00"),
            "scheduled for 31.10.2027 02:30 UTC+01:00 (Europe/Paris)",
        ),
        (("--next-slot",), "scheduled for "),
        (("--in", "1d"), "scheduled for "),
    ],
)
def test_a_thread_is_moved(folder: Path, when: tuple[str, ...], told: str) -> None:
    """It says when the thread goes out now."""
    before = threads_of(folder, "queue")[0]["due_at"]
    done = run(folder, "queue", "move", "1", *when)
    assert done.returncode == 0, done.stderr
    assert f"Thread 1 on X (x), sandbox: {told}" in done.stdout.decode()
    assert threads_of(folder, "queue", "show", "1")[0]["due_at"] != before


def test_hold_and_move_back(folder: Path) -> None:
    """A held thread says so in the queue, and waits again when it is moved."""
    assert b"held" in run(folder, "queue", "hold", "1").stdout
    assert "A person holds it." in run(folder, "queue").stdout.decode()
    [known] = threads_of(folder, "queue", "move", "1", "--at", "2027-07-14 09:00")
    assert (known["state"], known["reason"]) == ("scheduled", None)


@pytest.mark.parametrize("command", [("queue", "retry"), ("resume",)])
def test_retry_and_resume_are_one_thing(folder: Path, command: tuple[str, ...]) -> None:
    """What is held goes out at once, whatever time it had."""
    run(folder, "queue", "hold", "1")
    done = run(folder, *command, "1")
    assert done.returncode == 0, done.stderr
    assert b"Thread 1 on X (x), sandbox: published" in done.stdout


def test_a_replaced_thread_names_the_one_that_took_its_place(folder: Path) -> None:
    """Nobody wonders who cancelled it; it is not due any more."""
    text = (folder / "article.txt").read_text("utf-8")
    (folder / "article.txt").write_text(text.replace("tramway", "bus"), "utf-8")
    new = [one["id"] for one in threads_of(folder, *SCHEDULE, *AT, *SANDBOX)]
    shown = run(folder, "queue", "show", "1").stdout.decode()
    assert f"sandbox: cancelled\nReason: Thread {new[0]} took its place.\n" in shown
    history = run(folder, "history").stdout.decode()
    assert all(f"Thread {name} took its place." in history for name in new)


def test_a_damaged_thread_is_cancelled(folder: Path) -> None:
    """What is told of it needs none of its words."""
    with closing(sqlite3.connect(ledger_of(folder))) as connection, connection:
        connection.execute("UPDATE threads SET thread = '{}' WHERE id = 1")
    done = run(folder, "queue", "cancel", "1")
    assert done.returncode == 0, done.stderr
    assert b"Thread 1 on X (x), sandbox: cancelled" in done.stdout


def test_a_cancelled_thread_leaves_the_queue(folder: Path) -> None:
    """Its article may be scheduled anew."""
    assert b"cancelled" in run(folder, "queue", "cancel", "1").stdout
    assert [one["id"] for one in threads_of(folder, "queue")] == ["2"]
    told = threads_of(folder, *SCHEDULE, *AT, *SANDBOX)
    assert [one["exit_code"] for one in told] == [0, 2]


@pytest.mark.parametrize(
    ("when", "state"),
    [((), "scheduled"), (("--now",), "approved"), (("--at", "2027-07-14 09:00"), "scheduled")],
)
def test_a_draft_is_approved(folder: Path, when: tuple[str, ...], state: str) -> None:
    """It goes out in the next free slot, unless another time is given."""
    name = draft(folder)
    [known] = threads_of(folder, "queue", "approve", name, *when)
    assert (known["state"], known["exit_code"]) == (state, 0)
    assert (known["due_at"] is None) == (state == "approved")
    if state == "approved":
        shown = run(folder, "queue").stdout.decode()
        assert f"{name}       approved   at once" in shown


def test_a_draft_is_rejected(folder: Path) -> None:
    """It leaves the queue, and cannot be approved any more."""
    name = draft(folder)
    assert b"rejected" in run(folder, "queue", "reject", name).stdout
    assert said(run(folder, "queue", "approve", name)).endswith("it cannot be approved")


def test_a_draft_whose_account_is_gone(folder: Path) -> None:
    """A thread that nobody could send is not approved."""
    name = draft(folder, sandbox=False)
    message = said(run(folder, "queue", "approve", name))
    assert "which is not in the configuration any more" in message
    assert state_of(folder, name) == "draft"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("move", "1"), "say when, with one of --at, --in, --next-slot and --now"),
        (
            ("approve", "1", "--in", "1d", "--next-slot"),
            "say when, with one of --at, --in, --next-slot and --now",
        ),
        (("move", "1", "--at", "2020-01-01 08:30"), "'2020-01-01 08:30' is in the past"),
        (
            ("move", "1", "--in", "0m"),
            "'0m' is no time from now: give a longer one, or use --now",
        ),
        (("approve", "1"), "thread 1 is scheduled; it cannot be approved: `"),
        (("approve", "1", "--now", "--next-slot"), "--now cannot go with another time"),
        (("reject", "1"), "thread 1 is scheduled; it cannot be rejected: cancel it"),
        (("show", "99"), "there is no thread '99' in the ledger"),
        (("move", "99", "--next-slot"), "there is no thread '99' in the ledger"),
        (("hold", "x"), "there is no thread 'x' in the ledger"),
        (("--after", "99"), "there is no thread '99' in the ledger"),
    ],
)
def test_what_is_refused(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    """One sentence says why, and nothing changes."""
    before = threads_of(folder, "queue")
    assert said(run(folder, "queue", *arguments)).startswith(message)
    assert threads_of(folder, "queue") == before


def test_a_time_that_has_passed(folder: Path) -> None:
    """What waits already goes out at once by another way than what is not there yet."""
    at = ("--at", "2020-01-01 08:30")
    assert said(run(folder, "queue", "move", "1", *at)).endswith("give a later time, or use --now")
    told = said(run(folder, *SCHEDULE, *at, *SANDBOX))
    assert told.endswith("give a later time, or use publish")


def test_what_is_out_cannot_be_moved(folder: Path) -> None:
    """The sentence names thread and state."""
    run(folder, "queue", "hold", "1")
    run(folder, "queue", "retry", "1")
    moved = run(folder, "queue", "move", "1", "--next-slot")
    assert said(moved) == "thread 1 is published; it cannot be moved"


def test_a_ledger_that_cannot_be_written(folder: Path) -> None:
    """A file that another program keeps to itself is said, with the code for later."""
    with closing(sqlite3.connect(ledger_of(folder))) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run(folder, "queue", "hold", "1")
    assert done.returncode == 4
    assert done.stderr.endswith(b"another program is writing to the ledger; try again\n")
    assert state_of(folder, "1") == "scheduled"


def test_a_worker_does_not_keep_a_person_out(folder: Path) -> None:
    """While somebody posts, and holds the lock for that, threads are moved, held and cancelled."""
    with ledger_of(folder).with_name("ledger.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for change in (("move", "1", "--next-slot"), ("hold", "1"), ("cancel", "1")):
            assert run(folder, "queue", *change).returncode == 0
    assert state_of(folder, "1") == "cancelled"


def test_publish_behind_a_thread_that_waits(folder: Path) -> None:
    """Programs are told which thread goes first, what it waits for, and when to come back."""
    now, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)
    with open_ledger(ledger_of(folder)) as ledger:
        ledger.approve(draft(folder), now)
        ledger.begin("3", now)
        ledger.postpone("3", later, "X's limit of the day is reached.")
    (folder / "second.txt").write_text("Un tunnel\n\nIl passe sous la rade.\n", "utf-8")
    with driving(ledger_of(folder), pytest.fail, "worker"):
        done = run(folder, "publish", "second.txt", *SANDBOX, "--account", "x", "--format", "json")
    (told,) = json.loads(done.stdout)["threads"]
    assert done.returncode == told["exit_code"] == 4
    assert told["message"] == (
        "Thread 3 of its account is under way and goes first. X's limit of the day is reached."
    )
    assert told["until"] == later.isoformat()
