"""French no-break spaces: where one belongs and another space stands.

Owns which spaces are replaced. Each is replaced by one character, so the positions of links
hold; never adds or removes a character, and touches nothing else.
"""

from __future__ import annotations

import re
from dataclasses import replace

from threadbot.article.model import (
    Article,
    Block,
    Heading,
    Image,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
)

# A plain space or U+202F (which weighs 2 on X) before a high sign or after an opening quote.
_MISPLACED = re.compile("[ \u202f](?=[:;?!»])|(?<=«)[ \u202f]")


def fix_french(text: str) -> str:
    """Put U+00A0 before `: ; ? ! »` and after `«` where a plain or narrow space stands.

    >>> fix_french("Et Lyon ? « Oui »").replace("\u00a0", "~")
    'Et Lyon~? «~Oui~»'
    """
    return _MISPLACED.sub("\u00a0", text)


def fix_article(article: Article) -> Article:
    """Mend the spaces in everything that a thread may say of an article."""
    return replace(
        article,
        title=fix_french(article.title),
        description=article.description and fix_french(article.description),
        question=article.question and fix_french(article.question),
        blocks=tuple(_fix_block(block) for block in article.blocks),
    )


def _fix_block(block: Block) -> Block:
    if isinstance(block, Heading | Paragraph | Quote):
        text = fix_french(block.text)
        return block if text == block.text else replace(block, text=text)
    if isinstance(block, ListBlock):
        return replace(block, items=tuple(_fix_item(item) for item in block.items))
    if isinstance(block, Image):
        return replace(block, alt=fix_french(block.alt))
    return block


def _fix_item(item: ListItem) -> ListItem:
    children = tuple(_fix_item(child) for child in item.children)
    return replace(item, text=fix_french(item.text), children=children)
