"""Whether an entry is new and may be posted, told as readings of a source, one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory import LONG, START, Memory, article, kinds

from threadbot.triggers.decisions import (
    AskFirst,
    EntryThread,
    Knowledge,
    KnownEntry,
    Leave,
    PassOver,
    Rules,
)
from threadbot.triggers.intake import decide, keys_to_look_up
from threadbot.triggers.wanted import Filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadbot.delivery.model import ThreadState
    from threadbot.triggers.decisions import EntryState, FirstRun
    from threadbot.triggers.entry import Entry

LATER = START + timedelta(hours=1)


def watched(*entries: Entry, **rules: object) -> Memory:
    """Give the memory of a source whose stock has been taken."""
    caps: dict[str, object] = {"max_per_day": None, "max_backlog": None}
    memory = Memory(Rules(**(caps | rules)))  # type: ignore[arg-type]
    memory.see(*entries)
    return memory


def test_first_sight_takes_stock() -> None:
    """The first run posts nothing, however much the feed holds (mastofeedbot#3)."""
    memory = Memory()
    seen = memory.see(*(article(number) for number in range(50, 0, -1)))
    assert kinds(seen) == ["PassOver"] * 50
    assert kinds(memory.see(*(article(number) for number in range(50, 0, -1)))) == ["Leave"] * 50


@pytest.mark.parametrize(("first_run", "posted"), [("none", []), ("latest", ["Article 3"])])
def test_first_run(first_run: FirstRun, posted: list[str]) -> None:
    """`latest` lets the newest entry in at the first sight, whatever the feed's order."""
    memory = Memory(Rules(first_run=first_run))
    memory.see(article(1), article(3), article(2))
    assert memory.let_in == posted


def test_first_run_latest_that_is_wanted() -> None:
    """`latest` passes over entries that the filter does not want, also where nothing has a date."""
    rules = Rules(first_run="latest", wanted=Filter(not_titles=("article 3",)))
    memory = Memory(rules)
    memory.see(*(article(number, published=None) for number in (3, 2, 1)))
    assert memory.let_in == ["Article 2"]


def test_new_entries_oldest_first() -> None:
    """New entries are let in once each, the oldest first."""
    memory = watched(article(1))
    memory.see(article(4), article(2), article(3), article(1))
    memory.see(article(4), article(2), article(3), article(1))
    assert memory.let_in == ["Article 2", "Article 3", "Article 4"]


def test_feed_without_dates() -> None:
    """Without dates the feed's own order counts, and its first entry is the newest."""
    memory = watched()
    memory.see(*(article(number, published=None) for number in (3, 2, 1)))
    assert memory.let_in == ["Article 1", "Article 2", "Article 3"]


def test_empty_first_sight() -> None:
    """A source that was empty at first posts its first article."""
    memory = watched()
    memory.see(article(1))
    assert memory.let_in == ["Article 1"]


def test_feed_that_shrinks_to_nothing_and_returns() -> None:
    """Entries that leave a feed and return are not new (postiz#1321, #1172, skymoth#286)."""
    memory = watched(article(1))
    memory.see(article(2), article(1))
    memory.see()
    memory.see(article(2), article(1), now=START + timedelta(days=90))
    assert memory.let_in == ["Article 2"]


def number_of(entry: Entry) -> str:
    """Give the number that an entry was made with."""
    return (entry.guid or "").rpartition("=")[2]


def renamed(entry: Entry) -> Entry:
    """Change everything about an entry but what its text says."""
    number = number_of(entry)
    return replace(moved(entry), title=f"Renamed {number}", content=f"<div>“{entry.content}”</div>")


def moved(entry: Entry) -> Entry:
    """Move an entry to another site, which gives it another guid."""
    number = number_of(entry)
    return replace(entry, guid=f"moved-{number}", address=f"https://new.example.org/{number}")


#: What may happen to an entry that is known, one or more of its keys staying.
CHANGES: dict[str, Callable[[Entry], Entry]] = {
    "nothing": replace,
    "typo in the title": lambda entry: replace(entry, title=f"Artikel {number_of(entry)}"),
    "typo in the text": lambda entry: replace(entry, content=f"{entry.content} More."),
    "guid": lambda entry: replace(entry, guid=f"changed-{number_of(entry)}"),
    "no guid any more": lambda entry: replace(entry, guid=None),
    "address": lambda entry: replace(entry, address=moved(entry).address),
    "no address any more": lambda entry: replace(entry, address=None),
    "http": lambda entry: replace(
        entry, guid=None, address=f"http://example.com/article-{number_of(entry)}/"
    ),
    "slash": lambda entry: replace(
        entry, guid=None, address=f"https://EXAMPLE.com/article-{number_of(entry)}"
    ),
    "campaign": lambda entry: replace(
        entry, guid=None, address=f"{entry.address}?utm_source=rss#top"
    ),
    "guid and address": moved,
    "guid, address and the text cut short": lambda entry: replace(
        moved(entry), content=f"<p>Text {number_of(entry)}. [...]</p>"
    ),
    "date": lambda entry: replace(entry, published=START + timedelta(days=3)),
}
EVERY_CHANGE = CHANGES | {"guid, address, title and quotes": renamed}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_change_of_a_known_entry(change: Callable[[Entry], Entry]) -> None:
    """No change of a known entry posts it again: a typo (feediverse#31), a guid (bridgy-fed#2693).

    Nor does any other, of which double posts come elsewhere (blueskyfeedbot#25).
    """
    memory = watched(article(1))
    memory.see(article(2), article(1))
    assert memory.let_in == ["Article 2"]
    changed = change(article(2))
    memory.move(article(2), "published")
    seen = memory.see(changed, article(1), now=LATER)
    assert kinds(seen) == ["Leave", "Leave"]
    assert memory.let_in == ["Article 2"]
    # What it is known by now is remembered too.
    memory.see(replace(changed, title="Once more", content="", published=None), now=LATER)
    assert memory.let_in == ["Article 2"]


def test_draft_of_an_article_that_is_renamed() -> None:
    """Text and moment are the same, its old name is gone, and what is older is not: made anew."""
    memory = watched(article(1))
    memory.see(article(2), article(1))
    seen = memory.see(renamed(article(2)), article(1), now=LATER)
    assert kinds(seen) == ["Leave", "Revise"]
    assert memory.states(article(2)) == [
        "x superseded",
        "bluesky superseded",
        "x draft",
        "bluesky draft",
    ]
    assert kinds(memory.see(renamed(article(2)), article(1), now=LATER)) == ["Leave", "Leave"]
    assert memory.let_in == ["Article 2"]


NEW_NAME = renamed(article(2))
#: What a feed may show after article 2, so that its text alone may be another's.
NOT_RENAMED: dict[str, tuple[Entry, ...]] = {
    "at another time": (replace(NEW_NAME, published=LATER), article(1)),
    "without a time": (replace(NEW_NAME, published=None), article(1)),
    "the old name is still there": (NEW_NAME, article(2), article(1)),
    "the old name may have left at the end": (article(3), NEW_NAME),
    "two of them": (
        NEW_NAME,
        replace(NEW_NAME, guid="b", address="https://b.example/b", title="Another"),
        article(1),
    ),
}


@pytest.mark.parametrize("shown", NOT_RENAMED.values(), ids=NOT_RENAMED)
def test_draft_beside_one_with_the_same_text(shown: tuple[Entry, ...]) -> None:
    """Two notices with one text are not taken for one article: a person is asked."""
    memory = watched(article(1))
    memory.see(article(2), article(1))
    seen = memory.see(*shown, now=LATER)
    assert "AskFirst" in kinds(seen)
    assert "Revise" not in kinds(seen)
    assert memory.states(article(2)) == ["x draft", "bluesky draft"]


@pytest.mark.parametrize("state", ["approved", "scheduled", "held", "sending", "published"])
def test_change_of_everything_but_the_text(state: ThreadState) -> None:
    """What was approved is left alone: a person is asked, and nothing is posted."""
    memory = watched(article(1))
    memory.see(article(2), article(1))
    memory.move(article(2), state, account="x")
    seen = memory.see(renamed(article(2)), article(1), now=LATER)
    assert kinds(seen) == ["Leave", "AskFirst"]
    assert "its text is that of “Article 2”, and all else differs" in seen[1].reason
    again = memory.see(replace(renamed(article(2)), content=""), article(1), now=LATER)
    assert kinds(again) == ["Leave", "Leave"]
    assert memory.let_in == ["Article 2"]


def test_article_that_goes_on_under_the_name_that_was_left_out() -> None:
    """What it was edited to beside its other name is known when it comes back under a third one."""
    memory = watched(article(1))
    memory.see(article(2), article(1))
    second = replace(article(2), guid="second", title="Again", content=f"<p>{LONG}</p>")
    first = replace(article(2), address="https://example.com/elsewhere/")
    memory.see(second, article(1))
    edited = replace(first, content=f"<p>{LONG} And more of it.</p>")
    assert kinds(memory.see(second, edited, article(1))) == ["Leave", "Leave"]
    third = replace(edited, guid="third", address="https://example.com/third/", title="Anew")
    assert "LetIn" not in kinds(memory.see(third, article(1)))


def test_article_that_stays_under_two_names_that_differ() -> None:
    """Neither is an edit of the other in every reading; an edit of what was drafted is one."""
    memory = watched(article(1))
    memory.see(article(2), article(1))
    second = replace(article(2), guid="second", title="Again", content=f"<p>{LONG}</p>")
    first = replace(article(2), address="https://example.com/elsewhere/")
    assert kinds(memory.see(second, article(1))) == ["Leave", "Revise"]
    for _ in range(3):
        assert kinds(memory.see(second, first, article(1))) == ["Leave", "Leave"]
    edited = replace(second, title="Once more")
    assert kinds(memory.see(edited, article(1))) == ["Leave", "Revise"]
    memory.see(edited, first, article(1))
    assert kinds(memory.see(edited, first, article(1))) == ["Leave", "Leave"]


@pytest.mark.parametrize("at_once", [True, False], ids=["in one reading", "one by one"])
def test_two_articles_with_the_same_notice(*, at_once: bool) -> None:
    """The second one waits for a person, and is not lost ("This article is for subscribers")."""
    memory = watched(article(1))
    notices = (article(3, content=LONG), article(2, content=LONG))
    seen = memory.see(*notices) if at_once else (*memory.see(notices[1]), *memory.see(notices[0]))
    assert kinds(seen) == ["LetIn", "AskFirst"]
    assert "its text is that of “Article 2”" in seen[1].reason
    assert kinds(memory.see(*notices)) == ["Leave", "Leave"]


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.sampled_from(sorted(EVERY_CHANGE))), max_size=7),
        max_size=6,
    )
)
def test_each_article_is_let_in_once(readings: list[list[tuple[int, str]]]) -> None:
    """Whatever a feed shows in whatever order, no article is let in twice, and no stock ever."""
    memory = watched(article(0), article(1))
    memory.see(*(article(number) for number in range(7)))
    for reading in readings:
        memory.see(*(EVERY_CHANGE[change](article(number)) for number, change in reading))
    assert memory.let_in == [f"Article {number}" for number in range(2, 7)]


def test_same_article_twice_in_one_reading() -> None:
    """An article that stands in one reading twice, under two guids, is one."""
    memory = watched()
    seen = memory.see(article(1, guid="one"), article(1, guid="two"), article(1, guid="three"))
    assert kinds(seen) == ["LetIn"]
    memory.see(article(1, guid="three", address=None, content="", published=None))
    assert memory.let_in == ["Article 1"]


def test_same_title_every_day() -> None:
    """A column with the same title every day is a new article every day."""
    memory = watched()
    for day in range(4):
        moment = START + timedelta(days=day)
        memory.see(article(day, title="Morning news", content="", published=moment), now=moment)
    assert memory.let_in == ["Morning news"] * 4


def test_guid_that_all_entries_share() -> None:
    """A guid that all entries share tells none of them apart, nor does a front page."""
    front = {"guid": "feed", "address": "https://example.com/"}
    memory = watched(*(article(number, **front) for number in (3, 2, 1)))
    memory.see(*(article(number, **front) for number in (5, 4, 3)))
    assert memory.let_in == ["Article 4", "Article 5"]


def test_text_that_all_entries_share() -> None:
    """The same text in all entries of a closed site ("Log in to read") tells none apart."""
    memory = watched(*(article(number, content=LONG) for number in (3, 2, 1)))
    memory.see(*(article(number, content=LONG) for number in (5, 4, 3)))
    assert memory.let_in == ["Article 4", "Article 5"]


def test_archive_that_comes_up_later() -> None:
    """A feed that begins to show older articles posts none of them."""
    memory = watched(article(1))
    old = START - timedelta(days=3)
    seen = memory.see(*(article(number, published=old) for number in range(2, 40)), now=LATER)
    assert {type(decision) for decision in seen} == {PassOver}
    assert "of the archive" in seen[0].reason


def test_date_without_a_time() -> None:
    """An article dated to the day on which its source was first seen is new."""
    memory = watched(article(1))
    midnight = START.replace(hour=0)
    memory.see(article(2, published=midnight), now=LATER)
    assert memory.let_in == ["Article 2"]


@pytest.mark.parametrize(
    ("caps", "posted", "name"),
    [
        ({"max_backlog": 3}, ["Article 28", "Article 29", "Article 30"], "max_backlog = 3"),
        ({"max_per_day": 2}, ["Article 29", "Article 30"], "max_per_day = 2"),
        ({"max_per_day": 2, "max_backlog": 3}, ["Article 29", "Article 30"], "max_per_day = 2"),
        ({"max_per_day": 0}, [], "max_per_day = 0"),
    ],
    ids=["backlog", "day", "both", "none at all"],
)
def test_caps_after_an_outage(caps: dict[str, int], posted: list[str], name: str) -> None:
    """After an outage the newest few are let in, the rest waits (blue-bots-done-quick#44)."""
    memory = watched(article(1), **caps)
    now = START + timedelta(days=2)
    seen = memory.see(*(article(number) for number in range(30, 0, -1)), now=now)
    waiting = [decision for decision in seen if isinstance(decision, AskFirst)]
    assert memory.let_in == posted
    assert len(waiting) == 29 - len(posted)
    assert name in waiting[0].reason
    # What waits goes on waiting, also when there is room again.
    memory.see(*(article(number) for number in range(30, 0, -1)), now=now + timedelta(days=2))
    assert memory.let_in == posted


def test_caps_count_what_was_before() -> None:
    """Both caps count what earlier readings let in, for a day or until it is out."""
    memory = watched(max_per_day=3, max_backlog=2)
    memory.see(article(1), article(2))
    assert kinds(memory.see(article(3))) == ["AskFirst"]
    memory.move(article(1), "published")
    memory.move(article(2), "published")
    assert kinds(memory.see(article(4))) == ["LetIn"]
    memory.move(article(4), "published")
    assert kinds(memory.see(article(5))) == ["AskFirst"]
    assert kinds(memory.see(article(6), now=START + timedelta(hours=25))) == ["LetIn"]


def test_caps_do_not_count_what_is_not_wanted() -> None:
    """Entries that are filtered take no room under a cap."""
    memory = watched(max_per_day=1, wanted=Filter(not_titles=("article 3",)))
    memory.see(article(3), article(2))
    assert memory.let_in == ["Article 2"]


def test_edit_of_a_draft() -> None:
    """An edit makes a draft anew in place of the one before."""
    memory = watched()
    memory.see(article(1))
    memory.see(article(1, title="Edited"))
    assert memory.states(article(1)) == [
        "x superseded",
        "bluesky superseded",
        "x draft",
        "bluesky draft",
    ]
    assert kinds(memory.see(article(1, title="Edited"))) == ["Leave"]


def test_edit_of_what_is_approved() -> None:
    """An edit leaves what was approved as it is and proposes a draft; the next renews that."""
    memory = watched()
    memory.see(article(1))
    memory.move(article(1), "scheduled", account="x")
    memory.move(article(1), "rejected", account="bluesky")
    memory.see(article(1, title="Edited"))
    assert memory.states(article(1)) == ["x scheduled", "bluesky rejected", "x draft"]
    memory.see(article(1, title="Edited again"))
    states = ["x scheduled", "bluesky rejected", "x superseded", "x draft"]
    assert memory.states(article(1)) == states


@pytest.mark.parametrize("state", ["sending", "published", "deleted", "rejected", "cancelled"])
def test_edit_after_the_last_word(state: ThreadState) -> None:
    """An edit proposes nothing where sending has begun, or where a person said no."""
    memory = watched()
    memory.see(article(1))
    memory.move(article(1), state, account="x")
    memory.move(article(1), state, account="bluesky")
    assert kinds(memory.see(article(1, title="Edited"))) == ["Leave"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("stock", "was never let in"),
        ("waiting", "waits for you as it is now"),
        ("taken", "which will be made of the edit"),
    ],
)
def test_edit_before_there_is_a_draft(state: EntryState, said: str) -> None:
    """An edit of what has no draft yet says what becomes of it, and lets nothing in."""
    entry = article(1)
    known = KnownEntry(1, state, "another version", ())
    knowledge = Knowledge(START, dict.fromkeys(keys_to_look_up([entry]), known))
    [decision] = decide([entry], knowledge, Rules(), START)
    assert isinstance(decision, Leave)
    assert said in decision.reason


def test_edit_of_what_waits_beside_the_draft_of_another() -> None:
    """What waits for a person has no draft to be made anew, whatever thread it was brought with."""
    entry = article(1)
    known = KnownEntry(1, "waiting", "another version", (EntryThread("7", "ours", "draft"),))
    knowledge = Knowledge(START, dict.fromkeys(keys_to_look_up([entry]), known))
    [decision] = decide([entry], knowledge, Rules(), START)
    assert isinstance(decision, Leave)
    assert "waits for you" in decision.reason


def test_edit_while_one_account_is_out() -> None:
    """An edit renews the draft of one account though another one's thread is out."""
    memory = watched()
    memory.see(article(1))
    memory.move(article(1), "published", account="x")
    memory.see(article(1, title="Edited"))
    assert memory.states(article(1)) == ["x published", "bluesky superseded", "bluesky draft"]


def test_held_before_and_after_sending_began() -> None:
    """A thread held before sending gets a proposal on an edit, one held in the midst none."""
    memory = watched()
    memory.see(article(1))
    memory.move(article(1), "sending", account="x")
    memory.move(article(1), "held")
    memory.see(article(1, title="Edited"))
    assert memory.states(article(1)) == ["x held", "bluesky held", "bluesky draft"]


@pytest.mark.parametrize(
    "unchanged",
    [
        {"published": START + timedelta(days=1)},
        {"picture": "https://cdn.example.com/lead.jpg?w=1200"},
        {"address": "http://example.com/article-1?utm_source=feed"},
        {"content": f"<div class='wp-block'>\n<p>Text 1.  {LONG}</p></div>"},
        {"guid": "another"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_edit(unchanged: dict[str, object]) -> None:
    """A moved date, picture or guid, a campaign and other markup are no edit of an article."""
    memory = watched()
    memory.see(article(1))
    assert kinds(memory.see(article(1, **unchanged))) == ["Leave"]


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Edited"},
        {"content": f"<p>Text 1. {LONG} Corrected.</p>"},
        {"content": f"<p><a href='https://example.org/'>Text</a> 1. {LONG}</p>"},
        {"author": "Jeanne Dupont"},
        {"categories": ("culture",)},
        {"address": "https://example.com/moved"},
    ],
    ids=["title", "text", "link", "author", "categories", "address"],
)
def test_what_is_an_edit(edit: dict[str, object]) -> None:
    """What a reader of the thread would see makes an edit."""
    memory = watched()
    memory.see(article(1))
    assert kinds(memory.see(article(1, **edit))) == ["Revise"]


NEWS: dict[str, object] = {
    "categories": ("Culture", "À la une"),
    "author": "Jeanne Dupont et Marc Petit",
    "title": "The mill: open again!",
}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Filter(categories=("culture",)), None),
        (Filter(categories=("sport", "à la une")), None),
        (Filter(categories=("sport",)), "it is in none of the categories 'sport'"),
        (Filter(not_categories=("culture",)), "it is in the category 'culture'"),
        (Filter(authors=("marc petit",)), None),
        (Filter(authors=("Marc",), not_authors=("Jean",)), None),
        (Filter(authors=("Paul",)), "its author names none of 'Paul'"),
        (Filter(not_authors=("dupont",)), "its author names 'dupont'"),
        (Filter(titles=("mill open",)), None),
        (Filter(not_titles=("Sponsored", "Mill")), "its title names 'Mill'"),
        (Filter(not_titles=("pen",)), None),
        (Filter(max_age=timedelta(hours=2)), None),
        (
            Filter(max_age=timedelta(minutes=50)),
            "it was published on 2026-11-24, which is longer ago than max_age",
        ),
    ],
    ids=str,
)
def test_filters(wanted: Filter, reason: str | None) -> None:
    """Filters go by whole words and whole categories, and say why an entry is passed over."""
    memory = watched(wanted=wanted)
    (seen,) = memory.see(article(5, **NEWS), now=LATER)
    assert kinds([seen]) == ["LetIn" if reason is None else "PassOver"]
    assert reason in {None, seen.reason}


def test_entry_without_author_or_date() -> None:
    """An entry without an author is not by anybody who is wanted; one without a date has no age."""
    nobody = article(1, published=None)
    assert kinds(watched(wanted=Filter(authors=("Jeanne",))).see(nobody)) == ["PassOver"]
    assert kinds(watched(wanted=Filter(max_age=timedelta(0))).see(nobody)) == ["LetIn"]


def test_edit_that_makes_an_entry_wanted() -> None:
    """An entry that was filtered is let in when an edit makes it wanted, not when the filter is.

    Editors add the category a minute after they publish.
    """
    memory = watched(wanted=Filter(categories=("culture",)))
    memory.see(article(1), article(2))
    memory.see(article(1), article(2, categories=("culture",)))
    assert memory.let_in == ["Article 2"]
    memory.rules = Rules()
    memory.see(article(1), article(2, categories=("culture",)))
    assert memory.let_in == ["Article 2"]
