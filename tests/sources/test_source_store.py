"""What the ledger keeps of sources, in both kinds of database."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from places import STORES
from sqlalchemy import Engine, event, func, select

from sources.site_on_loopback import LONG
from threadbot.delivery.tables import entry_keys
from threadbot.errors import InputError
from threadbot.triggers.decisions import LetIn, Rules
from threadbot.triggers.entry import Entry
from threadbot.triggers.polling import AT_ONCE_AT_FIRST, Poll
from threadbot.triggers.settings import Source
from threadbot.triggers.store import SourceStore
from threadbot.triggers.subscriptions import SubscriptionBook
from threadbot.triggers.websub import Discovery, after_failure, subscribe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.delivery.ledger import Ledger

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FREE = Rules(max_per_day=None, max_backlog=None)
POLL = Poll(url="https://enpause.com/feed", next_at=LATER, interval=timedelta(minutes=15))
SITE = Source(name="site", kind="feed", url="https://enpause.com/feed", rules=FREE)


def article(number: int, title: str = "") -> Entry:
    """Make an entry as a feed gives it; `number` makes it another one, and later."""
    return Entry(
        guid=f"post-{number}",
        address=f"https://enpause.com/article-{number}/",
        title=title or f"Article {number}",
        content=f"<p>Report {number} begins. {LONG * 10}</p>",
        published=NOW + timedelta(minutes=number),
    )


@pytest.fixture
def store(ledger: Ledger) -> SourceStore:
    """Give a store that has taken stock of a feed without articles."""
    made = SourceStore(ledger)
    made.take_in(SITE, (), NOW, POLL)
    return made


def test_what_is_remembered_of_asking_comes_back_as_it_was(store: SourceStore) -> None:
    """Validators, times with their zone, failures and the reason."""
    poll = Poll(
        url="https://enpause.com/moved",
        next_at=LATER,
        interval=timedelta(minutes=7),
        etag='W/"é"',
        last_modified="Tue, 24 Nov 2026 08:00:00 GMT",
        body_hash="b" * 64,
        read_at=NOW,
        checked_at=NOW,
        failures=3,
        error="it answered with 503",
    )
    store.keep_poll(SITE, poll, NOW)
    row = store.row(SITE, LATER)
    assert (row.poll, row.first_seen) == (poll, NOW)


def test_feeds_are_due_when_their_time_has_come_the_longest_overdue_first(
    store: SourceStore,
) -> None:
    """Those that are not configured do not count, and a hub's news makes one due at once."""
    second = replace(SITE, name="second", url="https://enpause.com/second")
    third = replace(SITE, name="third", url="https://enpause.com/third")
    store.begin([second, third], NOW + timedelta(minutes=5))
    names = {"site", "second"}
    assert store.due(names, NOW, 9) == ()
    assert store.due(names, LATER, 9) == ("second", "site")
    assert store.due(names, LATER, 1) == ("second",)
    store.ask_now("site", NOW)
    assert store.due(names, LATER, 9) == ("site", "second")


def test_many_new_feeds_are_not_asked_all_at_once(store: SourceStore) -> None:
    """A hundred are, the others by and by; who was known before keeps its time."""
    feeds = [replace(SITE, name=f"feed-{n}", url=f"https://a.example/{n}") for n in range(200)]
    store.begin(feeds[:10], NOW)
    names = {feed.name for feed in feeds}
    assert len(store.due(names, NOW, 1_000)) == 10
    store.begin(feeds, NOW + timedelta(minutes=1))
    at_once = len(store.due(names, NOW + timedelta(minutes=1), 1_000))
    assert at_once == 10 + AT_ONCE_AT_FIRST + 1
    later = len(store.due(names, NOW + timedelta(minutes=4), 1_000))
    assert at_once < later < 200
    assert len(store.due(names, NOW + timedelta(minutes=16), 1_000)) == 200


@contextmanager
def changes() -> Iterator[list[str]]:
    """Collect what is written to entries and their keys."""
    written: list[str] = []

    def note(*told: object) -> None:
        verb, *words = str(told[2]).split()
        table = next((word for word in words if word != "INTO"), "")
        if verb != "SELECT" and table.startswith("entr"):
            written.append(f"{verb} {table}")

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_what_a_feed_showed_before_costs_no_writing(store: SourceStore) -> None:
    """Only what was edited, and what is new, is written; also what waits is written only once."""
    shown = [article(number) for number in range(30)]
    with changes() as first:
        store.take_in(SITE, shown, LATER)
    assert first == [*["INSERT entries"] * 30, "INSERT entry_keys"]
    with changes() as again:
        store.take_in(SITE, shown, LATER)
        rows = store.work({"site"}, LATER, 99)
    assert set(again) <= {"UPDATE entries"}
    assert [row.stored for row in rows] == [entry.to_json() for entry in shown]
    stocked = [article(number) for number in range(-9000, -8970)]
    store.take_in(SITE, stocked, LATER)
    with changes() as known:
        store.take_in(SITE, stocked, LATER + timedelta(hours=1))
    assert known == []
    edited = [replace(stocked[0], content=f"<p>Anew. {LONG * 10}</p>"), *stocked[1:]]
    with changes() as one:
        store.take_in(SITE, edited, LATER + timedelta(hours=2))
    assert set(one) == {"UPDATE entries", "INSERT entry_keys", "UPDATE entry_keys"}
    assert len(one) == 4


def edited(number: int) -> Entry:
    """Give an article in one of the many states that it goes through."""
    text = f"<p>State {number}. {LONG * 10}</p>"
    return replace(article(1), title=f"The count stands at {number}", content=text)


def test_of_an_entry_that_is_edited_over_and_over_the_last_texts_are_kept(
    store: SourceStore, ledger: Ledger
) -> None:
    """It is not new when it returns: by its guid, its address, or one of those texts."""
    store.take_in(SITE, [edited(0)], LATER)
    for number in (*range(1, 30), 3, *range(30, 40)):
        now = LATER + timedelta(hours=number)
        (seen,) = store.take_in(SITE, [edited(number)], now)
        assert not isinstance(seen, LetIn)
    with ledger.reading() as connection:
        count = select(entry_keys.c.kind, func.count()).group_by(entry_keys.c.kind)
        kept = {(kind, number) for kind, number in connection.execute(count)}
    assert kept == {("guid", 1), ("address", 1), ("content", 20), ("headline", 20)}
    moved = "https://enpause.com/moved/"
    returns = (
        *(replace(edited(number), guid=f"x{number}", address=moved) for number in (39, 25, 3)),
        replace(edited(99), guid="another"),
        replace(edited(99), address="https://enpause.com/another"),
    )
    for entry in returns:
        (seen,) = store.take_in(SITE, [entry], LATER + timedelta(days=9))
        assert not isinstance(seen, LetIn)


@pytest.mark.parametrize("kind", ["guid", "address"])
def test_of_what_changes_at_each_fetch_the_first_and_the_last_are_kept(
    store: SourceStore, ledger: Ledger, kind: str
) -> None:
    """A feed that makes up guids or addresses fills no ledger, and posts nothing again."""

    def fetched(number: int) -> Entry:
        changing = {"guid": f"post-{number}", "address": f"https://enpause.com/article-{number}/"}
        return replace(article(0), **{kind: changing[kind]})  # type: ignore[arg-type]

    store.take_in(SITE, [fetched(0), article(99)], LATER)
    for number in (*range(1, 40), 0, *range(40, 60)):
        (seen,) = store.take_in(SITE, [fetched(number)], LATER + timedelta(hours=number + 1))
        assert type(seen).__name__ == "Leave"
    columns = entry_keys.c
    with ledger.reading() as connection:
        count = select(func.count()).where(columns.kind == kind, columns.entry_id == seen.known)
        assert connection.execute(count).scalar_one() == 1 + 20
    for number in (0, 40, 59):
        alone = Entry(**{kind: getattr(fetched(number), kind)}, title=f"Anew {number}")
        (seen,) = store.take_in(SITE, [alone], LATER + timedelta(days=9))
        assert type(seen).__name__ in {"Leave", "Revise"}


def test_a_feed_that_was_empty_at_first_takes_stock_when_it_shows_what_has_no_date(
    store: SourceStore,
) -> None:
    """An archive that appears in an empty feed is not posted; what is dated later is news."""
    undated = [replace(article(number), published=None) for number in (3, 2, 1)]
    seen = store.take_in(SITE, [*undated, article(9)], LATER)
    assert [type(one).__name__ for one in seen] == ["LetIn", "PassOver", "PassOver", "PassOver"]
    later = replace(article(4), published=None)
    seen = store.take_in(SITE, [later, *undated], LATER)
    assert [type(one).__name__ for one in seen] == ["Leave", "Leave", "Leave", "LetIn"]


def test_a_feed_that_was_empty_at_first_takes_stock_of_what_is_dated_before(
    store: SourceStore,
) -> None:
    """It was empty by a fault; what is dated shortly before that is left to a person."""
    hours = {1: 40, 2: 8, 3: 1}
    shown = [
        replace(article(number), published=NOW - timedelta(hours=ago))
        for number, ago in hours.items()
    ]
    seen = store.take_in(SITE, [article(9), *shown], LATER)
    assert [type(one).__name__ for one in seen] == ["PassOver", "AskFirst", "AskFirst", "LetIn"]
    assert "among the first that its source showed, which takes stock" in seen[0].reason
    assert "dated shortly before its source was first seen" in seen[1].reason


def test_what_a_hub_delivers_hides_no_error_of_its_feed(store: SourceStore) -> None:
    """A feed that cannot be asked stays known as one, and is not held for checked."""
    failed = replace(POLL, error="it is out of order", failures=3, checked_at=NOW)
    store.keep_poll(SITE, failed, NOW)
    store.take_in(SITE, [article(1)], LATER)
    poll = store.report(SITE).poll
    assert poll is not None
    assert (poll.error, poll.checked_at) == ("it is out of order", NOW)


def test_a_feed_that_its_hub_wants_asked_while_it_is_being_asked_is_asked_again(
    store: SourceStore,
) -> None:
    """What the hub tells of may have come after the answer that is on its way."""
    asked, told = NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)
    store.ask_now("site", told)
    store.keep_poll(SITE, replace(POLL, checked_at=asked, next_at=LATER), LATER)
    assert store.due({"site"}, told, 1) == ("site",)
    store.keep_poll(SITE, replace(POLL, checked_at=told, next_at=LATER), LATER)
    assert store.due({"site"}, told, 1) == ()


def test_no_feed_is_due_where_hubs_take_all_the_room_and_more(store: SourceStore) -> None:
    """Less than no room is none: it is no fault, after which everything would begin anew."""
    store.take_in(SITE, [], NOW, replace(POLL, next_at=NOW))
    assert [store.due({"site"}, LATER, room) for room in (1, 0, -3)] == [("site",), (), ()]


def test_a_source_at_another_place_begins_anew(store: SourceStore) -> None:
    """Its stock is taken again, and nothing of the old place is sent to the new one."""
    store.keep_poll(SITE, replace(POLL, etag="old"), NOW)
    moved = store.row(replace(SITE, url="https://other.example/feed"), LATER)
    assert (moved.first_seen, moved.poll.etag) == (None, None)
    assert moved.poll.url == "https://other.example/feed"


def test_what_is_to_be_done_is_given_the_oldest_first_until_it_is_done(store: SourceStore) -> None:
    """An entry comes back as it was seen, whatever characters it has."""
    entries = [article(2, title="Zwei 𝕏 \u202f« éà »"), article(1)]
    store.take_in(SITE, entries, LATER)
    work = store.work({"site"}, LATER, 9)
    assert [one.entry for one in work] == entries[::-1]
    assert [one.stage for one in work] == ["draft", "draft"]
    assert store.work({"site"}, LATER, 1) == work[:1]
    assert store.work({"other"}, LATER, 9) == ()
    assert store.work({"site"}, NOW, 9) == ()


def test_an_entry_above_the_cap_waits_until_it_is_let_in_and_once(store: SourceStore) -> None:
    """Who lets it in twice, or when its source is gone, is told so."""
    capped = replace(SITE, rules=Rules(max_per_day=1, max_backlog=None))
    store.take_in(capped, [article(2), article(1)], LATER)
    [waiting] = store.report(capped).waiting
    assert waiting.title == "Article 1"
    with pytest.raises(InputError, match="is of the source 'site', which is not configured"):
        store.let_in(waiting.id, {"other"}, LATER)
    assert store.let_in(waiting.id, {"site"}, LATER) == "site"
    with pytest.raises(InputError, match=f"no entry {waiting.id} waits"):
        store.let_in(waiting.id, {"site"}, LATER)
    assert store.report(capped).waiting == ()


def test_two_that_look_at_the_same_time_let_an_article_in_once(store: SourceStore) -> None:
    """Workers on two machines see the same feed: one of them is first."""
    entries = [article(number) for number in range(20)]

    def look(_: int) -> int:
        decisions = store.take_in(SITE, entries, LATER)
        return sum(isinstance(decision, LetIn) for decision in decisions)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(look, range(4))) == [0, 0, 0, 20]
    assert len(store.work({"site"}, LATER, 99)) == 20


def test_what_is_wrong_with_a_folder_is_kept_until_it_is_right(store: SourceStore) -> None:
    """The report says it, and no longer once a look went well."""
    desk = Source(name="desk", kind="folder", path=Path("/articles"), rules=FREE)
    store.keep_problem(desk, "there is no folder '/articles'", NOW)
    poll = store.report(desk).poll
    assert poll is not None
    assert (poll.error, poll.checked_at) == ("there is no folder '/articles'", NOW)
    store.take_in(desk, (), LATER)
    poll = store.report(desk).poll
    assert poll is not None
    assert (poll.error, poll.checked_at) == (None, LATER)


def test_a_subscription_is_kept_found_changed_and_replaced(
    store: SourceStore, ledger: Ledger
) -> None:
    """By its source, by the end of its callback, and when its hub is to be asked."""
    del store
    book = SubscriptionBook(ledger)
    discovery = Discovery("https://hub.example/", "https://enpause.com/feed")
    first = subscribe(discovery, "https://us.example/websub/one", "secret", NOW)
    book.begin("site", "one", first)
    assert book.of_source("site") == first
    assert book.of_token("one") == ("site", first)
    assert book.due({"site"}, NOW) == (("site", "https://hub.example/"),)
    assert book.all() == {"site": first}
    book.change("site", lambda one: after_failure(one, "it is away", NOW))
    assert book.due({"site"}, NOW) == ()
    changed = book.of_source("site")
    assert changed is not None
    assert (changed.failures, changed.reason) == (1, "it is away")
    book.begin("site", "two", replace(first, callback="https://us.example/websub/two"))
    assert book.of_token("one") is None
    assert book.of_token("\0") is None
    assert book.of_token("two") is not None


def test_two_that_begin_with_a_new_source_at_the_same_time_both_begin(ledger: Ledger) -> None:
    """Workers on two machines are started together: neither ends because the other was first."""
    inside, other = Event(), SourceStore(ledger)

    def first_of_all() -> Iterator[Source]:
        yield SITE
        # Its row is stored by now, and nobody else sees it yet.
        inside.set()
        time.sleep(0.5)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(SourceStore(ledger).begin, first_of_all(), NOW)
        assert inside.wait(20)
        second = pool.submit(other.begin, [SITE], NOW)
        assert (first.result(), second.result()) == (None, None)
    assert other.due({"site"}, NOW, 9) == ("site",)


def test_a_source_that_is_gone_keeps_no_other_from_its_hub(
    store: SourceStore, ledger: Ledger
) -> None:
    """Its subscription stays in the ledger, overdue for ever, and is left alone."""
    book = SubscriptionBook(ledger)
    discovery = Discovery("https://hub.example/", "https://enpause.com/feed")
    store.begin([replace(SITE, name="gone", url="https://enpause.com/gone")], NOW)
    for name in ("gone", "site"):
        callback = f"https://us.example/websub/{name}"
        book.begin(name, name, subscribe(discovery, callback, "secret", NOW))
    assert [name for name, _ in book.due({"site"}, NOW)] == ["site"]
