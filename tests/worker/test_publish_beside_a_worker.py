"""`threadbot publish` and `queue retry` while a worker runs: what is overdue goes out at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from workers import Desk

from threadbot.delivery.schedule import Schedule
from threadbot.delivery.timing import At, Timing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS = ("--url", "https://enpause.com/tram")
WISH = ("article.md", *ADDRESS, "--sandbox", "--yes", "--account", "bluesky")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a folder whose worker keeps an overdue thread back, as today is a blackout date."""
    made = Desk(tmp_path)
    now = datetime.now(UTC)
    days = ", ".join(f'"{now + timedelta(days=number):%Y-%m-%d}"' for number in range(-1, 3))
    made.configure(f'[schedule]\nblackout = [{days}]\nmax_late = "30d"\n')
    (tmp_path / "article.md").write_text("# Le tram\n\nIl revient à Brest.\n", "utf-8")
    done = made.run("schedule", *WISH, "--in", "300d")
    assert done.returncode == 0, done.stderr
    with made.ledger() as ledger:
        overdue = At(now - timedelta(minutes=1), by_hand=False)
        ledger.move("1", Timing(Schedule(), overdue), now)
    made.start("--sandbox")
    yield made
    made.close()


@pytest.mark.parametrize("command", [("publish", *WISH), ("queue", "retry", "1")], ids=" ".join)
def test_what_is_overdue_goes_out_at_once(desk: Desk, command: tuple[str, ...]) -> None:
    """The timetable would keep it back, but a person wants it out now."""
    (kept,) = desk.deliveries()
    assert kept.row.state == "scheduled"
    done = desk.run(*command, seconds=60)
    assert done.returncode == 0, done.stderr
    (delivery,) = desk.deliveries()
    assert delivery.row.state == "published"
