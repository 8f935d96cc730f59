"""Runs commands in processes of their own that need not import everything first.

Owns a process that has imported threadbot and waits; each command runs in a copy of it, with its
own folder, variables and files. Never used where the start of Python is what a test is about: what
sets one of Python's own variables starts a fresh Python.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What Python reads once, when it starts.
READ_AT_START = ("PYTHON", "LANG", "LC_", "TZ")
#: What is read when something is written: a command has these from its test alone.
TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")
FRESH = [sys.executable, "-m", "threadbot"]
_MOST_BYTES = 1 << 20


def run_command(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    stdin: bytes = b"",
    seconds: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run `threadbot` to its end, as `subprocess.run` would.

    Args:
        arguments: what is typed after `threadbot`.
        folder: the working folder.
        environment: all variables.
        stdin: what is piped into it.
        seconds: how long it may take.
    """
    command = [*FRESH, *arguments]
    if _early(environment) != _early(_plain_environment()):
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=seconds,
            check=False,
        )
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        given.write(stdin)
        given.seek(0)
        with tempfile.TemporaryFile() as errors:
            files = (given.fileno(), out.fileno(), errors.fileno())
            order = {"arguments": arguments, "folder": str(folder), "environment": {**environment}}
            code = _prepared().run(order, files, seconds)
            if code is None:
                raise subprocess.TimeoutExpired(command, seconds)
            out.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess(command, code, out.read(), errors.read())


def start_command(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    errors: IO[bytes],
    *,
    fresh: bool = False,
) -> Process:
    """Start `threadbot`, as `subprocess.Popen` would; it reads nothing, and its output is lost.

    Args:
        arguments: what is typed after `threadbot`.
        folder: the working folder.
        environment: all variables.
        errors: takes what it writes to standard error.
        fresh: whether it is to be a fresh Python, whose memory and start are measured.
    """
    if fresh or _early(environment) != _early(_plain_environment()):
        return subprocess.Popen(
            [*FRESH, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    order = {"arguments": arguments, "folder": str(folder), "environment": {**environment}}
    with Path(os.devnull).open("r+b") as nothing:
        files = (nothing.fileno(), nothing.fileno(), errors.fileno())
        return _prepared().start(order, files)


class Process(Protocol):
    """A command that runs; `subprocess.Popen` is one, and so is `Started`."""

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """Give its exit code, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and give its exit code."""

    def send_signal(self, sig: int) -> None:
        """Send it a signal, unless it has ended."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


class Started:
    """A command that runs in a copy of the process that waits.

    Args:
        pid: its number.
        answers: brings its exit code when it has ended.
    """

    def __init__(self, pid: int, answers: IO[bytes]) -> None:
        self._pid = pid
        self._answers = answers
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._pid

    def poll(self) -> int | None:
        """Give its exit code, or None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and give its exit code."""
        if self._code is None:
            if not select.select([self._answers], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(FRESH, timeout or 0)
            self._code = int(self._answers.readline())
            self._answers.close()
        return self._code

    def send_signal(self, sig: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, sig)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _plain_environment() -> dict[str, str]:
    """Give the variables that the waiting process is started with: nothing about a terminal."""
    return {name: value for name, value in os.environ.items() if name not in TERMINAL}


def _early(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in environment if name.startswith(READ_AT_START)}


@functools.cache
def _prepared() -> Prepared:
    return Prepared()


class Prepared:
    """The process that waits; it ends with the tests."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_plain_environment(),
            )
        atexit.register(self.close)

    def close(self) -> None:
        """End it."""
        self._orders.close()
        self._process.wait()

    def run(self, order: object, files: tuple[int, int, int], seconds: float) -> int | None:
        """Run a command, and give its exit code, or None where it takes too long."""
        started = self.start(order, files)
        try:
            return started.wait(seconds)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
            return None

    def start(self, order: object, files: tuple[int, int, int]) -> Started:
        """Start a command."""
        reading, writing = os.pipe()
        answers = os.fdopen(reading, "rb", buffering=0)
        with os.fdopen(writing, "wb"):
            socket.send_fds(self._orders, [json.dumps(order).encode()], [*files, writing])
        return Started(int(answers.readline()), answers)


def _serve(orders: socket.socket) -> None:
    """Take orders until nobody gives any; comes back in the process of a command as well."""
    for module in pkgutil.walk_packages(
        importlib.import_module("threadbot").__path__, "threadbot."
    ):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    _warm_up()
    # What nobody will free need not be looked at, and so not be copied, when a command ends.
    gc.freeze()
    while True:
        said, files, _, _ = socket.recv_fds(orders, _MOST_BYTES, 4)
        if not said:
            os._exit(0)
        if os.fork() == 0:
            orders.close()
            _watch(json.loads(said), files)
            return
        for file in files:
            os.close(file)
        # Those who watch end with their commands; some may still run.
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _warm_up() -> None:
    """Do once what most commands do: languages, rules of sentences and a ledger take a second."""
    from threadbot.app import Wish, targets  # noqa: PLC0415 - for this process alone
    from threadbot.article import load  # noqa: PLC0415 - the same
    from threadbot.config import load_config  # noqa: PLC0415 - the same
    from threadbot.delivery.ledger import open_ledger  # noqa: PLC0415 - the same
    from threadbot.thread import compose  # noqa: PLC0415 - the same

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").touch()
        config = load_config(Path(folder) / "config.toml", {}, Path(folder))
        open_ledger(Path(folder) / "ledger.db").close()
    for text in ("# Le tram\n\nIl revient. Il roule.", "# The tram\n\nIt is back. It runs."):
        article = load(text, name="a.md")
        for target in targets(config, Wish()):
            compose(article, target.account, target.style)


def _watch(order: dict[str, object], files: list[int]) -> None:
    """Begin a command, wait for its end and tell it; comes back in the command's process."""
    *streams, answers = files
    process = os.fork()
    if process:
        os.write(answers, f"{process}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        os.write(answers, f"{status}\n".encode())
        os._exit(0)
    for number, file in enumerate(streams):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    os.chdir(str(order["folder"]))
    variables, arguments = order["environment"], order["arguments"]
    assert isinstance(variables, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["threadbot", *arguments]


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
    # A fresh Python that is given a module has the folder in this place.
    sys.path[0] = str(Path.cwd())
    runpy.run_module("threadbot", run_name="__main__", alter_sys=True)
