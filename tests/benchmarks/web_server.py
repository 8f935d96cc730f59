"""A web server for benchmarks: one process and one thread, so that it takes little from the rest.

Owns HTTP. It says where it listens in a line on standard output, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Args:
        method: of HTTP.
        path: with its query.
        headers: by name in lower case.
        body: as it came.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What is answered.

    Args:
        status: code and phrase.
        body: what is sent.
        headers: more of them.
    """

    status: str = "200 OK"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def written(self) -> bytes:
        """Write it as HTTP has it."""
        lines = (("Content-Length", str(len(self.body))), *self.headers)
        head = "".join(f"{name}: {value}\r\n" for name, value in lines)
        return f"HTTP/1.1 {self.status}\r\n{head}\r\n".encode() + self.body


Answer: TypeAlias = Callable[[Asked], Awaitable[Told]]


def serve(answer: Answer) -> None:
    """Serve until nobody wants it any more."""
    asyncio.run(_serve(answer))


async def _serve(answer: Answer) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while (asked := await _read(reader)) is not None:
                writer.write((await answer(asked)).written())
                await writer.drain()
                if asked.headers.get("connection") == "close":
                    break
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=1_000)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), ended.set)
    await ended.wait()
    # Clients keep connections open; nothing is to be waited for.
    os._exit(0)


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").splitlines()
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, path, headers, body)
