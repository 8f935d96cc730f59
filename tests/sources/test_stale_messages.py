"""What comes late, or again, undoes nothing that is newer, in both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from fetch.loopback import response
from places import STORES

from sources.site_on_loopback import Item, rss
from threadbot.triggers.decisions import Rules
from threadbot.triggers.entry import Entry
from threadbot.triggers.feeds import read_feed
from threadbot.triggers.polling import Poll
from threadbot.triggers.settings import Source
from threadbot.triggers.store import SourceStore
from threadbot.triggers.webhook_messages import (
    Ignored,
    ghost_entry,
    standard_entry,
    wordpress_entry,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket

    from sources.site_on_loopback import Newsroom
    from threadbot.delivery.ledger import Ledger

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
NOW: Final = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
FREE: Final = Rules(max_per_day=None, max_backlog=None)
HOOK: Final = Source(name="hook", kind="webhook", rules=FREE)
SITE: Final = Source(name="site", kind="feed", url="https://enpause.com/feed", rules=FREE)
READ: Final = Poll(
    url="https://enpause.com/feed",
    next_at=NOW,
    interval=timedelta(minutes=15),
    etag='"1"',
    last_modified="Tue, 24 Nov 2026 08:00:00 GMT",
    body_hash="b" * 64,
)


def ghost(title: str, changed: str | None) -> Entry | Ignored:
    """Give what Ghost says of a post."""
    post = {"id": "1", "title": title, "status": "published", "visibility": "public"}
    return ghost_entry({"post": {"current": {**post, "updated_at": changed}, "previous": {}}})


def wordpress(title: str, changed: str | None) -> Entry | Ignored:
    """Give what WP Webhooks says of a post."""
    post = {"ID": 1, "post_title": title, "post_type": "post", "post_status": "publish"}
    return wordpress_entry({"post_id": 1, "post": {**post, "post_modified_gmt": changed}})


def standard(title: str, changed: str | None) -> Entry | Ignored:
    """Give what a Standard Webhook says of an article."""
    data = {"id": "1", "title": title}
    return standard_entry({"type": "article.published", "timestamp": changed, "data": data})


def dated(title: str, changed: str | None) -> Entry | Ignored:
    """Give what one says whose message has no time of its own."""
    data = {"id": "1", "title": title, "date_modified": changed, "date_published": "2026-11-24"}
    return standard_entry({"type": "article.published", "data": data})


SENDERS: Final[dict[str, Callable[[str, str | None], Entry | Ignored]]] = {
    "Ghost": ghost,
    "WordPress": wordpress,
    "Standard Webhooks": standard,
    "Standard Webhooks, without a timestamp": dated,
}


def sent(message: Entry | Ignored) -> Entry:
    """Give the article of a message."""
    assert isinstance(message, Entry)
    return message


def to_be_drafted(store: SourceStore, name: str = "hook") -> list[str | None]:
    """Name what drafts will be made of."""
    return [one.entry.title for one in store.work({name}, NOW + timedelta(days=2), 9)]


def take_in(store: SourceStore, entry: Entry, minutes: int) -> str:
    """Take in a message, and say what became of it."""
    (decision,) = store.take_in(HOOK, [entry], NOW + minutes * MINUTE)
    return type(decision).__name__


@pytest.mark.parametrize("message", SENDERS.values(), ids=SENDERS)
def test_a_message_that_is_sent_again_does_not_undo_a_later_one(
    ledger: Ledger, message: Callable[[str, str | None], Entry | Ignored]
) -> None:
    """A sender that got no answer repeats its message, though the article was edited meanwhile."""
    store = SourceStore(ledger)
    first = sent(message("Before", "2026-11-24 08:00:00"))
    second = sent(message("After", "2026-11-24 08:05:00"))
    assert [take_in(store, first, 1), take_in(store, second, 6)] == ["LetIn", "Leave"]
    assert [take_in(store, first, 7), take_in(store, second, 8)] == ["Overtaken", "Leave"]
    assert to_be_drafted(store) == ["After"]


@pytest.mark.parametrize("message", SENDERS.values(), ids=SENDERS)
def test_messages_in_the_wrong_order(
    ledger: Ledger, message: Callable[[str, str | None], Entry | Ignored]
) -> None:
    """The later state counts though it came first, and an edit back to the former one, too."""
    store = SourceStore(ledger)
    take_in(store, sent(message("After", "2026-11-24 08:05:00")), 6)
    assert take_in(store, sent(message("Before", "2026-11-24 08:00:00")), 7) == "Overtaken"
    assert to_be_drafted(store) == ["After"]
    take_in(store, sent(message("Before", "2026-11-24 08:10:00")), 11)
    assert to_be_drafted(store) == ["Before"]


@pytest.mark.parametrize("message", SENDERS.values(), ids=SENDERS)
def test_a_later_message_counts_whatever_our_clocks_say(
    ledger: Ledger, message: Callable[[str, str | None], Entry | Ignored]
) -> None:
    """The worker that took the first one in may be a minute fast, or its clock was set back."""
    store = SourceStore(ledger)
    take_in(store, sent(message("Before", "2026-11-24 08:00:00")), 7)
    assert take_in(store, sent(message("After", "2026-11-24 08:05:00")), 6) == "Leave"
    assert take_in(store, sent(message("Before", "2026-11-24 08:00:00")), 8) == "Overtaken"
    assert to_be_drafted(store) == ["After"]


@pytest.mark.parametrize("changed", [None, "2126-11-24 08:00:00"])
def test_no_time_and_a_wrong_one_keep_no_edit_out(ledger: Ledger, changed: str | None) -> None:
    """What a sender does not say, or cannot know, tells nothing."""
    store = SourceStore(ledger)
    take_in(store, sent(ghost("Before", changed)), 1)
    take_in(store, sent(ghost("After", "2026-11-24 08:05:00")), 6)
    take_in(store, sent(ghost("At last", None)), 7)
    assert to_be_drafted(store) == ["At last"]


def article(title: str) -> Entry:
    """Give an article as a feed has it."""
    return Entry(guid="1", address="https://enpause.com/a", title=title, published=NOW)


def test_a_feed_read_before_its_hub_delivered_undoes_nothing(ledger: Ledger) -> None:
    """The answer was under way; as it may have been the newer one, the feed is read once more."""
    store = SourceStore(ledger)
    store.take_in(SITE, (), NOW, READ)
    store.take_in(SITE, [article("After")], NOW + MINUTE)
    (decision,) = store.take_in(SITE, [article("Before")], NOW + MINUTE / 2, READ)
    assert type(decision).__name__ == "Overtaken"
    assert to_be_drafted(store, "site") == ["After"]
    poll = store.row(SITE, NOW).poll
    assert (poll.etag, poll.last_modified, poll.body_hash) == (None, None, None)
    store.take_in(SITE, [article("At last")], NOW + 2 * MINUTE, READ)
    assert to_be_drafted(store, "site") == ["At last"]
    assert store.row(SITE, NOW).poll.etag == READ.etag


def test_after_a_delivery_the_feed_has_the_last_word(ledger: Ledger) -> None:
    """A hub may deliver late what the feed showed before: its next answer is read in full."""
    store = SourceStore(ledger)
    store.take_in(SITE, (), NOW, READ)
    store.take_in(SITE, [article("After")], NOW + MINUTE, READ)
    store.take_in(SITE, [article("Before")], NOW + 2 * MINUTE)
    assert store.row(SITE, NOW).poll.etag is None
    store.take_in(SITE, [article("After")], NOW + 3 * MINUTE, READ)
    assert to_be_drafted(store, "site") == ["After"]


def test_a_clock_that_is_set_back_keeps_no_edit_out(ledger: Ledger) -> None:
    """What seems to have been kept hours after the reading began was not overtaken by that."""
    store = SourceStore(ledger)
    store.take_in(SITE, (), NOW, READ)
    store.take_in(SITE, [article("Before")], NOW + timedelta(hours=3), READ)
    store.take_in(SITE, [article("After")], NOW + MINUTE, READ)
    assert to_be_drafted(store, "site") == ["After"]


def test_a_delivery_while_the_feed_is_being_read(newsroom: Callable[..., Newsroom]) -> None:
    """The draft stays that of the edit, and the look says that it saw nothing new."""
    room = newsroom('accounts = ["ours-x"]')
    room.look()
    room.show(1)
    room.look()
    url = f"http://news.example:{room.server.port}/feed"

    def feed(connection: socket) -> None:
        room.now += MINUTE
        body = rss([Item(1, "The mill turns again")])
        pushed = read_feed(body, url=url, content_type="application/rss+xml")
        room.rounds.receive(room.rounds.sources["site"], pushed.entries)
        response(rss([Item(1, "The mill turns")]), Content_Type="application/rss+xml")(connection)

    room.answers["/feed"] = feed
    counts = room.look().counts
    assert {kind: number for kind, number in counts.items() if number} == {"known": 1}
    assert room.states()[-1] == "ours-x draft The mill turns again"
