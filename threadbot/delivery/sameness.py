"""Whether two accounts on X would say the same, which X forbids.

Owns the comparison and its words. Pure. The rule is X's on automation: nothing identical, or nearly
so, from several accounts (https://help.x.com/rules-and-policies/x-automation, read on 2026-11-24).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threadbot.thread.model import Post, Thread


def same_words(one: Thread, other: Thread, kept: frozenset[str] | None = None) -> bool:
    """Tell whether two accounts on X would post the same words.

    Closings are left out: a call to read on is the same for every article. So is the numbering.

    Args:
        one: a thread.
        other: another one.
        kept: the other's `fingerprints`, where its words are not known any more.
    """
    if one.account == other.account or {one.network, other.network} != {"x"}:
        return False
    known = fingerprints(other) if kept is None else kept
    return not fingerprints(one).isdisjoint(known)


def fingerprints(thread: Thread) -> frozenset[str]:
    """Give what tells whether another account on X would say the same, without the words.

    Nothing on other networks, which allow it.
    """
    posts = thread.posts if thread.network == "x" else ()
    return frozenset(sha256(words.encode()).hexdigest()[:32] for words in _words(posts))


def refusal(one: str, other: str) -> str:
    """Say to a person why a thread cannot go out.

    Args:
        one: the account that it is for.
        other: the account that says the same.
    """
    return (
        f"the accounts '{one}' and '{other}' on X would post the same words, which X forbids; name "
        "one of them with --account, or give one a style of its own"
    )


def _words(posts: Iterable[Post]) -> set[str]:
    return {_bare(post) for post in posts if post.part != "closing"}


def _bare(post: Post) -> str:
    text = post.text
    for span in reversed(post.spans):
        if span.kind == "numbering":
            text = text[: span.start] + text[span.end :]
    return " ".join(text.split())
