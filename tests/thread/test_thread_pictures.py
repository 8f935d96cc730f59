"""Which pictures go with which post, and the other choices of a style."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from compositions import article, bullets, made, sentence, style, texts, values

from threadbot.article.model import Article, Heading, Image, Link, Paragraph
from threadbot.thread.pictures import is_readable, lead_image

if TYPE_CHECKING:
    from threadbot.thread import Thread

MILL = Image("images/mill.jpg", "the mill")
BRIDGE = Image("https://enpause.com/bridge.jpg", "the bridge")
BARE = Image("bare.png")


def illustrated(*more: Image, lead: str | None = "https://enpause.com/lead.jpg") -> Article:
    """Give an article with a lead picture and one picture in each of two sections."""
    return Article(
        "New tram lines for Brest",
        (
            Paragraph(sentence(150)),
            Heading(2, "One"),
            Paragraph(sentence(220, "First")),
            MILL,
            Heading(2, "Two"),
            BRIDGE,
            Paragraph(sentence(220, "Second")),
            *more,
        ),
        language="en",
        url="https://enpause.com/tramway",
        image=lead,
        image_alt="a tram",
    )


def shown(thread: Thread) -> list[tuple[str, ...]]:
    """Name the pictures of each post."""
    return [tuple(image.src for image in post.images) for post in thread.posts]


def place(thread: Thread, words: str) -> int:
    """Find the post that holds some words."""
    return next(at for at, text in enumerate(texts(thread)) if words in text)


def test_without_a_wish_no_picture_is_posted() -> None:
    """The default posts none, and says which of the text's were left out."""
    thread = made(illustrated(), "x")
    assert not any(shown(thread))
    assert thread.omitted[-2:] == ("image: the mill", "image: the bridge")


def test_the_lead_goes_with_the_opening_on_x() -> None:
    """With its alternative text, which X charges for."""
    thread = made(illustrated(), "x", style(images="lead"))
    assert thread.posts[0].images == (Image("https://enpause.com/lead.jpg", "a tram"),)
    assert not any(shown(thread)[1:])
    without = made(illustrated(), "x")
    assert thread.price_usd is not None
    assert without.price_usd is not None
    assert thread.price_usd - without.price_usd == Decimal("0.005")


def test_on_bluesky_the_card_shows_the_lead() -> None:
    """A post there has a card or pictures, never both."""
    thread = made(illustrated(), "bluesky", style(images="lead"))
    card = thread.posts[0].card
    assert card is not None
    assert card.image == "https://enpause.com/lead.jpg"
    assert not any(shown(thread))


def test_without_a_link_bluesky_has_no_card_and_shows_the_lead_itself() -> None:
    """Where nothing is linked the opening bears the picture."""
    source = Article("T", (Paragraph(sentence(400)), MILL), language="en")
    assert made(source, "bluesky", style(images="lead")).posts[0].images == (MILL,)


@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_all_pictures_stand_beside_their_words(network: str) -> None:
    """Each goes with the last words of its section before it, else with the first after it."""
    chosen = style(images="all", coverage="full")
    thread = made(illustrated(), "x" if network == "x" else "bluesky", chosen)
    assert MILL in thread.posts[place(thread, "First")].images
    assert BRIDGE in thread.posts[place(thread, "Second")].images
    assert not any(words.startswith("image:") for words in thread.omitted)


def test_a_post_has_at_most_four_pictures() -> None:
    """What is above is left out, and said."""
    more = tuple(Image(f"{number}.png", "a chart") for number in range(4))
    thread = made(illustrated(*more), "x", style(images="all"))
    assert max(map(len, shown(thread))) == 4
    assert thread.omitted[-1] == "image: a chart"
    assert any("has 4 already" in warning for warning in thread.warnings)


def test_a_missing_alternative_text_is_a_warning() -> None:
    """It is said which picture has none, and in which post."""
    thread = made(illustrated(BARE), "x", style(images="all"))
    last = len(thread.posts) - 1
    assert f"The image bare.png in post {last} has no alternative text." in thread.warnings


def test_a_picture_of_a_section_that_is_not_posted_is_left_out() -> None:
    """A picture never illustrates other words than its own."""
    source = article(Heading(2, "Code"), MILL)
    thread = made(source, "x", style(images="all"))
    assert "image: the mill" in thread.omitted or MILL in thread.posts[0].images


@pytest.mark.parametrize(
    ("src", "readable"),
    [
        ("a.png", True),
        ("images/a.png", True),
        ("https://a.fr/a.png", True),
        ("//a.fr/a.png", False),
        ("/etc/passwd", False),
        ("~/a.png", False),
        ("../a.png", False),
        ("images/../../a.png", False),
        ("..\\a.png", False),
        ("file:///etc/passwd", False),
        ("data:image/png;base64,AAAA", False),
        ("C:\\a.png", False),
        ("", False),
    ],
)
def test_only_the_web_and_the_articles_folder_are_read(src: str, readable: bool) -> None:  # noqa: FBT001
    """Everything else is left out with a warning."""
    assert is_readable(src) is readable
    warned = made(illustrated(Image(src, "x")), "x", style(images="all")).warnings
    assert any("is left out: only images" in warning for warning in warned) is not readable


def test_the_lead_is_the_first_picture_where_none_is_named() -> None:
    """An article's own picture stands in, with its words."""
    assert lead_image(illustrated(lead=None)) == MILL
    assert lead_image(article()) is None


LINKED = Paragraph("The report says so. It is long.", (Link(4, 10, "https://enpause.com/report"),))


def test_links_under_words_are_facets_on_bluesky() -> None:
    """The words stay as they are and lead where they led."""
    source = article(Paragraph(sentence(300)), Heading(2, "Why"), LINKED)
    thread = made(source, "bluesky", style(coverage="full"))
    assert "https://enpause.com/report" in values(thread, "link")
    assert not any(words.startswith("link:") for words in thread.omitted)


@pytest.mark.parametrize(("network", "choice"), [("x", "facets"), ("bluesky", "none")])
def test_links_that_fall_away_are_said(network: str, choice: str) -> None:
    """X has no links under words, and a style may want none: the words stay, the link is listed."""
    source = article(Paragraph(sentence(300)), Heading(2, "Why"), LINKED)
    wanted = style(coverage="full", inline_links="none" if choice == "none" else "facets")
    thread = made(source, "x" if network == "x" else "bluesky", wanted)
    assert any("The report says so." in text for text in texts(thread))
    assert "https://enpause.com/report" not in values(thread, "link")
    assert thread.omitted == ("link: report (https://enpause.com/report)",)


def test_a_style_may_have_its_own_bullet() -> None:
    """It stands before the items of lists without numbers."""
    source = article(Paragraph(sentence(300)), Heading(2, "Why"), bullets("one", "two"))
    assert any("→ one\n→ two" in text for text in texts(made(source, "x", style(bullet="→"))))
