"""What can go wrong with a call, and in which order it will.

Owns the faults that a test has asked for; never decides what is stored, but whether.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from x_simulator import problems
from x_simulator.model import CREATE, MOVED, Answer, json_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from x_simulator.model import Route

FaultKind: TypeAlias = Literal[
    "none",
    "drop",
    "cut",
    "stall",
    "429",
    "429-without-reset",
    "500-json",
    "503-html",
    "200-html",
    "301",
    "201-without-data",
    "malformed-json",
    "error-list",
    "401",
    "402",
    "403-duplicate",
    "403-not-author",
    "403-cashtag",
    "403-gone",
    "400-gone",
    "403-too-long",
    "400-too-long",
    "403-not-permitted",
    "400-not-permitted",
]
FAULT_KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)

_PAGE: Final = b"<!DOCTYPE html><html><body><h1>Over capacity</h1></body></html>"
_HTML: Final = "text/html; charset=utf-8"
_SUCCESS: Final = {"data": {"id": "1", "text": "This is not the answer to the call."}}
_ERROR: Final = {
    "title": "Internal Server Error",
    "detail": "Something is technically wrong.",
    "type": "about:blank",
    "status": 500,
}
#: What is answered; where a post was stored nevertheless is the test's choice.
_ANSWERS: Final[dict[FaultKind, Answer]] = {
    "none": Answer(0),
    "drop": Answer(0, fate="drop"),
    # The beginning of an answer that would have been one of success.
    "cut": replace(json_answer(201, _SUCCESS), fate="cut"),
    "stall": Answer(0, fate="stall"),
    "429-without-reset": problems.too_many(),
    "500-json": json_answer(500, _ERROR),
    "503-html": Answer(503, _PAGE, _HTML),
    "200-html": Answer(200, _PAGE, _HTML),
    "301": Answer(301, b"", headers={"location": MOVED}),
    "201-without-data": json_answer(201, {}),
    "malformed-json": Answer(201, b'{"data":{"id":"1"'),
    "error-list": json_answer(400, [{"message": "Something is technically wrong."}]),
    "401": problems.unauthorized(),
    "402": problems.no_credits(),
    "403-duplicate": problems.forbidden(problems.DUPLICATE),
    "403-not-author": problems.forbidden(problems.NOT_AUTHOR),
    "403-cashtag": problems.forbidden(problems.CASHTAGS),
    "403-gone": problems.forbidden(problems.GONE),
    "400-gone": problems.forbidden(problems.GONE, 400),
    "403-too-long": problems.forbidden(problems.TOO_LONG),
    "400-too-long": problems.forbidden(problems.TOO_LONG, 400),
    "403-not-permitted": problems.forbidden(problems.NOT_PERMITTED),
    "400-not-permitted": problems.forbidden(problems.NOT_PERMITTED, 400),
}


#: What X says only of a call that it has refused; the others may hide one that it has carried out.
_REFUSALS: Final = frozenset(
    kind for kind in FAULT_KINDS if kind.startswith(("40", "429")) or kind == "none"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call.

    Args:
        kind: what is answered; `none` is a call that goes well.
        stored: whether the call does its work before that.
        reset_in: of a 429, how long it lasts by its header.
        status: of the answer, where it is not the kind's own.

    Raises:
        ValueError: nothing can be stored by a call that is refused.
    """

    kind: FaultKind
    stored: bool = False
    reset_in: timedelta = timedelta(minutes=15)
    status: int | None = None

    def __post_init__(self) -> None:
        if self.stored and self.kind in _REFUSALS:
            message = f"a call that meets {self.kind} stores nothing of its own accord"
            raise ValueError(message)

    def answer(self, now: datetime) -> Answer:
        """Say what is answered."""
        if self.kind == "429":
            reset = str(math.ceil((now + self.reset_in).timestamp()))
            headers = {"x_rate_limit_limit": "100", "x_rate_limit_remaining": "0"}
            return problems.too_many(**headers, x_rate_limit_reset=reset)
        answer = _ANSWERS[self.kind]
        return answer if self.status is None else replace(answer, status=self.status)


class Faults:
    """The faults that are to come, in order, route by route.

    Args:
        clock: gives the time, in UTC.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._coming: dict[Route, deque[Fault]] = {}

    def add(self, fault: Fault, route: Route = CREATE, times: int = 1) -> None:
        """Let coming calls of a route meet a fault, after those that were asked for before."""
        self._coming.setdefault(route, deque()).extend([fault] * times)

    def next(self, route: Route) -> tuple[Fault | None, Answer | None]:
        """Take the fault of a call, with its answer; both are None for a call that goes well."""
        coming = self._coming.get(route)
        fault = coming.popleft() if coming else None
        if fault is None or fault.kind == "none":
            return None, None
        return fault, fault.answer(self._clock())

    def clear(self) -> None:
        """Forget all faults."""
        self._coming.clear()

    def left(self) -> int:
        """Count the faults that no call has met yet."""
        return sum(map(len, self._coming.values()))
