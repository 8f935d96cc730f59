"""The words beside the bar: what is being done, and in the end how it ended."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from threadbot.cli.progress import words_for
from threadbot.delivery.deliver import Begin, Finish, Look, Prepare, Renew, Send, Stop, Wait
from threadbot.delivery.model import Delivery, ThreadRow
from threadbot.networks.plan import Plan, Step
from threadbot.thread.model import Thread

if TYPE_CHECKING:
    from datetime import datetime

    from threadbot.delivery.deliver import Action


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Begin(), "Preparing"),
        (Prepare(), "Preparing"),
        (Renew(1), "Preparing"),
        (Send(1), "Sending 3 posts"),
        (Send(2), "Sending post 4"),
        (Look(1), "Looking whether it is out"),
        (Finish(), "Ending"),
        (Stop("published"), "Published"),
        (Stop("held"), "Held"),
    ],
)
def test_each_action_has_its_words(now: datetime, action: Action, words: str) -> None:
    """What comes next is said in a word or two; the last one is how the thread ended."""
    assert words_for(delivery(now), action, UTC) == words


def test_a_wait_names_its_end(now: datetime) -> None:
    """While nothing happens the clock time is shown at which it goes on."""
    zone = ZoneInfo("Asia/Kathmandu")
    shown = words_for(delivery(now), Wait(now, "Busy."), zone)
    assert shown == f"Waiting until {now.astimezone(zone):%H:%M:%S} (Asia/Kathmandu)"


def delivery(now: datetime) -> Delivery:
    """Make a delivery whose first step writes three posts and whose second one writes one."""
    made = Thread("x", "enpause", 280, ("fr",), (), (), (), (), None)
    row = ThreadRow("1", 1, "T", "enpause", "x", True, "sending", made, "", 1, now, now)  # noqa: FBT003 - a row of the table
    plan = Plan("x", "enpause", (Step(1, (1, 2, 3), ""), Step(2, (4,), "")))
    return Delivery(row, plan, (), ())
