"""When two articles are the same one."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from samples import ARTICLE, START

from threadbot.article.model import Article, Heading, ListBlock, ListItem, Paragraph
from threadbot.delivery.identity import identify

if TYPE_CHECKING:
    from threadbot.delivery.ledger import Ledger

PLAIN = replace(ARTICLE, url=None)
CORRECTED = Paragraph("La ville relance un vieux chantier.")
TYPO = replace(ARTICLE, blocks=(CORRECTED,))
OTHER_URL = "https://enpause.com/metro"
#: Of letters that no compression makes fewer, so that no database could look it up as it is.
VERY_LONG = f"https://enpause.com/{''.join(sha256(b'%d' % n).hexdigest() for n in range(80))}"

#: What is known, what comes next, and whether it is the same article: each an article and where it
#: was read.
CASES = {
    "nothing changed": ((ARTICLE, "/a.md"), (ARTICLE, "/a.md"), True),
    "a typo fixed (feediverse#31)": ((ARTICLE, "/a.md"), (TYPO, "/a.md"), True),
    "a changed GUID, the same address (bridgy-fed#2693)": (
        (ARTICLE, "https://enpause.com/feed#1"),
        (TYPO, "https://enpause.com/feed#2"),
        True,
    ),
    "tracking parameters, a fragment": (
        (ARTICLE, None),
        (replace(TYPO, url=f"{ARTICLE.url}/?utm_source=feed#top"), None),
        True,
    ),
    "http and https": (
        (ARTICLE, None),
        (replace(TYPO, url="http://enpause.com/tramway"), None),
        True,
    ),
    "a very long address": (
        (replace(ARTICLE, url=VERY_LONG), None),
        (replace(TYPO, url=f"{VERY_LONG}?utm_source=feed"), None),
        True,
    ),
    "very long addresses that differ at their ends": (
        (replace(ARTICLE, url=VERY_LONG), None),
        (replace(TYPO, url=f"{VERY_LONG}2"), None),
        False,
    ),
    "another address": ((ARTICLE, None), (replace(TYPO, url=OTHER_URL), None), False),
    "another address, the same words": (
        (ARTICLE, None),
        (replace(ARTICLE, url=OTHER_URL), None),
        False,
    ),
    "another address from the same file": (
        (ARTICLE, "/latest.md"),
        (replace(ARTICLE, url=OTHER_URL), "/latest.md"),
        False,
    ),
    "the front page of a site, other words": (
        (replace(ARTICLE, url="https://enpause.com/"), "https://enpause.com/"),
        (replace(TYPO, url="https://enpause.com"), "https://enpause.com"),
        False,
    ),
    "the front page of a site, the same words": (
        (replace(ARTICLE, url="https://enpause.com/"), None),
        (replace(ARTICLE, url="https://enpause.com/"), None),
        True,
    ),
    "the address came later": ((replace(TYPO, url=None), "/a.md"), (ARTICLE, "/a.md"), True),
    "the address is missing now": ((ARTICLE, "/a.md"), (replace(TYPO, url=None), "/a.md"), True),
    "the same file": ((PLAIN, "/a.md"), (replace(TYPO, url=None), "/a.md"), True),
    "the file moved": ((PLAIN, "/a.md"), (PLAIN, "/b.md"), True),
    "the same words from standard input": ((PLAIN, "/a.md"), (PLAIN, None), True),
    "other words from standard input": ((PLAIN, None), (replace(TYPO, url=None), None), False),
    "another file with other words": ((PLAIN, "/a.md"), (replace(TYPO, url=None), "/b.md"), False),
}


@pytest.mark.parametrize(("known", "found", "same"), CASES.values(), ids=CASES)
def test_the_same_article(
    ledger: Ledger,
    known: tuple[Article, str | None],
    found: tuple[Article, str | None],
    *,
    same: bool,
) -> None:
    """The same address, else the same source, else the same content is the same article."""
    first = ledger.record_article(*known, START)
    assert (ledger.record_article(*found, START) == first) == same


def test_what_is_learned_is_kept(ledger: Ledger) -> None:
    """An article whose address was learned later is known by address and by file."""
    first = ledger.record_article(PLAIN, "/a.md", START)
    assert ledger.record_article(ARTICLE, "/a.md", START) == first
    assert ledger.record_article(TYPO, None, START) == first
    assert ledger.record_article(replace(TYPO, url=None), "/a.md", START) == first


def test_the_newest_wins(ledger: Ledger) -> None:
    """A file that was used for several articles stands for the last one."""
    ledger.record_article(ARTICLE, "/latest.md", START)
    second = ledger.record_article(replace(TYPO, url=OTHER_URL), "/latest.md", START)
    assert ledger.record_article(replace(PLAIN, title="Rien"), "/latest.md", START) == second


@pytest.mark.parametrize(
    "changed",
    [
        replace(ARTICLE, title="Autre"),
        replace(ARTICLE, blocks=()),
        replace(ARTICLE, blocks=(Heading(2, "La ville relance un chantier."),)),
        replace(ARTICLE, blocks=(ListBlock(ordered=False, items=(ListItem("La ville"),)),)),
    ],
)
def test_content(changed: Article) -> None:
    """Title, words and the kinds of blocks make the content; author and tags do not."""
    hashed = identify(ARTICLE, None).content_hash
    assert identify(changed, None).content_hash != hashed
    assert identify(replace(ARTICLE, author="Anne", tags=("a",)), "/x").content_hash == hashed
