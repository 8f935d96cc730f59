"""How requests reach X: with timeouts, without redirects, and with the knowledge whether one left.

Owns the session that tweepy and the sign-in use; never knows what a request says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3 import ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ProxyError

from threadbot.networks.x_settings import DEFAULT_API

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

#: Seconds for a connection with TLS, and for each wait for bytes of the answer.
CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 30.0


class NotConnectedError(NewConnectionError):
    """No connection was made, so that nothing of the request can have left."""


class _Plain(HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise NotConnectedError(self, str(error)) from error


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        # The hand-shake of TLS, and that with a proxy, belong to it.
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise NotConnectedError(self, str(error)) from error


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS: Final = {"http": _PlainPool, "https": _SecurePool}


class Transport(HTTPAdapter):
    """Carries the requests of a session that are meant for `DEFAULT_API`.

    Args:
        api: where they go instead; they stay signed for `DEFAULT_API`.
        connect: seconds until a connection must stand.
        read: seconds that may pass without a byte of the answer.
    """

    def __init__(
        self, api: str = DEFAULT_API, connect: float = CONNECT_SECONDS, read: float = READ_SECONDS
    ) -> None:
        self._api = api
        self._timeout = (connect, read)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on as they come
        """Make connections that tell whether they were made; see `HTTPAdapter`."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> ProxyManager:  # noqa: ANN401 - handed on as they come
        """Make connections through a proxy that tell whether they were made."""
        manager: ProxyManager = super().proxy_manager_for(*args, **kwargs)
        # Those of SOCKS are made in another way, and leave it open whether a request left.
        if type(manager) is ProxyManager:
            manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - handed on as they come
        """Send a request; see `HTTPAdapter`."""
        if request.url is not None:
            request.url = self._api + request.url.removeprefix(DEFAULT_API)
        kwargs["timeout"] = self._timeout
        return super().send(request, *args, **kwargs)


def guard(session: Session, transport: Transport) -> None:
    """Let a session use a transport, and follow no redirect.

    A redirected POST becomes a GET (requests 2.34), and its answer looks like success.

    Args:
        session: of tweepy, or of a sign-in.
        transport: what carries its requests.
    """
    session.mount(DEFAULT_API, transport)
    session.max_redirects = 0


def never_left(failure: Exception) -> bool:
    """Tell whether no connection was made, so that X cannot have seen the request."""
    reason = failure.args[0] if isinstance(failure, RequestException) and failure.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    if isinstance(reason, ProxyError):
        reason = reason.original_error
    return isinstance(reason, NotConnectedError)
