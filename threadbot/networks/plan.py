"""A plan: how a network will write a thread, step by step, fixed before the first of them.

Owns its values, and their form as JSON text for the ledger; never makes or carries out a plan.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadbot.thread.model import NetworkName


@dataclass(frozen=True, slots=True)
class Step:
    """One write to the network: a whole thread on Bluesky, one post on X.

    Args:
        number: its place in the plan, counted from 1.
        posts: the numbers of the thread's posts that it writes, counted from 1.
        payload: all that `send` needs beside the plan, as JSON text; fixed once and for all, so
            that a repeated `send` writes the same. Only `renew` changes it, and no words in it.
        cost: what the network takes for it once it is out, in millionths of a US dollar.
        fresh_until: from then on (UTC) it must be renewed before it is sent, as the network
            forgets what was uploaded for it; None for what keeps.
    """

    number: int
    posts: tuple[int, ...]
    payload: str
    cost: int = 0
    fresh_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a thread will be written: keys, times and media are fixed in it.

    Args:
        network: where.
        account: the account's name in the configuration.
        steps: in the order in which they must be sent.
        warnings: what was lost on the way: a mention that could not be resolved, an image that
            could not be had. The texts are those of the thread.
        cost: what preparing took, in millionths of a US dollar.
    """

    network: NetworkName
    account: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()
    cost: int = 0

    def to_json(self) -> str:
        """Write the plan as JSON text, to be stored."""
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, default=datetime.isoformat
        )

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read a plan that was stored.

        Args:
            text: what `to_json` wrote.
        """
        stored = json.loads(text)
        steps = tuple(_step(step) for step in stored["steps"])
        warnings = tuple(stored["warnings"])
        return cls(stored["network"], stored["account"], steps, warnings, stored.get("cost", 0))


def _step(stored: dict[str, Any]) -> Step:
    until = stored.get("fresh_until")
    return Step(
        stored["number"],
        tuple(stored["posts"]),
        stored["payload"],
        stored.get("cost", 0),
        datetime.fromisoformat(until) if until else None,
    )
