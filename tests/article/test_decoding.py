"""From bytes to clean text."""

from __future__ import annotations

import pytest

from threadbot.article.decoding import MAX_BYTES, decode
from threadbot.errors import SourceError

_TEXT = "Un été à Valbrune\n\nL’eau « froide » coûte 12 € — et c’est peu.\n"


@pytest.mark.parametrize(
    ("data", "content_type", "expected"),
    [
        (_TEXT.encode(), None, _TEXT),
        (_TEXT.encode("cp1252"), None, _TEXT),
        (_TEXT.encode("utf-16"), None, _TEXT),
        (_TEXT.encode("utf-16-be"), None, _TEXT),
        (_TEXT.encode("utf-16-le"), None, _TEXT),
        (b"\xff\xfe\x00\x00" + _TEXT.encode("utf-32-le"), None, _TEXT),
        ("Привет".encode("koi8-r"), "text/plain; charset=KOI8-R", "Привет"),
        ("東京の夏".encode("shift-jis"), 'text/plain; charset="shift_jis"', "東京の夏"),
        (b"\xe9t\xe9 \x80", "text/plain; charset=iso-8859-1", "été €"),
        ("été".encode(), "text/plain; charset=nonsense", "été"),
        ("été".encode(), "text/plain; charset=unicode_escape", "été"),
        ("été".encode(), "text/plain; charset=hex", "été"),
        ("été".encode(), "text/plain; charset=iso-8859-1", "été"),
        ("Il a été là-bas".encode("cp1252"), "text/plain; charset=utf-8", "Il a été là-bas"),
        ("①東京".encode("cp932"), "text/plain; charset=Shift_JIS", "①東京"),
        ("東京".encode("cp932"), "text/html; charset=x-sjis", "東京"),
        ("東京".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "東京"),
        ("été".encode(), "text/plain", "été"),
        ("\ufeffété".encode(), "text/plain; charset=iso-8859-1", "été"),
        ("a\x07b\ufeffc\U0010fff5d\ud800e\x9ff" + "g" * 20, None, "abcdef" + "g" * 20),
        ("a\r\nb\rc\u2028d\u2029e\x0bf\x85g", None, "a\nb\nc\nd\n\ne\nf\ng"),
    ],
)
def test_text_is_decoded(data: bytes | str, content_type: str | None, expected: str) -> None:
    """A mark, a declared charset, or the looks of the bytes tell the encoding."""
    assert decode(data, content_type) == expected


@pytest.mark.parametrize(
    ("data", "content_type", "words"),
    [
        (b"", None, "no text"),
        (b" \n\t", None, "no text"),
        ("\ufeff\u00a0", None, "no text"),
        (b"%PDF-1.7\n\0\1\2\3", None, "it is a PDF"),
        (b"\1\2\3\4\5\6abc", None, "binary"),
        ("a\0b", None, "binary"),
        (b"x" * (MAX_BYTES + 1), None, "limit is 5 MB"),
        ("Привет, мир".encode("koi8-r"), None, "not valid UTF-8"),
        ("Un été à Valbrune".encode()[:-1] + b"\xc3", None, "byte 20 is not valid UTF-8"),
        ("Été à Évry".encode("mac-roman"), None, "not valid UTF-8"),
        (b"caf\x81 et th\x9d", None, "not valid UTF-8"),
        (
            "Été à Évry".encode("mac-roman"),
            "text/plain; charset=utf-8",
            "byte 1 is not valid UTF-8",
        ),
        ("Été à Évry".encode("mac-roman"), "text/plain; charset=hex", "cannot be read as HEX"),
        (b"\xff\xfea", None, "byte 1 is not valid UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(
    data: bytes | str, content_type: str | None, words: str
) -> None:
    """The message says in a sentence what is wrong with the source."""
    with pytest.raises(SourceError, match=words):
        decode(data, content_type)


@pytest.mark.parametrize(
    ("page", "codec", "content_type"),
    [
        ("<meta charset=utf-8>été", "utf-8", None),
        ("<META CHARSET = 'windows-1252'>été – €", "cp1252", None),
        (
            "<html><meta http-equiv=Content-Type content='text/html; charset=koi8-r'>Привет",
            "koi8-r",
            None,
        ),
        ("<meta charset=shift_jis>東京の夏①", "cp932", None),
        ("<meta charset=gb2312>東京鎔", "gb18030", None),
        ("<meta charset=utf-16>été", "utf-8", None),
        ("<meta charset=nonsense>été", "cp1252", None),
        ("<meta charset=utf-8>un été à la mer", "cp1252", None),
        ("<meta charset=iso-8859-1>été", "utf-8", None),
        ("<meta charset=koi8-r>Привет", "utf-8", "text/html"),
        ("<meta charset=koi8-r>été", "cp1252", "text/html; charset=iso-8859-1"),
        ("<meta charset=koi8-r>Привет", "koi8-r", "text/html; charset=utf-8"),
        ("été <meta charset=koi8-r>", "cp1252", None),
    ],
)
def test_a_page_may_declare_its_charset(page: str, codec: str, content_type: str | None) -> None:
    """The head of a page is believed after the Content-Type, unless the bytes prove it wrong."""
    assert decode(page.encode(codec), content_type) == page
