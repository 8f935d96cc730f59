"""Hubs for as long as a worker runs: those that feeds name are asked to tell of news.

Owns which hub is asked when, at each host one request at a time, in threads of its own: a hub that
never answers delays no feed and no other hub. What becomes of a subscription `websub` says.
"""

from __future__ import annotations

import logging
import secrets
from functools import partial
from typing import TYPE_CHECKING, Final

from threadbot.errors import FetchError
from threadbot.fetch.client import Request
from threadbot.fetch.settings import Reach
from threadbot.sources.lanes import Lanes, guarded, host_of
from threadbot.triggers.websub import Discovery, after_asking, after_failure, form, subscribe

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadbot.sources.rounds import Rounds
    from threadbot.triggers.settings import Source
    from threadbot.triggers.websub import Subscription

#: Hubs that are asked at the same time.
HUBS: Final = 4

_log: Final = logging.getLogger(__name__)


class Hubs:
    """Asks hubs.

    Args:
        rounds: the sources, and what they stand on.
        callback_url: where hubs reach us; None where none can.
        wake: called when a subscription is planned.
        pause: waits after a fault of ours.
    """

    def __init__(
        self,
        rounds: Rounds,
        callback_url: str | None,
        wake: Callable[[], None],
        pause: Callable[[], None],
    ) -> None:
        self._rounds = rounds
        self._callback_url = callback_url
        self._wake = wake
        self._pause = pause
        self._lanes: Lanes[str] = Lanes("hub", HUBS)

    def follow(self, source: Source, discovery: Discovery | None) -> None:
        """Plan a subscription to the hub that a feed names, unless there is one.

        Args:
            source: the feed.
            discovery: the hub; None where the feed said nothing of one.

        Raises:
            LedgerError: that cannot be stored.
        """
        if self._callback_url is None:
            return
        known = self._rounds.subscriptions.of_source(source.name)
        if discovery is None:
            if known is None:
                return
            # A feed without news names no hub: our address may have changed all the same.
            discovery = Discovery(known.hub, known.topic)
        ours = f"{self._callback_url}/websub/"
        # A callback under another address of ours is one that nothing comes to any more.
        reached = known if known and known.callback.startswith(ours) else None
        if reached and Discovery(reached.hub, reached.topic) == discovery:
            return
        token = secrets.token_urlsafe(24)
        now = self._rounds.now()
        planned = subscribe(discovery, f"{ours}{token}", secrets.token_urlsafe(32), now)
        self._rounds.subscriptions.begin(source.name, token, planned)
        self._wake()

    def ask(self) -> None:
        """Let all hubs be asked whose time has come.

        Raises:
            LedgerError: that cannot be read.
        """
        if self._callback_url is None:
            return
        due = self._rounds.subscriptions.due(self._rounds.sources, self._rounds.now())
        for name, hub in due:
            asking = guarded(f"the hub of {name}", partial(self._ask, name), self._pause)
            self._lanes.put(host_of(hub), name, asking)

    def close(self) -> None:
        """Ask nobody more, and wait for those that are being asked."""
        self._lanes.close()

    def _ask(self, name: str) -> None:
        subscription = self._rounds.subscriptions.of_source(name)
        if subscription is None or subscription.ask_at > self._rounds.now():
            return
        asked = Request("*/*", form=form(subscription))
        reach = Reach(home=self._rounds.sources[name].url)
        try:
            status = self._rounds.client.send(subscription.hub, asked, reach=reach).status
        except FetchError as error:
            reason, now = f"its hub cannot be asked: {error}", self._rounds.now()
            _log.warning("%s: %s", name, reason)
            self._remember(name, subscription, lambda one: after_failure(one, reason, now))
        else:
            now = self._rounds.now()
            self._remember(name, subscription, lambda one: after_asking(one, status, now))

    def _remember(
        self, name: str, asked: Subscription, after: Callable[[Subscription], Subscription]
    ) -> None:
        """Store what came of asking, unless another subscription took its place meanwhile."""
        self._rounds.subscriptions.change(
            name, lambda one: after(one) if one.callback == asked.callback else one
        )
