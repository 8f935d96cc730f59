"""Tests of a thread's closing: last words, question, call, handle and link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from compositions import (
    HANDLES,
    NETWORKS,
    REST,
    URL,
    account,
    article,
    bullets,
    made,
    sentence,
    style,
    texts,
    values,
)

from threadbot.article.model import Heading, Paragraph
from threadbot.thread import bluesky_text, compose, x_text

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName

# The call in each language, with its handle, and the words of it that Bluesky links.
CALLS = {
    "ar": ("المقال كاملًا على {handle}", "المقال كاملًا"),
    "de": ("Der ganze Artikel bei {handle}", "Der ganze Artikel"),
    "en": ("The full article on {handle}", "The full article"),
    "es": ("El artículo completo en {handle}", "El artículo completo"),
    "fr": ("L'article complet sur {handle}", "L'article complet"),
    "hi": ("पूरा लेख {handle} पर", "पूरा लेख"),
    "it": ("L'articolo completo su {handle}", "L'articolo completo"),
    "ja": ("記事の全文は {handle} で", "記事の全文"),
    "nl": ("Het hele artikel bij {handle}", "Het hele artikel"),
    "pt": ("O artigo completo em {handle}", "O artigo completo"),
}


@pytest.mark.parametrize(("template", "before_link"), [("default", " ⤵️ "), ("plain", "\n")])
@pytest.mark.parametrize("language", CALLS)
def test_the_call_is_in_the_articles_language(
    language: str, template: str, before_link: str
) -> None:
    """The closing ends with call, handle and link; on Bluesky the call's words are the link."""
    call, linked = CALLS[language]
    source, chosen = article(language=language), style(template=template)
    on_x = made(source, "x", chosen).posts[-1]
    assert on_x.text.endswith(f"{call.format(handle='@EnPause')}{before_link}{URL}")
    on_bluesky = made(source, "bluesky", chosen).posts[-1]
    assert on_bluesky.text.endswith(call.format(handle="@enpause.com"))
    link, mention = bluesky_text.facets(on_bluesky.text, on_bluesky.spans)
    shown = on_bluesky.text.encode()[link.byte_start : link.byte_end].decode()
    assert (shown, link.value, mention.value) == (linked, URL, "enpause.com")


@pytest.mark.parametrize("language", CALLS)
def test_a_call_without_a_handle_is_its_words_alone(language: str) -> None:
    """Without a handle neither `on` nor what would stand around the handle is left over."""
    _, words = CALLS[language]
    source = article(language=language)
    on_x = compose(source, account("x", None), style()).posts[-1]
    assert on_x.text.endswith(f"{words} ⤵️ {URL}")
    assert compose(source, account("bluesky", None), style()).posts[-1].text.endswith(words)


@pytest.mark.parametrize("language", ["sv", "ko", None])
def test_other_languages_get_handle_and_link_alone(language: str | None) -> None:
    """Where there is no call in the language, none in another language takes its place."""
    assert texts(made(article(language=language), "x"))[-1].endswith(f"⤵️ @EnPause {URL}")
    assert texts(made(article(language=language), "bluesky"))[-1].endswith(
        "⤵️ @enpause.com enpause.com"
    )


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("language", ["fr", "sv"])
@pytest.mark.parametrize("template", ["default", "plain"])
@pytest.mark.parametrize("url", [URL, None])
@pytest.mark.parametrize("handle", ["own", None])
def test_every_call_has_what_is_known_and_nothing_else(
    network: NetworkName, language: str, template: str, url: str | None, handle: str | None
) -> None:
    """Without an address there is no link, without a handle no mention, and never an empty post."""
    source = article(language=language, url=url)
    thread = compose(source, account(network, handle), style(template=template))
    known = [value for value in (url,) if value]
    assert values(thread, "link") == known
    shown = handle and (url or language == "fr" or template != "plain")
    assert values(thread, "mention") == ([HANDLES[network]] if shown else [])


@pytest.mark.parametrize(
    ("last", "closing"),
    [
        ("The river stays.", "The river stays."),
        (sentence(265), ""),
    ],
)
def test_the_last_sentence_stands_in_the_closing_if_it_fits(last: str, closing: str) -> None:
    """The article's last sentence ends the thread, before the call."""
    rest = (Heading(2, "End"), Paragraph(sentence(150)), Paragraph(f"{sentence(240)} {last}"))
    ending = texts(made(article(*REST, *rest)))[-1]
    assert ending.removesuffix(f"The full article on @EnPause ⤵️ {URL}").strip() == closing


@pytest.mark.parametrize("last", ["And so it ends.", "This is how it ends."])
def test_a_leaning_last_sentence_closes_too(last: str) -> None:
    """A last sentence that points back follows the post that it points to, so it may close."""
    blocks = (*REST, Heading(2, "End"), Paragraph(f"{sentence(150)} {last}"))
    assert any(last in text for text in texts(made(article(*blocks))))


def test_a_list_at_the_end_leaves_the_closing_to_the_call() -> None:
    """Where a list ends the article, the closing is the call alone."""
    ending = texts(made(article(*REST, Paragraph("It needs:"), bullets("a", "b"))))[-1]
    assert ending == f"The full article on @EnPause ⤵️ {URL}"


def test_no_heading_loses_its_last_sentence() -> None:
    """The only sentence of the last section stays under its heading."""
    thread = made(article(*REST, Heading(2, "End"), Paragraph("The river stays.")))
    assert [text for text in texts(thread) if "End\n\nThe river stays." in text]


@pytest.mark.parametrize("network", NETWORKS)
def test_the_question_is_asked_before_the_call(network: NetworkName) -> None:
    """The author's question stands in the closing; none is invented."""
    asked = texts(made(article(question="Would you ride it?"), network))[-1]
    assert "Would you ride it?\n\nThe full article" in asked
    assert "?" not in texts(made(article(), network))[-1]


def test_a_question_without_room_is_left_out_aloud() -> None:
    """A question that fits no post is missed in a warning."""
    thread = made(article(question=sentence(400, end="?")))
    assert "The question fits no post and was left out." in thread.warnings
    assert texts(thread)[-1].endswith(f"The full article on @EnPause ⤵️ {URL}")


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("name", ["nora", "someone", "EnPause", "enpause.com"])
@pytest.mark.parametrize("coverage", ["digest", "full"])
def test_no_post_begins_with_a_mention(network: NetworkName, name: str, coverage: str) -> None:
    """Wherever a name opens a text, its `@` falls away; the handle stands once, at the end."""
    source = article(
        Paragraph(f"@{name} begins. {sentence(240)}"),
        Heading(2, f"@{name} decides"),
        Paragraph(f"@{name} knows. {sentence(240)}"),
        bullets(f"@{name} " + sentence(240), f"@{name} " + sentence(240)),
        Paragraph(f"{sentence(200)} @{name} ends."),
        title=f"@{name} wins",
        description=f"@{name} describes it.",
        question=f"@{name}, will you come?",
    )
    chosen = style(coverage="full" if coverage == "full" else "digest")
    thread = made(source, network, chosen)
    assert not [text for text in texts(thread) if text.startswith(("@", "＠"))]
    assert values(thread, "mention").count(HANDLES[network]) == 1


def test_the_bylines_handle_stands_in_for_the_account() -> None:
    """Without a configured handle the byline's is the one; on Bluesky it mentions nobody."""
    source = article(handle="@EnPause")
    on_x = compose(source, account("x", None), style())
    assert values(on_x, "mention") == ["EnPause"]
    on_bluesky = compose(source, account("bluesky", None), style())
    assert texts(on_bluesky)[-1].endswith("The full article on @EnPause")
    assert values(on_bluesky, "mention") == []
    assert any("@EnPause is no handle on Bluesky" in warning for warning in on_bluesky.warnings)


def test_the_bylines_handle_is_looked_up_in_the_handle_map() -> None:
    """A byline's name that the handle map knows becomes the handle of the network."""
    source = article(handle="@Nora")
    assert values(compose(source, account("bluesky", None), style()), "mention") == [
        "nora.hayes.com"
    ]


@pytest.mark.parametrize("coverage", ["digest", "full"])
@pytest.mark.parametrize("name", ["default", "plain"])
def test_exactly_one_post_on_x_carries_the_link(coverage: str, name: str) -> None:
    """A post with an address costs more, so only the closing has one."""
    chosen = style(template=name, coverage="full" if coverage == "full" else "digest")
    thread = made(article(), "x", chosen)
    linked = [
        post
        for post in thread.posts
        if any(entity.kind == "url" for entity in x_text.entities(post.text))
    ]
    assert linked == [thread.posts[-1]]
    assert values(thread, "link") == [URL]
