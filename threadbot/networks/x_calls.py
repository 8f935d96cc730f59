"""The calls of X's API that threadbot needs, through tweepy.

Owns routes, parameters and where in an answer what is; never decides what follows from a failure.
tweepy's client is not safe in several threads of execution, so each gets its own; its own methods
are passed by where they lack a field, or take an answer without data for success.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import tweepy

from threadbot.log import conceal, conceal_in_libraries
from threadbot.networks.x_timeline import FIELDS
from threadbot.networks.x_transport import Transport, guard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from requests import Response

    from threadbot.networks.x_settings import XSettings

Method: TypeAlias = Literal["GET", "POST", "DELETE"]

#: Posts in one page of a timeline, and pages that are read at most: far more than a thread.
PAGE: Final = 100
MAX_PAGES: Final = 5

_ID: Final = re.compile(r"[0-9]{1,19}")
# X's access tokens begin with the number of the account.
_TOKEN: Final = re.compile(r"([0-9]{1,19})-")
#: The loggers of the libraries that log what they send.
LIBRARIES: Final = (
    "tweepy.client",
    "tweepy.auth",
    "oauthlib",
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.signature",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "urllib3.connectionpool",
)


class AnswerError(ValueError):
    """An answer that looks like success lacks what it should hold."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """An account's own posts.

    Args:
        posts: as X gives them, the newest first.
        is_whole: whether these are all.
        clock: X's time (UTC), or None where it does not tell.
    """

    posts: Sequence[Mapping[str, Any]]
    is_whole: bool
    clock: datetime | None


@dataclass(frozen=True, slots=True)
class User:
    """Whose keys these are.

    Args:
        id: the account's number.
        handle: without `@`.
        may_write: whether the application may post; None where X does not tell.
        clock: X's time (UTC), or None where it does not tell.
    """

    id: str
    handle: str
    may_write: bool | None
    clock: datetime | None


class Calls:
    """X's API for one account.

    Args:
        settings: the account.
        connect: seconds until a connection must stand.
        read: seconds that may pass without a byte of an answer.
    """

    def __init__(self, settings: XSettings, connect: float, read: float) -> None:
        self._settings = settings
        self._timeouts = (connect, read)
        self._own = threading.local()
        self._clients: list[tweepy.Client] = []
        app, user = settings.app, settings.user
        for secret in (app.consumer_secret, user.access_token, user.access_token_secret):
            conceal(secret.reveal())
        conceal_in_libraries(LIBRARIES)

    def close(self) -> None:
        """Close all connections."""
        while self._clients:
            self._clients.pop().session.close()
        self._own = threading.local()

    def post(self, body: Mapping[str, Any]) -> str:
        """Write a post and give its number."""
        return _id(self._data("POST", "/2/tweets", json=body))

    def delete(self, number: str) -> None:
        """Delete a post."""
        if self._data("DELETE", f"/2/tweets/{number}").get("deleted") is not True:
            message = "X does not say that the post is deleted"
            raise AnswerError(message)

    def upload(self, picture: str) -> str:
        """Upload a picture in Base64 and give its number."""
        body = {"media": picture, "media_category": "tweet_image"}
        return _id(self._data("POST", "/2/media/upload", json=body))

    def describe(self, media: str, alt: str) -> None:
        """Give a picture its alternative text."""
        body = {"id": media, "metadata": {"alt_text": {"text": alt}}}
        self._data("POST", "/2/media/metadata", json=body)

    def timeline(self, since: datetime | None, after: str | None) -> Timeline:
        """Read the account's own posts.

        Args:
            since: none that is older (UTC).
            after: none before the post of that number, nor that one.
        """
        params: dict[str, str] = {
            "max_results": str(PAGE),
            "exclude": "retweets",
            "tweet.fields": FIELDS,
        }
        if after is not None:
            params["since_id"] = after
        elif since is not None:
            params["start_time"] = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        route = f"/2/users/{self.user_id()}/tweets"
        posts: list[Mapping[str, Any]] = []
        clock = None
        for _ in range(MAX_PAGES):
            response = self._call("GET", route, params=params)
            clock = clock or clock_of(response)
            body = _object(response)
            posts += body.get("data") or []
            token = (body.get("meta") or {}).get("next_token")
            if not token:
                return Timeline(posts, is_whole=True, clock=clock)
            params["pagination_token"] = token
        return Timeline(posts, is_whole=False, clock=clock)

    def read(self, number: str) -> Mapping[str, Any] | None:
        """Read a post, or give None where there is none."""
        params = {"ids": number, "tweet.fields": FIELDS}
        found = _object(self._call("GET", "/2/tweets", params=params)).get("data") or []
        return found[0] if found else None

    def user(self) -> User:
        """Ask whose keys these are."""
        response = self._call("GET", "/2/users/me")
        data = _object(response).get("data") or {}
        level = response.headers.get("x-access-level")
        return User(
            id=_id(data),
            handle=str(data.get("username", "")),
            may_write=None if level is None else "write" in level,
            clock=clock_of(response),
        )

    def user_id(self) -> str:
        """Give the account's number, without a call where the token tells it."""
        told = _TOKEN.match(self._settings.user.access_token.reveal())
        return told[1] if told else self.user().id

    def _data(self, method: Method, route: str, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 - tweepy's own
        data = _object(self._call(method, route, **more)).get("data")
        if not isinstance(data, dict):
            message = "X's answer has no data"
            raise AnswerError(message)
        return data

    def _call(self, method: Method, route: str, **more: Any) -> Response:  # noqa: ANN401 - tweepy's own
        answer: Response = self._client().request(method, route, user_auth=True, **more)
        return answer

    def _client(self) -> tweepy.Client:
        client: tweepy.Client | None = getattr(self._own, "client", None)
        if client is None:
            app, user = self._settings.app, self._settings.user
            client = tweepy.Client(
                consumer_key=app.consumer_key.reveal(),
                consumer_secret=app.consumer_secret.reveal(),
                access_token=user.access_token.reveal(),
                access_token_secret=user.access_token_secret.reveal(),
            )
            guard(client.session, Transport(self._settings.api, *self._timeouts))
            self._own.client = client
            self._clients.append(client)
        return client


def _object(response: Response) -> dict[str, Any]:
    body = response.json()
    if not isinstance(body, dict):
        message = "X's answer is no object"
        raise AnswerError(message)
    return body


def _id(data: Mapping[str, Any]) -> str:
    number = str(data.get("id", ""))
    if _ID.fullmatch(number) is None:
        message = "X's answer has no number"
        raise AnswerError(message)
    return number


def clock_of(response: Response) -> datetime | None:
    """Give the server's time (UTC) as its answer tells it, or None."""
    try:
        return parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        return None
