"""Tests of `threadbot.thread.compose`: numbers, tags, single posts, caps, links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from compositions import (
    NETWORKS,
    REST,
    URL,
    article,
    body,
    bullets,
    made,
    sections,
    sentence,
    style,
    texts,
    values,
)

from threadbot.article.model import Block, Code, Heading, Link, Paragraph
from threadbot.errors import ThreadError
from threadbot.thread import Span, x_text

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("count", [2, 9, 12, 110])
def test_numbering_counts_right_at_any_width(network: NetworkName, count: int) -> None:
    """Each body post ends with its number, spans say so, and posts fit however wide it is."""
    source = article(*sections(count, sentence(230), 1))
    thread = made(source, network, style(coverage="full", numbering=True))
    total = len(thread.posts)
    numbers = [f"{place}/{total}" for place in range(2, total)]
    assert [post.text.rpartition("\n")[2] for post in body(thread)] == numbers
    assert values(thread, "numbering") == numbers
    assert all(post.length <= thread.limit for post in thread.posts)


def test_numbering_is_on_for_x_and_off_for_bluesky() -> None:
    """Without a wish X posts are numbered and Bluesky's are not; the style may say otherwise."""
    total = len(made(article(), "x").posts)
    assert f"2/{total}" in texts(made(article(), "x"))[1]
    assert not [text for text in texts(made(article(), "bluesky")) if "2/" in text]
    assert not [
        text for text in texts(made(article(), "x", style(numbering=False))) if "2/" in text
    ]


TAGS = ("IA générative", "Brest", "tram", "2030", "x" * 70, *(f"tag{n}" for n in range(9)))


def test_hashtags_stand_in_the_closing_alone() -> None:
    """None on X, two on Bluesky by default; the others are the record's tags, at most eight."""
    on_x, on_bluesky = made(article(tags=TAGS), "x"), made(article(tags=TAGS), "bluesky")
    assert (values(on_x, "hashtag"), on_x.tags) == ([], ())
    assert values(on_bluesky, "hashtag") == ["IAGénérative", "Brest"]
    assert on_bluesky.posts[-1].text.endswith("#IAGénérative #Brest")
    assert on_bluesky.tags == ("tram", "2030", *(f"tag{n}" for n in range(6)))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_style_says_how_many_hashtags(network: NetworkName, count: int) -> None:
    """The style's number of hashtags wins over the network's default."""
    thread = made(article(tags=TAGS), network, style(hashtags=count))
    assert values(thread, "hashtag") == ["IAGénérative", "Brest", "tram"][:count]


def test_hashtags_give_way_first() -> None:
    """Where the closing has no room, hashtags go before the question does."""
    source = article(tags=("a" * 60, "b" * 60), question=sentence(200, end="?"))
    thread = made(source, "bluesky")
    assert values(thread, "hashtag") == ["a" * 60] or values(thread, "hashtag") == []
    assert "?" in texts(thread)[-1]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    "blocks",
    [(Paragraph("It is short."),), (Code("x = 1"),), (bullets("a", "b"),), (Heading(2, "Idle"),)],
    ids=["text", "only code", "only a list", "only a heading"],
)
def test_an_article_that_fits_is_one_post(network: NetworkName, blocks: tuple[Block, ...]) -> None:
    """A short article becomes one post without number, with the call."""
    thread = made(article(*blocks), network, style(numbering=True))
    (post,) = thread.posts
    assert post.part == "single"
    assert post.text.startswith("New tram lines for Brest\n")
    assert "1/1" not in post.text
    assert values(thread, "link") == [URL]
    assert (post.card is not None) == (network == "bluesky")


def test_what_just_does_not_fit_is_a_thread() -> None:
    """One character more than a post can hold makes a thread of it."""
    room = 280 - made(article(Paragraph("."))).posts[0].length + 1
    assert len(made(article(Paragraph(sentence(room)))).posts) == 1
    assert len(made(article(Paragraph(sentence(room + 1)))).posts) > 1


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("coverage", ["digest", "full"])
@pytest.mark.parametrize("most", [1, 2, 3, 4, 7])
def test_a_cap_on_posts_holds_and_nothing_is_lost_silently(
    network: NetworkName, coverage: str, most: int
) -> None:
    """No more posts than the cap, the most that fits stays, and the thread says what does not."""
    source = article(*sections(6, sentence(220), 1))
    chosen = style(coverage="full" if coverage == "full" else "digest", max_posts=most)
    thread = made(source, network, chosen)
    assert len(thread.posts) == most
    said = "\n".join((*texts(thread), *thread.omitted))
    assert all(f"Part {number} of the report" in said for number in range(1, 7))


def test_a_cap_that_is_not_reached_changes_nothing() -> None:
    """A cap above the number of posts leaves the thread as it is."""
    assert made(article(), "x", style(max_posts=20)) == made(article())


def test_under_a_cap_what_matters_most_stays() -> None:
    """A cap leaves out later sentences before leads, and list items stay as long as they can."""
    source = article(
        Heading(2, "One"),
        Paragraph(f"{sentence(120, 'First lead')} {sentence(240, 'Aside one')}"),
        Heading(2, "Two"),
        Paragraph(f"{sentence(120, 'Second lead')} {sentence(240, 'Aside two')}"),
        bullets("a", "b"),
    )
    thread = made(source, "x", style(coverage="full", max_posts=4))
    said = "\n".join(texts(thread))
    assert "First lead" in said
    assert "Second lead" in said
    assert "• b" in said
    assert "Aside two" not in said


@pytest.mark.parametrize(
    "url",
    ["https://localhost/a", "http://127.0.0.1/", "https://a.example/", "ftp://a.com", "a b"],
)
def test_a_link_that_x_does_not_know_is_an_error_there_alone(url: str) -> None:
    """X would count such an address in full and not link it; Bluesky links anything."""
    with pytest.raises(ThreadError, match="X would not link"):
        made(article(url=url), "x")
    assert values(made(article(url=url), "bluesky"), "link") == [url]


@pytest.mark.parametrize("network", NETWORKS)
def test_the_same_input_gives_the_same_thread(network: NetworkName) -> None:
    """Composing is deterministic."""
    assert made(article(tags=TAGS), network) == made(article(tags=TAGS), network)


def test_two_cashtags_never_meet_on_x() -> None:
    """X refuses a post with two cashtags, also where title and text bring one each."""
    source = article(Paragraph(f"$MSFT falls. {sentence(270)}"), *REST, title="$AAPL rises")
    assert texts(made(source))[0] == "$AAPL rises\n\nMSFT falls. 🧵"
    single = article(Paragraph("$MSFT falls."), title="$AAPL rises")
    assert texts(made(single))[0].count("$") == 1
    assert texts(made(single, "bluesky"))[0].count("$") == 2


def test_the_thread_names_its_account_limit_and_languages() -> None:
    """What is not in the posts: network, account, limit and languages."""
    on_x, on_bluesky = made(article()), made(article(language=None), "bluesky")
    assert (on_x.network, on_x.account, on_x.limit, on_x.langs) == ("x", "x", 280, ("en",))
    assert (on_bluesky.limit, on_bluesky.langs) == (300, ())


def test_lengths_are_the_networks_own() -> None:
    """Each post tells its length in the network's counting and its bytes."""
    for post in made(article()).posts:
        assert post.length == x_text.weighted_length(post.text)
        assert post.size == len(post.text.encode())


def test_links_of_the_article_are_facets_on_bluesky() -> None:
    """A link under words of the article stays under them on Bluesky and is words on X."""
    text = f"The plan is here. {sentence(240)}"
    source = article(Paragraph(text, (Link(4, 8, "https://e.com/plan"),)), *REST)
    assert values(made(source, "bluesky"), "link") == ["https://e.com/plan", URL]
    assert values(made(source, "x"), "link") == [URL]
    opening = made(source, "bluesky").posts[0]
    assert opening.spans[0] == Span(26 + 4, 26 + 8, "link", "https://e.com/plan")


def test_a_cap_is_met_by_fuller_posts_first() -> None:
    """Where the cap can be met by fuller posts, a sentence is cut sooner than left out."""
    text = f"{sentence(150)} {sentence(440, 'A bridge')} {sentence(150)}"
    source = article(Heading(2, "One"), Paragraph(text), bullets("end"))
    free = made(source, "x", style(coverage="full"))
    capped = made(source, "x", style(coverage="full", max_posts=len(free.posts) - 1))
    assert (len(capped.posts), capped.omitted) == (len(free.posts) - 1, ())
