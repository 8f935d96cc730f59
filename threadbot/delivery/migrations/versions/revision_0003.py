"""What lists show of a thread, indexes for long queues, and facts about the ledger as a whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('draft', 'approved', 'scheduled', 'sending', 'held')")
_GOING = sa.text("state IN ('approved', 'scheduled', 'sending')")

# A thread that is damaged is found when it is read.
_FILL_SQLITE = """
UPDATE threads SET
    posts = json_array_length(thread, '$.posts'),
    price_usd_millionths =
        CAST(ROUND(json_extract(thread, '$.price_usd') * 1000000) AS INTEGER)
WHERE CASE WHEN json_valid(thread) THEN json_type(thread, '$.posts') = 'array' ELSE 0 END
"""
_FILL_POSTGRESQL = """
UPDATE threads SET
    posts = json_array_length(thread::json -> 'posts'),
    price_usd_millionths = (thread::json ->> 'price_usd')::numeric * 1000000
"""


def upgrade() -> None:
    """Add two columns, filled from what is stored, two indexes and a table."""
    op.add_column("threads", sa.Column("posts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("threads", sa.Column("price_usd_millionths", sa.BigInteger))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_FILL_SQLITE if is_sqlite else _FILL_POSTGRESQL)
    order: list[sa.ColumnElement[str]] = [
        sa.func.coalesce(sa.column("due_at"), sa.text("''")),
        sa.column("id"),
    ]
    for name, states in (("open", _OPEN), ("going", _GOING)):
        op.create_index(
            f"ix_threads_{name}", "threads", order, sqlite_where=states, postgresql_where=states
        )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
