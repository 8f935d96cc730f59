"""A thread as plain text: its posts one after another, ready to be copied.

Owns the separator lines; never wraps, colours or shortens what a post says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadbot.preview.characters import visible
from threadbot.preview.wording import (
    counter,
    facts_about,
    heading,
    hidden_links,
    image_words,
    one_line,
    summary,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.thread.model import Post, Thread


def plain_text(threads: Sequence[Thread]) -> str:
    """Write threads as plain text.

    Args:
        threads: in the order in which they are shown.

    Returns:
        Lines, the last one ended by a line feed.
    """
    return "\n".join(line for thread in threads for line in _thread_lines(thread))


def _thread_lines(thread: Thread) -> Iterator[str]:
    yield f"===== {heading(thread)} · {summary(thread)} ====="
    for number, post in enumerate(thread.posts, start=1):
        yield ""
        yield f"----- {number} · {counter(thread, post)} -----"
        yield visible(post.text)
        yield from _attachments(post)
    yield ""
    yield f"----- end of {heading(thread)} -----"
    for label, words in facts_about(thread):
        yield f"{label}: {words}"
    if thread.omitted:
        yield f"Left out ({len(thread.omitted)}):"
        yield from (f"- {one_line(words)}" for words in thread.omitted)
    yield from (f"Warning: {one_line(words)}" for words in thread.warnings)
    yield ""


def _attachments(post: Post) -> Iterator[str]:
    for address in hidden_links(post):
        yield f"[link] {address}"
    if post.card is not None:
        yield f"[card] {one_line(post.card.title)} · {visible(post.card.url)}"
    for image in post.images:
        yield f"[image] {one_line(image_words(image))}"
