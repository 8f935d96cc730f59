"""Tests of `threadbot.thread.notes` and `price`: what an editor is told, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from compositions import NETWORKS, URL, account, made, sections, sentence, style

from threadbot.article.model import Article, Block, Code, Heading, Image, Paragraph, Table
from threadbot.thread import Prices, compose

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

LONG = Paragraph(sentence(290))


def article(*blocks: Block, url: str | None = URL, language: str | None = "en") -> Article:
    """Build an article that needs a thread."""
    return Article("Title", (*blocks, *sections(2, sentence(230), 1)), language=language, url=url)


def test_nothing_is_left_out_silently() -> None:
    """Pictures, code, tables, idle headings and sentences: what is in no post is listed."""
    source = article(
        Paragraph(f"One is said{sentence(250, '')} This is not. Nor is that."),
        Image("a.png", "A tram"),
        Image("b.png"),
        Code("x = 1"),
        Table((("a", "b"), ("c", "d"))),
        Heading(2, "Idle"),
        Image("c.png", "Under it"),
    )
    assert set(made(source).omitted) == {
        *("This is not.", "Nor is that.", "Idle", "image: A tram", "image: b.png"),
        *("image: Under it", "code: x = 1", "table: a | b / c | d"),
    }


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    ("source", "warning"),
    [
        (article(url=None), "No link: the article's address is not known; give it with --url."),
        (article(language=None), "The language could not be told; name it with --lang."),
        (article(Paragraph("Ask @bob. " + sentence(200))), "@bob is not in [handles]"),
    ],
)
def test_what_is_missing_is_a_warning(network: NetworkName, source: Article, warning: str) -> None:
    """An address, a language or a handle that is not known is told."""
    thread = made(source, network, style(coverage="full"))
    assert len([words for words in thread.warnings if words.startswith(warning)]) == 1


@pytest.mark.parametrize("network", NETWORKS)
def test_a_thread_without_oddities_has_no_warnings(network: NetworkName) -> None:
    """Where all is known and fits there is nothing to say."""
    assert made(article(), network).warnings == ()


@pytest.mark.parametrize(("count", "told"), [(23, False), (24, True)])
def test_more_than_25_posts_are_a_warning(count: int, told: bool) -> None:  # noqa: FBT001 - a case
    """A thread of 25 posts is not remarked on, one of 26 is."""
    source = Article("Title", sections(count, sentence(230), 1), language="en", url=URL)
    thread = made(source, "x", style(coverage="full"))
    assert len(thread.posts) == count + 2
    assert any("posts are many" in words for words in thread.warnings) is told


def test_addresses_of_the_articles_own_are_priced_and_warned_of_on_x() -> None:
    """An address that the text spells out stays, costs, and is named with its post."""
    source = article(Paragraph("Nobody knew."), Paragraph(f"Go to openai.com. {sentence(250)}"))
    thread = made(source, "x", style(coverage="full"))
    (warning,) = thread.warnings
    assert warning.startswith("Post 2 holds an address of the article's own, openai.com: X")
    posts = len(thread.posts)
    assert thread.price_usd == 2 * Decimal("0.20") + (posts - 2) * Decimal("0.015")
    assert made(source, "bluesky").warnings == ()


def test_an_address_beside_the_articles_link_costs_no_more_on_x() -> None:
    """A closing with an address of its own is charged once, so the warning names no price."""
    source = Article(
        "Title",
        (*sections(2, sentence(230), 1), Paragraph("Go to openai.com.")),
        language="en",
        url=URL,
    )
    thread = made(source, "x", style(coverage="full"))
    own = f"Post {len(thread.posts)} holds an address of the article's own, openai.com"
    assert thread.warnings == (f"{own}: X links it beside {URL}.",)
    assert thread.price_usd == Decimal("0.20") + (len(thread.posts) - 1) * Decimal("0.015")


def test_the_price_follows_the_accounts_list() -> None:
    """A post with an address has its own price; Bluesky charges nothing."""
    prices = Prices(post=Decimal(1), post_with_url=Decimal(10))
    thread = compose(article(), replace(account("x"), prices=prices), style())
    assert thread.price_usd == len(thread.posts) - 1 + 10
    assert made(article(), "bluesky").price_usd is None
    unlinked = compose(article(url=None), replace(account("x"), prices=prices), style())
    assert unlinked.price_usd == len(unlinked.posts)


def test_a_template_that_leaves_the_link_out_is_told() -> None:
    """The link of the article is missed where no post has it."""
    thread = made(article(), "x", style({"default/closing.j2": "The end."}))
    assert "The templates leave out the article's link." in thread.warnings


def test_a_template_that_links_twice_is_told() -> None:
    """Two posts with the article's link cost twice, so the thread says so."""
    files = {"default/opening.j2": "{{ title }} {{ url }}"}
    thread = made(article(), "x", style(files))
    (warning,) = thread.warnings
    assert warning == (
        f"The article's link stands in posts 1, {len(thread.posts)}; X charges $0.20 for each."
    )
