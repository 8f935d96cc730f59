"""Taking a thread back: what is out is deleted, what is not is cancelled, nothing is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from places import STORES
from samples import ARTICLE, START, Run, approved, sandbox, thread

from threadbot.delivery.answers import LOOK_WAITS
from threadbot.delivery.drive import drive
from threadbot.delivery.removal import cancel_unsent, remove
from threadbot.errors import InputError
from threadbot.networks.port import Held, RetryAt, Sent, Unknown
from threadbot.networks.sandbox import Lost, Script

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.delivery.drive import EndKind
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import ThreadState
    from threadbot.networks.port import Removal
    from threadbot.thread.model import NetworkName

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
DROPPED = Unknown("The connection was dropped.")
TOMORROW = RetryAt(START + timedelta(days=1), "The day's limit is reached.")
SOON = RetryAt(START + timedelta(seconds=40), "Busy.")


def driven(ledger: Ledger, folder: Path, script: Script, network: NetworkName = "x") -> str:
    """Drive a thread as far as it goes."""
    name = approved(ledger, thread(network))
    drive(ledger, name, Run(ledger, sandbox(folder, network, script)).outside)
    return name


def removal(ledger: Ledger, folder: Path, script: Script | None = None) -> Run:
    """Set the run of a removal up."""
    return Run(ledger, sandbox(folder, "x", script))


IN_DOUBT = Script(send=[Lost("Lost.")], look=[Held("account", "Wait.")])
STATES: dict[str, tuple[Script, ThreadState]] = {
    "published": (Script(), "published"),
    "partly out": (Script(send=[None, Held("account", "Wait.")]), "held"),
    "under way": (Script(send=[None, TOMORROW]), "sending"),
    "in doubt, and out": (IN_DOUBT, "held"),
    "in doubt, and not out": (Script(send=[DROPPED], look=[Held("account", "Wait.")]), "held"),
}


@pytest.mark.parametrize(("script", "state"), STATES.values(), ids=STATES)
def test_nothing_stays_out(
    ledger: Ledger, tmp_path: Path, script: Script, state: ThreadState
) -> None:
    """From every state the posts that are out are found and deleted, and the article is free."""
    name = driven(ledger, tmp_path, script)
    assert ledger.delivery(name).row.state == state
    ending = remove(ledger, name, removal(ledger, tmp_path).outside)
    assert (ending.kind, ending.exit_code) == ("done", 0)
    assert ending.delivery.row.state == "deleted"
    assert sandbox(tmp_path).posts() == ()
    assert ledger.claimed(ending.delivery.row.article, "enpause", sandbox=True) is None
    with pytest.raises(InputError, match="it is deleted"):
        remove(ledger, name, removal(ledger, tmp_path).outside)


ABSENT: dict[str, Script | None] = {
    "not begun": None,
    "held before its plan": Script(prepare=[Held("account", "Wait.")]),
    "held before its first post": Script(send=[Held("account", "Wait.")]),
    "waiting for its plan": Script(prepare=[TOMORROW]),
    "waiting for its first post": Script(send=[TOMORROW]),
}


@pytest.mark.parametrize("script", ABSENT.values(), ids=ABSENT)
def test_what_is_not_out_is_cancelled(
    ledger: Ledger, tmp_path: Path, script: Script | None
) -> None:
    """A thread of which for certain nothing is out is cancelled without a word to the network."""
    name = approved(ledger, thread()) if script is None else driven(ledger, tmp_path, script)
    ending = cancel_unsent(ledger, name, START)
    assert ending is not None
    assert (ending.kind, ending.delivery.row.state) == ("done", "cancelled")
    assert ledger.claimed(ending.delivery.row.article, "enpause", sandbox=True) is None


@pytest.mark.parametrize(("script", "state"), STATES.values(), ids=STATES)
def test_what_may_be_out_is_not_cancelled(
    ledger: Ledger, tmp_path: Path, script: Script, state: ThreadState
) -> None:
    """Where a post is out, or may be, the network has to be asked."""
    name = driven(ledger, tmp_path, script)
    assert cancel_unsent(ledger, name, START) is None
    assert ledger.delivery(name).row.state == state


def test_what_is_left_of_a_broken_thread_is_deleted(ledger: Ledger, tmp_path: Path) -> None:
    """Where somebody deleted the first post of a thread in doubt, the rest goes and it ends."""
    name = driven(ledger, tmp_path, IN_DOUBT, "bluesky")
    network = sandbox(tmp_path, "bluesky")
    plan = ledger.delivery(name).plan
    assert plan is not None
    found = network.look(plan, plan.steps[0], ())
    assert isinstance(found, Sent)
    network.delete(found.receipts[:1])
    ledger.resume(name, START)
    made = Run(ledger, network)
    assert drive(ledger, name, made.outside).delivery.row.hold == "broken"
    assert len(network.posts()) == 2
    ending = remove(ledger, name, made.outside)
    assert (ending.kind, ending.delivery.row.state) == ("done", "deleted")
    assert network.posts() == ()
    assert ledger.claimed(ending.delivery.row.article, "enpause", sandbox=True) is None
    assert made.clock.slept == [0]


def test_a_look_that_needs_a_person_is_told_at_once(ledger: Ledger, tmp_path: Path) -> None:
    """Where the network cannot be asked, deleting says why, and does not ask for two minutes."""
    name = driven(ledger, tmp_path, IN_DOUBT)
    made = removal(ledger, tmp_path, Script(look=[Held("credentials", "The password is wrong.")]))
    ending = remove(ledger, name, made.outside)
    assert (ending.kind, ending.reason) == ("held", "The password is wrong.")
    assert made.clock.slept == [0]


def test_a_draft_is_not_deleted(ledger: Ledger, tmp_path: Path) -> None:
    """A draft has nothing to delete."""
    number = ledger.record_article(ARTICLE, None, START)
    draft = ledger.propose(thread(), number, sandbox=True, now=START)
    with pytest.raises(InputError, match="cannot be deleted: it is draft"):
        remove(ledger, draft.id, removal(ledger, tmp_path).outside)


@pytest.mark.parametrize("answers", [[DROPPED], [Lost("Lost.")], [SOON], [DROPPED, SOON, DROPPED]])
def test_deleting_goes_on_after_trouble(
    ledger: Ledger, tmp_path: Path, answers: list[Removal | Lost | None]
) -> None:
    """An unclear answer or a short wait is followed by another try."""
    name = driven(ledger, tmp_path, Script())
    made = removal(ledger, tmp_path, Script(delete=answers))
    assert remove(ledger, name, made.outside).kind == "done"
    assert len(made.clock.slept) == len(answers)
    assert sandbox(tmp_path).posts() == ()


@pytest.mark.parametrize(
    ("answers", "kind", "code"),
    [
        ([Held("credentials", "The password is wrong.")], "held", 6),
        ([TOMORROW], "later", 4),
        ([DROPPED] * len(LOOK_WAITS), "unknown", 5),
    ],
)
def test_deleting_that_fails_forgets_nothing(
    ledger: Ledger, tmp_path: Path, answers: list[Removal | Lost | None], kind: EndKind, code: int
) -> None:
    """Where the posts cannot be deleted, the ledger keeps them and the reason is told."""
    name = driven(ledger, tmp_path, Script())
    ending = remove(ledger, name, removal(ledger, tmp_path, Script(delete=answers)).outside)
    assert (ending.kind, ending.exit_code) == (kind, code)
    assert ending.reason.endswith(".")
    assert (ending.until is not None) == (kind == "later")
    assert ledger.delivery(name).row.state == "published"
    assert len(ledger.delivery(name).receipts) == 3


def test_what_is_in_doubt_is_not_given_up(ledger: Ledger, tmp_path: Path) -> None:
    """While nobody can say whether a post is out, a thread does not count as deleted."""
    lost = Script(send=[Lost("Lost.")], look=[DROPPED] * len(LOOK_WAITS))
    name = driven(ledger, tmp_path, lost)
    made = removal(ledger, tmp_path, Script(look=[DROPPED] * len(LOOK_WAITS)))
    ending = remove(ledger, name, made.outside)
    assert (ending.kind, ending.delivery.row.state) == ("unknown", "held")
    assert made.clock.slept == list(LOOK_WAITS)
    assert len(sandbox(tmp_path).posts()) == 1
