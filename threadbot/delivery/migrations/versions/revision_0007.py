"""Marks threads whose words were pruned, and finds those that are to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_FINISHED = sa.text(
    "fingerprints IS NULL AND "
    "state IN ('published', 'deleted', 'rejected', 'superseded', 'cancelled')"
)


def upgrade() -> None:
    """Add the column, and the index of what is finished and not pruned."""
    op.add_column("threads", sa.Column("fingerprints", sa.Text))
    op.create_index(
        "ix_threads_finished",
        "threads",
        ["changed_at"],
        sqlite_where=_FINISHED,
        postgresql_where=_FINISHED,
    )
