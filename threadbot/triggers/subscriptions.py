"""The ledger's part on WebSub: which hub was asked for which feed, and under which address of ours.

Owns these rows, each change in one transaction; what becomes of a subscription `websub` says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select, update

from threadbot.delivery.tables import sources, subscriptions
from threadbot.triggers.websub import Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from threadbot.triggers.store import Transactions


_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


class SubscriptionBook:
    """What the ledger keeps of subscriptions.

    Args:
        ledger: where.
    """

    def __init__(self, ledger: Transactions) -> None:
        self._ledger = ledger

    def of_source(self, name: str) -> Subscription | None:
        """Give the subscription of a source, or None."""
        with self._ledger.reading() as connection:
            found = _find(connection, sources.c.name == name)
            return None if found is None else _subscription(found)

    def of_token(self, token: str) -> tuple[str, Subscription] | None:
        """Give the subscription whose callback ends in a token, with its source's name."""
        # A stranger may ask for anything, and no database has to take that.
        if not _TOKEN.fullmatch(token):
            return None
        with self._ledger.reading() as connection:
            found = _find(connection, subscriptions.c.token == token)
            return None if found is None else (found["name"], _subscription(found))

    def all(self) -> dict[str, Subscription]:
        """Give all subscriptions by their sources' names, also of those that are gone."""
        with self._ledger.reading() as connection:
            query = select(subscriptions, sources.c.name).join(sources)
            found = connection.execute(query).mappings()
            return {row["name"]: _subscription(row) for row in found}

    def due(self, names: Container[str], now: datetime) -> tuple[tuple[str, str], ...]:
        """Name the sources whose hub is to be asked, each with its hub, the longest overdue first.

        Args:
            names: the sources that count; the ledger may know more, which are not configured any
                more.
            now: the present.
        """
        query = (
            select(sources.c.name, subscriptions.c.hub)
            .join(sources, sources.c.id == subscriptions.c.source_id)
            .where(subscriptions.c.ask_at <= now)
            .order_by(subscriptions.c.ask_at)
        )
        with self._ledger.reading() as connection:
            found = connection.execute(query)
            return tuple((name, hub) for name, hub in found if name in names)

    def begin(self, name: str, token: str, subscription: Subscription) -> None:
        """Store a new subscription of a source in place of an older one."""
        with self._ledger.writing() as connection:
            query = select(sources.c.id).where(sources.c.name == name)
            # Another worker may begin one at the same time.
            number = connection.execute(query.with_for_update()).scalar_one()
            connection.execute(delete(subscriptions).where(subscriptions.c.source_id == number))
            values = {"source_id": number, "token": token} | _values(subscription)
            connection.execute(insert(subscriptions).values(values))

    def change(self, name: str, after: Callable[[Subscription], Subscription]) -> None:
        """Change a subscription as it is by now, in one transaction.

        Args:
            name: its source's name.
            after: gives what is to be remembered.
        """
        with self._ledger.writing() as connection:
            found = _find(connection, sources.c.name == name)
            if found is not None:
                mine = subscriptions.c.source_id == found["source_id"]
                values = _values(after(_subscription(found)))
                connection.execute(update(subscriptions).where(mine).values(values))


def _find(connection: Connection, condition: ColumnElement[bool]) -> RowMapping | None:
    query = (
        select(subscriptions, sources.c.name)
        .join(sources, sources.c.id == subscriptions.c.source_id)
        .where(condition)
    )
    return connection.execute(query).mappings().first()


def _subscription(row: RowMapping) -> Subscription:
    return Subscription(
        hub=row["hub"],
        topic=row["topic"],
        callback=row["callback"],
        secret=row["secret"],
        state=row["state"],
        ask_at=row["ask_at"],
        expires_at=row["expires_at"],
        failures=row["failures"],
        reason=row["reason"],
    )


def _values(one: Subscription) -> dict[str, str | int | datetime | None]:
    return {
        "hub": one.hub,
        "topic": one.topic,
        "callback": one.callback,
        "secret": one.secret,
        "state": one.state,
        "ask_at": one.ask_at,
        "expires_at": one.expires_at,
        "failures": one.failures,
        "reason": one.reason,
    }
