"""Sources for as long as a worker runs: feeds asked when due, folders watched, drafts made.

Owns the threads of this, and that what fails in one of them stops no other. A round itself is
`rounds`; hubs are asked by `hubs`; what comes by webhook, `web` hands over.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from threadbot.errors import LedgerError, SourceError
from threadbot.sources.drafting import Drafting
from threadbot.sources.hubs import Hubs
from threadbot.sources.lanes import guarded
from threadbot.sources.rounds import Rounds
from threadbot.triggers.watching import watch_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.fetch.client import Fetcher
    from threadbot.sources.rounds import Looked
    from threadbot.triggers.settings import Source

#: Feeds that are asked at the same time: most of the time goes by in waiting for their servers.
AT_ONCE: Final = 16
#: Seconds between two looks for what is due.
TICK: Final = 0.5
#: Seconds after which something is tried again that failed for a reason of ours.
AWAY: Final = 5.0
#: Seconds after which a folder is looked for again that was not there.
FOLDER_AWAY: Final = 60.0
#: Seconds between two looks for hubs that are due; one that is newly named is asked at once.
HUBS_TICK: Final = 5.0

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
        self._sandbox = sandbox
        self._stop = threading.Event()
        self._news = threading.Event()
        self._due = threading.Event()
        self._named = threading.Event()
        self._asking: set[str] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._drafting = Drafting(self.rounds.carrier, self._news.set, self._pause)
        callback_url = config.webhooks.callback_url
        self._hubs = Hubs(self.rounds, callback_url, self._named.set, self._pause)

    def start(self) -> None:
        """Begin; every source that is new to the ledger gets its row first."""
        sources = self.rounds.sources.values()
        self.rounds.store.begin(sources, self.rounds.now())
        if sources:
            self._begin("drafts", self._by_one("drafts", self._carry_out))
        if any(source.kind == "feed" for source in sources):
            self._begin("feeds", self._by_one("feeds", self._ask_feeds))
            self._begin("hubs", self._by_one("hubs", self._ask_hubs))
        for source in sources:
            if source.kind == "folder" and source.path is not None:
                self._begin(f"folder {source.name}", self._watching(source, source.path))

    def stop(self) -> None:
        """End, and wait until everything came to a rest."""
        self._stop.set()
        self._named.set()
        self.wake()
        for thread in self._threads:
            thread.join()
        self._drafting.close()
        self._hubs.close()

    def wake(self) -> None:
        """Say that there is something to be done in the ledger: it is begun at once."""
        self._news.set()
        self._due.set()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._kept_going(work), name=name)
        self._threads.append(thread)
        thread.start()

    def _by_one(self, name: str, work: Callable[[], None]) -> Callable[[], None]:
        """Do some work only while no other worker of its kind does it in the same ledger.

        A worker for the sandbox serves few sources: it must not keep others from serving the rest.
        Where both serve a source, each of its articles is one draft all the same, as that is
        decided in one transaction.
        """
        lock = f"{name}:sandbox" if self._sandbox else name

        def run() -> None:
            with self._ledger.database.sole(lock) as ours:
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
        self.rounds.carrier.warm_up()
        while not self._stop.is_set():
            self._news.wait(TICK)
            self._news.clear()
            if not self._stop.is_set():
                self._drafting.carry_out(self._stop.is_set)

    def _ask_feeds(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, "feed") as pool:
            while not self._stop.is_set():
                now = self.rounds.now()
                with self._lock:
                    room = 2 * AT_ONCE - len(self._asking)
                    waiting = self.rounds.sources.keys() - self._asking
                for name in self.rounds.store.due(waiting, now, room):
                    self._submit(pool, name, partial(self._ask_feed, self.rounds.sources[name]))
                self._due.wait(TICK)
                self._due.clear()

    def _ask_hubs(self) -> None:
        while not self._stop.is_set():
            self._hubs.ask()
            self._named.wait(HUBS_TICK)
            self._named.clear()

    def _pause(self) -> None:
        self._stop.wait(AWAY)

    def _submit(self, pool: ThreadPoolExecutor, key: str, work: Callable[[], None]) -> None:
        """Let something be done beside, once at a time."""

        def run() -> None:
            try:
                if not self._stop.is_set():
                    guarded(key, work, self._pause)()
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
        self._hubs.follow(source, looked.discovery)

    def _tell(self, looked: Looked) -> None:
        for problem in filter(None, (looked.problem, *looked.others)):
            _log.warning("%s: %s", looked.source, problem)
        looked.log_passed_over()
        counts = looked.counts
        if counts["new"] or counts["edited"] or counts["waiting"]:
            said = ", ".join(f"{number} {kind}" for kind, number in counts.items() if number)
            _log.info("%s: %s", looked.source, said)
            self.wake()

    def _watching(self, source: Source, path: Path) -> Callable[[], None]:
        def watch() -> None:
            try:
                known = self.rounds.remembered(source)
                is_new = self.rounds.is_new(source)
                for found in watch_folder(path, time.monotonic, self._stop, known, is_first=is_new):
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


@contextmanager
def running_sources(
    config: Config,
    ledger: Ledger,
    *,
    sandbox: bool = False,
    client: Fetcher | None = None,
) -> Iterator[RunningSources]:
    """Serve all sources, and listen for their webhooks elsewhere (`web.listening`).

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
