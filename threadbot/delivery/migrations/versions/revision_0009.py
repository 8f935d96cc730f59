"""Remembers which files of a folder were taken in, and when each key of an entry was used last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create a table, and add a time."""
    op.create_table(
        "files",
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("modified", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.add_column("entry_keys", sa.Column("used_at", sa.String(32)))
    op.create_index("ix_entry_keys_entry_id", "entry_keys", ["entry_id", "kind"])
