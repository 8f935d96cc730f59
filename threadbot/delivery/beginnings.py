"""How often the carrying of a thread began without coming to a rest.

Owns that count, by which a thread is found that ends the process again and again; what follows from
it, `worker.carrying` says.
"""

from __future__ import annotations

from sqlalchemy import select, update

from threadbot.delivery.accounts import AccountBook
from threadbot.delivery.changes import clear_beginnings
from threadbot.delivery.records import row_number
from threadbot.delivery.tables import threads


class BeginningBook(AccountBook):
    """The ledger's part on beginnings."""

    def note_beginning(self, thread_id: str) -> int:
        """Note that a thread is carried; give how often that began without coming to a rest."""
        with self._writing() as connection:
            one = update(threads).where(threads.c.id == row_number(thread_id))
            connection.execute(one.values(beginnings=threads.c.beginnings + 1))
            query = select(threads.c.beginnings).where(threads.c.id == row_number(thread_id))
            return int(connection.execute(query).scalar_one())

    def beginnings(self, thread_id: str) -> int:
        """Give how often carrying a thread began without coming to a rest."""
        with self._reading() as connection:
            query = select(threads.c.beginnings).where(threads.c.id == row_number(thread_id))
            return int(connection.execute(query).scalar_one())

    def note_rest(self, thread_id: str) -> None:
        """Note that a thread that was carried came to a rest."""
        with self._writing() as connection:
            clear_beginnings(connection, thread_id)
