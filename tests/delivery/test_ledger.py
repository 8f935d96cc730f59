"""The ledger: what is stored comes back, claims are taken once, states follow the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from places import STORES, execute
from samples import ARTICLE, START, Clock, Run, approved, rich_thread, sandbox, thread
from sqlalchemy.exc import StatementError

from threadbot.delivery.answers import Change, after_look, after_send, before_send
from threadbot.delivery.drive import drive
from threadbot.delivery.model import TransitionError
from threadbot.errors import InputError, LedgerError
from threadbot.networks.plan import Plan, Step
from threadbot.networks.port import Held, Receipt, Refused, RetryAt, Sent, Unknown, Unseen
from threadbot.networks.sandbox import Lost, Script

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger
    from threadbot.networks.port import Outcome

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
LATER = START + timedelta(hours=1)


def published(ledger: Ledger, folder: Path) -> str:
    """Put a published thread into a ledger."""
    name = approved(ledger, thread())
    assert drive(ledger, name, Run(ledger, sandbox(folder)).outside).kind == "done"
    return name


def held(ledger: Ledger, folder: Path, outcome: Outcome | Lost) -> str:
    """Put a thread into a ledger whose first post met some trouble."""
    name = approved(ledger, thread())
    look = [Held("account", "Not now.")] if isinstance(outcome, Lost) else []
    script = Script(send=[outcome], look=look)
    drive(ledger, name, Run(ledger, sandbox(folder, script=script)).outside)
    assert ledger.delivery(name).row.state == "held"
    return name


def test_a_thread_comes_back_as_it_was(ledger: Ledger) -> None:
    """Spans, card, images, price and notes of a stored thread are those of the preview."""
    made = rich_thread()
    number = ledger.record_article(ARTICLE, "/a.md", START)
    row = ledger.propose(made, number, sandbox=False, now=START)
    assert row.thread == made
    assert str(row.thread.price_usd) == "0.0150"
    assert ledger.delivery(row.id).row == row
    assert (row.title, row.account, row.network, row.sandbox) == (
        ARTICLE.title,
        "bsky",
        "bluesky",
        False,
    )
    assert (row.state, row.created_at, row.attempt) == ("draft", START, 0)


def test_times_come_back_in_utc(ledger: Ledger) -> None:
    """Time zones, shoutrrr#61: a moment given in any zone is the same moment in UTC."""
    paris = START.astimezone(timezone(timedelta(hours=1)))
    number = ledger.record_article(ARTICLE, None, paris)
    row = ledger.propose(thread(), number, sandbox=True, now=paris)
    assert row.created_at == START
    assert row.created_at.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="without a time zone"):
        ledger.record_article(ARTICLE, None, START.replace(tzinfo=None))


def test_a_draft_is_stored_once(ledger: Ledger) -> None:
    """The same words proposed twice are one draft; other words are another one."""
    number = ledger.record_article(ARTICLE, None, START)
    first, second, other = (
        ledger.propose(thread(words=words), number, sandbox=True, now=START).id
        for words in ("Brest", "Brest", "Quimper")
    )
    assert first == second != other


def test_a_claim_is_taken_once(ledger: Ledger) -> None:
    """Double posts, postiz#1321: whoever comes second gets the first one's thread."""
    number = ledger.record_article(ARTICLE, None, START)
    first = ledger.claim(thread(), number, sandbox=True, now=START)
    second = ledger.claim(thread(words="Quimper"), number, sandbox=True, now=LATER)
    assert (first.won, second.won) == (True, False)
    assert second.row == first.row
    assert len(ledger.history()) == 1
    holder = ledger.claimed(number, "enpause", sandbox=True)
    assert holder is not None
    assert holder.row == first.row


def test_claims_are_apart(ledger: Ledger) -> None:
    """Each account has its claim, and the sandbox has claims of its own."""
    number = ledger.record_article(ARTICLE, None, START)
    cases = [("a", True), ("a", False), ("b", True), ("b", False)]
    won = [
        ledger.claim(thread("bluesky", account=account), number, sandbox=trial, now=START).won
        for account, trial in cases
    ]
    assert won == [True] * 4
    assert ledger.claimed(number, "c", sandbox=True) is None


def test_a_late_draft_is_superseded(ledger: Ledger) -> None:
    """Approving a draft after another one was approved gives that other one, however often."""
    number = ledger.record_article(ARTICLE, None, START)
    late = ledger.propose(thread(words="Quimper"), number, sandbox=True, now=START)
    first = ledger.claim(thread(), number, sandbox=True, now=START).row
    for _ in range(2):
        approval = ledger.approve(late.id, LATER)
        assert (approval.row, approval.won) == (first, False)
    assert ledger.delivery(late.id).row.state == "superseded"
    assert not ledger.approve(first.id, LATER).won


def test_a_published_article_goes_out_again_on_wish_alone(ledger: Ledger, tmp_path: Path) -> None:
    """A typo fixed posts again, feediverse#31: what is published gives way only if asked to."""
    name = published(ledger, tmp_path)
    number = ledger.record_article(replace(ARTICLE, blocks=()), None, LATER)
    corrected = thread(words="Le tramway")
    assert not ledger.claim(corrected, number, sandbox=True, now=LATER).won
    draft = ledger.propose(corrected, number, sandbox=True, now=LATER)
    again = ledger.approve(draft.id, LATER, again=True)
    assert again.won
    assert ledger.delivery(name).row.state == "published"
    ledger.delete(name, LATER)
    holder = ledger.claimed(number, "enpause", sandbox=True)
    assert holder is not None
    assert holder.row.id == again.row.id


def test_the_claim_falls_back_to_what_is_still_published(ledger: Ledger, tmp_path: Path) -> None:
    """Double posts, postiz#1321: after the second thread is deleted the first one is still out."""
    first = published(ledger, tmp_path)
    number = ledger.record_article(ARTICLE, None, LATER)
    second = ledger.claim(thread(), number, sandbox=True, now=LATER, again=True).row.id
    drive(ledger, second, Run(ledger, sandbox(tmp_path)).outside)
    ledger.claim(thread("bluesky", account="other"), number, sandbox=True, now=LATER)
    ledger.delete(second, LATER)
    third = ledger.claim(thread(), number, sandbox=True, now=LATER)
    assert (third.row.id, third.won) == (first, False)
    ledger.delete(first, LATER)
    assert ledger.claimed(number, "enpause", sandbox=True) is None


def test_an_older_thread_that_is_deleted_leaves_the_claim(ledger: Ledger, tmp_path: Path) -> None:
    """Deleting the first of two published threads changes nothing for the second."""
    first = published(ledger, tmp_path)
    number = ledger.record_article(ARTICLE, None, LATER)
    second = ledger.claim(thread(), number, sandbox=True, now=LATER, again=True).row.id
    ledger.delete(first, LATER)
    holder = ledger.claimed(number, "enpause", sandbox=True)
    assert holder is not None
    assert holder.row.id == second


@pytest.mark.parametrize(
    ("outcome", "words", "won"),
    [
        (Refused("No."), "Quimper", True),
        (Refused("No."), "Brest", False),
        (Lost("The answer was lost."), "Quimper", False),
    ],
)
def test_a_held_thread_gives_way_to_other_words_if_nothing_is_out(
    ledger: Ledger, tmp_path: Path, outcome: Outcome | Lost, words: str, *, won: bool
) -> None:
    """After a refusal the corrected article can be published; after doubt it cannot."""
    name = held(ledger, tmp_path, outcome)
    number = ledger.record_article(ARTICLE, None, LATER)
    approval = ledger.claim(thread(words=words), number, sandbox=True, now=LATER)
    assert approval.won == won
    assert ledger.delivery(name).row.state == ("cancelled" if won else "held")


TOMORROW = RetryAt(START + timedelta(days=1), "The day's limit is reached.")
SAFE: dict[str, Script | None] = {
    "approved": None,
    "no plan yet": Script(prepare=[TOMORROW]),
    "told to wait": Script(send=[TOMORROW]),
}
DOUBTFUL: dict[str, Script | None] = {
    "partly out": Script(send=[None, TOMORROW]),
    "once in doubt": Script(send=[Unknown("Dropped."), TOMORROW]),
    "in doubt": Script(send=[Lost("Lost.")], look=[TOMORROW]),
}


def under_way(ledger: Ledger, folder: Path, script: Script | None) -> str:
    """Put a thread into a ledger that waits for tomorrow, or was not begun."""
    name = approved(ledger, thread())
    if script is not None:
        drive(ledger, name, Run(ledger, sandbox(folder, script=script)).outside)
        assert ledger.delivery(name).row.state == "sending"
    return name


@pytest.mark.parametrize("script", SAFE.values(), ids=SAFE)
def test_a_thread_under_way_gives_way_to_other_words_if_nothing_is_out(
    ledger: Ledger, tmp_path: Path, script: Script | None
) -> None:
    """What waits to go out is cancelled where the corrected article is published meanwhile."""
    name = under_way(ledger, tmp_path, script)
    number = ledger.record_article(ARTICLE, None, LATER)
    same = ledger.claim(thread(), number, sandbox=True, now=LATER, locked=True)
    assert (same.row.id, same.won) == (name, False)
    other = ledger.claim(thread(words="Quimper"), number, sandbox=True, now=LATER, locked=True)
    assert other.won
    assert ledger.delivery(name).row.state == "cancelled"
    holder = ledger.claimed(number, "enpause", sandbox=True)
    assert holder is not None
    assert holder.row.id == other.row.id


@pytest.mark.parametrize("script", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_thread_that_may_be_out_does_not_give_way(
    ledger: Ledger, tmp_path: Path, script: Script | None
) -> None:
    """Double posts, postiz#1321: a thread of which a post may be out keeps its claim."""
    name = under_way(ledger, tmp_path, script)
    number = ledger.record_article(ARTICLE, None, LATER)
    other = ledger.claim(thread(words="Quimper"), number, sandbox=True, now=LATER, locked=True)
    assert (other.row.id, other.won) == (name, False)


def test_nothing_is_cancelled_under_its_driver(ledger: Ledger, tmp_path: Path) -> None:
    """Without the ledger's lock somebody may be driving a thread, so that it does not give way."""
    name = under_way(ledger, tmp_path, Script(prepare=[TOMORROW]))
    number = ledger.record_article(ARTICLE, None, LATER)
    assert not ledger.claim(thread(words="Quimper"), number, sandbox=True, now=LATER).won
    late = ledger.propose(thread(words="Quimper"), number, sandbox=True, now=LATER)
    assert not ledger.approve(late.id, LATER).won
    assert ledger.delivery(name).row.state == "sending"
    later = ledger.propose(thread(words="Nantes"), number, sandbox=True, now=LATER)
    assert ledger.approve(later.id, LATER, locked=True).won


@pytest.mark.parametrize("state", ["cancelled", "deleted"])
def test_what_ended_frees_its_article(ledger: Ledger, tmp_path: Path, state: str) -> None:
    """A thread that was cancelled or deleted keeps nobody from publishing the article."""
    name = held(ledger, tmp_path, Refused("No."))
    (ledger.cancel if state == "cancelled" else ledger.delete)(name, LATER)
    assert ledger.delivery(name).row.state == state
    number = ledger.record_article(ARTICLE, None, LATER)
    assert ledger.claim(thread(), number, sandbox=True, now=LATER).won


def test_a_rejected_draft(ledger: Ledger) -> None:
    """A rejected draft cannot be approved any more."""
    number = ledger.record_article(ARTICLE, None, START)
    draft = ledger.propose(thread(), number, sandbox=True, now=START)
    ledger.reject(draft.id, LATER)
    with pytest.raises(TransitionError, match="a thread that is rejected"):
        ledger.approve(draft.id, LATER)


def test_states_follow_the_table(ledger: Ledger) -> None:
    """What the table of states does not have is refused, and nothing changes."""
    name = approved(ledger, thread())
    with pytest.raises(TransitionError, match="approved cannot become published"):
        ledger.publish(name, LATER)
    assert ledger.delivery(name).row.state == "approved"


def sending(ledger: Ledger, folder: Path) -> str:
    """Put a thread with a plan into a ledger."""
    name = approved(ledger, thread())
    ledger.begin(name, START)
    plan = sandbox(folder).prepare(thread(), START)
    assert isinstance(plan, Plan)
    ledger.store_plan(name, plan, START)
    return name


def test_no_step_before_its_turn(ledger: Ledger, tmp_path: Path) -> None:
    """The ledger itself refuses an intent out of turn, twice, or of a thread that is held."""
    name = sending(ledger, tmp_path)
    first, second, _ = ledger.delivery(name).steps
    with pytest.raises(TransitionError, match="step 2"):
        ledger.step_sending(name, before_send(second), START)
    ledger.step_sending(name, before_send(first), START)
    with pytest.raises(TransitionError, match="a step that is sending cannot become sending"):
        ledger.step_sending(name, before_send(first), START)
    ledger.hold(name, "other", "Wait.", START)
    before = ledger.delivery(name)
    assert not ledger.step_sending(name, before_send(first), START)
    assert ledger.delivery(name) == before


def test_an_outcome_is_stored_together(ledger: Ledger, tmp_path: Path) -> None:
    """A step's state is not changed without its receipts: one transaction holds both."""
    name = sending(ledger, tmp_path)
    step = before_send(ledger.delivery(name).steps[0])
    ledger.step_sending(name, step, START)
    receipt = Receipt(1, "sandbox:1", None, "sandbox:1")
    twice = Change(replace(step, state="sent"), (receipt, receipt))
    with pytest.raises(LedgerError, match=r"(?i)unique"):
        ledger.step_outcome(ledger.delivery(name), twice, START)
    known = ledger.delivery(name)
    assert (known.steps[0].state, known.receipts) == ("sending", ())


def test_resuming_counts_anew(ledger: Ledger, tmp_path: Path) -> None:
    """Resuming keeps a plan of which something may be out, and takes back every count."""
    name = held(ledger, tmp_path, Lost("The answer was lost."))
    before = ledger.delivery(name)
    after = ledger.resume(name, LATER)
    assert (before.row.attempt, after.row.attempt) == (1, 2)
    assert (after.row.state, after.row.hold, after.row.reason) == ("sending", None, None)
    assert after.plan == before.plan
    assert [one.tries for one in after.steps] == [0, 0, 0]
    assert ledger.resume(name, LATER) == after


def test_resuming_prepares_anew_where_nothing_is_out(ledger: Ledger, tmp_path: Path) -> None:
    """After a refusal the plan is forgotten, so that times, handles and media are fresh."""
    name = held(ledger, tmp_path, Refused("No."))
    assert ledger.resume(name, LATER).plan is None
    made = Run(ledger, sandbox(tmp_path), Clock(LATER))
    assert drive(ledger, name, made.outside).kind == "done"
    assert {post["created_at"] for post in sandbox(tmp_path).posts()} == {LATER.isoformat()}


@pytest.mark.parametrize("name", ["7", "x", "", "-1", "1 ", "٣", "9" * 30])
def test_an_unknown_thread(ledger: Ledger, name: str) -> None:
    """A name that no thread has is an error that says where the names are."""
    with pytest.raises(InputError, match="`threadbot history` lists them"):
        ledger.delivery(name)


@pytest.mark.parametrize(
    "change",
    [
        "thread = replace(thread, 'Brest', 'Nantes')",
        "thread = '{}'",
        "thread = '[]'",
        "thread = 'nothing'",
        "thread = replace(thread, '\"x\"', '\"y\"')",
        "content_hash = 'x'",
    ],
)
def test_a_changed_thread_is_not_taken_for_the_approved_one(ledger: Ledger, change: str) -> None:
    """A stored thread whose hash does not fit any more is an error, not a post."""
    name = approved(ledger, thread())
    execute(ledger.database, f"UPDATE threads SET {change}")  # noqa: S608 - a case of this test
    with pytest.raises(LedgerError, match="is not what was approved"):
        ledger.delivery(name)


def test_history_is_newest_first(ledger: Ledger, tmp_path: Path) -> None:
    """History has every thread with its posts, the newest first."""
    published(ledger, tmp_path)
    other = approved(ledger, thread("bluesky", account="other"))
    newest, oldest = ledger.history()
    assert (newest.row.id, newest.receipts, newest.plan) == (other, (), None)
    assert oldest.row.state == "published"
    assert [one.post for one in oldest.receipts] == [1, 2, 3]
    assert oldest == ledger.delivery(oldest.row.id)


def test_a_thread_keeps_the_title_that_it_was_made_with(ledger: Ledger) -> None:
    """After the article's title was edited, an older thread still shows the one that it was for."""
    first = approved(ledger, thread())
    edited = replace(ARTICLE, title="Le tramway arrive à Brest")
    number = ledger.record_article(edited, None, LATER)
    second = ledger.propose(thread(words="Quimper"), number, sandbox=True, now=LATER)
    assert ledger.delivery(first).row.title == ARTICLE.title
    assert second.title == edited.title


def test_sessions(ledger: Ledger) -> None:
    """A login per poll, bluesky-crossposter#55: a sign-in is kept until it is forgotten."""
    assert ledger.load_session("enpause") is None
    ledger.save_session("enpause", "one")
    ledger.save_session("enpause", "two")
    ledger.save_session("other", "three")
    assert ledger.load_session("enpause") == "two"
    assert "two" not in repr(ledger)
    ledger.save_session("enpause", None)
    assert ledger.load_session("enpause") is None
    assert ledger.load_session("other") == "three"


def test_spend(ledger: Ledger) -> None:
    """What a thread costs is added up exactly: its plan, each post once, and every look."""
    name = approved(ledger, thread())
    ledger.begin(name, START)
    posts = len(thread().posts)
    steps = tuple(Step(number, (number,), "", cost=15_000) for number in range(1, posts + 1))
    ledger.store_plan(name, Plan("x", "enpause", steps, cost=200_000), START)
    step = before_send(ledger.delivery(name).steps[0])
    ledger.step_sending(name, step, LATER)
    unclear = after_send(step, Unknown(""), LATER)
    ledger.step_outcome(ledger.delivery(name), unclear, LATER)
    unseen = after_look(unclear.step, Unseen(resend=True, cost=1), LATER)
    ledger.step_outcome(ledger.delivery(name), unseen, LATER)
    seen = after_look(unseen.step, Sent((Receipt(1, "1", None, "https://x.com/1"),), cost=2), LATER)
    ledger.step_outcome(ledger.delivery(name), seen, LATER)
    account = thread().account
    assert ledger.spent(account, LATER) == Decimal("0.015003")
    assert ledger.spent(account, START) == Decimal("0.215003")
    assert ledger.spent("nobody", START) == 0


def test_the_source_of_an_article(ledger: Ledger) -> None:
    """The ledger knows where an article was last read from."""
    number = ledger.record_article(ARTICLE, None, START)
    assert ledger.source_of(number) is None
    ledger.record_article(ARTICLE, "/a.md", LATER)
    ledger.record_article(ARTICLE, None, LATER)
    assert ledger.source_of(number) == "/a.md"


def test_what_gets_further_is_not_taken_for_what_ends_the_process(
    ledger: Ledger, tmp_path: Path
) -> None:
    """Beginnings without a rest are counted, and anew as soon as a post is out."""
    name = approved(ledger, thread())
    assert [ledger.note_beginning(name) for _ in range(3)] == [1, 2, 3]
    drive(ledger, name, Run(ledger, sandbox(tmp_path)).outside)
    assert ledger.note_beginning(name) == 1
