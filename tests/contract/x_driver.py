"""Drives X's adapter through the contract suite, against the simulated X."""

from __future__ import annotations

from typing import TYPE_CHECKING

from x_simulator.adapter import adapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from networks import FaultName
    from x_simulator.faults import FaultKind
    from x_simulator.simulator import XSimulator

    from threadbot.networks.x import X
    from threadbot.thread.model import NetworkName

#: How each fault is made, and whether the post is stored nevertheless.
FAULTS: Mapping[FaultName, tuple[FaultKind, bool]] = {
    "answer lost": ("drop", True),
    "dropped before": ("drop", False),
    "server error": ("500-json", False),
    "unavailable": ("503-html", False),
    "stalled": ("stall", True),
    "too many requests": ("429", False),
    "refused": ("403-not-permitted", False),
}


class XDriver:
    """An account on the simulated X.

    Args:
        x: the simulator.
    """

    name: NetworkName = "x"

    def __init__(self, x: XSimulator) -> None:
        self._x = x
        self._account = x.account()
        self._adapters: list[X] = []

    def close(self) -> None:
        """Close all connections."""
        for each in self._adapters:
            each.close()

    def network(self, fault: FaultName | None = None) -> X:
        """Give an adapter whose next `send` meets a fault."""
        self._x.clear_faults()
        if fault == "credentials":
            self._x.revoke(self._account)
        elif fault == "account":
            self._x.suspend(self._account)
        elif fault is not None:
            kind, stored = FAULTS[fault]
            self._x.fault(kind, stored=stored)
        made = adapter(self._x, self._account, seconds=1 if fault == "stalled" else 20)
        self._adapters.append(made)
        return made

    def texts(self) -> list[str]:
        """Read back what the simulator holds."""
        return [post.text for post in self._x.posts(self._account)]
