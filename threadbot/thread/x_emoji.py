"""The emoji sequences that X counts as one sign.

Owns their grammar; never weighs anything. Only sequences of two and more code points stand here: a
lone emoji weighs two as any other sign outside the light ranges. X's parser (twemoji-parser
11.0.2, MIT) knows Emoji 11, and so does this one: a newer sequence is counted sign by sign, which
is never too little. Read on 2026-11-24.
"""

from __future__ import annotations

import re
from typing import Final

_JOINER = "\u200d"
_VARIATION = "\ufe0f"
_SKIN = "[\U0001f3fb-\U0001f3ff]"
_MAN = "\U0001f468"
_WOMAN = "\U0001f469"
_BOY = "\U0001f466"
_GIRL = "\U0001f467"
_GENDER = f"[\u2640\u2642]{_VARIATION}"

#: Signs that are text unless U+FE0F follows, or that may be followed by it.
_VARIED = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf"
    "\u23ed-\u23ef\u23f1\u23f2\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe"
    "\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u2620\u2622\u2623\u2626\u262a\u262e\u262f"
    "\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267f"
    "\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4"
    "\u26c5\u26c8\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f8\u26fa\u26fd\u2702"
    "\u2708\u2709\u270f\u2712\u2714\u2716\u271d\u2721\u2733\u2734\u2744\u2747\u2757\u2763"
    "\u2764\u27a1\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f004\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f202\U0001f21a\U0001f22f"
    "\U0001f237\U0001f321\U0001f324-\U0001f32c\U0001f336\U0001f37d\U0001f396\U0001f397"
    "\U0001f399-\U0001f39b\U0001f39e\U0001f39f\U0001f3cd\U0001f3ce\U0001f3d4-\U0001f3df"
    "\U0001f3f3\U0001f3f5\U0001f3f7\U0001f43f\U0001f441\U0001f4fd\U0001f549\U0001f54a"
    "\U0001f56f\U0001f570\U0001f573\U0001f576-\U0001f579\U0001f587\U0001f58a-\U0001f58d"
    "\U0001f5a5\U0001f5a8\U0001f5b1\U0001f5b2\U0001f5bc\U0001f5c2-\U0001f5c4"
    "\U0001f5d1-\U0001f5d3\U0001f5dc-\U0001f5de\U0001f5e1\U0001f5e3\U0001f5e8\U0001f5ef"
    "\U0001f5f3\U0001f5fa\U0001f6cb\U0001f6cd-\U0001f6cf\U0001f6e0-\U0001f6e5\U0001f6e9"
    "\U0001f6f0\U0001f6f3"
)
#: Signs that take U+FE0F and a skin tone.
_VARIED_SKIN = "\u261d\u26f7\u26f9\u270c\u270d\U0001f3cb\U0001f3cc\U0001f574\U0001f575\U0001f590"
#: Signs that take a skin tone alone.
_PLAIN_SKIN = (
    "\u270a\u270b\U0001f385\U0001f3c2-\U0001f3c4\U0001f3c7\U0001f3ca\U0001f442\U0001f443"
    "\U0001f446-\U0001f450\U0001f466-\U0001f469\U0001f46e\U0001f470-\U0001f478\U0001f47c"
    "\U0001f481-\U0001f483\U0001f485-\U0001f487\U0001f4aa\U0001f57a\U0001f595\U0001f596"
    "\U0001f645-\U0001f647\U0001f64b-\U0001f64f\U0001f6a3\U0001f6b4-\U0001f6b6\U0001f6c0"
    "\U0001f6cc\U0001f918-\U0001f91c\U0001f91e\U0001f91f\U0001f926\U0001f930-\U0001f939"
    "\U0001f93d\U0001f93e\U0001f9b5\U0001f9b6\U0001f9b8\U0001f9b9\U0001f9d1-\U0001f9dd"
)
#: What a man or a woman holds in the signs for professions and hair.
_HELD = (
    f"(?:[\u2695\u2696\u2708]{_VARIATION}"
    "|[\U0001f33e\U0001f373\U0001f393\U0001f3a4\U0001f3a8\U0001f3eb\U0001f3ed\U0001f4bb\U0001f4bc"
    "\U0001f527\U0001f52c\U0001f680\U0001f692\U0001f9b0-\U0001f9b3])"
)
#: People who come as women and as men.
_GENDERED = (
    "\U0001f3c3\U0001f3c4\U0001f3ca\U0001f46e\U0001f471\U0001f473\U0001f477\U0001f481\U0001f482"
    "\U0001f486\U0001f487\U0001f645-\U0001f647\U0001f64b\U0001f64d\U0001f64e\U0001f6a3"
    "\U0001f6b4-\U0001f6b6\U0001f926\U0001f935\U0001f937-\U0001f939\U0001f93d\U0001f93e"
    "\U0001f9b8\U0001f9b9\U0001f9d6-\U0001f9dd"
)
_HEART = f"\u2764{_VARIATION}{_JOINER}(?:\U0001f48b{_JOINER})?"
_CHILDREN = f"(?:{_BOY}(?:{_JOINER}{_BOY})?|{_GIRL}(?:{_JOINER}[{_BOY}{_GIRL}])?)"
#: The second letters of country codes that have a flag, by the first.
_SECOND_LETTERS = {
    "C": "OACDFGHIKLMNOPRUVWXYZ",
    "U": "NAGMNSYZ",
    "T": "RACDFGHJKLMNORTVWZ",
    "I": "ECDELMNOQRST",
    "A": "CDEFGILMOQRSTUWXZ",
    "B": "ABDEFGHIJLMNOQRSTVWYZ",
    "D": "EGJKMOZ",
    "E": "ACEGHRSTU",
    "F": "IJKMOR",
    "G": "ABDEFGHILMNPQRSTUWY",
    "H": "KMNRTU",
    "J": "EMOP",
    "K": "EGHIMNPRWYZ",
    "L": "ABCIKRSTUVY",
    "M": "ACDEFGHKLMNOPQRSTUVWXYZ",
    "N": "ACEFGILOPRUZ",
    "O": "M",
    "P": "AEFGHKLMNRSTWY",
    "Q": "A",
    "R": "EOSUW",
    "S": "ABCDEGHIJKLMNORSTVXYZ",
    "V": "ACEGINU",
    "W": "FS",
    "X": "K",
    "Y": "ET",
    "Z": "AMW",
}
_INDICATORS = {chr(ord("A") + number): chr(0x1F1E6 + number) for number in range(26)}
#: England, Scotland and Wales, spelt in tag characters after a black flag and the tag for G.
_NATIONS = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in nation) for nation in ("beng", "bsct", "bwls")
)

#: A text without any of these holds no sequence.
SEQUENCE_HINT: Final = re.compile(
    "[\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\u200d\U000e007f]"
)
#: People at sport and in plain clothes, whose gender stands behind a skin tone or U+FE0F.
_UNTONED = "\U0001f3cb\U0001f3cc\U0001f574\U0001f575\u26f9"


def _behind(firsts: str, rest: str = "") -> str:
    """Give what goes on from a first sign, once the second one is read."""
    return f"(?<=[{firsts}].){rest}"


#: What makes a sequence, by the second sign; the joined ones come first, as they begin with the
#: shorter ones. To ask for the second sign first costs half as much: it is one of few.
_KINDS = {
    _VARIATION: (
        _behind(_UNTONED, _JOINER + _GENDER),
        _behind("\U0001f3f3", f"{_JOINER}\U0001f308"),
        _behind(_VARIED_SKIN, f"{_SKIN}?"),
        _behind("#*0-9", "\u20e3"),
        _behind(_VARIED),
    ),
    _SKIN: (
        _behind(_UNTONED, _JOINER + _GENDER),
        _behind(_MAN + _WOMAN, _JOINER + _HELD),
        _behind(_GENDERED, _JOINER + _GENDER),
        _behind(_VARIED_SKIN + _PLAIN_SKIN),
    ),
    _JOINER: (
        _behind(_MAN + _WOMAN, _HELD),
        _behind(_GENDERED + "\U0001f46f\U0001f93c\U0001f9de\U0001f9df", _GENDER),
        _behind(_MAN, f"(?:{_HEART}{_MAN}|(?:[{_MAN}{_WOMAN}]{_JOINER})?{_CHILDREN})"),
        _behind(_WOMAN, f"(?:{_HEART}[{_MAN}{_WOMAN}]|(?:{_WOMAN}{_JOINER})?{_CHILDREN})"),
        _behind("\U0001f3f4", f"\u2620{_VARIATION}"),
        _behind("\U0001f441", "\U0001f5e8"),
    ),
    "\u20e3": (_behind("#*0-9"),),
    "\U000e0067": (_behind("\U0001f3f4", f"(?:{_NATIONS})\U000e007f"),),
} | {
    _INDICATORS[second]: (
        _behind(
            "".join(_INDICATORS[one] for one, others in _SECOND_LETTERS.items() if second in others)
        ),
    )
    for second in sorted({*"".join(_SECOND_LETTERS.values())})
}
#: One sequence.
SEQUENCE: Final = re.compile(
    "[#*0-9\xa9\xae\u203c-\U0001f9ff](?:"
    + "|".join(f"{second}(?:{'|'.join(kinds)})" for second, kinds in _KINDS.items())
    + ")"
)
