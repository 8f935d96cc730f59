"""Drives the sandbox through the contract suite, once for each network that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from threadbot.networks.port import Held, Refused, RetryAt, Unknown
from threadbot.networks.sandbox import Lost, Sandbox, Script

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from networks import Driver, FaultName

    from threadbot.networks.port import Outcome
    from threadbot.thread.model import NetworkName

ACCOUNT = "test"


@dataclass
class SandboxDriver:
    """A sandbox with a journal of its own.

    Args:
        name: the network that it stands for.
        folder: where the journal is.
    """

    name: NetworkName
    folder: Path

    def network(self, fault: FaultName | None = None) -> Sandbox:
        """Give an adapter whose next `send` meets a fault."""
        script = Script() if fault is None else Script(send=[_answer(fault)])
        return Sandbox(self.name, ACCOUNT, self.folder / "sandbox.jsonl", script)

    def texts(self) -> list[str]:
        """Read back what the journal holds."""
        return [post["text"] for post in self.network().posts()]


def _answer(fault: FaultName) -> Outcome | Lost:
    minute = timedelta(minutes=1)
    answers: Mapping[FaultName, Outcome | Lost] = {
        "answer lost": Lost("The connection was dropped after the request."),
        "dropped before": Unknown("The connection was dropped before the request."),
        "server error": Unknown("The server answered 500."),
        "unavailable": Unknown("The server answered 503."),
        "stalled": Lost("The server did not answer in time."),
        "too many requests": RetryAt(datetime.now(UTC) + minute, "Too many requests."),
        "refused": Refused("The network refuses this post."),
        "credentials": Held("credentials", "The password is wrong; set another one."),
        "account": Held("account", "The account is deactivated; activate it."),
    }
    return answers[fault]


SANDBOXES: Mapping[str, Callable[[Path], Driver]] = {
    "sandbox for X": partial(SandboxDriver, "x"),
    "sandbox for Bluesky": partial(SandboxDriver, "bluesky"),
}
