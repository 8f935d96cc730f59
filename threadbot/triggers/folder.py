"""A folder: each new text, Markdown or HTML file in it is an article.

Owns which files count, and when one is complete. What the system tells of changes is only a reason
to look again, as it misses files in folders that are made together with them. Reads files and
writes none; what becomes of an article is for `intake` to decide.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from threadbot.article.decoding import MAX_BYTES, decode
from threadbot.article.reader import load
from threadbot.errors import SourceError
from threadbot.triggers.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from threading import Event

#: What an article's file may be called at its end.
EXTENSIONS: Final = frozenset({".txt", ".md", ".markdown", ".html", ".htm"})
#: Seconds for which a file must look the same before it counts as complete.
QUIET: Final = 1.0
#: Seconds after which a folder is looked at though nothing was told, as some file systems do not.
LOOKED_AT_LEAST: Final = 60.0
#: The most articles that a folder may hold.
MAX_FILES: Final = 10_000

_MARKUP: Final = frozenset({".html", ".htm"})
# What editors and synchronising programs call files that are not for us.
_NOT_FOR_US: Final = (".", "~", "#")
_TICK: Final = 500


@dataclass(frozen=True, slots=True)
class Sight:
    """How a file looked.

    Args:
        size: in bytes.
        modified: when it was changed last, in nanoseconds.
        digest: SHA-256 of its bytes; empty where it was not read.
    """

    size: int
    modified: int
    digest: str


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
class FolderState:
    """What is known of a folder. Begun empty, each file is taken as complete once more.

    Args:
        settled: files that were complete, by path within the folder.
        waiting: files that may not be.
    """

    settled: Mapping[str, Sight] = field(default_factory=dict)
    waiting: Mapping[str, Waiting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """What a look at a folder found.

    Args:
        state: what is known of it now.
        entries: articles whose files became complete, or were changed and are again.
        problems: a sentence for each complete file that is no article.
    """

    state: FolderState
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()


def is_article(path: str) -> bool:
    """Tell by its path whether a file counts: of a kind that is read, and not hidden.

    >>> is_article("2026/mill.md"), is_article(".git/mill.md"), is_article("~$mill.txt")
    (True, False, False)
    """
    parts = path.split("/")
    return not any(part.startswith(_NOT_FOR_US) for part in parts) and (
        PurePosixPath(path).suffix.lower() in EXTENSIONS
    )


def settle(
    state: FolderState, seen: Mapping[str, Sight], now: float
) -> tuple[FolderState, tuple[str, ...]]:
    """Say which files have become complete: those that looked the same for `QUIET` seconds.

    Args:
        state: what was known.
        seen: how each file looks, by path.
        now: the clock's seconds.

    Returns:
        What is known now, and the paths of the complete files. A file without a byte is one that
        somebody is about to write.
    """
    settled: dict[str, Sight] = {}
    waiting: dict[str, Waiting] = {}
    complete: list[str] = []
    for path, sight in sorted(seen.items()):
        before = state.waiting.get(path)
        if state.settled.get(path) == sight:
            settled[path] = sight
        elif before is None or before.sight != sight or not sight.size:
            waiting[path] = Waiting(sight, now)
        elif now - before.since < QUIET:
            waiting[path] = before
        else:
            settled[path] = sight
            complete.append(path)
    return FolderState(settled, waiting), tuple(complete)


def look(root: Path, state: FolderState) -> dict[str, Sight]:
    """Look at each article's file in a folder and below.

    Args:
        root: the folder.
        state: what is known; a file that was settled, and has the same size and time, is not read.

    Raises:
        SourceError: the folder is not there, or holds too much.
    """
    if not root.is_dir():
        message = f"the folder {root} is not there; make it, or change the source's path"
        raise SourceError(message)
    seen: dict[str, Sight] = {}
    for path in _paths(root):
        if len(seen) >= MAX_FILES:
            message = f"the folder {root} holds more than {MAX_FILES:,} articles; take old ones out"
            raise SourceError(message)
        if (sight := _sight(root / path, state.settled.get(path))) is not None:
            seen[path] = sight
    return seen


def _paths(root: Path) -> Iterator[str]:
    """Give the paths of articles; links are not followed, as they may lead anywhere."""
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = [name for name in subfolders if not name.startswith(_NOT_FOR_US)]
        for name in files:
            path = Path(folder, name)
            within = path.relative_to(root).as_posix()
            if is_article(within) and path.is_file() and not path.is_symlink():
                yield within


def _sight(path: Path, before: Sight | None) -> Sight | None:
    """Look at a file; None where it has just gone."""
    try:
        found = path.stat()
        same = before and (found.st_size, found.st_mtime_ns) == (before.size, before.modified)
        # One that could not be read may be readable now: rights change neither size nor time.
        if before and before.digest and same:
            return before
        readable = found.st_size <= MAX_BYTES and os.access(path, os.R_OK)
        digest = sha256(path.read_bytes()).hexdigest() if readable else ""
    except OSError:
        return None
    return Sight(found.st_size, found.st_mtime_ns, digest)


def file_entry(root: Path, path: str) -> Entry:
    """Read an article's file as an entry.

    Args:
        root: the folder.
        path: within it.

    Raises:
        SourceError: it cannot be read, or is no article; the message names the file.
    """
    file = root / path
    try:
        if file.stat().st_size > MAX_BYTES:
            message = f"{file}: it is larger than {MAX_BYTES:,} bytes, which no article is"
            raise SourceError(message)
        data = file.read_bytes()
    except OSError as error:
        message = f"{file}: it cannot be read ({(error.strerror or str(error)).lower()})"
        raise SourceError(message) from error
    article = load(data, name=str(file))
    day = article.published
    return Entry(
        guid=path,
        address=article.url,
        title=article.title,
        content=decode(data),
        content_type="text/html" if file.suffix.lower() in _MARKUP else "text/plain",
        summary=article.description,
        author=article.author,
        published=None if day is None else datetime.combine(day, time(tzinfo=UTC)),
        language=article.language,
        categories=article.tags,
        picture=article.image,
        name=file.name,
        source=str(file.resolve()),
    )


def look_round(root: Path, state: FolderState, now: float) -> Round:
    """Look at a folder once, and read what has become complete.

    Raises:
        SourceError: the folder is not there, or holds too much.
    """
    after, complete = settle(state, look(root, state), now)
    entries: list[Entry] = []
    problems: list[str] = []
    for path in complete:
        try:
            entries.append(file_entry(root, path))
        except SourceError as error:
            problems.append(str(error))
    return Round(after, tuple(entries), tuple(problems))


def watch_folder(
    root: Path, clock: Callable[[], float], stop: Event, state: FolderState | None = None
) -> Iterator[Round]:
    """Watch a folder until told to stop.

    Args:
        root: the folder.
        clock: gives seconds; never goes back.
        stop: ends the watching within half a second.
        state: what is known from before; None begins anew.

    Yields:
        First what was there, which may be nothing; then a round each time a file becomes complete.

    Raises:
        SourceError: the folder is not there any more, or holds too much.
    """
    from watchfiles import watch  # noqa: PLC0415 - starts a thread of its own

    known = look_round(root, state or FolderState(), clock()).state
    if stop.wait(QUIET * 1.1):
        return
    found = look_round(root, known, clock())
    known = found.state
    yield found
    told = watch(
        root,
        watch_filter=None,
        debounce=_TICK,
        rust_timeout=_TICK,
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    )
    # The first time in any case: something may have come before the watching began.
    looked_at = clock() - LOOKED_AT_LEAST
    for changes in told:
        now = clock()
        if not (changes or known.waiting or now - looked_at >= LOOKED_AT_LEAST):
            continue
        found = look_round(root, known, now)
        known, looked_at = found.state, now
        if found.entries or found.problems:
            yield found


def changed_at(entry: Entry) -> tuple[float, str]:
    """Give what puts the entries of files into the order in which they were changed."""
    try:
        return (Path(entry.source or "").stat().st_mtime, entry.guid or "")
    except OSError:
        return (0.0, entry.guid or "")
