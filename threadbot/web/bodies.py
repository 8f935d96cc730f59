"""Bodies of messages, read with bounds.

Owns how many messages are heard at the same time, how large a body may be, how long it may take,
and how much of all bodies is held. Never looks into one.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from threadbot.web.connections import Limits

_BROKEN_OFF: Final = 400
_TOO_SLOW: Final = 408
_TOO_LARGE: Final = 413
_BUSY: Final = 503
#: Seconds after which somebody may come again for whom there is no room.
_AGAIN: Final = 10

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Share:
    """What one body takes of what all may have.

    Args:
        held: in bytes.
    """

    held: int = 0


class Crowd:
    """Lets only so many be heard at the same time; for one event loop.

    Args:
        app: answers those that are let in.
        most: how many.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hear one more, or tell it to come again."""
        if self._inside >= self._most:
            _log.warning("a call is refused (HTTP %d): too many at the same time", _BUSY)
            again = {"Retry-After": str(_AGAIN)}
            answer = PlainTextResponse("try again later\n", _BUSY, again)
            await answer(scope, receive, send)
            return
        self._inside += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1


class Bodies:
    """Reads bodies, for one event loop.

    Args:
        limits: what strangers may take.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0

    @asynccontextmanager
    async def read(self, request: Request, most: int, who: str) -> AsyncIterator[bytes]:
        """Read a body, and hold it while the block lasts.

        Args:
            request: whose body it is.
            most: the bytes that it may have.
            who: whom it is for, for the log.

        Raises:
            HTTPException: it is too large or too slow, or there is no room for it now.
        """
        share = _Share()
        try:
            yield await self._whole(request, most, who, share)
        finally:
            self._held -= share.held

    async def _whole(self, request: Request, most: int, who: str, share: _Share) -> bytes:
        if _announced(request) > most:
            _refuse(who, _TOO_LARGE, f"larger than {most:,} bytes")
        pieces: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                async for piece in request.stream():
                    pieces.append(piece)
                    size += len(piece)
                    if size > most:
                        _refuse(who, _TOO_LARGE, f"larger than {most:,} bytes")
                    self._take(share, size, who)
        except TimeoutError:
            _refuse(who, _TOO_SLOW, f"not here after {self._limits.body_seconds:g} seconds")
        except ClientDisconnect:
            _refuse(who, _BROKEN_OFF, "its sender broke off")
        return b"".join(pieces)

    def _take(self, share: _Share, size: int, who: str) -> None:
        more = max(0, size - self._limits.small_bytes) - share.held
        if self._held + more > self._limits.body_bytes:
            _refuse(who, _BUSY, "too much is being sent at the same time")
        share.held += more
        self._held += more


def _announced(request: Request) -> int:
    """Say how large a body says that it is; 0 where it does not."""
    length = request.headers.get("content-length", "")
    return int(length[:12]) if length.isascii() and length.isdecimal() else 0


def _refuse(who: str, status: int, reason: str) -> NoReturn:
    _log.warning("%s: a message is refused (HTTP %d): %s", who, status, reason)
    again = {"Retry-After": str(_AGAIN)} if status == _BUSY else None
    raise HTTPException(status, "refused\n", again)
