"""What is no article although it may look like text: documents of other programs.

Owns how they are told by their first characters and what is said of them; never reads one.
"""

from __future__ import annotations

from typing import Final

_SAVE: Final = "save its text as .txt or .md"
#: How far the names inside an archive are looked for, in bytes.
_LOOKED_AT: Final = 4096

_ARCHIVE: Final = b"PK\x03\x04"
# https://learn.microsoft.com/openspecs/office_standards/ms-docx and
# https://docs.oasis-open.org/office/OpenDocument/v1.3/ (read 2026-11-24).
_INSIDE_ARCHIVES: Final = (
    (b"application/vnd.oasis.opendocument", f"an OpenDocument file; {_SAVE}"),
    (b"application/epub+zip", f"an EPUB book; {_SAVE}"),
    (b"word/", f"a Word document; {_SAVE}"),
    (b"[Content_Types].xml", f"an Office document; {_SAVE}"),
)
_FORMATS: Final = (
    (b"%PDF-", f"a PDF; {_SAVE}"),
    (b"%!PS", f"a PostScript file; {_SAVE}"),
    (b"{\\rtf", f"a rich text document (RTF); {_SAVE}"),
    (b"\xd0\xcf\x11\xe0", f"a document of an old Office program; {_SAVE}"),
    (b"\\documentclass", f"a LaTeX document; {_SAVE}"),
    (b"BEGIN:VCALENDAR", "a calendar; give the article as plain text or Markdown"),
    (b"BEGIN:VCARD", "an address card; give the article as plain text or Markdown"),
    (b"\x89PNG", "a picture; give the article as plain text or Markdown"),
    (b"\xff\xd8\xff", "a picture; give the article as plain text or Markdown"),
    (b"GIF8", "a picture; give the article as plain text or Markdown"),
    (b"\x1f\x8b", "a compressed file; unpack it and give the article in it"),
)


def foreign_format(data: bytes) -> str | None:
    """Tell a document that only another program can read.

    Args:
        data: the source, or its first few thousand bytes.

    Returns:
        What it is and what to do, to follow the words "it is"; None for anything else.
    """
    head = data[:_LOOKED_AT].lstrip(b" \t\r\n")
    if head.startswith(_ARCHIVE):
        named = (said for sign, said in _INSIDE_ARCHIVES if sign in head)
        return next(named, "a ZIP archive; unpack it and give the article in it")
    return next((said for sign, said in _FORMATS if head.startswith(sign)), None)
