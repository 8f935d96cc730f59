"""One look at a folder whose files are few."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from threadbot.triggers.folder import look_rounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadbot.triggers.folder import Round
    from threadbot.triggers.folder_state import FolderState
    from threadbot.triggers.walking import Scan


def look_round(
    root: Path,
    state: FolderState,
    now: float,
    read: Callable[[Path], bytes] = Path.read_bytes,
    scan: Scan = os.scandir,
) -> Round:
    """Look at a folder once; all that is complete is one part."""
    (found,) = look_rounds(root, state, now, read, scan)
    assert not found.more
    return found
