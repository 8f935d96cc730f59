"""Builds Bluesky's adapter for an account on the reference server.

Owns the fakes of what an adapter is given: sessions in memory, pictures by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadbot.errors import SourceError
from threadbot.networks.bluesky import Bluesky
from threadbot.networks.bluesky_settings import BlueskySettings
from threadbot.networks.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pds.server import Pds, PdsAccount


class Sessions:
    """Keeps sessions in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def load_session(self, account: str) -> str | None:
        """Give what was saved last, or None."""
        return self.kept.get(account)

    def save_session(self, account: str, session: str | None) -> None:
        """Replace what is saved; None forgets it."""
        if session is None:
            self.kept.pop(account, None)
        else:
            self.kept[account] = session


class Pictures:
    """Gives pictures by name.

    Args:
        files: the bytes of each.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self._files = dict(files or {})

    def picture(self, src: str) -> bytes:
        """Read a picture, or say that it is not there."""
        if src not in self._files:
            message = f"the image {src} is not there"
            raise SourceError(message)
        return self._files[src]


def adapter(
    pds: Pds,
    account: PdsAccount,
    *,
    app_password: str | None = None,
    sessions: Sessions | None = None,
    pictures: Pictures | None = None,
    seconds: float = 20,
    **settings: Any,
) -> Bluesky:
    """Build an adapter; close it after use.

    Args:
        pds: the server.
        account: the account on it.
        app_password: an app password; without one the account's main password.
        sessions: keeps its sessions.
        pictures: what articles show.
        seconds: how long it waits for an answer.
        settings: the other fields of `BlueskySettings`.
    """
    told: dict[str, Any] = {
        "account": "test",
        "handle": account.handle,
        "app_password": Secret(app_password or account.password),
        "pds": pds.url,
    }
    return Bluesky(
        BlueskySettings(**(told | settings)),
        sessions or Sessions(),
        pictures or Pictures(),
        seconds=seconds,
    )
