"""What was finished long ago is forgotten, but never that an article was published."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from places import STORES, execute
from samples import ARTICLE, START, Run, approved, sandbox, thread
from sqlalchemy import func, select

from threadbot.delivery.checking import check
from threadbot.delivery.drive import drive
from threadbot.delivery.pruning import BATCH, Pruned, prunable, prune, prune_some
from threadbot.delivery.removal import remove
from threadbot.delivery.tables import claims, metadata, plans, steps, threads
from threadbot.errors import InputError
from threadbot.networks.port import Held
from threadbot.networks.sandbox import Script

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.article.model import Article
    from threadbot.delivery.ledger import Ledger

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
#: Later than anything that a test does.
LATER = START + timedelta(days=1)
OTHERS = ("held", "approved", "draft")


def article(name: str) -> Article:
    """Make an article of its own."""
    return replace(ARTICLE, title=name, url=f"https://enpause.com/{name}")


def published(ledger: Ledger, folder: Path, name: str) -> str:
    """Publish a thread; give its number."""
    made = approved(ledger, thread(words=name), article(name))
    drive(ledger, made, Run(ledger, sandbox(folder)).outside)
    return made


@pytest.fixture
def full(ledger: Ledger, tmp_path: Path) -> dict[str, str]:
    """Give a thread in each state that lasts, by the state."""
    named = {name: published(ledger, tmp_path, name) for name in ("published", "deleted")}
    remove(ledger, named["deleted"], Run(ledger, sandbox(tmp_path)).outside)
    for name in ("cancelled", "approved"):
        named[name] = approved(ledger, thread(words=name), article(name))
    ledger.cancel_by_hand(named["cancelled"], START)
    named["held"] = approved(ledger, thread(words="held"), article("held"))
    stopped = sandbox(tmp_path, script=Script(send=[None, Held("account", "Wait.")]))
    drive(ledger, named["held"], Run(ledger, stopped).outside)
    for name in ("draft", "rejected"):
        number = ledger.record_article(article(name), None, START)
        made = ledger.propose(thread(words=name), number, sandbox=True, now=START)
        named[name] = made.id
    ledger.reject(named["rejected"], START)
    return named


def count(ledger: Ledger, table: Any, *where: Any) -> int:
    """Count rows."""
    with ledger.database.reading() as connection:
        query = select(func.count()).select_from(table).where(*where)
        return int(connection.execute(query).scalar_one())


def everything(ledger: Ledger) -> str:
    """Give all that stands in the ledger, as text."""
    with ledger.database.reading() as connection:
        tables = (connection.execute(select(table)).all() for table in metadata.sorted_tables)
        return repr([[tuple(row) for row in rows] for rows in tables])


def test_words_plans_and_answers_are_forgotten(ledger: Ledger, full: dict[str, str]) -> None:
    """Of what is done with no word is left, and a thread that was never out is gone."""
    for name in full:
        assert f"{name}, partie 1" in everything(ledger)
    assert prune(ledger.database, LATER) == Pruned(emptied=2, removed=2, articles=2)
    left = everything(ledger)
    assert [name for name in full if f"{name}, partie 1" in left] == [
        name for name in full if name in OTHERS
    ]
    for table in (plans, steps):
        assert count(ledger, table, table.c.thread_id == int(full["published"])) == 0
    assert count(ledger, threads) == 5
    assert check(ledger.database).problems == ()
    assert prune(ledger.database, LATER) == Pruned()


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_done_with_stays(ledger: Ledger, full: dict[str, str], name: str) -> None:
    """However old it is, what waits for somebody is not touched."""
    before = ledger.delivery(full[name])
    prune(ledger.database, LATER)
    assert ledger.delivery(full[name]) == before


def test_what_is_not_old_enough_stays(ledger: Ledger, full: dict[str, str]) -> None:
    """What was done with at that moment or later is kept."""
    before = ledger.history()
    assert prune(ledger.database, START) == Pruned()
    assert ledger.history() == before
    assert len(full) == len(before)


def test_what_would_be_forgotten_is_counted(ledger: Ledger, full: dict[str, str]) -> None:
    """Counting says exactly what pruning does, and changes nothing."""
    before = everything(ledger)
    expected = prunable(ledger.database, LATER)
    assert everything(ledger) == before
    assert prune(ledger.database, LATER) == expected
    assert full.keys() >= set(OTHERS)


def test_an_article_is_not_published_again(ledger: Ledger, tmp_path: Path) -> None:
    """The claim stays: the same article, also with other words, finds it taken."""
    made = published(ledger, tmp_path, "once")
    prune(ledger.database, LATER)
    number = ledger.record_article(article("once"), None, LATER)
    again = ledger.claim(thread(words="other"), number, sandbox=True, now=LATER)
    assert (again.won, again.row.id, again.row.state) == (False, made, "published")
    assert count(ledger, claims) == 1


def test_another_account_on_x_may_not_say_the_same(ledger: Ledger, tmp_path: Path) -> None:
    """What was said is known by its fingerprint, though the words are gone."""
    published(ledger, tmp_path, "once")
    prune(ledger.database, LATER)
    number = ledger.record_article(article("once"), None, LATER)
    with pytest.raises(InputError, match="X forbids"):
        ledger.claim(thread(account="other", words="once"), number, sandbox=True, now=LATER)
    other = ledger.claim(
        thread(account="other", words="in other words"), number, sandbox=True, now=LATER
    )
    assert other.won


def test_history_says_the_same(ledger: Ledger, tmp_path: Path) -> None:
    """When what was published where, in how many posts, with which addresses, stays."""
    published(ledger, tmp_path, "once")
    (before,) = ledger.history()
    prune(ledger.database, LATER)
    (after,) = ledger.history()
    assert after.receipts == before.receipts
    assert len(after.row.thread.posts) == len(before.row.thread.posts)
    kept = replace(after.row, thread=before.row.thread, fingerprints=None)
    assert kept == before.row
    assert after.row.fingerprints


def test_what_was_published_can_still_be_deleted(ledger: Ledger, tmp_path: Path) -> None:
    """The addresses of the posts are enough for that, and then the article may be posted anew."""
    made = published(ledger, tmp_path, "once")
    prune(ledger.database, LATER)
    network = sandbox(tmp_path)
    assert remove(ledger, made, Run(ledger, network).outside).kind == "done"
    assert ledger.delivery(made).row.state == "deleted"
    number = ledger.record_article(article("once"), None, LATER)
    assert ledger.claim(thread(words="once"), number, sandbox=True, now=LATER).won


def test_what_a_month_cost_stays(ledger: Ledger, tmp_path: Path) -> None:
    """Money that was spent is in the books for ever, also for a thread that came to nothing."""
    published(ledger, tmp_path, "once")
    dropped = approved(ledger, thread(words="dropped"), article("dropped"))
    ledger.note_cost(dropped, 5_000, START)
    ledger.cancel_by_hand(dropped, START)
    before = ledger.spent("enpause", START - timedelta(days=1))
    assert before > 0
    prune(ledger.database, LATER)
    assert ledger.spent("enpause", START - timedelta(days=1)) == before


def test_only_a_few_go_at_once(ledger: Ledger) -> None:
    """One transaction takes so many threads and no more, the oldest first."""
    number = ledger.record_article(ARTICLE, None, START)
    for part in range(BATCH + 1):
        moment = START + timedelta(seconds=part)
        made = ledger.propose(thread(words=f"{part}"), number, sandbox=True, now=moment)
        ledger.reject(made.id, moment)
    assert prune_some(ledger.database, LATER).removed == BATCH
    (left,) = ledger.history()
    assert left.row.changed_at == START + timedelta(seconds=BATCH)
    assert prune_some(ledger.database, LATER) == Pruned(removed=1, articles=1)


def test_what_is_damaged_is_still_said_to_be(ledger: Ledger, tmp_path: Path) -> None:
    """A thread that cannot be read stays as it is, and keeps no other from being pruned."""
    made = published(ledger, tmp_path, "once")
    published(ledger, tmp_path, "twice")
    execute(ledger.database, f"UPDATE threads SET thread = '{{}}' WHERE id = {made}")  # noqa: S608 - a number
    assert prune(ledger.database, LATER).emptied == 2
    (problem,) = check(ledger.database).problems
    assert f"thread {made} " in problem
