"""The listener for webhooks, for as long as a worker runs.

Owns its socket, its thread and the secrets that it needs, and that a server which ends by itself is
begun again. What is answered `webhooks` says.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from threadbot.config.secrets import look_up
from threadbot.errors import ConfigError, EngineError
from threadbot.triggers.webhooks import secret_problem
from threadbot.web.connections import USUAL, bounded
from threadbot.web.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.applications import Starlette

    from threadbot.config import Config
    from threadbot.sources.rounds import Rounds
    from threadbot.triggers.settings import Source
    from threadbot.web.connections import Limits

#: What the listener's thread is called.
THREAD: Final = "webhooks"
#: Seconds after which a server that ended by itself is begun again.
AGAIN: Final = 1.0
#: Seconds that the listener may take to answer what has come, when it is to end.
_ENDING: Final = 5

_log: Final = logging.getLogger(__name__)


def secrets_of(
    config: Config, names: Mapping[str, Source], environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Look up what each webhook shares with its sender.

    Args:
        config: the configuration.
        names: the sources that are served.
        environment: where secrets may be.

    Raises:
        ConfigError: one cannot be had, or cannot be used.
    """
    found: dict[str, str] = {}
    for name, source in names.items():
        if source.kind != "webhook" or source.secret is None:
            continue
        try:
            secret = look_up(source.secret, environment, config.secret_commands).reveal()
        except ConfigError as error:
            message = f"the source '{name}' cannot be served: {error}"
            raise ConfigError(message) from error
        if (problem := secret_problem(source.sender, secret)) is not None:
            message = f"the secret '{source.secret}' of the source '{name}' is of no use: {problem}"
            raise ConfigError(message)
        found[name] = secret
    return found


@contextmanager
def listening(
    config: Config,
    rounds: Rounds,
    wake: Callable[[], None],
    environment: Mapping[str, str] = os.environ,
    limits: Limits = USUAL,
) -> Iterator[str | None]:
    """Listen as long as it is needed: where a source is a webhook, or hubs may call.

    Args:
        config: the configuration.
        rounds: stores what comes.
        wake: told when there is something to be done.
        environment: where secrets may be.
        limits: what strangers may take.

    Yields:
        Where it listens, or None where nobody will call.

    Raises:
        ConfigError: a secret cannot be had.
        EngineError: the address is taken, or cannot be listened at.
    """
    secrets = secrets_of(config, rounds.sources, environment)
    if not secrets and config.webhooks.callback_url is None:
        yield None
        return
    app = Webhooks(rounds, secrets, wake, limits).application()
    with closing(_bound(config.webhooks.listen)) as listener:
        serving = _Serving(app, listener, limits)
        thread = threading.Thread(target=serving.run, name=THREAD)
        thread.start()
        host, port = listener.getsockname()[:2]
        try:
            yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
        finally:
            serving.stop()
            thread.join()


class _Serving:
    """Serves until told to stop, whatever ends the server before that.

    The socket stays open all the while: who calls in between waits and is answered.
    """

    def __init__(self, app: Starlette, listener: socket.socket, limits: Limits) -> None:
        self._settings = uvicorn.Config(
            app,
            http=bounded(limits),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=_ENDING,
        )
        self._listener = listener
        self._ending = threading.Event()
        self._server: uvicorn.Server | None = None

    def run(self) -> None:
        """Serve."""
        while not self._ending.is_set():
            self._server = uvicorn.Server(self._settings)
            # It could have been told to stop just before.
            self._server.should_exit = self._ending.is_set()
            ours, reason = self._listener.dup(), "it ended by itself"
            try:
                self._server.run([ours])
            except BaseException as error:  # noqa: BLE001 - uvicorn may leave the whole thread
                reason = f"{type(error).__name__}: {error}"
            finally:
                ours.close()
            if not self._ending.is_set():
                _log.error("the listener for webhooks has ended (%s); it is begun again", reason)
                self._ending.wait(AGAIN)

    def stop(self) -> None:
        """Answer what has come, and end."""
        self._ending.set()
        if self._server is not None:
            self._server.should_exit = True


def _bound(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    bare = host.strip("[]")
    try:
        family = socket.AF_INET6 if ":" in bare else socket.AF_INET
        return socket.create_server((bare, int(port)), family=family, backlog=128)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = (
            f"webhooks cannot be listened for at {listen}: {reason}; change 'listen' in [webhooks]"
        )
        raise EngineError(message) from error
