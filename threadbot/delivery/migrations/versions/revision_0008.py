"""Remembers how new what is known of an entry is, so that what is older does not undo it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.String(32)


def upgrade() -> None:
    """Add two times: by the source's clock, and by ours."""
    op.add_column("entries", sa.Column("changed_at", _MOMENT))
    op.add_column("entries", sa.Column("kept_at", _MOMENT))
