"""How X measures and reads a text: its weighted length and the entities it makes of words.

Owns the numbers of twitter-text's configuration version 3 and the grammar of its mentions, hashtags
and cashtags (twitter-text 3.1.0, Apache License 2.0, see NOTICE; read on 2026-11-24); never changes
a text, and never says what a post should hold.

A weight told here is never lower than twitter-text's own. It is higher in two cases: where the
lists of top-level domains disagree (see x_tlds.py), and where twitter-text takes a part of a mixed
domain for an address and then skips as many characters as the whole one has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from unicodedata import normalize

from threadbot.thread import x_grammar, x_urls
from threadbot.thread.x_emoji import SEQUENCE, SEQUENCE_HINT
from threadbot.thread.x_letters import LETTERS, NUMERALS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The most that a post may weigh.
MAX_LENGTH: Final = 280
#: What an address weighs, whatever its length.
URL_LENGTH: Final = 23
#: The most letters that X lets a user's name have; twitter-text would link up to 20.
MAX_HANDLE: Final = 15

EntityKind: TypeAlias = Literal["url", "mention", "hashtag", "cashtag"]

#: An address that is longer may be too long for X, and is looked at closely.
_LONG_ADDRESS = 1000
#: What an emoji sequence weighs, and any sign outside the light ranges.
_HEAVY_WEIGHT = 2
_HEAVY = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")
_INVALID = re.compile("[\ufffe\ufeff\uffff]")

_SPACES = r"\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
_CASHTAG = re.compile(
    rf"\$(?<![^{_SPACES}]\$)([a-zA-Z]{{1,6}}(?:[._][a-zA-Z]{{1,2}})?)"
    rf"(?=\Z|[{_SPACES}\ufeff{_PUNCTUATION}])"
)
_MENTION = re.compile(r"[@＠]([a-zA-Z0-9_]{1,20}+(?:/[a-zA-Z][a-zA-Z0-9_\-]{0,24}+)?+)")
_MENTION_STOPS = re.compile(rf"[@＠]|[{x_grammar.LATIN}]|://")
_BEFORE_MENTION = re.compile(r"[^a-zA-Z0-9_!#$%&*@＠]")
_RETWEET = re.compile(r"[rR][tT]")
_BEFORE_RETWEET = re.compile(r"[^a-zA-Z0-9_+~.\-]")
_HASH_SIGN = re.compile("[#＃]")
_HASHTAG_STOPS = re.compile("[#＃]|://")
_HASHTAG_SIGNS = (
    r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c"
    r"\xb7"
)
_HANDLE = re.compile(r"[a-zA-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class Entity:
    """A part of a text that X turns into something to click on.

    Args:
        start: its first code point.
        end: the code point after the last one.
        kind: what it is.
        value: the address as it is written; the name without `@`, with `/list` for somebody's
            list; the tag without its `#` or `$`.
    """

    start: int
    end: int
    kind: EntityKind
    value: str


def weighted_length(text: str) -> int:
    """Weigh a text as X does: at most 280 may be posted.

    Args:
        text: any text; it is weighed in the normalisation form NFC.

    Returns:
        The sum of its characters (1 or 2), addresses (23) and emoji sequences (2).
    """
    if not text.isascii():
        text = normalize("NFC", text)
    more = _simple_addresses(text) if x_grammar.TLD.search(text) else 0
    if more is not None:
        return _plain_weight(text) + more
    ends = x_urls.tld_ends(text)
    weight = _weight(text, x_urls.addresses(text, ends))
    if any(name in x_grammar.DISPUTED_TLDS for _, name in ends.values()):
        weights = (
            _weight(text, x_urls.addresses(text, ends, known))
            for known in (x_grammar.OFFICIAL_TLDS, x_grammar.CURRENT_TLDS)
        )
        return max(weight, *weights)
    return weight


def is_valid(text: str) -> bool:
    """Tell whether X takes a text as a post: not empty, not too long, no forbidden character."""
    return _INVALID.search(text) is None and 0 < weighted_length(text) <= MAX_LENGTH


def entities(text: str) -> tuple[Entity, ...]:
    """Find what X turns into links: addresses, mentions, hashtags, cashtags.

    Args:
        text: any text.

    Returns:
        The entities in the order of the text, none overlapping; of two that do, the earlier one
        stays, as in twitter-text's `extractEntitiesWithIndices`.
    """
    found = [*urls(text), *_mentions(text), *_hashtags(text), *_cashtags(text)]
    found.sort(key=lambda entity: entity.start)
    kept: list[Entity] = []
    for entity in found:
        if not kept or kept[-1].end <= entity.start:
            kept.append(entity)
    return tuple(kept)


def urls(text: str) -> tuple[Entity, ...]:
    """Find the addresses that X shortens, with a protocol or without."""
    ends = x_urls.tld_ends(text)
    return tuple(
        Entity(address.start, address.end, "url", address.written)
        for address in x_urls.addresses(text, ends)
    )


def is_recognised_url(url: str) -> bool:
    """Tell whether X makes a link of the whole of an address.

    Args:
        url: an address; an unknown top-level domain, an IP address or `localhost` is none to X.
    """
    return [(entity.start, entity.end) for entity in urls(url)] == [(0, len(url))]


def is_handle(name: str) -> bool:
    """Tell whether a name, without `@`, can be a user's name on X."""
    return len(name) <= MAX_HANDLE and _HANDLE.fullmatch(name) is not None


def _simple_addresses(text: str) -> int | None:
    """Tell how much more than their characters the addresses of a text weigh, in the usual case.

    Returns:
        Nothing where some address has to be looked at closely: next to signs or other letters.
    """
    more = 0
    for token in text.replace("\n", " ").split(" "):
        if "." not in token:
            continue
        simple = x_grammar.SIMPLE.match(token)
        if simple and simple[1].upper() in x_grammar.AGREED_TLDS and len(token) < _LONG_ADDRESS:
            more += URL_LENGTH - len(simple[0])
        elif x_urls.tld_ends(token):
            return None
    return more


def _weight(text: str, addresses: list[x_urls.Address]) -> int:
    weight = position = 0
    for address in addresses:
        if address.start >= position:
            weight += _plain_weight(text[position : address.start]) + URL_LENGTH
            position = address.counted_end
    return weight + _plain_weight(text[position:])


def _plain_weight(text: str) -> int:
    """Weigh a text that holds no address."""
    weight = 0
    if text.isascii():
        return len(text)
    if SEQUENCE_HINT.search(text):
        text, sequences = SEQUENCE.subn("", text)
        weight = _HEAVY_WEIGHT * sequences
    return weight + len(text) + sum(map(len, _HEAVY.findall(text)))


def _mentions(text: str) -> Iterator[Entity]:
    resume = 0
    for match in _MENTION.finditer(text):
        start, end = match.span()
        if not _may_precede_mention(text, start, resume):
            continue
        resume = end
        if not _MENTION_STOPS.match(text, end):
            yield Entity(start, end, "mention", match[1])


def _may_precede_mention(text: str, start: int, resume: int) -> bool:
    """Tell whether a mention may begin: after nothing, a fitting character, or an old "RT"."""
    if start == 0 or (start > resume and _BEFORE_MENTION.match(text, start - 1)):
        return True
    retweet = start - len("RT")
    if retweet < resume or not _RETWEET.match(text, retweet):
        return False
    return retweet == 0 or (
        retweet > resume and _BEFORE_RETWEET.match(text, retweet - 1) is not None
    )


@cache
def _hashtag_grammar() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give the expressions for a tag's signs and for its letters, compiled on first use."""
    signs = re.compile(rf"[{LETTERS}{NUMERALS}{_HASHTAG_SIGNS}]+")
    return signs, re.compile(f"[{LETTERS}]")


def _hashtags(text: str) -> Iterator[Entity]:
    resume = 0
    for sign in _HASH_SIGN.finditer(text):
        signs, letter = _hashtag_grammar()
        start = sign.start()
        before = text[start - 1 : start]
        if start and (
            start <= resume
            or (before not in "\ufe0e\ufe0f" and (before == "&" or signs.match(before)))
        ):
            continue
        tag = signs.match(text, start + 1)
        if tag is None or tag[0][0] in "\ufe0f\u20e3" or not letter.search(tag[0]):
            continue
        resume = tag.end()
        if not _HASHTAG_STOPS.match(text, resume):
            yield Entity(start, resume, "hashtag", tag[0])


def _cashtags(text: str) -> Iterator[Entity]:
    for match in _CASHTAG.finditer(text):
        yield Entity(match.start(), match.end(), "cashtag", match[1])
