"""Keeps an account signed in: one sign-in is used until the server wants another.

Owns the session, its storing and its renewal, and the HTTP connections of an account; never says
what a failed call means for a thread. A server lets an account sign in 30 times in 5 minutes and
300 times a day, so a run begins with the session that the last one left.
"""

from __future__ import annotations

import json
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import httpx
from atproto import Client, Request, Session, models
from atproto.exceptions import RequestErrorBase
from atproto_client.client.session import get_session_pds_endpoint

from threadbot.networks.bluesky_answers import FAILURES, after_sign_in, is_token_refused
from threadbot.networks.port import Held

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from threadbot.networks.bluesky_settings import BlueskySettings
    from threadbot.networks.port import RetryAt
    from threadbot.networks.supplies import SessionStore

Answer = TypeVar("Answer")
#: The SDK's client, which is not annotated.
SdkClient: TypeAlias = Any
SdkSession: TypeAlias = Any
SdkAnswer: TypeAlias = Any

#: Seconds to wait for a connection; a server that is there takes it at once.
_CONNECT_SECONDS: Final = 10.0
#: The SDK would look at this machine's clock and renew by itself, where nobody can tell a failed
#: renewal from a failed write; with this it leaves that to us.
NO_RENEWAL: Final = {"ignore_session_check": True}


class SignInError(Exception):
    """There is no session, and none can be had now.

    Args:
        outcome: what that means; nothing has been posted.
    """

    def __init__(self, outcome: Held | RetryAt) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class Connection:
    """An account's connections to its server.

    Args:
        settings: the account.
        store: keeps the session between runs.
        clock: gives the time (UTC).
        seconds: how long to wait for an answer.
        transport: carries the requests; None takes the network.
    """

    def __init__(
        self,
        settings: BlueskySettings,
        store: SessionStore,
        clock: Callable[[], datetime],
        seconds: float,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
        hooks = {"response": [_refuse_redirect]}
        self._requests = [
            Request(timeout=timeout, transport=transport, event_hooks=hooks) for _ in range(3)
        ]
        self._client, self._anonymous, self._reader = (
            Client(settings.pds, request=request) for request in self._requests
        )
        self._session: SdkSession = None
        self._lock = Lock()

    def close(self) -> None:
        """Close all connections."""
        for request in self._requests:
            request.close()

    @property
    def anonymous(self) -> SdkClient:
        """A client of the account's server that is not signed in."""
        return self._anonymous

    def reader(self, pds: str) -> SdkClient:
        """Give a client for what everybody may read.

        Args:
            pds: the server to ask.
        """
        self._reader.update_base_url(pds)
        return self._reader

    def session(self) -> SdkSession:
        """Give the session: the one in use, else the stored one, else that of a sign-in.

        Raises:
            SignInError: there is none.
        """
        with self._lock:
            if self._session is None:
                self._use(self._stored() or self._signed_in())
            return self._session

    def call(self, ask: Callable[[SdkClient], Answer]) -> Answer:
        """Call the server as the account, with a new token where it wants one.

        Args:
            ask: makes the call; it is made again only where the server refused its token.

        Raises:
            SignInError: there is no session, so that nothing was done.
            Exception: whatever the call raises, one of `bluesky_answers.FAILURES`.
        """
        for renew in (self._refreshed, self._signed_in):
            session = self.session()
            try:
                return ask(self._client)
            except RequestErrorBase as failure:
                if not is_token_refused(failure):
                    raise
            with self._lock:
                if self._session is session:  # Nobody else renewed it meanwhile.
                    self._use(renew())
        return ask(self._client)

    def stored_did(self) -> str | None:
        """Give the identity of the stored session, if there is one."""
        session = self._stored()
        return None if session is None else str(session.did)

    def try_password(self) -> SdkAnswer:
        """Sign in with the app password, and out again.

        The session in use, and the stored one, stay what they are.

        Returns:
            What the server tells of the account: `did`, `active`, `status`.

        Raises:
            SignInError: the server does not let the account in.
        """
        answer = self._accepted()
        # Where the server does not end it, it ends by itself.
        with suppress(*FAILURES):
            self._anonymous.com.atproto.server.delete_session(
                headers=_bearing(answer.refresh_jwt), **NO_RENEWAL
            )
        return answer

    def _refreshed(self) -> SdkSession:
        """Give a session with new tokens; another process may have fetched them already."""
        current = self._session
        stored = self._stored()
        if stored is not None and stored.export() != current.export():
            return stored
        try:
            answer = self._client.com.atproto.server.refresh_session(
                headers=_bearing(current.refresh_jwt), **NO_RENEWAL
            )
        except FAILURES as failure:
            outcome = self._meaning(failure)
            if isinstance(outcome, Held) and outcome.kind == "credentials":
                return self._signed_in()
            raise SignInError(outcome) from failure
        return self._session_of(answer)

    def _signed_in(self) -> SdkSession:
        try:
            return self._session_of(self._accepted())
        except SignInError as error:
            if isinstance(error.outcome, Held):
                self._store.save_session(self._settings.account, None)
            raise

    def _accepted(self) -> SdkAnswer:
        """Sign in with the app password; the answer is neither kept nor used here."""
        asked = models.ComAtprotoServerCreateSession.Data(
            identifier=self._settings.handle, password=self._settings.app_password.reveal()
        )
        try:
            return self._anonymous.com.atproto.server.create_session(asked, **NO_RENEWAL)
        except FAILURES as failure:
            # The failure is not chained: what it holds may tell of the request.
            raise SignInError(self._meaning(failure)) from None

    def _meaning(self, failure: Exception) -> Held | RetryAt:
        return after_sign_in(failure, self._settings.handle, self._settings.pds, self._clock())

    def _session_of(self, answer: SdkSession) -> SdkSession:
        """Make a session of what the server gave, and keep it for the next run."""
        session = Session(
            handle=answer.handle,
            did=answer.did,
            access_jwt=answer.access_jwt,
            refresh_jwt=answer.refresh_jwt,
            pds_endpoint=get_session_pds_endpoint(answer) or self._settings.pds,
        )
        kept = {
            "handle": self._settings.handle,
            "pds": self._settings.pds,
            "session": session.export(),
        }
        self._store.save_session(self._settings.account, json.dumps(kept))
        return session

    def _use(self, session: SdkSession) -> None:
        self._session = session
        self._client.login(session_string=session.export(), fetch_bsky_profile=False)

    def _stored(self) -> SdkSession | None:
        """Read the stored session, unless it is another account's or cannot be read."""
        text = self._store.load_session(self._settings.account)
        if text is None:
            return None
        try:
            kept = json.loads(text)
            ours = (kept["handle"], kept["pds"]) == (self._settings.handle, self._settings.pds)
            return Session.decode(kept["session"]) if ours else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _refuse_redirect(response: httpx.Response) -> None:
    """Stop at an answer that points elsewhere.

    The SDK would follow it: with the password, or from a write to a page that answers 200.

    Raises:
        httpx.RemoteProtocolError: the answer is a redirect.
    """
    if response.is_redirect:
        message = f"redirected to {response.headers['location']}"
        raise httpx.RemoteProtocolError(message, request=response.request)
