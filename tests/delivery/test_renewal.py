"""X forgets pictures after a day: what is posted later than that has been uploaded once more."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pytest
from PIL import Image as Picture
from samples import ARTICLE
from samples import thread as plain
from x_simulator import model
from x_simulator.adapter import Pictures, settings

from threadbot.article.model import Image
from threadbot.delivery.answers import MOST_TRIES
from threadbot.delivery.budget import month_of
from threadbot.delivery.drive import Outside, drive
from threadbot.networks.x import X

if TYPE_CHECKING:
    from datetime import datetime

    from x_simulator.clock import Clock
    from x_simulator.faults import FaultKind
    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

    from threadbot.delivery.drive import Ending
    from threadbot.delivery.ledger import Ledger

#: The post that has a picture, and the one before it.
ILLUSTRATED = 3
BEFORE = 2
DAY = timedelta(hours=25)


def png() -> bytes:
    """Draw a picture."""
    file = io.BytesIO()
    Picture.new("RGB", (64, 48), "green").save(file, "PNG")
    return file.getvalue()


@dataclass
class Editor:
    """Somebody whose thread of three posts ends with a picture.

    Args:
        ledger: holds the thread.
        x: where it goes.
        account: on it.
        clock: of X, and of this machine unless it goes wrong.
        files: the pictures, by name.
    """

    ledger: Ledger
    x: XSimulator
    account: XAccount
    clock: Clock
    files: dict[str, bytes] = field(default_factory=lambda: {"tram.png": png()})
    slow_by: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        made = plain("x", ILLUSTRATED)
        images = (Image("tram.png", "Un tramway vert."),)
        posts = (*made.posts[:BEFORE], replace(made.posts[BEFORE], images=images))
        article = self.ledger.record_article(ARTICLE, None, self.now())
        claimed = replace(made, posts=posts)
        self.name = self.ledger.claim(claimed, article, sandbox=False, now=self.now()).row.id

    def now(self) -> datetime:
        """Give this machine's time."""
        return self.clock() - self.slow_by

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.move(timedelta(seconds=seconds))

    def publish(self, on_unknown: Literal["resend", "hold"] = "resend") -> Ending:
        """Resume the thread where it is held, and take it as far as it goes."""
        made = replace(settings(self.x, self.account), account="enpause", on_unknown=on_unknown)
        network = X(made, Pictures(self.files), clock=self.now, connect=5, read=5)
        self.ledger.resume(self.name, self.now())
        outside = Outside(network, self.now, self.sleep, lambda *_: None)
        ending = drive(self.ledger, self.name, outside)
        network.close()
        return ending

    def stop_before_the_picture(self) -> None:
        """Let the thread be held once two posts are out."""
        for fault in ("none", "none", "402"):
            self.x.fault(fault)
        assert self.publish().kind == "held"
        assert len(self.x.posts(self.account)) == BEFORE

    def uploads(self) -> int:
        """Count the uploads."""
        return self.x.counts[model.UPLOAD]


@pytest.fixture
def editor(ledger: Ledger, x: XSimulator, x_clock: Clock) -> Editor:
    """Give somebody with an approved thread."""
    return Editor(ledger, x, x.account(), x_clock)


def test_what_waited_for_a_day_is_uploaded_once_more(editor: Editor) -> None:
    """A thread that is resumed after a day ends with its picture and alternative text; each paid.

    X refuses a post with the picture of the day before.
    """
    editor.stop_before_the_picture()
    editor.clock.move(DAY)
    assert editor.publish().kind == "done"
    last = editor.x.posts(editor.account)[-1]
    assert [editor.x.media(one).alt_text for one in last.media] == ["Un tramway vert."]
    assert editor.uploads() == 2
    assert len(editor.x.posts(editor.account)) == ILLUSTRATED
    assert editor.ledger.spent("enpause", month_of(editor.now())) == editor.x.spent


def test_a_long_wait_is_the_same_as_a_resumption(editor: Editor) -> None:
    """A thread that goes on by itself after a full day's window uploads once more, too."""
    editor.x.posts_per_day = BEFORE
    assert editor.publish().kind == "later"
    editor.clock.move(DAY)
    assert editor.publish().kind == "done"
    assert editor.uploads() == 2


def test_what_is_fresh_is_not_uploaded_again(editor: Editor) -> None:
    """Within the day a resumption pays for no second alternative text."""
    editor.stop_before_the_picture()
    editor.clock.move(timedelta(hours=22))
    assert editor.publish().kind == "done"
    assert editor.uploads() == 1


def test_what_is_out_is_not_uploaded_again(editor: Editor) -> None:
    """A post of which nobody knew is looked for first; found, it needs no picture."""
    for fault in ("none", "none"):
        editor.x.fault(fault)
    editor.x.fault("drop", stored=True)
    editor.x.lag = timedelta(minutes=5)
    assert editor.publish("hold").kind == "unknown"
    editor.clock.move(DAY)
    assert editor.publish("hold").kind == "done"
    assert editor.uploads() == 1
    assert len(editor.x.posts(editor.account)) == ILLUSTRATED


def test_what_was_not_out_is_uploaded_after_the_look(editor: Editor) -> None:
    """A post that does not show is sent again with the picture of today."""
    for fault in ("none", "none", "drop"):
        editor.x.fault(fault)
    assert editor.publish("hold").kind == "unknown"
    editor.clock.move(DAY)
    assert editor.publish().kind == "done"
    assert editor.uploads() == 2
    assert len(editor.x.posts(editor.account)) == ILLUSTRATED


def test_pictures_that_x_forgot_early_are_uploaded_on_resuming(editor: Editor) -> None:
    """Where X has a picture no more although it should, the advice to resume helps."""
    editor.stop_before_the_picture()
    editor.clock.move(DAY)
    # This machine takes the picture for fresh.
    editor.slow_by = DAY
    refused = editor.publish()
    assert refused.kind == "held"
    assert "resume the thread, which uploads them once more" in refused.reason
    assert editor.publish().kind == "done"
    assert editor.uploads() == 2


def test_a_picture_that_is_gone_by_then_is_a_warning(editor: Editor) -> None:
    """The post goes out without it, and the plan says so."""
    editor.stop_before_the_picture()
    editor.clock.move(DAY)
    editor.files.clear()
    ending = editor.publish()
    assert ending.kind == "done"
    assert editor.x.posts(editor.account)[-1].media == ()
    assert ending.delivery.plan is not None
    assert "tram.png is left out" in ending.delivery.plan.warnings[0]


@pytest.mark.parametrize(("fault", "kind"), [("402", "held"), ("401", "held"), ("429", "later")])
def test_an_upload_that_must_wait_loses_nothing(
    editor: Editor, fault: FaultKind, kind: str
) -> None:
    """Without credit, keys or room in the window the thread stops, and goes on later."""
    editor.stop_before_the_picture()
    editor.clock.move(DAY)
    editor.x.fault(fault, route=model.UPLOAD)
    stopped = editor.publish()
    assert stopped.kind == kind
    assert stopped.reason
    editor.clock.move(timedelta(hours=1))
    assert editor.publish().kind == "done"
    assert len(editor.x.posts(editor.account)) == ILLUSTRATED
    assert len(editor.x.posts(editor.account)[-1].media) == 1


def test_an_upload_that_x_always_puts_off_ends_with_a_person(editor: Editor) -> None:
    """However often X says 'later', the thread is held in the end, with X's words."""
    editor.stop_before_the_picture()
    editor.clock.move(DAY)
    for _ in range(MOST_TRIES + 1):
        editor.x.fault("429-without-reset", route=model.UPLOAD)
    while (ending := editor.publish()).kind == "later":
        editor.clock.move(timedelta(hours=1))
    assert ending.kind == "held"
    assert "Too Many Requests" in ending.reason
    editor.x.clear_faults()
    assert editor.publish().kind == "done"
