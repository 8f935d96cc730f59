"""Characters that a terminal would obey instead of showing.

Owns their visible stand-ins; never changes how long a text is, so that spans keep their places.
"""

from __future__ import annotations

_PICTURES = 0x2400  # U+2400 to U+241F are the Unicode pictures of the control characters
_DELETE, _DELETE_PICTURE = 0x7F, 0x2421
_REPLACEMENT = 0xFFFD
_KEPT = {0x09, 0x0A}  # tabs and line feeds are text

_STAND_INS = (
    {code: _PICTURES + code for code in range(0x20) if code not in _KEPT}
    | {_DELETE: _DELETE_PICTURE}
    | dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT)
    | dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT)
)


def visible(text: str) -> str:
    r"""Put a visible character in the place of each one that would steer a terminal.

    An article is a stranger's text: an escape sequence in it must not recolour, retitle or
    overwrite the terminal of the editor who looks at it.

    Args:
        text: any text.

    Returns:
        A text of the same number of code points.

    >>> visible("a\x1b[31mb")
    'a␛[31mb'
    """
    return text.translate(_STAND_INS)
