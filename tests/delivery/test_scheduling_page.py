"""What docs/scheduling.md shows is what happens."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from threadbot.config import load_config
from threadbot.delivery.overdue import GoOut, Overdue, after_outage
from threadbot.delivery.schedule import DEFAULT_SLOTS, Schedule
from threadbot.delivery.slots import next_slot, next_slots, slots_of
from threadbot.delivery.typed_times import read_at, read_in
from threadbot.errors import TimeError

PAGE = (Path(__file__).parents[2] / "docs" / "scheduling.md").read_text("utf-8")
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 9, tzinfo=PARIS)


def part(name: str) -> list[str]:
    """Give the lines of the page between a mark and its end."""
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert match is not None
    return match[1].splitlines()


def rows(name: str) -> list[list[str]]:
    """Give the rows of a table of the page."""
    found = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part(name)[2:]]
    assert found
    return found


def moment(text: str) -> datetime:
    """Read a moment as the page writes it, with the day's name before it or without."""
    day = text[:3] if text[:1].isalpha() else ""
    read = datetime.fromisoformat(text.removeprefix(day).strip()).replace(tzinfo=PARIS)
    assert not day or f"{read:%a}" == day
    return read.astimezone(UTC)


def written(due: datetime) -> str:
    """Write a moment as the page does."""
    return due.astimezone(PARIS).isoformat(" ", "minutes")


@pytest.fixture
def schedule(tmp_path: Path) -> Schedule:
    """Give the timetable that the page shows."""
    match = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert match is not None
    (tmp_path / "config.toml").write_text(match[1], "utf-8")
    return load_config(None, {}, tmp_path).schedule


def test_the_next_slots_are_those_of_the_page(schedule: Schedule) -> None:
    """Each row of the table gives its slot."""
    for now, taken, slot in rows("next slots"):
        times = [moment(text) for text in taken.split(", ") if text]
        assert next_slot(schedule, moment(now), times) == moment(slot)
    assert "X at 08:30" in PAGE
    assert "Bluesky at 08:45" in PAGE
    assert next_slots(schedule, moment("2026-11-24 08:00"), {"x": (), "bluesky": ()}) == {
        "x": moment("2026-11-24 08:30"),
        "bluesky": moment("2026-11-24 08:45"),
    }


def test_the_default_slots_are_those_of_the_page() -> None:
    """The page names them in a sentence."""
    first, second, third = (f"{slot:%H:%M}" for slot in DEFAULT_SLOTS)
    assert f"they are {first}, {second} and {third} every day" in PAGE


def test_clock_changes_are_those_of_the_page() -> None:
    """Each row of the table fires when it says."""
    for day, slot, fires in rows("clock changes"):
        timetable = Schedule(PARIS, ((time.fromisoformat(slot),),) * 7)
        (found,) = slots_of(timetable, date.fromisoformat(day))
        assert written(found) == f"{day} {fires}"


def test_typed_times_are_those_of_the_page() -> None:
    """Each row of the table is due when it says."""
    for typed, due in rows("typed times"):
        option, text = shlex.split(typed.strip("`"))
        read = read_in(text, NOW) if option == "--in" else read_at(text, PARIS, NOW)
        assert written(read) == due


def test_refusals_are_those_of_the_page() -> None:
    """Each line of the block is what is said of the time that it begins with."""
    lines = part("refused times")[1:-1]
    assert lines
    for said in lines:
        with pytest.raises(TimeError) as caught:
            read_at(said.split("'")[1], PARIS, NOW)
        assert str(caught.value) == said


def test_outages_are_those_of_the_page(schedule: Schedule) -> None:
    """Asked at every minute of its day, the decision lets each thread go when the table says."""
    due = [moment(f"2026-11-24 {clock}") for clock in ("08:30", "12:15", "18:00")]
    for again, *outcomes in rows("outages"):
        ended = run_again(schedule, due, moment(again))
        assert [ended[number] for number in range(3)] == outcomes


def run_again(schedule: Schedule, due: list[datetime], now: datetime) -> dict[int, str]:
    """Do what a worker does from a moment on: ask, send what may go now, ask again later."""
    waiting, last = dict(enumerate(due)), None
    ended: dict[int, str] = {}
    while waiting:
        overdue = [Overdue(number, at) for number, at in waiting.items() if at <= now]
        later = [at for at in waiting.values() if at > now]
        for decision in after_outage(schedule, overdue, now, last):
            if not isinstance(decision, GoOut):
                ended[decision.thread] = "held"
            elif decision.at == now:
                ended[decision.thread] = f"{now.astimezone(PARIS):%Y-%m-%d %H:%M}"
                last = now
            else:
                later.append(decision.at)
        waiting = {number: at for number, at in waiting.items() if number not in ended}
        now = min(later, default=now)
    return ended
