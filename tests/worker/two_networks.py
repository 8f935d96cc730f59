"""Workers that post for real, to the reference Bluesky server and the simulated X on loopback.

Owns accounts on both, faults that they make, kills, and what they hold in the end; never asks
threadbot what is out.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from workers import Desk
from x_simulator import model

if TYPE_CHECKING:
    from pds.server import FaultMode, Pds, PdsAccount
    from prepared_process import Process
    from x_simulator.faults import FaultKind
    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

    from threadbot.thread.model import NetworkName

#: Seconds that a call of a network may take, so that kills fall into its middle.
SLOWNESS: Final = 0.15
#: What the simulated X does to a call that creates a post, and whether the post is out after that.
X_FAULTS: Final[tuple[tuple[FaultKind, bool], ...]] = (
    ("drop", True),
    ("cut", True),
    ("429", False),
    ("500-json", True),
    ("503-html", True),
    ("201-without-data", True),
)
#: The same where only two minutes of looking can tell that nothing is out.
SLOW_X_FAULTS: Final[tuple[tuple[FaultKind, bool], ...]] = (("drop", False), ("503-html", False))
BLUESKY_FAULTS: Final[tuple[FaultMode, ...]] = (
    "drop-before",
    "drop-after",
    "stall-before",
    "stall-after",
)


@dataclass
class TwoNetworks(Desk):
    """A folder with a configuration and a ledger, accounts on both networks, and workers.

    Args:
        chance: says what goes wrong, and when.
        x: the simulated X.
        pds: the Bluesky server.
        slow_faults: whether faults may take two minutes each.
    """

    chance: random.Random = field(default_factory=random.Random)
    x: XSimulator = field(kw_only=True)
    pds: Pds = field(kw_only=True)
    slow_faults: bool = False
    x_accounts: dict[str, XAccount] = field(default_factory=dict)
    bluesky_accounts: dict[str, PdsAccount] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    approved: Counter[str] = field(default_factory=Counter)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command, with the accounts' secrets."""
        return super().environment | self.secrets

    def open_accounts(self, count: int) -> None:
        """Open so many accounts on each network, and configure them."""
        lines = ['[schedule]\nleast_distance = "0m"\n']
        for number in range(1, count + 1):
            lines += [self._open_x(f"x{number}"), self._open_bluesky(f"bsky{number}")]
        self.configure("\n".join(lines))
        self.x.before = self.x.after = lambda _: time.sleep(self.chance.uniform(0, SLOWNESS))
        self.x.posts_per_window = 100_000

    def _open_x(self, name: str) -> str:
        account = self.x_accounts[name] = self.x.account(name)
        keys = {
            "api_key": account.consumer_key,
            "api_key_secret": account.consumer_secret,
            "access_token": account.access_token,
            "access_token_secret": account.access_token_secret,
        }
        lines = [f'[accounts.{name}]\nnetwork = "x"\nhandle = "{name}"\napi = "{self.x.url}"']
        for key, secret in keys.items():
            lines.append(f'{key} = "{name}-{key.replace("_", "-")}"')
            self.secrets[f"THREADBOT_{name}_{key}".upper()] = secret
        return "\n".join(lines) + "\n"

    def _open_bluesky(self, name: str) -> str:
        account = self.bluesky_accounts[name] = self.pds.account()
        self.secrets[f"THREADBOT_{name}_PASSWORD".upper()] = self.pds.app_password(account)
        return (
            f'[accounts.{name}]\nnetwork = "bluesky"\nhandle = "{account.handle}"\n'
            f'pds = "{self.pds.url}"\napp_password = "{name}-password"\n'
        )

    def wait_for(self, worker: Process) -> None:
        """Wait until a worker carries threads out, as it says."""
        self.wait_until(lambda: "go out from here on" in self.said(worker))

    def approve_some(self, count: int, at: datetime | None = None) -> None:
        """Approve threads of several lengths, in turn for all accounts, for a moment or at once."""
        names = [*self.x_accounts, *self.bluesky_accounts]
        turn = cycle(names[(len(self.approved) + at) % len(names)] for at in range(len(names)))
        for _ in range(count):
            number, name, length = len(self.approved) + 1, next(turn), self.chance.randint(2, 6)
            network: NetworkName = "x" if name in self.x_accounts else "bluesky"
            self.approved[str(number)] = length
            made = self.approve(number, network, length, account=name, sandbox=False, at=at)
            assert made == str(number)

    def go_wrong(self) -> None:
        """Let a few of the coming calls meet a fault."""
        faults = X_FAULTS
        if self.slow_faults and self.chance.random() < 0.1:
            faults = SLOW_X_FAULTS
        kind, stored = self.chance.choice(faults)
        self.x.clear_faults()
        self.x.fault("none", times=self.chance.randint(0, 4))
        self.x.fault(kind, stored=stored, reset_in=timedelta(seconds=2))
        self.x.fault("503-html", route=model.TIMELINE)
        mode = self.chance.choice(BLUESKY_FAULTS)
        # Faults that no call has met would pile up, and meet the last threads one after the other.
        self.pds.reset()
        self.pds.fault(mode, ms=int(self.chance.uniform(0, 1000)))

    def under_way(self) -> int:
        """Count the threads that are being sent."""
        return sum(one.row.state == "sending" for one in self.deliveries())

    def is_settled(self) -> bool:
        """Tell whether every thread is published, or held with a reason."""
        return all(
            one.row.state == "published" or (one.row.state == "held" and one.row.reason)
            for one in self.deliveries()
        )

    def held(self) -> list[str]:
        """Give the names of the threads that are held."""
        return [one.row.id for one in self.deliveries() if one.row.state == "held"]

    def assert_all_is_out_once(self) -> None:
        """Compare what both networks hold with what was approved: each post once, in its place."""
        out: dict[str, list[int]] = {number: [] for number in self.approved}
        for name, account in self.x_accounts.items():
            posts = self.x.posts(account)
            for number, parts in _by_thread([post.text for post in posts]).items():
                out[number] += parts
                mine = [post for post in posts if post.text.startswith(f"Fil {number},")]
                parents = [post.parent for post in mine]
                assert parents == [None, *(post.id for post in mine[:-1])], (name, number)
        for name, known in self.bluesky_accounts.items():
            records = self.pds.posts(known)
            assert len(records) < 100, f"{name} holds more posts than are read at once"
            for number, parts in _by_thread([one["value"]["text"] for one in records]).items():
                out[number] += parts
                mine_on_bluesky = [
                    one for one in records if one["value"]["text"].startswith(f"Fil {number},")
                ]
                assert _parents(mine_on_bluesky) == [
                    None,
                    *(one["uri"] for one in mine_on_bluesky[:-1]),
                ], (name, number)
        assert out == {
            number: list(range(1, length + 1)) for number, length in self.approved.items()
        }


def _by_thread(texts: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for text in texts:
        match = re.fullmatch(r"Fil (\d+), partie (\d+) \?", text)
        assert match is not None, text
        found.setdefault(match[1], []).append(int(match[2]))
    return found


def _parents(records: list[dict[str, Any]]) -> list[str | None]:
    replies = [one["value"].get("reply") for one in records]
    return [reply["parent"]["uri"] if reply else None for reply in replies]


def now() -> datetime:
    """Give the present (UTC), for the simulated X."""
    return datetime.now(UTC)
