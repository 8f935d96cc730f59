"""Finds a post among those that X gives back, which are not written as they were sent.

Owns the comparison: X shortens addresses, escapes `&`, `<` and `>`, adds the addresses of pictures,
and may normalise letters and spaces. Pure; never calls X.
"""

from __future__ import annotations

import html
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from threadbot.thread.x_text import urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The fields that the comparison needs (GET /2/users/:id/tweets).
FIELDS: Final = "created_at,entities,referenced_tweets,author_id"
#: How much older than the plan a post may be, by X's clock and whole seconds.
SLACK: Final = timedelta(seconds=5)
_URL_MARK: Final = "\0"
#: From 0 to 1, how alike the words of two posts are that a person takes for the same.
_NEARLY: Final = 0.8


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for.

    Args:
        text: as it was sent.
        parent: the number of the post that it replies to; None for a thread's first.
        since: it is no older, by X's clock; None where the parent says enough.
    """

    text: str
    parent: str | None
    since: datetime | None


def find(posts: Iterable[Mapping[str, Any]], sought: Sought) -> str | None:
    """Give the number of the first post that is the one looked for, or None.

    Args:
        posts: as X gives them, with `FIELDS`.
        sought: what is looked for.
    """
    found = [str(post["id"]) for post in posts if is_it(post, sought)]
    return min(found, key=int, default=None)


def is_it(post: Mapping[str, Any], sought: Sought) -> bool:
    """Tell whether a post is the one looked for."""
    return _is_in_place(post, sought) and _as_read(post) == _as_sent(sought.text)


def resembles(post: Mapping[str, Any], sought: Sought) -> bool:
    """Tell whether a post stands where the one looked for should, and says nearly the same."""
    if not _is_in_place(post, sought):
        return False
    (words, _), (others, _) = _as_read(post), _as_sent(sought.text)
    return SequenceMatcher(None, words, others).ratio() >= _NEARLY


def _is_in_place(post: Mapping[str, Any], sought: Sought) -> bool:
    if parent_of(post) != sought.parent:
        return False
    created = post.get("created_at")
    if sought.since is None or not created:
        return True
    return datetime.fromisoformat(created) >= sought.since - SLACK


def parent_of(post: Mapping[str, Any]) -> str | None:
    """Give the number of the post that a post replies to, or None."""
    for other in post.get("referenced_tweets") or ():
        if other.get("type") == "replied_to":
            return str(other["id"])
    return None


def _as_sent(text: str) -> tuple[str, list[str]]:
    """Take the addresses out of a text, so that words and addresses are compared apart."""
    places = urls(text)
    words, end = [], 0
    for place in places:
        words += [text[end : place.start], _URL_MARK]
        end = place.end
    words.append(text[end:])
    return _plain("".join(words)), [_plain_address(text[one.start : one.end]) for one in places]


def _as_read(post: Mapping[str, Any]) -> tuple[str, list[str]]:
    text = str(post.get("text", ""))
    found = (post.get("entities") or {}).get("urls") or ()
    words, addresses, end = [], [], 0
    for entity in sorted(found, key=lambda one: int(one.get("start", 0))):
        # By its words: positions are counted in another way where letters are of many bytes.
        short = str(entity["url"])
        start = text.find(short, end)
        if start < 0:
            continue
        words.append(text[end:start])
        end = start + len(short)
        if "media_key" not in entity:
            words.append(_URL_MARK)
            addresses.append(_plain_address(str(entity.get("expanded_url") or short)))
    words.append(text[end:])
    return _plain(html.unescape("".join(words))), addresses


def _plain(words: str) -> str:
    return " ".join(normalize("NFC", words).split())


def _plain_address(address: str) -> str:
    """Write an address so that all spellings of it are one: no scheme, host in ASCII."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    host = parts.netloc.lower()
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    rest = unquote(parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else ""))
    return normalize("NFC", f"{host}{rest}{'#' if parts.fragment else ''}{unquote(parts.fragment)}")
