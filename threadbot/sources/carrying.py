"""What is stored to be done with entries: draft, draft anew, approve.

Owns the way of one entry from the ledger to its drafts, and what becomes of it where that fails.
Never decides what becomes of an entry.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from threadbot.delivery.timing import At, NextSlot, Timing
from threadbot.errors import DamagedError, LedgerError, ThreadbotError, ThreadError, UnstorableError
from threadbot.fetch.pages import Robots
from threadbot.sources.making import Maker
from threadbot.triggers.drafts import DraftBook
from threadbot.triggers.store import SourceStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger
    from threadbot.fetch.client import Fetcher
    from threadbot.triggers.drafts import Proposed
    from threadbot.triggers.settings import Source
    from threadbot.triggers.store import Work

#: Entries that are looked through at a time.
_AT_ONCE: Final = 200
_LONGEST_FAULT: Final = 200
#: Failures of the ledger that concern one entry.
_OF_ONE: Final = (DamagedError, UnstorableError)

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of an entry.

    Args:
        source: the name of its source.
        title: what it is called.
        drafts: the drafts that were made of it.
        problem: what kept it from becoming more, in a sentence, or None.
        waits: the number by which a person lets it in, where it waits for that now.
    """

    source: str
    title: str
    drafts: tuple[str, ...] = ()
    problem: str | None = None
    waits: int | None = None


class Carrier:
    """Carries out what is stored to be done; may be used by several threads.

    Args:
        config: the configuration.
        ledger: open.
        sources: those that are served, by name.
        client: fetches pages.
        now: gives the present (UTC).
    """

    def __init__(
        self,
        config: Config,
        ledger: Ledger,
        sources: Mapping[str, Source],
        *,
        client: Fetcher,
        now: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._sources = sources
        self._now = now
        self._store = SourceStore(ledger)
        self._drafts = DraftBook(ledger)
        ours = {urlsplit(one.url).hostname or "" for one in config.sources if one.url}
        self._maker = Maker(config, client, Robots(client, time.monotonic, ours))

    def warm_up(self) -> None:
        """Load what making drafts needs, so that the first entry need not wait for it."""
        for source in self._sources.values():
            self._maker.warm_up(source)
            break

    def carry_out(self, names: Iterable[str] | None = None) -> tuple[Carried, ...]:
        """Make drafts of what was let in or edited, and approve those that need nobody.

        What needs no page comes first, also before what is left of those that need one.

        Args:
            names: only of these sources; None for all that are served.

        Raises:
            LedgerError: that cannot be stored.
        """
        wanted = frozenset(self._sources if names is None else names)
        done: list[Carried | None] = []
        while work := self._store.work(wanted, self._now(), _AT_ONCE):
            at_once = [one for one in work if not one.needs_page]
            done += map(self.carry, at_once or work[:1])
        return tuple(one for one in done if one is not None)

    def try_now(self, names: Iterable[str]) -> None:
        """Let what failed be tried at once; that uses up none of its tries.

        Args:
            names: of these sources.

        Raises:
            LedgerError: that cannot be stored.
        """
        self._drafts.try_now(tuple(names), self._now())

    def open_work(self, without: frozenset[int] = frozenset()) -> tuple[Work, ...]:
        """Give what is to be done, the oldest first, up to a bound.

        Args:
            without: entries that somebody sees to already.

        Raises:
            LedgerError: that cannot be read.
        """
        return self._store.work(self._sources, self._now(), _AT_ONCE, without)

    def carry_entry(self, entry_id: int) -> Carried | None:
        """Do what is to be done with an entry by now, if there still is anything.

        Raises:
            LedgerError: that cannot be stored.
        """
        work = self._store.work_with(entry_id)
        return None if work is None or work.source not in self._sources else self.carry(work)

    def carry(self, work: Work) -> Carried | None:
        """Do what is to be done with an entry; what fails is stored, and tried again later.

        Raises:
            LedgerError: that cannot be stored.
        """
        source, title = self._sources[work.source], work.entry.said
        if work.damage is not None:
            return self._failed(work, work.damage)
        try:
            if work.stage == "approve":
                problem = self._drafts.approve(work, self._timing(source), self._now())
                if problem is not None:
                    _log.warning("%s: “%s” stays a draft: %s", source.name, title, problem)
                return None if problem is None else Carried(source.name, title, problem=problem)
            made = self._maker.make(source, work.entry, self._drafts.accounts(work, source))
            proposed = self._drafts.propose(work, made, source, self._now())
        except ThreadbotError as error:
            # One row or value that is damaged is no fault of the ledger's: the others go on.
            if isinstance(error, LedgerError) and not isinstance(error, _OF_ONE):
                raise
            return self._failed(work, str(error), for_good=isinstance(error, ThreadError))
        except Exception as error:  # noqa: BLE001 - one article's fault must not stop the others
            _log.exception("%s: “%s” cannot be made a thread", source.name, title)
            return self._failed(work, fault(error))
        return _told(work, proposed)

    def _failed(self, work: Work, reason: str, *, for_good: bool = False) -> Carried:
        waits = None
        if self._drafts.fail(work, reason, self._now(), for_good=for_good):
            ending = "it is tried again later"
        elif work.stage == "approve":
            ending = "it waits for a person now, `threadbot sources` says what to do"
        else:
            waits = work.entry_id
            ending = f"it waits for a person now, `threadbot poll --let-in {waits}` tries once more"
        problem = f"{reason.removesuffix('.')}; {ending}"
        _log.warning("%s: “%s”: %s", work.source, work.entry.said, problem)
        return Carried(work.source, work.entry.said, problem=problem, waits=waits)

    def _timing(self, source: Source) -> Timing:
        at_once = At(self._now(), by_hand=False)
        when = at_once if source.timing == "now" else NextSlot()
        return Timing(self._config.schedule, when)


def _told(work: Work, proposed: Proposed) -> Carried:
    """Tell the log what became of an entry."""
    title, own = work.entry.said, [one for one in proposed.drafts if one in proposed.by_themselves]
    asking = [one for one in proposed.drafts if one not in own]
    if asking:
        _log.info("%s: “%s” became %s", work.source, title, _named(asking))
    if own:
        said = _named(own, "thread")
        _log.info("%s: “%s” became %s, which nobody need approve", work.source, title, said)
    problem = proposed.verdict
    if problem is not None:
        _log.warning("%s: “%s”: %s", work.source, title, problem)
    elif proposed.already:
        problem = f"its article is already {_named(proposed.already, 'thread')}"
        _log.info("%s: “%s”: %s", work.source, title, problem)
    return Carried(work.source, title, proposed.drafts, problem)


def fault(error: Exception) -> str:
    """Tell a fault of ours on one line."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"a fault of ours ({said[:_LONGEST_FAULT]}); please report it"


def _named(threads: Sequence[str], one: str = "draft") -> str:
    return f"{one if len(threads) == 1 else f'{one}s'} {', '.join(threads)}"
