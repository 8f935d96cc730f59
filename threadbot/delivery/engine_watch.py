"""Looks after what a worker holds: its own name, and threads whose worker died.

Owns the threads that ask every second whether the name is still this worker's, and that adopt what
was under way under names whose holders are gone. Never carries anything itself.
"""

from __future__ import annotations

import logging
import threading
from itertools import count
from typing import TYPE_CHECKING, Final

from dbos import DBOS
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from threadbot.delivery.engine_database import said, table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sqlalchemy import Engine

    from threadbot.delivery.executors import Claim

#: Seconds between two looks.
INTERVAL: Final = 1.0
#: Looks between two searches for threads that this worker has but does not carry.
STRAY_AFTER: Final = 30

_log: Final = logging.getLogger(__name__)


class Watch:
    """The threads that look after things.

    Args:
        database: the engine's.
        claim: on this worker's name.
        executor: that name.
        held: gives the workflows that this process is executing.
    """

    def __init__(
        self,
        database: Engine,
        claim: Claim,
        executor: str,
        held: Callable[[], frozenset[str]],
    ) -> None:
        self._database = database
        self._claim = claim
        self._executor = executor
        self._held = held
        self._end = threading.Event()
        self._strays: frozenset[str] = frozenset()
        self._threads: list[threading.Thread] = []

    def start(self, look: Callable[[], None], lose: Callable[[str], None]) -> None:
        """Begin to look.

        Args:
            look: called with each look.
            lose: told one sentence when the name is lost.
        """
        # Two, because where the database is away DBOS waits until it is back, and the loss of the
        # name has to be noticed meanwhile.
        for name, run, told in (("guard", self._guard, lose), ("watch", self._look, look)):
            thread = threading.Thread(target=run, args=(told,), name=f"engine {name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Look no more."""
        self._end.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=2 * INTERVAL)

    def put_back(self, workflows: Collection[str]) -> None:
        """Leave workflows that this process took and does not carry to other workers."""
        if not workflows:
            return
        try:
            found = pending(self._database, self._executor)
            _put_back({one: found[one] for one in found.keys() & workflows})
        except SQLAlchemyError as error:
            # They are adopted when this process has ended.
            _log.warning("the engine's database cannot be used: %s", said(error))

    def _guard(self, lose: Callable[[str], None]) -> None:
        while not self._end.wait(INTERVAL):
            if not self._claim.holds():
                self._end.set()
                lose(
                    f"worker {self._executor} lost its connection to PostgreSQL and with it its "
                    "claim; another worker may carry on, so this one stops"
                )

    def _look(self, look: Callable[[], None]) -> None:
        left = True
        for number in count(1):
            if self._end.wait(INTERVAL):
                return
            try:
                look()
                # Beside a file there is only what was left before the start; but on a full disk it
                # cannot be adopted at once.
                if left or self._claim.shared or number % STRAY_AFTER == 0:
                    self._adopt()
                    left = False
                if number % STRAY_AFTER == 0:
                    self._find_strays()
            except SQLAlchemyError as error:
                _log.warning("the engine's database cannot be used: %s", said(error))
            except Exception:  # noqa: BLE001 - who looks no more leaves what the dead left alone
                _log.exception("looking after the engine's threads failed; it is tried again")

    def _adopt(self) -> None:
        """Put back into the queue what was under way under names that nobody holds."""
        for name in self._others():
            with self._claim.instead_of(name) as dead:
                if dead:
                    found = pending(self._database, name)
                    _log.warning("worker %s is gone; its %d threads are adopted", name, len(found))
                    _put_back(found)

    def _others(self) -> list[str]:
        query = text(
            f"SELECT DISTINCT executor_id FROM {table(self._database)}"  # noqa: S608 - a name of ours
            " WHERE status = 'PENDING' AND executor_id <> :own"
        )
        with self._database.connect() as connection:
            return list(connection.execute(query, {"own": self._executor}).scalars())

    def _find_strays(self) -> None:
        """Put back what is under way under our own name, but not in this process.

        It is so where a disk was full or the database away just when an end was recorded. What is
        seen twice is no workflow that is only just being started.
        """
        found = pending(self._database, self._executor)
        strays = found.keys() - self._held()
        again = strays & self._strays
        self._strays = frozenset(strays - again)
        if again:
            _log.warning("%d threads had been left; they are carried again", len(again))
            _put_back({one: found[one] for one in again})


def pending(database: Engine, executor: str) -> dict[str, str]:
    """Give the workflows that are under way under a name, and the queue that each came from."""
    query = text(
        f"SELECT workflow_uuid, queue_name FROM {table(database)}"  # noqa: S608 - a name of ours
        " WHERE status = 'PENDING' AND executor_id = :executor"
    )
    with database.connect() as connection:
        found = connection.execute(query, {"executor": executor})
        return {row.workflow_uuid: row.queue_name for row in found}


def _put_back(workflows: Mapping[str, str]) -> None:
    for workflow, queue in workflows.items():
        DBOS.resume_workflow(workflow, queue_name=queue)
