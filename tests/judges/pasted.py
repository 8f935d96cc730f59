"""An article as somebody would paste it, and the pieces that its editor sees in it.

Owns the reading of the bench's articles by a few conventions of their own, so that threadbot's
readers are judged as well; sentences are Unicode's, found by `Intl.Segmenter`. In plain text a
block of one line that ends like no sentence is a heading. Never reads other articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.node import NodeOracle

FOLDER = Path(__file__).parents[1] / "threads" / "articles"

PieceKind: TypeAlias = Literal["title", "heading", "intro", "item", "sentence"]

_ITEM = re.compile(r"\s*(?:[-•]|\d+\.)\s+")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_SENTENCE_END = re.compile(r"[.:!;…。؛۔।]$|https?://\S+$")
_LONGEST_HEADING = 110
#: Closing marks belong to the sentence that they close.
_CLOSING = re.compile(r"[»”’“\"'」』)\]:;.!?…\s]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """What must stay whole.

    Args:
        kind: what it is; a quotation counts as its sentences.
        text: as pasted, number or bullet included.
    """

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """An article as plain text.

    Args:
        name: the name of its file, without the ending.
        language: two-letter code.
        text: what a peer gets.
        pieces: all of it, in order.
    """

    name: str
    language: str
    text: str
    pieces: tuple[Piece, ...]


def language_of(path: Path) -> str:
    """Tell an article's language by its file's name; the one of emoji is in English."""
    code = path.stem.partition("-")[0]
    return "en" if code == "emoji" else code


def article_files() -> list[Path]:
    """List the bench's articles."""
    return sorted(path for path in FOLDER.iterdir() if path.suffix in {".md", ".txt"})


def read_pasted(path: Path, oracle: NodeOracle) -> Pasted:
    """Read one of the bench's articles."""
    return pasted(path.read_text("utf-8"), path, oracle)


def pasted(source: str, path: Path, oracle: NodeOracle) -> Pasted:
    """Read an article by the bench's conventions.

    Args:
        source: its text.
        path: its name tells the language and whether it is Markdown.
        oracle: finds the sentences.
    """
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", source) if block.strip()]
    marked = path.suffix == ".md"
    plain = [_unmarked(block) if marked else block for block in blocks]
    language = language_of(path)
    pieces = [Piece("title", plain[0])]
    for at in range(1, len(plain)):
        listed = at + 1 < len(plain) and _ITEM.match(plain[at + 1]) is not None
        pieces += _pieces(blocks[at], plain[at], marked, listed, _Sentences(oracle, language))
    return Pasted(path.stem, language, "\n\n".join(plain), tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Sentences:
    oracle: NodeOracle
    language: str

    def of(self, text: str) -> list[str]:
        """Part a text; what closes a sentence is moved to its end."""
        found: list[str] = []
        for sentence in self.oracle.sentences([text], self.language)[0]:
            closing = _CLOSING.match(sentence)
            end = closing.end() if closing and found else 0
            if end:
                found[-1] += sentence[:end]
            rest = sentence[end:]
            goes_on = bool(found) and (rest[:1].islower() or not rest.strip())
            if goes_on:
                found[-1] += rest
            else:
                found.append(rest)
        return found


def _unmarked(block: str) -> str:
    lines = (re.sub(r"^(?:#+|>) ", "", line) for line in block.split("\n"))
    bulleted = (re.sub(r"^- ", "• ", line) for line in lines)
    return _LINK.sub(r"\1", "\n".join(bulleted))


def _pieces(
    block: str,
    plain: str,
    marked: bool,  # noqa: FBT001 - a private step
    listed: bool,  # noqa: FBT001 - a private step
    sentences: _Sentences,
) -> Iterator[Piece]:
    if _ITEM.match(plain):
        yield from (Piece("item", line) for line in plain.split("\n"))
    elif block.startswith("#") if marked else _heads(plain):
        yield Piece("heading", plain)
    else:
        *before, last = sentences.of(plain)
        yield from (Piece("sentence", text) for text in before)
        yield Piece("intro" if listed else "sentence", last)


def _heads(plain: str) -> bool:
    return len(plain) <= _LONGEST_HEADING and not _SENTENCE_END.search(plain)
