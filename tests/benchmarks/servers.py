"""Servers for benchmarks, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Self
from urllib.request import urlopen


class Server:
    """A program beside this one that serves HTTP, to be used in a `with` statement.

    Args:
        program: its file.
        arguments: what it is told.
    """

    def __init__(self, program: str, *arguments: str) -> None:
        command = [sys.executable, str(Path(__file__).with_name(program)), *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        #: Where it listens.
        self.url = self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    def ask(self, path: str) -> bytes:
        """Ask it for something."""
        with urlopen(f"{self.url}{path}", timeout=60) as answer:  # noqa: S310 - of our own
            body: bytes = answer.read()
        return body


class SlowX(Server):
    """What stands in for X; see `slow_x`.

    Args:
        far: seconds that a call takes in the network.
    """

    def __init__(self, far: float = 0.1) -> None:
        super().__init__("slow_x.py", str(far))

    def posted(self) -> dict[str, float]:
        """Give the moment at which each text came, and make sure that none came twice."""
        report = json.loads(self.ask("/posted"))
        if report["repeated"]:
            message = f"{report['repeated']} posts were sent twice"
            raise SystemExit(message)
        posted: dict[str, float] = report["posted"]
        return posted

    def count(self) -> int:
        """Count the posts that came."""
        return int(self.ask("/count"))
