"""The engine's rows of workflows: which of them stand in the way of what is handed over.

Owns the few questions to DBOS's tables, and changes of them, that DBOS has no way to do inside a
transaction. Never decides what is handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, text

from threadbot.delivery.engine_database import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

#: States of a workflow that nobody carries any further.
FINISHED: Final = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
#: Where DBOS keeps what belongs to a workflow, without a foreign key.
BELONGINGS: Final = ("workflow_input", "workflow_output", "operation_outputs")
#: How many names are asked for at once.
ASKED_AT_ONCE: Final = 500


def clear_the_way(connection: Connection, workflows: Sequence[str]) -> frozenset[str]:
    """Forget those of several workflows that are finished, so that their names are free.

    Args:
        connection: inside a transaction of the engine's database.
        workflows: their names.

    Returns:
        Those that are not finished: they are under way, or wait in a queue.
    """
    unfinished: set[str] = set()
    for start in range(0, len(workflows), ASKED_AT_ONCE):
        unfinished |= _clear(connection, workflows[start : start + ASKED_AT_ONCE])
    return frozenset(unfinished)


def _clear(connection: Connection, names: Sequence[str]) -> set[str]:
    found = text(
        f"SELECT workflow_uuid, status FROM {table(connection)}"  # noqa: S608 - a name of ours
        " WHERE workflow_uuid IN :names"
    ).bindparams(bindparam("names", expanding=True))
    status = {row.workflow_uuid: row.status for row in connection.execute(found, {"names": names})}
    finished = [name for name, state in status.items() if state in FINISHED]
    if finished:
        _forget(connection, finished)
    return status.keys() - set(finished)


def _forget(connection: Connection, names: Sequence[str]) -> None:
    """Delete finished workflows.

    Another worker may do the same just now, and store them anew. So what belongs to a workflow is
    deleted only by whoever deleted the workflow itself: it would be that of the new one.
    """
    delete = text(
        f"DELETE FROM {table(connection)}"  # noqa: S608 - a name of ours
        " WHERE workflow_uuid IN :names AND status IN :finished RETURNING workflow_uuid"
    ).bindparams(bindparam("names", expanding=True), bindparam("finished", expanding=True))
    gone = connection.execute(delete, {"names": names, "finished": FINISHED}).scalars().all()
    for name in BELONGINGS if gone else ():
        belongings = text(
            f"DELETE FROM {table(connection, name)} WHERE workflow_uuid IN :gone"  # noqa: S608 - a name of ours
        ).bindparams(bindparam("gone", expanding=True))
        connection.execute(belongings, {"gone": gone})
