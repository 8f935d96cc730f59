"""The listener that webhooks and the hubs of feeds come to.

Owns HTTP: paths and answers. What a message is worth `triggers` says; it is stored before it is
answered. What its headers give away is refused before its body is read. Never answers 410, by which
Ghost and hubs would forget us for ever, and never tells a stranger why it is refused.

    /webhooks/NAME     the webhook of the source NAME
    /websub/TOKEN      a hub, about the subscription with that part that cannot be guessed
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from threadbot.errors import LedgerError, SourceError
from threadbot.triggers import websub
from threadbot.triggers.feeds import read_feed
from threadbot.triggers.webhook_messages import Ignored
from threadbot.triggers.webhooks import MAX_BYTES, Refused, receive, refused_unread
from threadbot.web.bodies import Bodies, Crowd
from threadbot.web.connections import USUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from threadbot.sources.rounds import Rounds
    from threadbot.triggers.settings import Source
    from threadbot.web.connections import Limits

_CREATED_ELSEWHERE: Final = 202
_BUSY: Final = 503

_log: Final = logging.getLogger(__name__)


class Webhooks:
    """What comes to the listener.

    Args:
        rounds: stores what comes.
        secrets: what each webhook shares with its sender, by the source's name.
        wake: told when there is something to be done.
        limits: what strangers may take.
    """

    def __init__(
        self,
        rounds: Rounds,
        secrets: Mapping[str, str],
        wake: Callable[[], None],
        limits: Limits = USUAL,
    ) -> None:
        self._rounds = rounds
        self._secrets = secrets
        self._wake = wake
        self._limits = limits
        self._bodies = Bodies(limits)

    def application(self) -> Starlette:
        """Give what uvicorn serves."""
        return Starlette(
            routes=[
                Route("/webhooks/{name}", self._webhook, methods=["POST"]),
                Route("/websub/{token}", self._intent, methods=["GET"]),
                Route("/websub/{token}", self._delivery, methods=["POST"]),
            ],
            middleware=[Middleware(Crowd, most=self._limits.requests, bodies=self._bodies)],
            exception_handlers={LedgerError: _not_now},
        )

    async def _webhook(self, request: Request) -> Response:
        source = self._rounds.sources.get(request.path_params["name"])
        if source is None or source.name not in self._secrets:
            return PlainTextResponse("not found\n", 404)
        headers = dict(request.headers)
        if (refused := refused_unread(source.sender, headers, self._rounds.now())) is not None:
            return _refused(source.name, refused.status, refused.reason)
        async with self._bodies.read(request, MAX_BYTES, source.name) as body:
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
            return _ignored("a hub", "no such subscription is known")
        if (unread := websub.ignored_unread(headers)) is not None:
            return _ignored("a hub", unread.reason)
        async with self._bodies.read(request, websub.MAX_BYTES, "a hub") as body:
            return await run_in_threadpool(self._hear, token, body, headers)

    def _hear(self, token: str, body: bytes, headers: Mapping[str, str]) -> Response:
        name, subscription = self._rounds.subscriptions.of_token(token) or ("a hub", None)
        heard = websub.receive(subscription, body, headers)
        source = self._rounds.sources.get(name)
        if isinstance(heard, Ignored) or source is None or subscription is None:
            reason = heard.reason if isinstance(heard, Ignored) else "its source is not served"
            return _ignored(name, reason)
        answer = PlainTextResponse("noted\n", _CREATED_ELSEWHERE)
        try:
            if heard.believed:
                url = subscription.topic
                feed = read_feed(heard.body, url=url, content_type=heard.content_type)
                if self._rounds.store.row(source, self._rounds.now()).first_seen is not None:
                    self._rounds.receive(source, feed.entries).log_passed_over()
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


def _refused(name: str, status: int, reason: str) -> Response:
    _log.warning("%s: a message is refused (HTTP %d): %s", name, status, reason)
    return PlainTextResponse("refused\n", status)


def _ignored(name: str, reason: str) -> Response:
    """Answer like what is taken: a stranger learns nothing."""
    _log.warning("%s: a delivery is ignored: %s", name, reason)
    return PlainTextResponse("noted\n", _CREATED_ELSEWHERE)


def _not_now(_request: Request, error: Exception) -> Response:
    """Answer while the ledger cannot be asked; whoever calls tries again."""
    _log.error("a call cannot be answered: %s", error)
    return PlainTextResponse("try again later\n", _BUSY)
