"""The listener that webhooks and the hubs of feeds come to.

Owns HTTP: paths, the cap on bodies, and the answers. What a message is worth `triggers` says; it is
stored before it is answered. Never answers 410, by which Ghost and hubs would forget us for ever,
and never tells a stranger why it is refused.

    /webhooks/NAME     the webhook of the source NAME
    /websub/TOKEN      a hub, about the subscription with that part that cannot be guessed
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from threadbot.config.secrets import look_up
from threadbot.errors import ConfigError, EngineError, LedgerError, SourceError
from threadbot.triggers import websub
from threadbot.triggers.feeds import read_feed
from threadbot.triggers.webhook_messages import Ignored
from threadbot.triggers.webhooks import MAX_BYTES, Refused, receive, secret_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.requests import Request

    from threadbot.config import Config
    from threadbot.sources.rounds import Rounds
    from threadbot.triggers.settings import Source

#: Seconds that the listener may take to answer what has come, when it is to end.
_ENDING: Final = 5
_CREATED_ELSEWHERE: Final = 202
_BUSY: Final = 503
_TOO_LARGE: Final = 413
_TOO_SLOW: Final = 408
#: Seconds within which the whole of a message must have come.
BODY_SECONDS: Final = 10
#: Messages that are taken at the same time; more are told to come again.
_MOST_AT_ONCE: Final = 64

_log: Final = logging.getLogger(__name__)


class Webhooks:
    """What comes to the listener.

    Args:
        rounds: stores what comes.
        secrets: what each webhook shares with its sender, by the source's name.
        wake: told when there is something to be done.
    """

    def __init__(
        self, rounds: Rounds, secrets: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        self._rounds = rounds
        self._secrets = secrets
        self._wake = wake

    def application(self) -> Starlette:
        """Give what uvicorn serves."""
        return Starlette(
            routes=[
                Route("/webhooks/{name}", self._webhook, methods=["POST"]),
                Route("/websub/{token}", self._intent, methods=["GET"]),
                Route("/websub/{token}", self._delivery, methods=["POST"]),
            ]
        )

    async def _webhook(self, request: Request) -> Response:
        source = self._rounds.sources.get(request.path_params["name"])
        if source is None or source.name not in self._secrets:
            return PlainTextResponse("not found\n", 404)
        body = await _body(request, MAX_BYTES)
        if body is None:
            return _refused(source.name, _TOO_LARGE, f"larger than {MAX_BYTES:,} bytes")
        headers = dict(request.headers)
        return await run_in_threadpool(self._take, source, body, headers)

    def _take(self, source: Source, body: bytes, headers: Mapping[str, str]) -> Response:
        secret = self._secrets[source.name]
        outcome = receive(source.sender, body, headers, secret, self._rounds.now())
        if isinstance(outcome, Refused):
            return _refused(source.name, outcome.status, outcome.reason)
        if isinstance(outcome, Ignored):
            _log.info("%s: a message is ignored: %s", source.name, outcome.reason)
            return PlainTextResponse("ignored\n")
        try:
            looked = self._rounds.receive(source, [outcome.entry])
        except LedgerError as error:
            # Its sender tries again, as nothing was stored.
            _log.error("%s: a message cannot be stored: %s", source.name, error)
            return PlainTextResponse("try again later\n", _BUSY)
        for decision in looked.decisions:
            _log.info("%s: “%s”: %s", source.name, decision.entry.said, decision.reason)
        self._wake()
        return PlainTextResponse("stored\n", _CREATED_ELSEWHERE)

    async def _intent(self, request: Request) -> Response:
        token, query = request.path_params["token"], dict(request.query_params)
        return await run_in_threadpool(self._verify, token, query)

    def _verify(self, token: str, query: Mapping[str, str]) -> Response:
        found = self._rounds.subscriptions.of_token(token)
        answers: list[websub.Confirmed | websub.Denied | websub.NotMeant] = []

        def after(subscription: websub.Subscription) -> websub.Subscription:
            chance = random.random()  # noqa: S311 - spreads renewals
            answer = websub.verify(subscription, query, self._rounds.now(), chance)
            answers.append(answer)
            return subscription if isinstance(answer, websub.NotMeant) else answer.subscription

        if found is not None:
            self._rounds.subscriptions.change(found[0], after)
        if found is None or not answers or isinstance(answers[0], websub.NotMeant):
            return PlainTextResponse("not found\n", 404)
        if isinstance(answers[0], websub.Denied):
            _log.warning("%s: %s", found[0], answers[0].subscription.reason)
            return PlainTextResponse("noted\n")
        _log.info("%s: its hub tells of news from now on", found[0])
        return PlainTextResponse(answers[0].challenge)

    async def _delivery(self, request: Request) -> Response:
        token, headers = request.path_params["token"], dict(request.headers)
        if await run_in_threadpool(self._rounds.subscriptions.of_token, token) is None:
            # No stranger has megabytes read. It is told what all are told.
            _log.warning("a hub: a delivery is ignored: no such subscription is known")
            return PlainTextResponse("noted\n", _CREATED_ELSEWHERE)
        body = await _body(request, websub.MAX_BYTES)
        if body is None:
            return _refused("a hub", _TOO_LARGE, f"larger than {websub.MAX_BYTES:,} bytes")
        return await run_in_threadpool(self._hear, token, body, headers)

    def _hear(self, token: str, body: bytes, headers: Mapping[str, str]) -> Response:
        name, subscription = self._rounds.subscriptions.of_token(token) or ("a hub", None)
        heard = websub.receive(subscription, body, headers)
        source = self._rounds.sources.get(name)
        # What is ignored is answered like what is taken: a stranger learns nothing.
        answer = PlainTextResponse("noted\n", _CREATED_ELSEWHERE)
        if isinstance(heard, Ignored) or source is None or subscription is None:
            reason = heard.reason if isinstance(heard, Ignored) else "its source is not served"
            _log.warning("%s: a delivery is ignored: %s", name, reason)
            return answer
        try:
            if heard.believed:
                url = subscription.topic
                feed = read_feed(heard.body, url=url, content_type=heard.content_type)
                if self._rounds.store.row(source, self._rounds.now()).first_seen is not None:
                    self._rounds.receive(source, feed.entries)
                    self._wake()
                    return answer
            self._ask(name)
        except SourceError as error:
            _log.warning("%s: a delivery cannot be read: %s", name, error)
            self._ask(name)
        except LedgerError as error:
            _log.error("%s: a delivery cannot be stored: %s", name, error)
            return PlainTextResponse("try again later\n", _BUSY)
        return answer

    def _ask(self, name: str) -> None:
        """Have a feed asked at once."""
        self._rounds.store.ask_now(name, self._rounds.now())
        self._wake()


async def _body(request: Request, most: int) -> bytes | None:
    """Read a body, or give None where it is larger than may be."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:12]) > most:
        return None
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    return None
    except TimeoutError as error:
        raise HTTPException(_TOO_SLOW, "too slow\n") from error
    return bytes(body)


def _refused(name: str, status: int, reason: str) -> Response:
    _log.warning("%s: a message is refused (HTTP %d): %s", name, status, reason)
    return PlainTextResponse("refused\n", status)


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
        secret = look_up(source.secret, environment, config.secret_commands).reveal()
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
) -> Iterator[str | None]:
    """Listen as long as it is needed: where a source is a webhook, or hubs may call.

    Args:
        config: the configuration.
        rounds: stores what comes.
        wake: told when there is something to be done.
        environment: where secrets may be.

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
    listener = _bound(config.webhooks.listen)
    app = Webhooks(rounds, secrets, wake).application()
    settings = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_ENDING,
        limit_concurrency=_MOST_AT_ONCE,
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, args=([listener],), name="webhooks")
    thread.start()
    host, port = listener.getsockname()[:2]
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


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
