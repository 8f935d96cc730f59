"""`threadbot queue` while a worker runs: what a person changes holds at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from places import STORES
from postgres import new_database
from samples import ARTICLE, thread
from workers import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAR = ("--in", "300d", "--sandbox", "--yes", "--account", "bluesky")


@pytest.fixture(params=STORES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Give a folder whose worker runs, with four threads that are due in some months."""
    made = Desk(tmp_path, new_database() if request.param == "postgresql" else None)
    made.configure('[schedule]\nleast_distance = "0m"\n')
    (tmp_path / "article.md").write_text("# Le tram\n\nIl revient à Brest.\n", "utf-8")
    for number in range(1, 5):
        address = ("--url", f"https://enpause.com/{number}")
        done = made.run("schedule", "article.md", *address, *FAR)
        assert done.returncode == 0, done.stderr
    made.start("--sandbox")
    yield made
    made.close()


def changed(desk: Desk, *arguments: str) -> dict[str, Any]:
    """Run a command of `queue`, and give the thread as it stands then."""
    done = desk.run("queue", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    (known,) = json.loads(done.stdout)["threads"]
    return dict(known)


def draft(desk: Desk) -> str:
    """Propose a thread of another article; give its name."""
    now = datetime.now(UTC)
    with desk.ledger() as ledger:
        article = replace(ARTICLE, title="Le pont", url="https://enpause.com/pont")
        known = ledger.record_article(article, None, now)
        return ledger.propose(thread("bluesky", account="bluesky"), known, sandbox=True, now=now).id


def states(desk: Desk) -> dict[str, str]:
    """Give the state of each thread, by its name."""
    return {one.row.id: one.row.state for one in desk.deliveries()}


def test_a_person_steers_what_the_worker_sends(desk: Desk) -> None:
    """Moved and approved threads go out, held and cancelled ones do not, a retried one does."""
    name = draft(desk)
    assert changed(desk, "hold", "2")["state"] == "held"
    assert changed(desk, "cancel", "3")["state"] == "cancelled"
    assert changed(desk, "move", "1", "--now")["state"] in {"scheduled", "sending", "published"}
    assert changed(desk, "approve", name, "--now")["state"] in {"approved", "sending", "published"}
    expected = {"1": "published", "2": "held", "3": "cancelled", "4": "scheduled"}
    desk.wait_until(lambda: states(desk) == expected | {name: "published"})
    assert changed(desk, "retry", "2")["state"] == "published"
    assert changed(desk, "move", "4", "--in", "1s")["state"] == "scheduled"
    desk.wait_until(lambda: states(desk)["4"] == "published")
    out = [line for line in desk.posted() if "posted" in line]
    assert len(out) == 4
    assert not any("repeated" in line for line in desk.posted())


def test_what_is_out_is_left_alone(desk: Desk) -> None:
    """A thread that the worker has sent cannot be moved, held or cancelled; it says so."""
    changed(desk, "move", "1", "--now")
    desk.wait_until(lambda: states(desk)["1"] == "published")
    for change in (("move", "1", "--now"), ("hold", "1"), ("cancel", "1")):
        refused = desk.run("queue", *change)
        assert refused.returncode == 2
        assert b"thread 1 is published; it cannot be" in refused.stderr
