"""Which files may be articles: the names in a folder and below it.

Owns the walk through the folders, and what is said of one that cannot be looked into. Reads no
file.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from threadbot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    #: Gives what is in a folder; `os.scandir` is one.
    Scan: TypeAlias = Callable[[Path], AbstractContextManager[Iterator[os.DirEntry[str]]]]

#: What an article's file may be called at its end.
EXTENSIONS: Final = frozenset({".txt", ".md", ".markdown", ".html", ".htm"})

# What editors and synchronising programs call files that are not for us.
_NOT_FOR_US: Final = (".", "~", "#")


def is_article(path: str) -> bool:
    """Tell by its path whether a file counts: of a kind that is read, and not hidden.

    >>> is_article("2026/mill.md"), is_article(".git/mill.md"), is_article("~$mill.txt")
    (True, False, False)
    """
    parts = path.split("/")
    return not any(part.startswith(_NOT_FOR_US) for part in parts) and (
        PurePosixPath(path).suffix.lower() in EXTENSIONS
    )


def walk(root: Path, unreadable: dict[str, str], scan: Scan = os.scandir) -> Iterator[str]:
    """Give the paths of what may be articles, within a folder and all below it.

    Args:
        root: the folder.
        unreadable: takes the folders below that cannot be looked into, and a sentence for each; by
            path within the root, with a slash at the end.
        scan: gives what is in a folder.

    Raises:
        SourceError: the folder is not there, or cannot be looked into. That is no empty folder:
            stock would be taken of nothing, and all that is in it would be news later.
    """
    folders = [""]
    while folders:
        within = folders.pop()
        try:
            names = _names(root / within, scan)
        except (FileNotFoundError, NotADirectoryError) as error:
            if not within:
                message = f"the folder {root} is not there; make it, or change the source's path"
                raise SourceError(message) from error
            continue
        except OSError as error:
            said = _cannot_be_looked_into(root / within, error)
            if not within:
                raise SourceError(said) from error
            unreadable[within] = said
            continue
        for name, is_folder in names:
            path = f"{within}{name}"
            if is_folder and not name.startswith(_NOT_FOR_US):
                folders.append(f"{path}/")
            elif not is_folder and is_article(path):
                yield path


def _names(folder: Path, scan: Scan) -> list[tuple[str, bool]]:
    """Name what is in a folder, and say of each whether it is a folder; links lead nowhere."""
    with scan(folder) as found:
        return [(one.name, one.is_dir(follow_symlinks=False)) for one in found]


def _cannot_be_looked_into(folder: Path, error: OSError) -> str:
    why = (error.strerror or str(error)).lower()
    advice = "it is tried again"
    if isinstance(error, PermissionError):
        advice = "let the user that threadbot runs as read it"
    shown = str(folder).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    # A folder's name may hold anything; a problem is told on one line.
    shown = shown.replace("\n", " ")
    return f"the folder {shown} cannot be looked into ({why}); {advice}"
