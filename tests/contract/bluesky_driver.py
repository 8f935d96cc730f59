"""Drives Bluesky's adapter through the contract suite, against the reference server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pds.adapter import Sessions, adapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from networks import FaultName
    from pds.server import Pds

    from threadbot.networks.bluesky import Bluesky
    from threadbot.thread.model import NetworkName

#: A stall is shorter than the server's and longer than the adapter's patience.
PATIENCE = 1.0
FAULTS: Mapping[FaultName, Mapping[str, Any]] = {
    "answer lost": {"mode": "drop-after"},
    "dropped before": {"mode": "drop-before"},
    "server error": {"mode": "answer", "status": 500, "error": "InternalServerError"},
    "unavailable": {"mode": "answer", "status": 503},
    "stalled": {"mode": "stall-after", "ms": 3000},
    "too many requests": {"mode": "answer", "status": 429, "error": "RateLimitExceeded"},
    "refused": {"mode": "answer", "status": 400, "error": "InvalidRequest"},
}


class BlueskyDriver:
    """An account on the reference server.

    Args:
        pds: the server.
    """

    name: NetworkName = "bluesky"

    def __init__(self, pds: Pds) -> None:
        self._pds = pds
        self._account = pds.account()
        self._app_password = pds.app_password(self._account)
        self._sessions = Sessions()
        self._adapters: list[Bluesky] = []

    def close(self) -> None:
        """Close all connections."""
        for each in self._adapters:
            each.close()

    def network(self, fault: FaultName | None = None) -> Bluesky:
        """Give an adapter whose next `send` meets a fault."""
        self._pds.reset()
        if fault == "credentials":
            self._pds.revoke_app_password(self._account)
            self._sessions.save_session("test", None)
        elif fault == "account":
            self._pds.deactivate(self._account)
        elif fault is not None:
            self._pds.fault(**FAULTS[fault])
        made = adapter(
            self._pds,
            self._account,
            app_password=self._app_password,
            sessions=self._sessions,
            seconds=PATIENCE if fault == "stalled" else 20,
        )
        self._adapters.append(made)
        return made

    def texts(self) -> list[str]:
        """Read back what the server holds, of a deactivated account as well."""
        self._pds.activate(self._account)
        return [post["value"]["text"] for post in self._pds.posts(self._account)]
