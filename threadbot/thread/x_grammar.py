"""The expressions that X's addresses are made of.

Owns twitter-text 3.1.0's classes of characters and the parts of its `extractUrl` (Apache License
2.0, see NOTICE), read on 2026-11-24; never searches a text. JavaScript's `i` flag folds other
letters than Python's, so every class spells out both cases, and those that share a capital.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from threadbot.thread.x_tlds import ADDED, RETIRED, TWITTER_TEXT

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


def _capitals(names: AbstractSet[str]) -> frozenset[str]:
    return frozenset(name.upper() for name in names)


#: twitter-text's list, the root zone's, and both together.
OFFICIAL_TLDS: Final = _capitals(TWITTER_TEXT)
CURRENT_TLDS: Final = _capitals((TWITTER_TEXT - RETIRED) | ADDED)
KNOWN_TLDS: Final = OFFICIAL_TLDS | CURRENT_TLDS
DISPUTED_TLDS: Final = OFFICIAL_TLDS ^ CURRENT_TLDS
AGREED_TLDS: Final = OFFICIAL_TLDS & CURRENT_TLDS

# JavaScript compares without regard to case by capitals; these small letters share one.
_SAME_CAPITAL = {"в": "ᲀ", "д": "ᲁ", "о": "ᲂ", "с": "ᲃ", "т": "ᲄᲅ", "ε": "ϵ"}
#: Latin letters with accents.
LATIN: Final = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_LATIN_ANY_CASE = LATIN + (
    r"\u0260\u0269\u0275\u0280\u0283\u0288\u028a\u028c\u0292\u0399\u03b9\u1fbe\u2c65\u2c66"
    r"\u2c7e\u2c7f\ua7dc"
)
_LETTERS = r"a-zA-Z0-9\u0400-\u04ff\u1c80-\u1c87" + _LATIN_ANY_CASE
#: No domain holds these: punctuation, spaces, non-characters, directional markers.
_SEPARATORS = (
    r"\x09-\x0d\x20-\x21\x23-\x2c\x2f\x3a-\x40\x5b-\x5e\x7b-\x7e\x85\xa0\u061c\u1680\u180e"
    r"\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u2066-\u2069\u3000\ufeff\ufffe\uffff"
)
DOT: Final = re.compile(r"\.")
#: A stretch of characters that a domain may hold, with a dot in it.
RUN: Final = re.compile(rf"(?<![^{_SEPARATORS}])[^{_SEPARATORS}.]*+\.[^{_SEPARATORS}]*+")
#: A character that an address may not follow.
_BOUND = r"(?<![0-9A-Za-z@＠$#＃\ufeff\ufffe\uffff])"
#: The first character of a domain, after one that may precede an address.
FIRST: Final = re.compile(rf"{_BOUND}[^{_SEPARATORS}\-_.]")
#: The same, or a character of two UTF-16 units, of which twitter-text lets the first precede.
FIRST_OR_HALF: Final = re.compile(rf"[\U00010000-\U0010ffff]|{FIRST.pattern}")
PROTOCOL: Final = re.compile(rf"{_BOUND}[hH][tT][tT][pP][sS]?://")
#: What may stand within a path, and what may also end it.
_INSIDE = r"!$%&'*,.:;@\[\]|~\u2013"
_ENDING = rf"{_LETTERS}+\-=_#/"
_SIGN = f"[{_INSIDE}{_ENDING}]"
_BRACKETS = rf"\({_SIGN}*+(?:(?<!\()|\({_SIGN}++\){_SIGN}*+)\)"
#: A path. It ends with an ending sign outside brackets, or with brackets that follow one at once.
PATH: Final = re.compile(rf"/(?:(?:[{_INSIDE}]++|{_BRACKETS})*+[{_ENDING}]++)*+(?:{_BRACKETS})*+")
PATH_FOLLOWS: Final = re.compile(r"(?::[0-9]+)?/")
PORT: Final = re.compile(r":[0-9]++")
QUERY: Final = re.compile(r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+")
LATIN_NAMES: Final = re.compile(rf"[\-a-zA-Z0-9{_LATIN_ANY_CASE}.]+")
SHORT: Final = re.compile(r"[hH][tT][tT][pP][sS]?://[tT]\.[cC][oO]/([a-zA-Z0-9]+)")


_SIMPLE_LABEL = r"(?=[a-zA-Z0-9\-]{2,63}\.|.\.)[a-zA-Z0-9]++(?:-[a-zA-Z0-9]++)*+\."
_LONG_SHORT = r"[tT]\.[cC][oO]/(?![a-zA-Z0-9]{1,40}[.,:;!?)]*\Z)"
_SIMPLE_PATH = r"/(?:[!&',.:;*%@~]*+[a-zA-Z0-9+\-=_#/]++)*+"
#: An address as most are, at the start of a token between spaces that holds nothing else but
#: punctuation behind it: what it looks like to X needs no closer look.
SIMPLE: Final = re.compile(
    rf"(?:https?://)?(?!{_LONG_SHORT})(?:{_SIMPLE_LABEL})+?([a-zA-Z]{{2,}})"
    rf"(?:{_SIMPLE_PATH}(?:\?[a-zA-Z0-9=&_\-]*[a-zA-Z0-9=&_\-])?)?(?=[.,:;!?)]*\Z)"
)


def _international(names: AbstractSet[str]) -> str:
    """Write the names that are not ASCII as one expression, the longest first."""
    written = []
    for name in sorted((name for name in names if not name.isascii()), key=len, reverse=True):
        cases = ({letter, letter.upper(), *_SAME_CAPITAL.get(letter, "")} for letter in name)
        written.append(
            "".join(f"[{''.join(sorted(case))}]" if len(case) > 1 else case.pop() for case in cases)
        )
    return "|".join(written)


#: A dot and a top-level domain, or what looks like one of ASCII letters.
TLD: Final = re.compile(
    rf"\.(?:({_international(TWITTER_TEXT | ADDED)}|[a-zA-Z]{{2,}}+)(?![0-9a-zA-Z@+\-])"
    r"|[xX][nN]--[\-0-9a-zA-Z]++)"
)
