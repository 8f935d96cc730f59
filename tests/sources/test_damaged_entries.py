"""One damaged row in the ledger, and the articles that come after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from places import STORES
from sqlalchemy import update

from threadbot.delivery.tables import entries, threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.site_on_loopback import Newsroom

    Open = Callable[..., Newsroom]

#: Every test is run with a ledger in each kind of database.
LEDGERS = STORES


@pytest.mark.parametrize("approval", ["required", "auto"])
def test_a_damaged_thread_stops_its_own_article_alone(newsroom: Open, approval: str) -> None:
    """Its edit, or its approval, is reported and tried later; the next article becomes a draft."""
    room = newsroom(f'accounts = ["ours-x"]\napproval = "{approval}"')
    room.look()
    room.show(4)
    room.rounds.look(room.rounds.sources["site"])
    work = room.rounds.store.work({"site"}, room.now, 1)
    room.rounds.carry_out()
    again = {"work": "approve" if approval == "auto" else "revise", "try_at": room.now}
    with room.ledger.writing() as connection:
        connection.execute(update(threads).values(content_hash="0" * 64, state="draft"))
        connection.execute(update(entries).values(entry=work[0].stored, **again))
    room.show(5)
    room.rounds.look(room.rounds.sources["site"])
    done = room.rounds.carry_out()
    assert "is not what was approved" in str(done[0].problem)
    assert done[1].drafts == ("2",)
    [trouble] = room.rounds.store.report(room.config.sources[0]).troubles
    assert trouble.startswith("Article 4: thread 1 in the ledger is not what was approved")


@pytest.mark.parametrize("stored", ["[]", "{", "{}"])
def test_a_damaged_entry_stops_no_other(newsroom: Open, stored: str) -> None:
    """It is named by its title, reported, and the next one becomes a draft."""
    room = newsroom('accounts = ["ours-x"]')
    room.look()
    room.show(4)
    room.rounds.look(room.rounds.sources["site"])
    with room.ledger.writing() as connection:
        connection.execute(update(entries).values(entry=stored))
    room.show(5)
    room.rounds.look(room.rounds.sources["site"])
    # What stands in the feed was read anew, and mends it: so it is damaged once more.
    with room.ledger.writing() as connection:
        connection.execute(
            update(entries).where(entries.c.title == "Article 4").values(entry=stored)
        )
    problems = {one.title: one.problem for one in room.rounds.carry_out()}
    assert problems["Article 5"] is None
    assert "is damaged" in str(problems["Article 4"])
    assert room.states() == ["ours-x draft Article 5"]
