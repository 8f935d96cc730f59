"""Finds the pictures that stand beside an article on this machine.

Owns the rule that nothing outside the article's own folder is ever read, whatever an article names;
never reads a picture's contents here, and never fetches one from the web.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.thread.model import Thread


def is_local(src: str) -> bool:
    """Tell whether a picture is a file beside the article, not an address."""
    parts = urlsplit(src)
    return not parts.scheme and not parts.netloc


def local_picture(folder: Path | None, src: str) -> Path:
    """Find a picture in the article's own folder, or below it.

    Args:
        folder: where the article lies; None where it came from standard input.
        src: the path that the article gives, relative to that folder.

    Returns:
        The path of an existing file.

    Raises:
        SourceError: there is no such file, or it lies (through a link, too) outside the folder.
    """
    if folder is None:
        message = f"the image {src} cannot be found, as the article came from standard input"
        raise SourceError(message)
    root = folder.resolve()
    # What a web page writes as %20 is a space in the name of the file.
    names = dict.fromkeys((src, unquote(src)))
    for path in (Path(root, name).resolve() for name in names):
        if not path.is_relative_to(root):
            message = f"the image {src} lies outside the article's folder and is not read"
            raise SourceError(message)
        if path.is_file():
            return path
    message = f"the image {src} is not there; it is looked for in {root}"
    raise SourceError(message)


def with_missing_pictures(thread: Thread, folder: Path | None) -> Thread:
    """Add a warning for each local picture of a thread that cannot be had.

    Args:
        thread: any thread.
        folder: as in `local_picture`.
    """
    missing = tuple(dict.fromkeys(_missing(thread, folder)))
    return replace(thread, warnings=(*thread.warnings, *missing)) if missing else thread


def _missing(thread: Thread, folder: Path | None) -> Iterator[str]:
    for post in thread.posts:
        named = [image.src for image in post.images]
        named += [post.card.image] if post.card and post.card.image else []
        for src in filter(is_local, named):
            try:
                local_picture(folder, src)
            except (SourceError, ValueError, OSError) as error:
                # A path with a null character, or one that is too long, is no path.
                reason = str(error) if isinstance(error, SourceError) else f"no path: {src!r}"
                yield reason[0].upper() + reason[1:] + "."
