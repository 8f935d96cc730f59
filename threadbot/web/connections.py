"""Connections that end by themselves, so that who says nothing keeps nobody else out.

Owns the time that each connection has, and who makes room where all places are taken. uvicorn's own
limit counts every open socket, also those that wait, without an end, for a request that never
comes. Reads no body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio


@dataclass(frozen=True, slots=True)
class Limits:
    """What strangers may take of the listener.

    Args:
        connections: open at the same time; beyond, who has waited longest goes.
        requests: answered at the same time; beyond, the body that is being read longest gives way,
            and where all are read, who comes is told to come again (HTTP 503).
        header_seconds: from the connection, or the last answer on it, to a whole header.
        body_seconds: from the header to the end of the body.
        request_seconds: from the header to the answer.
        body_bytes: what the parts of all bodies may come to that are beyond `small_bytes`.
        small_bytes: what each body may have in any case.
    """

    connections: int = 256
    requests: int = 64
    header_seconds: float = 10
    body_seconds: float = 10
    request_seconds: float = 60
    body_bytes: int = 32_000_000
    small_bytes: int = 65_536


#: What holds without anything else being said.
USUAL: Final = Limits()


def bounded(limits: Limits) -> type[asyncio.Protocol]:
    """Give what uvicorn is to speak on each connection."""
    return type("Bounded", (_Connection,), {"limits": limits})


class _Connection(H11Protocol):
    """HTTP as uvicorn speaks it, with a clock that always runs.

    While no request is under way, the connection waits: before the first, while the rest of a
    refused body is thrown away, and between two. What waits ends in time, or sooner where somebody
    else needs its place.
    """

    limits: ClassVar[Limits] = USUAL

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; where all places are taken, who waited longest goes."""
        super().connection_made(transport)
        self._clock: asyncio.TimerHandle | None = None
        self.waits_since: float | None = None
        self._wait()
        if len(self.connections) > self.limits.connections:
            self._oldest().give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._set_clock(None)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Go on with what came; a whole header begins a request."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.transport.is_closing():
            self.waits_since = None
            self._set_clock(self.limits.request_seconds)

    def on_response_complete(self) -> None:
        """Wait again; a request that is here already begins at once."""
        self._wait()
        super().on_response_complete()

    def give_up(self) -> None:
        """End the connection; its place is free at once."""
        self.connections.discard(self)
        self.transport.abort()

    def _wait(self) -> None:
        if not self.transport.is_closing():
            self.waits_since = self.loop.time()
            self._set_clock(self.limits.header_seconds)

    def _set_clock(self, seconds: float | None) -> None:
        if self._clock is not None:
            self._clock.cancel()
        self._clock = None if seconds is None else self.loop.call_later(seconds, self.give_up)

    def _oldest(self) -> _Connection:
        """Find who has waited longest."""
        found, earliest = self, self.loop.time()
        for one in self.connections:
            since = one.waits_since if isinstance(one, _Connection) else None
            if isinstance(one, _Connection) and since is not None and since < earliest:
                found, earliest = one, since
        return found
