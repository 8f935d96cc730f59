"""Tests of a thread's opening: title, hook, card."""

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
    sentence,
    style,
    texts,
)

from threadbot.article.model import Heading, Paragraph
from threadbot.thread import Card

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

LONGER = sentence(130, "A river")
# The first paragraph, the description, and the hook that the opening should have.
HOOKS = [
    ("Nobody knew. Brest gets new tram lines.", None, "Nobody knew."),
    ("Brest gets new tram lines. Nobody knew.", None, "Nobody knew."),
    # Below the title the first sentence stands as in the article, so it may lean on it.
    ("This surprised. Brest gets new tram lines.", None, "This surprised."),
    ("It came late. However, it came. Nobody knew.", None, "It came late. However, it came."),
    # A title that says it already leaves the place to another one, but to none that leans.
    ("Brest gets new tram lines. It did. Why now?", None, "Why now?"),
    # A narrow one brings the next, unless that repeats the title or does not fit.
    (f"Nobody knew. {LONGER} No end.", None, f"Nobody knew. {LONGER}"),
    (f"{LONGER} Nobody knew.", None, LONGER),
    (f"Nobody knew. {sentence(240, 'A river')}", None, "Nobody knew."),
    ("Nobody knew.", "The city restarts the works.", "The city restarts the works."),
    ("Nobody knew.", "New tram lines for Brest.", "Nobody knew."),
    (f"Nobody knew. {sentence(260)}", sentence(290), "Nobody knew."),
    (f"{sentence(265)} New tram lines for Brest again.", None, "New tram lines for Brest again."),
    ("This is short. It is late.", None, "This is short. It is late."),
    (sentence(265), None, ""),
]


@pytest.mark.parametrize(("paragraph", "description", "hook"), HOOKS)
def test_the_opening_is_the_title_and_the_best_hook_that_fits(
    paragraph: str, description: str | None, hook: str
) -> None:
    """The description, else the sentence that says something else than the title, if it fits."""
    thread = made(article(Paragraph(paragraph), *REST, description=description))
    words = f"New tram lines for Brest\n\n{hook}" if hook else "New tram lines for Brest"
    assert texts(thread)[0] == f"{words} 🧵"


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("coverage", ["digest", "full"])
@pytest.mark.parametrize("description", [None, "The works begin in May."])
def test_the_hook_is_not_repeated(
    network: NetworkName, coverage: str, description: str | None
) -> None:
    """What the opening says stands nowhere else in the thread."""
    chosen = style(coverage="full" if coverage == "full" else "digest")
    thread = made(article(description=description), network, chosen)
    assert sum(text.count("The works begin in May.") for text in texts(thread)) == 1


@pytest.mark.parametrize(
    "title",
    ["A title that goes on and on, " * 20, "x" * 400, "新しい路面電車" * 60, "👨‍👩‍👧‍👦" * 350],
    ids=["words", "one word", "japanese", "emoji"],
)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_title_without_end_is_cut_aloud(title: str, network: NetworkName) -> None:
    """A title too long for a post is cut with `…`; the thread says so."""
    thread = made(article(title=title.strip()), network)
    opening = thread.posts[0]
    assert opening.text.endswith("… 🧵")
    assert title.startswith(opening.text.removesuffix("… 🧵").strip())
    assert opening.length <= thread.limit
    assert title.strip() in thread.omitted
    assert "The title is too long for a post and was cut." in thread.warnings


@pytest.mark.parametrize("network", NETWORKS)
def test_the_opening_bears_no_number(network: NetworkName) -> None:
    """The first number is 2/n, on the second post."""
    thread = made(article(), network, style(numbering=True))
    assert "1/" not in texts(thread)[0]
    assert body(thread)[0].text.endswith(f"2/{len(thread.posts)}")


def test_the_card_sits_on_blueskys_opening() -> None:
    """On Bluesky the address, title and description are a card under the first post alone."""
    source = article(description="The city restarts the works.")
    thread = made(source, "bluesky")
    assert thread.posts[0].card == Card(URL, source.title, "The city restarts the works.", None)
    assert not [post for post in thread.posts[1:] if post.card]
    assert not [post for post in made(source, "x").posts if post.card]
    assert made(article(url=None), "bluesky").posts[0].card is None


def test_in_full_the_opening_takes_more_where_that_saves_a_post() -> None:
    """A thread of every word is not longer than it must be: a section may begin in the opening."""
    chosen = style(coverage="full", numbering=False)
    blocks = (Paragraph("Nobody knew."), Heading(2, "Start"), Paragraph(sentence(80)))
    saved = made(article(*blocks, bullets(sentence(270))), "x", chosen)
    assert texts(saved)[0].startswith("New tram lines for Brest\n\nNobody knew.\n\nStart\n\n")
    assert len(saved.posts) == 3
    kept = made(article(*blocks, bullets(sentence(100))), "x", chosen)
    assert texts(kept)[0] == "New tram lines for Brest\n\nNobody knew. 🧵"
    assert len(kept.posts) == 3
