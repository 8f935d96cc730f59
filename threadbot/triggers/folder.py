"""A folder: each new text, Markdown or HTML file in it is an article.

Owns the reading of files; `walking` finds them, and when one is complete, `folder_state` says.
Writes no file; what becomes of an article is for `intake` to decide.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Final

from threadbot.article.decoding import MAX_BYTES, decode
from threadbot.article.reader import load
from threadbot.errors import SourceError
from threadbot.triggers.entry import Entry
from threadbot.triggers.folder_state import (
    FolderState,
    Reading,
    Sight,
    after_reading,
    settle,
)
from threadbot.triggers.walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from threadbot.triggers.walking import Scan

#: The most articles that a folder may hold.
MAX_FILES: Final = 10_000
#: Bytes of files after which what they say is handed over, so that not all is held at once.
PART: Final = 16_000_000

_MARKUP: Final = frozenset({".html", ".htm"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Databases hold 64 bits: nanoseconds until the year 2262. Files may say that they are of any year.
_FARTHEST: Final = 2**63 - 1
# A database finds no longer ones; some systems have paths of 4,096 bytes.
_LONGEST_PATH: Final = 1_000

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What a look at a folder found.

    Args:
        state: what is known of it now.
        entries: articles whose files became complete, or were changed and are again.
        problems: a sentence for each file that could not be read or is no article, and for each
            folder below that cannot be looked into, as far as that was not told before; all of
            them are in the state.
        more: whether more of the same look follows, of which the state knows nothing yet.
    """

    state: FolderState
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    more: bool = False


def _never() -> bool:
    return False


def look(
    root: Path,
    state: FolderState,
    read: Callable[[Path], bytes] = Path.read_bytes,
    scan: Scan = os.scandir,
    is_over: Callable[[], bool] = _never,
) -> tuple[dict[str, Sight], dict[str, str]]:
    """Look at each article's file in a folder and below.

    Args:
        root: the folder.
        state: what is known; a file that has the size and time of then is not read again.
        read: gives the bytes of a file.
        scan: gives what is in a folder.
        is_over: tells whether to give up; then not all is seen.

    Returns:
        How each file looks, and a sentence for each folder below that cannot be looked into; what
        was known of files in there is still held to be true.

    Raises:
        SourceError: the folder is not there, cannot be looked into, or holds too much.
    """
    seen: dict[str, Sight] = {}
    unreadable: dict[str, str] = {}
    for path in walk(root, unreadable, scan):
        if is_over():
            break
        if (sight := _sight(root / path, path, state, read)) is None:
            continue
        if len(seen) >= MAX_FILES:
            message = f"the folder {root} holds more than {MAX_FILES:,} articles; take old ones out"
            raise SourceError(message)
        seen[path] = sight
    hidden = tuple(unreadable)
    kept = {path: one for path, one in state.settled.items() if path.startswith(hidden)}
    return kept | seen, unreadable


def _sight(
    file: Path, path: str, state: FolderState, read: Callable[[Path], bytes]
) -> Sight | None:
    """Look at a file; None where it has just gone, or is none. Links may lead anywhere."""
    sight = Sight(-1, 0, "")
    try:
        found = file.lstat()
        if not S_ISREG(found.st_mode):
            return None
        modified = max(-_FARTHEST, min(_FARTHEST, found.st_mtime_ns))
        sight = Sight(found.st_size, modified, "")
        before, unread = state.settled.get(path), state.unread.get(path)
        # A time that is too far away to be kept tells of no change.
        if before is not None and before.looks_like(sight) and abs(modified) < _FARTHEST:
            return before
        if sight.size <= MAX_BYTES and (unread is None or unread.sight != sight):
            return replace(sight, digest=_digest(read(file)))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except Exception:  # noqa: BLE001 - one file must not stop the others
        # That is told when it is complete.
        return sight
    return sight


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def file_entry(root: Path, path: str, data: bytes) -> Entry:
    """Read the bytes of an article's file as an entry.

    Args:
        root: the folder.
        path: within it.
        data: its bytes.

    Raises:
        SourceError: it is no article; the message names the file.
    """
    file = root / path
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


def look_rounds(
    root: Path,
    state: FolderState,
    now: float,
    read: Callable[[Path], bytes] = Path.read_bytes,
    scan: Scan = os.scandir,
    is_over: Callable[[], bool] = _never,
    part: int = PART,
) -> Iterator[Round]:
    """Look at a folder once, and read what has become complete, part by part.

    Args:
        root: the folder.
        state: what is known.
        now: the clock's seconds.
        read: gives the bytes of a file.
        scan: gives what is in a folder.
        is_over: tells whether to give up, which ends all with the file that is being read.
        part: bytes of files after which what they say is handed over.

    Yields:
        At least one round, unless that was given up; those that were written last come last.

    Raises:
        SourceError: the folder is not there, cannot be looked into, or holds too much.
    """
    seen, unreadable = look(root, state, read, scan, is_over)
    if is_over():
        return
    known, complete = settle(state, seen, now)
    told = state.problems
    later = set(complete)
    for paths in _parts(complete, seen, part):
        entries: list[Entry] = []
        readings: dict[str, Reading] = {}
        for path in paths:
            if is_over():
                return
            readings[path], entry = _read_one(root, path, seen[path], read)
            if entry is not None:
                entries.append(entry)
        known = after_reading(known, readings, now)
        later -= readings.keys()
        settled = {path: one for path, one in known.settled.items() if path not in later}
        after = replace(known, settled=settled, problems={**known.problems, **unreadable})
        new = [said for path, said in after.problems.items() if told.get(path) != said]
        told = after.problems
        yield Round(after, tuple(entries), tuple(new), more=bool(later))


def _parts(paths: Iterable[str], seen: Mapping[str, Sight], part: int) -> list[list[str]]:
    """Divide files into parts of about so many bytes, the oldest first; one part may be empty."""
    parts: list[list[str]] = [[]]
    size = 0
    for path in sorted(paths, key=lambda path: (seen[path].modified, path)):
        if size >= part:
            parts.append([])
            size = 0
        parts[-1].append(path)
        size += seen[path].size
    return parts


def _read_one(
    root: Path, path: str, sight: Sight, read: Callable[[Path], bytes]
) -> tuple[Reading, Entry | None]:
    file, seen = root / path, sight
    if (problem := _refusal(root, path, sight)) is not None:
        return Reading(sight, problem), None
    try:
        data = read(file)
        seen = replace(sight, digest=_digest(data))
        written = _EPOCH + timedelta(microseconds=seen.modified // 1_000)
        return Reading(seen), replace(file_entry(root, path, data), written=written)
    except SourceError as error:
        return Reading(seen, str(error)), None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        problem = f"{file}: it cannot be read ({why}); it is tried again"
        return Reading(sight, problem, is_over=False), None
    except Exception as error:  # noqa: BLE001 - one file must not stop the others
        _log.error("a fault of ours in reading %s", file, exc_info=error)
        problem = f"{file}: a fault of ours ({type(error).__name__}: {error}); please report it"
        return Reading(seen, problem), None


def _refusal(root: Path, path: str, sight: Sight) -> str | None:
    """Say why a file is not even read, or None."""
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if shown != path:
        return f"{root / shown}: its name is not written in UTF-8; rename it"
    if len(path.encode()) > _LONGEST_PATH:
        return f"{root / path}: its path is longer than {_LONGEST_PATH:,} bytes; move it elsewhere"
    if sight.size > MAX_BYTES:
        return f"{root / path}: it is larger than {MAX_BYTES:,} bytes, which no article is"
    return None


def changed_at(entry: Entry) -> tuple[float, str]:
    """Give what puts the entries of files into the order in which they were changed."""
    try:
        return (Path(entry.source or "").stat().st_mtime, entry.guid or "")
    except OSError:
        return (0.0, entry.guid or "")
