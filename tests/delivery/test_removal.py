"""Taking a thread back: what is out is deleted, what is not is cancelled, nothing is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from samples import ARTICLE, START, Run, approved, sandbox, thread

from threadbot.delivery.deliver import LOOK_WAITS
from threadbot.delivery.drive import drive
from threadbot.delivery.removal import remove
from threadbot.errors import InputError
from threadbot.networks.port import Held, RetryAt, Unknown
from threadbot.networks.sandbox import Lost, Script

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.delivery.drive import EndKind
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import ThreadState
    from threadbot.networks.port import Removal
    from threadbot.thread.model import NetworkName

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


STATES: dict[str, tuple[Script, ThreadState]] = {
    "published": (Script(), "published"),
    "partly out": (Script(send=[None, Held("account", "Wait.")]), "held"),
    "nothing out": (Script(prepare=[Held("account", "Wait.")]), "held"),
    "under way": (Script(send=[None, TOMORROW]), "sending"),
    "in doubt, and out": (Script(send=[Lost("Lost.")], look=[Held("account", "Wait.")]), "held"),
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


def test_what_was_not_begun_is_cancelled(ledger: Ledger, tmp_path: Path) -> None:
    """An approved thread is cancelled without a word to the network."""
    name = approved(ledger, thread())
    ending = remove(ledger, name, removal(ledger, tmp_path).outside)
    assert (ending.kind, ending.delivery.row.state) == ("done", "cancelled")


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
