"""Writes what every bench article becomes, to be read in a review: `tests/threads/*.md`.

Owns the pages' look. Run it after a change of how threads are made, and read what it changed:
`python -m threads.snapshots` in `tests`, or this file itself.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

FOLDER = Path(__file__).parent
# Run as a file, the folder of tests is not where Python looks.
sys.path.insert(0, str(FOLDER.parent))

from judges.pasted import article_files  # noqa: E402 - see above

from threads.composed import COVERAGES, NETWORKS, dressed  # noqa: E402 - see above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadbot.thread import Thread

NAMES = {"x": "X", "bluesky": "Bluesky"}


def pages() -> dict[Path, str]:
    """Make the page of every article."""
    return {FOLDER / f"{path.stem}.md": "\n".join(_page(path)) for path in article_files()}


def _page(path: Path) -> Iterator[str]:
    yield f"# {path.stem}"
    yield ""
    yield f"What `articles/{path.name}` becomes. Written by `python tests/threads/snapshots.py`."
    yield ""
    yield "## The article"
    yield ""
    # Four marks, as an article may hold three.
    yield "````text"
    yield path.read_text("utf-8").rstrip()
    yield "````"
    for coverage in COVERAGES:
        for network in NETWORKS:
            thread = dressed(path, network, coverage)
            yield ""
            yield f"## {NAMES[network]}, {coverage}: {len(thread.posts)} posts"
            yield from _posts(thread)
            yield from _listed("Left out", thread.omitted)
            yield from _listed("Warnings", thread.warnings)
    yield ""


def _posts(thread: Thread) -> Iterator[str]:
    for number, post in enumerate(thread.posts, 1):
        yield ""
        yield f"**{number}** · {post.length}/{thread.limit}"
        yield ""
        yield "```text"
        yield post.text
        yield "```"


def _listed(title: str, texts: tuple[str, ...]) -> Iterator[str]:
    if texts:
        yield ""
        yield f"{title}:"
        yield ""
        yield from (f"- {text}".replace("\n", "\n  ") for text in texts)


def main() -> None:
    """Write the pages."""
    for page, text in pages().items():
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
