"""tweepy's client is not safe in several threads of execution: each has a client of its own."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from x_simulator.adapter import adapter, present
from x_threads import prepared, sent, thread

if TYPE_CHECKING:
    import pytest
    from x_simulator.simulator import XSimulator

    from threadbot.networks.x import X

#: What urllib3 logs for each connection that it makes; the record bears the thread's number.
NEW_CONNECTION = "Starting new HTTP connection"
ROUNDS = 3


def post(network: X, words: str) -> int:
    """Send a thread of two posts, and give the number of the thread of execution that did."""
    sent(network, prepared(network, thread(f"{words}, un.", f"{words}, deux."), present()))
    return threading.get_ident()


def test_one_client_per_thread_of_execution(
    x: XSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Of several that share an adapter none uses another's connection, even when it is idle.

    A client keeps its connection, so that each makes one, however often it posts.
    """
    account = x.account()
    network = adapter(x, account)
    with (
        caplog.at_level(logging.DEBUG, "urllib3.connectionpool"),
        ThreadPoolExecutor(1) as one,
        ThreadPoolExecutor(1) as other,
    ):
        # One after the other: there is never a reason to make a connection but another client.
        workers = {
            worker.submit(post, network, f"{name} {number}").result()
            for number in range(ROUNDS)
            for name, worker in (("Brest", one), ("Morlaix", other))
        }
    network.close()
    made = [one.thread for one in caplog.records if NEW_CONNECTION in one.getMessage()]
    assert len(workers) == 2
    assert sorted(str(each) for each in made) == sorted(str(each) for each in workers)
    assert len(x.posts(account)) == 2 * 2 * ROUNDS


def test_posts_at_the_same_time_do_not_mix(x: XSimulator) -> None:
    """Whoever posts at the same time through one adapter gets the receipts of its own posts."""
    account = x.account()
    network = adapter(x, account)
    together = threading.Barrier(4)

    def run(name: str) -> list[tuple[str, str | None]]:
        plan = prepared(network, thread(f"{name}, un.", f"{name}, deux."), present())
        together.wait(10)
        receipts = sent(network, plan)
        posts = {one.id: one for one in x.posts(account)}
        return [(posts[one.uri].text, posts[one.uri].parent) for one in receipts]

    names = ("Brest", "Morlaix", "Quimper", "Lorient")
    with ThreadPoolExecutor(len(names)) as pool:
        for name, posts in zip(names, pool.map(run, names), strict=True):
            first = next(one.id for one in x.posts(account) if one.text == f"{name}, un.")
            assert posts == [(f"{name}, un.", None), (f"{name}, deux.", first)]
    network.close()
