"""Reading what the user names: a file, an address, or standard input.

Owns what is said when it cannot be read; never looks at what the bytes mean. The size is looked
up before a byte is read, and never more than the limit is taken into memory. An address is fetched
by the guarded client alone; as a person named it, no robots.txt is asked.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from threadbot.errors import SourceError
from threadbot.fetch.settings import BY_HAND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.fetch.settings import FetchSettings

STANDARD_INPUT = "-"
_MEGABYTE = 1_000_000


class Source(NamedTuple):
    """The bytes of an article.

    Args:
        data: all of them.
        name: the file's name, or None for what is no file.
        content_type: what a server sent it as, or None.
        url: the address that it came from, after all redirects; None for what has none.
    """

    data: bytes
    name: str | None = None
    content_type: str | None = None
    url: str | None = None


def is_address(source: str) -> bool:
    """Tell whether a source is an http(s) address.

    >>> is_address("HTTPS://example.com/a"), is_address("a.txt"), is_address("-")
    (True, False, False)
    """
    return source.lower().startswith(("http://", "https://"))


def read_source(source: str, max_bytes: int, settings: FetchSettings) -> Source:
    """Read a file, an address or standard input.

    Args:
        source: a path, an http(s) address, or `-` for standard input.
        max_bytes: the most that an article may have.
        settings: what the guarded client may do.

    Raises:
        SourceError: it cannot be read, or is larger than an article can be.
        FetchError: the address is not fetched.
    """
    if source == STANDARD_INPUT:
        return Source(_read_standard_input(max_bytes))
    if is_address(source):
        return _fetched(source, max_bytes, settings)
    path = Path(source)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            message = f"{source!r} is a folder: name the article's file in it"
            raise SourceError(message)
        if status.st_size > max_bytes:
            raise _too_large(source, status.st_size, max_bytes)
        with path.open("rb") as file:
            return Source(_read(file, source, max_bytes), path.name)
    except FileNotFoundError:
        raise SourceError(_missing(path, source)) from None
    except PermissionError:
        message = f"{source!r} may not be read: give yourself permission to read it"
        raise SourceError(message) from None
    except OSError as error:
        message = f"{source!r} cannot be read ({error.strerror}): name another file"
        raise SourceError(message) from None


def _fetched(url: str, max_bytes: int, settings: FetchSettings) -> Source:
    from threadbot.fetch.client import Fetcher  # noqa: PLC0415 (0.1 s)
    from threadbot.fetch.pages import fetch_page  # noqa: PLC0415 (0.1 s)

    page = fetch_page(Fetcher(settings), url, max_bytes, reach=BY_HAND)
    return Source(page.body, None, page.headers.get("content-type"), page.url)


def _read_standard_input(max_bytes: int) -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        message = "standard input is closed: name a file, or pipe the article into threadbot"
        raise SourceError(message)
    if sys.stdin.isatty():
        message = (
            "standard input is a terminal: pipe the article into threadbot, as '< article.txt' "
            "does, or name a file"
        )
        raise SourceError(message)
    try:
        return _read(sys.stdin.buffer, "standard input", max_bytes)
    except OSError as error:
        message = f"standard input cannot be read ({error.strerror}): name a file"
        raise SourceError(message) from None


def _read(file: BinaryIO, source: str, max_bytes: int) -> bytes:
    # A pipe or a device has no size to look up beforehand: one byte too many tells.
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise _too_large(source, None, max_bytes)
    return data


def _too_large(source: str, size: int | None, max_bytes: int) -> SourceError:
    has = "more than that" if size is None else f"{size / _MEGABYTE:,.1f} MB"
    return SourceError(
        f"{source!r} is too large: an article has {max_bytes / _MEGABYTE:,.1f} MB at most, and "
        f"this has {has}; give the article's text alone"
    )


def _missing(path: Path, source: str) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {str(folder)!r}, so no {path.name!r} in it: check the path"
    similar = _most_similar(path.name, _file_names(folder))
    hint = f"did you mean {str(folder / similar)!r}?" if similar else "check its name"
    return f"there is no file {source!r}: {hint}"


def _file_names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(folder) if not entry.is_dir()]
    except OSError:
        return []


def _most_similar(name: str, names: Iterable[str]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistyped name needs it

    by_folded = {other.casefold(): other for other in names}
    matches = get_close_matches(name.casefold(), by_folded, n=1)
    return by_folded[matches[0]] if matches else None
