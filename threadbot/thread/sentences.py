"""Where sentences begin and end.

Owns nothing but that question; the rules are LanguageTool's, read by choppa-srx, and for languages
that they do not know, Unicode's (UAX #29). What both get wrong in quotations is mended here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Languages that LanguageTool's rules name; read off the rules file of choppa-srx 1.0.0.
RULED_LANGUAGES = frozenset(
    {
        "ar",
        "be",
        "br",
        "ca",
        "da",
        "de",
        "el",
        "en",
        "eo",
        "es",
        "fa",
        "fr",
        "ga",
        "gl",
        "is",
        "it",
        "ja",
        "lt",
        "ml",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sr",
        "sv",
        "ta",
        "tl",
        "uk",
        "zh",
    }
)
#: A sentence never begins with these: they close what the sentence before has opened, or end it.
CLOSING_MARKS = frozenset("»”’)]}」』）】〉》›:;?!.,…。、！？")

#: LanguageTool's rules see so many characters at once: some search all that is before them for
#: every sentence. No paragraph that somebody wrote is as long.
_WINDOW = 4_000
#: Their rules about brackets try every four marks within 400 characters, which takes hours where
#: marks stand close together ("a. a. a. "). So many of them there are no sentences.
_MARK = re.compile(r"[.:]\s")
_MOST_MARKS = 32
_MARKS_WITHIN = 400


def sentences(text: str, language: str | None) -> tuple[tuple[int, int], ...]:
    """Find the sentences of a paragraph.

    Args:
        text: running text.
        language: two-letter code, or None where it is not known.

    Returns:
        Start and end of each sentence in code points, white space around it left out; every
        character that is not white space lies in exactly one of them.
    """
    found: list[tuple[int, int]] = []
    position = 0
    for stretch in _stretches(text, language):
        start = position + len(stretch) - len(stretch.lstrip())
        end = position + len(stretch.rstrip())
        position += len(stretch)
        if start >= end:
            continue
        if found and text[start] in CLOSING_MARKS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def _stretches(text: str, language: str | None) -> Iterable[str]:
    if language in RULED_LANGUAGES and not _is_dense(text):
        # "_two": a single line break does not end a sentence.
        return _ruled(text, f"{language}_two")
    return _unicode_stretches(text)


def _unicode_stretches(text: str) -> list[str]:
    """Part a text by Unicode's rules; what has no letter stays with the sentence before it.

    The library leaves such stretches (a picture, a row of marks) out of what it returns.
    """
    from unicode_segmentation_rs import unicode_sentences  # noqa: PLC0415 - as above

    found: list[str] = []
    position = 0
    for sentence in unicode_sentences(text):
        start = text.index(sentence, position)
        before = text[position:start]
        if found:
            found[-1] += before
            before = ""
        found.append(before + sentence)
        position = start + len(sentence)
    rest = text[position:]
    return [*found[:-1], found[-1] + rest] if found else [rest]


def _is_dense(text: str) -> bool:
    """Tell a text with more marks close together than sentences have."""
    marks = [mark.start() for mark in _MARK.finditer(text)]
    spans = zip(marks, marks[_MOST_MARKS:], strict=False)
    return any(last - first < _MARKS_WITHIN for first, last in spans)


def _ruled(text: str, rules: str) -> Iterator[str]:
    """Part a text by LanguageTool's rules, window by window, each from where a sentence begins."""
    from choppa import SrxTextIterator  # noqa: PLC0415 - costs 0.15 s

    start = 0
    held = ""
    while start < len(text):
        end = start + _WINDOW
        parts = list(SrxTextIterator(_rules(), rules, text[start:end]))
        unfinished = parts.pop() if end < len(text) else ""
        if len(unfinished) < _WINDOW // 2:
            # The end of the window may have cut it: it is read again.
            end -= len(unfinished)
            unfinished = ""
        for part in parts:
            yield held + part
            held = ""
        held += unfinished
        start = end
    if held:
        yield held


@cache
def _rules() -> Any:  # noqa: ANN401 - choppa has no types
    """Read the rules once per process: their first use costs 0.1 s."""
    from choppa import DEFAULT_SRX_RULESET, SrxDocument  # noqa: PLC0415 - as above

    return SrxDocument(ruleset=DEFAULT_SRX_RULESET)
