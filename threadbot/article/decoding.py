"""From bytes to clean text: which encoding it is, and which characters no article may hold.

Owns the size limit and the refusal of what is no text; never looks at what the text says.
"""

from __future__ import annotations

import codecs
import re

from threadbot.article.formats import foreign_format
from threadbot.errors import SourceError

#: The largest source that is read, in bytes. The longest articles are below 0.2 MB.
MAX_BYTES = 5_000_000

# A mark of four bytes begins with one of two, so the longer ones stand first.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Codecs of Python that are no character sets of documents.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"},
)
# Documents that call themselves Latin-1 or ASCII are read as Windows-1252, as browsers do:
# https://encoding.spec.whatwg.org/#names-and-labels (read 2026-11-24).
_WINDOWS = "cp1252"
_SAID_OF_WINDOWS = frozenset({"iso8859-1", "ascii"})
# Likewise the narrower sets that are declared for text in the wider one, and names of browsers'.
_WIDER = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_OTHER_NAMES = {"x-sjis": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "x-cp1252": "cp1252"}

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE | re.ASCII)
# https://html.spec.whatwg.org/#determining-the-character-encoding: within the first 1024 bytes;
# pages put it later, too.
_META_CHARSET = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_META_WITHIN = 4096
_LINE_ENDS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028]")
# Control characters; lone surrogates; U+FEFF and its like, which make a post invalid on X; and
# the private characters that mark spans while a template is rendered.
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufeff\ufffe\uffff\U0010fff0-\U0010ffff]",
)
_CONTROL = re.compile("[\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]")
_HIGH = re.compile("[\u0080-\U0010ffff]")
_WESTERN = re.compile("[À-ÖØ-öø-ÿŒœŸ«»‹›“”‘’‚„–—…•€£§°·²³½¼¿¡ªº©®™\u00a0\u00ad]")
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")

# More characters than the signs that documents of other programs begin with.
_HEAD = 200
_SAVE_AS_UTF8 = "save it as UTF-8 and try again"
_BINARY = "this is a binary file, not text; give the article as plain text or Markdown"


def clean(text: str) -> str:
    """Take away the characters that no article may hold, and make every line end a line feed."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n"))


def decode(data: bytes | str, content_type: str | None = None) -> str:
    """Make clean text of a source.

    A byte order mark wins, then the charset that `content_type` declares, then the one that a
    page's `meta` declares, then what the bytes look like: UTF-16, UTF-8, Windows-1252. A
    declaration that the bytes prove wrong is passed over.

    Args:
        data: the source, at most `MAX_BYTES` long.
        content_type: the value of a Content-Type field, where there was one.

    Returns:
        The text with line feeds, without control characters.

    Raises:
        SourceError: it is too large, empty, binary, a document of another program, or in no
            encoding that can be told.
    """
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 1e6, MAX_BYTES / 1e6
        message = f"{size:.1f} MB is too much for an article; the limit is {limit:.0f} MB"
        raise SourceError(message)
    if isinstance(data, bytes):
        _refuse_foreign(data)
    text = data if isinstance(data, str) else _decoded(data, _declared(content_type))
    if "\0" in text or len(_CONTROL.findall(text)) * 10 > len(text):
        raise SourceError(_BINARY)
    text = clean(text)
    _refuse_foreign(text[:_HEAD].encode())
    if not text.strip():
        message = "there is no text in it; give an article that has a title and some text"
        raise SourceError(message)
    return text


def _refuse_foreign(data: bytes) -> None:
    if (said := foreign_format(data)) is not None:
        message = f"it is {said}"
        raise SourceError(message)


def _declared(content_type: str | None) -> str | None:
    """The codec of the charset that a Content-Type declares, if Python knows it."""
    match = _CHARSET.search(content_type or "")
    return _codec(match[1]) if match else None


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(_OTHER_NAMES.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return None
    if codec in _NO_CHARSETS:
        return None
    return _WINDOWS if codec in _SAID_OF_WINDOWS else _WIDER.get(codec, codec)


def _declared_in_markup(data: bytes) -> str | None:
    """The codec that a page's own `meta` declares; UTF-16 cannot be declared so, it is UTF-8."""
    if not data.lstrip().startswith(b"<"):
        return None
    match = _META_CHARSET.search(data[:_META_WITHIN])
    codec = _codec(match[1].decode("ascii", "replace")) if match else None
    return "utf-8" if codec and codec.startswith(("utf-16", "utf-32")) else codec


def _decoded(data: bytes, declared: str | None) -> str:
    """Decode bytes by their mark, the declared charset, or their looks."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    charsets = [one for one in (declared, _declared_in_markup(data)) if one is not None]
    for charset in charsets:
        if (text := _as_declared(data, charset)) is not None:
            return text
    try:
        return _by_looks(data)
    except SourceError:
        if charsets:
            _strictly(data, charsets[0])
        raise


def _as_declared(data: bytes, charset: str) -> str | None:
    """Decode as declared, unless the bytes prove it wrong.

    Text in a set of one byte a character is hardly ever valid UTF-8 by chance, so bytes that
    are, are UTF-8.
    """
    if charset != "utf-8" and not data.isascii() and b"\0" not in data and b"\x1b" not in data:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    try:
        return data.decode(charset)
    except (UnicodeError, LookupError):
        return None


def _by_looks(data: bytes) -> str:
    """Decode what nothing rightly declares."""
    wide = _wide_encoding(data)
    if wide is not None:
        return _strictly(data, wide)
    if b"\0" in data:
        raise SourceError(_BINARY)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _western(data, error.start)


def _strictly(data: bytes, encoding: str) -> str:
    """Decode, or say which byte is wrong."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not valid {encoding.upper()}; {_SAVE_AS_UTF8}"
        raise SourceError(message) from error
    except (LookupError, UnicodeError) as error:
        message = f"it cannot be read as {encoding.upper()}; {_SAVE_AS_UTF8}"
        raise SourceError(message) from error


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: in most scripts' text one half of the pairs is often zero."""
    pairs = len(data) // 2
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 5 < pairs or min(even, odd) * 50 > pairs:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _western(data: bytes, first_bad: int) -> str:
    """Read as Windows-1252 what looks like Western European text, and refuse everything else."""
    message = f"byte {first_bad + 1} is not valid UTF-8; {_SAVE_AS_UTF8}"
    high_bytes = len(_HIGH_BYTE.findall(data))
    in_sequences = sum(map(len, _UTF8_SEQUENCE.findall(data)))
    if in_sequences * 2 > high_bytes:  # damaged UTF-8, which would come out as "Ã©"
        raise SourceError(message)
    try:
        text = data.decode(_WINDOWS)
    except UnicodeDecodeError as error:
        raise SourceError(message) from error
    high = len(_HIGH.findall(text))
    if len(_WESTERN.findall(text)) * 10 < high * 9 or high * 3 > len(text):
        raise SourceError(message)
    return text
