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


#: What is called so, and counts nothing.
_NO_NAME = r"(?! (?:weltkrieg|ministre|minister|ministr|primo ministro|tour\b))"


def _opener(article: str, words: tuple[str, ...]) -> re.Pattern[str]:
    groups = "|".join(f"({word})" for word in words)
    return re.compile(rf"[\W_]*(?:{article})?(?:{groups})\b{_NO_NAME}", re.IGNORECASE)


def _strict_opener(article: str, words: tuple[str, ...]) -> re.Pattern[str]:
    """Ask for an article or a comma: "Secondo l'Istat" is "according to", "Prima di" "before"."""
    groups = "|".join(f"({word})" for word in words)
    return re.compile(
        rf"[\W_]*(?:{article}(?:{groups})\b{_NO_NAME}|(?:{groups})(?=,))", re.IGNORECASE
    )


_STRICT = frozenset({"it", "pt"})
_OPENERS = {
    language: (_strict_opener if language in _STRICT else _opener)(*words)
    for language, words in ORDINALS.items()
}


def ordinal(text: str, language: str | None) -> int:
    """Tell what a sentence counts: 1 for "The first ...", 0 where it does not count.

    Args:
        text: the sentence.
        language: two-letter code; in a language without a list the answer is 0.
    """
    pattern = _OPENERS.get(language or "")
    found = pattern.match(text) if pattern else None
    if found is None or found.lastindex is None:
        return 0
    # A strict opener has each word twice.
    return (found.lastindex - 1) % len(ORDINALS[language or ""][1]) + 1
