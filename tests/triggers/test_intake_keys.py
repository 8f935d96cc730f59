"""What an entry is known by where its source says little of it, told as readings of a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from memory import START, Memory, article, kinds

from threadbot.triggers.entry import Entry
from threadbot.triggers.intake import decide
from threadbot.triggers.keys import keys_of

NOTICE = Entry(title="The museum is closed on Monday", content="<p>It opens on Tuesday.</p>")
BARE = {
    "nothing but title and text": NOTICE,
    "a front page": replace(NOTICE, address="https://example.com/"),
    "a summary": replace(NOTICE, content="", summary="It opens on Tuesday."),
    "a short title": replace(NOTICE, title="Notice"),
    "no title": replace(NOTICE, title=None),
}


def watched() -> Memory:
    """Give the memory of a source whose stock has been taken."""
    memory = Memory()
    memory.see(Entry(guid="first"))
    return memory


@pytest.mark.parametrize("bare", BARE.values(), ids=BARE)
def test_entry_without_guid_address_and_date(bare: Entry) -> None:
    """What has no guid, no address, no date and few words is stock, or let in once."""
    memory = watched()
    assert [kinds(memory.see(bare)) for _ in range(3)] == [["LetIn"], ["Leave"], ["Leave"]]
    stock = Memory()
    assert [kinds(stock.see(bare)) for _ in range(2)] == [["PassOver"], ["Leave"]]


def test_typing_error_that_is_mended_in_an_entry_without_guid_address_and_date() -> None:
    """A title that tells enough is the same article when a word of its text is mended."""
    memory = watched()
    memory.see(NOTICE)
    mended = replace(NOTICE, content="<p>It opens again on Tuesday.</p>")
    assert kinds(memory.see(mended)) == ["Revise"]


def test_notices_that_differ_in_their_text_alone() -> None:
    """Under a title of one word, two texts are two articles."""
    memory = watched()
    memory.see(replace(NOTICE, title="Notice"))
    assert kinds(memory.see(replace(NOTICE, title="Notice", content="The lift is mended."))) == [
        "LetIn"
    ]


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [("a" * 1_900, True), ("水" * 700, True), ("水" * 1_900, False)],
    ids=["1,900 letters of a byte", "700 letters of three bytes", "1,900 letters of three bytes"],
)
def test_a_long_address_is_known_by_a_key_that_every_database_can_look_up(
    path: str,
    is_kept: bool,  # noqa: FBT001
) -> None:
    """One that is short enough stays as it is; in place of another stands its hash."""
    entries = [Entry(guid=f"{end}", address=f"https://example.com/{path}{end}") for end in "12"]
    keys = [key.value for entry in entries for key in keys_of(entry) if key.kind == "address"]
    assert len(set(keys)) == 2
    assert all(len(key.encode()) <= 2_200 for key in keys)
    assert (keys[0] == f"//example.com/{path}1") is is_kept


def test_guid_that_entries_without_anything_else_share() -> None:
    """Where a guid tells nothing and there is no more, title and text are gone by."""
    first = [Entry(guid="feed", title=f"Notice {number}", content="x") for number in range(3)]
    memory = Memory()
    memory.see(*first)
    new = Entry(guid="feed", title="Notice 3", content="x")
    assert kinds(memory.see(new, *first)) == ["Leave", "Leave", "Leave", "LetIn"]


def test_entry_that_nothing_is_known_by() -> None:
    """An entry that says nothing is passed over, as it would be new at each reading."""
    memory = watched()
    nothing = Entry(address="https://example.com/")
    decided = decide([nothing], memory.recall(frozenset(), START), memory.rules, START)
    assert kinds(decided) == ["PassOver"]
    assert "nothing would tell it" in decided[0].reason


def release(number: int, address: str, **changes: object) -> Entry:
    """Make an entry that stands on a page with others."""
    return article(number, guid=f"release-{number}", address=address, **changes)


def test_parts_of_one_page() -> None:
    """Entries that lead to parts of one page are articles of their own, one by one and together."""
    page = "https://example.com/changelog"
    memory = watched()
    memory.see(*(release(number, f"{page}#v{number}") for number in (4, 3, 2)))
    memory.see(release(5, f"{page}#v5"))
    memory.see(release(5, f"{page}#v5"))
    assert memory.let_in == ["Article 2", "Article 3", "Article 4", "Article 5"]


def test_address_that_entries_share() -> None:
    """An address that entries with guids and titles of their own share tells nothing."""
    page = "https://example.com/changelog"
    memory = Memory()
    memory.see(*(release(number, page) for number in (3, 2, 1)))
    memory.see(*(release(number, page) for number in (5, 4, 3)))
    assert memory.let_in == ["Article 4", "Article 5"]


def test_fragment_that_counts_readers() -> None:
    """What is appended to an address to count readers makes no other article of it."""
    page = "https://example.com/article"
    memory = watched()
    memory.see(article(1, guid="one", address=f"{page}#xtor=RSS-1", content=""))
    again = article(1, guid="two", address=f"{page}#xtor=RSS-2", content="", published=None)
    assert kinds(memory.see(again)) == ["Leave"]


#: Undated entries of a feed whose stock is 4, 3, 2, 1, and which of the new ones are let in.
AMONG: dict[str, tuple[list[int], list[str]]] = {
    "at the top": ([6, 5, 4, 3, 2, 1], ["Article 5", "Article 6"]),
    "among older ones": ([5, 4, 3, 9, 2, 8, 1], ["Article 5"]),
    "below one that is pinned": ([1, 5, 4, 3, 2], ["Article 5"]),
    "below the newest, pinned": ([4, 5, 3, 2, 1], ["Article 5"]),
    "in a feed of no order": ([3, 4, 5, 1, 2], ["Article 5"]),
    "in a feed with its newest last": ([1, 2, 5, 3, 4], ["Article 5"]),
}


@pytest.mark.parametrize(("shown", "posted"), AMONG.values(), ids=AMONG)
def test_entry_without_a_date_among_older_ones(shown: list[int], posted: list[str]) -> None:
    """Where the newest stands first, what comes up among older ones waits for a person."""
    memory = Memory()
    memory.see(*(article(number, published=None) for number in (4, 3, 2, 1)))
    seen = memory.see(*(article(number, published=None) for number in shown))
    assert memory.let_in == posted
    assert kinds(seen).count("AskFirst") == len(set(shown) - {1, 2, 3, 4}) - len(posted)


def test_entry_without_a_date_below_all_that_is_known() -> None:
    """What comes up at the end of a feed, as one above it was taken down, is of the archive."""
    memory = Memory()
    memory.see(*(article(number, published=None) for number in (5, 4, 3)))
    memory.see(*(article(number, published=None) for number in (6, 5, 3, 2, 1)))
    assert memory.let_in == ["Article 6"]


def test_feed_without_dates_that_has_its_newest_last() -> None:
    """Its news waits for a person, as nobody can tell it from the archive; it is not lost."""
    memory = Memory()
    memory.see(*(article(number, published=None) for number in (1, 2, 3)))
    seen = memory.see(*(article(number, published=None) for number in (2, 3, 4)))
    assert kinds(seen) == ["AskFirst", "Leave", "Leave"]
    assert "the newest of a feed that has its newest last" in seen[0].reason
    assert kinds(memory.see(*(article(n, published=None) for n in (2, 3, 4)))) == ["Leave"] * 3


def test_change_is_no_date_of_publication() -> None:
    """An old article at the end of a feed that was changed today is not published today."""
    today = START + timedelta(hours=1)
    changed = [article(n, published=today, dated_by_change=True) for n in (4, 3, 2, 1)]
    memory = Memory()
    memory.see(*changed[1:3])
    memory.see(*changed)
    assert memory.let_in == ["Article 4"]


def test_file_beside_known_ones() -> None:
    """A file is new whatever stands beside it, as it may have been written long before."""
    memory = Memory()
    memory.see(article(2, published=None, source="/desk/2.md"))
    memory.see(
        article(2, published=None, source="/desk/2.md"),
        article(1, published=None, source="/desk/1.md"),
    )
    assert memory.let_in == ["Article 1"]


def test_entry_of_the_day_before_below_all_that_is_known() -> None:
    """What comes up at the end of a feed and is dated before the first sight is of the archive."""
    memory = Memory()
    memory.see(article(-2), article(-3))
    memory.see(article(1), article(-2), article(-4))
    assert memory.let_in == ["Article 1"]


EDITS = {
    "without a date": ({"published": None}, "PassOver"),
    "dated by its change": ({"dated_by_change": True}, "PassOver"),
    "published an hour before": ({"published": START - timedelta(hours=1)}, "PassOver"),
    "published since": ({}, "LetIn"),
}


@pytest.mark.parametrize(("changes", "kind"), EDITS.values(), ids=EDITS)
def test_edit_of_what_was_never_seen(changes: dict[str, object], kind: str) -> None:
    """Of an article that a webhook calls edited, and that is not known, only a new one is let in.

    Without that each typo mended in the archive would be posted.
    """
    memory = Memory(first_seen=START)
    assert kinds(memory.see(article(1, is_update=True, **changes))) == [kind]
