"""When a feed is asked again, and what its server's answer means for that.

Owns conditional requests, the pace that follows how often a feed changes, the back-off of one that
fails, and what is remembered of a move. Fetches nothing: it takes answers, the time and chance, and
gives values. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from threadbot.triggers.pauses import pause_after
from threadbot.triggers.retry_after import retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A server that answers "not modified" for so long is asked for the whole once: its memory of what
#: it sent may be wrong.
BELIEVED_UNMODIFIED: Final = timedelta(days=7)
#: How much of a pause chance may take away, so that feeds do not come to be asked all at once.
JITTER: Final = 0.2

#: How often in a row, a day apart, a server has to say that a feed is gone (HTTP 410).
GONE_TIMES: Final = 7
#: What is said of such a feed, while it is asked again, and then.
MAY_BE_GONE: Final = (
    "its server says that it is gone for good (HTTP 410); it is asked once a day for a week before "
    "that is believed"
)
GONE: Final = (
    "it is gone for good (HTTP 410) and is not asked any more; take the source out, give its new "
    "address, or have it asked again with 'threadbot poll NAME'"
)
#: New feeds that are asked at once; of more, each has its turn.
AT_ONCE_AT_FIRST: Final = 100

_FASTER: Final = 0.5
_SLOWER: Final = 1.25
_LONGEST_VALIDATOR: Final = 1_000
_OK, _NOT_MODIFIED, _ABSENT, _GONE = 200, 304, 404, 410
# How often in a row a moved address must fail before home is asked: the latter is over a day.
_ABSENT_TIMES: Final = 3
_FAILED_TIMES: Final = 7
_A_DAY_OR_SO: Final = 0.7
_ASKING_FOR_PATIENCE: Final = frozenset({429, 503})
_SAID = {
    401: "it wants a password (HTTP 401)",
    403: "its server refuses us (HTTP 403)",
    404: "there is nothing at its address (HTTP 404)",
    429: "its server says that we ask too often (HTTP 429)",
    503: "its server is out of order (HTTP 503)",
}
_PATIENCE_SAID: Final = frozenset(_SAID[status] for status in _ASKING_FOR_PATIENCE)


@dataclass(frozen=True, slots=True)
class Pace:
    """The bounds of how often a feed is asked.

    Args:
        shortest: the least time between two requests.
        usual: the time that a new feed begins with.
        longest: the most time between two requests, as long as it answers.
        patience: the most time for one that fails, also where its server asks for more.
    """

    shortest: timedelta = timedelta(minutes=5)
    usual: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=1)
    patience: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Time and chance, for one decision.

    Args:
        now: the time (UTC).
        chance: a random number from 0 up to 1.
        pace: the bounds.
        pushed: whether a hub tells of news, so that asking is the fallback.
    """

    now: datetime
    chance: float
    pace: Pace = Pace()
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """What is remembered of asking a feed.

    Args:
        url: where it is asked: as configured, or where it has moved for good.
        next_at: when it is asked again (UTC); None for one that is gone for good.
        interval: the time between two requests that its changes have led to.
        etag: its server's name for what was read last.
        last_modified: the time that its server gave for it.
        body_hash: SHA-256 of it.
        read_at: when a body was read last (UTC).
        checked_at: when it was asked last (UTC).
        failures: how often in a row it has failed.
        error: what is wrong with it, in a sentence, or None.
    """

    url: str
    next_at: datetime | None
    interval: timedelta
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    read_at: datetime | None = None
    checked_at: datetime | None = None
    failures: int = 0
    error: str | None = None


class Answer(Protocol):
    """What a server answered; `fetch.client.Fetched` is one."""

    @property
    def status(self) -> int:
        """HTTP's status code."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Give the headers, by name in lower case."""
        ...

    @property
    def body(self) -> bytes:
        """Give the body, unpacked."""
        ...

    @property
    def moved(self) -> str | None:
        """Where the address has moved for good."""
        ...


def first_poll(url: str, now: datetime, pace: Pace, place: int = 0, number: int = 1) -> Poll:
    """Plan the first request to a feed; those to many new ones are spread over their usual time.

    Args:
        url: as configured.
        now: the time (UTC).
        pace: the bounds of how often it is asked.
        place: how many of the new feeds come before it.
        number: how many new feeds there are.
    """
    waits = max(0, place - AT_ONCE_AT_FIRST) / number
    return Poll(url, now + pace.usual * waits, pace.usual)


def conditions(poll: Poll, now: datetime) -> dict[str, str]:
    """Give the headers that make a request conditional: nothing comes back where nothing is new."""
    if poll.read_at is None or now - poll.read_at >= BELIEVED_UNMODIFIED:
        return {}
    given = {"If-None-Match": poll.etag, "If-Modified-Since": poll.last_modified}
    return {name: value for name, value in given.items() if value is not None}


def after_answer(poll: Poll, answer: Answer, moment: Moment) -> Poll | None:
    """Say what is remembered after an answer.

    Returns:
        What to remember; None where there is a body to be read first. Read it, then call
        `after_reading`, or `after_failure` where it cannot be read, and store what they give
        together with what the reading led to: what is remembered earlier is never asked for again.
    """
    if answer.status == _OK:
        if sha256(answer.body).hexdigest() != poll.body_hash:
            return None
        return after_reading(poll, answer, moment, changed=False)
    if answer.status == _NOT_MODIFIED:
        return _paced(replace(poll, url=_address(poll, answer)), moment, changed=False)
    if answer.status == _GONE:
        return _after_gone(poll, moment)
    reason = _SAID.get(answer.status, f"its server answers with HTTP {answer.status}")
    wished = None
    if answer.status in _ASKING_FOR_PATIENCE:
        wished = retry_after(answer.headers.get("retry-after", ""), moment.now)
    return after_failure(poll, reason, moment, wished=wished)


def after_reading(poll: Poll, answer: Answer, moment: Moment, *, changed: bool) -> Poll:
    """Say what is remembered of a body that was read.

    Args:
        poll: what was remembered before.
        answer: what the server answered.
        moment: time and chance.
        changed: whether there was anything new in it.
    """
    read = replace(
        poll,
        url=_address(poll, answer),
        etag=_validator(answer, "etag"),
        last_modified=_validator(answer, "last-modified"),
        body_hash=sha256(answer.body).hexdigest(),
        read_at=moment.now,
    )
    return _paced(read, moment, changed=changed)


def after_failure(
    poll: Poll, reason: str, moment: Moment, *, wished: datetime | None = None
) -> Poll:
    """Say what is remembered of a failure: the pause is the feed's own, then each one doubles it.

    Args:
        poll: what was remembered before.
        reason: what went wrong, in a sentence.
        moment: time and chance.
        wished: when the server would like to be asked again (UTC), if it said so.
    """
    patience = moment.pace.patience
    failures = poll.failures + 1
    pause = pause_after(failures, poll.interval, patience) * (1 - JITTER * moment.chance)
    pause = max(moment.pace.shortest, pause)
    if wished is not None:
        pause = min(patience, max(pause, wished - moment.now))
    return replace(
        poll,
        next_at=moment.now + pause,
        checked_at=moment.now,
        failures=failures,
        error=reason,
    )


def at_home(poll: Poll, failed: Poll, home: str) -> Poll | None:
    """Say what to ask with at the configured address, where the one that a feed moved to fails.

    Args:
        poll: what was remembered before it was asked.
        failed: what is remembered after that.
        home: its address as configured.

    Returns:
        What to ask with, without what the other server named; None where nothing failed or not
        long enough, as home may show what is stale; where it is at home; or where its server asked
        for patience, as home may lead there again.
    """
    if failed.error is None or poll.url == home or failed.error in _PATIENCE_SAID:
        return None
    is_absent = failed.error in {_SAID[_ABSENT], MAY_BE_GONE, GONE}
    if failed.failures < (_ABSENT_TIMES if is_absent else _FAILED_TIMES):
        return None
    return replace(poll, url=home, etag=None, last_modified=None)


def _after_gone(poll: Poll, moment: Moment) -> Poll:
    """Believe that a feed is gone once its server has said so for days: some say it by mistake."""
    times = poll.failures if poll.error == MAY_BE_GONE else 0
    # Hubs and people have it asked more often, which does not make it more gone.
    since = None if poll.checked_at is None or not times else moment.now - poll.checked_at
    times += since is None or since >= moment.pace.patience * _A_DAY_OR_SO
    if times < GONE_TIMES:
        gone = replace(poll, failures=0, interval=moment.pace.patience)
        again = after_failure(gone, MAY_BE_GONE, moment)
        return replace(again, interval=poll.interval, failures=times)
    return replace(poll, next_at=None, checked_at=moment.now, failures=times, error=GONE)


def _paced(poll: Poll, moment: Moment, *, changed: bool) -> Poll:
    """Set the next request: sooner where something was new, later where nothing was."""
    pace = moment.pace
    wanted = poll.interval * (_FASTER if changed else _SLOWER)
    interval = min(pace.longest, max(pace.shortest, wanted))
    pause = (pace.longest if moment.pushed else interval) * (1 - JITTER * moment.chance)
    return replace(
        poll,
        next_at=moment.now + max(pace.shortest, pause),
        interval=interval,
        checked_at=moment.now,
        failures=0,
        error=None,
    )


def _address(poll: Poll, answer: Answer) -> str:
    """Follow a feed that has moved for good, but not from a secure address to an open one."""
    moved = answer.moved
    if moved is None or (poll.url.startswith("https:") and not moved.startswith("https:")):
        return poll.url
    return moved


def _validator(answer: Answer, name: str) -> str | None:
    """Take what can be sent back as it is."""
    value = answer.headers.get(name, "").strip()
    is_sendable = value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR
    return value if value and is_sendable else None
