"""Workers in processes of their own, and a ledger with threads for them.

Owns how they are started, watched and killed; every thread goes to the sandbox.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from command_line import clean_environment
from prepared_process import run_command, start_command
from samples import ARTICLE, thread

from threadbot.delivery.ledger import Ledger, open_ledger
from threadbot.delivery.schedule import Schedule
from threadbot.delivery.timing import At, Timing

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from prepared_process import Process

    from threadbot.delivery.model import Delivery
    from threadbot.thread.model import NetworkName

PATIENCE = 60.0


@dataclass
class Desk:
    """A folder with a configuration and a ledger, and the workers on it.

    Args:
        folder: where it all lies.
        address: the ledger's, where it stands on a server.
        secrets: variables of every command.
        fresh: whether each worker is to be a fresh Python.
        workers: that were started.
    """

    folder: Path
    address: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)
    fresh: bool = field(default=False, kw_only=True)
    workers: list[Process] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The ledger's file."""
        return self.folder / "ledger.db"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command."""
        return clean_environment(self.folder) | dict(self.secrets)

    def configure(self, more: str = "") -> None:
        """Write the configuration."""
        # Not even an empty password may stand in the address.
        address = self.address and self.address.replace(":@", "@")
        place = f'url = "{address}"' if address else 'path = "ledger.db"'
        text = f"[ledger]\n{place}\n{more}"
        (self.folder / "config.toml").write_text(text, "utf-8")

    def begin(self, *options: str) -> Process:
        """Start a worker."""
        # A file takes all that a worker says; a pipe that nobody reads would stop it when full.
        with (self.folder / f"worker-{len(self.workers)}.log").open("wb") as words:
            worker = start_command(
                ["run", *options], self.folder, self.environment, words, fresh=self.fresh
            )
        self.workers.append(worker)
        return worker

    def said(self, worker: Process) -> str:
        """Give what a worker has said until now."""
        path = self.folder / f"worker-{self.workers.index(worker)}.log"
        return path.read_text("utf-8", errors="replace")

    def start(self, *options: str) -> Process:
        """Start a worker, and wait until it carries threads out."""
        worker = self.begin(*options)
        while "go out from here on" not in self.said(worker):
            if worker.poll() is not None:
                message = f"the worker ended with {worker.wait()}: {self.said(worker)}"
                raise AssertionError(message)
            time.sleep(0.02)
        return worker

    def run(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        seconds: float = PATIENCE,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end, which may take so long, with further variables."""
        variables = self.environment | dict(environment or {})
        return run_command(arguments, self.folder, variables, seconds=seconds)

    def ledger(self) -> Ledger:
        """Open the ledger."""
        return open_ledger(self.address or self.path)

    def approve(
        self,
        number: int,
        network: NetworkName = "bluesky",
        posts: int = 3,
        *,
        account: str = "enpause",
        sandbox: bool = True,
        at: datetime | None = None,
    ) -> str:
        """Approve a thread, to go out at once or at a moment; give its name."""
        now = datetime.now(UTC)
        article = replace(ARTICLE, title=f"Article {number}", url=f"https://enpause.com/{number}")
        with self.ledger() as ledger:
            known = ledger.record_article(article, None, now)
            made = thread(network, posts, account, words=f"Fil {number}")
            timing = Timing(Schedule(), At(at or now))
            return ledger.schedule([made], known, timing, sandbox=sandbox, now=now)[0].row.id

    def deliveries(self) -> tuple[Delivery, ...]:
        """Read everything."""
        with self.ledger() as ledger:
            return ledger.history()

    def posted(self) -> list[dict[str, Any]]:
        """Read the sandbox's journal, line by line."""
        journal = self.path.with_suffix(".sandbox.jsonl")
        if self.address:
            journal = self.folder / ".local/state/threadbot/ledger.sandbox.jsonl"
        return [json.loads(line) for line in journal.read_text("utf-8").splitlines()]

    def wait_until(self, done: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                states = [(one.row.id, one.row.state, one.reason) for one in self.deliveries()]
                message = f"it never came to that: {states}"
                raise AssertionError(message)
            time.sleep(0.1)

    def all_published(self) -> bool:
        """Tell whether every thread is out."""
        return all(one.row.state == "published" for one in self.deliveries())

    def close(self) -> None:
        """End what was started."""
        for worker in self.workers:
            worker.kill()
            worker.wait()
