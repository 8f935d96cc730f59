"""Workers and commands on a ledger whose server is away for more than a minute."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from command_line import COMMAND, TEXT
from restarts import Restarting
from samples import ARTICLE, thread
from two_networks import TwoNetworks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pds.server import Pds
    from prepared_process import Process
    from x_simulator.simulator import XSimulator

#: Seconds that the server is away.
AWAY = 65.0
#: Seconds that X takes for a call, so that the server goes away in the midst of threads.
SLOW = 4.0
#: Seconds between two starts of a worker that ended.
PAUSE = 5.0
#: The most seconds that a command may take to say that the server is away.
SOON = 20.0
#: What a worker says that ends, or cannot start, as the server is away.
ENDED = ("lost its connection to PostgreSQL", "PostgreSQL does not answer", "cannot be reached")
WORKERS = 3
AT_ONCE = 18
LATER = 6


@pytest.fixture
def server() -> Iterator[Restarting]:
    """Give a server that the test stops and starts."""
    with Restarting() as started:
        yield started


@pytest.fixture
def desk(tmp_path: Path, server: Restarting, x_now: XSimulator, pds: Pds) -> Iterator[TwoNetworks]:
    """Give a folder that is ready for workers, whose ledger is on that server."""
    made = TwoNetworks(tmp_path, server.database(), x=x_now, pds=pds)
    made.open_accounts(3)
    (tmp_path / "article.txt").write_text(TEXT, "utf-8")
    yield made
    made.close()


def a_draft(desk: TwoNetworks) -> str:
    """Propose a thread that nobody has approved; give its name."""
    number = len(desk.approved) + 1
    now = datetime.now(UTC)
    article = replace(ARTICLE, title=f"Article {number}", url=f"https://enpause.com/{number}")
    made = thread("bluesky", 3, "bsky1", words=f"Fil {number}")
    with desk.ledger() as ledger:
        known = ledger.record_article(article, None, now)
        name = ledger.propose(made, known, sandbox=False, now=now).id
    desk.approved[name] = 3
    return name


def resuming(desk: TwoNetworks) -> subprocess.Popen[bytes]:
    """Approve a long thread, and let a command drive it by itself until it is half-way."""
    desk.approved["1"] = 6
    name = desk.approve(1, "x", 6, account="x1", sandbox=False)
    with (desk.folder / "resume.log").open("wb") as words:
        command = subprocess.Popen(
            [*COMMAND, "resume", name],
            cwd=desk.folder,
            env=desk.environment,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
        )
    desk.wait_until(lambda: desk.under_way() == 1)
    return command


def is_one_sentence(said: str, *, about: str) -> bool:
    """Tell whether a command said one line about something, to the person who typed it."""
    return said.startswith("threadbot: ") and said.count("\n") == 1 and about in said


def ask_meanwhile(desk: TwoNetworks, draft: str) -> None:
    """Type commands while the server is away: each says so, and tells scripts to try later."""
    for command in (
        ("queue",),
        ("queue", "show", draft),
        ("queue", "approve", draft),
        ("schedule", "article.txt", "--in", "1h", "--yes", "--account", "bsky1"),
        ("publish", "article.txt", "--yes", "--account", "bsky1"),
    ):
        done = desk.run(*command, seconds=SOON)
        said = done.stderr.decode()
        assert done.returncode == 4, (command, said)
        assert is_one_sentence(said, about="PostgreSQL does not answer"), (command, said)
        assert b"Traceback" not in done.stdout


def start_anew(desk: TwoNetworks, workers: list[Process]) -> None:
    """Do what a supervisor does: a worker that ended is started again."""
    for at, worker in enumerate(workers):
        if (code := worker.poll()) is not None:
            said = desk.said(worker)
            assert code in {1, 4}, said
            assert any(one in said for one in ENDED), said
            workers[at] = desk.begin()


@pytest.mark.soak
def test_a_server_that_is_away_for_a_minute(server: Restarting, desk: TwoNetworks) -> None:
    """Commands say so, workers are started again until it is back, each thread is out once."""
    desk.x.before = lambda _: time.sleep(SLOW)
    command = resuming(desk)
    desk.approve_some(LATER, datetime.now(UTC) + timedelta(seconds=AWAY / 2))
    desk.approve_some(AT_ONCE)
    draft = a_draft(desk)
    workers = [desk.begin() for _ in range(WORKERS)]
    first = list(workers)
    desk.wait_until(lambda: desk.under_way() > 2)
    assert command.poll() is None
    in_the_middle = desk.under_way()
    server.stop()
    begun = time.monotonic()
    while time.monotonic() < begun + AWAY:
        start_anew(desk, workers)
        ask_meanwhile(desk, draft)
        time.sleep(PAUSE)
    assert not {one.pid for one in first} & {one.pid for one in workers}, "they did not end"
    desk.x.before = lambda _: None
    server.start()
    desk.wait_until(lambda: desk.run("queue").returncode == 0)
    done = desk.run("queue", "approve", draft, "--now")
    assert done.returncode == 0, done.stderr
    deadline = time.monotonic() + 3 * AWAY
    while not desk.all_published() and time.monotonic() < deadline:
        start_anew(desk, workers)
        time.sleep(1)
    code, said = command.wait(AWAY), (desk.folder / "resume.log").read_text("utf-8")
    assert code == 0, said
    assert "Traceback" not in said
    assert len(desk.deliveries()) == len(desk.approved)
    assert desk.all_published(), [(one.row.id, one.row.state) for one in desk.deliveries()]
    desk.assert_all_is_out_once()
    assert not [one for one in desk.workers if "Traceback" in desk.said(one)]
    sys.stdout.write(f"half-way: {in_the_middle}, runs of workers: {len(desk.workers)}\n{said}")
