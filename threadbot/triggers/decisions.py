"""The values that intake takes and gives: rules, what is known of a source, decisions.

Owns their shapes and their meanings; the deciding is in `intake`. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from threadbot.triggers.wanted import Filter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from threadbot.delivery.model import ThreadState
    from threadbot.triggers.entry import Entry
    from threadbot.triggers.keys import Key

FirstRun: TypeAlias = Literal["none", "latest"]
#: How an entry is remembered: `stock` was there before us or is of the archive; `filtered` was not
#: wanted; `waiting` is above a cap; `taken` was let in.
EntryState: TypeAlias = Literal["stock", "filtered", "waiting", "taken"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the owner of a source allows.

    Args:
        first_run: whether the first sight posts nothing, or the latest entry.
        max_per_day: the most entries that are let in within 24 hours; None for no cap.
        max_backlog: the most entries that may be under way, let in and not yet out; None for no
            cap.
        wanted: which entries.
    """

    first_run: FirstRun = "none"
    max_per_day: int | None = 10
    max_backlog: int | None = 5
    wanted: Filter = field(default_factory=Filter)


@dataclass(frozen=True, slots=True)
class EntryThread:
    """A thread that was made of an entry, in the ledger.

    Args:
        id: its short name.
        account: its account's name.
        state: where it stands.
        begun: whether sending was ever begun.
    """

    id: str
    account: str
    state: ThreadState
    begun: bool = False


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry as it is remembered.

    Args:
        id: its row.
        state: what became of it.
        version: as `keys.version_of` gave it when it was seen last.
        threads: all that were made of it, the sandbox's aside.
        changed: when that version was made, by the clock of its source, where it says so.
        kept_at: when the source was asked for that version, or brought it, by our clock.
        is_unread: whether its text is stored, as its article is still to be read.
        title: how messages name it.
    """

    id: int
    state: EntryState
    version: str
    threads: tuple[EntryThread, ...] = ()
    changed: datetime | None = None
    kept_at: datetime | None = None
    is_unread: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is remembered of a source.

    Args:
        first_seen: when stock was taken of it at its present address, or was set up, for a source
            that has no stock (a webhook); None where this is the first sight.
        entries: those that have any of the keys in question (`keys_to_look_up`).
        let_in_today: entries let in within the last 24 hours.
        backlog: entries let in that will go out without anybody doing more, and are not yet out:
            their threads are approved or scheduled. Drafts that wait for a person are none.
        is_bare: whether it is a feed of which no entry was ever seen, as it was empty so far.
        headlines: the keys of that kind of entries that only a text leads to, by their rows.
    """

    first_seen: datetime | None
    entries: Mapping[Key, KnownEntry]
    let_in_today: int = 0
    backlog: int = 0
    is_bare: bool = False
    headlines: Mapping[int, frozenset[Key]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What becomes of an entry.

    Args:
        entry: as the source gives it now.
        keys: to remember it by, besides those it is remembered by.
        version: to remember.
        known: the row of the entry that it is, or None where it needs a new one.
        reason: why, in a sentence for people.
    """

    entry: Entry
    keys: tuple[Key, ...]
    version: str
    known: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class LetIn(_Decision):
    """Read the article and make a draft of it for each account of the source; it is `taken`."""


@dataclass(frozen=True, slots=True)
class AskFirst(_Decision):
    """Remember the entry as `waiting` until a person lets it in.

    A draft that only a person can approve, whatever the source's own approval, comes to the same.
    """


@dataclass(frozen=True, slots=True)
class PassOver(_Decision):
    """Remember the entry, and post nothing.

    Args:
        state: how it is remembered.
    """

    state: Literal["stock", "filtered"]


@dataclass(frozen=True, slots=True)
class Redraft:
    """Make a draft of the article as it is now.

    Args:
        account: for this account.
        replaces: the draft that it supersedes at once; None where what was approved stays as it
            is, until somebody approves this one.
    """

    account: str
    replaces: str | None


@dataclass(frozen=True, slots=True)
class Revise(_Decision):
    """The article was edited: remember that, and make drafts anew.

    Args:
        drafts: at least one. One that comes out as the thread in its place is needs nothing done.
    """

    drafts: tuple[Redraft, ...]


@dataclass(frozen=True, slots=True)
class Leave(_Decision):
    """Remember what is new of a known entry (keys, version, the entry itself), and do nothing."""


@dataclass(frozen=True, slots=True)
class Overtaken(_Decision):
    """Remember nothing of this: what is known of the entry is newer."""


Decision: TypeAlias = LetIn | AskFirst | PassOver | Revise | Leave | Overtaken
