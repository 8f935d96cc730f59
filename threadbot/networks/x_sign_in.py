"""The PIN flow, by which X gives an application the tokens of an account (OAuth 1.0a).

Owns its two calls; never keeps a token. They are made with the library that tweepy itself stands
on, as tweepy's own handler makes a new session for the second call, without timeouts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requests.exceptions import RequestException
from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenMissing, TokenRequestDenied

from threadbot.errors import InputError
from threadbot.log import conceal, conceal_in_libraries
from threadbot.networks.secret import Secret
from threadbot.networks.x_calls import LIBRARIES
from threadbot.networks.x_settings import DEFAULT_API, UserTokens
from threadbot.networks.x_transport import CONNECT_SECONDS, READ_SECONDS, Transport, guard

if TYPE_CHECKING:
    from threadbot.networks.x_settings import AppKeys

_REQUEST_TOKEN = f"{DEFAULT_API}/oauth/request_token"
_AUTHORIZE = f"{DEFAULT_API}/oauth/authorize"
_ACCESS_TOKEN = f"{DEFAULT_API}/oauth/access_token"


class SignInError(InputError):
    """X gives no tokens."""


class SignIn:
    """One run of the flow.

    Args:
        app: the application.
        api: the address of X's API.
        connect: seconds until a connection must stand.
        read: seconds that may pass without a byte of an answer.
    """

    def __init__(
        self,
        app: AppKeys,
        api: str = DEFAULT_API,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
    ) -> None:
        self._app = app
        self._api = api
        self._timeouts = (connect, read)
        self._token: dict[str, str] = {}
        conceal_in_libraries(LIBRARIES)

    def address(self) -> str:
        """Give the page on which a person lets the application post, and gets a PIN.

        Raises:
            SignInError: X does not know the application, or does not answer.
        """
        with self._session(callback_uri="oob") as session:
            try:
                self._token = session.fetch_request_token(_REQUEST_TOKEN)
            except (TokenRequestDenied, TokenMissing) as error:
                message = (
                    "X does not accept the API key; check 'api_key' and 'api_key_secret', and this "
                    "machine's clock"
                )
                raise SignInError(message) from error
            except (RequestException, ValueError) as error:
                raise SignInError(_unreached()) from error
            return str(session.authorization_url(_AUTHORIZE)).replace(DEFAULT_API, self._page())

    def tokens(self, pin: str) -> tuple[UserTokens, str]:
        """Exchange the PIN for the account's tokens.

        Args:
            pin: what the page shows.

        Returns:
            The tokens, and the handle of the account without `@`.

        Raises:
            SignInError: the PIN is not the one, or X does not answer.
        """
        with self._session(
            resource_owner_key=self._token["oauth_token"],
            resource_owner_secret=self._token["oauth_token_secret"],
            verifier=pin,
        ) as session:
            try:
                given = session.fetch_access_token(_ACCESS_TOKEN)
                handle = str(given["screen_name"])
                pair = (str(given["oauth_token"]), str(given["oauth_token_secret"]))
            except (TokenRequestDenied, TokenMissing, KeyError) as error:
                message = "X does not accept the PIN; run `threadbot auth x` again for a new one"
                raise SignInError(message) from error
            except (RequestException, ValueError) as error:
                raise SignInError(_unreached()) from error
        for token in pair:
            conceal(token)
        return UserTokens(*(Secret(token) for token in pair)), handle

    def _session(self, **more: Any) -> OAuth1Session:  # noqa: ANN401 - the library's own
        session = OAuth1Session(
            self._app.consumer_key.reveal(),
            client_secret=self._app.consumer_secret.reveal(),
            **more,
        )
        guard(session, Transport(self._api, *self._timeouts))
        return session

    def _page(self) -> str:
        return "https://api.x.com" if self._api == DEFAULT_API else self._api


def _unreached() -> str:
    return "X cannot be reached, or its answer cannot be understood; try again later"
