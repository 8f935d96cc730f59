"""The first tables: articles, threads, claims, plans, steps, receipts, sessions, spend."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.String(32)
_STATE = sa.String(16)
_HASH = sa.String(64)


def upgrade() -> None:
    """Create all tables."""
    _articles()
    _threads()
    _deliveries()
    _accounts()


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("address", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("content_hash", _HASH, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    for column in ("address", "source", "content_hash"):
        op.create_index(f"ix_articles_{column}", "articles", [column])


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.Integer, sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("network", sa.String(16), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("state", _STATE, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("content_hash", _HASH, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("hold", sa.String(16)),
        sa.Column("reason", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_threads_article_id", "threads", ["article_id"])
    op.create_index("ix_threads_state_due_at", "threads", ["state", "due_at"])
    op.create_table(
        "claims",
        sa.Column("article_id", sa.Integer, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("sandbox", sa.Boolean, primary_key=True),
        sa.Column("thread_id", sa.Integer, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("thread_id", name="uq_claims_thread_id"),
    )


def _deliveries() -> None:
    op.create_table(
        "plans",
        sa.Column("thread_id", sa.Integer, sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("prepared_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "steps",
        sa.Column("thread_id", sa.Integer, sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", _STATE, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("doubted", sa.Boolean, nullable=False),
        sa.Column("not_before", _MOMENT),
        sa.Column("changed_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "receipts",
        sa.Column("thread_id", sa.Integer, sa.ForeignKey("threads.id"), primary_key=True),
        sa.Column("post", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("cid", sa.Text),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
    )


def _accounts() -> None:
    op.create_table(
        "sessions",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("session", sa.Text, nullable=False),
    )
    op.create_table(
        "spend",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("thread_id", sa.Integer, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("usd_millionths", sa.BigInteger, nullable=False),
        sa.Column("spent_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_spend_account_spent_at", "spend", ["account", "spent_at"])
