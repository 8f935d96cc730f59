"""When threads go out: who named the time, when sending began, and what a queue is read from."""

from __future__ import annotations

import json
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MILLIONTHS = 1_000_000


def upgrade() -> None:
    """Add three columns and the indexes of the queue."""
    op.add_column(
        "threads", sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("threads", sa.Column("begun_at", sa.String(32)))
    op.add_column("threads", sa.Column("usd_millionths", sa.BigInteger))
    # Only the last change of an older thread is known; that is when it went out, or a little later.
    op.execute("UPDATE threads SET begun_at = changed_at WHERE attempt > 0")
    op.execute("UPDATE threads SET by_hand = (1 = 1) WHERE state = 'approved' AND due_at IS NULL")
    _copy_prices()
    op.drop_index("ix_threads_state_due_at", "threads")
    op.create_index(
        "ix_threads_waiting",
        "threads",
        [
            "state",
            "due_at",
            "id",
            "account",
            "sandbox",
            "by_hand",
            "network",
            "attempt",
            "changed_at",
        ],
    )
    op.create_index("ix_threads_account", "threads", ["account", "sandbox", "state", "due_at"])
    op.create_index("ix_threads_begun_at", "threads", ["begun_at", "account", "sandbox"])


def _copy_prices() -> None:
    """Set each thread's price, which stood in its text alone."""
    connection = op.get_bind()
    one = sa.text("UPDATE threads SET usd_millionths = :price WHERE id = :number")
    rows = connection.execute(sa.text("SELECT id, thread FROM threads")).all()
    for number, thread in rows:
        price = json.loads(thread).get("price_usd")
        if price is not None:
            values = {"price": int(Decimal(price) * _MILLIONTHS), "number": number}
            connection.execute(one, values)
