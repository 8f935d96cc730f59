"""What is made of a thread in whose midst the process ended again and again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from samples import ARTICLE, thread

from threadbot.config import load_config
from threadbot.delivery.rest import DONE
from threadbot.delivery.schedule import Schedule
from threadbot.delivery.timing import At, Timing
from threadbot.networks.plan import Plan
from threadbot.networks.sandbox import Sandbox
from threadbot.worker.carrying import MOST_BEGINNINGS, MOST_FAULTS, SUSPECT, Carrying

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Give a configuration without accounts."""
    (tmp_path / "config.toml").write_text('[ledger]\npath = "ledger.db"\n', "utf-8")
    return load_config(tmp_path / "config.toml", {}, tmp_path)


class End(BaseException):
    """The end of the process."""


class Clock:
    """Tells the time until the process ends: soon after another post is out, or at once.

    Args:
        ledger: where the thread is.
        gain: how many posts go out before the end.
    """

    def __init__(self, ledger: Ledger, gain: int) -> None:
        self.ledger = ledger
        self.goal = self._out() + gain
        self.left = 1

    def _out(self) -> int:
        [delivery] = self.ledger.history()
        return sum(step.state == "sent" for step in delivery.steps)

    def __call__(self) -> datetime:
        """Tell the time, or end the process."""
        if self._out() >= self.goal:
            self.left -= 1
            if self.left < 0:
                raise End
        return datetime.now(UTC)


def carried(config: Config, ledger: Ledger, posts: int, gain: int) -> str:
    """Let the process end in the midst of a thread so often that it could be held; give its state.

    Args:
        config: the configuration.
        ledger: where the thread is.
        posts: of the thread.
        gain: how many more posts are out each time.
    """
    now = datetime.now(UTC)
    article = ledger.record_article(replace(ARTICLE, title="Le tram"), None, now)
    row = ledger.claim(thread("x", posts), article, sandbox=True, now=now).row
    for _ in range(MOST_BEGINNINGS):
        with pytest.raises(End):
            Carrying(config, ledger, sandbox=True, now=Clock(ledger, gain)).carry(row.id)
    Carrying(config, ledger, sandbox=True).carry(row.id)
    return ledger.delivery(row.id).row.state


def test_a_thread_that_gets_nowhere_waits_for_a_person(config: Config, ledger: Ledger) -> None:
    """It is taken for what ends the process, and must not do so for ever."""
    assert carried(config, ledger, posts=20, gain=0) == "held"


def test_a_thread_that_gets_on_is_carried_to_its_end(config: Config, ledger: Ledger) -> None:
    """Whatever ends the process, it is not the thread: each time more of it is out."""
    assert carried(config, ledger, posts=20, gain=1) == "published"


def test_what_is_lost_on_the_way_is_logged(
    config: Config, ledger: Ledger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Pictures beside an article may lie on another machine: nobody but the worker sees that."""
    now = datetime.now(UTC)
    article = ledger.record_article(replace(ARTICLE, title="Le tram"), None, now)
    made = thread("x")
    row = ledger.claim(made, article, sandbox=True, now=now).row
    ledger.begin(row.id, now)
    lost = ("The picture tram.jpg is left out: it is not there.",)
    plan = Sandbox("x", "enpause", tmp_path / "other.jsonl").prepare(made, now)
    assert isinstance(plan, Plan)
    ledger.store_plan(row.id, replace(plan, warnings=lost), now)
    caplog.set_level("INFO")
    Carrying(config, ledger, sandbox=True).carry(row.id)
    assert ledger.delivery(row.id).row.state == "published"
    out = f"published on X ({made.account}), sandbox: {len(made.posts)} posts"
    assert f"thread {row.id}: {out}" in caplog.messages
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warned == [f"thread {row.id}: {lost[0]}"]


def test_a_thread_moved_after_it_was_handed_over_is_left_alone(
    config: Config, ledger: Ledger
) -> None:
    """It would wait for its time here, and no other thread of its account would go out."""
    now = datetime.now(UTC)
    number = ledger.record_article(replace(ARTICLE, title="Le tram"), None, now)
    tomorrow = Timing(Schedule(), At(now + timedelta(days=1)))
    [made] = ledger.schedule([thread("x")], number, tomorrow, sandbox=True, now=now)
    assert Carrying(config, ledger, sandbox=True).carry(made.row.id) == DONE
    assert ledger.delivery(made.row.id).row.state == "scheduled"


def test_a_fault_of_ours_is_told_as_one(config: Config, ledger: Ledger) -> None:
    """It is tried again some times; then the thread waits for a person, who is told what failed."""
    now = datetime.now(UTC)
    article = ledger.record_article(replace(ARTICLE, title="Le tram"), None, now)
    name = ledger.claim(thread("x"), article, sandbox=True, now=now).row.id

    def clock() -> datetime:
        if ledger.beginnings(name):
            raise ArithmeticError("a sum went wrong")  # noqa: EM101, TRY003 - a fault like any other
        return datetime.now(UTC)

    carrying = Carrying(config, ledger, sandbox=True, now=clock)
    for _ in range(MOST_FAULTS - 1):
        with pytest.raises(ArithmeticError):
            carrying.carry(name)
    assert carrying.carry(name) == DONE
    row = ledger.delivery(name).row
    assert (row.state, row.hold) == ("held", "other")
    assert row.reason == (
        "It failed 5 times by a fault of threadbot: a sum went wrong. Look at the log, then resume "
        "the thread or cancel it."
    )


def test_a_fault_before_a_thread_is_begun_is_told_too(config: Config, ledger: Ledger) -> None:
    """Else it would be tried for ever, and nobody would hear of it."""
    now = datetime.now(UTC)
    article = ledger.record_article(replace(ARTICLE, title="Le tram"), None, now)
    name = ledger.claim(thread("x", account="x"), article, sandbox=False, now=now).row.id
    # An account of X without what X has to know of it is no configuration that can be read.
    carrying = Carrying(replace(config, x={}), ledger, sandbox=False)
    for _ in range(MOST_FAULTS - 1):
        with pytest.raises(KeyError):
            carrying.carry(name)
    assert carrying.carry(name) == DONE
    row = ledger.delivery(name).row
    assert (row.state, row.hold) == ("held", "other")
    assert row.reason is not None
    assert row.reason.startswith("It failed 5 times by a fault of threadbot: 'x'.")


class Onlooker:
    """Tells the time, and sees how often each of several threads was begun.

    Args:
        ledger: where they are.
        threads: their numbers.
    """

    def __init__(self, ledger: Ledger, threads: Sequence[str]) -> None:
        self.ledger = ledger
        self.threads = threads
        self.seen: list[list[int]] = []

    def __call__(self) -> datetime:
        """Look, and leave the other one time to begin."""
        self.seen.append([self.ledger.beginnings(one) for one in self.threads])
        time.sleep(0.02)
        return datetime.now(UTC)


def test_suspects_are_carried_one_at_a_time(config: Config, ledger: Ledger) -> None:
    """When the process ends once more, it is told whose fault it may be."""
    now = datetime.now(UTC)
    numbers = []
    for account in ("a", "b"):
        article = ledger.record_article(replace(ARTICLE, title=f"Le tram {account}"), None, now)
        made = thread("x", 3, account, words=f"Fil {account}")
        row = ledger.claim(made, article, sandbox=True, now=now).row
        numbers.append(row.id)
        for _ in range(SUSPECT):
            ledger.note_beginning(row.id)
    onlooker = Onlooker(ledger, numbers)
    carrying = Carrying(config, ledger, sandbox=True, now=onlooker)

    def to_its_end(name: str) -> None:
        while carrying.carry(name) != DONE:
            time.sleep(0.02)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(to_its_end, numbers))
    assert [ledger.delivery(one).row.state for one in numbers] == ["published", "published"]
    assert max(max(counts) for counts in onlooker.seen) > SUSPECT
    assert all(min(counts) <= SUSPECT for counts in onlooker.seen)
