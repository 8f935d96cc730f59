"""threadbot's own adapter for an account on the simulated X.

Owns what it is built of; the clock is that of this machine unless a test hands in another.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from threadbot.errors import SourceError
from threadbot.networks.secret import Secret
from threadbot.networks.x import X
from threadbot.networks.x_settings import AppKeys, UserTokens, XSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator


class Pictures:
    """Pictures by name.

    Args:
        files: their bytes.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self._files = dict(files or {})

    def picture(self, src: str) -> bytes:
        """Give a picture's bytes."""
        if src not in self._files:
            message = f"the image {src} is not there"
            raise SourceError(message)
        return self._files[src]


def present() -> datetime:
    """Give this machine's time (UTC)."""
    return datetime.now(UTC)


def settings(x: XSimulator, account: XAccount, **more: Any) -> XSettings:
    """Give the settings of an account on the simulator.

    Args:
        x: the simulator.
        account: on it.
        more: what differs from the defaults.
    """
    return XSettings(
        account="test",
        handle=account.handle,
        app=AppKeys(Secret(account.consumer_key), Secret(account.consumer_secret)),
        user=UserTokens(Secret(account.access_token), Secret(account.access_token_secret)),
        api=x.url,
        **more,
    )


def adapter(
    x: XSimulator,
    account: XAccount,
    *,
    clock: Callable[[], datetime] = present,
    pictures: Mapping[str, bytes] | None = None,
    seconds: float = 5,
    **more: Any,
) -> X:
    """Give an adapter.

    Args:
        x: the simulator.
        account: on it.
        clock: gives the time.
        pictures: by name.
        seconds: how long to wait for a connection and an answer.
        more: settings that differ from the defaults.
    """
    made = settings(x, account, **more)
    return X(made, Pictures(pictures), clock=clock, connect=seconds, read=seconds)
