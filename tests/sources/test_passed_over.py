"""What is passed over after the first sight of a source is told, with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fetch.loopback import LoopbackServer, response
from places import STORES

from sources.serving import FEED, serving, until
from sources.site_on_loopback import Item, rss

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from sources.site_on_loopback import Newsroom
    from threadbot.delivery.ledger import Ledger
    from threadbot.triggers.source_report import PassedOver

    Open = Callable[..., Newsroom]

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES


def passed_over(room: Newsroom) -> PassedOver | None:
    """Give what the report of the source tells of."""
    return room.rounds.store.report(room.config.sources[0]).passed_over


def test_the_report_names_what_was_passed_over_last(newsroom: Open) -> None:
    """The stock of the first sight is none of it, nor is what was let in."""
    room = newsroom('not_categories = ["Sport"]')
    room.show(1, 2)
    room.look()
    assert passed_over(room) is None
    room.show(3, category="Sport")
    room.look()
    told = passed_over(room)
    assert told is not None
    assert (told.title, told.at) == ("Article 3", room.now)
    assert "Sport" in told.reason
    room.show(4)
    room.look()
    assert passed_over(room) == told
    room.show(5, category="Sport")
    room.look()
    again = passed_over(room)
    assert again is not None
    assert again.title == "Article 5"


def test_an_article_that_is_a_thread_already_is_told(newsroom: Open) -> None:
    """Once nobody has to decide on that thread any more, the entry is one that was passed over."""
    ours = 'accounts = ["ours-bsky"]'
    room = newsroom(ours)
    room.sections = '[[source]]\nname = "again"\nkind = "feed"\n'
    room.sections += f'url = "http://news.example:{room.server.port}/feed"\n{ours}\n'
    room.reconfigure(ours)
    room.look()
    room.look("again")
    room.show(4)
    room.look()
    room.ledger.approve("1", room.now)
    room.look("again")
    report = room.rounds.store.report(room.config.sources[1])
    assert report.troubles == ()
    assert report.passed_over is not None
    assert report.passed_over.title == "Article 4"
    assert report.passed_over.reason == "its article is already thread 1"
    assert passed_over(room) is None


def test_the_log_names_all_that_is_passed_over(
    tmp_path: Path, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    """Two older articles come up at the end of a feed without dates: each has its line."""
    caplog.set_level("INFO")
    shown = [Item(9, dated=False)]

    def feed(connection: socket.socket) -> None:
        response(rss(shown), Content_Type="application/rss+xml")(connection)

    site = LoopbackServer({"/feed": feed})
    with serving(tmp_path, ledger, FEED.format(port=site.port, more=""), site) as (rounds, _):
        report = rounds.store.report
        until(lambda: report(rounds.sources["site"]).first_seen is not None)
        shown += [Item(8, dated=False), Item(7, dated=False)]
        rounds.store.ask_now("site", datetime.now(UTC))
        until(lambda: "“Article 8” is passed over: it does not say when" in caplog.text)
    site.close()
    assert "“Article 7” is passed over: it does not say when" in caplog.text
    assert "“Article 9”" not in caplog.text
