"""Ledgers with many threads that wait, written in one go, and configurations of many accounts.

Owns what stands in them: each thread has an article and a claim of its own, as if a person had
scheduled it.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

sys.path += [os.fspath(Path(__file__).parents[1] / name) for name in ("cli", "delivery", "worker")]

from samples import thread
from sqlalchemy import insert, select

from threadbot.delivery.tables import articles, claims, threads
from threadbot.delivery.thread_json import content_hash, thread_to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from threadbot.delivery.ledger import Ledger

#: Posts of a usual thread.
POSTS = 8
_ACCOUNT = "the-account"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread that waits for its moment.

    Args:
        number: its article's; tells it from others.
        words: what each of its posts begins with; many threads may share them.
        account: whose it is.
        due: its moment (UTC).
        posts: how many it has.
        by_hand: whether a person named that moment.
    """

    number: int
    words: str
    account: str
    due: datetime
    posts: int = POSTS
    by_hand: bool = True


def fill(ledger: Ledger, waiting: Sequence[Waiting]) -> None:
    """Let threads for X wait in a ledger."""
    now = datetime.now(UTC)
    rows = [
        {
            "content_hash": sha256(str(one.number).encode()).hexdigest(),
            "address": f"enpause.com/{one.number}",
            "title": f"Article {one.number}",
            "first_seen_at": now,
            "last_seen_at": now,
        }
        for one in waiting
    ]
    with ledger.database.writing() as connection:
        connection.execute(insert(articles), rows)
        newest = select(articles.c.id).order_by(articles.c.id.desc()).limit(len(rows))
        numbers = list(connection.execute(newest).scalars())[::-1]
        pairs = zip(waiting, numbers, strict=True)
        connection.execute(insert(threads), [_row(one, number, now) for one, number in pairs])
        kept = (threads.c.article_id, threads.c.account, threads.c.sandbox, threads.c.id)
        mine = select(*kept, threads.c.created_at).where(threads.c.article_id >= numbers[0])
        taken = ["article_id", "account", "sandbox", "thread_id", "taken_at"]
        connection.execute(insert(claims).from_select(taken, mine))


def _row(one: Waiting, article: int, now: datetime) -> dict[str, object]:
    text, digest = _written(one.words, one.posts)
    return {
        "article_id": article,
        "account": one.account,
        "network": "x",
        "sandbox": False,
        "state": "scheduled",
        "title": f"Article {one.number}",
        "thread": text.replace(_ACCOUNT, one.account),
        "content_hash": digest,
        "attempt": 0,
        "created_at": now,
        "changed_at": now,
        "due_at": one.due,
        "posts": one.posts,
        "price_usd_millionths": 15_000 * one.posts,
        "by_hand": one.by_hand,
    }


@cache
def _written(words: str, posts: int) -> tuple[str, str]:
    """Write a thread as the ledger has it; each of a hundred thousand would take long."""
    made = thread("x", posts, _ACCOUNT, words)
    return thread_to_json(made), content_hash(made)


def accounts_on_x(api: str, names: Sequence[str]) -> str:
    """Write the configuration of accounts whose keys are `KEYS`."""
    keys = "".join(f'{key} = "{key.replace("_", "-")}"\n' for key in _KEYS)
    return "".join(
        f'[accounts.{name}]\nnetwork = "x"\nhandle = "enpause"\napi = "{api}"\n{keys}\n'
        for name in names
    )


_KEYS = ("api_key", "api_key_secret", "access_token", "access_token_secret")
#: The variables that hold the keys of all accounts.
KEYS = {f"THREADBOT_{key.upper()}": f"12345-{key}" for key in _KEYS}
