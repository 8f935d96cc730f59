"""The run loop: it holds the ledger, starts the engine, dispatches what is due, and drains.

Owns the order of starting and ending, and the signals. What is due, `dispatch` says; how a thread
is carried, `carrying`.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from threadbot.delivery.engine import Engine
from threadbot.errors import EngineError, LedgerError
from threadbot.sources.running import running_sources
from threadbot.web.listening import listening
from threadbot.worker.carrying import Carrying, present
from threadbot.worker.cleaning import Cleaning
from threadbot.worker.dispatch import Dispatcher
from threadbot.worker.waking import Waking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from threadbot.config import Config
    from threadbot.delivery.ledger import Ledger

#: Seconds between two looks for due threads.
INTERVAL: Final = 0.75
#: Seconds after which the ledger is asked again that could not be.
AWAY: Final = 2.0
#: Seconds that what is being sent may take when the worker is to end.
DRAINING: Final = 60.0
#: The same where its name is lost: what it does is recorded by nobody any more.
LOST: Final = 10.0
_log: Final = logging.getLogger(__name__)


def run(config: Config, ledger: Ledger, *, sandbox: bool, say: Callable[[str], None]) -> int:
    """Carry threads out until a signal ends it.

    Args:
        config: the configuration.
        ledger: open; nobody holds its lock.
        sandbox: whether only threads for the sandbox are carried.
        say: told in a sentence what a person should know.

    Returns:
        The exit code: 0 where everything came to a rest.
    """
    stop = _Stop(ledger.database.wait_no_more)
    executor = executor_name()
    with ExitStack() as stack:
        stack.enter_context(ledger.attending(say, "sandbox-worker" if sandbox else "worker"))
        stack.enter_context(stop.on_signals())
        carrying = Carrying(config, ledger, sandbox)
        engine = Engine(_place(ledger), executor, carrying.carry, stop.because, sandbox=sandbox)
        stack.enter_context(engine)
        running = stack.enter_context(running_sources(config, ledger, sandbox=sandbox))
        address = stack.enter_context(listening(config, running.rounds, running.wake))
        if address is not None:
            say(f"Webhooks are listened for at {address}.")
        say(f"Threads go out from here on (process {os.getpid()}). Ctrl-C ends it.")
        dispatcher = Dispatcher(ledger, engine, config.schedule, sandbox=sandbox)
        cleaning = Cleaning(ledger, engine, config.keep)
        _loop(dispatcher, Waking(ledger, engine), cleaning, stop)
        say("Ending: what is being sent comes to a rest first.")
        rests = engine.drain(LOST if stop.reason else DRAINING)
    if stop.reason:
        say(stop.reason)
    return 0 if rests and not stop.reason else 1


def executor_name() -> str:
    """Give this worker a name that no other has.

    Containers of one image have the same process number, and maybe the same host's name.
    """
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _place(ledger: Ledger) -> Path | str:
    place = ledger.database.place
    return place if isinstance(place, Path) else place.render_as_string(hide_password=False)


def _loop(dispatcher: Dispatcher, waking: Waking, cleaning: Cleaning, stop: _Stop) -> None:
    while not stop.asked:
        pause = INTERVAL
        try:
            now = present()
            dispatcher.dispatch(now)
            waking.look(now)
            cleaning.go_on(now)
        except (LedgerError, EngineError) as error:
            # A full disk, a database that is away: nothing is lost, and it may come back.
            _log.error("threads wait: %s", error)
            pause = AWAY
        stop.wait(pause)


class _Stop:
    """Whether the worker shall end, and why where it was not asked to.

    Args:
        hurry: called when it shall: what waits for a server that is away would go on for minutes.
    """

    def __init__(self, hurry: Callable[[], None]) -> None:
        self._event = threading.Event()
        self._hurry = hurry
        self.reason = ""

    @property
    def asked(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        self._event.wait(seconds)

    def because(self, reason: str) -> None:
        self.reason = reason
        self._hurry()
        self._event.set()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        def end(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._hurry()
            self._event.set()

        former = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for one, handler in former.items():
                signal.signal(one, handler)
