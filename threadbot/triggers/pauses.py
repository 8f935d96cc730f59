"""How long to wait after failures: each one in a row doubles the pause.

Owns that sum alone; whose pause it is, and how long it may be, those say who ask. Pure.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, TypeVar

#: Seconds, or a time.
Pause = TypeVar("Pause", float, timedelta)

# 2 to the power of this is more than any pause needs, and no failures without end overflow it.
_MOST_DOUBLINGS: Final = 16


def pause_after(failures: int, first: Pause, longest: Pause) -> Pause:
    """Give the pause after failures in a row.

    >>> [pause_after(failures, 5.0, 300.0) for failures in (1, 2, 3, 9_999)]
    [5.0, 10.0, 20.0, 300.0]

    Args:
        failures: how many; at least one.
        first: the pause after the first.
        longest: the longest pause.
    """
    doubled: Pause = first * (1 << min(failures - 1, _MOST_DOUBLINGS))
    return min(longest, doubled)
