"""What PostgreSQL does not store is a failure of its entry or source, which stops no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.site_on_loopback import LONG
from sources.test_values_refused import MANY_LETTERS
from threadbot.errors import UnstorableError
from threadbot.triggers.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.site_on_loopback import Newsroom

LEDGERS = ("postgresql",)
DESK = '[[source]]\nname = "desk"\nkind = "folder"\npath = "desk"\n'
SOUND = Entry(guid="sound", title="The mill", content=f"<p>{LONG * 12}</p>")


def test_an_article_that_cannot_be_stored_keeps_no_other_from_becoming_a_draft(
    newsroom: Callable[..., Newsroom],
) -> None:
    """It is tried again later, and the next one is a draft meanwhile."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.show(1)
    room.look()
    (site,) = room.config.sources
    # A path is never changed, as pictures lie beside it; of such length none is looked up.
    away = Entry(guid="away", title="Far", content=f"<p>{LONG}</p>", source=f"/{MANY_LETTERS}/a.md")
    room.rounds.receive(site, [SOUND, away])
    (problem,) = (one.problem for one in room.rounds.carry_out() if one.problem)
    assert "a value cannot be stored" in problem
    assert "tried again later" in problem
    assert room.states() == ["ours-bsky draft The mill"]


def test_a_source_whose_entry_cannot_be_stored_is_reported(
    newsroom: Callable[..., Newsroom],
) -> None:
    """Its failure is told where its owner looks, and it is asked less and less."""
    room = newsroom()
    room.look()
    (site,) = room.config.sources
    with pytest.raises(UnstorableError):
        room.rounds.receive(site, [Entry(guid="1", title="A\0B")])
    poll = room.rounds.store.report(site).poll
    assert poll is not None
    assert "cannot be stored" in str(poll.error)
    assert poll.failures == 1
