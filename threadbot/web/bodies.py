"""Bodies of messages, read with bounds.

Owns how many messages are heard at the same time, how large a body may be, how long it may take,
how much of all bodies is held, and who gives way where there is no room for more. Never looks into
one, nor at who sends it: behind a proxy all come from one address.
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
_NO_ROOM: Final = "too much is being sent at the same time"

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Reading:
    """A body that is being read.

    Args:
        clock: ends it in time.
        held: what it takes of what all bodies may have, in bytes.
        gives_way: whether somebody else has its place.
    """

    clock: asyncio.Timeout
    held: int = 0
    gives_way: bool = False


class Crowd:
    """Lets only so many be heard at the same time; for one event loop.

    Args:
        app: answers those that are let in.
        most: how many.
        bodies: one of them gives way to who comes beyond that.
    """

    def __init__(self, app: ASGIApp, most: int, bodies: Bodies) -> None:
        self._app = app
        self._most = most
        self._bodies = bodies
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hear one more, or tell it to come again."""
        if self._inside >= self._most and not self._bodies.make_room():
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

    Where there is no room for one more, the one that is being read longest gives way: a sender
    whose message is genuine has it ready, and strangers who send theirs bit by bit could else keep
    everybody out.

    Args:
        limits: what strangers may take.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0
        # In the order in which they began.
        self._readings: dict[_Reading, None] = {}

    def make_room(self) -> bool:
        """Give up the body that is being read longest; tells whether there was one."""
        return self._give_up(next(iter(self._readings), None))

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
        reading = _Reading(asyncio.timeout(self._limits.body_seconds))
        try:
            yield await self._whole(request, most, who, reading)
        finally:
            self._held -= reading.held

    async def _whole(self, request: Request, most: int, who: str, reading: _Reading) -> bytes:
        if _announced(request) > most:
            _refuse(who, _TOO_LARGE, f"larger than {most:,} bytes")
        pieces: list[bytes] = []
        size = 0
        try:
            async with reading.clock:
                self._readings[reading] = None
                async for piece in request.stream():
                    pieces.append(piece)
                    size += len(piece)
                    if size > most:
                        _refuse(who, _TOO_LARGE, f"larger than {most:,} bytes")
                    self._take(reading, size, who)
        except TimeoutError:
            if reading.gives_way:
                _refuse(who, _BUSY, _NO_ROOM)
            _refuse(who, _TOO_SLOW, f"not here after {self._limits.body_seconds:g} seconds")
        except ClientDisconnect:
            _refuse(who, _BROKEN_OFF, "its sender broke off")
        finally:
            self._readings.pop(reading, None)
        return b"".join(pieces)

    def _take(self, reading: _Reading, size: int, who: str) -> None:
        """Take room for a body that has grown; who holds some for longest gives way."""
        more = max(0, size - self._limits.small_bytes) - reading.held
        while not reading.gives_way and self._held + more > self._limits.body_bytes:
            holders = (one for one in self._readings if one.held and one is not reading)
            if not self._give_up(next(holders, None)):
                break
        if reading.gives_way or self._held + more > self._limits.body_bytes:
            _refuse(who, _BUSY, _NO_ROOM)
        reading.held += more
        self._held += more

    def _give_up(self, reading: _Reading | None) -> bool:
        if reading is None:
            return False
        del self._readings[reading]
        self._held -= reading.held
        reading.held, reading.gives_way = 0, True
        if not reading.clock.expired():
            reading.clock.reschedule(asyncio.get_running_loop().time())
        return True


def _announced(request: Request) -> int:
    """Say how large a body says that it is; 0 where it does not."""
    length = request.headers.get("content-length", "")
    return int(length[:12]) if length.isascii() and length.isdecimal() else 0


def _refuse(who: str, status: int, reason: str) -> NoReturn:
    _log.warning("%s: a message is refused (HTTP %d): %s", who, status, reason)
    again = {"Retry-After": str(_AGAIN)} if status == _BUSY else None
    raise HTTPException(status, "refused\n", again)
