"""`threadbot publish` and `queue retry` while a worker runs: what is overdue goes out at once."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from places import execute
from workers import Desk

from threadbot.delivery.schedule import Schedule
from threadbot.delivery.timing import At, Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ADDRESS = ("--url", "https://enpause.com/tram")
WISH = ("article.md", *ADDRESS, "--sandbox", "--yes", "--account", "bluesky")


def blackout(desk: Desk) -> None:
    """Let the timetable be closed today, whatever the time zone."""
    now = datetime.now(UTC)
    days = ", ".join(f'"{now + timedelta(days=number):%Y-%m-%d}"' for number in range(-1, 3))
    desk.configure(f'[schedule]\nblackout = [{days}]\nmax_late = "30d"\n')


def overdue(desk: Desk) -> None:
    """Let the thread be due since a minute."""
    now = datetime.now(UTC)
    with desk.ledger() as ledger:
        moment = At(now - timedelta(minutes=1), by_hand=False)
        ledger.move("1", Timing(Schedule(), moment), now)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a folder with an overdue thread, where today is a blackout date."""
    made = Desk(tmp_path)
    blackout(made)
    (tmp_path / "article.md").write_text("# Le tram\n\nIl revient à Brest.\n", "utf-8")
    done = made.run("schedule", *WISH, "--in", "300d")
    assert done.returncode == 0, done.stderr
    overdue(made)
    yield made
    made.close()


COMMANDS = [("publish", *WISH), ("queue", "retry", "1")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_is_overdue_goes_out_at_once(desk: Desk, command: tuple[str, ...]) -> None:
    """The timetable would keep it back, but a person wants it out now."""
    desk.start("--sandbox")
    (kept,) = desk.deliveries()
    assert kept.row.state == "scheduled"
    done = desk.run(*command, seconds=60)
    assert done.returncode == 0, done.stderr
    (delivery,) = desk.deliveries()
    assert delivery.row.state == "published"


def let_out_by_itself(desk: Desk) -> None:
    """Make of the thread one that a source let out just before the timetable closed."""
    with desk.ledger() as ledger:
        execute(
            ledger.database, "UPDATE threads SET state = 'approved', due_at = NULL, by_hand = 0"
        )


def put_off(desk: Desk) -> None:
    """Make of the thread one that was begun, and then put off as the timetable closed."""
    now = datetime.now(UTC)
    with desk.ledger() as ledger:
        ledger.begin("1", now)
        ledger.put_off("1", ledger.outline("1").row.planned_at, now + timedelta(days=3))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("kept", [let_out_by_itself, put_off])
def test_what_the_timetable_keeps_back_goes_out_at_once(
    desk: Desk, kept: Callable[[Desk], None], command: tuple[str, ...]
) -> None:
    """So it does where a source let it out, and where it was begun already."""
    kept(desk)
    desk.start("--sandbox")
    done = desk.run(*command, seconds=60)
    assert done.returncode == 0, done.stdout
    (delivery,) = desk.deliveries()
    assert delivery.row.state == "published"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_was_put_off_goes_out_without_a_worker(desk: Desk, command: tuple[str, ...]) -> None:
    """The command carries it by itself, and does not wait for the timetable to open."""
    put_off(desk)
    done = desk.run(*command, seconds=60)
    assert done.returncode == 0, done.stdout
    (delivery,) = desk.deliveries()
    assert delivery.row.state == "published"


@pytest.mark.parametrize("kept", [let_out_by_itself, put_off])
def test_corrected_words_never_send_the_old_ones(desk: Desk, kept: Callable[[Desk], None]) -> None:
    """A worker has the thread: it is said what to do, and then the new words go out."""
    kept(desk)
    desk.start("--sandbox")
    (desk.folder / "article.md").write_text("# Le tram\n\nIl revient à Quimper.\n", "utf-8")
    done = desk.run("publish", *WISH, "--format", "json")
    (told,) = json.loads(done.stdout)["threads"]
    assert (done.returncode, told["exit_code"]) == (2, 2)
    assert "with other words than these, and nothing was sent now" in told["message"]
    command = re.search(r"`threadbot ([^`]+)`", told["message"])
    assert command is not None
    assert desk.run(*command[1].split()).returncode == 0
    assert desk.run("publish", *WISH, seconds=60).returncode == 0
    posted = json.dumps(desk.posted(), ensure_ascii=False)
    assert "Quimper" in posted
    assert "Brest" not in posted


def test_corrected_words_of_what_is_overdue_take_its_place(desk: Desk) -> None:
    """Where it was not begun it gives way, and only the new words go out."""
    desk.start("--sandbox")
    (desk.folder / "article.md").write_text("# Le tram\n\nIl revient à Quimper.\n", "utf-8")
    done = desk.run("publish", *WISH, seconds=60)
    assert done.returncode == 0, done.stdout
    posted = json.dumps(desk.posted(), ensure_ascii=False)
    assert "Quimper" in posted
    assert "Brest" not in posted
