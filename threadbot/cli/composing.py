"""What the commands that make threads share: their options, and the way from a source to threads.

Owns the options' words; the rooms below do the work.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import click

from threadbot.cli.source import STANDARD_INPUT, is_address, read_source
from threadbot.cli.values import LANGUAGE, WEB_ADDRESS
from threadbot.fetch.settings import BY_HAND, Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from threadbot.app import Target
    from threadbot.article import Article, Known
    from threadbot.config import Config
    from threadbot.thread.model import NetworkName, Thread
    from threadbot.thread.settings import Coverage

_Function = TypeVar("_Function", bound="Callable[..., Any]")


class ComposingOptions(TypedDict):
    """The values of the options that `composing_options` adds."""

    accounts: tuple[str, ...]
    url: str | None
    style: str | None
    coverage: Coverage | None
    max_posts: int | None
    lang: str | None
    config_path: Path | None


#: In the order in which help shows them.
_OPTIONS = (
    click.option(
        "--account",
        "accounts",
        metavar="NAME",
        multiple=True,
        help="Only this account of the configuration; may be given several times.",
    ),
    click.option(
        "--url",
        type=WEB_ADDRESS,
        help="The article's address: linked, and the base of relative links.",
    ),
    click.option("--style", metavar="NAME", help="A style, for every account."),
    click.option(
        "--coverage",
        type=click.Choice(["digest", "full"]),
        help="Headings, lists and lead sentences, or every word.",
    ),
    click.option(
        "--max-posts",
        type=click.IntRange(min=1),
        metavar="N",
        help="The most posts that a thread may have.",
    ),
    click.option("--lang", type=LANGUAGE, help="The article's language, such as fr."),
    click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The configuration; otherwise $THREADBOT_CONFIG, config.toml here, or "
        "threadbot/config.toml in ~/.config, if there is one.",
    ),
)


def composing_options(function: _Function) -> _Function:
    """Add the options that say how threads are made."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Composition:
    """An article and what becomes of it.

    Args:
        article: as it was read.
        source: the absolute path of its file, or its address; None for standard input.
        targets: whom the threads are for.
        threads: one for each target.
    """

    article: Article
    source: str | None
    targets: tuple[Target, ...]
    threads: tuple[Thread, ...]

    @property
    def folder(self) -> Path | None:
        """Where pictures beside the article are looked for."""
        return _folder(self.source)


def read_config(config_path: Path | None) -> Config:
    """Read the configuration that a command was given, or the one that is found."""
    from threadbot.config import load_config  # noqa: PLC0415 - not for --help

    return load_config(config_path, os.environ, Path.cwd())


def wished_targets(
    config: Config, options: ComposingOptions, network: NetworkName | None = None
) -> tuple[Target, ...]:
    """Choose whom threads are made for.

    Args:
        config: the configuration.
        options: what the command line said.
        network: the only network, or None for both.
    """
    from threadbot.app import Wish, targets  # noqa: PLC0415 - not for --help

    names = dict.fromkeys(options["accounts"]) or (None,)
    return tuple(
        target
        for name in names
        for target in targets(
            config,
            Wish(
                account=name,
                network=network,
                style=options["style"],
                coverage=options["coverage"],
                max_posts=options["max_posts"],
            ),
        )
    )


def read_article(source: str, config: Config, *, url: str | None, language: str | None) -> Article:
    """Read an article from a file, an address or standard input.

    Args:
        source: a path, an address, or `-`.
        config: says what to do with its typography, and what may be fetched.
        url: its address, which wins over the one it names.
        language: its language, which wins too.
    """
    from threadbot.article import MAX_BYTES, load  # noqa: PLC0415 - not for --help
    from threadbot.article.address import untracked  # noqa: PLC0415 - the same

    known: Known = {}
    if url is not None:
        known["url"] = url
    if language is not None:
        known["language"] = language
    read = read_source(source, MAX_BYTES, config.fetch)
    return load(
        read.data,
        name=read.name,
        content_type=read.content_type,
        url=None if read.url is None else untracked(read.url),
        known=known,
        typography=config.publication.typography,
        usual_language=config.publication.language,
    )


def compose_source(
    source: str,
    config: Config,
    targets: tuple[Target, ...],
    **options: Unpack[ComposingOptions],
) -> Composition:
    """Read a source and make its threads.

    Args:
        source: a path, an address, or `-`.
        config: the configuration.
        targets: whom the threads are for.
        options: what the command line said.
    """
    from threadbot.pictures import (  # noqa: PLC0415 - not for --help
        with_found_pictures,
        without_pictures,
    )
    from threadbot.thread import compose  # noqa: PLC0415 - not for --help

    article = read_article(source, config, url=options["url"], language=options["lang"])
    place = _place(source)
    folder = _folder(place)
    reach = Reach(home=source) if is_address(source) else BY_HAND
    threads = []
    for target in targets:
        composed = compose(article, target.account, target.style)
        found = with_found_pictures(composed, folder, article.url)
        # Of the hosts that are not public a page may name pictures of its own alone.
        threads.append(without_pictures(found, lambda src: config.fetch.is_beyond(src, reach)))
    return Composition(article, place, targets, tuple(threads))


def _place(source: str) -> str | None:
    """Say where an article is, for the ledger; None for standard input."""
    if source == STANDARD_INPUT:
        return None
    return source if is_address(source) else str(Path(source).absolute())


def _folder(place: str | None) -> Path | None:
    return None if place is None or is_address(place) else Path(place).parent
