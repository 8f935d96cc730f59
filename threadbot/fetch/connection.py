"""Connections that the guard has approved, and that end when time is up.

Owns the look-up of a host, the numeric address that is connected to, and the deadline of everything
that is read or written. Knows nothing of HTTP.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import httpcore2

from threadbot.errors import FetchError
from threadbot.fetch.addresses import is_public
from threadbot.fetch.settings import AllowedHost, normal_host

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable
    from typing import Any

#: Looks a host up within so many seconds and gives its numeric addresses; raises OSError, of which
#: TimeoutError is one, where it cannot.
Resolver: TypeAlias = Callable[[str, float], Sequence[str]]
#: A clock that never goes back, in seconds.
Clock: TypeAlias = Callable[[], float]

# What httpcore2 hands to a socket's setsockopt.
_SocketOption: TypeAlias = (
    "tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]"
)


def system_resolver(host: str, seconds: float) -> Sequence[str]:
    """Look a host up as this machine does.

    The system's own look-up cannot be interrupted, so it runs beside and is left behind in time.
    """
    found: list[str] = []
    failures: list[OSError] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            failures.append(error)
        except UnicodeError as error:
            # A label of the name is longer than any can be.
            failures.append(OSError(str(error)))
        else:
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    worker = threading.Thread(target=look_up, daemon=True, name=f"look-up of {host}")
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        message = f"the look-up of {host} takes too long"
        raise TimeoutError(message)
    if failures:
        raise failures[0]
    return found


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which a fetch is given up, however lively the server is.

    Args:
        clock: tells the time.
        moment: when, by that clock.
    """

    clock: Clock
    moment: float

    def left(self) -> float:
        """Give the seconds that are left.

        Raises:
            httpcore2.ReadTimeout: none is.
        """
        seconds = self.moment - self.clock()
        if seconds <= 0:
            message = "the time is up"
            raise httpcore2.ReadTimeout(message)
        return seconds


@dataclass(frozen=True, slots=True)
class Guard:
    """Says which addresses of a host may be connected to, and looks each host up once.

    Args:
        allow: hosts that need not be public.
        resolver: looks hosts up.
        deadline: when that must be done.
        listed: hosts that the configuration allows, though perhaps not to this fetch.
    """

    allow: Sequence[AllowedHost]
    resolver: Resolver
    deadline: Deadline
    listed: Sequence[AllowedHost] = ()
    _answers: dict[str, Sequence[str]] = field(default_factory=dict)

    def allows(self, host: str, port: int) -> bool:
        """Tell whether the configuration allows a host on a port, wherever it is."""
        name = normal_host(host)
        return any(allowed.covers(name, port) for allowed in self.allow)

    def after(self, host: str, port: int) -> Guard:
        """Give the guard of where a host leads: nowhere but to public ones, if it is public.

        Args:
            host: its name.
            port: the port.
        """
        return self if self.allows(host, port) else replace(self, allow=())

    def advice(self, host: str, port: int, what: str) -> str:
        """Say what to do about a host that this fetch may not go to.

        Args:
            host: its name.
            port: the port.
            what: what is to be listed.
        """
        name = normal_host(host)
        if any(allowed.covers(name, port) for allowed in self.listed):
            return (
                "'allow' in [fetch] holds for the hosts of sources and for addresses given by "
                "hand, not for what others lead to"
            )
        return f"if it is a server of yours, list {what} under 'allow' in [fetch]"

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Give the numeric addresses that may be connected to.

        A second question gets the first answer, so that a name server which changes its mind
        changes nothing.

        Raises:
            FetchError: there is none.
        """
        if (found := self._answers.get(host)) is None:
            found = self._answers[host] = self._look_up(host)
        if self.allows(host, port):
            return found
        public = [address for address in found if is_public(address)]
        if not public:
            advice = self.advice(host, port, "it")
            message = f"{host} is at {found[0]}, which is not a public address; {advice}"
            raise FetchError(message)
        return public

    def _look_up(self, host: str) -> Sequence[str]:
        try:
            found = self.resolver(host, self.deadline.left())
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(str(error)) from error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"the host {host} cannot be found ({reason}); check its name"
            raise FetchError(message) from error
        if not found:
            message = f"the host {host} has no address; check its name"
            raise FetchError(message)
        return found


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects to what the guard approves, by number, and to nothing else.

    Args:
        guard: says what.
        deadline: ends every connection.
    """

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline stands in its place
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            FetchError: none may be connected to.
            httpcore2.ConnectError: none answers.
        """
        addresses = self._guard.addresses(host, port)
        failure: Exception = httpcore2.ConnectError()
        for number, address in enumerate(addresses):
            # An address that swallows everything leaves the others their share of the time.
            share = self._deadline.left() / (len(addresses) - number)
            try:
                stream = self._sockets.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _LimitedStream(stream, self._deadline)
        raise failure


class _LimitedStream(httpcore2.NetworkStream):
    """A connection on which nothing lasts longer than the deadline allows."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _LimitedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore2's own
        return self._stream.get_extra_info(info)
