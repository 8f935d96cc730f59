"""When a feed that has moved for good is asked at its configured address again.

Owns the doubt about moves: a redirect may have been a mistake, its new place may fail or show what
is stale, and so may the old one. What its owner configured is asked where the new place fails for
long, and is believed if it answers; and once a day, when it is believed if it has news. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.triggers.decisions import LetIn
from threadbot.triggers.polling import ABSENT_SAID, PATIENCE_SAID

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from threadbot.triggers.decisions import Decision
    from threadbot.triggers.polling import Poll

#: What is dated longer ago is no news: visits are a day apart, and dates may have no time.
NEWS: Final = timedelta(days=2)

# How often in a row a moved address must fail before home is asked: the latter is over a day.
_ABSENT_TIMES: Final = 3
_FAILED_TIMES: Final = 7


def at_home(poll: Poll, failed: Poll, home: str) -> Poll | None:
    """Say what to ask with at the configured address, where the one that a feed moved to fails.

    Args:
        poll: what was remembered before it was asked.
        failed: what is remembered after that.
        home: its address as configured.

    Returns:
        What to ask with, without what the other server named; None where nothing failed or not
        long enough, as home may show what is stale; where it is at home; or where its server asked
        for patience, as home may lead there again.
    """
    if failed.error is None or poll.url == home or failed.error in PATIENCE_SAID:
        return None
    is_absent = failed.error in ABSENT_SAID
    if failed.failures < (_ABSENT_TIMES if is_absent else _FAILED_TIMES):
        return None
    return _from_home(poll, home)


def on_a_visit(poll: Poll, home: str, now: datetime) -> Poll | None:
    """Say what to ask with at the configured address, once a day, while the new place answers.

    Args:
        poll: what is remembered of asking it.
        home: its address as configured.
        now: the time (UTC).

    Returns:
        What to ask with; None where it is at home, was asked before on the same day, or fails.
    """
    if poll.url == home or poll.error is not None or poll.checked_at is None:
        return None
    return _from_home(poll, home) if poll.checked_at.date() < now.date() else None


def is_believed(poll: Poll, visited: Poll, decisions: Iterable[Decision], now: datetime) -> bool:
    """Tell whether what a visit led to counts; if not, the new place is asked as ever.

    Args:
        poll: what was remembered before.
        visited: what is remembered after it.
        decisions: what becomes of the entries that were shown.
        now: the time (UTC).
    """
    if visited.error is not None:
        return False
    # It leads to the new place as before, whose answer that was.
    return visited.url == poll.url or any(_is_news(decision, now) for decision in decisions)


def _is_news(decision: Decision, now: datetime) -> bool:
    published = decision.entry.published
    return isinstance(decision, LetIn) and (published is None or published > now - NEWS)


def _from_home(poll: Poll, home: str) -> Poll:
    return replace(poll, url=home, etag=None, last_modified=None)
