"""The ledger's part on sources: what was seen of them, and what is still to be done.

Owns the transactions: an answer is stored together with what becomes of its entries, so that a
process that dies loses neither, and two that look at once let an entry in once. Decides nothing
(`intake` does), and makes no thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import select, update

from threadbot.delivery.tables import entries, sources
from threadbot.triggers.decisions import Overtaken
from threadbot.triggers.entry import Entry
from threadbot.triggers.entry_rows import let_in, remember
from threadbot.triggers.file_rows import keep_files, known_files
from threadbot.triggers.grouping import grouped
from threadbot.triggers.intake import decide
from threadbot.triggers.polling import first_poll
from threadbot.triggers.source_report import Report, read_report
from threadbot.triggers.source_rows import (
    VALIDATORS,
    SourceRow,
    find_source,
    keep_poll,
    knowledge,
    source_row,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Protocol

    from sqlalchemy import Connection

    from threadbot.triggers.decisions import Decision, Knowledge
    from threadbot.triggers.folder_state import Sight, Taken
    from threadbot.triggers.keys import Key
    from threadbot.triggers.polling import Poll
    from threadbot.triggers.settings import Source

    class Transactions(Protocol):
        """Gives transactions; `delivery.ledger.Ledger` is one."""

        def reading(self) -> AbstractContextManager[Connection]:
            """Give a connection that sees one state and cannot change it."""

        def writing(self) -> AbstractContextManager[Connection]:
            """Give a connection whose changes are stored together, or not at all."""


#: What is to be done with an entry: make drafts, make them anew, or approve what is made.
Stage: TypeAlias = Literal["draft", "revise", "approve"]


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is still to be done with an entry.

    Args:
        entry_id: its row.
        source: the name of its source.
        stage: what.
        entry: as it was seen last.
        stored: the same, as it is stored.
        tries: how often that was tried in vain.
        damage: why the entry cannot be read any more, in a sentence, or None; it is but named then.
    """

    entry_id: int
    source: str
    stage: Stage
    entry: Entry
    stored: str
    tries: int
    damage: str | None = None

    @property
    def needs_page(self) -> bool:
        """Whether the page of the article has to be fetched for it."""
        return self.stage != "approve" and self.entry.source is None and self.entry.needs_page


_WORK = select(
    entries.c.id,
    sources.c.name,
    entries.c.work,
    entries.c.entry,
    entries.c.tries,
    entries.c.title,
).join(sources, sources.c.id == entries.c.source_id)


class SourceStore:
    """What the ledger keeps of sources. Every `now` is in UTC.

    Args:
        ledger: where.
    """

    def __init__(self, ledger: Transactions) -> None:
        self._ledger = ledger

    def row(self, source: Source, now: datetime) -> SourceRow:
        """Give what is remembered of a source; one that is new, or elsewhere, begins anew."""
        with self._ledger.writing() as connection:
            return find_source(connection, source, now)

    def begin(self, chosen: Iterable[Source], now: datetime) -> None:
        """Let the ledger know of sources, in one transaction; those it knows stay as they are.

        Many feeds that are new are not all due at once.
        """
        with self._ledger.writing() as connection:
            query = select(sources.c.name, sources.c.place)
            known = {(row.name, row.place) for row in connection.execute(query)}
            found = [(one, find_source(connection, one, now).id) for one in chosen]
            new = [
                (source.url, source.pace, row)
                for source, row in found
                if source.url and (source.name, source.place) not in known
            ]
            for place, (url, pace, row) in enumerate(new):
                poll = first_poll(url, now, pace, place, len(new))
                if poll.next_at != now:
                    one = update(sources).where(sources.c.id == row)
                    connection.execute(one.values(next_at=poll.next_at))

    def look_up(
        self, row: SourceRow, source: Source, keys: frozenset[Key], now: datetime
    ) -> Knowledge:
        """Give what is known of entries that have any of the keys."""
        with self._ledger.reading() as connection:
            return knowledge(connection, row, source, keys, now)

    def take_in(
        self,
        source: Source,
        seen: Sequence[Entry],
        now: datetime,
        poll: Poll | None = None,
        problem: str | None = None,
        taken: Taken | None = None,
    ) -> tuple[Decision, ...]:
        """Decide on what a source shows, and store that, in one transaction.

        Args:
            source: as configured.
            seen: its entries, the newest first.
            now: the present.
            poll: what to remember of asking it; None for what is no feed.
            problem: what is wrong with it, for what is no feed.
            taken: of a folder, what to remember of its files.

        Returns:
            What becomes of each article; what is to be done about it is stored.
        """
        articles = grouped(seen)  # others must not wait for this
        keys = frozenset(key for article in articles for key in article.keys)
        with self._ledger.writing() as connection:
            row = find_source(connection, source, now)
            known = knowledge(connection, row, source, keys, now)
            is_part = taken is not None and taken.more
            rules = replace(source.rules, first_run="none") if is_part else source.rules
            decisions = decide(seen, known, rules, now, articles)
            remember(connection, row.id, decisions, known, now)
            if poll is not None:
                keep_poll(connection, row.id, poll)
            if taken is not None:
                keep_files(connection, row.id, taken.files)
            one = update(sources).where(sources.c.id == row.id)
            if row.first_seen is None and not is_part:
                connection.execute(one.values(first_seen_at=now))
            if source.kind != "feed":
                # What a hub delivers says nothing of whether its feed can be asked.
                connection.execute(one.values(checked_at=now, error=problem))
            elif poll is None or any(isinstance(decision, Overtaken) for decision in decisions):
                # A hub may deliver late, and what was overtaken may have been right: the feed has
                # the last word, so the next answer must not be that nothing is new.
                connection.execute(one.values(dict.fromkeys(VALIDATORS)))
            return decisions

    def files(self, source: Source) -> dict[str, Sight]:
        """Give the files of a folder that were taken in, by path."""
        with self._ledger.reading() as connection:
            return known_files(connection, source)

    def keep_poll(self, source: Source, poll: Poll, now: datetime) -> None:
        """Store what is remembered of asking a feed of which nothing new was read."""
        with self._ledger.writing() as connection:
            keep_poll(connection, find_source(connection, source, now).id, poll)

    def keep_problem(self, source: Source, problem: str, now: datetime) -> None:
        """Store that a source that is no feed could not be looked at."""
        with self._ledger.writing() as connection:
            one = update(sources).where(sources.c.id == find_source(connection, source, now).id)
            connection.execute(one.values(checked_at=now, error=problem))

    def ask_now(self, name: str, now: datetime) -> None:
        """Let a feed be asked at once, as its hub tells of news."""
        with self._ledger.writing() as connection:
            one = update(sources).where(sources.c.name == name, sources.c.next_at.is_not(None))
            connection.execute(one.values(next_at=now))

    def due(self, names: Container[str], now: datetime, limit: int) -> tuple[str, ...]:
        """Name the feeds that are to be asked, the longest overdue first.

        Args:
            names: those that count; the ledger may know more, which are not configured any more.
            now: the present.
            limit: how many at most; less than none is none.
        """
        columns = sources.c
        query = select(columns.name).where(columns.next_at <= now).order_by(columns.next_at)
        # What is not read to its end is closed before its connection is used by somebody else: in
        # SQLite it would still see the former state there, and nothing could be written.
        with self._ledger.reading() as connection, connection.execute(query) as found:
            return tuple(islice((name for (name,) in found if name in names), max(0, limit)))

    def work(
        self,
        names: Container[str],
        now: datetime,
        limit: int,
        without: Container[int] = frozenset(),
    ) -> tuple[Work, ...]:
        """Give what is to be done with entries, the oldest first.

        Args:
            names: the sources that are meant.
            now: the present; what failed waits until its time.
            limit: how much at most.
            without: entries that are left out.
        """
        columns = entries.c
        # Of those that are left out there may be very many: their texts are not read.
        query = (
            select(columns.id, sources.c.name)
            .join(sources, sources.c.id == columns.source_id)
            .where(columns.try_at <= now)
            .order_by(columns.try_at, columns.id)
        )
        with self._ledger.reading() as connection:
            with connection.execute(query) as rows:
                wanted = (one for one, name in rows if name in names and one not in without)
                chosen = list(islice(wanted, limit))
            read = connection.execute(_WORK.where(columns.id.in_(chosen)))
            found = {row.id: _work(*row) for row in read}
        return tuple(found[one] for one in chosen)

    def work_with(self, entry_id: int) -> Work | None:
        """Give what is to be done with an entry, whether or not it is time; None for nothing."""
        query = _WORK.where(entries.c.id == entry_id, entries.c.work.is_not(None))
        with self._ledger.reading() as connection:
            found = connection.execute(query).first()
        return None if found is None else _work(*found)

    def let_in(self, entry_id: int, names: Collection[str], now: datetime) -> str:
        """Let an entry in that waits for a person, or try an edit again that was given up.

        Args:
            entry_id: as `threadbot sources` shows it.
            names: the sources that are configured.
            now: the present.

        Returns:
            The name of its source.

        Raises:
            InputError: no such entry waits.
        """
        with self._ledger.writing() as connection:
            return let_in(connection, entry_id, names, now)

    def report(self, source: Source) -> Report:
        """Say how a source is doing."""
        with self._ledger.reading() as connection:
            query = select(sources).where(
                sources.c.name == source.name, sources.c.place == source.place
            )
            found = connection.execute(query).mappings().first()
            if found is None:
                return Report()
            return read_report(connection, source_row(found), sandbox=source.sandbox)


def _work(entry_id: int, name: str, stage: Stage, stored: str, tries: int, title: str) -> Work:
    try:
        return Work(entry_id, name, stage, Entry.from_json(stored), stored, tries)
    except ValueError:
        # Whoever carries out what is to be done says so, and goes on with the next.
        damage = "what the ledger holds of it is damaged: publish it by its address"
        return Work(entry_id, name, stage, Entry(title=title), stored, tries, damage)
