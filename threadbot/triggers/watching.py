"""Looking at a folder again and again.

Owns when that is done. What the system tells of changes is only a reason to look again, as it
misses files in folders that are made together with them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from threadbot.triggers.entry import Entry
from threadbot.triggers.folder import PART, look_rounds
from threadbot.triggers.folder_state import QUIET, FolderState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event

    from threadbot.triggers.folder import Round

#: Seconds after which a folder is looked at though nothing was told, as some file systems do not.
LOOKED_AT_LEAST: Final = 60.0
#: Seconds without another file after which stock is taken, though a file may change all the time.
CLOSED_AFTER: Final = 20.0

_TICK: Final = 500


def first_rounds(
    root: Path,
    clock: Callable[[], float],
    wait: Callable[[float], bool],
    state: FolderState,
    *,
    is_first: bool,
    is_over: Callable[[], bool] = lambda: False,
    part: int = PART,
) -> Iterator[Round]:
    """Look at a folder when one begins with it, until its files can be told to be complete.

    Args:
        root: the folder.
        clock: gives seconds; never goes back.
        wait: lets so many seconds go by; tells whether to give up.
        state: what is known from before.
        is_first: whether stock is to be taken of it: then all that is on its way is waited for, as
            what comes after it would count as new. What still changes when no file has come for
            `CLOSED_AFTER` seconds is of the stock as well.
        is_over: tells whether to give up in the midst of a look.
        part: bytes of articles that are held at once.

    Yields:
        What has become complete, in parts; after the last of them no more follows. Where that was
        given up, the last one is not among them.

    Raises:
        SourceError: the folder is not there, cannot be looked into, or holds too much.
    """
    known, held = state, None
    for found in look_rounds(root, state, clock(), is_over=is_over, part=part):
        # What is wrong is told with the first round that is given.
        known = replace(found.state, problems=state.problems)
    files, grown = _files(known), clock()
    while not wait(QUIET * 1.1):
        for looked in look_rounds(root, known, clock(), is_over=is_over, part=part):
            found, known = looked, looked.state
            if _files(known) > files:
                files, grown = _files(known), clock()
            is_closing = clock() - grown >= CLOSED_AFTER
            more = found.more or (is_first and bool(known.waiting) and not is_closing)
            if is_first and is_closing and not more:
                found = replace(found, entries=(*found.entries, *_unfinished(root, known)))
            if held is not None and _size(held) + _size(found) > part:
                yield replace(held, more=True)
                held = None
            held = found if held is None else _joined(held, found)
            if not more:
                yield replace(held, more=False)
                return


def _files(state: FolderState) -> int:
    return len(state.settled) + len(state.waiting) + len(state.unread)


def _unfinished(root: Path, state: FolderState) -> Iterator[Entry]:
    """Give files that change all the time by their paths alone: they are of the stock, too."""
    for path in state.waiting:
        yield Entry(guid=path, name=Path(path).name, source=str((root / path).resolve()))


def _size(found: Round) -> int:
    return sum(len(entry.content) for entry in found.entries)


def _joined(first: Round, second: Round) -> Round:
    """Make one round of two; a file that was written again in between counts as it is now."""
    entries = {entry.guid: entry for entry in (*first.entries, *second.entries)}
    return replace(
        second, entries=tuple(entries.values()), problems=(*first.problems, *second.problems)
    )


def watch_folder(
    root: Path,
    clock: Callable[[], float],
    stop: Event,
    state: FolderState | None = None,
    *,
    is_first: bool = False,
    part: int = PART,
) -> Iterator[Round]:
    """Watch a folder until told to stop.

    Args:
        root: the folder.
        clock: gives seconds; never goes back.
        stop: ends the watching within half a second, or with the file that is being read.
        state: what is known from before; None begins anew.
        is_first: whether stock is to be taken of it.
        part: bytes of articles that are held at once.

    Yields:
        First what was there, which may be nothing, in parts; then rounds each time a file becomes
        complete, or what is wrong with one changes.

    Raises:
        SourceError: the folder is not there any more, cannot be looked into, or holds too
            much.
    """
    known = state or FolderState()
    begun = first_rounds(
        root, clock, stop.wait, known, is_first=is_first, is_over=stop.is_set, part=part
    )
    for found in begun:
        known = found.state
        yield found
    # The first time in any case: something may have come before the watching began.
    looked_at = clock() - LOOKED_AT_LEAST
    for is_changed in _told(root, stop):
        now = clock()
        if not (is_changed or known.is_due(now) or now - looked_at >= LOOKED_AT_LEAST):
            continue
        looked_at = now
        for found in look_rounds(root, known, now, is_over=stop.is_set, part=part):
            changed = found.state.problems != known.problems
            known = found.state
            if found.entries or changed:
                yield found


def _told(root: Path, stop: Event) -> Iterator[bool]:
    """Say twice a second whether the system tells of a change, until told to stop."""
    from watchfiles import watch  # noqa: PLC0415 - starts a thread of its own

    while not stop.is_set():
        try:
            for changes in watch(
                root,
                watch_filter=None,
                debounce=_TICK,
                rust_timeout=_TICK,
                yield_on_timeout=True,
                stop_event=stop,
                ignore_permission_denied=True,
            ):
                yield bool(changes)
        except RuntimeError as error:
            # It gives up where a name is not UTF-8. That was a change, too.
            if "decode path" not in str(error):
                raise
            yield True
