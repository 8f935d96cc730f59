"""What a network answered last to a step, and the title that a thread was made with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TITLES = "UPDATE threads SET title = (SELECT title FROM articles WHERE articles.id = article_id)"


def upgrade() -> None:
    """Add two columns; of older threads only the article's present title is known."""
    op.add_column("steps", sa.Column("answer", sa.Text))
    op.add_column("threads", sa.Column("title", sa.Text, nullable=False, server_default=""))
    op.execute(_TITLES)
