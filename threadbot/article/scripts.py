"""Writing systems: which set no spaces, how wide they stand, and what ends a sentence in them.

Owns these facts as far as plain text needs them; never names a language.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Signs that end a sentence, and are followed by no heading's words.
FULL_STOPS: Final = (".", "。", "．", "｡", "।", "॥", "۔", "።", "။", "។")
#: Signs that end a question or a call.
LOUD_STOPS: Final = ("?", "!", "？", "！", "؟")
#: Signs after which a sentence goes on.
PAUSES: Final = (",", ";", ":", "、", "，", "；", "：", "､", "،", "؛")

#: Characters of the scripts that set no spaces between words: Han with its kana, Thai, Lao,
#: Khmer, Burmese.
_NO_SPACES: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_NO_SPACES}]")
# Their marks stand close to the words, too.
_CLOSE = re.compile(f"[{_NO_SPACES}\u3000-\u303f\uff01-\uff65]")
_WIDE: Final = frozenset("WF")
# No wide character stands before these.
_MAY_BE_WIDE = re.compile("[\u1100-\U0010ffff]")


def unspaced_letters(text: str) -> int:
    """Count the characters of scripts that set no spaces between words."""
    return 0 if text.isascii() else len(_UNSPACED.findall(text))


def columns(text: str) -> int:
    """Measure a line the way that an editor's window shows it: wide characters take two columns.

    The width is East_Asian_Width, https://www.unicode.org/reports/tr11/.
    """
    if text.isascii():
        return len(text)
    widths = map(unicodedata.east_asian_width, _MAY_BE_WIDE.findall(text))
    return len(text) + sum(width in _WIDE for width in widths)


def first_word(text: str) -> str:
    """Give what an editor keeps whole when it wraps: a word, or one character."""
    return text[:1] if _CLOSE.match(text) else text.partition(" ")[0]


def join_lines(lines: Iterable[str]) -> str:
    """Put wrapped lines on one line again; no space comes between those that need none.

    >>> join_lines(["東京都は", "路線を開業した。"]), join_lines(["one", "two"])
    ('東京都は路線を開業した。', 'one two')
    """
    parts: list[str] = []
    for line in lines:
        if parts:
            close = _CLOSE.match(parts[-1][-1:]) and _CLOSE.match(line)
            parts.append("" if close else " ")
        parts.append(line)
    return "".join(parts)
