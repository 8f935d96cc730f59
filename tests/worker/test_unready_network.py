"""What the worker does with a thread that its network cannot take: it waits longer each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from places import STORES
from samples import ARTICLE, Clock, thread

from threadbot.article.model import Image
from threadbot.config import load_config
from threadbot.delivery.answers import FIRST_WAITS
from threadbot.delivery.model import CLOSED
from threadbot.delivery.rest import DONE
from threadbot.delivery.schedule import Blackout, Schedule
from threadbot.delivery.timing import At, Timing
from threadbot.worker.carrying import Carrying

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.thread.model import NetworkName

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
SHORTEST, LONGEST = FIRST_WAITS
#: More often than this nobody asks within six hours whose waits double up to ten minutes.
MOST = 50
#: Nobody listens there.
NOWHERE = "http://127.0.0.1:9"
PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx"
    b"\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)
CONFIG = f"""
[accounts.x]
network = "x"
handle = "x"
api = "{NOWHERE}"
api_key = "a"
api_key_secret = "a"
access_token = "a"
access_token_secret = "a"

[accounts.bluesky]
network = "bluesky"
handle = "enpause.test"
pds = "{NOWHERE}"
app_password = "a"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Give a configuration with an account on each network, of which neither answers."""
    monkeypatch.setenv("THREADBOT_A", "secret")
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "a.png").write_bytes(PICTURE)
    return load_config(tmp_path / "config.toml", {"THREADBOT_A": "secret"}, tmp_path)


def present() -> Clock:
    """Give a clock that begins at the present: some networks look at their own."""
    return Clock(datetime.now(UTC))


def scheduled(
    ledger: Ledger,
    folder: Path,
    network: NetworkName,
    clock: Clock,
    *,
    by_hand: bool = True,
    pictures: int = 1,
) -> str:
    """Schedule a thread with a picture for a second later, wait for that, and give its name."""
    source = str(folder / "article.md")
    number = ledger.record_article(replace(ARTICLE, url=None), source, clock.now())
    made = thread(network, 1, account=network)
    images = (Image("a.png", "Un tram"),) * pictures
    made = replace(made, posts=(replace(made.posts[0], images=images),))
    timing = Timing(Schedule(), At(clock.now() + SHORTEST, by_hand))
    [approval] = ledger.schedule([made], number, timing, sandbox=False, now=clock.now())
    clock.sleep(SHORTEST.total_seconds())
    return approval.row.id


def carry_to_its_end(carrying: Carrying, name: str, clock: Clock) -> list[timedelta]:
    """Carry a thread whenever it may go on, and give how long it waited each time."""
    waits = []
    while (rest := carrying.carry(name)) != DONE:
        assert rest.until is not None
        waits.append(rest.until - clock.now())
        assert len(waits) < MOST
        clock.moment = rest.until
    return waits


# X is asked for nothing before the first post of a thread without pictures.
@pytest.mark.parametrize("pictures", [0, 1])
@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_a_network_that_is_away_is_asked_less_and_less(
    config: Config, ledger: Ledger, tmp_path: Path, network: NetworkName, pictures: int
) -> None:
    """It is asked every ten minutes in the end, until the thread would come too late."""
    clock = present()
    name = scheduled(ledger, tmp_path, network, clock, pictures=pictures)
    carrying = Carrying(config, ledger, sandbox=False, now=clock.now)
    waits = carry_to_its_end(carrying, name, clock)
    assert all(earlier <= later for earlier, later in pairwise(waits))
    assert waits[0] < LONGEST == waits[-1]
    late = config.schedule.max_late
    assert late < sum(waits, timedelta(0)) <= late + LONGEST
    row = ledger.outline(name).row
    assert (row.state, row.hold) == ("held", "late")
    assert row.reason is not None
    assert "or cancel it. What kept it: " in row.reason
    assert "cannot be reached" in row.reason


def test_a_resumed_thread_is_tried_soon_again(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """A person has seen to what was amiss, so that waits begin anew."""
    clock = present()
    name = scheduled(ledger, tmp_path, "x", clock)
    carrying = Carrying(config, ledger, sandbox=False, now=clock.now)
    carry_to_its_end(carrying, name, clock)
    ledger.resume(name, clock.now())
    assert carrying.carry(name).until == clock.now() + SHORTEST


def test_a_worker_that_was_away_tries_soon_again(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """How long a thread lay there tells nothing of its network: the first wait is the shortest."""
    clock = present()
    name = scheduled(ledger, tmp_path, "x", clock)
    ledger.begin(name, clock.now())
    clock.sleep(timedelta(hours=1).total_seconds())
    carrying = Carrying(config, ledger, sandbox=False, now=clock.now)
    assert carrying.carry(name).until == clock.now() + SHORTEST


def test_a_thread_that_was_put_off_is_tried_soon_again(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """After a blackout date waits begin anew, though it was tried in vain before."""
    clock = present()
    name = scheduled(ledger, tmp_path, "x", clock, by_hand=False)
    tomorrow = clock.now().date() + timedelta(days=1)
    schedule = Schedule(blackouts=(Blackout(tomorrow, tomorrow),), max_late=timedelta(days=3))
    carrying = Carrying(replace(config, schedule=schedule), ledger, sandbox=False, now=clock.now)
    while (rest := carrying.carry(name)) != DONE:
        assert rest.until is not None
        clock.moment = rest.until
    put_off_to = ledger.outline(name).row.begun_at
    assert put_off_to is not None
    clock.moment = put_off_to
    assert carrying.carry(name).until == clock.now() + SHORTEST


def test_a_network_that_was_away_when_the_timetable_closed(
    config: Config, ledger: Ledger, tmp_path: Path
) -> None:
    """What it said stays known, also where the thread is held in the morning."""
    clock = present()
    name = scheduled(ledger, tmp_path, "x", clock, by_hand=False)
    Carrying(config, ledger, sandbox=False, now=clock.now).carry(name)
    today, late = clock.now().date(), timedelta(days=3)
    blackouts = (Blackout(today, today + timedelta(days=1)),)
    closed = replace(config, schedule=Schedule(blackouts=blackouts, max_late=late))
    carrying = Carrying(closed, ledger, sandbox=False, now=clock.now)
    for _ in range(2):
        clock.sleep(LONGEST.total_seconds())
        assert carrying.carry(name) == DONE
    reason = ledger.outline(name).reason
    assert reason is not None
    assert reason.startswith(f"{CLOSED} ")
    assert reason.count(CLOSED) == 1
    assert "cannot be reached" in reason
