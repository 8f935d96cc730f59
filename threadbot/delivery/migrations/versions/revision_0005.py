"""Counts how often carrying a thread began without coming to a rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "threads", sa.Column("beginnings", sa.Integer, nullable=False, server_default="0")
    )
