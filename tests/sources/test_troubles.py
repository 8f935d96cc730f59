"""What needs a person is shown with its source for as long as there is something to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from fetch.loopback import response
from places import STORES
from sqlalchemy import select, update

from sources.site_on_loopback import LONG
from threadbot.article.reader import load
from threadbot.delivery.tables import entries, threads
from threadbot.triggers.drafts import LONGEST_PAUSE, MOST_TRIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.site_on_loopback import Newsroom

    Open = Callable[..., Newsroom]

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES


def troubles(room: Newsroom, number: int = 0) -> tuple[str, ...]:
    """Give what a source's report tells of."""
    return room.rounds.store.report(room.config.sources[number]).troubles


def with_an_edit_that_was_given_up(room: Newsroom) -> str:
    """Make a draft, edit its article so that its page is needed, and try that until no more."""
    room.look()
    room.show(4)
    room.look()
    room.answers["/mill"] = response(b"", "503 Service Unavailable")
    address = f"http://news.example:{room.server.port}/mill"
    room.show(4, content="<p>The mill. […]</p>", address=address)
    assert room.look().counts["edited"] == 1
    for _ in range(MOST_TRIES):
        room.now += LONGEST_PAUSE
        room.rounds.carry_out()
    return address


def test_an_edit_that_was_given_up_is_told_until_its_thread_is_done_with(newsroom: Open) -> None:
    """Its line says which thread stays as it was, and what to do; once that is out, nothing."""
    room = newsroom('accounts = ["ours-bsky"]')
    with_an_edit_that_was_given_up(room)
    assert room.rounds.carry_out() == ()
    (trouble,) = troubles(room)
    assert trouble.startswith("Article 4: ")
    assert "out of order (HTTP 503)" in trouble
    assert "; thread 1 stays as it was before the edit: " in trouble
    assert "`threadbot poll --let-in 1` tries once more" in trouble
    room.ledger.reject("1", room.now)
    assert troubles(room) == ()


def test_an_edit_that_was_given_up_is_tried_again_when_a_person_says_so(newsroom: Open) -> None:
    """By then the page may be there again: the draft becomes what the article is now."""
    room = newsroom('accounts = ["ours-bsky"]')
    with_an_edit_that_was_given_up(room)
    body = f"<html><body><article><h1>The mill</h1><p>{LONG * 6}</p></article></body></html>"
    room.answers["/mill"] = response(body.encode(), Content_Type="text/html")
    assert room.rounds.store.let_in(1, {"site"}, room.now) == "site"
    (carried,) = room.rounds.carry_out()
    assert carried.drafts == ("2",)
    assert troubles(room) == ()
    assert room.states() == ["ours-bsky superseded Article 4", "ours-bsky draft Article 4"]


def test_a_second_edit_ends_the_trouble_of_the_first(newsroom: Open) -> None:
    """What is edited again is tried anew."""
    room = newsroom('accounts = ["ours-bsky"]')
    with_an_edit_that_was_given_up(room)
    room.show(4, content=f"<p>Mended. {LONG * 10}</p>")
    assert room.look().counts["edited"] == 1
    assert troubles(room) == ()


def test_drafts_that_could_not_be_approved_are_told_until_somebody_decides(newsroom: Open) -> None:
    """A timetable without a free slot leaves the draft to a person, whose decision ends it."""
    closed = '[schedule]\ndaily = ["08:00"]\nblackout = ["2026-01-01..2099-12-31"]\n'
    room = newsroom('accounts = ["ours-bsky"]\napproval = "auto"\nschedule = "next-slot"', closed)
    room.look()
    room.show(4)
    room.look()
    (trouble,) = troubles(room)
    assert trouble.startswith("Article 4: the timetable has no slot")
    assert trouble.endswith(
        "`threadbot queue approve 1` lets it out, `threadbot queue reject 1` drops it"
    )
    room.ledger.reject("1", room.now)
    assert troubles(room) == ()


NOT_LINKED = "http://127.0.0.1:8899/mill"


@pytest.mark.parametrize(
    ("approval", "state"), [("required", "draft"), ("auto", "scheduled")], ids=["asked", "auto"]
)
def test_an_address_that_x_does_not_link_keeps_no_other_network_waiting(
    newsroom: Open, approval: str, state: str
) -> None:
    """Bluesky has its thread; why X has none is told once, until somebody has it tried again."""
    room = newsroom(f'approval = "{approval}"')
    room.look()
    room.show(4, address=NOT_LINKED)
    room.rounds.look(room.rounds.sources["site"])
    (carried,) = room.rounds.carry_out()
    assert carried.drafts == ("1",)
    assert room.states() == [f"ours-bsky {state} Article 4"]
    (trouble,) = troubles(room)
    assert trouble == f"Article 4: {carried.problem}"
    assert trouble.startswith("Article 4: ours-x gets no thread: X would not link ")
    assert "`threadbot poll --let-in 1` tries once more when the article or the conf" in trouble
    for _ in range(3):
        room.rounds.carrier.try_now(["site"])
        room.now += LONGEST_PAUSE
        assert room.rounds.carry_out() == ()
        assert troubles(room) == (trouble,)
    room.rounds.store.let_in(1, {"site"}, room.now)
    (again,) = room.rounds.carry_out()
    assert f"Article 4: {again.problem}" == trouble
    assert len(room.states()) == 1


def test_an_account_that_got_no_thread_gets_it_once_that_can_be_made(newsroom: Open) -> None:
    """An edit that mends the address makes it; the other account's draft takes it over."""
    room = newsroom()
    room.look()
    room.show(4, address=NOT_LINKED)
    room.look()
    room.show(4, address="https://enpause.com/article-4", text="It moved.")
    assert room.look().counts["edited"] == 1
    assert troubles(room) == ()
    assert sorted(room.states()) == [
        "ours-bsky draft Article 4",
        "ours-bsky superseded Article 4",
        "ours-x draft Article 4",
    ]


def test_an_account_gets_its_thread_beside_the_one_that_is_out(newsroom: Open) -> None:
    """What is out stays the only one, though the article has another address by then."""
    room = newsroom()
    room.look()
    room.show(4, address=NOT_LINKED)
    room.look()
    room.ledger.approve("1", room.now)
    room.ledger.begin("1", room.now)
    with room.ledger.writing() as connection:
        text = connection.execute(select(entries.c.entry)).scalar_one()
        mended = text.replace(NOT_LINKED, "https://enpause.com/article-4")
        connection.execute(update(entries).values(entry=mended))
    room.rounds.store.let_in(1, {"site"}, room.now)
    (carried,) = room.rounds.carry_out()
    assert (carried.drafts, carried.problem) == (("2",), None)
    assert room.states() == ["ours-bsky sending Article 4", "ours-x draft Article 4"]


def test_a_thread_that_was_published_by_hand_is_the_only_one_of_its_account(newsroom: Open) -> None:
    """Who gave the article another address for X gets no second thread when it is mended so."""
    room = newsroom()
    room.look()
    room.show(4, address=NOT_LINKED)
    room.look()
    (bluesky,) = room.threads()
    address = "https://enpause.com/article-4"
    article = load("<h1>Article 4</h1><p>By hand.</p>", known={"url": address})
    number = room.ledger.record_article(article, address, room.now)
    by_hand = replace(bluesky.row.thread, account="ours-x", network="x")
    room.ledger.propose(by_hand, number, sandbox=False, now=room.now)
    room.show(4, address=address)
    room.look()
    assert [one.row.account for one in room.threads()].count("ours-x") == 1


def test_what_no_account_can_post_waits_at_once(newsroom: Open) -> None:
    """It is not tried in vain for hours, and has a number to let it in by."""
    room = newsroom('accounts = ["ours-x"]')
    room.look()
    room.show(4, address=NOT_LINKED)
    room.rounds.look(room.rounds.sources["site"])
    (carried,) = room.rounds.carry_out()
    assert carried.waits == 1
    (waiting,) = room.rounds.store.report(room.config.sources[0]).waiting
    assert waiting.id == 1
    assert waiting.reason.startswith(f"X would not link {NOT_LINKED}: its domain is none that X kn")


def test_a_draft_that_fails_to_be_approved_again_and_again_is_left_to_a_person(
    newsroom: Open,
) -> None:
    """It counts for no backlog any more, and its line says why and what to do."""
    room = newsroom('accounts = ["ours-bsky"]\napproval = "auto"')
    room.look()
    room.show(4)
    room.rounds.look(room.rounds.sources["site"])
    (work,) = room.rounds.store.work({"site"}, room.now, 1)
    room.rounds.carry_out()
    again = {"work": "approve", "entry": work.stored, "try_at": room.now}
    with room.ledger.writing() as connection:
        connection.execute(update(threads).values(content_hash="0" * 64, state="draft"))
        connection.execute(update(entries).values(again))
    for _ in range(MOST_TRIES):
        assert troubles(room) == () or "queue" not in troubles(room)[0]
        room.rounds.carry_out()
        room.now += LONGEST_PAUSE
    assert room.rounds.carry_out() == ()
    (trouble,) = troubles(room)
    assert "thread 1 in the ledger is not what was approved" in trouble
    assert "`threadbot queue reject 1` drops it" in trouble


def test_an_article_that_is_a_draft_already_is_told_while_that_waits(newsroom: Open) -> None:
    """Its source makes no draft of it: somebody has to decide on the one that is there."""
    ours = 'accounts = ["ours-bsky"]'
    room = newsroom(ours)
    room.sections = '[[source]]\nname = "again"\nkind = "feed"\n'
    room.sections += f'url = "http://news.example:{room.server.port}/feed"\n{ours}\n'
    room.reconfigure(ours)
    room.look()
    room.look("again")
    room.show(4)
    room.look()
    room.look("again")
    assert troubles(room) == ()
    (trouble,) = troubles(room, 1)
    assert trouble.startswith("Article 4: its article is already thread 1; `threadbot queue appro")
    room.ledger.approve("1", room.now + timedelta(minutes=1))
    assert troubles(room, 1) == ()
