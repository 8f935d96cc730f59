"""Entries that share their text with another one, and nothing else.

Owns the doubt about them: a notice such as "This article is for subscribers" stands in many
articles, and an article may be given another title, and with it another address and guid. Where its
source's own answer shows that it was renamed, and nothing of it is decided yet, its draft is made
anew. Else nothing is posted, nothing is lost, and a person is asked. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.triggers.decisions import AskFirst, LetIn
from threadbot.triggers.keys import headline_of, letters_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threadbot.delivery.model import ThreadState
    from threadbot.triggers.decisions import Knowledge, KnownEntry
    from threadbot.triggers.entry import Entry
    from threadbot.triggers.keys import Key

# Of a thread in one of these states nothing was ever approved.
_UNDECIDED: frozenset[ThreadState] = frozenset({"draft", "superseded", "rejected"})


def is_another(entry: Entry, title: str) -> bool:
    """Tell whether an entry may be another article than the one whose text it has.

    Args:
        entry: one that is known by nothing but its text.
        title: that of the other one.
    """
    is_whole = bool(entry.guid and entry.address and entry.title)
    return is_whole and letters_of(entry.title or "") != letters_of(title)


def renamed(
    shown: Sequence[tuple[Entry, Sequence[Key]]],
    found: Sequence[KnownEntry | None],
    knowledge: Knowledge,
) -> list[KnownEntry | None]:
    """Find the known entries of which all was changed but the text, beyond those that were found.

    It is the same article where its text and its moment of publication are the same, its former
    name is not there any more, and something older is: so that did not leave at the end of what is
    shown. It counts only as long as all that was made of it are drafts.

    Args:
        shown: the articles of one reading, with their keys.
        found: the known entry that each is, by its names.
        knowledge: what is remembered.
    """
    taken = {known.id for known in found if known is not None}
    dates = [entry.published for entry, _ in shown if entry.published]
    oldest = min(dates, default=None)
    claims: dict[int, list[int]] = {}
    entries: dict[int, KnownEntry] = {}
    for place, (entry, keys) in enumerate(shown):
        date = entry.published
        if found[place] is not None or date is None or date == oldest:
            continue
        for key in keys:
            known = knowledge.entries.get(key) if key.kind == "content" else None
            if known is None or known.id in taken or not _is_undecided(known):
                continue
            headline = headline_of(known.title, date)
            if headline in knowledge.headlines.get(known.id, ()):
                entries[known.id] = known
                claims.setdefault(known.id, []).append(place)
    # Where two could be it, nobody knows which.
    sure = {places[0]: entries[row] for row, places in claims.items() if len(places) == 1}
    return [sure.get(place, known) for place, known in enumerate(found)]


def _is_undecided(known: KnownEntry) -> bool:
    """Tell whether nothing was approved or sent of it."""
    if known.state == "waiting" or (known.is_unread and not known.threads):
        return True
    states = {thread.state for thread in known.threads}
    is_begun = any(thread.begun for thread in known.threads)
    return "draft" in states <= _UNDECIDED and not is_begun


def unless_twin(new: LetIn, knowledge: Knowledge, texts: Mapping[Key, str]) -> LetIn | AskFirst:
    """Ask about an entry that would be let in, but whose text is that of another article.

    Args:
        new: the entry.
        knowledge: what is remembered.
        texts: the titles of others in the same reading, by the keys of their texts.
    """
    for key in new.keys:
        if key.kind != "content":
            continue
        known = knowledge.entries.get(key)
        title = texts.get(key) if known is None else known.title
        if title is not None and is_another(new.entry, title):
            reason = (
                f"its text is that of “{title}”, and all else differs: it may be the same article; "
                "let it in yourself if it is not"
            )
            return AskFirst(new.entry, new.keys, new.version, new.known, reason)
    return new
