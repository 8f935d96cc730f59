"""What threadbot makes of the bench's articles, as its packaged style does.

Owns the account and the addresses that all of these threads share; never judges them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judges.pasted import language_of

from threadbot.app import template_loader
from threadbot.article import load
from threadbot.config import default_config
from threadbot.thread import Account, Style, compose

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.article.model import Article, Known
    from threadbot.thread import Thread
    from threadbot.thread.model import NetworkName
    from threadbot.thread.settings import Coverage

NETWORKS: tuple[NetworkName, ...] = ("x", "bluesky")
COVERAGES: tuple[Coverage, ...] = ("digest", "full")
HANDLES: dict[NetworkName, str] = {"x": "EnPause", "bluesky": "enpause.com"}
LOADER = template_loader(default_config())


def read(path: Path, *, with_address: bool) -> Article:
    """Read one of the bench's articles."""
    known: Known = {"language": language_of(path)}
    if with_address:
        known["url"] = f"https://enpause.com/{path.stem}"
    return load(path.read_bytes(), name=path.name, known=known)


def dressed(path: Path, network: NetworkName, coverage: Coverage) -> Thread:
    """Compose an article as it would be posted: with link, handle, call and the usual numbers."""
    account = Account(network, network, HANDLES[network])
    return compose(read(path, with_address=True), account, Style(LOADER, coverage=coverage))


def undressed(path: Path, network: NetworkName) -> Thread:
    """Compose all of an article's text and nothing else, which is what the peers are given."""
    style = Style(LOADER, coverage="full", numbering=False)
    return compose(read(path, with_address=False), Account(network, network), style)
