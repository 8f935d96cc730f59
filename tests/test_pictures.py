"""Pictures beside an article, and the rule that nothing else is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from threadbot.article.model import Image
from threadbot.errors import SourceError
from threadbot.pictures import is_local, local_picture, with_found_pictures
from threadbot.thread import Card, Post, Thread

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An article's folder with two pictures, and one outside it."""
    inside = tmp_path / "article"
    (inside / "images").mkdir(parents=True)
    for path in ("article/a.png", "article/images/deux mots.png", "outside.png"):
        (tmp_path / path).write_bytes(b"picture")
    (inside / "link.png").symlink_to(tmp_path / "outside.png")
    return inside


@pytest.mark.parametrize("src", ["a.png", "./a.png", "images/../a.png", "images/deux%20mots.png"])
def test_a_picture_in_the_folder_is_found(folder: Path, src: str) -> None:
    """Paths are relative to the article, and may be written as in a web page."""
    assert local_picture(folder, src).read_bytes() == b"picture"


@pytest.mark.parametrize(
    ("src", "reason"),
    [
        ("../outside.png", "outside the article's folder"),
        ("/etc/hostname", "outside the article's folder"),
        ("link.png", "outside the article's folder"),
        ("%2e%2e/outside.png", "outside the article's folder"),
        ("b.png", "is not there"),
        ("images", "is not there"),
    ],
)
def test_nothing_else_is_read(folder: Path, src: str, reason: str) -> None:
    """What lies outside, through a link too, is refused; what is missing is said."""
    with pytest.raises(SourceError, match=reason):
        local_picture(folder, src)


def test_standard_input_has_no_folder() -> None:
    """An article without a folder has no pictures beside it."""
    with pytest.raises(SourceError, match="standard input"):
        local_picture(None, "a.png")


@pytest.mark.parametrize(
    ("src", "local"),
    [("a.png", True), ("https://a.fr/a.png", False), ("//a.fr/a.png", False), ("data:x", False)],
)
def test_addresses_are_not_local(src: str, local: bool) -> None:  # noqa: FBT001 - a case
    """Only a path is a file beside the article."""
    assert is_local(src) is local


def test_a_thread_is_warned_of_pictures_that_are_missing(folder: Path) -> None:
    """Each is named once, in a post or in the link card; those on the web are not looked at."""
    images = (Image("b.png"), Image("a.png"), Image("https://a.fr/c.png"), Image("\0.png"))
    card = Card("https://a.fr", "T", "", "b.png")
    posts = (Post("opening", "T", (), 1, 1, card), Post("body", "b", (), 1, 1, images=images))
    thread = Thread("bluesky", "bluesky", 300, (), (), posts, (), ("First.",), None)
    warned = with_found_pictures(thread, folder, None).warnings
    assert warned == (
        "First.",
        f"The image b.png is not there; it is looked for in {folder}.",
        "No path: '\\x00.png'.",
    )


def test_a_thread_whose_pictures_are_there_is_left_alone(folder: Path) -> None:
    """Nothing is added where there is nothing to say."""
    post = Post("single", "T", (), 1, 1, images=(Image("a.png", "x"),))
    thread = Thread("x", "x", 280, (), (), (post,), (), (), None)
    assert with_found_pictures(thread, folder, None) is thread


def test_a_picture_that_is_not_there_is_taken_from_the_articles_address(folder: Path) -> None:
    """What lies beside the article is preferred; where the web stands in, that is said."""
    images = (Image("a.png"), Image("b.png", "B"), Image("../outside.png"))
    card = Card("https://a.fr/t/article", "T", "", "b.png")
    posts = (Post("opening", "T", (), 1, 1, card), Post("body", "b", (), 1, 1, images=images))
    thread = Thread("bluesky", "bluesky", 300, (), (), posts, (), (), None)
    found = with_found_pictures(thread, folder, "https://a.fr/t/article")
    assert found.posts[0].card == Card("https://a.fr/t/article", "T", "", "https://a.fr/t/b.png")
    assert found.posts[1].images == (
        Image("a.png"),
        Image("https://a.fr/t/b.png", "B"),
        Image("https://a.fr/outside.png"),
    )
    said = "The image {} does not lie beside the article; it is taken from {}."
    assert found.warnings == (
        said.format("b.png", "https://a.fr/t/b.png"),
        said.format("../outside.png", "https://a.fr/outside.png"),
    )


def test_pictures_of_standard_input_are_taken_from_the_articles_address() -> None:
    """Nothing lies beside it, so there is nothing to say."""
    post = Post("single", "T", (), 1, 1, images=(Image("a.png"),))
    thread = Thread("x", "x", 280, (), (), (post,), (), (), None)
    found = with_found_pictures(thread, None, "https://a.fr/t/")
    assert found.posts[0].images == (Image("https://a.fr/t/a.png"),)
    assert found.warnings == ()
