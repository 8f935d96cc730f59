"""Is this entry new, and may it be posted? The guard against doubles, archives and floods.

Owns the decision, made of values alone: what a source says, what is known of its entries, and the
rules of its owner. Others look up what is known, carry decisions out, and remember them. Pure.

What never leads to a post: the first sight of a source, which takes stock; an entry that is known
by any of its keys, however it was edited, renamed or moved, and however long it was away; a message
that something newer has overtaken; an entry that nothing is known by; an entry dated before the
source was first seen, or without a date and below all that is known. What exceeds a cap, stands
there as the only new one, or stands without a date among older ones, waits for a person.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.triggers.archive import Place, among_older, below_all_known, unless_old
from threadbot.triggers.decisions import (
    AskFirst,
    Decision,
    Knowledge,
    KnownEntry,
    Leave,
    LetIn,
    Overtaken,
    PassOver,
    Revise,
    Rules,
)
from threadbot.triggers.grouping import Group, each_once, grouped
from threadbot.triggers.keys import Key, telling_keys
from threadbot.triggers.redrafting import redrafts
from threadbot.triggers.twins import is_another, renamed, unless_twin
from threadbot.triggers.wanted import unwanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from threadbot.triggers.entry import Entry

#: So much earlier than the first sight an entry may be dated and still be new: dates often have no
#: time, and time zones are up to 14 hours ahead.
ARCHIVE_SLACK = timedelta(days=2)

# What an edit means for an entry of which nothing was made yet.
_EDITED: Final = {
    "taken": "it was edited before its draft was made, which will be made of the edit",
    "waiting": "it was edited, and waits for you as it is now",
}
#: Why nothing becomes of the stock that is taken of a source.
AT_FIRST_SIGHT: Final = "it was there at the first sight of its source, which takes stock"
#: No reading of a source takes longer: what was kept later than that after it began was kept by a
#: clock that has been set back.
LONGEST_READING: Final = timedelta(minutes=10)


def keys_to_look_up(entries: Sequence[Entry]) -> frozenset[Key]:
    """Give the keys that `Knowledge.entries` must hold the known entries of."""
    return frozenset(key for keys in telling_keys(entries) for key in keys)


def decide(
    entries: Sequence[Entry],
    knowledge: Knowledge,
    rules: Rules,
    now: datetime,
    articles: Sequence[Group] | None = None,
) -> tuple[Decision, ...]:
    """Say what becomes of what a source shows.

    Args:
        entries: in the source's order, the newest first; those that it no longer shows are not
            forgotten.
        knowledge: what is remembered.
        rules: what the owner allows.
        now: when they were asked for (UTC).
        articles: what `grouped` gave for the entries, where that was asked before.

    Returns:
        One decision for each article, in the order to carry them out: the oldest first. What is
        let in comes to at most what the caps have room for.
    """
    decided: list[Decision] = []
    candidates: list[tuple[int, LetIn]] = []
    groups = _oldest_first(grouped(entries) if articles is None else articles)
    named = [_known(group, knowledge) for group in groups]
    found = renamed([(group.entry, group.keys) for group in groups], named, knowledge)
    known_of = {group.entry: known for group, known in zip(groups, found, strict=True)}
    below, is_alone = below_all_known(entries, known_of), found.count(None) == 1
    among = among_older(entries, known_of)
    latest = _latest(groups, rules, now) if knowledge.first_seen is None else None
    texts: dict[Key, str] = {}
    for group, known in each_once(groups, found):
        if known is not None and _is_overtaken(group, known, now):
            reason = "it is older than what is known of it"
            decided.append(Overtaken(group.entry, group.keys, group.version, known.id, reason))
            continue
        if known is not None and not _is_wanted_now(group, known, rules, now):
            decided.append(_of_known(group, known))
            continue
        decision = _of_new(group, known, knowledge, rules, now, is_latest=group is latest)
        if isinstance(decision, LetIn) and group is not latest:
            stands = Place(group.entry in below, group.entry in among, is_alone)
            decision = unless_old(decision, knowledge, stands)
        if isinstance(decision, LetIn) and known is None:
            decision = unless_twin(decision, knowledge, texts)
        texts |= {key: group.entry.said for key in group.keys if key.kind == "content"}
        if isinstance(decision, LetIn):
            candidates.append((len(decided), decision))
        decided.append(decision)
    for place, question in _above_caps(candidates, knowledge, rules):
        decided[place] = question
    return tuple(decided)


def _oldest_first(groups: Iterable[Group]) -> list[Group]:
    backwards = list(groups)[::-1]
    dates = [group.entry.published for group in backwards]
    known = [date for date in dates if date is not None]
    if len(known) < len(dates):
        return backwards
    order = sorted(range(len(known)), key=known.__getitem__)
    return [backwards[place] for place in order]


def _latest(groups: Sequence[Group], rules: Rules, now: datetime) -> Group | None:
    """Find the one entry that the first sight may post."""
    if rules.first_run == "none":
        return None
    fitting = (
        group
        for group in reversed(groups)
        if group.entry.says_something and not unwanted(group.entry, rules.wanted, now)
    )
    return next(fitting, None)


def _known(group: Group, knowledge: Knowledge) -> KnownEntry | None:
    """Find the entry that it is by the most telling key; a text alone may be another's, too."""
    order = ("guid", "address", "content", "headline")
    for key in sorted(group.keys, key=lambda key: order.index(key.kind)):
        known = knowledge.entries.get(key)
        if known is None or (key.kind == "content" and is_another(group.entry, known.title)):
            continue
        return known
    return None


def _is_overtaken(group: Group, known: KnownEntry, now: datetime) -> bool:
    """Tell whether something newer came first.

    Senders repeat what was not answered, and a feed's answer may be under way while its hub
    delivers a later state. Where both say when they were made, that decides: our clocks may differ
    from one worker to the next, and what came first may be stored last.
    """
    changed = group.entry.changed
    if changed is not None and known.changed is not None and changed != known.changed:
        return changed < known.changed
    if known.kept_at is None or known.version == group.version:
        return False
    return now < known.kept_at <= now + LONGEST_READING


def _is_wanted_now(group: Group, known: KnownEntry, rules: Rules, now: datetime) -> bool:
    """Tell whether an edit made an entry wanted that was not, say by a category it had lacked.

    A change of the filter alone does not, or it would let the past in.
    """
    if known.state != "filtered" or known.version == group.version:
        return False
    return unwanted(group.entry, rules.wanted, now) is None


def _of_new(
    group: Group,
    known: KnownEntry | None,
    knowledge: Knowledge,
    rules: Rules,
    now: datetime,
    *,
    is_latest: bool,
) -> Decision:
    """Decide on an entry that was never let in."""
    row = None if known is None else known.id
    entry, common = group.entry, (group.entry, group.keys, group.version, row)
    if not group.keys:
        reason = "it has no guid, address, title or text, so nothing would tell it the next time"
        return PassOver(*common, reason, "stock")
    if is_latest:
        return LetIn(*common, "it is the latest at the first sight of its source")
    if knowledge.first_seen is None:
        return PassOver(*common, AT_FIRST_SIGHT, "stock")
    if entry.published and entry.published < knowledge.first_seen - ARCHIVE_SLACK:
        reason = (
            f"it is dated {entry.published:%Y-%m-%d}, before its source was first seen: it is of "
            "the archive"
        )
        return PassOver(*common, reason, "stock")
    if (reason_against := unwanted(entry, rules.wanted, now)) is not None:
        return PassOver(*common, reason_against, "filtered")
    return LetIn(*common, "it is new")


def _of_known(group: Group, known: KnownEntry) -> Decision:
    common = (group.entry, group.keys, group.version, known.id)
    if group.version == known.version:
        return Leave(*common, "it is known")
    # What waits for a person has no thread of its own: nothing of it is to be replaced.
    own = () if known.state == "waiting" else known.threads
    if drafts := redrafts(own):
        return Revise(*common, "it was edited, and is not out yet", drafts)
    if own:
        return Leave(*common, "it was edited, and nothing of it is open any more")
    return Leave(*common, _EDITED.get(known.state, "it was edited, and was never let in"))


def _above_caps(
    candidates: Sequence[tuple[int, LetIn]], knowledge: Knowledge, rules: Rules
) -> list[tuple[int, AskFirst]]:
    """Find those that the caps have no room for: the oldest, as news is what is newest."""
    day, backlog = rules.max_per_day, rules.max_backlog
    rooms: list[tuple[int, str]] = []
    if day is not None:
        said = (
            f"max_per_day = {day}, the most articles of its source that may start within 24 hours"
        )
        rooms.append((day - knowledge.let_in_today, said))
    if backlog is not None:
        said = f"max_backlog = {backlog}, the most articles of its source that may wait to go out"
        rooms.append((backlog - knowledge.backlog, said))
    if not rooms:
        return []
    room, said = min(rooms)
    reason = f"it is more than {said}; let it in yourself if it should go out"
    above = candidates[: max(0, len(candidates) - max(0, room))]
    return [
        (place, AskFirst(one.entry, one.keys, one.version, one.known, reason))
        for place, one in above
    ]
