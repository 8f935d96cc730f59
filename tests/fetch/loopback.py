"""A server on this machine that answers as it is told, well or badly.

Owns nothing of what a test means; each path is one way of answering.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import ssl

#: Answers on a connection whose request has been read.
Answer: TypeAlias = Callable[[socket.socket], None]

_PATIENCE = 10.0


class LoopbackServer:
    """A server that answers each connection once.

    Args:
        answers: by path, without its query.
        tls: what it speaks TLS with, or None.
    """

    def __init__(self, answers: Mapping[str, Answer], tls: ssl.SSLContext | None = None) -> None:
        self._answers = answers
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        #: The head of each request, in order.
        self.requests: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        # Closing alone does not wake up the thread that waits for one.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        # Clients break off; that is what many tests are about.
        with connection, suppress(OSError):
            if self._tls is None:
                self._answer(connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as secured:
                    self._answer(secured)

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            received = connection.recv(1)
            if not received:
                return
            head += received
        self.requests.append(head.decode("ascii"))
        path = self.requests[-1].split(" ")[1].partition("?")[0]
        self._answers[path](connection)
        connection.shutdown(socket.SHUT_RDWR)


#: Starts a server.
Serve: TypeAlias = Callable[[Mapping[str, Answer]], LoopbackServer]


def response(body: bytes = b"", status: str = "200 OK", **headers: str) -> Answer:
    """Answer with these bytes, then close.

    Args:
        body: as it is sent.
        status: code and phrase.
        headers: by name, `_` for `-`; Content-Length is right unless it is among them.
    """
    lines = {"Content-Length": str(len(body)), "Content-Type": "text/plain"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return raw(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)


def redirect(location: str, status: str = "302 Found") -> Answer:
    """Answer with a redirect."""
    return response(status=status, Location=location)


def raw(data: bytes) -> Answer:
    """Send these bytes and nothing else."""
    return lambda connection: connection.sendall(data)


def endless(first: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    """Send a beginning, and then the same piece until nobody listens any more.

    Args:
        first: what is sent once.
        piece: what is repeated.
        pause: seconds between two pieces.
    """
    waiting = threading.Event()

    def answer(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            waiting.wait(pause)

    return answer


def silent(connection: socket.socket) -> None:
    """Read the request and say nothing."""
    connection.recv(1)
