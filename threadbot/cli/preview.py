"""`threadbot preview`: an article in, its threads shown, nothing posted and nothing stored.

Owns this command's options; the rooms below do the work. It imports only what the chosen format
needs, for this is the command that people run again and again while they write.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from threadbot.cli.output import NEAREST, output_encoding, write
from threadbot.cli.source import read_source
from threadbot.cli.values import LANGUAGE, WEB_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.app import Target
    from threadbot.article import Article, Known
    from threadbot.config import Config
    from threadbot.thread.model import NetworkName, Thread
    from threadbot.thread.settings import Coverage

Format: TypeAlias = Literal["rich", "text", "json"]

#: Cells of a line where there is no terminal to ask, such as in a pipe.
DEFAULT_WIDTH = 100
#: The narrowest card that still holds a counter beside its borders.
MIN_WIDTH = 30


@click.command
@click.argument("source")
@click.option(
    "--account",
    "accounts",
    metavar="NAME",
    multiple=True,
    help="Only this account of the configuration; may be given several times.",
)
@click.option(
    "--network", type=click.Choice(["x", "bluesky"]), help="Only the accounts on this network."
)
@click.option("--url", type=WEB_ADDRESS, help="The article's address, which the thread links to.")
@click.option(
    "--style",
    metavar="NAME",
    help="A style of the configuration, or a folder of templates such as plain, for every account.",
)
@click.option(
    "--coverage",
    type=click.Choice(["digest", "full"]),
    help="Headings, lists and lead sentences, or every word.",
)
@click.option(
    "--max-posts",
    type=click.IntRange(min=1),
    metavar="N",
    help="The most posts that a thread may have.",
)
@click.option("--lang", type=LANGUAGE, help="The article's language, such as fr.")
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; otherwise the first that there is of $THREADBOT_CONFIG, config.toml "
    "here, and config.toml in ~/.config/threadbot.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["rich", "text", "json"]),
    default="rich",
    show_default=True,
    help="Cards, plain text to copy, or an object for programs.",
)
def preview(  # noqa: PLR0913 - one argument for each option; click hands them in by name
    *,
    source: str,
    accounts: tuple[str, ...],
    network: NetworkName | None,
    url: str | None,
    style: str | None,
    coverage: Coverage | None,
    max_posts: int | None,
    lang: str | None,
    config_path: Path | None,
    output_format: Format,
) -> None:
    """Show the threads that an article would become.

    SOURCE is a file of plain text, Markdown or HTML, or - for standard input. Without --account
    and --network both networks are shown, with all the accounts that are configured; a network that
    has none gets a plain one. Nothing is posted.
    """
    from threadbot.app import Wish, targets  # noqa: PLC0415 - not for --help
    from threadbot.config import load_config  # noqa: PLC0415 - not for --help
    from threadbot.pictures import with_missing_pictures  # noqa: PLC0415 - not for --help

    if accounts and network is not None:
        message = "--account and --network cannot be used together: leave one of them out"
        raise click.UsageError(message)
    config = load_config(config_path, os.environ, Path.cwd())
    wishes = [
        Wish(account=name, network=network, style=style, coverage=coverage, max_posts=max_posts)
        for name in dict.fromkeys(accounts) or [None]
    ]
    chosen = [target for wish in wishes for target in targets(config, wish)]
    article = _read(source, config, url=url, language=lang)
    folder = None if source == "-" else Path(source).parent
    threads = [with_missing_pictures(thread, folder) for thread in _compose(article, chosen)]
    _show(article, threads, output_format)


def _read(source: str, config: Config, *, url: str | None, language: str | None) -> Article:
    from threadbot.article import MAX_BYTES, load  # noqa: PLC0415 - not for --help

    known: Known = {}
    if url is not None:
        known["url"] = url
    if language is not None:
        known["language"] = language
    data, name = read_source(source, MAX_BYTES)
    return load(
        data,
        name=name,
        known=known,
        typography=config.publication.typography,
        usual_language=config.publication.language,
    )


def _compose(article: Article, chosen: Sequence[Target]) -> list[Thread]:
    from threadbot.thread import compose  # noqa: PLC0415 - not for --help

    return [compose(article, target.account, target.style) for target in chosen]


def _show(article: Article, threads: Sequence[Thread], output_format: Format) -> None:
    if output_format == "json":
        from threadbot.preview.document import json_bytes  # noqa: PLC0415 - for this format only

        write(json_bytes(article, threads))
    elif output_format == "text":
        from threadbot.preview.text import plain_text  # noqa: PLC0415 - for this format only

        write(plain_text(threads))
    else:
        _show_cards(article, threads)


def _show_cards(article: Article, threads: Sequence[Thread]) -> None:
    from rich.console import Console  # noqa: PLC0415 - 40 ms that the other formats do not need

    from threadbot.preview.terminal import cards  # noqa: PLC0415 - for this format only

    width = max(MIN_WIDTH, _width())
    # Rich writes into memory, for it has rules of its own where standard output fails.
    memory = io.BytesIO()
    screen = io.TextIOWrapper(memory, encoding=output_encoding(), errors=NEAREST, newline="\n")
    console = Console(
        file=screen, width=width, force_terminal=sys.stdout.isatty() or None, highlight=False
    )
    console.print(cards(article, threads, width=width))
    screen.flush()
    write(memory.getvalue())


def _width() -> int:
    """Give the terminal's width, the same when its output goes through a pager."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    for descriptor in (1, 2, 0):
        try:
            width = os.get_terminal_size(descriptor).columns
        except OSError:
            continue
        if width > 0:
            return width
    return DEFAULT_WIDTH
