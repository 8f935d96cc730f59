"""Writing to standard output.

Owns what happens when it cannot be written: a reader that has left ends the program quietly, a
full disk is said, a letter that the terminal lacks becomes its nearest one. Standard output carries
what was asked for and nothing else.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from contextlib import suppress

import click

from threadbot.errors import ThreadbotError

#: How `str.encode` calls what puts the nearest letter in the place of one that is lacking.
NEAREST = "threadbot.nearest"
#: Signs of cards and of typography, each with one that every terminal has and that is as wide.
_NEAREST_SIGNS = str.maketrans("━·•▣→–—’‘“”«»␛", "-.*#>--''\"\"<>^")

_EMOJI_SELECTOR = "\ufe0f"

#: What shells report for a program whose reader (`| head`) has left.
READER_LEFT = 141


def write(content: str | bytes) -> None:
    """Write to standard output and flush it.

    Args:
        content: text for the terminal's encoding, or bytes that are written as they are.

    Raises:
        click.exceptions.Exit: nobody reads any more.
        ThreadbotError: it cannot be written.
    """
    encoding = output_encoding()
    data = content.encode(encoding, NEAREST) if isinstance(content, str) else content
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except OSError as error:
        _forget_the_rest()
        if error.errno == errno.EPIPE:
            raise click.exceptions.Exit(READER_LEFT) from None
        message = f"standard output cannot be written ({error.strerror}): free it and try again"
        raise ThreadbotError(message) from None


def write_lines(text: str) -> None:
    """Write lines for people; nothing in them, whoever wrote it, steers the terminal.

    Raises:
        click.exceptions.Exit: nobody reads any more.
        ThreadbotError: it cannot be written.
    """
    from threadbot.preview.characters import visible  # noqa: PLC0415 - not for --help

    write("".join(f"{visible(line)}\n" for line in text.split("\n")))


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Give stand-ins that take as many cells as what cannot be encoded, so that cards line up."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(_stand_in, lacking)), error.end


def _stand_in(character: str) -> str:
    sign = character.translate(_NEAREST_SIGNS)
    letter = unicodedata.normalize("NFKD", sign)[0]
    if letter.isascii() and letter.isprintable():
        return letter
    if character == _EMOJI_SELECTOR:
        return "?"  # it widens the sign before it to two cells
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return ""  # it takes no cell of its own
    return "??" if unicodedata.east_asian_width(character) in {"W", "F"} else "?"


codecs.register_error(NEAREST, _nearest)


def output_encoding() -> str:
    """Give the encoding of standard output.

    Raises:
        ThreadbotError: standard output is closed.
    """
    if sys.stdout is None:
        message = "standard output is closed: leave it open, or send it to a file"
        raise ThreadbotError(message)
    return sys.stdout.encoding


def _forget_the_rest() -> None:
    # Python flushes what is left at exit, and would complain about it a second time.
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
