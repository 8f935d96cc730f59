"""Looking at a folder again and again.

Owns when that is done. What the system tells of changes is only a reason to look again, as it
misses files in folders that are made together with them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from threadbot.triggers.folder import look_round
from threadbot.triggers.folder_state import QUIET, FolderState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from threading import Event

    from threadbot.triggers.entry import Entry
    from threadbot.triggers.folder import Round

#: Seconds after which a folder is looked at though nothing was told, as some file systems do not.
LOOKED_AT_LEAST: Final = 60.0

_TICK: Final = 500


def first_round(
    root: Path,
    clock: Callable[[], float],
    wait: Callable[[float], bool],
    state: FolderState,
    *,
    is_first: bool,
) -> Round | None:
    """Look at a folder when one begins with it, until its files can be told to be complete.

    Args:
        root: the folder.
        clock: gives seconds; never goes back.
        wait: lets so many seconds go by; tells whether to give up.
        state: what is known from before.
        is_first: whether stock is to be taken of it: then all that is on its way is waited for, as
            what comes after it would count as new.

    Returns:
        All that has become complete; None where that was given up.

    Raises:
        SourceError: the folder is not there, cannot be looked into, or holds too much.
    """
    known = look_round(root, state, clock()).state
    entries: dict[str | None, Entry] = {}
    problems: list[str] = []
    while not wait(QUIET * 1.1):
        found = look_round(root, known, clock())
        known = found.state
        entries |= {entry.guid: entry for entry in found.entries}
        problems += found.problems
        if not (is_first and known.waiting):
            return replace(found, entries=tuple(entries.values()), problems=tuple(problems))
    return None


def watch_folder(
    root: Path,
    clock: Callable[[], float],
    stop: Event,
    state: FolderState | None = None,
    *,
    is_first: bool = False,
) -> Iterator[Round]:
    """Watch a folder until told to stop.

    Args:
        root: the folder.
        clock: gives seconds; never goes back.
        stop: ends the watching within half a second.
        state: what is known from before; None begins anew.
        is_first: whether stock is to be taken of it.

    Yields:
        First what was there, which may be nothing; then a round each time a file becomes complete,
        or what is wrong with one changes.

    Raises:
        SourceError: the folder is not there any more, cannot be looked into, or holds too
            much.
    """
    found = first_round(root, clock, stop.wait, state or FolderState(), is_first=is_first)
    if found is None:
        return
    known = found.state
    yield found
    # The first time in any case: something may have come before the watching began.
    looked_at = clock() - LOOKED_AT_LEAST
    for is_changed in _told(root, stop):
        now = clock()
        if not (is_changed or known.is_due(now) or now - looked_at >= LOOKED_AT_LEAST):
            continue
        found = look_round(root, known, now)
        changed = found.state.problems != known.problems
        known, looked_at = found.state, now
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
