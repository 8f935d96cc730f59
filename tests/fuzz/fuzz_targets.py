"""What fuzzing tries: bytes read by every reader, and threads composed of what was read.

Owns the laws that hold whatever the bytes are: nothing but an `InputError` leaves threadbot, every
post fits its network, and no input takes longer than its length allows. Never makes inputs.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import FileSystemLoader

from threadbot.article import load
from threadbot.errors import InputError
from threadbot.thread import Account, Person, Style, bluesky_text, compose, x_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from threadbot.article import Article
    from threadbot.thread import Thread
    from threadbot.thread.settings import Coverage

#: The readers, each by the name of a file that it reads; without a name, the text decides.
READERS: Final = ("article.txt", "article.md", None)

_URL: Final = "https://enpause.com/article"
_PEOPLE: Final = {"jane": Person(x="jane", bluesky="jane.example.com")}
_ACCOUNTS: Final = (
    Account("x", "x", "EnPause", people=_PEOPLE),
    Account("bluesky", "bluesky", people=_PEOPLE),
)
_COVERAGES: Final[tuple[Coverage, ...]] = ("digest", "full")
_TEMPLATES: Final = FileSystemLoader(Path(__file__).parents[2] / "templates")
_STYLES: Final = tuple(
    Style(_TEMPLATES, template=template, coverage=coverage, max_posts=most, numbering=numbering)
    for template in ("default", "plain")
    for coverage in _COVERAGES
    for most, numbering in ((None, None), (1, None), (2, False), (4, True))
)
_LANGUAGES: Final = ("fr", "en", "ja", "th", "de", "ar", None)

#: The longest input that is fuzzed, in bytes.
LONGEST: Final = 20_000
#: The most processor time that an input may take, however short it is, and what each byte adds.
_SECONDS: Final = 3.0
_SECONDS_PER_BYTE: Final = 0.0005


@dataclass(frozen=True, slots=True)
class TooSlow(Exception):  # noqa: N818 - it says what is wrong
    """An input took more time than its length allows."""

    what: str
    seconds: float
    size: int


@contextmanager
def _timed(what: str, size: int) -> Iterator[None]:
    start = time.process_time()
    yield
    seconds = time.process_time() - start
    if seconds > _SECONDS + size * _SECONDS_PER_BYTE:
        raise TooSlow(what, seconds, size)


def try_load(data: bytes) -> None:
    """Let a reader read bytes; the first byte chooses the reader."""
    _read(data[1:], data[0] if data else 0)


def try_compose(data: bytes) -> None:
    """Compose a thread of what a reader makes of bytes; the first three bytes are the choices."""
    reader, style, account = (*data[:3], 0, 0, 0)[:3]
    article = _read(data[3:], reader)
    if article is None:
        return
    try:
        with _timed("compose", len(data)):
            thread = compose(
                article, _ACCOUNTS[account % len(_ACCOUNTS)], _STYLES[style % len(_STYLES)]
            )
    except InputError:
        return
    check_posts(thread)


#: The targets by name.
TARGETS: Final[dict[str, Callable[[bytes], None]]] = {"load": try_load, "compose": try_compose}


def check_posts(thread: Thread) -> None:
    """Assert that a thread's posts are within its network's limits, by the network's counting."""
    assert thread.posts
    for post in thread.posts:
        assert post.text.strip()
        if thread.network == "x":
            assert post.length == x_text.weighted_length(post.text) <= x_text.MAX_LENGTH
        else:
            assert post.length == bluesky_text.grapheme_count(post.text)
            assert post.length <= bluesky_text.MAX_GRAPHEMES
            assert post.size == len(post.text.encode()) <= bluesky_text.MAX_BYTES


def _read(data: bytes, choice: int) -> Article | None:
    name = READERS[choice % len(READERS)]
    known = {"language": _LANGUAGES[choice // len(READERS) % len(_LANGUAGES)], "url": _URL}
    try:
        with _timed(f"load as {name}", len(data)):
            return load(data, name=name, known=known)
    except InputError:
        return None
