"""Workers on one server of which one serves the sandbox alone."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from fetch.clients import fetcher
from fetch.loopback import LoopbackServer, response
from places import empty_server_ledger

from sources.serving import ACCOUNT, FEED, titles, until
from sources.site_on_loopback import Item, rss
from threadbot.config import load_config
from threadbot.delivery.ledger import open_ledger
from threadbot.sources.running import running_sources

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.sources.running import RunningSources

TRIAL = FEED.replace('"site"', '"trial"')
#: Of each article the sandbox gets one for each of its two networks, and the one account one.
DRAFTS = 3


class Publication:
    """Two feeds of one site, of which one is on trial, and a ledger on a server.

    Args:
        folder: where the configuration is.
    """

    def __init__(self, folder: Path) -> None:
        self.items = [Item(1, dated=False)]
        self.ledger_url = empty_server_ledger()
        self.site = LoopbackServer({"/feed": self._feed})
        more = 'max_per_day = "none"\nmax_backlog = "none"'
        real = FEED.format(port=self.site.port, more=more)
        trial = TRIAL.format(port=self.site.port, more=f"{more}\nsandbox = true")
        (folder / "config.toml").write_text(ACCOUNT + real + trial, "utf-8")
        self.config: Config = load_config(folder / "config.toml", {}, folder)

    def _feed(self, connection: socket.socket) -> None:
        response(rss(self.items), Content_Type="application/rss+xml")(connection)

    @contextmanager
    def worker(self, *, sandbox: bool) -> Iterator[tuple[RunningSources, Ledger]]:
        """Serve its sources, by a session of its own."""
        client = fetcher(self.site)
        with (
            open_ledger(self.ledger_url) as ledger,
            running_sources(self.config, ledger, sandbox=sandbox, client=client) as running,
        ):
            yield running, ledger

    @staticmethod
    def ask(running: RunningSources) -> None:
        """Let all feeds be asked at once."""
        for name in running.rounds.sources:
            running.rounds.store.ask_now(name, datetime.now(UTC))


@pytest.fixture
def publication(tmp_path: Path) -> Iterator[Publication]:
    """Give a publication; its site is taken down afterwards."""
    given = Publication(tmp_path)
    yield given
    given.site.close()


def is_seen(running: RunningSources) -> bool:
    """Tell whether stock was taken of all sources that a worker serves."""
    report = running.rounds.store.report
    return all(report(one).first_seen is not None for one in running.rounds.sources.values())


def test_a_worker_for_the_sandbox_keeps_no_real_source_from_being_served(
    publication: Publication,
) -> None:
    """Though it began first, the other worker asks its feeds and makes drafts."""
    with ExitStack() as stack:
        trial, _ = stack.enter_context(publication.worker(sandbox=True))
        until(lambda: is_seen(trial))
        real, ledger = stack.enter_context(publication.worker(sandbox=False))
        until(lambda: is_seen(real))
        publication.items.append(Item(2, dated=False))
        publication.ask(real)
        until(lambda: any(not one.row.sandbox for one in ledger.history()))


def test_two_workers_that_serve_a_source_on_trial_make_one_draft_of_each_article(
    publication: Publication,
) -> None:
    """Both ask its feed whenever it is due; what one let in the other knows."""
    with ExitStack() as stack:
        stack.enter_context(publication.worker(sandbox=True))
        real, ledger = stack.enter_context(publication.worker(sandbox=False))
        until(lambda: is_seen(real))
        for number in range(2, 8):
            publication.items.append(Item(number, dated=False))
            publication.ask(real)
            until(lambda: len(titles(ledger)) >= DRAFTS * (len(publication.items) - 1))
    with open_ledger(publication.ledger_url) as ledger:
        expected = DRAFTS * [f"draft Article {number}" for number in range(2, 8)]
        assert sorted(titles(ledger)) == sorted(expected)
