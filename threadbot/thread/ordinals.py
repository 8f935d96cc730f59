"""Which sentences count: "The first trap is ...", "The second ...".

Owns the words that open such sentences, by language. Paragraphs that count are a list in all but
its marks: a digest that gave the first alone would promise what does not follow.
"""

from __future__ import annotations

import re

#: From the first to the fifth, with the articles that may stand before them.
ORDINALS = {
    "fr": (
        r"l[ea] ",
        (r"premier|première", r"deuxième|seconde?", r"troisième", r"quatrième", r"cinquième"),
    ),
    "en": (r"the ", (r"first(?:ly)?", r"second(?:ly)?", r"third(?:ly)?", r"fourth", r"fifth")),
    "de": (
        r"(?:der|die|das) ",
        (
            r"erste[rns]?|erstens",
            r"zweite[rns]?|zweitens",
            r"dritte[rns]?|drittens",
            r"vierte[rns]?|viertens",
            r"fünfte[rns]?|fünftens",
        ),
    ),
    "es": (
        r"(?:el|la|lo) ",
        (r"primer[oa]?", r"segund[oa]", r"tercer[oa]?", r"cuart[oa]", r"quint[oa]"),
    ),
    "it": (r"(?:il|la|lo) ", (r"prim[oa]", r"second[oa]", r"terz[oa]", r"quart[oa]", r"quint[oa]")),
    "pt": (r"[oa] ", (r"primeir[oa]", r"segund[oa]", r"terceir[oa]", r"quart[oa]", r"quint[oa]")),
    "nl": (r"(?:de|het) ", (r"eerste", r"tweede", r"derde", r"vierde", r"vijfde")),
}


def _opener(article: str, words: tuple[str, ...]) -> re.Pattern[str]:
    groups = "|".join(f"({word})" for word in words)
    return re.compile(rf"[\W_]*(?:{article})?(?:{groups})\b", re.IGNORECASE)


_OPENERS = {language: _opener(*words) for language, words in ORDINALS.items()}


def ordinal(text: str, language: str | None) -> int:
    """Tell what a sentence counts: 1 for "The first ...", 0 where it does not count.

    Args:
        text: the sentence.
        language: two-letter code; in a language without a list the answer is 0.
    """
    pattern = _OPENERS.get(language or "")
    found = pattern.match(text) if pattern else None
    return (found.lastindex or 0) if found else 0
