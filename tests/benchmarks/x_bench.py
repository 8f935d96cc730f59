"""Measures what the X adapter itself adds to a request: all but the connection and the server.

The requests go to the simulated X on this machine; what its answers take is told beside it, and
does not count.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Self

from oracle.node import NodeOracle, why_not
from requests.adapters import HTTPAdapter
from x_simulator.adapter import adapter
from x_simulator.simulator import XSimulator

from threadbot.networks.plan import Plan
from threadbot.networks.port import Receipt, Sent
from threadbot.thread.measure import YARDSTICKS
from threadbot.thread.model import Post, Thread

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

POSTS = 90
#: What a request may take beside the network, in seconds.
MAX_OWN_SECONDS = 0.010


class _Watch:
    """Adds up the time that is spent below the adapter, in the connection."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._send = HTTPAdapter.send

    def __enter__(self) -> Self:
        def send(inner: HTTPAdapter, request: PreparedRequest, **more: Any) -> Response:
            start = time.perf_counter()
            answer = self._send(inner, request, **more)
            self.seconds += time.perf_counter() - start
            return answer

        HTTPAdapter.send = send  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, *_: object) -> None:
        HTTPAdapter.send = self._send  # type: ignore[method-assign]


def main() -> bool:
    """Measure, print, and tell whether the target is met; true where nothing can be measured."""
    if reason := why_not():
        sys.stdout.write(f"posting to X is not measured: {reason}\n")
        return True
    oracle = NodeOracle()
    x = XSimulator(lambda: datetime.now(UTC), oracle)
    try:
        own, below = _measure(x)
    finally:
        x.close()
        oracle.close()
    worst = quantiles(own, n=100)[98]
    fits = worst <= MAX_OWN_SECONDS
    sys.stdout.write(
        f"a post to X: {median(own) * 1000:.1f} ms of our own, 99 of 100 in {worst * 1000:.1f} ms, "
        f"at most {MAX_OWN_SECONDS * 1000:.0f}{'' if fits else '  OVER'}; "
        f"{median(below) * 1000:.1f} ms in connection and simulator\n"
    )
    return fits


def _measure(x: XSimulator) -> tuple[list[float], list[float]]:
    posts = tuple(
        Post("body", text, (), *YARDSTICKS["x"].measure(text))
        for text in (f"Le tramway revient à Brest, partie {number}." for number in range(POSTS))
    )
    thread = Thread("x", "test", 280, ("fr",), (), posts, (), (), None)
    own, below = [], []
    receipts: list[Receipt] = []
    with closing(adapter(x, x.account())) as network:
        plan = network.prepare(thread, datetime.now(UTC))
        if not isinstance(plan, Plan):
            raise SystemExit(plan.reason)
        for step in plan.steps:
            with _Watch() as watch:
                start = time.perf_counter()
                outcome = network.send(plan, step, receipts)
                whole = time.perf_counter() - start
            if not isinstance(outcome, Sent):
                raise SystemExit(outcome.reason)
            receipts += outcome.receipts
            own.append(whole - watch.seconds)
            below.append(watch.seconds)
    # The first one makes the connection, and imports what is needed.
    return own[1:], below[1:]
