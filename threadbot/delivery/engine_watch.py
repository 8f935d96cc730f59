"""Looks after what a worker holds: its own name, and threads whose worker died.

Owns the thread that asks every second whether the name is still this worker's, and that adopts what
was under way under names whose holders are gone. Never carries anything itself.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from dbos import DBOS
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from threadbot.delivery.engine_database import QUEUE, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from threadbot.delivery.executors import Claim

#: Seconds between two looks.
INTERVAL: Final = 1.0
#: Looks between two searches for threads that this worker has but does not carry.
STRAY_AFTER: Final = 30

_log: Final = logging.getLogger(__name__)


class Watch:
    """The thread that looks after things.

    Args:
        database: the engine's.
        claim: on this worker's name.
        executor: that name.
        held: gives the workflows that this process is executing.
        lose: told one sentence when the name is lost.
    """

    def __init__(
        self,
        database: Engine,
        claim: Claim,
        executor: str,
        held: Callable[[], frozenset[str]],
        lose: Callable[[str], None],
    ) -> None:
        self._database = database
        self._claim = claim
        self._executor = executor
        self._held = held
        self._lose = lose
        self._end = threading.Event()
        self._strays: frozenset[str] = frozenset()
        self._thread = threading.Thread(target=self._run, name="engine watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._end.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        looks = 0
        while not self._end.wait(INTERVAL):
            if not self._claim.holds():
                self._lose(
                    f"worker {self._executor} lost its connection to PostgreSQL and with it its "
                    "claim; another worker may carry on, so this one stops"
                )
                return
            looks += 1
            try:
                self._adopt()
                if looks % STRAY_AFTER == 0:
                    self._find_strays()
            except DBAPIError as error:
                _log.warning("the engine's database cannot be read: %s", error.orig)

    def _adopt(self) -> None:
        """Put back into the queue what was under way under names that nobody holds."""
        for name in self._others():
            with self._claim.instead_of(name) as dead:
                if dead:
                    found = _pending(name)
                    _log.warning("worker %s is gone; its %d threads are adopted", name, len(found))
                    _put_back(found)

    def _others(self) -> list[str]:
        table = "workflow_status"
        if self._database.dialect.name == "postgresql":
            table = f"{SCHEMA}.{table}"
        query = text(
            f"SELECT DISTINCT executor_id FROM {table}"  # noqa: S608 - a name of ours
            " WHERE status = 'PENDING' AND executor_id <> :own"
        )
        with self._database.connect() as connection:
            return list(connection.execute(query, {"own": self._executor}).scalars())

    def _find_strays(self) -> None:
        """Put back what is under way under our own name, but not in this process.

        It is so where a disk was full or the database away just when an end was recorded. What is
        seen twice is no workflow that is only just being started.
        """
        strays = frozenset(_pending(self._executor)) - self._held()
        again = strays & self._strays
        self._strays = strays - again
        if again:
            _log.warning("%d threads had been left; they are carried again", len(again))
            _put_back(sorted(again))


def _pending(executor: str) -> list[str]:
    found = DBOS.list_workflows(
        status="PENDING", executor_id=executor, load_input=False, load_output=False
    )
    return [one.workflow_id for one in found]


def _put_back(workflows: list[str]) -> None:
    for workflow in workflows:
        DBOS.resume_workflow(workflow, queue_name=QUEUE)
