"""The ledger's tables, as the newest migration leaves them.

Owns names, types and keys; a test compares them with what the migrations make. Never runs a query.

Times are ISO 8601 text in UTC of one length, so that they sort as text and can be read by people;
money is whole millionths of a US dollar.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    false,
    func,
    text,
    type_coerce,
)

from threadbot.delivery.utc_time import UtcTime

#: The versions that a ledger may have, the newest last; each has a file in `migrations/versions`.
VERSIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")

metadata = MetaData()

_LANE = ("account", "sandbox", "by_hand")
_MORE = ("network", "attempt", "changed_at")

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", Text, index=True),
    Column("source", Text, index=True),
    Column("content_hash", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

threads = Table(
    "threads",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), nullable=False, index=True),
    Column("account", Text, nullable=False),
    Column("network", String(16), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("hold", String(16)),
    Column("reason", Text),
    Column("beginnings", Integer, nullable=False, server_default="0"),
    # What a list shows of the thread, so that it need not be read for that.
    Column("posts", Integer, nullable=False, server_default="0"),
    Column("price_usd_millionths", BigInteger),
    Column("by_hand", Boolean, nullable=False, server_default=false()),
    Column("begun_at", UtcTime),
    # Of a thread whose words were pruned: what still tells whether others say the same, as JSON.
    Column("fingerprints", Text),
    # What is due, and what an account has before it, is read from these alone: a thread's text lies
    # before the later columns of its row, and reading past it takes long.
    Index("ix_threads_waiting", "state", "due_at", "id", *_LANE, *_MORE),
    Index("ix_threads_account", "account", "sandbox", "state", "due_at"),
    Index("ix_threads_begun_at", "begun_at", "account", "sandbox"),
    sqlite_autoincrement=True,
)

#: The moment by which threads that wait are ordered: those without one come first.
ORDER: ColumnElement[str] = func.coalesce(type_coerce(threads.c.due_at, String), text("''"))
#: The states of a thread that is not done with, written exactly as in the index below, or it would
#: not be used.
OPEN: TextClause = text("state IN ('draft', 'approved', 'scheduled', 'sending', 'held')")

#: What is done with and was not pruned yet, written as in its index for the same reason.
FINISHED: TextClause = text(
    "fingerprints IS NULL AND "
    "state IN ('published', 'deleted', 'rejected', 'superseded', 'cancelled')"
)

Index("ix_threads_open", ORDER, threads.c.id, sqlite_where=OPEN, postgresql_where=OPEN)

Index(
    "ix_threads_finished",
    threads.c.changed_at,
    sqlite_where=FINISHED,
    postgresql_where=FINISHED,
)

#: Who may post an article to an account: one thread at most.
claims = Table(
    "claims",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("sandbox", Boolean, primary_key=True),
    Column("thread_id", Integer, ForeignKey("threads.id"), nullable=False),
    Column("taken_at", UtcTime, nullable=False),
    UniqueConstraint("thread_id", name="uq_claims_thread_id"),
)

plans = Table(
    "plans",
    metadata,
    Column("thread_id", Integer, ForeignKey("threads.id"), primary_key=True),
    Column("plan", Text, nullable=False),
    Column("prepared_at", UtcTime, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("thread_id", Integer, ForeignKey("threads.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("doubted", Boolean, nullable=False),
    Column("not_before", UtcTime),
    Column("answer", Text),
    Column("changed_at", UtcTime, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("thread_id", Integer, ForeignKey("threads.id"), primary_key=True),
    Column("post", Integer, primary_key=True, autoincrement=False),
    Column("uri", Text, nullable=False),
    Column("cid", Text),
    Column("url", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("account", Text, primary_key=True),
    Column("session", Text, nullable=False),
)

spend = Table(
    "spend",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False),
    Column("thread_id", Integer, ForeignKey("threads.id"), nullable=False),
    Column("usd_millionths", BigInteger, nullable=False),
    Column("spent_at", UtcTime, nullable=False),
    Index("ix_spend_account_spent_at", "account", "spent_at"),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("place", Text, nullable=False),
    Column("first_seen_at", UtcTime),
    Column("url", Text),
    Column("next_at", UtcTime, index=True),
    Column("interval_seconds", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("read_at", UtcTime),
    Column("checked_at", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("source_id", Integer, ForeignKey("sources.id"), primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ask_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("reason", Text),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", Integer, ForeignKey("sources.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("taken_at", UtcTime),
    # What is still to be done with it, and the entry until that is done.
    Column("work", String(16)),
    Column("entry", Text),
    Column("tries", Integer, nullable=False),
    Column("try_at", UtcTime),
    Column("error", Text),
    # How new that is: by the source's clock, and by ours.
    Column("changed_at", UtcTime),
    Column("kept_at", UtcTime),
    Index("ix_entries_source_id_state", "source_id", "state"),
    Index("ix_entries_source_id_taken_at", "source_id", "taken_at"),
    Index("ix_entries_try_at", "try_at"),
)

entry_keys = Table(
    "entry_keys",
    metadata,
    Column("source_id", Integer, ForeignKey("sources.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("entry_id", Integer, ForeignKey("entries.id"), nullable=False),
    # When it came, or was last that of an edit; of what came before version 0009 nobody knows.
    Column("used_at", UtcTime),
    Index("ix_entry_keys_entry_id", "entry_id", "kind"),
)

#: The files of a folder as they were taken in: while they look the same there is nothing new.
files = Table(
    "files",
    metadata,
    Column("source_id", Integer, ForeignKey("sources.id"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    # Nanoseconds.
    Column("modified", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)

#: The threads that were made of an entry; one that is `by_itself` needs nobody's approval.
entry_threads = Table(
    "entry_threads",
    metadata,
    Column("entry_id", Integer, ForeignKey("entries.id"), primary_key=True),
    Column("thread_id", Integer, ForeignKey("threads.id"), primary_key=True),
    Column("by_itself", Boolean, nullable=False),
)

#: What is to be known of the ledger as a whole.
facts = Table(
    "facts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
