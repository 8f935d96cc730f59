"""From an entry's article to drafts in the ledger, and from drafts to approved threads.

Owns what the ledger stores of that, each step in one transaction that first asks whether somebody
else was quicker; so a process may die anywhere, and the next one goes on. Composes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, select, update

from threadbot.delivery.changes import keep_article
from threadbot.delivery.claims import approve_draft
from threadbot.delivery.identity import identify
from threadbot.delivery.planning import give_times
from threadbot.delivery.records import read_thread
from threadbot.delivery.tables import entries, entry_threads, sources
from threadbot.errors import InputError
from threadbot.triggers.pauses import pause_after
from threadbot.triggers.proposing import Proposing, by_themselves
from threadbot.triggers.redrafting import redrafts
from threadbot.triggers.source_rows import threads_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Update

    from threadbot.article.model import Article
    from threadbot.delivery.timing import Timing
    from threadbot.thread.model import Thread
    from threadbot.triggers.settings import Source
    from threadbot.triggers.store import Transactions, Work

#: The pause after a first failure; each further one doubles it.
FIRST_PAUSE: Final = timedelta(minutes=1)
#: The longest pause.
LONGEST_PAUSE: Final = timedelta(hours=2)
#: How often an entry is tried before it waits for a person.
MOST_TRIES: Final = 8

_DONE: Final[dict[str, Any]] = {"work": None, "entry": None, "try_at": None, "error": None}


@dataclass(frozen=True, slots=True)
class Made:
    """An article and the threads that were made of it.

    Args:
        article: as it was read.
        place: the path or address that it was read from, or None.
        threads: one for each account.
        refused: accounts that get none, as none can be made, each with the reason in a sentence.
    """

    article: Article
    place: str | None
    threads: tuple[Thread, ...]
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of an entry's threads.

    Args:
        drafts: those that are new; none where somebody else was quicker.
        already: threads that its article had before, by another source or by hand.
        verdict: which accounts get no thread, why, and what to do, or None.
        by_themselves: drafts of the entry that nobody need approve.
    """

    drafts: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    verdict: str | None = None
    by_themselves: tuple[str, ...] = ()


class DraftBook:
    """What the ledger keeps of what is made of entries. Every `now` is in UTC.

    Args:
        ledger: where.
    """

    def __init__(self, ledger: Transactions) -> None:
        self._ledger = ledger

    def accounts(self, work: Work, source: Source) -> tuple[str, ...] | None:
        """Name the accounts that get a draft of an edited article; None for those of the source."""
        if work.stage != "revise":
            return None
        with self._ledger.reading() as connection:
            own = threads_of(connection, [work.entry_id], sandbox=source.sandbox)
            return tuple(redraft.account for redraft in redrafts([one for _, one in own]))

    def propose(self, work: Work, made: Made, source: Source, now: datetime) -> Proposed:
        """Store the drafts of an entry.

        Args:
            work: what is to be done.
            made: the article and its threads.
            source: the entry's.
            now: the present.

        Returns:
            The drafts that are new, and the threads that the article had before.
        """
        with self._ledger.writing() as connection:
            if not _is_still_open(connection, work):
                return Proposed()
            # An edited article stays the same one though its address or its file has changed.
            kept = _article_of(connection, work, source)
            identity = identify(made.article, made.place)
            article = keep_article(connection, identity, made.article.title, now, kept)
            book = Proposing(connection, work.entry_id, article, source, now)
            step = book.revise if work.stage == "revise" else book.begin
            new = tuple(name for thread in made.threads if (name := step(thread)) is not None)
            values = _DONE
            own = by_themselves(connection, work.entry_id)
            if own:
                values = _DONE | {"work": "approve", "entry": work.stored, "try_at": now}
            elif not new and book.of_another:
                reason = f"its address is that of thread {book.of_another[0]}; if it is another "
                reason += "article, publish it yourself with --again"
                values = _DONE | {"entry": work.stored, "state": "waiting", "reason": reason}
            elif not new and book.already:
                # Where that thread is a draft its owner has something to decide.
                reason = f"its article is already thread {', '.join(book.already)}"
                values = _DONE | {"error": reason}
            verdict = _verdict(work, made)
            if verdict is not None and values.get("state") is None:
                values = values | {"entry": work.stored, "error": verdict}
            connection.execute(_one(work).values(tries=0, **values))
            return Proposed(new, tuple(book.already), verdict, own)

    def approve(self, work: Work, timing: Timing, now: datetime) -> str | None:
        """Approve the drafts of an entry that need no person, and give them their times.

        Args:
            work: what is to be done.
            timing: when they are to go out.
            now: the present.

        Returns:
            What keeps them drafts, in a sentence, or None where they are approved.
        """
        try:
            with self._ledger.writing() as connection:
                if not _is_still_open(connection, work):
                    return None
                won = []
                for name in by_themselves(connection, work.entry_id):
                    row = read_thread(connection, name)
                    approval = approve_draft(connection, row, now, again=False, locked=False)
                    if approval.won:
                        won.append(approval.row)
                if won:
                    give_times(connection, won, timing, now)
                # What is wrong with other accounts' threads stays, unless it gave way to a failure.
                kept = and_(entries.c.tries == 0, entries.c.error.is_not(None))
                text = case((kept, entries.c.entry), else_=None)
                error = case((kept, entries.c.error), else_=None)
                done = _DONE | {"tries": 0, "entry": text, "error": error}
                connection.execute(_one(work).values(**done))
        except InputError as problem:
            self._leave_to_person(work, str(problem))
            return str(problem)
        return None

    def fail(self, work: Work, reason: str, now: datetime, *, for_good: bool = False) -> bool:
        """Store that an entry could not be made drafts of; after many tries it waits for a person.

        What is given up stays in the report of its source: an entry as one that waits, an edit
        and drafts that could not be approved as troubles.

        Args:
            work: what was to be done.
            reason: what is wrong, in a sentence.
            now: the present.
            for_good: whether trying again is in vain.

        Returns:
            Whether it is tried again by itself.
        """
        tries = MOST_TRIES if for_good else work.tries + 1
        pause = pause_after(tries, FIRST_PAUSE, LONGEST_PAUSE)
        values: dict[str, Any] = {"tries": tries, "error": reason, "try_at": now + pause}
        again = tries < MOST_TRIES
        if not again:
            values |= {"try_at": None, "work": None, "reason": reason}
            if work.stage == "draft":
                values["state"] = "waiting"
        if not again and work.stage == "approve":
            self._leave_to_person(work, reason)
            return False
        with self._ledger.writing() as connection:
            if _is_still_open(connection, work):
                connection.execute(_one(work).values(**values))
        return again

    def try_now(self, names: Collection[str], now: datetime) -> None:
        """Let what failed be tried at once, as somebody looks who may have mended it.

        A try before its time counts for nothing: who is impatient uses up none of those to come.

        Args:
            names: of these sources.
            now: the present.
        """
        columns = entries.c
        failed = (columns.work.is_not(None), columns.try_at > now)
        theirs = columns.source_id.in_(select(sources.c.id).where(sources.c.name.in_(names)))
        with self._ledger.writing() as connection:
            # The try that follows counts itself.
            tries = case((columns.tries > 0, columns.tries - 1), else_=0)
            early = update(entries).where(*failed, theirs).values(try_at=now, tries=tries)
            connection.execute(early)

    def _leave_to_person(self, work: Work, reason: str) -> None:
        left = _DONE | {"reason": reason, "error": reason}
        with self._ledger.writing() as connection:
            if _is_still_open(connection, work):
                connection.execute(_one(work).values(tries=0, **left))
                theirs = entry_threads.c.entry_id == work.entry_id
                connection.execute(update(entry_threads).where(theirs).values(by_itself=False))


def _verdict(work: Work, made: Made) -> str | None:
    """Say which accounts get no thread, as none can be made, and what to do."""
    if not made.refused:
        return None
    said = " ".join(f"{account} gets no thread: {why}" for account, why in made.refused.items())
    return (
        f"{said.removesuffix('.')}; `threadbot publish` posts it by hand, `threadbot poll --let-in "
        f"{work.entry_id}` tries once more when the article or the configuration is changed"
    )


def _is_still_open(connection: Connection, work: Work) -> bool:
    """Tell whether nobody else has done it, and no edit came in between."""
    columns = entries.c
    query = select(columns.work, columns.entry).where(columns.id == work.entry_id)
    found = connection.execute(query.with_for_update()).first()
    return found is not None and tuple(found) == (work.stage, work.stored)


def _article_of(connection: Connection, work: Work, source: Source) -> int | None:
    """Find the article that an entry's newest thread is of, if it has any."""
    own = threads_of(connection, [work.entry_id], sandbox=source.sandbox)
    return read_thread(connection, own[-1][1].id).article if own else None


def _one(work: Work) -> Update:
    return update(entries).where(entries.c.id == work.entry_id)
