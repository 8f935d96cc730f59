"""When is an article's file complete, and which files could not be read yet?

Owns what is known of a folder, and how that follows from how its files look; never touches a disk.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from threadbot.triggers.pauses import pause_after

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Seconds for which a file must look the same before it counts as complete.
QUIET: Final = 1.0
#: Seconds after which a file is tried again that could not be read; each further time twice that.
FIRST_PAUSE: Final = 5.0
#: The longest such pause.
LONGEST_PAUSE: Final = 300.0
#: Files whose problems are told one by one.
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Sight:
    """How a file looked.

    Args:
        size: in bytes; -1 where the disk would not say.
        modified: when it was changed last, in nanoseconds.
        digest: SHA-256 of its bytes; empty where it was not read.
    """

    size: int
    modified: int
    digest: str

    def looks_like(self, other: Sight) -> bool:
        """Tell whether size and time are the same."""
        return (self.size, self.modified) == (other.size, other.modified)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be remembered of the files of a folder.

    Args:
        files: all that are taken in now or were before, by path.
        more: whether more of the same look follows; until then stock is still being
            taken, and which article is the latest is not known.
    """

    files: Mapping[str, Sight]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that may still be being written.

    Args:
        sight: how it looked last.
        since: since when it has looked like that, in seconds by the clock.
    """

    sight: Sight
    since: float


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is complete, and that the disk would not let us read.

    Args:
        sight: how it looked.
        tries: how often it was tried.
        again: when it is tried again, in seconds by the clock.
    """

    sight: Sight
    tries: int
    again: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a complete file.

    Args:
        sight: how it looked.
        problem: what is wrong with it, in a sentence, or None.
        is_over: whether there is nothing more to read; if not, the disk is asked again.
    """

    sight: Sight
    problem: str | None = None
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class FolderState:
    """What is known of a folder. Begun empty, each file is taken as complete once more.

    Args:
        settled: files that were complete and read, by path within the folder.
        waiting: files that may not be complete.
        unread: files that are to be read again.
        problems: a sentence for each file that could not be read or is no article, until it is
            mended or gone.
    """

    settled: Mapping[str, Sight] = field(default_factory=dict)
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    unread: Mapping[str, Unread] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def is_due(self, now: float) -> bool:
        """Tell whether the folder is to be looked at though nothing was told of it."""
        return bool(self.waiting) or any(one.again <= now for one in self.unread.values())

    def taken_in(self) -> dict[str, Sight]:
        """Give the files whose articles were read; the others are read anew by whoever begins."""
        return {path: one for path, one in self.settled.items() if path not in self.problems}

    def told(self) -> tuple[str, ...]:
        """Tell all problems; where there are many, the first and how many more."""
        sentences = [self.problems[path] for path in sorted(self.problems)]
        more = len(sentences) - _MOST_TOLD
        if more <= 0:
            return tuple(sentences)
        return (*sentences[:_MOST_TOLD], f"there is something wrong with {more:,} more files")


def settle(
    state: FolderState, seen: Mapping[str, Sight], now: float
) -> tuple[FolderState, tuple[str, ...]]:
    """Say which files have become complete: those that looked the same for `QUIET` seconds.

    Args:
        state: what was known.
        seen: how each file looks, by path.
        now: the clock's seconds.

    Returns:
        What is known now, and the paths to be read: files that became complete, and those whose
        time to be read again has come. A file without a byte is one that somebody is about to
        write: nothing need be known of it, as it will look different then.
    """
    settled: dict[str, Sight] = {}
    waiting: dict[str, Waiting] = {}
    unread: dict[str, Unread] = {}
    complete: list[str] = []
    for path, sight in sorted(seen.items()):
        known, before = state.settled.get(path), state.waiting.get(path)
        failed = state.unread.get(path)
        if known == sight or (known and known.digest and known.digest == sight.digest):
            settled[path] = sight
        elif not sight.size:
            continue
        elif failed and failed.sight == sight:
            unread[path] = failed
            if failed.again <= now:
                complete.append(path)
        elif before is None or before.sight != sight:
            waiting[path] = Waiting(sight, now)
        elif now - before.since < QUIET:
            waiting[path] = before
        else:
            settled[path] = sight
            complete.append(path)
    problems = {path: said for path, said in state.problems.items() if path in seen}
    return FolderState(settled, waiting, unread, problems), tuple(complete)


def after_reading(state: FolderState, read: Mapping[str, Reading], now: float) -> FolderState:
    """Say what is known after complete files were read.

    Args:
        state: as `settle` gave it.
        read: what came of reading each of them, by path.
        now: the clock's seconds.
    """
    settled, unread, problems = dict(state.settled), dict(state.unread), dict(state.problems)
    for path, one in read.items():
        before = unread.pop(path, None)
        problems.pop(path, None)
        if one.problem is not None:
            # A file's name may hold anything; a problem is told on one line.
            problems[path] = one.problem.replace("\n", " ")
        if one.is_over:
            settled[path] = one.sight
        else:
            settled.pop(path, None)
            tries = 1 if before is None else before.tries + 1
            again = now + pause_after(tries, FIRST_PAUSE, LONGEST_PAUSE)
            unread[path] = Unread(one.sight, tries, again)
    return replace(state, settled=settled, unread=unread, problems=problems)
