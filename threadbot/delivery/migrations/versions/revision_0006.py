"""What is remembered of sources: how they are asked, their entries, and what became of those."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.String(32)
_WORD = sa.String(16)
_HASH = sa.String(64)


def upgrade() -> None:
    """Create five tables."""
    _sources()
    _subscriptions()
    _entries()
    _of_entries()


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("first_seen_at", _MOMENT),
        sa.Column("url", sa.Text),
        sa.Column("next_at", _MOMENT),
        sa.Column("interval_seconds", sa.Integer, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", _HASH),
        sa.Column("read_at", _MOMENT),
        sa.Column("checked_at", _MOMENT),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
    )
    op.create_index("ix_sources_next_at", "sources", ["next_at"])


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), primary_key=True),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("callback", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("ask_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
    )


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("version", _HASH, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("taken_at", _MOMENT),
        sa.Column("work", _WORD),
        sa.Column("entry", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("try_at", _MOMENT),
        sa.Column("error", sa.Text),
    )
    op.create_index("ix_entries_source_id_state", "entries", ["source_id", "state"])
    op.create_index("ix_entries_source_id_taken_at", "entries", ["source_id", "taken_at"])
    op.create_index("ix_entries_try_at", "entries", ["try_at"])


def _of_entries() -> None:
    op.create_table(
        "entry_keys",
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), primary_key=True),
        sa.Column("kind", _WORD, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("entries.id"), nullable=False),
    )
    op.create_table(
        "entry_threads",
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("thread_id", sa.Integer, sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("by_itself", sa.Boolean, nullable=False),
    )
