"""Carries one thread as far as it goes now: what the engine calls.

Owns the way from a thread's number to its network and back, and what follows where it has none.
Never decides what comes next (`delivery.deliver` does), and never waits: the engine does.
"""

from __future__ import annotations

import logging
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from threadbot.app import budget, network_for
from threadbot.delivery.budget import Budget
from threadbot.delivery.deliver import Prepare, Renew, Send, is_wholly_absent
from threadbot.delivery.drive import Outside, drive
from threadbot.delivery.due_questions import TO_BEGIN
from threadbot.delivery.rest import DONE, Rest
from threadbot.errors import (
    ConfigError,
    DamagedError,
    InputError,
    LawError,
    LedgerError,
    SecretAwayError,
)
from threadbot.log import about
from threadbot.worker.in_vain import InVain
from threadbot.worker.timetable import Timetable
from threadbot.worker.unready import Unready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from threadbot.config import Config
    from threadbot.delivery.deliver import Action
    from threadbot.delivery.drive import Ending
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery, ThreadRow, ThreadState
    from threadbot.networks.port import Network

#: States of a thread that there is something to do for.
LIVE: Final[frozenset[ThreadState]] = frozenset({"approved", "scheduled", "sending"})
#: How often a thread may be begun without coming to a rest: then it is taken for what ends the
#: process, and waits for a person.
MOST_BEGINNINGS: Final = 5
#: How often carrying a thread may fail in a row, in one process, by a fault of ours.
MOST_FAULTS: Final = 5
#: From so many beginnings on it is carried while no other suspect is, so that the end of the
#: process counts against one of them only.
SUSPECT: Final = 2

#: How long a thread rests whose ledger could not be used.
AWAY: Final = timedelta(seconds=5)
#: How long a suspect rests while another one is carried.
NEXT_SUSPECT: Final = timedelta(seconds=1)

_log: Final = logging.getLogger(__name__)


def present() -> datetime:
    """Give the present (UTC)."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Carrying:
    """Carries threads of a ledger.

    Args:
        config: says how accounts sign in, and what they may spend.
        ledger: holds the threads.
        sandbox: whether only those for the sandbox are carried.
        now: gives the present (UTC).
    """

    config: Config
    ledger: Ledger
    sandbox: bool
    now: Callable[[], datetime] = present
    _faults: dict[str, int] = field(default_factory=dict, repr=False)
    _unready: Unready = field(default_factory=Unready, repr=False)
    _in_vain: InVain = field(default_factory=InVain, repr=False)
    _one_suspect: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def carry(self, thread_id: str) -> Rest:
        """Carry a thread as far as it goes now, and say when to come back."""
        # Whatever is logged on the way, by a network or the ledger, names the thread.
        with about(thread_id=thread_id):
            try:
                return self._in_turn(self.ledger.outline(thread_id).row)
            except InputError:
                # It is not in the ledger any more: that was put back from a backup, or it is long
                # done with and was pruned.
                return DONE
            except LedgerError as error:
                # Its server is away, its disk is full: nothing is lost, and it may come back.
                _log.warning("thread %s waits: %s", thread_id, error)
                return Rest(self.now() + AWAY, str(error))

    def _in_turn(self, row: ThreadRow) -> Rest:
        if not self._is_due(row) or (self.sandbox and not row.sandbox):
            return DONE
        with about(account=row.account), self._apart(row) as is_apart:
            if not is_apart:
                return Rest(self.now() + NEXT_SUSPECT, "It may end threadbot, as another may.")
            with self.ledger.driving(row.account, _log.info):
                return self._alone(row.id)

    def _alone(self, thread_id: str) -> Rest:
        """Carry a thread whose account nobody else posts to now."""
        outline = self.ledger.outline(thread_id)
        row = outline.row
        timetable = Timetable(self.ledger, self.config.schedule)
        if not self._is_due(row) or not timetable.lets_out(outline, self.now()):
            self._in_vain.forget(row.id)
            return DONE
        try:
            with closing(self._network(row)) as network:
                self._unready.is_ready(row.id)
                return self._counted(row, network)
        except ConfigError as error:
            return self._unconfigured(outline, error)
        except (DamagedError, InputError, LawError) as error:
            # It is damaged, breaks a law, or will not go out any more.
            return self._refuse(row, error)
        except LedgerError:
            raise
        except Exception as error:
            if not self._given_up(row, error):
                raise
            return DONE

    def _unconfigured(self, outline: Delivery, error: ConfigError) -> Rest:
        """Leave a thread for which this worker lacks the account or a secret, or hold it.

        Where it comes to an end here it is handed over again, to any worker of the ledger: others
        may have a newer configuration. Those of one machine have the same. One that is half out
        keeps its account's turn while a secret is asked for again.
        """
        row = outline.row
        is_shared = not isinstance(self.ledger.database.place, Path)
        is_begun = not is_wholly_absent(outline)
        if isinstance(error, SecretAwayError) and (is_begun or not is_shared):
            wait = self._unready.wait_for_secret(row.id)
            if wait is not None:
                _log.warning("thread %s waits: %s", row.id, error)
                return Rest(self.now() + wait, str(error))
        if is_shared and self._unready.is_for_others(row.id, error, self.now()):
            return DONE
        return self._refuse(row, error)

    def _refuse(self, row: ThreadRow, error: Exception) -> Rest:
        """Hold a thread that cannot be sent, unless it would not go out any more anyway."""
        if self.ledger.outline(row.id).row.state in LIVE:
            self._hold(row, f"It cannot be sent: {error}.")
        return DONE

    def _is_due(self, row: ThreadRow) -> bool:
        """Tell whether there is something to do for a thread now.

        One that was moved since it was handed over is handed over again when its time has come.
        Waiting for that in the engine, it would keep the others of its account back.
        """
        if row.state in TO_BEGIN and row.due_at is not None:
            return row.due_at <= self.now()
        return row.state in LIVE

    @contextmanager
    def _apart(self, row: ThreadRow) -> Iterator[bool]:
        """Keep threads apart in whose midst the process ended; tell whether it is this one's turn.

        Whoever would wait here would keep others from being carried.
        """
        if self.ledger.beginnings(row.id) < SUSPECT:
            yield True
            return
        if not self._one_suspect.acquire(blocking=False):
            yield False
            return
        try:
            yield True
        finally:
            self._one_suspect.release()

    def _counted(self, row: ThreadRow, network: Network) -> Rest:
        """Carry a thread unless it ended the process again and again.

        What a network needs is put together before: it takes a second in a new process, and says
        nothing of the thread if the process ends meanwhile.
        """
        if self.ledger.note_beginning(row.id) > MOST_BEGINNINGS:
            reason = (
                f"It was begun {MOST_BEGINNINGS} times, and each time threadbot ended in the "
                "middle of it. Look at the log, then resume the thread or cancel it."
            )
            self._hold(row, reason)
            return DONE
        try:
            rest = self._drive(row, network)
        except Exception:
            # It came to a rest, if to a bad one: the process did not end.
            self.ledger.note_rest(row.id)
            raise
        self._faults.pop(row.id, None)
        self.ledger.note_rest(row.id)
        return rest

    def _given_up(self, row: ThreadRow, error: Exception) -> bool:
        """Hold a thread whose carrying failed again and again by a fault of ours; tell if so."""
        failed = self._faults.get(row.id, 0) + 1
        self._faults[row.id] = failed
        if failed < MOST_FAULTS:
            return False
        _log.error("thread %s failed %d times", row.id, failed, exc_info=error)
        del self._faults[row.id]
        what = str(error) or type(error).__name__
        reason = (
            f"It failed {failed} times by a fault of threadbot: {what}. Look at the log, then "
            "resume the thread or cancel it."
        )
        self._hold(row, reason)
        return True

    def _drive(self, row: ThreadRow, network: Network) -> Rest:
        ending = drive(self.ledger, row.id, self._outside(network, row))
        _log.info("thread %s: %s", row.id, _told(ending))
        plan = ending.delivery.plan
        # A thread that comes back later tells them at its end.
        for warning in plan.warnings if plan is not None and ending.kind != "later" else ():
            _log.warning("thread %s: %s", row.id, warning)
        if ending.kind == "later" and ending.until is not None:
            return Rest(ending.until, ending.reason)
        self._in_vain.forget(row.id)
        return DONE

    def _outside(self, network: Network, row: ThreadRow) -> Outside:
        def progress(delivery: Delivery, action: Action) -> None:
            if isinstance(action, Prepare | Renew | Send):
                self._in_vain.tried(delivery.row, self.now())
            _log.debug("thread %s: %s", row.id, action)

        allowed = Budget() if row.sandbox else budget(self.config, row.account)
        return Outside(
            network,
            self.now,
            lambda _: None,
            progress,
            allowed,
            patience=timedelta(0),
            tried_since=self._in_vain.since(row),
        )

    def _network(self, row: ThreadRow) -> Network:
        source = self.ledger.source_of(row.article)
        if not row.sandbox and row.account not in self.config.accounts:
            message = f"the account '{row.account}' is not in the configuration any more"
            raise ConfigError(message)
        return network_for(
            self.config,
            row.account,
            network=row.network,
            sandbox=row.sandbox,
            ledger=self.ledger,
            folder=Path(source).parent if source and "://" not in source else None,
        )

    def _hold(self, row: ThreadRow, reason: str) -> None:
        _log.warning("thread %s is held: %s", row.id, reason)
        self.ledger.hold(row.id, "other", reason, self.now())


def _told(ending: Ending) -> str:
    """Say how a thread stands after it was carried."""
    row = ending.delivery.row
    if ending.kind != "done":
        return f"{ending.kind}: {ending.reason}"
    where = f"{'X' if row.network == 'x' else 'Bluesky'} ({row.account})"
    where += ", sandbox" if row.sandbox else ""
    posts = len(ending.delivery.receipts)
    if row.state == "published":
        return f"published on {where}: {posts} post{'' if posts == 1 else 's'}"
    return f"{row.state}, {where}"
