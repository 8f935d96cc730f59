"""Rounds over a real feed on this machine: what becomes of its articles in the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from fetch.clients import fetcher_settings, resolver
from fetch.loopback import redirect, response
from places import STORES

from sources.site_on_loopback import LONG, START, Item, Newsroom
from threadbot.article.reader import load
from threadbot.fetch.client import Fetcher
from threadbot.sources.rounds import Rounds
from threadbot.triggers.entry import Entry
from threadbot.triggers.polling import GONE_TIMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    Open = Callable[..., Newsroom]

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES
BOTH = ["ours-x draft Article {}", "ours-bsky draft Article {}"]


def drafts(*numbers: int) -> list[str]:
    """Give the states of articles of which each account has a draft."""
    return [line.format(number) for number in numbers for line in BOTH]


def test_the_first_sight_posts_nothing_and_what_comes_later_becomes_drafts(newsroom: Open) -> None:
    """Stock is taken of what is there; a new article has a draft for each account."""
    room = newsroom()
    room.show(1, 2, 3)
    assert room.look().counts["passed_over"] == 3
    assert room.states() == []
    room.show(4)
    assert room.look().counts == {
        "new": 1,
        "edited": 0,
        "waiting": 0,
        "passed_over": 0,
        "known": 3,
    }
    assert room.states() == drafts(4)
    thread = room.threads()[1].row.thread
    assert "Report 4 begins." in thread.posts[0].text


def test_with_latest_the_first_sight_lets_one_article_in(newsroom: Open) -> None:
    """It is the newest."""
    room = newsroom('first_run = "latest"')
    room.show(1, 2, 3)
    room.look()
    assert room.states() == drafts(3)


def test_an_edit_makes_drafts_anew_and_posts_nothing(newsroom: Open) -> None:
    """The draft of before is superseded by one that says what the article says now."""
    room = newsroom()
    room.look()
    room.show(4)
    room.look()
    room.show(4, title="Article 4, corrected")
    assert room.look().counts["edited"] == 1
    assert room.states() == [
        "ours-x superseded Article 4",
        "ours-bsky superseded Article 4",
        "ours-x draft Article 4, corrected",
        "ours-bsky draft Article 4, corrected",
    ]
    room.show(5)
    assert room.look().counts["known"] == 1
    assert len(room.states()) == 6


def test_an_article_that_is_renamed_has_its_draft_made_anew(newsroom: Open) -> None:
    """Title, guid and address change at once, as where the guid is made of the title."""
    room = newsroom()
    room.show(3)
    room.look()
    room.show(4)
    room.look()
    room.show(4, title="The mill", guid="the-mill", address="https://enpause.com/the-mill")
    assert room.look().counts["edited"] == 1
    assert room.states() == [
        "ours-x superseded Article 4",
        "ours-bsky superseded Article 4",
        "ours-x draft The mill",
        "ours-bsky draft The mill",
    ]
    assert room.look().counts["edited"] == 0


def test_an_edit_of_what_the_thread_leaves_out_changes_no_draft(newsroom: Open) -> None:
    """A thread that comes out the same is not proposed twice."""
    room = newsroom('accounts = ["ours-x"]')
    room.look()
    room.show(4)
    room.look()
    room.show(4, category="Culture")
    assert room.look().counts["edited"] == 1
    assert room.states() == drafts(4)[:1]


def test_what_was_approved_stays_and_a_new_draft_is_proposed(newsroom: Open) -> None:
    """An approved thread is as it was approved; the edit waits beside it, for its account alone."""
    room = newsroom()
    room.look()
    room.show(4)
    room.look()
    room.ledger.approve(room.threads()[0].row.id, room.now)
    room.show(4, title="Article 4, corrected")
    room.look()
    assert room.states() == [
        "ours-x approved Article 4",
        "ours-bsky superseded Article 4",
        "ours-x draft Article 4, corrected",
        "ours-bsky draft Article 4, corrected",
    ]


def test_once_sending_has_begun_an_edit_proposes_nothing(newsroom: Open) -> None:
    """Each account by itself: what is not out yet is made anew."""
    room = newsroom()
    room.look()
    room.show(4)
    room.look()
    first = room.threads()[0].row.id
    room.ledger.approve(first, room.now)
    room.ledger.begin(first, room.now)
    room.show(4, title="Article 4, corrected")
    room.look()
    assert room.states() == [
        "ours-x sending Article 4",
        "ours-bsky superseded Article 4",
        "ours-bsky draft Article 4, corrected",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "another-guid"},
        {"address": "https://enpause.com/moved/article-4?utm_source=rss"},
    ],
)
def test_a_changed_guid_or_a_moved_address_posts_nothing(
    newsroom: Open, change: dict[str, str]
) -> None:
    """The article is known by what stayed the same."""
    room = newsroom()
    room.look()
    room.show(4)
    room.look()
    room.ledger.approve(room.threads()[0].row.id, room.now)
    before = room.states()
    room.show(4, **change)
    looked = room.look()
    assert looked.counts["new"] == 0
    assert [line for line in room.states() if "draft" not in line][:1] == before[:1]
    assert len({line for line in room.states() if line.startswith("ours-x approved")}) == 1


def test_a_moved_article_takes_the_place_of_its_thread(newsroom: Open) -> None:
    """Of an article that moved after its thread got its slot only one thread goes out."""
    room = newsroom('accounts = ["ours-bsky"]\napproval = "auto"')
    room.look()
    room.show(4)
    room.look()
    room.show(4, address="https://enpause.com/moved/article-4")
    room.look()
    scheduled, draft = room.threads()
    assert (scheduled.row.state, draft.row.state) == ("scheduled", "draft")
    room.ledger.approve(draft.row.id, room.now)
    assert [line.split()[1] for line in room.states()] == ["cancelled", "approved"]


def test_a_moved_article_that_went_out_from_its_new_address_by_hand(newsroom: Open) -> None:
    """Where the new address has a thread of its own already, nothing is proposed."""
    room = newsroom('accounts = ["ours-bsky"]\napproval = "auto"')
    room.look()
    room.show(4)
    room.look()
    (first,) = room.threads()
    address = "https://enpause.com/moved/article-4"
    article = load("<h1>Moved</h1><p>By hand.</p>", known={"url": address})
    number = room.ledger.record_article(article, address, room.now)
    room.ledger.propose(first.row.thread, number, sandbox=False, now=room.now)
    room.show(4, address=address)
    room.look()
    assert len(room.states()) == 2


def test_parts_of_one_page_wait_for_a_person(newsroom: Open) -> None:
    """An article whose address is that of another one of its source is not lost in silence."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    room.show(4, address="https://enpause.com/changelog#v4")
    room.look()
    room.show(5, address="https://enpause.com/changelog#v5")
    room.look()
    (waiting,) = room.rounds.store.report(room.config.sources[0]).waiting
    assert waiting.title == "Article 5"
    assert "its address is that of thread 1" in waiting.reason


def test_an_edit_of_an_article_that_waits_leaves_the_draft_of_another(newsroom: Open) -> None:
    """Of two parts of one page the first keeps its draft; the second waits, as it is now."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    room.show(4, address="https://enpause.com/changelog#v4")
    room.look()
    room.show(5, address="https://enpause.com/changelog#v5")
    room.look()
    room.show(5, title="Article 5, corrected")
    assert room.look().counts["edited"] == 0
    assert room.states() == ["ours-bsky draft Article 4"]
    (waiting,) = room.rounds.store.report(room.config.sources[0]).waiting
    assert waiting.title == "Article 5, corrected"
    room.show(4, title="Article 4, corrected")
    room.look()
    assert room.states() == [
        "ours-bsky superseded Article 4",
        "ours-bsky draft Article 4, corrected",
    ]


def test_an_account_that_came_later_gets_what_waits_without_the_draft_of_another(
    newsroom: Open,
) -> None:
    """An edit of the second part of a page replaces its own draft, not that of the first part."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    room.show(4, address="https://enpause.com/changelog#v4")
    room.look()
    room.reconfigure('accounts = ["ours-x", "ours-bsky"]')
    room.show(5, address="https://enpause.com/changelog#v5")
    room.look()
    room.show(5, title="Article 5, corrected")
    room.look()
    assert room.states() == [
        "ours-bsky draft Article 4",
        "ours-x superseded Article 5",
        "ours-x draft Article 5, corrected",
    ]


def test_an_entry_that_leaves_and_returns_posts_nothing(newsroom: Open) -> None:
    """A feed that shrinks to nothing and comes back is known."""
    room = newsroom()
    room.show(1)
    room.look()
    room.show(2, 3)
    room.look()
    items = dict(room.items)
    room.items.clear()
    room.look()
    room.items |= items
    assert room.look().counts["known"] == 3
    assert room.states() == drafts(2, 3)


def test_after_an_outage_there_is_no_flood(newsroom: Open) -> None:
    """The caps let the newest in; the others wait for a person, who may let them in."""
    room = newsroom()
    room.look()
    room.reconfigure("max_per_day = 2")
    room.show(*range(10, 20))
    looked = room.look(after=timedelta(days=3))
    assert (looked.counts["new"], looked.counts["waiting"]) == (2, 8)
    assert room.states() == drafts(18, 19)
    waiting = room.rounds.store.report(room.config.sources[0]).waiting
    assert [one.title for one in waiting] == [f"Article {number}" for number in range(17, 9, -1)]
    room.rounds.store.let_in(waiting[0].id, room.rounds.sources, room.now)
    room.rounds.carry_out()
    assert room.states() == drafts(18, 19, 17)


def test_what_needs_nobody_goes_into_the_next_free_slot(newsroom: Open) -> None:
    """With `approval = "auto"` both networks get the same slot, and the next article the next."""
    room = newsroom('approval = "auto"')
    room.look()
    room.show(4)
    room.look()
    room.show(5)
    room.look()
    assert [line.split()[1] for line in room.states()] == ["scheduled"] * 4
    due = [one.row.due_at for one in room.threads()]
    assert [f"{moment:%H:%M}" for moment in due if moment] == ["12:15", "12:15", "18:00", "18:00"]


CAREFUL = '[accounts.careful]\nnetwork = "bluesky"\napproval = "required"\n'


def test_an_account_may_ask_for_a_person_all_the_same(newsroom: Open) -> None:
    """Its threads stay drafts, while those of the others go into their slots."""
    room = newsroom('approval = "auto"', CAREFUL)
    room.look()
    room.show(4)
    room.look()
    assert sorted(room.states()) == [
        "careful draft Article 4",
        "ours-bsky scheduled Article 4",
        "ours-x scheduled Article 4",
    ]


def test_at_once_means_at_once(newsroom: Open) -> None:
    """With `schedule = "now"` the threads are approved, and due."""
    room = newsroom('approval = "auto"\nschedule = "now"')
    room.look()
    room.show(4)
    room.look()
    assert [line.split()[1] for line in room.states()] == ["approved"] * 2
    assert len(room.ledger.due(room.now, 10)) == 2


@pytest.mark.parametrize(
    ("closed", "opens"),
    [
        ('quiet = ["22:00-09:30"]', START + timedelta(hours=1.5)),
        ('blackout = ["2026-11-24"]', START + timedelta(hours=16)),
    ],
)
def test_at_once_waits_for_the_timetable_to_open(
    newsroom: Open, closed: str, opens: datetime
) -> None:
    """Nobody wanted them out in quiet hours or on a blackout date: they are due when it is over."""
    room = newsroom('approval = "auto"\nschedule = "now"', f"[schedule]\ndaily = []\n{closed}")
    room.look()
    room.show(4)
    room.look()
    assert [line.split()[1] for line in room.states()] == ["scheduled"] * 2
    assert [one.row.due_at for one in room.threads()] == [opens] * 2
    assert room.ledger.due(opens - timedelta(minutes=1), 10) == ()
    assert len(room.ledger.due(opens, 10)) == 2


def test_an_edit_of_what_went_into_a_slot_waits_for_a_person(newsroom: Open) -> None:
    """What was approved by itself is approved: the edit is only proposed."""
    room = newsroom('approval = "auto"')
    room.look()
    room.show(4)
    room.look()
    room.show(4, title="Article 4, corrected")
    room.look()
    assert [line.split()[1] for line in room.states()] == ["scheduled"] * 2 + ["draft"] * 2


SECOND = '[[source]]\nname = "again"\nkind = "feed"\nurl = "http://news.example:{port}/feed"\n'


def test_an_article_that_comes_from_two_sources_is_proposed_once(newsroom: Open) -> None:
    """Whichever is first proposes it; an account never gets two threads of one article."""
    room = newsroom()
    room.sections = SECOND.format(port=room.server.port)
    room.reconfigure("")
    room.look()
    room.look("again")
    room.show(4)
    room.look()
    assert room.look("again").counts["new"] == 1
    assert room.states() == drafts(4)


def test_an_article_that_has_a_thread_already_is_said_to(newsroom: Open) -> None:
    """An entry of which no draft is made, as its article has one, is not passed over in silence."""
    room = newsroom()
    ours = 'accounts = ["ours-bsky"]'
    room.sections = f"{SECOND.format(port=room.server.port)}{ours}\n"
    room.reconfigure(ours)
    room.look()
    room.look("again")
    room.show(4)
    room.look()
    room.now += timedelta(minutes=20)
    room.rounds.look(room.rounds.sources["again"])
    (carried,) = room.rounds.carry_out()
    assert carried.drafts == ()
    assert carried.problem == "its article is already thread 1"


@pytest.mark.parametrize(
    ("approval", "said"),
    [
        ("required", "site: “Article 4” became drafts 1, 2"),
        ("auto", "site: “Article 4” became threads 1, 2, which nobody need approve"),
    ],
)
def test_the_log_says_whether_somebody_has_to_decide(
    newsroom: Open, caplog: pytest.LogCaptureFixture, approval: str, said: str
) -> None:
    """Only what waits for approval is called a draft."""
    caplog.set_level("INFO")
    room = newsroom(f'approval = "{approval}"')
    room.look()
    room.show(4)
    room.look()
    assert said in caplog.messages


def test_a_short_entry_is_read_from_its_page_if_robots_let_us(newsroom: Open) -> None:
    """The page of the feed's own host needs no robots.txt; the text is the page's."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    body = f"<h1>The mill</h1><p>{LONG * 3}</p><h2>The flood</h2><p>{LONG * 3}</p>"
    page = f"<html><body><article>{body}</article></body></html>"
    room.answers["/mill"] = response(page.encode(), Content_Type="text/html")
    address = f"http://news.example:{room.server.port}/mill"
    room.show(4, content="<p>The mill. […]</p>", address=address)
    room.look()
    (made,) = room.threads()
    assert "The flood" in "".join(post.text for post in made.row.thread.posts)
    assert not any("robots" in request for request in room.server.requests)


CANONICALS = {
    "the same page": ("http://news.example:{port}/mill", "the page's"),
    "the same page, in a secure place": ("https://www.news.example:{port}/mill/", "the page's"),
    "another site": ("https://elsewhere.example/mill", "the feed's"),
    "the front page": ("http://news.example:{port}/", "the feed's"),
    "another page": ("http://news.example:{port}/blog/", "the feed's"),
    "another article by number": ("http://news.example:{port}/mill?id=8", "the feed's"),
    "nothing": ("", "the feed's"),
}


@pytest.mark.parametrize(("stated", "linked"), CANONICALS.values(), ids=CANONICALS)
def test_a_canonical_address_is_linked_only_if_it_is_the_same_pages(
    newsroom: Open, stated: str, linked: str
) -> None:
    """The feed's address is known; its page may write it better, but leads readers nowhere else."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    port = room.server.port
    canonical, address = stated.format(port=port), f"http://news.example:{port}/mill?source=rss"
    head = f"<link rel=canonical href='{canonical}'><meta property=og:url content='{canonical}'>"
    body = f"<article><h1>The mill</h1><p>{LONG * 6}</p></article>"
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    room.answers["/mill"] = response(page.encode(), Content_Type="text/html")
    room.show(4, content="<p>The mill. […]</p>", address=address)
    room.look()
    (made,) = room.threads()
    spans = [span for post in made.row.thread.posts for span in post.spans]
    links = {span.value for span in spans if span.kind == "link"}
    assert links == {{"the page's": canonical, "the feed's": address}[linked]}


def test_a_page_that_redirects_to_a_site_that_wants_no_robots_is_not_read(newsroom: Open) -> None:
    """The robots.txt of the other host is asked before its page, which is left alone."""
    room = newsroom(
        'accounts = ["ours-bsky"]',
        sections='[[source]]\nname = "hook"\nkind = "webhook"\nsender = "ghost"\nsecret = "hook"',
    )
    port, hook = room.server.port, room.rounds.sources["hook"]
    room.answers["/moved"] = redirect(f"http://127.0.0.1:{port}/mill")
    room.answers["/mill"] = response(b"<h1>The mill</h1>", Content_Type="text/html")
    room.answers["/robots.txt"] = response(b"User-agent: *\nDisallow: /\n")
    address = f"http://news.example:{port}/moved"
    room.rounds.receive(hook, [Entry(address=address, title="The mill", published=room.now)])
    room.rounds.carry_out()
    assert room.states() == []
    (trouble,) = room.rounds.store.report(hook).troubles
    assert "the robots.txt of its site asks robots not to" in trouble
    assert not any(head.startswith("GET /mill ") for head in room.server.requests)


def with_pages_that_fail(room: Newsroom) -> Rounds:
    """Let two articles in that need a page which cannot be had, and then one that needs none."""
    room.look()
    for number in (4, 5):
        room.answers[f"/{number}"] = response(b"", "503 Service Unavailable")
        room.show(
            number, content="Short.", address=f"http://news.example:{room.server.port}/{number}"
        )
    room.show(6)
    room.now += timedelta(minutes=20)
    room.rounds.look(room.rounds.sources["site"])
    return room.rounds


def test_what_needs_no_page_is_made_first(newsroom: Open) -> None:
    """Articles that wait for the server of their page keep no others waiting."""
    done = with_pages_that_fail(newsroom()).carry_out()
    assert [one.title for one in done] == ["Article 6", "Article 4", "Article 5"]


def test_a_page_that_cannot_be_had_is_tried_again(newsroom: Open) -> None:
    """What fails is reported, pauses, and becomes a draft as soon as it can."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    address = f"http://news.example:{room.server.port}/mill"
    room.answers["/mill"] = response(b"", "503 Service Unavailable")
    room.show(4, content="<p>The mill. […]</p>", address=address)
    room.look()
    assert room.states() == []
    (trouble,) = room.rounds.store.report(room.config.sources[0]).troubles
    assert "out of order (HTTP 503)" in trouble
    body = f"<html><body><article><h1>The mill</h1><p>{LONG * 6}</p></article></body></html>"
    room.answers["/mill"] = response(body.encode(), Content_Type="text/html")
    assert room.rounds.carry_out() == ()
    room.now += timedelta(minutes=2)
    room.rounds.carry_out()
    assert room.states() == ["ours-bsky draft Article 4"]


def test_link_parameters_are_appended_to_the_link_alone(newsroom: Open) -> None:
    """The thread's link has them; what the article is known by does not."""
    room = newsroom('link_parameters = "utm_source={network}"')
    room.look()
    room.show(4)
    room.look()
    links = [
        span.value
        for one in room.threads()
        for post in one.row.thread.posts
        for span in post.spans
        if span.kind == "link"
    ]
    assert "https://enpause.com/article-4?utm_source=x" in links
    assert "https://enpause.com/article-4?utm_source=bluesky" in links


HOSTILE = {
    "bomb": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><rss>&b;</rss>",
    "page": b"<html><body>Not a feed</body></html>",
    "nothing": b"",
    "zeros": b"\x00" * 1000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_feed_leaves_the_others_unharmed(newsroom: Open, body: bytes) -> None:
    """It is told with one line, asked again later, and the other source goes on."""
    bad = '[[source]]\nname = "bad"\nkind = "feed"\nurl = "{}"'
    room = newsroom(sections=bad.format("http://news.example:1/bad"))
    room.sections = bad.format(f"http://news.example:{room.server.port}/bad")
    room.reconfigure("")
    room.answers["/bad"] = response(body, Content_Type="application/rss+xml")
    room.look()
    room.show(4)
    looked = room.look("bad")
    assert looked.problem is not None
    assert "\n" not in looked.problem
    room.look()
    assert room.states() == drafts(4)
    report = room.rounds.store.report(room.config.sources[1])
    assert report.poll is not None
    assert report.poll.failures == 1
    assert report.poll.error == looked.problem


def test_a_feed_that_was_called_gone_comes_back_by_hand(newsroom: Open) -> None:
    """Once that is believed it is never due; a look at it brings it back, with what came since."""
    room = newsroom()
    room.look()
    feed = room.answers["/feed"]
    room.answers["/feed"] = response(b"", "410 Gone")
    for _ in range(GONE_TIMES):
        room.look(after=timedelta(days=1))
    assert room.rounds.store.due(room.rounds.sources, room.now + timedelta(days=99), 1) == ()
    problem = room.rounds.store.report(room.config.sources[0]).poll
    assert problem is not None
    assert "'threadbot poll NAME'" in str(problem.error)
    room.answers["/feed"] = feed
    room.items[4] = Item(4, dated=False)
    room.look()
    assert room.states() == []
    room.items[5] = Item(5, dated=False)
    room.look()
    assert room.states() == drafts(5)
    assert room.rounds.store.due(room.rounds.sources, room.now + timedelta(days=1), 1) == ("site",)


def test_a_fault_of_ours_is_a_failure_of_its_source_alone(newsroom: Open) -> None:
    """It is told, the source is asked less and less, and the others go on."""
    room = newsroom(
        sections='[[source]]\nname = "cursed"\nkind = "feed"\nurl = "http://cursed.example/feed"'
    )

    def resolve(host: str, seconds: float) -> Sequence[str]:
        if host == "cursed.example":
            message = "nobody\nexpected this"
            raise ZeroDivisionError(message)
        return resolver(host, seconds)

    client = Fetcher(fetcher_settings(room.server), resolver=resolve)
    room.rounds = Rounds(room.config, room.ledger, client=client, now=lambda: room.now)
    pauses = []
    for failures in (1, 2, 3):
        looked = room.look("cursed", timedelta(hours=2))
        assert looked.problem is not None
        assert "a fault of ours (ZeroDivisionError: nobody expected this)" in looked.problem
        poll = room.rounds.store.report(room.rounds.sources["cursed"]).poll
        assert poll is not None
        assert (poll.failures, poll.error) == (failures, looked.problem)
        assert poll.next_at is not None
        pauses.append(poll.next_at - room.now)
    assert timedelta(minutes=12) <= pauses[0] <= timedelta(minutes=15)
    assert pauses[0] < pauses[1] < pauses[2]
    room.look()
    room.show(500)
    room.look()
    assert room.states() == drafts(500)


def test_a_source_that_is_configured_no_more_holds_nobody_up(newsroom: Open) -> None:
    """What is due of it, and what was to be done with its entries, is left where it is."""
    room = newsroom()
    room.sections = SECOND.format(port=room.server.port)
    room.reconfigure("")
    room.look("again")
    room.show(4)
    room.now += timedelta(minutes=20)
    room.rounds.look(room.rounds.sources["again"])
    room.sections = ""
    room.reconfigure("")
    room.now += timedelta(days=1)
    room.rounds.store.row(room.config.sources[0], room.now)
    assert room.rounds.store.due(room.rounds.sources, room.now, 1) == ("site",)
    assert room.rounds.carry_out() == ()
    assert room.states() == []
