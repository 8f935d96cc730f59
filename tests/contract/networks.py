"""The networks that pass the contract suite, and what the suite asks of each.

Owns the list of faults, what must follow from each, and the registration. To register the sandbox:
`sandbox_driver.py` beside this file, with `SANDBOXES`, which maps a name to a function from a fresh
folder to a `Driver`. To register another network: a line in `drivers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, get_args

from threadbot.networks.port import Held, Refused, RetryAt, Unknown
from threadbot.thread.measure import YARDSTICKS
from threadbot.thread.model import Post, Thread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from threadbot.networks.port import HoldKind, Network
    from threadbot.thread.model import NetworkName

FaultName: TypeAlias = Literal[
    "answer lost",
    "dropped before",
    "server error",
    "unavailable",
    "stalled",
    "too many requests",
    "refused",
    "credentials",
    "account",
]


class Driver(Protocol):
    """What the suite asks of a network under test; each has an account of its own, without posts.

    Args:
        name: the network that its threads are made for.
    """

    name: NetworkName

    def network(self, fault: FaultName | None = None) -> Network:
        """Give an adapter for the account.

        Args:
            fault: what the next `send` through it meets; None ends all faults but `credentials`
                and `account`, which last.
        """
        ...

    def texts(self) -> list[str]:
        """Read back what is out, in order, by another way than the adapter's."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """What must follow from a fault.

    Args:
        name: which.
        outcome: what `send` must answer.
        is_out: whether the step is out nevertheless.
        hold: the kind, where it must be held.
        lasts: whether it cannot be ended.
    """

    name: FaultName
    outcome: type[Unknown | RetryAt | Refused | Held]
    is_out: bool = False
    hold: HoldKind | None = None
    lasts: bool = False


FAULTS = (
    Fault("answer lost", Unknown, is_out=True),
    Fault("dropped before", Unknown),
    Fault("server error", Unknown),
    Fault("unavailable", Unknown),
    Fault("stalled", Unknown, is_out=True),
    Fault("too many requests", RetryAt),
    Fault("refused", Refused),
    Fault("credentials", Held, hold="credentials", lasts=True),
    Fault("account", Held, hold="account", lasts=True),
)
if {fault.name for fault in FAULTS} != set(get_args(FaultName)):
    message = "every fault has one line in FAULTS"
    raise RuntimeError(message)


def sandboxes() -> Mapping[str, Callable[[Path], Driver]]:
    """Give the sandbox's drivers by name."""
    if find_spec("sandbox_driver") is None:
        return {}
    found: Mapping[str, Callable[[Path], Driver]] = import_module("sandbox_driver").SANDBOXES
    return found


def thread(network: NetworkName, *texts: str) -> Thread:
    """Make a thread of plain texts."""
    yardstick = YARDSTICKS[network]
    posts = tuple(Post("body", text, (), *yardstick.measure(text)) for text in texts)
    return Thread(network, "test", yardstick.room.length, ("en",), (), posts, (), (), None)
