"""Measures how long a thread takes to Bluesky: one commit against post after post.

Both go to the reference server on this machine, so that the network's own delay, which makes the
difference larger, does not count.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from datetime import UTC, datetime

from pds.server import Pds, why_not

from threadbot.thread.model import Post, Thread

POSTS = 25
ROUNDS = 3
#: One commit may take at most this part of the time of as many calls as posts.
MAX_RATIO = 1 / 3


def main() -> bool:
    """Measure, print, and tell whether the target is met.

    Returns:
        True also where the server is not there to be measured.
    """
    if reason := why_not():
        sys.stdout.write(f"publishing on Bluesky is not measured: {reason}\n")
        return True
    pds = Pds()
    try:
        one, many = (min(measured(pds) for _ in range(ROUNDS)) for measured in (_commit, _calls))
    finally:
        pds.close()
    fits = one <= many * MAX_RATIO
    sys.stdout.write(
        f"{POSTS} posts to Bluesky in one commit {one:.3f} s, in {POSTS} calls {many:.3f} s: "
        f"{one / many:.2f}, at most {MAX_RATIO:.2f}{'' if fits else '  OVER'}\n"
    )
    return fits


def _commit(pds: Pds) -> float:
    """Publish a thread through the adapter, and give the seconds of sending."""
    from pds.adapter import adapter  # noqa: PLC0415 - costs a second

    from threadbot.networks.plan import Plan  # noqa: PLC0415
    from threadbot.networks.port import Sent  # noqa: PLC0415

    account = pds.account()
    with closing(adapter(pds, account)) as network:
        plan = network.prepare(_thread(), datetime.now(UTC))
        if not isinstance(plan, Plan):
            raise SystemExit(plan.reason)
        start = time.perf_counter()
        outcome = network.send(plan, plan.steps[0], ())
        seconds = time.perf_counter() - start
    if not isinstance(outcome, Sent) or len(pds.posts(account)) != POSTS:
        message = "the thread did not go out"
        raise SystemExit(message)
    return seconds


def _calls(pds: Pds) -> float:
    """Create the same posts one after the other over one connection, and give the seconds."""
    account = pds.account()
    texts = [post.text for post in _thread().posts]
    start = time.perf_counter()
    for text in texts:
        record = {"text": text, "createdAt": datetime.now(UTC).isoformat()}
        asked = {"repo": account.did, "collection": "app.bsky.feed.post", "record": record}
        pds.call("com.atproto.repo.createRecord", asked, account.token)
    return time.perf_counter() - start


def _thread() -> Thread:
    texts = [f"Post {number}: " + "word " * 40 for number in range(POSTS)]
    posts = tuple(Post("body", text, (), len(text), len(text)) for text in texts)
    return Thread("bluesky", "test", 300, ("en",), (), posts, (), (), None)
