"""A post's text as X gives it back: addresses behind t.co, `& < >` escaped.

Owns the change of the text and the positions of its entities; never decides what is an entity,
which is twitter-text's to say.
"""

from __future__ import annotations

import hashlib
import html
import string
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ALPHABET: Final = string.ascii_letters + string.digits
_KINDS: Final = {
    "mention": ("mentions", "username"),
    "hashtag": ("hashtags", "tag"),
    "cashtag": ("cashtags", "tag"),
}


def show(
    text: str, found: Iterable[tuple[int, int, str, str]], address: str, media: Iterable[str]
) -> tuple[str, Mapping[str, Any]]:
    """Give a text as X shows it, and its entities.

    Positions are counted in code points of what is shown, escapes and all.

    Args:
        text: as it was written.
        found: its entities: start, end, kind and value.
        address: the post's, from which the short addresses are made.
        media: the ids of its pictures; one short address stands for all.
    """
    shown, entities, done = "", dict[str, list[dict[str, Any]]](), 0
    for start, end, kind, value in found:
        shown += html.escape(text[done:start], quote=False)
        begin, done = len(shown), end
        if kind == "url":
            short = _short(f"{address}#{start}")
            shown += short
            link = {"url": short, "expanded_url": _whole(value), "display_url": _plain(value)}
            _add(entities, "urls", begin, len(shown), link)
        else:
            shown += text[start:end]
            name, key = _KINDS[kind]
            _add(entities, name, begin, len(shown), {key: value})
    shown += html.escape(text[done:], quote=False)
    pictures = list(media)
    if pictures:
        shown += " " if shown else ""
        begin, short = len(shown), _short(f"{address}/photo/1")
        shown += short
        for picture in pictures:
            link = {
                "url": short,
                "expanded_url": f"{address}/photo/1",
                "display_url": short.replace("https://t.co", "pic.x.com"),
                "media_key": f"3_{picture}",
            }
            _add(entities, "urls", begin, len(shown), link)
    return shown, entities


def _add(
    entities: dict[str, list[dict[str, Any]]],
    name: str,
    start: int,
    end: int,
    value: Mapping[str, str],
) -> None:
    entities.setdefault(name, []).append({"start": start, "end": end, **value})


def _whole(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _plain(address: str) -> str:
    bare = address.partition("://")[2] or address
    return bare if len(bare) <= 27 else f"{bare[:26]}…"


def _short(seed: str) -> str:
    digest = hashlib.sha256(seed.encode()).digest()
    return "https://t.co/" + "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:10])
