"""What the simulator speaks of: accounts, posts, media, requests, answers, complaints.

Owns the values and the names of the routes; never decides anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Route: TypeAlias = Literal[
    "POST /2/tweets",
    "DELETE /2/tweets/:id",
    "GET /2/tweets",
    "GET /2/tweets/:id",
    "GET /2/users/me",
    "GET /2/users/:id/tweets",
    "POST /2/media/upload",
    "POST /2/media/metadata",
    "POST /oauth/request_token",
    "GET /oauth/authorize",
    "POST /oauth/access_token",
    "/moved",
    "unknown",
]
CREATE: Final[Route] = "POST /2/tweets"
DELETE: Final[Route] = "DELETE /2/tweets/:id"
LOOKUP: Final[Route] = "GET /2/tweets"
LOOKUP_ONE: Final[Route] = "GET /2/tweets/:id"
ME: Final[Route] = "GET /2/users/me"
TIMELINE: Final[Route] = "GET /2/users/:id/tweets"
UPLOAD: Final[Route] = "POST /2/media/upload"
METADATA: Final[Route] = "POST /2/media/metadata"
BEGIN_SIGN_IN: Final[Route] = "POST /oauth/request_token"
AUTHORIZE: Final[Route] = "GET /oauth/authorize"
FINISH_SIGN_IN: Final[Route] = "POST /oauth/access_token"
#: Where a redirect leads: whoever follows it takes the answer for success.
MOVED: Final[Route] = "/moved"
UNKNOWN: Final[Route] = "unknown"

#: Who found something to complain about.
Judge: TypeAlias = Literal["openapi", "oauth", "length", "simulator"]

#: What becomes of an answer: sent, the connection closed before or amid it, or silence.
Fate: TypeAlias = Literal["send", "drop", "cut", "stall"]


@dataclass(frozen=True, slots=True)
class XAccount:
    """An account and its credentials for the simulator's one app.

    Args:
        consumer_key: the app's.
        consumer_secret: the app's.
        access_token: the user's, which begins with the user's id, as X's do.
        access_token_secret: the user's.
        user_id: digits.
        handle: without `@`.
    """

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str
    user_id: str
    handle: str


@dataclass(frozen=True, slots=True)
class Media:
    """A picture that was uploaded.

    Args:
        id: digits.
        owner: the user's id.
        content: its bytes.
        category: as uploaded.
        image: type, width and height, as X gives them back.
        expires: until when it can be attached.
        alt_text: its description.
    """

    id: str
    owner: str
    content: bytes
    category: str
    image: Mapping[str, Any]
    expires: datetime
    alt_text: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it is stored.

    Args:
        id: digits, grows with time.
        author: the user's id.
        text: as it was written.
        shown: as X gives it back.
        entities: of what is shown, as X gives them back.
        created_at: when it was stored.
        visible_at: from when on reads show it.
        conversation_id: the first post's of the thread.
        parent: the post that it replies to.
        quoted: the post that it quotes.
        media: the ids of its pictures.
        body: the whole request.
        deleted: whether it was deleted since.
    """

    id: str
    author: str
    text: str
    shown: str
    entities: Mapping[str, Any]
    created_at: datetime
    visible_at: datetime
    conversation_id: str
    parent: str | None
    quoted: str | None
    media: tuple[str, ...]
    body: Mapping[str, Any]
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request that reached the simulator.

    Args:
        method: in capitals.
        path: without its query.
        query: as it was sent.
        params: the query, by name.
        headers: by name, in small letters.
        raw: the body's bytes.
        body: read as JSON or as a form, else None.
        route: which of the routes.
        when: by the simulator's clock.
    """

    method: str
    path: str
    query: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    body: Any
    route: Route
    when: datetime

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def content_type(self) -> str:
        """The media type that the body claims to have, with its parameters."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the simulator answers.

    Args:
        status: of HTTP.
        body: its bytes.
        content_type: what the body claims to be.
        headers: further ones.
        fate: what becomes of it on its way.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    fate: Fate = "send"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a judge holds against a request.

    Args:
        judge: who.
        route: of which route.
        message: what.
    """

    judge: Judge
    route: Route
    message: str


class RefusedError(Exception):
    """A request cannot be answered as it wished.

    Args:
        answer: what X says instead.
        complaint: what a judge held against it, if one did.
    """

    def __init__(self, answer: Answer, complaint: Complaint | None = None) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer
        self.complaint = complaint


def json_answer(status: int, value: Any, **headers: str) -> Answer:
    """Answer with JSON.

    Args:
        status: of HTTP.
        value: the body.
        headers: by name, `_` for `-`.
    """
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), headers=named)
