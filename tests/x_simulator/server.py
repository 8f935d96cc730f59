"""The HTTP side of the simulator: reads requests, sends answers, drops and stalls connections.

Owns sockets and threads; never knows what a request means.
"""

from __future__ import annotations

import http.client
import select
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from x_simulator.model import Answer

    #: From method, target, headers and body to the answer.
    Serve: TypeAlias = Callable[[str, str, dict[str, str], bytes], Answer]

_LOOK_EVERY: Final = 0.02


class HttpServer(ThreadingHTTPServer):
    """A server on loopback, one thread a connection; close it after use.

    Args:
        serve: answers requests.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        """Take no more connections, and end those that are open."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        for connection in list(self._open):
            # Clients keep connections open; their threads wait for requests that never come.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember an open connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ends."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that break off: that is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Small answers must not wait for more to send.
    disable_nagle_algorithm = True
    server: HttpServer

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            # The client ended while it was still sending: nothing has arrived.
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.serve(self.command, self.path, headers, body)
        if answer.fate == "stall":
            self._wait_for_the_end()
        if answer.fate in {"stall", "drop"}:
            self.close_connection = True
            return
        data = _as_bytes(answer)
        if answer.fate == "cut":
            data = data[:-10]
            self.close_connection = True
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the library's names

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def _wait_for_the_end(self) -> None:
        while not self.server.closing.is_set():
            readable, _, _ = select.select([self.connection], [], [], _LOOK_EVERY)
            # What can be read of a client that waits for an answer is that it has gone.
            if readable:
                return


def _as_bytes(answer: Answer) -> bytes:
    phrase = http.client.responses.get(answer.status, "Unknown")
    lines = {
        "content-type": answer.content_type,
        "content-length": str(len(answer.body)),
        **answer.headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {answer.status} {phrase}\r\n{head}\r\n".encode() + answer.body
