"""What calls may cost and how many there may be.

Owns the windows and the till; never knows what a call does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from x_simulator import problems
from x_simulator.model import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from decimal import Decimal

    from x_simulator.settings import Settings

_DAY: Final = timedelta(hours=24)


@dataclass(slots=True)
class _Window:
    ends: datetime
    used: int = 0


class Limits:
    """The windows in which calls are counted, and the money.

    Args:
        settings: the numbers.
        clock: gives the time, in UTC.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    def count(self, user_id: str) -> dict[str, str]:
        """Count a call of a user.

        Returns:
            The headers of its answer, by name.

        Raises:
            RefusedError: there were too many.
        """
        settings = self._settings
        user = self._window(user_id, settings.window)
        app = self._window("app", _DAY)
        per_user, per_app = settings.posts_per_window, settings.posts_per_day
        refused = user.used >= per_user or app.used >= per_app
        if not refused:
            user.used += 1
            app.used += 1
        headers = _headers("x-rate-limit", per_user, user)
        if not settings.reset_header:
            del headers["x-rate-limit-reset"]
        if settings.day_headers:
            headers |= _headers("x-app-limit-24hour", per_app, app)
        if refused:
            raise RefusedError(problems.too_many(**headers))
        return headers

    def charge(self, price: Decimal) -> None:
        """Take money.

        Raises:
            RefusedError: there is not enough.
        """
        self.afford(price)
        self._settings.credits -= price
        self._settings.spent += price

    def afford(self, price: Decimal) -> None:
        """See that there is money.

        Raises:
            RefusedError: there is not enough.
        """
        if self._settings.credits < price:
            raise RefusedError(problems.no_credits())

    def _window(self, key: str, length: timedelta) -> _Window:
        now = self._clock()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = _Window(now + length)
        return window


def _headers(prefix: str, limit: int, window: _Window) -> dict[str, str]:
    return {
        f"{prefix}-limit": str(limit),
        f"{prefix}-remaining": str(max(0, limit - window.used)),
        f"{prefix}-reset": str(math.ceil(window.ends.timestamp())),
    }
