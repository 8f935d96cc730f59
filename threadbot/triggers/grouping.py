"""What stands twice in one reading of a source.

Owns which entries are brought together before anything is decided of them, and which are left out.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from threadbot.triggers.keys import Key, telling_keys, version_of
from threadbot.triggers.twins import is_another

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.triggers.decisions import KnownEntry
    from threadbot.triggers.entry import Entry


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one reading that are the same article.

    Args:
        entry: the one that stands first.
        keys: those of all.
        version: of the first.
    """

    entry: Entry
    keys: tuple[Key, ...]
    version: str


def grouped(entries: Sequence[Entry]) -> list[Group]:
    """Bring together what is the same article twice in one reading; it takes the longest."""
    groups: dict[int, tuple[Entry, dict[Key, None]]] = {}
    place_of: dict[Key, int] = {}
    for place, (entry, keys) in enumerate(zip(entries, telling_keys(entries), strict=True)):
        others = {
            key: place_of[key]
            for key in keys
            if key in place_of
            and not (key.kind == "content" and is_another(entry, groups[place_of[key]][0].said))
        }
        same = sorted(set(others.values()))
        merged = [groups.pop(other) for other in same]
        first, every = merged[0] if merged else (entry, {})
        for _, further in merged[1:]:
            every |= further
        every |= dict.fromkeys(keys)
        home = same[0] if same else place
        groups[home] = (first, every)
        moved = [key for _, further in merged[1:] for key in further]
        place_of.update(dict.fromkeys((*keys, *moved), home))
    # Its version is made once for each, as that of a long text takes long.
    ordered = (groups[place] for place in sorted(groups))
    return [Group(first, tuple(every), version_of(first)) for first, every in ordered]


def each_once(
    groups: Sequence[Group], found: Sequence[KnownEntry | None]
) -> list[tuple[Group, KnownEntry | None]]:
    """Leave out what is known as the same article as another, where that is there as it is known.

    A feed may go on showing an article under two names that were found to be one: each would be an
    edit of the other in every reading.
    """
    pairs = list(zip(groups, found, strict=True))
    unchanged = {known.id for group, known in pairs if known and known.version == group.version}
    kept: list[tuple[Group, KnownEntry | None]] = []
    others: dict[int, dict[Key, None]] = {}
    for group, known in pairs:
        if known is None or known.version == group.version or known.id not in unchanged:
            kept.append((group, known))
        else:
            others.setdefault(known.id, {}).update(dict.fromkeys(group.keys))
    # By whatever name it goes on alone some day, it is known.
    return [
        (replace(group, keys=tuple(dict.fromkeys((*group.keys, *others.get(known.id, ()))))), known)
        if known and known.id in others
        else (group, known)
        for group, known in kept
    ]
