"""Questions that an article answers: those of an interview stand over their answers.

Owns what is such a question; never changes a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from threadbot.article.model import Heading, ListBlock, Paragraph, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from threadbot.article.model import Block

QUESTION_MARKS = ("?", "？", "؟", "?»", "?\u00a0»", "?”", "?“")
#: Words that open a question, with or without its mark.
INTERROGATIVES = {
    "fr": r"quand|où|qui|pourquoi|comment|combien|quel(?:le)?s?|à quoi",
    "en": r"when|where|who|why|how|what|which",
    "de": r"wann|wo|wer|warum|wieso|wie|was|welche[rs]?|wozu",
    "es": r"cuándo|dónde|quién(?:es)?|por qué|cómo|cuánt[oa]s?|qué",
    "it": r"quando|dove|chi|perché|come|quant[oaie]|che cosa|cosa",
    "pt": r"quando|onde|quem|por que|como|quant[oa]s?|o que",
    "nl": r"wanneer|waar|wie|waarom|hoe|wat|welke?",
    "ar": r"متى|أين|لماذا|كيف|ما الذي|كم",
}
_INTERROGATIVE = {
    language: re.compile(rf"[\W_]*(?:{words})\b", re.IGNORECASE)
    for language, words in INTERROGATIVES.items()
}
#: A longer paragraph that ends with a question answers others.
_LONGEST_QUESTION = 160


def is_question(text: str) -> bool:
    """Tell whether a paragraph is a question and nothing else, as an interview's are."""
    return text.endswith(QUESTION_MARKS) and len(text) <= _LONGEST_QUESTION


def heading_asks(text: str, language: str | None) -> bool:
    """Tell whether a heading asks what stands below it: "Why at night?", or "When and where"."""
    asks = _INTERROGATIVE.get(language or "")
    return text.endswith(QUESTION_MARKS) or bool(asks and asks.match(text))


def is_text(block: Block) -> bool:
    """Tell whether a block is text that posts carry, other than a heading."""
    return isinstance(block, (Paragraph, ListBlock, Quote))


def with_questions(blocks: Sequence[Block]) -> Iterator[Block]:
    """Make every question of an interview a heading, as most of them are already.

    Plain text marks no headings, so its reader takes a question of two sentences for a paragraph.

    Args:
        blocks: an article's. It is an interview where most headings ask, and at least two.

    Returns:
        The blocks, those questions as headings of the others' level.
    """
    levels = [block.level for block in blocks if isinstance(block, Heading) and _asks(block)]
    others = sum(isinstance(block, Heading) for block in blocks) - len(levels)
    is_interview = len(levels) > max(others, 1)
    for before, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        # What opens the article, or stands right under a heading, heads nothing.
        inside = before is not None and not isinstance(before, Heading)
        answered = is_interview and inside and after is not None and is_text(after)
        if answered and isinstance(block, Paragraph) and is_question(block.text):
            yield Heading(levels[0], block.text, block.links)
        else:
            yield block


def _asks(block: Heading) -> bool:
    return block.text.endswith(QUESTION_MARKS)
