"""The figures that the real sample must reach, judged by the networks' own code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemLoader

from threadbot.article import load
from threadbot.article.model import Article, Heading, ListBlock, Paragraph
from threadbot.thread import Account, Style, Thread, compose
from threadbot.thread.sentences import sentences

if TYPE_CHECKING:
    from oracle.node import NodeOracle

    from threadbot.thread.model import NetworkName
    from threadbot.thread.settings import Coverage

TEMPLATES = FileSystemLoader(Path(__file__).parents[2] / "templates")
URL = "https://enpause.com/openai-paris-bruxelles"


@pytest.fixture(scope="module")
def sample(shared: Path) -> Article:
    path = shared / "articles" / "openai-paris-bruxelles.txt"
    return load(path.read_bytes(), name=path.name, known={"url": URL})


def thread(article: Article, network: NetworkName, coverage: Coverage = "digest") -> Thread:
    return compose(article, Account(network, network), Style(TEMPLATES, coverage=coverage))


def headings(article: Article) -> list[str]:
    return [block.text for block in article.blocks if isinstance(block, Heading)]


def items(article: Article) -> list[str]:
    lists = (block for block in article.blocks if isinstance(block, ListBlock))
    return [item.text for block in lists for item in block.items]


def body_text(text: str) -> str:
    """Take the numbering from a post."""
    return re.sub(r"\s+\d+/\d+$", "", text)


def test_the_digest_on_x_needs_at_most_nine_posts(sample: Article) -> None:
    """The sample becomes at most nine posts with opening and closing."""
    assert len(thread(sample, "x").posts) <= 9


@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_the_digest_holds_every_heading_and_item_whole(
    sample: Article, network: NetworkName
) -> None:
    """All four headings and all eleven list items stand whole in one post each."""
    posts = [post.text for post in thread(sample, network).posts]
    wanted = headings(sample) + items(sample)
    assert len(headings(sample)) == 4
    assert len(items(sample)) == 11
    for words in wanted:
        assert sum(words in text for text in posts) == 1, words


@pytest.mark.parametrize("coverage", ["digest", "full"])
@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_no_heading_and_no_intro_ends_a_post(
    sample: Article, network: NetworkName, coverage: Coverage
) -> None:
    """What announces something has something after it in its own post."""
    for post in thread(sample, network, coverage).posts:
        if post.part == "body":
            text = body_text(post.text)
            assert not text.endswith(":")
            assert not text.endswith(tuple(headings(sample)))


@pytest.mark.parametrize("coverage", ["digest", "full"])
def test_the_networks_own_code_finds_no_post_too_long(
    sample: Article, oracle: NodeOracle, coverage: Coverage
) -> None:
    """No post is over 280 by npm twitter-text, none over 300 graphemes by Intl.Segmenter."""
    for post in thread(sample, "x", coverage).posts:
        assert oracle.x_length(post.text) == post.length <= 280
    for post in thread(sample, "bluesky", coverage).posts:
        assert oracle.graphemes(post.text) == post.length <= 300


def test_full_coverage_holds_every_sentence_in_order(sample: Article) -> None:
    """With full coverage X gets at most sixteen posts, and every sentence in its place."""
    full = thread(sample, "x", "full")
    assert len(full.posts) <= 16
    said = " ".join(" ".join(body_text(post.text).split()) for post in full.posts)
    position = 0
    for block in sample.blocks:
        if isinstance(block, Paragraph):
            for start, end in sentences(block.text, "fr"):
                words = " ".join(block.text[start:end].split())
                position = said.find(words, position)
                assert position >= 0, words
    assert full.omitted == ()


def test_the_opening_is_title_and_hook(sample: Article) -> None:
    """The hook is the sentence that shares least with the title and leans on nothing."""
    opening = thread(sample, "x").posts[0].text
    assert opening == (
        f"{sample.title}\n\nL'intelligence artificielle ne connaît pas de frontières, et OpenAI "
        "compte bien le prouver. 🧵"
    )


def test_the_second_post_is_the_first_section(sample: Article) -> None:
    """Heading, lead sentence, list and number stand as an editor would set them."""
    assert thread(sample, "x").posts[1].text.split("\n\n") == [
        "OpenAI à la conquête de l'Europe\u00a0: pourquoi maintenant\u00a0?",
        "L'expansion d'OpenAI sur le Vieux Continent n'est pas anodine.",
        (
            "• Paris\u00a0: choisi pour son écosystème tech dynamique et ses talents en IA\n"
            "• Bruxelles\u00a0: stratégiquement située au cœur des institutions européennes"
        ),
        f"2/{len(thread(sample, 'x').posts)}",
    ]


def test_the_closing_calls_to_read_on(sample: Article) -> None:
    """The last sentence, the call, the handle and the link end the thread."""
    closing = thread(sample, "x").posts[-1].text
    assert closing.startswith("Reste à voir comment cet équilibre")
    assert closing.endswith(f"\n\nL'article complet sur @EnPause ⤵️ {URL}")


@pytest.mark.parametrize("network", ["x", "bluesky"])
def test_handle_and_link_stand_once(sample: Article, network: NetworkName) -> None:
    """Exactly one post holds the handle, exactly one the link."""
    made = thread(sample, network)
    assert sum(post.text.count("@EnPause") for post in made.posts) == 1
    links = [span.value for post in made.posts for span in post.spans if span.kind == "link"]
    assert links == [URL]
