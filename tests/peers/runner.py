"""Parts texts with the peers: a JSON list of [text, limit] in, posts and milliseconds out.

Owns the calls, each by the entry point that the peer itself uses; runs in an environment of the
peers' own. No peer numbers its posts here or has a cap on them, so that posts can be compared.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
_NO_CAP = 10_000


def _crier(text: str, limit: int) -> Any:
    split = import_module("crier.threading").split_into_thread
    return split(text, limit, style="simple", max_posts=_NO_CAP)


def _thrds(text: str, limit: int) -> Any:
    return import_module("thrds.linked").split_body(text, limit)


def _mdsend(text: str, limit: int) -> Any:
    return import_module("mdsend.core").Post._pack_paragraphs(text, limit, _NO_CAP)  # noqa: SLF001


def _text_to_tweets(text: str, _limit: int) -> Any:
    # It knows one limit, X's.
    return import_module("text_to_tweets").tweet_splitter(text, counter=False)


def _textwrap(text: str, limit: int) -> Any:
    return import_module("textwrap").wrap(text, limit)


PEERS: dict[str, Callable[[str, int], Any]] = {
    "crier": _crier,
    "thrds": _thrds,
    "mdsend": _mdsend,
    "text-to-tweets": _text_to_tweets,
    "textwrap": _textwrap,
}


def main() -> None:
    """Answer for every peer; one that cannot be imported answers with the reason."""
    tasks = json.load(sys.stdin)
    sys.stdout.write(json.dumps({name: _answers(part, tasks) for name, part in PEERS.items()}))


def _answers(part: Callable[[str, int], Any], tasks: list[tuple[str, int]]) -> Any:
    try:
        return [_timed(part, text, limit) for text, limit in tasks]
    except ImportError as error:
        return str(error)


def _timed(part: Callable[[str, int], Any], text: str, limit: int) -> dict[str, Any]:
    part(text, limit)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        posts = part(text, limit)
        times.append((time.perf_counter() - start) * 1000)
    return {"posts": posts, "milliseconds": median(times)}


if __name__ == "__main__":
    main()
