"""Entries that share their text with another one, and nothing else.

Owns the doubt about them: a notice such as "This article is for subscribers" stands in many
articles, and an article may be given another title, and with it another address and guid. So
nothing is posted, nothing is lost, and a person is asked. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.triggers.decisions import AskFirst, LetIn
from threadbot.triggers.keys import letters_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadbot.triggers.decisions import Knowledge
    from threadbot.triggers.entry import Entry
    from threadbot.triggers.keys import Key


def is_another(entry: Entry, title: str) -> bool:
    """Tell whether an entry may be another article than the one whose text it has.

    Args:
        entry: one that is known by nothing but its text.
        title: that of the other one.
    """
    is_whole = bool(entry.guid and entry.address and entry.title)
    return is_whole and letters_of(entry.title or "") != letters_of(title)


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
