"""One look at a source: read it, and store what becomes of its entries.

Owns the order of these steps; `carrying` does what is stored to be done. Each is stored before the
next begins, so a round that is broken off anywhere is gone on with by the next. Never decides what
becomes of an entry.
"""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from threadbot.errors import LedgerError, SourceError, UnstorableError
from threadbot.fetch.client import Fetcher
from threadbot.sources.carrying import Carrier, fault
from threadbot.triggers.checking import check_feed
from threadbot.triggers.decisions import AskFirst, Leave, LetIn, Overtaken, PassOver, Revise
from threadbot.triggers.folder import Round, changed_at
from threadbot.triggers.folder_state import FolderState, Taken
from threadbot.triggers.intake import AT_FIRST_SIGHT
from threadbot.triggers.polling import Moment, after_failure
from threadbot.triggers.store import SourceStore
from threadbot.triggers.subscriptions import SubscriptionBook
from threadbot.triggers.watching import first_rounds
from threadbot.triggers.websub import is_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.sources.carrying import Carried
    from threadbot.triggers.decisions import Decision
    from threadbot.triggers.entry import Entry
    from threadbot.triggers.settings import Source
    from threadbot.triggers.websub import Discovery

#: Seconds for which a look by hand waits until a new folder is no more being filled.
_STOCK_PATIENCE: Final = 30.0
#: How many that are passed over in one look have a line of their own in the log, the newest.
_MOST_LOGGED: Final = 20

_log: Final = logging.getLogger(__name__)


def present() -> datetime:
    """Give the present (UTC)."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a source saw.

    Args:
        source: its name.
        decisions: what becomes of its articles; none where nothing was read.
        problem: what is wrong with it, in a sentence, or None.
        discovery: the hub that it names, or None.
        others: what is wrong besides, a sentence for each further file.
    """

    source: str
    decisions: tuple[Decision, ...] = ()
    problem: str | None = None
    discovery: Discovery | None = None
    others: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many articles there were of each kind."""
        kinds: dict[str, type | tuple[type, ...]] = {
            "new": LetIn,
            "edited": Revise,
            "waiting": AskFirst,
            "passed_over": PassOver,
            "known": (Leave, Overtaken),
        }
        return {
            name: sum(isinstance(one, kind) for one in self.decisions)
            for name, kind in kinds.items()
        }

    def log_passed_over(self) -> None:
        """Tell the log of what was passed over, but for the stock of the first sight."""
        passed = [
            one
            for one in self.decisions
            if isinstance(one, PassOver) and one.reason != AT_FIRST_SIGHT
        ]
        for one in passed[-_MOST_LOGGED:]:
            _log.info("%s: “%s” is passed over: %s", self.source, one.entry.said, one.reason)
        if len(passed) > _MOST_LOGGED:
            _log.info("%s: %s more are passed over", self.source, len(passed) - _MOST_LOGGED)


class Rounds:
    """Rounds over sources.

    Args:
        config: the configuration.
        ledger: open.
        sources: those that are served; None for all.
        client: fetches; None for the guarded client as configured.
        now: gives the present (UTC).
    """

    def __init__(
        self,
        config: Config,
        ledger: Ledger,
        sources: Iterable[Source] | None = None,
        *,
        client: Fetcher | None = None,
        now: Callable[[], datetime] = present,
    ) -> None:
        chosen = config.sources if sources is None else sources
        self.sources = {source.name: source for source in chosen}
        self.store = SourceStore(ledger)
        self.subscriptions = SubscriptionBook(ledger)
        self.client = client or Fetcher(config.fetch)
        self.now = now
        self._config = config
        self.carrier = Carrier(config, ledger, self.sources, client=self.client, now=now)

    def look(self, source: Source) -> Looked:
        """Look at a feed or a folder once, and store what becomes of its entries.

        A fault of ours counts as a failure of the source, which is asked less and less: what
        always fails must not be tried without a pause, nor stop the others.

        Raises:
            LedgerError: that cannot be stored.
        """
        try:
            return self._look(source)
        except UnstorableError as error:
            return self.failed(source, error)
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - one source must not stop the others
            return self.failed(source, error)

    def failed(self, source: Source, error: Exception) -> Looked:
        """Store that a fault of ours befell a look at a source.

        Raises:
            LedgerError: that cannot be stored.
        """
        _log.error("%s: a fault of ours", source.name, exc_info=error)
        problem, now = fault(error), self.now()
        if source.kind == "feed":
            poll = self.store.row(source, now).poll
            failed = after_failure(poll, problem, self._moment(source, now))
            self.store.keep_poll(source, failed, now)
        else:
            self.store.keep_problem(source, problem, now)
        return Looked(source.name, problem=problem)

    def _look(self, source: Source) -> Looked:
        if source.kind == "feed":
            return self._look_at_feed(source)
        if source.kind == "folder" and source.path is not None:
            return self._look_at_folder(source, source.path)
        self.store.row(source, self.now())
        return Looked(source.name)

    def _look_at_feed(self, source: Source) -> Looked:
        now = self.now()
        row = self.store.row(source, now)
        checked = check_feed(
            row.poll,
            self.client,
            lambda keys: self.store.look_up(row, source, keys, now),
            source.rules,
            self._moment(source, now),
            source.url or "",
        )
        if checked.feed is None:
            self.store.keep_poll(source, checked.poll, now)
            return Looked(source.name, problem=checked.poll.error)
        decisions = self.store.take_in(source, checked.feed.entries, now, checked.poll)
        return Looked(source.name, decisions, checked.poll.error, checked.discovery)

    def _moment(self, source: Source, now: datetime) -> Moment:
        subscription = self.subscriptions.of_source(source.name)
        heard = self._config.webhooks.callback_url is not None
        pushed = heard and subscription is not None and is_live(subscription, now)
        return Moment(now, random.random(), source.pace, pushed)  # noqa: S311 - spreads requests

    def _look_at_folder(self, source: Source, path: Path) -> Looked:
        try:
            waits: list[float] = []

            def wait(seconds: float) -> bool:
                # Reading many files takes long, and says nothing of whether more come.
                waits.append(seconds)
                time.sleep(seconds)
                return sum(waits) > _STOCK_PATIENCE

            known, is_first = self.remembered(source), self.is_new(source)
            decisions: list[Decision] = []
            problems: list[str] = []
            is_complete = False
            for found in first_rounds(path, time.monotonic, wait, known, is_first=is_first):
                decisions += map(_without_text, self.take_round(source, found).decisions)
                problems += found.problems
                is_complete = not found.more
            if is_complete:
                return _looked(source, decisions, problems)
            message = (
                f"files are still being written into the folder {path}, so no stock is taken "
                "of it; look again when all are there"
            )
            raise SourceError(message)  # noqa: TRY301 - told like all that is wrong with it
        except SourceError as error:
            self.store.keep_problem(source, str(error), self.now())
            return Looked(source.name, problem=str(error))

    def is_new(self, source: Source) -> bool:
        """Tell whether stock is still to be taken of a source."""
        return self.store.row(source, self.now()).first_seen is None

    def remembered(self, source: Source) -> FolderState:
        """Give what is known of a folder from before: files that look as then are not read."""
        return FolderState(settled=self.store.files(source))

    def take_round(self, source: Source, found: Round) -> Looked:
        """Store what becomes of the files that a look at a folder found."""
        # Those of before stay, until their files are mended or gone.
        problem = "\n".join(found.state.told()) or None
        newest_first = sorted(found.entries, key=changed_at, reverse=True)
        taken = Taken(found.state.taken_in(), found.more)
        decisions = self.store.take_in(
            source, newest_first, self.now(), problem=problem, taken=taken
        )
        return _looked(source, decisions, found.problems)

    def receive(self, source: Source, seen: Sequence[Entry]) -> Looked:
        """Store what becomes of entries that were sent to us.

        Raises:
            LedgerError: that cannot be stored.
        """
        try:
            return Looked(source.name, self.store.take_in(source, seen, self.now()))
        except UnstorableError as error:
            self.failed(source, error)
            raise

    def carry_out(self, names: Iterable[str] | None = None) -> tuple[Carried, ...]:
        """Do what is stored to be done with entries of these sources, or of all.

        Raises:
            LedgerError: that cannot be stored.
        """
        return self.carrier.carry_out(names)


def _looked(source: Source, decisions: Sequence[Decision], problems: Sequence[str]) -> Looked:
    first, *others = problems or (None,)
    return Looked(source.name, tuple(decisions), first, others=tuple(filter(None, others)))


def _without_text(decision: Decision) -> Decision:
    """Leave out what nobody asks of a decision that is stored, as there may be very many."""
    return replace(decision, entry=replace(decision.entry, content=""))
