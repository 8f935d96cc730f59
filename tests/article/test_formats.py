"""Documents of other programs that are given as an article."""

from __future__ import annotations

import io
import zipfile

import pytest

from threadbot.article import load
from threadbot.errors import SourceError


def archive(**files: str) -> bytes:
    """Make a ZIP archive; `__` in a name stands for a slash."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as opened:
        for name, text in files.items():
            opened.writestr(name.replace("__", "/"), text)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\n", "a PDF; save its text as .txt or .md"),
        (b"\n%PDF-1.7\n\0\1\2\3", "a PDF; save its text as .txt or .md"),
        ("%PDF-1.4\n1 0 obj\n", "a PDF; save its text as .txt or .md"),
        (
            "\ufeff{\\rtf1\\ansi Un titre}",
            "a rich text document (RTF); save its text as .txt or .md",
        ),
        (
            "{\\rtf1\\ansi Un titre}".encode("utf-16"),
            "a rich text document (RTF); save its text as .txt or .md",
        ),
        (b"%!PS-Adobe-3.0\n%%Title: a", "a PostScript file; save its text as .txt or .md"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
            "a document of an old Office program; save its text as .txt or .md",
        ),
        (archive(word__document="<w/>"), "a Word document; save its text as .txt or .md"),
        (
            archive(mimetype="application/vnd.oasis.opendocument.text"),
            "an OpenDocument file; save its text as .txt or .md",
        ),
        (archive(mimetype="application/epub+zip"), "an EPUB book; save its text as .txt or .md"),
        (archive(article="x"), "a ZIP archive; unpack it and give the article in it"),
        (b"\x1f\x8b\x08\0", "a compressed file; unpack it and give the article in it"),
        ("\\documentclass{article}\n", "a LaTeX document; save its text as .txt or .md"),
        (b"BEGIN:VCALENDAR\n", "a calendar; give the article as plain text or Markdown"),
        (b"BEGIN:VCARD\n", "an address card; give the article as plain text or Markdown"),
        (b"\x89PNG\r\n\x1a\n", "a picture; give the article as plain text or Markdown"),
    ],
)
def test_documents_of_other_programs_are_named(data: bytes | str, said: str) -> None:
    """The message says what the source is and what to do, whatever its name promises."""
    with pytest.raises(SourceError) as caught:
        load(data, name="article.txt")
    assert str(caught.value) == f"article.txt: it is {said}"


def test_an_article_on_such_documents_is_read() -> None:
    """Only the first characters tell."""
    article = load("Why %PDF- opens a PDF\n\nAnd {\\rtf1 opens RTF.", known={"language": "en"})
    assert article.title == "Why %PDF- opens a PDF"
