"""Tasks that wait for servers: which is next, and what a server that hangs holds up."""

from __future__ import annotations

import time
from functools import partial
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

import pytest

from threadbot.sources.lanes import SLOW, Lanes, guarded, host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 20.0


@pytest.fixture
def lanes() -> Iterator[Lanes[str]]:
    """Give lanes with three threads."""
    made: Lanes[str] = Lanes("test", 3)
    yield made
    made.close()


@pytest.fixture
def gate() -> Iterator[Event]:
    """Give what lets servers answer that hang; in the end they do."""
    opened = Event()
    yield opened
    opened.set()


def test_at_a_server_tasks_go_one_at_a_time_in_their_order(lanes: Lanes[str], gate: Event) -> None:
    """A server that hangs delays what is asked of it, and nothing that others are asked."""
    done: SimpleQueue[str] = SimpleQueue()
    lanes.put("dead", "hangs", lambda: gate.wait(PATIENCE))
    for name in ("first", "second", "third"):
        lanes.put("dead", name, partial(done.put, name))
    lanes.put("alive", "other", partial(done.put, "other"))
    assert done.get(timeout=PATIENCE) == "other"
    assert done.empty()
    gate.set()
    assert [done.get(timeout=PATIENCE) for _ in range(3)] == ["first", "second", "third"]


def test_what_waits_is_not_put_twice(lanes: Lanes[str], gate: Event) -> None:
    """It is known by its key until it is over; then it may come again."""
    done: SimpleQueue[str] = SimpleQueue()
    lanes.put("hub", "first", lambda: gate.wait(PATIENCE))
    for _ in range(3):
        lanes.put("hub", "second", partial(done.put, "second"))
    assert lanes.keys() == {"first", "second"}
    gate.set()
    assert done.get(timeout=PATIENCE) == "second"
    until = time.monotonic() + PATIENCE
    while lanes.keys():
        assert time.monotonic() < until
        time.sleep(0.01)
    lanes.put("hub", "second", partial(done.put, "again"))
    assert done.get(timeout=PATIENCE) == "again"
    assert done.empty()


def test_slow_servers_leave_a_thread_to_the_others(lanes: Lanes[str], gate: Event) -> None:
    """However many of them there are, what is quick is done."""
    tried: SimpleQueue[str] = SimpleQueue()

    def hang(name: str) -> None:
        tried.put(name)
        gate.wait(PATIENCE)

    for name in ("a", "b", "c"):
        lanes.put(name, f"{name} is slow", lambda: time.sleep(SLOW * 1.05))
    until = time.monotonic() + PATIENCE
    while lanes.keys():
        assert time.monotonic() < until
        time.sleep(0.01)
    for name in ("a", "b", "c"):
        lanes.put(name, name, partial(hang, name))
    assert {tried.get(timeout=PATIENCE), tried.get(timeout=PATIENCE)} == {"a", "b"}
    lanes.put("quick", "quick", partial(tried.put, "quick"))
    assert tried.get(timeout=PATIENCE) == "quick"
    assert tried.empty()
    gate.set()
    assert tried.get(timeout=PATIENCE) == "c"


def test_what_a_task_raises_is_logged_and_pauses(caplog: pytest.LogCaptureFixture) -> None:
    """A fault of ours ends no thread, and is not run into again at once."""
    paused: list[str] = []
    guarded("the hub of site", lambda: 1 // 0, lambda: paused.append("so"))()
    assert paused == ["so"]
    assert "the hub of site: a fault of ours" in caplog.text


@pytest.mark.parametrize("address", ["http://[", "", "mailto:a@b.example"])
def test_what_is_no_web_address_has_a_lane_too(address: str) -> None:
    """Whoever carries it says what is wrong with it."""
    assert host_of(address) == ""
