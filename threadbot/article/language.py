"""The language of an article: a code that was declared, or what the words look like.

Owns the form of language codes and the use of py3langid; never decides who is asked first.
The model costs about 0.6 s and 100 MB once in a process (most of it is the unpacking of the
model file), so nobody loads it who knows the language from elsewhere.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# ISO 639-2 codes that feeds and pages use for the languages that threads have phrases in.
_THREE_LETTERS = {
    "fra": "fr",
    "fre": "fr",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "ita": "it",
}
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")
_TWO_LETTERS = 2
#: Fewer letters than these say nothing about their language.
_LEAST_LETTERS = 20
#: More characters than these add time and no certainty.
_MOST_CHARACTERS = 10_000
#: Below this share of the probability the model is guessing.
_LEAST_CONFIDENCE = 0.5


def normalise(tag: str) -> str | None:
    """Give the two-letter code of a language tag, or None where it is no tag.

    >>> normalise("fr-FR"), normalise("ENG"), normalise("French")
    ('fr', 'en', None)
    """
    match = _TAG.fullmatch(tag.strip())
    if match is None:
        return None
    code = match[1].lower()
    return code if len(code) == _TWO_LETTERS else _THREE_LETTERS.get(code)


def detect(text: str) -> str | None:
    """Tell the language of a text by its words.

    Args:
        text: as much of the article as there is; what goes beyond 10,000 characters is ignored.

    Returns:
        A two-letter code, or None where the text has too little to tell.
    """
    text = text[:_MOST_CHARACTERS]
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return None
    code, _ = _identifier().classify(text)
    return normalise(code)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 (0.1 s, numpy)

    return LanguageIdentifier.from_model_file(
        MODEL_FILE,
        norm_probs=True,
        min_confidence=_LEAST_CONFIDENCE,
    )
