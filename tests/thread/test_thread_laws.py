"""The splitter's laws, as properties over generated articles in several scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from generated_articles import articles, sentences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import FileSystemLoader

from threadbot.article.model import Article, Paragraph
from threadbot.thread import Account, Person, Style, bluesky_text, compose, x_text
from threadbot.thread.units import units

if TYPE_CHECKING:
    from threadbot.thread import Thread

TEMPLATES = FileSystemLoader(Path(__file__).parents[2] / "templates")
PEOPLE = {"jane": Person(x="jane", bluesky="jane.example.com")}
ACCOUNTS = [Account("x", "x", people=PEOPLE), Account("bluesky", "bluesky", people=PEOPLE)]

accounts = st.sampled_from(ACCOUNTS)
styles = st.builds(
    Style,
    st.just(TEMPLATES),
    template=st.sampled_from(["default", "plain"]),
    coverage=st.sampled_from(["digest", "full"]),
    max_posts=st.sampled_from([None, None, 1, 2, 3, 6]),
    numbering=st.sampled_from([None, True, False]),
)
LAWS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def bare(text: str) -> str:
    """Take away what laws about content pass over: white space, joiners, ellipses, `@`, `$`."""
    return re.sub(r"[\s\u2060…@＠$]+", "", text.replace("jane.example.com", "jane"))


@LAWS
@given(articles(), accounts, styles)
def test_each_post_fits_its_network(article: Article, account: Account, style: Style) -> None:
    """No post is empty or over a limit, and its length is told as the network counts it."""
    for post in compose(article, account, style).posts:
        assert post.text.strip()
        assert post.size == len(post.text.encode())
        if account.network == "x":
            assert post.length == x_text.weighted_length(post.text) <= 280
        else:
            assert post.length == bluesky_text.grapheme_count(post.text) <= 300
            assert post.size <= 3000


@LAWS
@given(articles(), accounts)
def test_full_coverage_holds_every_word_in_order(article: Article, account: Account) -> None:
    """With full coverage the posts hold all units in the order of the article."""
    thread = compose(article, account, Style(TEMPLATES, coverage="full", numbering=False))
    held = bare("".join(post.text for post in thread.posts))
    position = 0
    for unit in units(article):
        words = bare(unit.text)
        position = held.find(words, position)
        assert position >= 0, unit.text
        position += len(words)


@LAWS
@given(articles(), accounts, styles)
def test_nothing_is_left_out_silently(article: Article, account: Account, style: Style) -> None:
    """What stands in no post stands in `omitted`, unless the description says the same."""
    thread = compose(article, account, style)
    held = letters("".join(post.text for post in thread.posts))
    for unit in units(article):
        assert letters(unit.text) in held or unit.text in thread.omitted or was_cut(thread)


def letters(text: str) -> str:
    """Take away all but letters and digits, as the description may end in another sign."""
    return re.sub(r"\W+", "", bare(text)).casefold()


def was_cut(thread: Thread) -> bool:
    """Tell whether a unit goes on in another post, where numbering may stand in between."""
    return any("goes on in the middle" in warning for warning in thread.warnings)


@LAWS
@given(articles(), accounts, styles)
def test_no_heading_ends_a_post(article: Article, account: Account, style: Style) -> None:
    """A heading is followed by something in its own post, unless it is text of its own length."""
    thread = compose(article, account, style)
    names = {bare(unit.text) for unit in units(article) if unit.kind == "heading"}
    others = {bare(unit.text) for unit in units(article) if unit.kind != "heading"}
    for post in thread.posts:
        if post.part != "body":
            continue
        text = re.sub(r"\s*\d+/\d+$", "", post.text)
        last = bare(text.rpartition("\n\n")[2])
        if last in names - others:
            assert x_text.weighted_length(last) > 120


@LAWS
@given(articles(), accounts, styles)
def test_spans_stand_where_they_say(article: Article, account: Account, style: Style) -> None:
    """Spans are in order, apart, on grapheme boundaries, and hold their own words."""
    for number, post in enumerate(compose(article, account, style).posts, 1):
        end = 0
        for span in post.spans:
            assert end <= span.start < span.end <= len(post.text)
            end = span.end
            words = post.text[span.start : span.end]
            if span.kind == "mention":
                assert words == f"@{span.value}"
                assert span.start > 0
            elif span.kind == "hashtag":
                assert words == f"#{span.value}"
            elif span.kind == "numbering":
                assert words == f"{number}/{len(compose(article, account, style).posts)}"
        for facet in bluesky_text.facets(post.text, post.spans):
            assert post.text.encode()[facet.byte_start : facet.byte_end].decode().strip()


@LAWS
@given(articles(), styles)
def test_x_sees_only_the_entities_that_are_meant(article: Article, style: Style) -> None:
    """On X every link, mention and hashtag that X would find is a span of the post."""
    for post in compose(article, ACCOUNTS[0], style).posts:
        for entity in x_text.entities(post.text):
            if entity.kind != "cashtag":
                assert any(span.start <= entity.start < span.end for span in post.spans), entity
        cashtags = [e for e in x_text.entities(post.text) if e.kind == "cashtag"]
        assert len(cashtags) <= 1


@LAWS
@given(articles(), styles)
def test_on_x_one_post_carries_the_link(article: Article, style: Style) -> None:
    """The article's own link stands in exactly one post of a thread on X, the last."""
    thread = compose(article, ACCOUNTS[0], style)
    holding = [
        post
        for post in thread.posts
        if any(span.kind == "link" and span.value == article.url for span in post.spans)
    ]
    assert holding == ([thread.posts[-1]] if article.url else [])


@LAWS
@given(articles(), accounts, styles)
def test_a_cap_holds(article: Article, account: Account, style: Style) -> None:
    """No thread has more posts than its style allows."""
    thread = compose(article, account, style)
    assert style.max_posts is None or len(thread.posts) <= style.max_posts


@LAWS
@given(articles(), accounts, styles)
def test_the_same_input_gives_the_same_output(
    article: Article, account: Account, style: Style
) -> None:
    """Composing twice gives equal threads."""
    assert compose(article, account, style) == compose(article, account, style)


@LAWS
@given(sentences(1), st.lists(sentences(1), max_size=2), accounts)
def test_an_article_that_fits_one_post_is_one(
    title: str, paragraphs: list[str], account: Account
) -> None:
    """A short article with its link makes one post, without a number."""
    article = Article(
        title, tuple(map(Paragraph, paragraphs)), language="fr", url="https://enpause.com/a"
    )
    thread = compose(article, account, Style(TEMPLATES))
    assert [post.part for post in thread.posts] == ["single"]
    assert not any(span.kind == "numbering" for span in thread.posts[0].spans)
