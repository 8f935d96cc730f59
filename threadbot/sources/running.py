"""Sources for as long as a worker runs: feeds asked when due, folders watched, hubs subscribed to.

Owns the threads of this, and that what fails in one of them stops no other. A round itself is
`rounds`; what comes by webhook, `web` hands over.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from threadbot.errors import FetchError, LedgerError, SourceError, ThreadbotError
from threadbot.fetch.client import Request
from threadbot.sources.rounds import Rounds
from threadbot.triggers.folder import watch_folder
from threadbot.triggers.websub import Discovery, after_asking, after_failure, form, subscribe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.fetch.client import Fetcher
    from threadbot.sources.rounds import Looked
    from threadbot.triggers.settings import Source
    from threadbot.triggers.websub import Subscription

#: Feeds that are asked at the same time: most of the time goes by in waiting for their servers.
AT_ONCE: Final = 16
#: Seconds between two looks for what is due.
TICK: Final = 0.5
#: Seconds after which something is tried again that failed for a reason of ours.
AWAY: Final = 5.0
#: Seconds after which a folder is looked for again that was not there.
FOLDER_AWAY: Final = 60.0
#: Hubs that are asked in one go.
_HUBS: Final = 20

_log: Final = logging.getLogger(__name__)


class RunningSources:
    """The sources of a running worker.

    Args:
        config: the configuration.
        ledger: open; may be used by several threads.
        sandbox: whether only sources are served whose threads go to the sandbox.
        client: fetches; None for the guarded client as configured.
    """

    def __init__(
        self,
        config: Config,
        ledger: Ledger,
        *,
        sandbox: bool = False,
        client: Fetcher | None = None,
    ) -> None:
        chosen = [source for source in config.sources if source.sandbox or not sandbox]
        self.rounds = Rounds(config, ledger, chosen, client=client)
        self._ledger = ledger
        self._callback_url = config.webhooks.callback_url
        self._stop = threading.Event()
        self._news = threading.Event()
        self._due = threading.Event()
        self._asking: set[str] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; every source that is new to the ledger gets its row first."""
        sources = self.rounds.sources.values()
        self.rounds.store.begin(sources, self.rounds.now())
        if sources:
            self._begin("drafts", self._by_one("drafts", self._carry_out))
        if any(source.kind == "feed" for source in sources):
            self._begin("feeds", self._by_one("feeds", self._ask_feeds))
        for source in sources:
            if source.kind == "folder" and source.path is not None:
                self._begin(f"folder {source.name}", self._watching(source, source.path))

    def stop(self) -> None:
        """End, and wait until everything came to a rest."""
        self._stop.set()
        self.wake()
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """Say that there is something to be done in the ledger: it is begun at once."""
        self._news.set()
        self._due.set()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._kept_going(work), name=name)
        self._threads.append(thread)
        thread.start()

    def _by_one(self, name: str, work: Callable[[], None]) -> Callable[[], None]:
        """Do some work only while no other worker of the same ledger does it."""

        def run() -> None:
            with self._ledger.database.sole(name) as ours:
                if ours:
                    work()

        return run

    def _kept_going(self, work: Callable[[], None]) -> Callable[[], None]:
        """Begin some work anew that a fault has ended, until all ends."""

        def run() -> None:
            while not self._stop.is_set():
                try:
                    work()
                except LedgerError as error:
                    # A full disk, a database that is away: nothing is lost, and it may come back.
                    _log.error("%s wait: %s", threading.current_thread().name, error)
                except Exception:  # noqa: BLE001 - whatever it is, sources must not stand still
                    _log.exception("a fault of ours in %s", threading.current_thread().name)
                self._stop.wait(AWAY)

        return run

    def _carry_out(self) -> None:
        self.rounds.warm_up()
        while not self._stop.is_set():
            self._news.wait(TICK)
            self._news.clear()
            if not self._stop.is_set():
                self.rounds.carry_out(is_over=self._stop.is_set)

    def _ask_feeds(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, "feed") as pool:
            while not self._stop.is_set():
                now = self.rounds.now()
                with self._lock:
                    room = 2 * AT_ONCE - len(self._asking)
                    waiting = self.rounds.sources.keys() - self._asking
                for name in self.rounds.store.due(waiting, now, room):
                    self._submit(pool, name, partial(self._ask_feed, self.rounds.sources[name]))
                for name, subscription in self._hubs_due():
                    self._submit(pool, f"hub of {name}", partial(self._ask_hub, name, subscription))
                self._due.wait(TICK)
                self._due.clear()

    def _submit(self, pool: ThreadPoolExecutor, key: str, work: Callable[[], None]) -> None:
        """Let something be done beside, once at a time; what fails of it stops nothing else."""

        def run() -> None:
            try:
                if not self._stop.is_set():
                    work()
            except ThreadbotError as error:
                _log.warning("%s: %s", key, error)
                self._stop.wait(AWAY)
            except Exception:  # noqa: BLE001 - one feed must not stop the others
                _log.exception("%s: a fault of ours", key)
                self._stop.wait(AWAY)
            finally:
                with self._lock:
                    self._asking.discard(key)

        with self._lock:
            if key in self._asking:
                return
            self._asking.add(key)
        pool.submit(run)

    def _ask_feed(self, source: Source) -> None:
        looked = self.rounds.look(source)
        self._tell(looked)
        known = self.rounds.subscriptions.of_source(source.name)
        if looked.discovery is not None:
            self._follow(source, looked.discovery)
        elif known is not None:
            # A feed without news names no hub: our address may have changed all the same.
            self._follow(source, Discovery(known.hub, known.topic))

    def _tell(self, looked: Looked) -> None:
        for problem in filter(None, (looked.problem, *looked.others)):
            _log.warning("%s: %s", looked.source, problem)
        counts = looked.counts
        if counts["new"] or counts["edited"] or counts["waiting"]:
            said = ", ".join(f"{number} {kind}" for kind, number in counts.items() if number)
            _log.info("%s: %s", looked.source, said)
            self.wake()

    def _watching(self, source: Source, path: Path) -> Callable[[], None]:
        def watch() -> None:
            try:
                known = self.rounds.remembered(source)
                for found in watch_folder(path, time.monotonic, self._stop, known):
                    self._tell(self.rounds.take_round(source, found))
            except SourceError as error:
                _log.warning("%s: %s", source.name, error)
                self.rounds.store.keep_problem(source, str(error), self.rounds.now())
                self._stop.wait(FOLDER_AWAY)
            except LedgerError:
                raise
            except Exception as error:  # noqa: BLE001 - told where its owner looks
                self.rounds.failed(source, error)
                self._stop.wait(FOLDER_AWAY)

        return watch

    def _follow(self, source: Source, discovery: Discovery) -> None:
        """Plan a subscription to the hub that a feed names, unless there is one."""
        if self._callback_url is None:
            return
        known = self.rounds.subscriptions.of_source(source.name)
        ours = f"{self._callback_url}/websub/"
        # A callback under another address of ours is one that nothing comes to any more.
        reached = known if known and known.callback.startswith(ours) else None
        if reached and Discovery(reached.hub, reached.topic) == discovery:
            return
        token = secrets.token_urlsafe(24)
        planned = subscribe(
            discovery,
            f"{ours}{token}",
            secrets.token_urlsafe(32),
            self.rounds.now(),
        )
        self.rounds.subscriptions.begin(source.name, token, planned)

    def _hubs_due(self) -> tuple[tuple[str, Subscription], ...]:
        if self._callback_url is None:
            return ()
        return self.rounds.subscriptions.due(self.rounds.sources, self.rounds.now(), _HUBS)

    def _ask_hub(self, name: str, subscription: Subscription) -> None:
        now = self.rounds.now()
        try:
            answer = self.rounds.client.send(
                subscription.hub, Request("*/*", form=form(subscription))
            )
        except FetchError as error:
            reason = str(error)
            self.rounds.subscriptions.change(name, lambda one: after_failure(one, reason, now))
            _log.warning("%s: its hub cannot be asked: %s", name, error)
            return
        self.rounds.subscriptions.change(name, lambda one: after_asking(one, answer.status, now))


@contextmanager
def running_sources(
    config: Config,
    ledger: Ledger,
    *,
    sandbox: bool = False,
    client: Fetcher | None = None,
) -> Iterator[RunningSources]:
    """Serve all sources, and listen for their webhooks elsewhere (`web.webhooks.listening`).

    Args:
        config: the configuration.
        ledger: open; may be used by several threads.
        sandbox: whether only sources are served whose threads go to the sandbox.
        client: fetches; None for the guarded client as configured.
    """
    running = RunningSources(config, ledger, sandbox=sandbox, client=client)
    try:
        running.start()
        yield running
    finally:
        running.stop()
