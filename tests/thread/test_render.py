"""Tests of `threadbot.thread.render`: what templates may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from compositions import (
    NETWORKS,
    TEMPLATES,
    URL,
    body,
    made,
    sections,
    sentence,
    style,
    texts,
)
from compositions import (
    TEMPLATED as ARTICLE,
)
from jinja2 import ChoiceLoader, FileSystemLoader

from threadbot.article.model import Article, Paragraph
from threadbot.thread import Span, Style

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.thread import Thread
    from threadbot.thread.model import NetworkName


def opening(text: str, network: NetworkName = "x") -> str:
    """Render an opening of the user's."""
    return made(ARTICLE, network, style({"default/opening.j2": text})).posts[0].text


def closing(text: str, network: NetworkName = "x") -> tuple[str, tuple[Span, ...]]:
    """Render a closing of the user's: its text and spans."""
    post = made(ARTICLE, network, style({"default/closing.j2": text})).posts[-1]
    return post.text, post.spans


def test_the_nearest_file_wins(tmp_path: Path) -> None:
    """User before packaged, network before general, the style's folder before `default`."""
    order = [
        tmp_path / "mine" / "x" / "opening.j2",
        tmp_path / "mine" / "opening.j2",
        tmp_path / "default" / "x" / "opening.j2",
        tmp_path / "default" / "opening.j2",
    ]
    for number, path in enumerate(order):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"opening {number}", encoding="utf-8")
    for number, path in enumerate(order):
        # A loader keeps what it read, so each look-up has one of its own.
        loader = ChoiceLoader([FileSystemLoader(tmp_path), FileSystemLoader(TEMPLATES)])
        found = made(ARTICLE, "x", Style(loader=loader, template="mine")).posts[0].text
        assert found == f"opening {number}"
        path.unlink()
    loader = ChoiceLoader([FileSystemLoader(tmp_path), FileSystemLoader(TEMPLATES)])
    packaged = made(ARTICLE, "x", Style(loader=loader, template="mine")).posts[0].text
    assert packaged.startswith("Trams for Brest")


@pytest.mark.parametrize(
    ("network", "wanted", "span"),
    [
        ("x", f"Go on {URL}", Span(6, 6 + len(URL), "link", URL)),
        ("bluesky", "Go on", Span(0, 5, "link", URL)),
    ],
)
def test_link_is_words_and_address_on_x_and_a_facet_on_bluesky(
    network: NetworkName, wanted: str, span: Span
) -> None:
    """The filter `link` writes what the network can show."""
    assert closing("{{ 'Go on' | link(url) }}", network) == (wanted, (span,))


def test_link_of_the_address_itself_stands_once() -> None:
    """`url | link(url)` writes the address alone, on both networks."""
    for network in NETWORKS:
        assert closing("{{ url | link(url) }}", network) == (
            URL,
            (Span(0, len(URL), "link", URL),),
        )


def test_link_without_an_address_is_words() -> None:
    """Where the address is not known, the words stay."""
    article = Article("T", (Paragraph(sentence(290)),), language="en")
    chosen = style({"default/closing.j2": "{{ 'Go on' | link(url) }}"})
    assert [made(article, n, chosen).posts[-1].text for n in NETWORKS] == ["Go on", "Go on"]


@pytest.mark.parametrize(
    ("network", "name", "wanted", "values"),
    [
        ("x", "nora", "By @NoraHayes", ["NoraHayes"]),
        ("x", "@Nora", "By @NoraHayes", ["NoraHayes"]),
        ("x", "somebody", "By @somebody", ["somebody"]),
        ("bluesky", "nora", "By @nora.hayes.com", ["nora.hayes.com"]),
        ("bluesky", "a.example.com", "By @a.example.com", ["a.example.com"]),
        ("bluesky", "onlyx", "By @onlyx", []),
    ],
)
def test_mention_knows_the_handle_map(
    network: NetworkName, name: str, wanted: str, values: list[str]
) -> None:
    """The filter `mention` takes a name of the map or a handle; what can be none is no span."""
    text, spans = closing(f"By {{{{ '{name}' | mention }}}}", network)
    assert (text, [span.value for span in spans]) == (wanted, values)


def test_hashtag_sets_one_sign() -> None:
    """The filter `hashtag` writes `#` once."""
    text, spans = closing("{{ 'IA' | hashtag }} {{ '#b' | hashtag }}")
    assert (text, [(span.kind, span.value) for span in spans]) == (
        "#IA #b",
        [("hashtag", "IA"), ("hashtag", "b")],
    )


@pytest.mark.parametrize("network", NETWORKS)
def test_a_literal_address_is_a_link(network: NetworkName) -> None:
    """An http(s) address that the template spells out is a link without a filter."""
    text, spans = closing("More: https://enpause.com/all.", network)
    assert spans == (Span(6, 29, "link", "https://enpause.com/all"),)
    assert text[6:29] == spans[0].value


@pytest.mark.parametrize("network", NETWORKS)
def test_a_template_cannot_open_a_post_with_a_mention(network: NetworkName) -> None:
    """A template's own mention at the very start loses its `@`, too."""
    text, spans = closing("{{ 'nora' | mention }} knows", network)
    assert (text[0] != "@", spans) == (True, ())


def test_white_space_is_tidied() -> None:
    """Blank lines at the edges fall away and several become one."""
    assert opening("\n\n  a  \n \n\n\nb\n\n") == "a\n\nb"


@pytest.mark.parametrize("network", NETWORKS)
def test_what_the_article_says_of_its_author_stays_words(network: NetworkName) -> None:
    """A name with an `@` in the byline becomes no mention through a template."""
    article = Article(
        "T", (Paragraph(sentence(290)),), author="@someone of README.md", language="en", url=URL
    )
    post = made(article, network, style({"default/opening.j2": "By {{ author }}"})).posts[0]
    assert "@" not in post.text
    assert post.spans == ()


def test_every_variable_has_its_value() -> None:
    """Templates get the article's facts, the account's handle and the network."""
    names = "title author published language network template handle url site".split()
    assert opening(" | ".join(f"{{{{ {name} }}}}" for name in names)) == (
        f"Trams for Brest | Nora Hayes | 2026-03-07 | en | x | default | EnPause | {URL} | "
        "enpause.com"
    )


def numbers_of(thread: Thread) -> list[str]:
    """Give the last line of each body post."""
    return [post.text.rpartition("\n")[2] for post in body(thread)]


def test_number_and_total_count_as_numbering_does() -> None:
    """`number` and `total` are the numbers of `numbering`, without its switch."""
    chosen = style({"default/body.j2": "{{ text }}\n{{ number }} of {{ total }}"}, numbering=False)
    thread = made(ARTICLE, "x", chosen)
    total = len(thread.posts)
    assert numbers_of(thread) == [f"{place} of {total}" for place in range(2, total)]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    "template",
    [
        "{{ text }}\n{{ text }}",
        "{{ text }}{{ 'x' * number }}",
        "{{ text | upper }}",
        "{% for line in text.splitlines() %}> {{ line }}\n{% endfor %}",
    ],
)
def test_a_template_may_say_anything_and_posts_fit(network: NetworkName, template: str) -> None:
    """The room is measured by rendering, so posts fit whatever the template adds."""
    article = Article("T", sections(4, "The tram crosses it. ", 5), language="en", url=URL)
    thread = made(article, network, style({"default/body.j2": template}, coverage="full"))
    assert len(body(thread)) >= 2
    assert all(post.length <= thread.limit for post in thread.posts)


def test_phrases_come_from_the_style_then_from_default() -> None:
    """A style's own phrases win in the languages that it has."""
    files = {"mine/phrases.toml": '[en]\nread_on = "Read it"\non = "with"\n'}
    article = Article("T", (Paragraph(sentence(290)),), language="fr", url=URL)
    assert "Read it with @EnPause" in texts(made(ARTICLE, "x", style(files, template="mine")))[-1]
    assert "L'article complet" in texts(made(article, "x", style(files, template="mine")))[-1]


@pytest.mark.parametrize("network", NETWORKS)
def test_plain_has_neither_emoji_nor_numbers(network: NetworkName) -> None:
    """The packaged `plain` says the same without emoji and numbers."""
    thread = made(ARTICLE, network, style(template="plain", numbering=True))
    assert len(thread.posts) > 2
    assert not [text for text in texts(thread) if "🧵" in text or "⤵" in text or "2/" in text]
    assert any(span.value == URL for span in thread.posts[-1].spans)
