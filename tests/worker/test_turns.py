"""What becomes of a thread when its turn comes late, or when what is stored of it is damaged."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from engine_work import SOON, Work, engine, within
from places import STORES, execute
from samples import ARTICLE, START, sandbox, thread

from threadbot.config import load_config
from threadbot.delivery.answers import before_send
from threadbot.delivery.checking import check
from threadbot.delivery.deliver import is_put_off
from threadbot.delivery.due_questions import PER_ACCOUNT
from threadbot.delivery.rest import DONE
from threadbot.delivery.schedule import QuietHours, Schedule
from threadbot.delivery.timing import At, Timing
from threadbot.errors import InputError
from threadbot.networks.plan import Plan
from threadbot.worker.carrying import AWAY, SUSPECT, Carrying
from threadbot.worker.dispatch import MOST_HELD, Dispatcher

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
#: START is a Tuesday at 09:00; the night ends in the morning after it.
SCHEDULE = Schedule(quiet=(QuietHours(time(22), time(7)),))
EVENING = START.replace(hour=21, minute=50)
CLOSED_AT = START.replace(hour=22)
MORNING = START.replace(hour=7) + timedelta(days=1)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Give a configuration without accounts, and with quiet hours."""
    (tmp_path / "config.toml").write_text('[ledger]\npath = "ledger.db"\n', "utf-8")
    return replace(load_config(tmp_path / "config.toml", {}, tmp_path), schedule=SCHEDULE)


def scheduled(
    ledger: Ledger, due: datetime, name: str = "a", *, by_hand: bool = False, account: str = "a"
) -> str:
    """Schedule a thread of three posts on X, and give its name."""
    number = ledger.record_article(replace(ARTICLE, title=name, url=None), None, START)
    timing = Timing(SCHEDULE, At(due, by_hand=by_hand))
    made = thread("x", account=account, words=f"Fil {name}")
    return ledger.schedule([made], number, timing, sandbox=True, now=START)[0].row.id


def approved(ledger: Ledger, now: datetime, name: str = "a", account: str = "a") -> str:
    """Approve a thread that goes out at once, and give its name."""
    number = ledger.record_article(replace(ARTICLE, title=name, url=None), None, START)
    made = thread("x", account=account, words=f"Fil {name}")
    return ledger.claim(made, number, sandbox=True, now=now).row.id


def approved_by_itself(ledger: Ledger, now: datetime, name: str = "a") -> str:
    """Let a source approve a thread that goes out at once, and give its name."""
    number = ledger.record_article(replace(ARTICLE, title=name, url=None), None, START)
    timing = Timing(SCHEDULE, At(now, by_hand=False))
    made = thread("x", account="a", words=f"Fil {name}")
    return ledger.schedule([made], number, timing, sandbox=True, now=now)[0].row.id


def state(ledger: Ledger, name: str) -> tuple[str, str | None]:
    """Give a thread's state and why it is held."""
    row = ledger.outline(name).row
    return row.state, row.hold


def carry(config: Config, ledger: Ledger, name: str, now: datetime) -> str:
    """Carry a thread at a moment as far as it goes, and give its state."""
    assert Carrying(config, ledger, sandbox=True, now=lambda: now).carry(name) == DONE
    return ledger.outline(name).row.state


def damage(ledger: Ledger) -> None:
    """Damage what the threads of an account say."""
    execute(ledger.database, "UPDATE threads SET thread = '{}' WHERE account = 'a'")


def look(ledger: Ledger, folder: Path, now: datetime, schedule: Schedule = SCHEDULE) -> list[str]:
    """Let a dispatcher look once, and give the threads that were carried."""
    work = Work()
    work.gate.set()
    with engine(folder / "engine.sqlite", work) as running:
        over = Dispatcher(ledger, running, schedule, sandbox=False).dispatch(now)
        assert within(SOON, lambda: len(work.calls) == over)
        assert running.drain(SOON)
    return sorted(work.calls)


def test_a_damaged_thread_holds_up_no_other(ledger: Ledger, tmp_path: Path) -> None:
    """It is held as too late, and the thread of another account goes out."""
    damaged = scheduled(ledger, START + HOUR, "a")
    whole = scheduled(ledger, START + 11 * HOUR, "b", account="b")
    damage(ledger)
    assert look(ledger, tmp_path, START + 12 * HOUR) == [whole]
    assert state(ledger, damaged) == ("held", "late")


def test_a_damaged_thread_is_held(config: Config, ledger: Ledger) -> None:
    """It cannot be sent, and would be tried for ever."""
    name = scheduled(ledger, START + HOUR)
    damage(ledger)
    assert carry(config, ledger, name, START + HOUR) == "held"
    reason = ledger.outline(name).row.reason
    assert reason is not None
    assert "is not what was approved" in reason


def test_a_damaged_plan_holds_its_thread(config: Config, ledger: Ledger) -> None:
    """What is to be sent is not known any more."""
    name = approved(ledger, START)
    ledger.begin(name, START)
    execute(ledger.database, "INSERT INTO plans SELECT id, '[', changed_at FROM threads")
    assert carry(config, ledger, name, START) == "held"


@pytest.mark.parametrize("to_be", ["hold_by_hand", "cancel_by_hand"])
def test_a_damaged_thread_can_be_stopped(ledger: Ledger, to_be: str) -> None:
    """A person needs nothing of its words for that."""
    name = scheduled(ledger, START + HOUR)
    damage(ledger)
    row = getattr(ledger, to_be)(name, START)
    assert row.state in {"held", "cancelled"}
    assert len(row.thread.posts) == 3


@pytest.mark.parametrize("to_be", ["hold_by_hand", "cancel_by_hand"])
def test_a_damaged_thread_that_was_begun_can_be_stopped(ledger: Ledger, to_be: str) -> None:
    """It waits for its network, and nobody can go on with it."""
    name = scheduled(ledger, START + HOUR)
    begun(ledger, name, START + HOUR)
    damage(ledger)
    assert getattr(ledger, to_be)(name, START + HOUR).state in {"held", "cancelled"}


def test_a_damaged_draft_is_not_held(ledger: Ledger) -> None:
    """It waits for nothing, and what is said is what is damaged or what can be done."""
    number = ledger.record_article(ARTICLE, None, START)
    name = ledger.propose(thread("x", account="a"), number, sandbox=True, now=START).id
    damage(ledger)
    with pytest.raises(InputError, match="cannot be held"):
        ledger.hold_by_hand(name, START)


def test_a_damaged_thread_is_listed(ledger: Ledger) -> None:
    """The history shows it among the others, and says what is wrong."""
    damaged = scheduled(ledger, START + HOUR)
    damage(ledger)
    whole = scheduled(ledger, START + HOUR, "b", account="b")
    planless = approved(ledger, START, "c", account="c")
    ledger.begin(planless, START)
    begun_one = "SELECT id, '[', changed_at FROM threads WHERE state = 'sending'"
    execute(ledger.database, f"INSERT INTO plans {begun_one}")
    found = {one.row.id: one for one in ledger.history()}
    assert set(found) == {damaged, whole, planless}
    assert "is not what was approved" in (found[damaged].reason or "")
    assert found[whole].reason is None


@pytest.mark.parametrize("moment", ["2026-11-2", "", "never", "9999-12-31T23:59:59-01:00"])
def test_a_damaged_moment_ends_nothing(ledger: Ledger, tmp_path: Path, moment: str) -> None:
    """Its thread is far too late, so a person sees it; the others go out, and a check finds it."""
    damaged = scheduled(ledger, START + HOUR, "a")
    whole = scheduled(ledger, START + 11 * HOUR, "b", account="b")
    for column in ("due_at", "changed_at"):
        change = f"UPDATE threads SET {column} = '{moment}' WHERE account = 'a'"  # noqa: S608
        execute(ledger.database, change)
    assert "cannot be read" in "".join(check(ledger.database).problems)
    assert len(ledger.waiting(10)) == 2
    assert look(ledger, tmp_path, START + 12 * HOUR) == [whole]
    assert state(ledger, damaged) == ("held", "late")


def test_a_thread_that_is_gone_is_done_with(config: Config, ledger: Ledger) -> None:
    """The engine may know threads that the ledger does not: it was put back from a backup."""
    with pytest.raises(InputError):
        ledger.outline("77")
    assert Carrying(config, ledger, sandbox=True).carry("77") == DONE


def test_a_full_disk_is_one_line(
    config: Config, sqlite_ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no fault of the thread, which waits and goes out when there is space again."""
    name = approved(sqlite_ledger, START)
    refusal = "SELECT RAISE(ABORT, 'database or disk is full')"
    trigger = f"CREATE TRIGGER full BEFORE UPDATE ON threads BEGIN {refusal}; END"
    execute(sqlite_ledger.database, trigger)
    carrying = Carrying(config, sqlite_ledger, sandbox=True, now=lambda: START)
    with caplog.at_level(logging.WARNING):
        for _ in range(7):
            assert carrying.carry(name).until == START + AWAY
    assert len(caplog.records) == 7
    assert all(f"thread {name} waits: " in one.message for one in caplog.records)
    assert not any(one.exc_info for one in caplog.records)
    execute(sqlite_ledger.database, "DROP TRIGGER full")
    assert carrying.carry(name) == DONE
    assert state(sqlite_ledger, name) == ("published", None)


@dataclass
class Gate:
    """Tells the time once it is opened.

    Args:
        reached: set when somebody asks.
        opened: nobody is told before it is set.
    """

    reached: Event = field(default_factory=Event)
    opened: Event = field(default_factory=Event)


def test_suspects_keep_no_healthy_thread_back(config: Config, ledger: Ledger) -> None:
    """One of them is carried at a time, and the others take nobody's place meanwhile."""
    now = datetime.now(UTC)
    suspects = [approved(ledger, now, f"s{number}", f"s{number}") for number in range(9)]
    for name in suspects:
        for _ in range(SUSPECT):
            ledger.note_beginning(name)
    healthy = approved(ledger, now, "h", "h")
    gate = Gate()

    def slow() -> datetime:
        if ledger.beginnings(suspects[0]) > SUSPECT:
            gate.reached.set()
            gate.opened.wait(SOON)
        return now

    carrying = Carrying(config, ledger, sandbox=True, now=slow)
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(8) as pool:
        one = first.submit(carrying.carry, suspects[0])
        assert gate.reached.wait(SOON)
        others = replace(carrying, now=lambda: now)
        rests = [pool.submit(others.carry, name) for name in suspects[1:]]
        last = pool.submit(others.carry, healthy)
        try:
            assert last.result(SOON) == DONE
            assert all(rest.result(SOON).until is not None for rest in rests)
        finally:
            gate.opened.set()
        assert one.result(SOON) == DONE
    assert state(ledger, healthy) == ("published", None)
    assert others.carry(suspects[1]) == DONE
    assert state(ledger, suspects[1]) == ("published", None)


def test_what_goes_out_does_not_wait_for_holds(ledger: Ledger, tmp_path: Path) -> None:
    """After an outage only so many are held in one look."""
    for number in range(MOST_HELD + 5):
        scheduled(ledger, START + HOUR, f"a{number}", account=f"a{number}")
    on_time = scheduled(ledger, START + 12 * HOUR, "b", account="b")
    assert look(ledger, tmp_path, START + 12 * HOUR) == [on_time]
    held = [one for one in ledger.waiting(500) if one.state == "held"]
    assert len(held) == MOST_HELD


@pytest.mark.parametrize("at_once", [False, True], ids=["scheduled", "to go out at once"])
def test_what_comes_too_late_hides_nothing(
    ledger: Ledger, tmp_path: Path, *, at_once: bool
) -> None:
    """However many of an account an outage left, the one that is on time goes out at once."""
    for number in range(MOST_HELD + PER_ACCOUNT + 5):
        if at_once:
            approved_by_itself(ledger, START, f"a{number}")
        else:
            scheduled(ledger, START + HOUR, f"a{number}")
    on_time = scheduled(ledger, START + 12 * HOUR, "on time")
    assert look(ledger, tmp_path, START + 12 * HOUR) == [on_time]


def test_what_a_person_sends_at_once_asks_no_timetable(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """Just after another one of its account it is handed over, and goes out."""
    now = START + HOUR
    first, second = (scheduled(ledger, now, name) for name in ("a", "b"))
    ledger.begin(first, now)
    ledger.publish(first, now)
    assert look(ledger, tmp_path, now) == []
    row = ledger.send_at_once(second, now)
    assert (row.state, row.by_hand, row.due_at) == ("approved", True, None)
    assert look(ledger, tmp_path, now) == [second]
    assert carry(config, ledger, second, now) == "published"


def test_what_a_source_let_out_goes_out_by_hand_at_once(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """The timetable closed before it was begun; a person wants it out now."""
    waits = replace(SCHEDULE, max_late=12 * HOUR)
    name = approved_by_itself(ledger, CLOSED_AT - MINUTE)
    assert look(ledger, tmp_path, CLOSED_AT, waits) == []
    row = ledger.send_at_once(name, CLOSED_AT)
    assert (row.state, row.by_hand, row.planned_at) == ("approved", True, CLOSED_AT)
    assert look(ledger, tmp_path, CLOSED_AT, waits) == [name]
    assert carry(replace(config, schedule=waits), ledger, name, CLOSED_AT) == "published"


def put_off(config: Config, ledger: Ledger) -> str:
    """Let a thread begin, and the timetable close before anything of it is out."""
    name = scheduled(ledger, CLOSED_AT - MINUTE)
    ledger.begin(name, CLOSED_AT - MINUTE)
    assert carry(config, ledger, name, CLOSED_AT) == "sending"
    assert is_put_off(ledger.delivery(name))
    return name


def test_what_was_put_off_goes_out_by_hand_at_once(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """It was begun, and nothing of it was out when the timetable closed."""
    config = replace(config, schedule=replace(SCHEDULE, max_late=12 * HOUR))
    name, now = put_off(config, ledger), CLOSED_AT + HOUR
    assert look(ledger, tmp_path, now, config.schedule) == []
    row = ledger.send_at_once(name, now)
    assert (row.state, row.by_hand, row.due_at, row.reason) == ("sending", True, now, None)
    assert look(ledger, tmp_path, now, config.schedule) == [name]
    assert carry(config, ledger, name, now) == "published"


def test_a_network_that_asked_to_wait_is_not_pressed(config: Config, ledger: Ledger) -> None:
    """A person wants it out now: it goes out as soon as its network takes it, also at night."""
    name = scheduled(ledger, CLOSED_AT - MINUTE)
    begun(ledger, name, CLOSED_AT)
    ledger.send_at_once(name, CLOSED_AT)
    waiting = Carrying(config, ledger, sandbox=True, now=lambda: CLOSED_AT).carry(name)
    assert waiting.until == CLOSED_AT + MINUTE
    assert carry(config, ledger, name, CLOSED_AT + MINUTE) == "published"


def test_who_wants_it_out_is_quicker_than_the_timetable(config: Config, ledger: Ledger) -> None:
    """A worker decided just before to put it off, and has not noted that yet."""
    name = scheduled(ledger, CLOSED_AT - MINUTE)
    begun(ledger, name, CLOSED_AT - MINUTE)
    due = ledger.outline(name).row.planned_at
    ledger.send_at_once(name, CLOSED_AT)
    ledger.put_off(name, due, MORNING)
    assert carry(config, ledger, name, CLOSED_AT) == "published"


def test_what_may_be_out_is_left_as_it_is(ledger: Ledger, tmp_path: Path) -> None:
    """A post of it is under way; nothing but its answer matters now."""
    name = scheduled(ledger, EVENING)
    ledger.begin(name, EVENING)
    plan = sandbox(tmp_path, "x").prepare(thread("x", account="a", words="Fil a"), EVENING)
    assert isinstance(plan, Plan)
    ledger.store_plan(name, plan, EVENING)
    assert ledger.step_sending(name, before_send(ledger.delivery(name).steps[0]), EVENING)
    before = ledger.delivery(name)
    assert ledger.send_at_once(name, CLOSED_AT) == before.row
    assert ledger.delivery(name) == before


def test_only_what_is_overdue_is_sent_at_once(ledger: Ledger) -> None:
    """A thread whose time lies ahead, or that is held, is left as it is."""
    ahead, held = (scheduled(ledger, EVENING, name) for name in ("a", "b"))
    ledger.hold_by_hand(held, START)
    assert ledger.send_at_once(ahead, START).due_at == EVENING
    assert ledger.send_at_once(held, EVENING).state == "held"


@pytest.mark.parametrize(
    ("due", "by_hand", "now", "states"),
    [
        (EVENING, False, EVENING, "published"),
        (EVENING, False, EVENING + 50 * MINUTE, "scheduled"),
        (EVENING, True, EVENING + 50 * MINUTE, "published"),
        (START + HOUR, True, START + 8 * HOUR, "scheduled"),
    ],
)
def test_a_thread_whose_turn_comes_late_asks_again(
    config: Config, ledger: Ledger, due: datetime, now: datetime, states: str, *, by_hand: bool
) -> None:
    """It was handed over in time, but the thread before it waited until the night had begun."""
    name = scheduled(ledger, due, by_hand=by_hand)
    assert carry(config, ledger, name, now) == states


def test_the_least_distance_is_kept_at_a_turn(config: Config, ledger: Ledger) -> None:
    """The thread before it began later than it was due."""
    first, second = (scheduled(ledger, START + HOUR, name) for name in ("a", "b"))
    assert carry(config, ledger, first, START + HOUR) == "published"
    assert carry(config, ledger, second, START + HOUR + MINUTE) == "scheduled"
    later = START + HOUR + SCHEDULE.least_distance
    assert carry(config, ledger, second, later) == "published"


def begun(ledger: Ledger, name: str, at: datetime) -> None:
    """Let a thread begin on a network that is not there, and be asked for a moment."""
    ledger.begin(name, at)
    ledger.postpone(name, at + MINUTE, "The server does not answer.")


def test_a_thread_that_was_moved_does_not_wait_for_itself(ledger: Ledger, tmp_path: Path) -> None:
    """Its network was away; a person held it, and wants it out now."""
    name = scheduled(ledger, START)
    ledger.begin(name, START)
    ledger.postpone(name, START + MINUTE, "Away.")
    ledger.hold_by_hand(name, START)
    now = START + 2 * MINUTE
    ledger.move(name, Timing(SCHEDULE, At(now)), now)
    assert look(ledger, tmp_path, now) == [name]


def test_a_begun_thread_of_which_nothing_is_out_comes_too_late(
    config: Config, ledger: Ledger
) -> None:
    """It is held like one that was never begun, by the time at which it was due."""
    name = scheduled(ledger, START + HOUR)
    begun(ledger, name, START + 6 * HOUR)
    assert ledger.outline(name).row.due_at == START + HOUR
    assert carry(config, ledger, name, START + 8 * HOUR) == "held"
    assert state(ledger, name) == ("held", "late")


def test_a_begun_thread_of_which_nothing_is_out_keeps_quiet(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """It begins anew in the morning where that is not too late, and blocks nobody."""
    config = replace(config, schedule=replace(SCHEDULE, max_late=24 * HOUR))
    name = scheduled(ledger, EVENING)
    begun(ledger, name, EVENING)
    assert carry(config, ledger, name, EVENING + HOUR) == "sending"
    assert look(ledger, tmp_path, MORNING - MINUTE) == []
    assert look(ledger, tmp_path, MORNING) == [name]
    assert carry(config, ledger, name, MORNING) == "published"


def test_a_resumed_thread_asks_no_timetable(config: Config, ledger: Ledger) -> None:
    """Whoever resumes it wishes it to go out then, also at night."""
    name = scheduled(ledger, START + HOUR)
    begun(ledger, name, START + HOUR)
    assert carry(config, ledger, name, EVENING + HOUR) == "held"
    ledger.resume(name, EVENING + HOUR)
    assert carry(config, ledger, name, EVENING + HOUR) == "published"


@pytest.mark.parametrize(("hours", "said"), [(5, "approved"), (7, "held")])
def test_what_was_to_go_out_at_once_may_come_too_late(
    ledger: Ledger, tmp_path: Path, hours: int, said: str
) -> None:
    """Nobody was there to send it, and it is news no more: a person decides."""
    name = approved(ledger, START)
    assert look(ledger, tmp_path, START + hours * HOUR) == ([name] if said == "approved" else [])
    assert state(ledger, name)[0] == said


def test_what_a_source_wants_out_at_once_keeps_quiet(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """Its account waited when it was approved: it goes out in the morning, or is held."""
    waits = replace(config, schedule=replace(SCHEDULE, max_late=24 * HOUR))
    name = approved_by_itself(ledger, EVENING)
    assert carry(waits, ledger, name, EVENING + HOUR) == "approved"
    assert carry(waits, ledger, name, MORNING) == "published"
    other = approved_by_itself(ledger, EVENING, "b")
    assert look(ledger, tmp_path, EVENING + HOUR) == []
    assert state(ledger, other) == ("held", "late")


def test_what_a_source_wants_out_at_once_asks_for_no_distance(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """Its owner said so."""
    names = [approved_by_itself(ledger, START, name) for name in ("a", "b")]
    assert look(ledger, tmp_path, START) == names
    assert [carry(config, ledger, name, START) for name in names] == ["published"] * 2
