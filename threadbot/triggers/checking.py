"""One look at a feed: fetch it, read it, decide.

Owns the order of these steps and nothing else. What comes of them is one value, which its caller
stores in one transaction: an answer that is remembered while its entries are not would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from threadbot.errors import FetchError, SourceError
from threadbot.fetch.settings import Reach
from threadbot.triggers.decisions import Decision, Knowledge, Leave, Overtaken
from threadbot.triggers.intake import decide, keys_to_look_up
from threadbot.triggers.keys import Key
from threadbot.triggers.polling import (
    Moment,
    Poll,
    after_answer,
    after_failure,
    after_reading,
    at_home,
    conditions,
)
from threadbot.triggers.websub import Discovery, discover

if TYPE_CHECKING:
    from threadbot.fetch.client import Fetched, Request
    from threadbot.triggers.decisions import Rules
    from threadbot.triggers.feeds import Feed

#: What a feed may be sent as.
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)

#: Gives what is remembered of a source, with those of its entries that have any of the keys.
LookUp: TypeAlias = Callable[[frozenset[Key]], Knowledge]


class Sender(Protocol):
    """Sends requests; `fetch.client.Fetcher` is one."""

    def send(self, url: str, request: Request, *, reach: Reach) -> Fetched:
        """Send a request to an address; the reach says where it may go that is not public.

        Raises:
            FetchError: there is no answer; the message says why.
        """
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at a feed led to: to be stored all at once, then carried out.

    Args:
        poll: what to remember of asking; its `error` says what went wrong.
        decisions: what becomes of the entries; nothing where nothing was read.
        feed: what was read, or None where nothing was new or all went wrong.
        discovery: where to subscribe to it; None where it names no hub, or was not read.
    """

    poll: Poll
    decisions: tuple[Decision, ...] = ()
    feed: Feed | None = None
    discovery: Discovery | None = None


def check_feed(
    poll: Poll, sender: Sender, look_up: LookUp, rules: Rules, moment: Moment, home: str
) -> Checked:
    """Look at a feed once; where the address that it moved to fails, at the configured one, too.

    Args:
        poll: what is remembered of asking it.
        sender: fetches it.
        look_up: gives what is remembered of its entries.
        rules: what its owner allows.
        moment: time and chance.
        home: its address as configured, which may be at a host that is not public; what it has
            moved to may not, elsewhere.

    Returns:
        What it led to; a failure is no error but part of that.
    """
    checked = _ask(poll, sender, look_up, rules, moment, home)
    again = at_home(poll, checked.poll, home)
    if again is None:
        return checked
    returned = _ask(again, sender, look_up, rules, moment, home)
    # Where both fail, its owner is told of the one that it was well at last.
    return checked if returned.poll.error else returned


def _ask(
    poll: Poll, sender: Sender, look_up: LookUp, rules: Rules, moment: Moment, home: str
) -> Checked:
    """Look at a feed at one address."""
    from threadbot.fetch.client import Request  # noqa: PLC0415 (0.1 s)
    from threadbot.triggers.feeds import read_feed  # noqa: PLC0415 (0.1 s)

    try:
        request = Request(ACCEPT, conditions(poll, moment.now))
        answer = sender.send(poll.url, request, reach=Reach(home=home))
    except FetchError as error:
        return Checked(after_failure(poll, str(error), moment))
    if (settled := after_answer(poll, answer, moment)) is not None:
        return Checked(settled)
    try:
        feed = read_feed(
            answer.body, url=answer.url, content_type=answer.headers.get("content-type")
        )
    except SourceError as error:
        return Checked(after_failure(poll, str(error), moment))
    decisions = decide(feed.entries, look_up(keys_to_look_up(feed.entries)), rules, moment.now)
    changed = not all(isinstance(decision, Leave | Overtaken) for decision in decisions)
    read = after_reading(poll, answer, moment, changed=changed)
    discovery = discover(answer.headers, feed.hubs, feed.self_link, answer.url)
    return Checked(read, decisions, feed, discovery)
