"""Runs the migrations on the connection that it is handed, inside that connection's transaction.

Alembic executes this file; nothing imports it.
"""

from __future__ import annotations

from alembic import context

from threadbot.delivery.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite undoes changes of tables too, so a migration that stops half-way leaves nothing.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
