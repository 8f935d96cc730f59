"""Who is calling: oauthlib verifies each signature, and walks a user through the PIN flow.

Owns tokens and PINs; never verifies anything itself. Signatures are verified for the address that
requests are signed for, timestamps against the wall's clock.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from oauthlib.oauth1 import (
    AccessTokenEndpoint,
    RequestTokenEndpoint,
    RequestValidator,
    ResourceEndpoint,
)

from x_simulator import problems
from x_simulator.model import FINISH_SIGN_IN, Answer, Complaint, RefusedError

if TYPE_CHECKING:
    from x_simulator.model import Request, XAccount
    from x_simulator.records import Records
    from x_simulator.settings import Settings

_NOBODY: Final = "n" * 25


@dataclass(slots=True)
class _Pending:
    secret: str
    pin: str | None = None
    account: XAccount | None = None


class SignIn:
    """The judge of signatures, and the PIN flow.

    Args:
        records: the accounts.
        settings: what requests are signed for.
    """

    def __init__(self, records: Records, settings: Settings) -> None:
        self._records = records
        self._settings = settings
        self._pending: dict[str, _Pending] = {}
        validator = _Validator(records, self._pending)
        self._resource = ResourceEndpoint(validator)
        self._request_token = RequestTokenEndpoint(validator)
        self._access_token = AccessTokenEndpoint(validator)

    def judge(self, request: Request) -> tuple[XAccount | None, str | None]:
        """Find out who signed a request.

        Returns:
            The account, or None; and what is wrong with the signature, or None. A token that is
            not or no longer good is nothing that a signature can help.
        """
        valid, read = self._resource.validate_protected_resource_request(
            *self._signed(request), realms=[]
        )
        if valid:
            return self._records.by_token[read.resource_owner_key], None
        checks: dict[str, bool] = {} if read is None else read.validator_log
        if checks.get("nonce") is False:
            return None, "the nonce was used before"
        if not checks:
            return None, "no OAuth 1 header that can be read, or a time that is off by 10 minutes"
        if checks["client"] and checks["resource_owner"] and not checks["signature"]:
            return None, f"the signature is wrong for {self._settings.signed_for}{request.target}"
        return None, None

    def give_token(self, request: Request) -> Answer:
        """Answer a request of the PIN flow."""
        if request.route == FINISH_SIGN_IN:
            endpoint = self._access_token.create_access_token_response
        else:
            endpoint = self._request_token.create_request_token_response
        headers, body, status = endpoint(*self._signed(request))
        if status != 200:
            said = body or "a signature, a token or a PIN that is wrong"
            # A wrong PIN is the user's fault, anything else that is refused is the program's.
            wrong_pin = request.route == FINISH_SIGN_IN and status == 401
            complaint = None if wrong_pin else Complaint("oauth", request.route, said)
            raise RefusedError(problems.unauthorized(), complaint)
        return Answer(status, body.encode(), headers["Content-Type"])

    def authorize(self, address: str, account: XAccount) -> str:
        """Do what a user does in a browser: allow the app, and read the PIN.

        Args:
            address: what the user was told to visit.
            account: the user.

        Returns:
            The PIN.

        Raises:
            LookupError: no such request was made.
        """
        token = parse_qs(urlsplit(address).query)["oauth_token"][0]
        pending = self._pending[token]
        pending.account = account
        pending.pin = f"{secrets.randbelow(10**7):07}"
        return pending.pin

    def _signed(self, request: Request) -> tuple[str, str, str, dict[str, str]]:
        address = self._settings.signed_for + request.target
        names = {"authorization": "Authorization", "content-type": "Content-Type"}
        headers = {
            name: request.headers[key] for key, name in names.items() if key in request.headers
        }
        is_form = "urlencoded" in request.content_type
        return address, request.method, request.raw.decode() if is_form else "", headers


class _Validator(RequestValidator):
    """What oauthlib asks about clients, tokens and PINs."""

    safe_characters = set(map(chr, range(33, 127)))  # noqa: RUF012 - the library wants a set
    client_key_length = request_token_length = (1, 64)
    access_token_length = nonce_length = (1, 100)
    verifier_length = (7, 7)
    # X takes HMAC-SHA1 alone.
    allowed_signature_methods = ("HMAC-SHA1",)
    enforce_ssl = False
    dummy_client = dummy_request_token = dummy_access_token = _NOBODY

    def __init__(self, records: Records, pending: dict[str, _Pending]) -> None:
        super().__init__()
        self._records = records
        self._pending = pending
        self._used: set[tuple[str, str]] = set()

    def validate_timestamp_and_nonce(
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: Any,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        del client_key, request_token, access_token
        if (timestamp, nonce) in self._used:
            request.validator_log["nonce"] = False
            return False
        self._used.add((timestamp, nonce))
        return True

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        del request
        return client_key == self._records.consumer_key

    def get_client_secret(self, client_key: str, request: Any) -> str:
        del request
        known = client_key == self._records.consumer_key
        return self._records.consumer_secret if known else _NOBODY

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        del client_key, request
        return token in self._records.by_token

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        del client_key, request
        account = self._records.by_token.get(token)
        return account.access_token_secret if account else _NOBODY

    def validate_realms(self, *_: Any, **__: Any) -> bool:
        return True

    def validate_requested_realms(self, *_: Any) -> bool:
        return True

    def get_default_realms(self, *_: Any) -> list[str]:
        return []

    def get_realms(self, *_: Any) -> list[str]:
        return []

    def validate_redirect_uri(self, client_key: str, redirect_uri: str, request: Any) -> bool:
        del client_key, request
        return redirect_uri == "oob"

    def save_request_token(self, token: Any, request: Any) -> None:
        del request
        self._pending[token["oauth_token"]] = _Pending(token["oauth_token_secret"])

    def validate_request_token(self, client_key: str, token: str, request: Any) -> bool:
        del client_key, request
        return token in self._pending

    def get_request_token_secret(self, client_key: str, token: str, request: Any) -> str:
        del client_key, request
        return self._pending[token].secret if token in self._pending else _NOBODY

    def validate_verifier(self, client_key: str, token: str, verifier: str, request: Any) -> bool:
        del client_key, request
        pending = self._pending.get(token)
        return pending is not None and pending.pin is not None and pending.pin == verifier

    def save_access_token(self, token: Any, request: Any) -> None:
        """Hand out the account's own token instead: X gives the same one every time."""
        account = self._pending[request.resource_owner_key].account
        if account is None:
            message = "nobody has authorized this token"
            raise LookupError(message)
        token.clear()
        token |= {
            "oauth_token": account.access_token,
            "oauth_token_secret": account.access_token_secret,
            "user_id": account.user_id,
            "screen_name": account.handle,
        }

    def invalidate_request_token(self, client_key: str, token: str, request: Any) -> None:
        del client_key, request
        del self._pending[token]
