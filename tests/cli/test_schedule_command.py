"""`threadbot schedule`, in processes of its own."""

from __future__ import annotations

import fcntl
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from planned_folder import AT, CONFIG, SANDBOX, SCHEDULE, filled, run, said, threads_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder that holds an article, a timetable and a state folder of its own."""
    return filled(tmp_path)


def test_a_named_time(folder: Path) -> None:
    """The preview comes with the time of each network; both are in the ledger, nothing is out."""
    done = run(folder, *SCHEDULE, *AT, *SANDBOX)
    assert done.returncode == 0, done.stderr
    shown = done.stdout.decode()
    assert "Le tramway revient" in shown
    assert "X (x): 01.06.2027 08:30 (Europe/Paris)" in shown
    assert "Thread 1 on X (x), sandbox: scheduled for 01.06.2027 08:30 (Europe/Paris)" in shown
    assert "Thread 2 on Bluesky (bluesky), sandbox: scheduled for 01.06.2027 08:45" in shown
    assert shown.endswith(
        "`threadbot run` sends what is due, and must be running then; nothing is running at "
        "present.\n"
    )
    assert {one["state"] for one in threads_of(folder, "history")} == {"scheduled"}
    assert not (folder / "state" / "threadbot" / "ledger.sandbox.jsonl").exists()


def test_programs_get_an_object(folder: Path) -> None:
    """The times are there in UTC and as the publication's clock shows them."""
    x, bluesky = threads_of(folder, *SCHEDULE, *AT, *SANDBOX)
    assert (x["due_at"], x["due_local"], x["exit_code"]) == (
        "2027-06-01T06:30:00+00:00",
        "2027-06-01T08:30:00+02:00",
        0,
    )
    assert bluesky["due_local"] == "2027-06-01T08:45:00+02:00"


def test_a_length_of_time(folder: Path) -> None:
    """`--in` counts from now."""
    before = datetime.now(UTC)
    x, _ = threads_of(folder, *SCHEDULE, "--in", "2h", *SANDBOX)
    late = datetime.fromisoformat(x["due_at"]) - before - timedelta(hours=2)
    assert timedelta(0) <= late < timedelta(seconds=30)


def test_each_article_has_a_slot_of_its_own(folder: Path) -> None:
    """`--next-slot` gives the slots of the timetable one after the other."""
    due = []
    for number in range(3):
        address = ("--url", f"https://enpause.com/{number}")
        x, bluesky = threads_of(
            folder, "schedule", "article.txt", *address, "--next-slot", *SANDBOX
        )
        moments = [datetime.fromisoformat(one["due_local"]) for one in (x, bluesky)]
        assert moments[1] - moments[0] == timedelta(minutes=15)
        due.append(moments[0])
    assert due == sorted(set(due))
    assert {f"{moment:%H:%M}" for moment in due} == {"08:30", "12:15", "18:00"}


def test_it_warns_of_a_time_that_the_timetable_would_not_choose(folder: Path) -> None:
    """Quiet hours and another thread near by are said; what a person names holds all the same."""
    at = ("--at", "2027-06-01 23:30")
    shown = run(folder, *SCHEDULE, *at, *SANDBOX).stdout.decode()
    assert "Warning: 23:30 is in the quiet hours 22:00-07:00" in shown
    near = ("schedule", "article.txt", "--url", "https://enpause.com/other")
    shown = run(folder, *near, "--at", "2027-06-01 23:35", *SANDBOX).stdout.decode()
    assert "Warning: the account has a thread at 01.06.2027 23:30 (Europe/Paris)" in shown
    assert "Thread 3 on X (x), sandbox: scheduled for 01.06.2027 23:35" in shown


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ((), "say when, with one of --at, --in and --next-slot"),
        ((*AT, "--next-slot"), "say when, with one of --at, --in and --next-slot"),
        (("--at", "2020-01-01 08:30"), "'2020-01-01 08:30' is in the past"),
        (("--at", "2027-03-28 02:30"), "'2027-03-28 02:30' does not exist in Europe/Paris"),
        (("--at", "2027-10-31 02:30"), "'2027-10-31 02:30' comes twice in Europe/Paris"),
        (("--at", "demain"), "'demain' is not understood as a time"),
        (("--in", "soon"), "'soon' is no length of time"),
    ],
)
def test_a_time_that_cannot_be_used(folder: Path, when: tuple[str, ...], message: str) -> None:
    """One sentence says what is wrong with it, before anything else is done."""
    assert said(run(folder, *SCHEDULE, *when, *SANDBOX)).startswith(message)
    assert not (folder / "state").exists()


def test_an_account_is_needed(folder: Path) -> None:
    """Without an account and without --sandbox it says what to do, as publish does."""
    assert said(run(folder, *SCHEDULE, *AT, "--yes")).startswith("no account is configured")


def test_an_account_that_cannot_post_is_said(folder: Path) -> None:
    """Whatever an account lacks is said now, not when its time has come."""
    account = '\n[accounts.sky]\nnetwork = "bluesky"\nhandle = "enpause.example.com"\n'
    (folder / "config.toml").write_text(CONFIG + account, "utf-8")
    assert "set 'app_password'" in said(run(folder, *SCHEDULE, *AT, "--yes"))
    assert threads_of(folder, "queue") == []


def test_nobody_to_ask_needs_yes(folder: Path) -> None:
    """Where the input is no terminal nothing is scheduled without --yes."""
    assert said(run(folder, *SCHEDULE, *AT, "--sandbox")).endswith("add --yes")
    assert threads_of(folder, "queue") == []


def test_an_article_is_scheduled_once(folder: Path) -> None:
    """A second time it says when the article goes out, and how to change that."""
    run(folder, *SCHEDULE, *AT, *SANDBOX)
    again = threads_of(folder, *SCHEDULE, "--at", "2027-07-01 08:30", *SANDBOX)
    assert [one["exit_code"] for one in again] == [2, 2]
    assert again[0]["message"] == (
        "This article is scheduled already, for 01.06.2027 08:30 (Europe/Paris); `threadbot queue "
        "move 1 --now` sends it at once, with --at at another time."
    )


@pytest.mark.parametrize(
    ("at", "gap"),
    [
        (
            "2027-07-01 08:30",
            " It keeps its time, but thread 3 goes out at 01.07.2027 08:30 (Europe/Paris).",
        ),
        ("2027-06-01 08:30", ""),
    ],
)
def test_half_an_article_is_scheduled_anew(folder: Path, at: str, gap: str) -> None:
    """Where the other half stays at a time far from it, that is said, with how to move it."""
    run(folder, *SCHEDULE, *AT, *SANDBOX)
    run(folder, "queue", "cancel", "2")
    x, bluesky = threads_of(folder, *SCHEDULE, "--at", at, *SANDBOX)
    assert (x["exit_code"], bluesky["exit_code"]) == (2, 0)
    assert x["message"].endswith(
        f"`threadbot queue move 1 --now` sends it at once, with --at at another time.{gap}"
    )


def test_publishing_what_is_scheduled_says_how_to_bring_it_forward(folder: Path) -> None:
    """It says when the article is due; the command that it names works, and then it goes out."""
    run(folder, *SCHEDULE, *AT, *SANDBOX)
    publish = ("publish", *SCHEDULE[1:], *SANDBOX)
    told = threads_of(folder, *publish)
    assert [(one["state"], one["exit_code"]) for one in told] == [("scheduled", 2)] * 2
    for one in told:
        assert re.search(r"for 01.06.2027 08:(30|45) \(Europe/Paris\)", one["message"])
        command = re.search(r"`threadbot ([^`]+)`", one["message"])
        assert command is not None
        (moved,) = threads_of(folder, *command[1].split())
        assert moved["state"] == "scheduled"
        late = datetime.now(UTC) - datetime.fromisoformat(moved["due_at"])
        assert timedelta(0) <= late < timedelta(minutes=1)
    assert [one["state"] for one in threads_of(folder, *publish)] == ["published"] * 2


def test_a_schedule_by_hand_is_its_approval(folder: Path) -> None:
    """Nobody has to approve it again, even where the account asks for that."""
    config = (folder / "config.toml").read_text("utf-8")
    accounts = '[accounts.careful]\nnetwork = "bluesky"\napproval = "required"\n'
    (folder / "config.toml").write_text(f"{config}\n{accounts}", "utf-8")
    named = ("--account", "careful", *SANDBOX)
    assert [one["state"] for one in threads_of(folder, *SCHEDULE, *AT, *named)] == ["scheduled"]
    other = ("publish", "article.txt", "--url", "https://enpause.com/other")
    assert [one["state"] for one in threads_of(folder, *other, *named)] == ["published"]


def test_a_corrected_article_takes_its_place(folder: Path) -> None:
    """Other words of the same article replace what was scheduled, at the time that is named now."""
    run(folder, *SCHEDULE, *AT, *SANDBOX)
    article = folder / "article.txt"
    article.write_text(article.read_text("utf-8").replace("relance", "reprend"), "utf-8")
    other = threads_of(folder, *SCHEDULE, "--at", "2027-07-01 08:30", *SANDBOX)
    assert [one["exit_code"] for one in other] == [0, 0]
    assert {one["id"] for one in threads_of(folder, "queue")} == {one["id"] for one in other}
    shown = run(folder, "queue", "show", "1").stdout.decode()
    assert "Reason: Thread 3 took its place." in shown
    assert "Due: " not in shown


@pytest.mark.parametrize("offset", ["+01:00", "+02:00"])
def test_an_hour_that_a_clock_change_doubles(folder: Path, offset: str) -> None:
    """Wherever its time is shown it is said which of the two is meant."""
    moment = f"31.10.2027 02:30 UTC{offset}"
    at = ("--at", f"2027-10-31 02:30{offset}", *SANDBOX, "--account", "x")
    shown = run(folder, *SCHEDULE, *at).stdout.decode()
    assert f"scheduled for {moment} (Europe/Paris)" in shown
    assert moment in run(folder, "queue").stdout.decode()
    assert f"Due: {moment} (Europe/Paris)" in run(folder, "queue", "show", "1").stdout.decode()


def test_times_of_the_history_are_those_of_the_publication(folder: Path) -> None:
    """They are the same wherever they are shown, whatever the machine's own time zone is."""
    run(folder, *SCHEDULE, *AT, *SANDBOX)
    shown = run(folder, "history").stdout.decode()
    assert "It goes out at 01.06.2027 08:30, by `threadbot run`." in " ".join(shown.split())
    assert shown.endswith("Times are those of Europe/Paris.\n")
    retried = run(folder, "queue", "retry", "1").stdout.decode()
    assert "It goes out at 01.06.2027 08:30 (Europe/Paris), by `threadbot run`." in retried


def test_what_is_published_is_not_scheduled(folder: Path) -> None:
    """An article goes out once; --again schedules it once more."""
    run(folder, "publish", *SCHEDULE[1:], *SANDBOX)
    second = threads_of(folder, *SCHEDULE, *AT, *SANDBOX)
    assert [one["exit_code"] for one in second] == [2, 2]
    assert "was published on" in second[0]["message"]
    again = threads_of(folder, *SCHEDULE, *AT, *SANDBOX, "--again")
    assert [(one["exit_code"], one["state"]) for one in again] == [(0, "scheduled")] * 2


def test_the_same_words_on_two_accounts_of_x(folder: Path) -> None:
    """What X forbids is refused for a later time, too."""
    accounts = "".join(f'\n[accounts.{name}]\nnetwork = "x"\n' for name in ("one", "two"))
    (folder / "config.toml").write_text(CONFIG + accounts, "utf-8")
    assert "would post the same words" in said(run(folder, *SCHEDULE, *AT, *SANDBOX))
    assert threads_of(folder, "queue") == []


def test_it_does_not_wait_for_who_posts(folder: Path) -> None:
    """While a worker holds the ledger's lock threads are scheduled, and it is seen to run."""
    run(folder, "history")
    with (folder / "state" / "threadbot" / "ledger.db.lock").open("w") as lock:
        lock.write("7 worker\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(folder, *SCHEDULE, *AT, *SANDBOX)
    assert done.returncode == 0, done.stderr
    assert b"must be running then.\n" in done.stdout
