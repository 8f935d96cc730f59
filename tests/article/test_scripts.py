"""Plain text in scripts without capitals, without spaces, or with stops of their own."""

from __future__ import annotations

import pytest
from test_plain import shape

from threadbot.article import Article, Heading, Paragraph, load
from threadbot.article.plain_lines import is_heading_like, read_line
from threadbot.article.scripts import columns, first_word, join_lines, unspaced_letters

_JAPANESE = (
    "東京都は来年春に新しい路線を開業すると発表した。沿線の自治体は長く待っていた。費用は都と国が"
    "半分ずつ負担し、駅は七つできる。"
)


def read(text: str, language: str = "ja") -> Article:
    """Read a plain text whose language is known."""
    return load(text, name="article.txt", known={"language": language})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("なぜ今なのか", True),
        ("なぜ今なのか？", True),
        ("費用は誰が払う？", True),
        ("ついに開業！", True),
        ("「夢の路線」の行方", True),
        ("东京新线何时开通", True),
        ("لماذا الآن؟", True),
        ("ما الذي يتغير للسكان", True),
        ("अब क्यों?", True),
        ("आगे क्या होगा", True),
        ("Почему сейчас?", True),
        ("Что дальше", True),
        ("ทำไมต้องตอนนี้", True),
        ("東京都は路線を開業した。", False),
        ("東京都は路線を開業した．", False),
        ("路線は、", False),
        ("理由は三つある：", False),
        ("理由は三つある；", False),
        ("なぜ今なのか？答えは簡単だ", False),
        ("「もう待てない」", False),
        ("「もう待てない。」と市長", False),
        (
            "東京都が来年春に開業する新しい路線について沿線の自治体と住民が長く待ち望んでいた理由とは何か",
            False,
        ),
        ("市長はこの路線がなければ町の未来はないと何度も訴え続けてきたのだ！", False),
        ("东京都宣布开通新线路。", False),
        ("लाइन खुल गई है।", False),
        ("افتتحت المدينة الخط الجديد.", False),
        ("ثلاثة أسباب تفسر ذلك،", False),
        ("ثلاثة أسباب؛", False),
        ("لماذا الآن؟ الجواب بسيط", False),
        ("شہر نے نئی لائن کھول دی۔", False),
    ],
)
def test_headings_are_told_in_every_script(line: str, expected: bool) -> None:  # noqa: FBT001 (a case)
    """A full stop of any script ends a sentence; without spaces characters are counted."""
    assert is_heading_like(line) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("東京の新しい路線\n\n東京都は路線を開業した。\n\n沿線は喜んだ。", "p p"),
        ("東京の新しい路線\n東京都は路線を開業した。\n沿線は喜んだ。", "p p"),
        (f"東京の新しい路線\n\nなぜ今なのか\n\n{_JAPANESE}", "h p"),
        (f"東京の新しい路線\n\nなぜ今なのか\n{_JAPANESE}", "h p"),
        (
            f"東京の新しい路線\n\n理由は三つある：\n\n・費用\n・時間\n・環境\n\n{_JAPANESE}",
            "p ul(3) p",
        ),
        (f"東京の新しい路線\n\n{_JAPANESE}\n\n１．費用\n２．時間\n\n{_JAPANESE}", "p ol(2) p"),
        ("الخط الجديد\n\nلماذا الآن؟\n\nافتتحت المدينة الخط.", "h p"),
        ("नई लाइन\n\nअब क्यों?\n\nशहर ने लाइन खोल दी है।", "h p"),
        ("नई लाइन\n\nशहर ने लाइन खोल दी है।\n\nलोग खुश हैं।", "p p"),
    ],
)
def test_articles_in_other_scripts_are_read(text: str, expected: str) -> None:
    """Paragraphs, headings and bullets are told apart as they are in Latin script."""
    article = read(text)
    assert article.title == text.partition("\n")[0]
    assert shape(article) == expected


def test_wrapped_lines_without_spaces_are_joined_without_spaces() -> None:
    """A line of Japanese is broken after any character, and no space comes in when it is mended."""
    lines = [_JAPANESE[at : at + 30] for at in range(0, len(_JAPANESE), 30)] * 3
    article = read("東京の新しい路線\n\n" + "\n".join(lines))
    assert [block.text for block in article.blocks if isinstance(block, Paragraph)]
    assert " " not in "".join(
        block.text for block in article.blocks if isinstance(block, Paragraph | Heading)
    )


@pytest.mark.parametrize("raw", ["・費用", "･費用", "１．費用", "１）費用", "● 費用"])
def test_bullets_of_east_asia_open_items(raw: str) -> None:
    """A middle dot or a wide number needs no space behind it."""
    line = read_line(raw)
    assert line is not None
    assert line.marker is not None
    assert line.text == "費用"


def test_a_wide_decimal_is_no_item() -> None:
    """A number with a wide stop inside it is one number."""
    line = read_line("１．５倍になった。")
    assert line is not None
    assert line.marker is None


def test_wide_characters_take_two_columns() -> None:
    """An editor's window shows them so, and it wraps between any two of them."""
    assert (columns("東京 ab"), columns("été")) == (7, 3)
    assert (first_word("東京都 へ"), first_word("à Lyon")) == ("東", "à")
    assert join_lines(["東京都は", "路線を", "Tokyo で", "と"]) == "東京都は路線を Tokyo でと"
    assert unspaced_letters("東京、Tokyo") == 2
