"""What the cards in the terminal show, at every width, with and without colours."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from preview_examples import ARTICLE, BLUESKY_THREAD, X_THREAD
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from threadbot.preview.terminal import cards
from threadbot.preview.wrapping import Wrapped, break_offsets
from threadbot.thread.model import Card, Post, Thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.article.model import Article

WIDTHS = [40, 60, 89, 90, 100, 140, 200]
RESET, UNDERLINED_CYAN, BOLD_MAGENTA, BOLD_GREEN = "0", "4;36", "1;35", "1;32"


def shown(article: Article, threads: Sequence[Thread], width: int) -> str:
    """Print cards as into a pipe."""
    file = io.StringIO()
    console = Console(file=file, width=width, color_system=None)
    console.print(cards(article, threads, width=width))
    return file.getvalue()


def coloured(article: Article, threads: Sequence[Thread], *, no_color: bool = False) -> str:
    """Print cards as to a terminal with sixteen colours."""
    file = io.StringIO()
    console = Console(
        file=file, width=100, force_terminal=True, color_system="standard", no_color=no_color
    )
    console.print(cards(article, threads, width=100))
    return file.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        "7 March 2026 · Enpause @EnPause · https://enpause.example.com/tramway",
        "3 posts · $0.23",
        "Bluesky enpause-bsky",
        "271/280",
        "70/300 · 2,880/3,000 bytes",
        "▣ tram.jpg",
        "Trois lignes.",
        "▣ Le pont de Recouvrance",
        "▣ rue.jpg (no alternative text)",
        "→ https://enpause.example.com/tramway",
        "Left out (8):",
        "– Phrase 5 laissée de côté.",
        "… and 3 more",
        "! brest.fr in the text counts as a link on X.",
        "Tags in the record: tramway",
        "Language: fr",
    ],
)
def test_cards_show_everything_that_goes_out(words: str) -> None:
    """Counters, card, images, links, price, tags, warnings and what was left out are all there."""
    assert words in shown(ARTICLE, (X_THREAD, BLUESKY_THREAD), 120)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Cards keep to the width they are given, and their borders line up."""
    lines = shown(ARTICLE, (X_THREAD, BLUESKY_THREAD), width).splitlines()
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    ends = {cell_len(line.rstrip()) for line in lines if line.startswith(("│", "╭", "╰"))}
    borders = {end for end in ends if end > width // 2}
    assert len(borders) <= 2


@pytest.mark.parametrize(("width", "side_by_side"), [(60, False), (89, False), (90, True)])
def test_networks_stand_side_by_side_from_90_cells_on(width: int, *, side_by_side: bool) -> None:
    """Below 90 cells one network follows the other; from there on they share their lines."""
    lines = shown(ARTICLE, (X_THREAD, BLUESKY_THREAD), width).splitlines()
    title = next(line for line in lines if "posts · $" in line)
    assert ("Bluesky" in title) is side_by_side


def test_a_pipe_gets_no_escape_sequence() -> None:
    """Without a terminal, cards are plain characters."""
    assert "\x1b" not in shown(ARTICLE, (X_THREAD, BLUESKY_THREAD), 100)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (UNDERLINED_CYAN, "Lire l'article complet"),
        (BOLD_MAGENTA, "@enpause.example.com"),
        (BOLD_GREEN, "#Brest"),
        (BOLD_GREEN, "54/300"),
    ],
)
def test_spans_are_coloured(codes: str, words: str) -> None:
    """Links, mentions, hashtags and the counter have a colour each."""
    painted = Text.from_ansi(coloured(ARTICLE, (BLUESKY_THREAD,)))
    start = painted.plain.rindex(words)
    style = painted.get_style_at_offset(Console(), start)
    wanted = Text.from_ansi(f"\x1b[{codes}m.").get_style_at_offset(Console(), 0)
    assert (style.color, style.bold, style.underline) == (
        wanted.color,
        wanted.bold,
        wanted.underline,
    )


def test_without_colours_weight_and_underline_stay() -> None:
    """`NO_COLOR` takes the colours away, and links are still underlined, mentions still bold."""
    painted = coloured(ARTICLE, (BLUESKY_THREAD,), no_color=True)
    text = Text.from_ansi(painted)
    link = text.get_style_at_offset(Console(), text.plain.index("Lire l'article"))
    mention = text.get_style_at_offset(Console(), text.plain.index("@enpause.example"))
    assert link.underline
    assert mention.bold
    assert "\x1b[36" not in painted
    assert ";36" not in painted


def test_an_escape_sequence_of_the_article_is_shown_and_not_obeyed() -> None:
    """What a stranger's article says can steer neither the terminal nor its title."""
    evil = "\x1b]0;owned\x07\x9b31m"
    post = replace(X_THREAD.posts[0], text=evil, card=Card(evil, evil, evil, evil))
    thread = replace(
        X_THREAD, account=evil, posts=(post,), omitted=(evil,), warnings=(evil,), tags=(evil,)
    )
    output = shown(replace(ARTICLE, title=evil, url=evil), (thread,), 100)
    assert "␛]0;owned␇" in output
    assert not {"\x1b", "\x07", "\x9b"} & set(output)


def test_a_latin_terminal_gets_borders_it_can_show() -> None:
    """Where the encoding is not Unicode, borders are ASCII."""
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    Console(file=file, width=60).print(cards(ARTICLE, (X_THREAD,), width=60))
    file.seek(0)
    output = file.read()
    assert "+- 1 ---" in output
    assert "271/280" in output


def test_a_post_over_its_limit_stands_out() -> None:
    """A thread edited by hand may be too long, and the counter then is reversed."""
    post = replace(X_THREAD.posts[0], length=281)
    text = Text.from_ansi(coloured(ARTICLE, (replace(X_THREAD, posts=(post,)),)))
    style = text.get_style_at_offset(Console(), text.plain.index("281/280"))
    assert style.reverse


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("un deux trois", 8, ["un deux ", "trois"]),
        ("Pourquoi maintenant\u00a0?", 19, ["Pourquoi ", "maintenant\u00a0?"]),
        ("日本語のテキスト", 5, ["日本", "語の", "テキ", "スト"]),
        ("👩‍🚀👩‍🚀👩‍🚀", 4, ["👩‍🚀👩‍🚀", "👩‍🚀"]),
        ("a abcdefgh", 4, ["a ", "abcd", "efgh"]),
        ("", 4, [""]),
    ],
)
def test_lines_end_where_a_typographer_would_end_them(
    line: str, width: int, expected: list[str]
) -> None:
    """A line ends at a plain space, never at a no-break one; a long word is cut by graphemes."""
    pieces = Text(line).divide(break_offsets(line, width))
    assert [piece.plain for piece in pieces] == expected


@given(
    text=st.text(
        st.sampled_from("ab é\u00a0\n日ー🧵\u200d🚀👩नमस्ते\u2060مرحبا"), min_size=1, max_size=80
    ),
    width=st.integers(2, 40),
)
def test_wrapping_keeps_the_width_and_loses_only_spaces(text: str, width: int) -> None:
    """Every line fits, and together they say what the text says."""
    console = Console(width=width, color_system=None)
    lines = list(Wrapped(Text(text)).__rich_console__(console, console.options))
    assert all(isinstance(line, Text) and cell_len(line.plain) <= width for line in lines)
    said = "".join(line.plain for line in lines if isinstance(line, Text))
    assert "".join(said.split()) == "".join(text.split())


def test_wrapped_text_can_be_cut_short() -> None:
    """Text with too many lines ends in an ellipsis that fits into the width."""
    console = Console(width=10, color_system=None)
    wrapped = Wrapped(Text("un deux trois quatre cinq six"), max_lines=2)
    lines = [str(line) for line in wrapped.__rich_console__(console, console.options)]
    assert lines == ["un deux", "trois qua…"]


def test_one_post_is_one() -> None:
    """An article that became one post is no `1 posts`."""
    post = Post("single", "Court.", (), 6, 6)
    assert "1 post · $0.23" in shown(ARTICLE, (replace(X_THREAD, posts=(post,)),), 60)
