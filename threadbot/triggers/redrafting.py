"""Which accounts get a draft of an edited article?

Owns that decision, made of the threads that the article has. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.triggers.decisions import Redraft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.delivery.model import ThreadState
    from threadbot.triggers.decisions import EntryThread

# States after which an edit has nothing to change on an account any more.
_OVER: frozenset[ThreadState] = frozenset({"sending", "published", "deleted"})
_APPROVED: frozenset[ThreadState] = frozenset({"approved", "scheduled", "held"})


def redrafts(threads: Sequence[EntryThread]) -> tuple[Redraft, ...]:
    """Say which accounts get a draft of an edited article.

    Args:
        threads: all that were made of it, the oldest first.
    """
    drafts: list[Redraft] = []
    for account in dict.fromkeys(thread.account for thread in threads):
        own = [thread for thread in threads if thread.account == account]
        if any(thread.begun or thread.state in _OVER for thread in own):
            continue
        open_drafts = [thread.id for thread in own if thread.state == "draft"]
        if open_drafts:
            drafts.append(Redraft(account, open_drafts[-1]))
        elif any(thread.state in _APPROVED for thread in own):
            drafts.append(Redraft(account, None))
    return tuple(drafts)
