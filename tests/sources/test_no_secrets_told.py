"""What fails is named without what may be secret in its address, as logs are shown around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fetch.loopback import response

from threadbot.article.reader import load
from threadbot.errors import SourceError
from threadbot.triggers.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.site_on_loopback import Newsroom

    Open = Callable[..., Newsroom]

KEY = "key=s3cret"


def test_a_page_that_cannot_be_read_tells_no_key(
    newsroom: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the log nor what `threadbot sources` shows holds the query of an entry's address."""
    room = newsroom('accounts = ["ours-bsky"]')
    room.look()
    room.answers["/mill"] = response(b"<svg></svg>", Content_Type="text/html")
    address = f"http://news.example:{room.server.port}/mill?{KEY}"
    room.show(4, title=" ", content=" ", address=address)
    caplog.set_level("INFO")
    room.look()
    (trouble,) = room.rounds.store.report(room.config.sources[0]).troubles
    assert f"http://news.example:{room.server.port}/mill?…" in trouble
    assert "s3cret" not in trouble
    assert "s3cret" not in caplog.text


def test_an_article_that_cannot_be_read_is_named_without_its_query() -> None:
    """Nor with what stands before its host."""
    with pytest.raises(SourceError) as caught:
        load(b"", url=f"https://me:s3cret@news.example/mill?{KEY}")
    assert str(caught.value).startswith("https://news.example/mill?…: ")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (Entry(address=f"https://news.example/mill?{KEY}"), "https://news.example/mill?…"),
        (Entry(guid=f"https://news.example/?{KEY}"), "https://news.example/?…"),
        (Entry(title="Why? A mill", address="https://news.example/"), "Why? A mill"),
    ],
)
def test_an_entry_without_a_title_is_named_without_its_query(named: Entry, said: str) -> None:
    """A title is shown as it is."""
    assert named.said == said
