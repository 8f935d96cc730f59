"""Pictures of articles: read beside them, or fetched under guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fetch.loopback import redirect, response
from threadbot.errors import FetchError, SourceError
from threadbot.fetch.settings import AllowedHost, FetchSettings
from threadbot.networks.article_pictures import LARGEST_PICTURE, ArticlePictures

if TYPE_CHECKING:
    from pathlib import Path

    from fetch.loopback import LoopbackServer, Serve
    from threadbot.networks.supplies import PictureSource


def pictures(folder: Path | None, *servers: LoopbackServer) -> PictureSource:
    """Give the pictures of an article in a folder, which may name these servers."""
    allow = tuple(AllowedHost("127.0.0.1", server.port) for server in servers)
    return ArticlePictures(folder, FetchSettings(allow, timeout=5))


def test_a_picture_beside_the_article_is_read(tmp_path: Path) -> None:
    """Its bytes come as they are, whatever they are."""
    (tmp_path / "deux mots.png").write_bytes(b"bytes")
    assert pictures(tmp_path).picture("deux%20mots.png") == b"bytes"


@pytest.mark.parametrize(
    ("src", "said"),
    [
        ("../outside.png", "lies outside the article's folder"),
        ("gone.png", "the image gone.png is not there"),
        ("\0.png", r"the image '\\x00\.png' cannot be read: embedded null byte"),
        ("a" * 300 + ".png", "cannot be read: file name too long"),
    ],
)
def test_a_picture_that_is_no_file_beside_it_is_told(src: str, said: str, tmp_path: Path) -> None:
    """Nothing outside the folder is read, and whatever a path is, there is a sentence."""
    (tmp_path / "outside.png").write_bytes(b"outside")
    (tmp_path / "article").mkdir()
    with pytest.raises(SourceError, match=said):
        pictures(tmp_path / "article").picture(src)


def test_an_article_without_a_folder_has_no_files() -> None:
    """What came from standard input or an address names no file of this machine."""
    with pytest.raises(SourceError, match="standard input"):
        pictures(None).picture("a.png")


def test_a_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    """The cap is exact, and nothing beyond it is read."""
    for name, size in {"fits.png": LARGEST_PICTURE, "large.png": LARGEST_PICTURE + 1}.items():
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(size)
    assert len(pictures(tmp_path).picture("fits.png")) == LARGEST_PICTURE
    with pytest.raises(SourceError, match=r"larger than 20,000,000 bytes; make it smaller"):
        pictures(tmp_path).picture("large.png")


@pytest.mark.parametrize("kind", ["image/jpeg", "IMAGE/PNG", "application/octet-stream", ""])
def test_a_picture_on_the_web_is_fetched(kind: str, serve: Serve) -> None:
    """Pictures are asked for; one whose server does not know its type is taken, too."""
    server = serve({"/a.jpg": response(b"bytes", Content_Type=kind)})
    src = f"http://127.0.0.1:{server.port}/a.jpg"
    assert pictures(None, server).picture(src) == b"bytes"
    assert "Accept: image/jpeg, image/png" in server.requests[0]


def test_what_is_no_picture_on_the_web_is_told(serve: Serve) -> None:
    """A page in place of a picture, or a picture that is gone, is a sentence without any key."""
    answers = {
        "/page": response(b"<p>", Content_Type="text/html"),
        "/gone": response(b"", "404 Not Found", Content_Type="image/png"),
    }
    server = serve(answers)
    place = f"http://127.0.0.1:{server.port}"
    with pytest.raises(SourceError, match=f"what is at {place}/page is no image but text/html;"):
        pictures(None, server).picture(f"{place}/page")
    with pytest.raises(
        SourceError, match=rf"the image {place}/gone\?… cannot be had: .* answers 404"
    ):
        pictures(None, server).picture(f"{place}/gone?key=1")


@pytest.mark.parametrize(
    "src", ["data:image/png;base64,AAAA", "//a.example/a.png", "file:///etc/passwd"]
)
def test_other_addresses_are_not_followed(src: str, tmp_path: Path) -> None:
    """Only http and https lead to a picture."""
    with pytest.raises(FetchError, match="does not begin with http:// or https://"):
        pictures(tmp_path).picture(src)


def test_an_article_cannot_make_us_read_a_private_server(serve: Serve) -> None:
    """A picture's address, and what it redirects to, is guarded."""
    inside = serve({"/": response(b"secret", Content_Type="image/png")})
    outside = serve({"/": redirect(f"http://127.0.0.1:{inside.port}/")})
    for port in (inside.port, outside.port):
        with pytest.raises(FetchError, match=r"port \d+ is neither 80 nor 443"):
            pictures(None, outside if port == outside.port else serve({})).picture(
                f"http://127.0.0.1:{port}/"
            )
    assert inside.requests == []
