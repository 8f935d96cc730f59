"""A store of sources in memory: what the ledger does for intake, without a database.

Owns the memory alone; what becomes of an entry is decided by the code under test.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from threadbot.triggers.decisions import (
    AskFirst,
    Decision,
    EntryState,
    EntryThread,
    Knowledge,
    KnownEntry,
    LetIn,
    PassOver,
    Revise,
    Rules,
)
from threadbot.triggers.entry import Entry
from threadbot.triggers.intake import decide, keys_to_look_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.delivery.model import ThreadState
    from threadbot.triggers.keys import Key

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
#: Enough words to be known by.
LONG = "The mill at the river was built by hand and has stood still since the flood. " * 8


def article(number: int, **changes: object) -> Entry:
    """Make an entry as a feed gives it; `number` makes it another one, and later."""
    made = Entry(
        guid=f"https://example.com/?p={number}",
        address=f"https://example.com/article-{number}/",
        title=f"Article {number}",
        content=f"<p>Text {number}. {LONG}</p>",
        published=START + timedelta(minutes=number),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass
class Memory:
    """What is remembered of one source with two accounts.

    Args:
        rules: what its owner allows.
        first_seen: when stock was taken of it.
    """

    rules: Rules = field(default_factory=lambda: Rules(max_per_day=None, max_backlog=None))
    first_seen: datetime | None = None
    known: dict[int, KnownEntry] = field(default_factory=dict)
    owners: dict[Key, int] = field(default_factory=dict)
    #: The titles of all entries that were let in, in order.
    let_in: list[str] = field(default_factory=list)
    let_in_at: list[datetime] = field(default_factory=list)

    def see(self, *entries: Entry, now: datetime = START) -> tuple[Decision, ...]:
        """Take in one reading of the source, and remember it."""
        knowledge = self.recall(keys_to_look_up(entries), now)
        decisions = decide(entries, knowledge, self.rules, now)
        self.remember(decisions, now)
        return decisions

    def recall(self, keys: frozenset[Key], now: datetime) -> Knowledge:
        """Give what is remembered."""
        day_ago = now - timedelta(days=1)
        headlines: defaultdict[int, set[Key]] = defaultdict(set)
        for key, row in self.owners.items():
            if key.kind == "headline":
                headlines[row].add(key)
        return Knowledge(
            first_seen=self.first_seen,
            entries={key: self.known[self.owners[key]] for key in keys if key in self.owners},
            let_in_today=sum(moment > day_ago for moment in self.let_in_at),
            headlines={row: frozenset(keys) for row, keys in headlines.items()},
            backlog=sum(_is_open(entry) for entry in self.known.values()),
        )

    def remember(self, decisions: Sequence[Decision], now: datetime, *, seen: bool = True) -> None:
        """Carry decisions out.

        Args:
            decisions: in their order.
            now: the time.
            seen: whether the source was read at all.
        """
        if seen:
            self.first_seen = self.first_seen or now
        for decision in decisions:
            self._carry_out(decision, now)

    def move(self, entry: Entry, state: ThreadState, *, account: str = "") -> None:
        """Change the state of an entry's newest thread, on one account or on all."""
        row = self._row(entry)
        newest = {thread.account: thread.id for thread in self.known[row].threads}
        threads = tuple(
            replace(thread, state=state, begun=thread.begun or state in {"sending", "published"})
            if thread.id == newest[thread.account] and thread.account.startswith(account)
            else thread
            for thread in self.known[row].threads
        )
        self.known[row] = replace(self.known[row], threads=threads)

    def states(self, entry: Entry) -> list[str]:
        """Name account and state of each thread of an entry."""
        return [
            f"{thread.account} {thread.state}" for thread in self.known[self._row(entry)].threads
        ]

    def _row(self, entry: Entry) -> int:
        return next(self.owners[key] for key in keys_to_look_up([entry]) if key in self.owners)

    def _carry_out(self, decision: Decision, now: datetime) -> None:
        row = len(self.known) if decision.known is None else decision.known
        for key in decision.keys:
            self.owners.setdefault(key, row)
        before = self.known.get(row)
        threads = () if before is None else before.threads
        state: EntryState = "taken" if before is None else before.state
        match decision:
            case LetIn():
                self.let_in.append(decision.entry.said)
                self.let_in_at.append(now)
                state = "taken"
                threads = tuple(_draft(row, threads, account) for account in ("x", "bluesky"))
            case AskFirst():
                state = "waiting"
            case PassOver():
                state = decision.state
            case Revise():
                threads = _revised(row, threads, decision)
        self.known[row] = KnownEntry(
            row, state, decision.version, threads, title=decision.entry.said
        )


def _draft(row: int, threads: Sequence[EntryThread], account: str) -> EntryThread:
    return EntryThread(f"{row}-{account}-{len(threads)}", account, "draft")


def _revised(
    row: int, threads: tuple[EntryThread, ...], decision: Revise
) -> tuple[EntryThread, ...]:
    for draft in decision.drafts:
        kept = tuple(
            replace(one, state="superseded") if one.id == draft.replaces else one for one in threads
        )
        threads = (*kept, _draft(row, threads, draft.account))
    return threads


def _is_open(entry: KnownEntry) -> bool:
    # Drafts, too: as if this source approved them by itself.
    return any(thread.state in {"draft", "approved", "scheduled"} for thread in entry.threads)


def kinds(decisions: Sequence[Decision]) -> list[str]:
    """Name the decisions, in order."""
    return [type(decision).__name__ for decision in decisions]
