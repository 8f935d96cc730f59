"""What an entry is known by, and what tells that it was edited.

Owns the keys that a source's entries are remembered under; never says what follows from them. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from threadbot.article.address import bounded, is_front_page, normalise
from threadbot.triggers.entry import Entry, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

KeyKind: TypeAlias = Literal["guid", "address", "content", "headline"]

#: Letters and digits from which on a text is like no other: below it stands "Read it on our site".
LEAST_TELLING = 200
#: Letters and digits from which on a title alone tells an entry that has nothing better.
_TELLING_TITLE = 16
#: So many different entries of one reading that share a guid or a text make it tell nothing.
SHARED_BY_TOO_MANY = 3

# So many characters of a text tell it from all others; some become eighteen in their plain form.
_MOST_TELLING = 100_000
# A longer one is remembered by its hash.
_LONGEST_GUID = 200
_LINK = re.compile(r"""\bhref\s*=\s*["']([^"'<>]*)["']""", re.IGNORECASE)


class Key(NamedTuple):
    """One thing that an entry is known by.

    Args:
        kind: which.
        value: at most 2,200 bytes in UTF-8; within one source, equal ones mean the same article.
    """

    kind: KeyKind
    value: str


def keys_of(entry: Entry) -> tuple[Key, ...]:
    """Say what an entry is known by, the most telling first.

    The guid; the address without scheme, tracking parameters and slash at the end, unless it is a
    front page; the words of the text, where there are enough; title and moment of publication
    together. What has none of these is known by title and text as they are, and by its title.
    """
    return _best_keys(entry) or _last_keys(entry)


def _best_keys(entry: Entry) -> tuple[Key, ...]:
    keys: list[Key] = []
    if entry.guid:
        long = len(entry.guid) > _LONGEST_GUID
        keys.append(Key("guid", _hash(entry.guid) if long else entry.guid))
    if entry.address and not is_front_page(entry.address):
        part = _part(entry.address) if entry.guid else ""
        keys.append(Key("address", bounded(f"{_address(entry.address)}{part}")))
    if len(letters := letters_of(entry.text)) >= LEAST_TELLING:
        keys.append(Key("content", _hash(letters)))
    if entry.title and entry.published:
        keys.append(headline_of(entry.title, entry.published))
    return tuple(keys)


def headline_of(title: str, published: datetime) -> Key:
    """Give the key that title and moment of publication make together."""
    moment = published.astimezone(UTC).isoformat()
    return Key("headline", _hash(f"{moment} {letters_of(title)}"))


def _last_keys(entry: Entry) -> tuple[Key, ...]:
    """Give what tells an entry that has nothing better; nothing where it says nothing at all."""
    title = letters_of(entry.title or "")
    letters = letters_of(entry.text) or letters_of(entry.summary or "")
    keys: list[Key] = []
    if title or letters:
        # The kinds are shared with the better keys: what is hashed can never be the same.
        keys.append(Key("content", _hash(f"title {title} text {letters}")))
    if len(title) >= _TELLING_TITLE:
        keys.append(Key("headline", _hash(f"title {title}")))
    return tuple(keys)


def telling_keys(entries: Sequence[Entry]) -> tuple[tuple[Key, ...], ...]:
    """Say what each entry of one reading is known by among the others.

    Broken feeds give every entry the same guid, and closed ones the same text ("Log in to read").
    What three entries share that have each a title and an address of their own tells nothing; nor
    does the address of one page that three entries with guids and titles of their own lead to.
    """
    keys = [keys_of(entry) for entry in entries]
    titles: defaultdict[Key, set[str]] = defaultdict(set)
    others: defaultdict[Key, set[Key]] = defaultdict(set)
    for entry, owned in zip(entries, keys, strict=True):
        for key in owned:
            titles[key].add(letters_of(entry.title or ""))
            wanted = "guid" if key.kind == "address" else "address"
            others[key].update(other for other in owned if other.kind == wanted)
    useless = {
        key
        for key, different in titles.items()
        if key.kind != "headline"
        and len(different) >= SHARED_BY_TOO_MANY
        and not 0 < len(others[key]) < SHARED_BY_TOO_MANY
    }
    return tuple(
        tuple(key for key in owned if key not in useless) or _last_keys(entry)
        for entry, owned in zip(entries, keys, strict=True)
    )


def version_of(entry: Entry) -> str:
    """Give what changes when an article is edited, and only then.

    Dates are left out, as sites move old entries up by them; so are markup and pictures, whose
    addresses change with every cache.
    """
    text = entry.text or plain_text(entry.summary or "")
    links = sorted({_address(link) for link in _LINK.findall(entry.content)})
    parts = [
        entry.title or "",
        text,
        entry.author or "",
        entry.language or "",
        "" if entry.address is None else _address(entry.address),
        *sorted(entry.categories),
        *links,
    ]
    return _hash("\n".join(" ".join(part.split()) for part in parts))


def _address(url: str) -> str:
    # A site that moves from http to https has no new articles.
    return normalise(url).removeprefix("https:").removeprefix("http:")[:2000]


def _part(url: str) -> str:
    """Give the fragment, where it leads to a part of a page and counts no readers."""
    _, mark, part = url.partition("#")
    return f"{mark}{part}"[:200] if part and "=" not in part else ""


def letters_of(text: str) -> str:
    """Leave nothing but letters and digits: quotes and spaces change when a site is moved."""
    plain = unicodedata.normalize("NFKC", text[:_MOST_TELLING]).casefold()
    return "".join(filter(str.isalnum, plain))


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
