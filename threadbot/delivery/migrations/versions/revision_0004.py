"""When threads go out: who named the time, and when sending began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns, and indexes that have what is asked for in them."""
    op.add_column(
        "threads", sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("threads", sa.Column("begun_at", sa.String(32)))
    # Only the last change of an older thread is known; that is when it went out, or a little later.
    op.execute("UPDATE threads SET begun_at = changed_at WHERE attempt > 0")
    op.execute("UPDATE threads SET by_hand = (1 = 1) WHERE state = 'approved' AND due_at IS NULL")
    op.drop_index("ix_threads_state_due_at", "threads")
    op.drop_index("ix_threads_going", "threads")
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
