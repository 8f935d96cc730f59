"""Threads as cards in the terminal, the networks side by side.

Owns layout and colour; never prints: it gives values that a rich console prints. Whatever a
colour says is also said by a word, a weight or an underline, for those who see no colours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import ROUNDED
from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from threadbot.preview.characters import visible
from threadbot.preview.wording import (
    counted,
    counter,
    facts_about,
    fullness,
    heading,
    hidden_links,
    image_words,
    one_line,
    source_facts,
    summary,
)
from threadbot.preview.wrapping import Wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from threadbot.article.model import Article, Image
    from threadbot.thread.model import Card, NetworkName, Post, SpanKind, Thread

#: Two columns from 90 cells on, three from 135: a narrower card parts too many lines.
MIN_COLUMN = 45
#: A card that is wider than this is no longer read at a glance.
MAX_COLUMN = 76
GUTTER = 2
#: How many of the things left out are shown; `--format text` shows all.
SHOWN_OMISSIONS = 5
CARD_LINES = 2

ACCENTS: dict[NetworkName, str] = {"x": "bold", "bluesky": "bold blue"}
SPAN_STYLES: dict[SpanKind, str] = {
    "link": "underline cyan",
    "mention": "bold magenta",
    "hashtag": "bold green",
    "numbering": "dim",
}
_NEARLY_FULL = 0.95


def cards(article: Article, threads: Sequence[Thread], *, width: int) -> RenderableType:
    """Lay threads out as cards.

    Args:
        article: what the threads were made of.
        threads: one for each account, in the order in which they are shown.
        width: cells of the terminal.

    Returns:
        What a rich console of this width prints.
    """
    facts = Text(" · ".join(source_facts(article)), style="dim")
    return Group(
        Wrapped(Text(visible(article.title), style="bold")),
        Wrapped(facts),
        Text(),
        thread_cards(threads, width=width),
    )


def thread_cards(threads: Sequence[Thread], *, width: int) -> RenderableType:
    """Lay threads out as cards, without what they were made of; see `cards`."""
    columns = max(1, min(len(threads), width // MIN_COLUMN))
    column = min(MAX_COLUMN, (width - GUTTER * (columns - 1)) // columns)
    rows = [threads[first : first + columns] for first in range(0, len(threads), columns)]
    return Group(
        *(
            Padding(_row(row, column), (1 if number else 0, 0, 0, 0))
            for number, row in enumerate(rows)
        )
    )


def _row(threads: Sequence[Thread], column: int) -> Table:
    grid = Table.grid(padding=(0, GUTTER, 0, 0), pad_edge=False)
    for _ in threads:
        grid.add_column(width=column)
    grid.add_row(*(Group(*_thread(thread)) for thread in threads))
    return grid


def _thread(thread: Thread) -> Iterator[RenderableType]:
    accent = ACCENTS[thread.network]
    title = Table.grid(expand=True)
    title.add_column(ratio=1)
    title.add_column(justify="right", no_wrap=True)
    title.add_row(Text(heading(thread), style=accent), Text(summary(thread), style="bold"))
    yield title
    yield Rule(characters="━", style=accent)
    for number, post in enumerate(thread.posts, start=1):
        yield _post(thread, number, post)
    yield Text()
    yield from _notes(thread)


def _post(thread: Thread, number: int, post: Post) -> Panel:
    return Panel(
        Group(*_post_content(post)),
        box=ROUNDED,
        title=Text.assemble((f"{number}", "bold")),
        title_align="left",
        # Assembled, for a base style would not show in a subtitle.
        subtitle=Text.assemble((counter(thread, post), _counter_style(thread, post))),
        subtitle_align="right",
        border_style="blue" if thread.network == "bluesky" else "none",
        padding=(0, 1),
    )


def _counter_style(thread: Thread, post: Post) -> str:
    share = fullness(thread, post)
    if share > 1:
        return "bold reverse red"
    return "bold yellow" if share >= _NEARLY_FULL else "bold green"


def _post_content(post: Post) -> Iterator[RenderableType]:
    yield Wrapped(_coloured(post))
    if post.images or any(hidden_links(post)):
        yield Text()
    for address in hidden_links(post):
        yield Wrapped(Text.assemble("→ ", (address, SPAN_STYLES["link"])))
    if post.card is not None:
        yield _link_card(post.card)
    for image in post.images:
        yield _image(image)


def _coloured(post: Post) -> Text:
    text = Text(visible(post.text))
    for span in post.spans:
        style = Style.parse(SPAN_STYLES[span.kind])
        if span.kind == "link":
            style += Style(link=visible(span.value))
        text.stylize(style, span.start, span.end)
    return text


def _link_card(card: Card) -> Panel:
    lines: list[RenderableType] = []
    if card.image:
        lines.append(Wrapped(Text(f"▣ {visible(card.image)}", style="dim"), max_lines=1))
    lines.append(Wrapped(Text(one_line(card.title), style="bold"), max_lines=CARD_LINES))
    if card.description:
        lines.append(Wrapped(Text(one_line(card.description)), max_lines=CARD_LINES))
    lines.append(Wrapped(Text(visible(_host(card.url)), style=SPAN_STYLES["link"]), max_lines=1))
    return Panel(Group(*lines), box=ROUNDED, border_style="dim", padding=(0, 1))


def _host(address: str) -> str:
    from urllib.parse import urlsplit  # noqa: PLC0415 - only threads with a card need it

    return urlsplit(address).hostname or address


def _image(image: Image) -> Wrapped:
    style = "italic" if image.alt else "bold yellow"
    return Wrapped(Text.assemble("▣ ", (image_words(image), style)))


def _notes(thread: Thread) -> Iterator[RenderableType]:
    for label, words in facts_about(thread):
        yield Wrapped(Text.assemble((f"{label}: ", "dim"), words))
    if thread.omitted:
        yield Text.assemble((f"Left out ({len(thread.omitted)}):", "dim"))
        for words in thread.omitted[:SHOWN_OMISSIONS]:
            line = Text.assemble(("– ", "dim"), one_line(words))
            yield Wrapped(line, max_lines=1)
        hidden = len(thread.omitted) - SHOWN_OMISSIONS
        if hidden > 0:
            yield Text(f"… and {hidden} more", style="dim")
    if thread.warnings:
        yield Text(f"{counted(len(thread.warnings), 'warning').capitalize()}:", style="bold yellow")
        for words in thread.warnings:
            yield Wrapped(Text.assemble(("! ", "bold yellow"), visible(words)))
