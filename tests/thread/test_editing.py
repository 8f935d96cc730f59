"""What an editor would do with whole articles: one rule a test, found by reading threads aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from compositions import NETWORKS, URL, body, bullets, made, numbers, sentence, style, texts

from threadbot.article.model import Article, Heading, Paragraph, Quote

if TYPE_CHECKING:
    from threadbot.article.model import Block
    from threadbot.thread.model import NetworkName


def prose(*blocks: Block, language: str = "en") -> Article:
    """Give an article with a first paragraph for the hook, and a last one for the closing."""
    first = Paragraph("The old line opens again. Nobody expected it.")
    last = Paragraph("Trains will run every hour of the day.")
    return Article("News", (first, *blocks, last), language=language, url=URL)


LEADS = ("Money is short.", "Towns have noticed.", "Firms try it anyway.")
THOUGHTS = tuple(Paragraph(f"{lead} {sentence(170)} {sentence(60, 'Rails')}") for lead in LEADS)


@pytest.mark.parametrize("network", NETWORKS)
def test_without_headings_each_paragraph_is_a_thought(network: NetworkName) -> None:
    """Lead sentences are not heaped up: each stands with what follows it, in its own post."""
    posts = [post.text for post in body(made(prose(*THOUGHTS), network))]
    assert [next(lead for lead in LEADS if lead in text) for text in posts] == list(LEADS)
    assert all("The tram" in text for text in posts)


def test_a_section_without_a_list_is_filled() -> None:
    """What follows the lead is kept as long as it fits the same post."""
    source = prose(
        Heading(2, "Why"),
        Paragraph(f"{sentence(90)} {sentence(80, 'Then')} {sentence(200, 'Last')}"),
        Heading(2, "How"),
        Paragraph(sentence(240, "So")),
    )
    first = body(made(source))[0].text
    assert "The tram" in first
    assert "Then" in first
    assert "Last" not in first


def test_what_fills_a_post_never_skips_a_sentence() -> None:
    """A later sentence that would fit is not taken where the one before it does not."""
    source = prose(
        Heading(2, "Why"),
        Paragraph(f"{sentence(90)} {sentence(250, 'Long')} {sentence(40, 'Short')}"),
    )
    assert not any("Short" in text for text in texts(made(source)))


@pytest.mark.parametrize(
    ("language", "credit"),
    [("fr", "Lire aussi : notre dossier sur les trains."), ("en", "Photo: Jane Doe.")],
)
def test_a_credit_is_no_closing(language: str, credit: str) -> None:
    """The last sentence of the text closes the thread, whatever stands below it."""
    source = Article(
        "News",
        (Paragraph(sentence(200)), Paragraph("It runs. The end is near."), Paragraph(credit)),
        language=language,
        url=URL,
    )
    thread = made(source)
    assert thread.posts[-1].text.startswith("The end is near.")
    assert credit in thread.omitted


def test_an_announcement_of_a_listing_stays_with_it() -> None:
    """What announces something that no post carries is left out of a digest."""
    from threadbot.article.model import Code  # noqa: PLC0415 - used here alone

    source = prose(
        Heading(2, "How"), Paragraph(f"{sentence(60)} Type this:"), Code("make"), *THOUGHTS
    )
    assert not any("Type this:" in text for text in texts(made(source)))


def test_an_intro_that_leans_brings_its_sentence() -> None:
    """An intro such as "Its rules are:" says nothing without the sentence before it."""
    source = prose(
        Heading(2, "Who"),
        Paragraph(f"{sentence(50, 'It')} A charter was written. Its rules are three:"),
        bullets("one", "two", "three"),
        *THOUGHTS,
    )
    [holding] = [post.text for post in body(made(source)) if "Its rules" in post.text]
    assert "A charter was written. Its rules are three:\n\n• one" in holding


def test_two_sentences_that_are_apart_are_not_put_together() -> None:
    """A lead sentence does not run into one that stands much further below."""
    source = prose(
        Heading(2, "Who"),
        Paragraph(f"Nobody knew. {sentence(150)} A charter was written. Its rules are three:"),
        bullets("one", "two", "three"),
    )
    assert not any("Nobody knew. A charter" in text for text in texts(made(source)))


def test_a_list_of_two_is_not_parted_where_its_intro_may_part_instead() -> None:
    """Two items alone in two posts are no list."""
    source = prose(
        Heading(2, "Why here"),
        Paragraph(f"{sentence(70)} Their meeting has two reasons:"),
        bullets(sentence(90, "Water"), sentence(90, "Fibre")),
    )
    [holding] = [post.text for post in body(made(source)) if "• Water" in post.text]
    assert "• Fibre" in holding


def test_a_section_is_not_torn_to_save_a_post() -> None:
    """A heading does not stand below another section's list, with its own list in the next post."""
    source = prose(
        Heading(2, "Who"),
        Paragraph("Three rules hold:"),
        numbers(sentence(180), sentence(90, "Two"), sentence(60, "Three")),
        Heading(2, "Jobs"),
        Paragraph("Only eleven people work there. Three more things follow in summer:"),
        bullets(sentence(70, "One"), sentence(70, "Two"), sentence(60, "Three")),
    )
    posts = [post.text for post in body(made(source))]
    [holding] = [text for text in posts if "Jobs" in text]
    assert holding.startswith("Jobs")


def test_a_quotation_stays_with_whoever_said_it() -> None:
    """A line below it that opens with a dash is part of it."""
    source = prose(Heading(2, "Words"), Quote("To be."), Paragraph("— Hamlet"))
    assert any("“To be.”\n— Hamlet" in text for text in texts(made(source)))


@pytest.mark.parametrize("most", [3, 4])
def test_under_a_cap_a_list_is_whole_before_others_begin(most: int) -> None:
    """A list that fits whole comes before the beginnings of lists that do not."""
    source = prose(
        Heading(2, "Long"),
        Paragraph("Many reasons count:"),
        numbers(*(sentence(150, f"Reason{number}") for number in range(4))),
        Heading(2, "Small"),
        Paragraph("Three things count:"),
        bullets("the first thing", "the second thing", "the third thing"),
    )
    posts = texts(made(source, "x", style(max_posts=most)))
    whole = "• the first thing\n• the second thing\n• the third thing"
    assert any(whole in text for text in posts)


def test_a_cap_of_one_still_has_the_hook() -> None:
    """Title, hook and call make the one post."""
    [post] = made(prose(*THOUGHTS), "x", style(max_posts=1)).posts
    assert "The old line opens again." in post.text or "Nobody expected it." in post.text


def test_without_a_call_the_last_words_need_no_post_of_their_own() -> None:
    """No link, no handle: the last sentence stays with the text before it."""
    source = Article(
        "News",
        (Paragraph(f"{sentence(250)} {sentence(100, 'Then')} Start small."),),
        language="en",
    )
    from compositions import account  # noqa: PLC0415 - an account without a handle

    from threadbot.thread import compose  # noqa: PLC0415

    thread = compose(source, account(handle=None), style(coverage="full", numbering=False))
    assert thread.posts[-1].part == "body"
    assert thread.posts[-1].text.endswith("Start small.")


def test_in_full_the_last_paragraph_closes_the_thread() -> None:
    """It is not parted where all of it fits beside the call."""
    source = prose(*THOUGHTS, Paragraph("Which one will you try? Tell us. Start small."))
    closing = made(source, "x", style(coverage="full")).posts[-1].text
    assert "Trains will run" in closing or "Which one will you try?" in closing


def test_an_article_of_headings_alone_is_not_lost() -> None:
    """Where there is nothing else, headings are the text."""
    source = Article("News", (Heading(2, "First"), Heading(2, "Second")), language="en", url=URL)
    [post] = made(source).posts
    assert "First\n\nSecond" in post.text


def test_a_name_with_a_handle_elsewhere_is_no_warning() -> None:
    """The account's own name, and one that is listed without a handle here, are known."""
    source = prose(Paragraph("Ask @nora or @onlyx about it, please, before the end of May."))
    thread = made(source, "bluesky", style(coverage="full"))
    assert not any("not in [handles]" in warning for warning in thread.warnings)


def test_a_question_stays_with_its_answer() -> None:
    """A post does not end with a question that the next one answers."""
    source = prose(
        Heading(2, "Why"),
        Paragraph(f"{sentence(150)} What if it fails? {sentence(150, 'Then')}"),
    )
    for coverage in ("digest", "full"):
        chosen = style(coverage="full" if coverage == "full" else "digest")
        posts = [text.removesuffix("\n") for text in texts(made(source, "x", chosen))]
        assert not any("fails?\n\n" in text or text.endswith("fails?") for text in posts)


def test_an_interviewers_question_never_ends_a_post() -> None:
    """A paragraph that only asks heads the answer below it, even at the price of a post."""
    source = prose(
        Heading(2, "Talk"),
        Paragraph(sentence(200)),
        Paragraph("Many give up. Why not you?"),
        Paragraph(sentence(240, "Small")),
    )
    posts = [post.text for post in body(made(source, "x", style(coverage="full")))]
    [asking] = [text for text in posts if "Why not you?" in text]
    assert asking.startswith("Many give up. Why not you?\n\nSmall")


def test_a_digest_does_not_begin_a_paragraph_for_one_sentence() -> None:
    """What fills a section ends with a paragraph, not after the first sentence of the next."""
    source = prose(
        Heading(2, "Why"),
        Paragraph(f"{sentence(90)} {sentence(80, 'Then')}"),
        Paragraph(f"{sentence(50, 'Begun')} {sentence(200, 'Last')}"),
    )
    said = " ".join(texts(made(source)))
    assert "Then" in said
    assert "Begun" not in said


def test_in_full_a_paragraph_is_not_parted_after_its_first_sentence() -> None:
    """Where it has to be parted, more than one sentence stands above the cut."""
    source = prose(
        Heading(2, "Why"),
        Paragraph(f"{sentence(120)} {sentence(30, 'Yes')}"),
        Paragraph(f"{sentence(50, 'Begun')} {sentence(55, 'Next')} {sentence(190, 'Last')}"),
        Heading(2, "Then"),
        Paragraph(f"{sentence(60, 'So')} {sentence(150, 'End')}"),
    )
    posts = [post.text for post in body(made(source, "x", style(coverage="full")))]
    [holding] = [text for text in posts if "Begun" in text]
    assert "Next" in holding


def test_what_stands_below_a_list_leads_nothing() -> None:
    """A digest does not keep a sentence that comments on a list for want of one above it."""
    source = prose(
        Heading(2, "Tools"),
        Paragraph("Three things are needed:"),
        bullets("a pot", "some soil", "a can"),
        Paragraph("Water it less than you think."),
        *THOUGHTS,
    )
    assert not any("Water it less" in text for text in texts(made(source)))


@pytest.mark.parametrize(
    ("language", "intro"), [("ja", "約束は三つある。"), ("zh", "规则有三条。")]
)
def test_a_full_stop_announces_a_list_in_japanese_and_chinese(language: str, intro: str) -> None:
    """The last sentence above a list stays with its first item."""
    items = ("第一項" * 12, "第二項" * 12, "第三項" * 12)
    source = prose(
        Heading(2, "一"),
        Paragraph(f"{'前置き' * 20}。{intro}"),
        bullets(*items),
        language=language,
    )
    posts = [post.text for post in body(made(source, "x", style(coverage="full")))]
    assert any(f"{intro}\n\n• 第一項" in text for text in posts)


def test_in_full_the_opening_takes_the_first_paragraph() -> None:
    """As many of its sentences as fit stand below the title, so that no post is half empty."""
    opening = made(prose(*THOUGHTS), "x", style(coverage="full")).posts[0].text
    assert "The old line opens again. Nobody expected it." in opening


def test_in_full_a_section_may_begin_inside_a_post_to_save_one() -> None:
    """Fewer posts count for more than sections that start with their post."""
    sections = [
        block
        for number in range(4)
        for block in (Heading(2, f"Part {number}"), Paragraph(f"{sentence(90)} {sentence(90)}"))
    ]
    assert len(body(made(prose(*sections), "bluesky", style(coverage="full")))) < 4
