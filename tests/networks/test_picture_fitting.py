"""Pictures are made fit for Bluesky: small, upright, without metadata; harmful ones are refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from bluesky_threads import jpeg, png, written
from PIL import Image as Drawing
from PIL import ImageCms

from threadbot.networks.bluesky_media import MAX_IMAGE_BYTES, MAX_THUMB_BYTES
from threadbot.networks.picture_fitting import (
    MAX_SIDE,
    PictureError,
    fit,
)


def opened(data: bytes) -> Drawing.Image:
    return Drawing.open(io.BytesIO(data))


@pytest.mark.parametrize("most", [MAX_THUMB_BYTES, MAX_IMAGE_BYTES, 20_000])
def test_a_large_picture_becomes_small_enough(most: int) -> None:
    """A noisy picture of 12 million pixels fits afterwards, with its proportions."""
    fitted = fit(jpeg(4000, 3000, noise=120, quality=95), most)
    assert len(fitted.data) <= most
    assert max(fitted.width, fitted.height) <= MAX_SIDE
    assert fitted.width / fitted.height == pytest.approx(4 / 3, rel=0.02)
    assert opened(fitted.data).size == (fitted.width, fitted.height)


@pytest.mark.parametrize(
    ("form", "mode", "mime_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("PNG", "1", "image/png"),
        ("WEBP", "RGB", "image/png"),
        ("GIF", "P", "image/png"),
    ],
)
def test_every_usual_format_is_read(form: str, mode: str, mime_type: str) -> None:
    """Every mode of the usual formats becomes a JPEG or a PNG of the same size."""
    fitted = fit(written(Drawing.new(mode, (30, 20)), form), MAX_THUMB_BYTES)
    assert (fitted.mime_type, fitted.width, fitted.height) == (mime_type, 30, 20)
    assert Drawing.MIME[str(opened(fitted.data).format)] == mime_type


def test_greys_of_16_bits_stay_what_they_are() -> None:
    """Black, greys and white are scaled to 8 bits, not all of them made white."""
    ramp = Drawing.new("I;16", (256, 1))
    for grey in range(256):
        ramp.putpixel((grey, 0), grey * 257)
    fitted = opened(fit(written(ramp, "PNG"), MAX_THUMB_BYTES).data)
    assert [fitted.getpixel((grey, 0)) for grey in range(256)] == [
        (grey,) * 3 for grey in range(256)
    ]


def test_a_transparent_grey_of_16_bits_stays_transparent() -> None:
    """The grey that a PNG declares transparent is scaled with the others."""
    grey = Drawing.new("I;16", (2, 1), 40_000)
    grey.putpixel((0, 0), 1_000)
    fitted = opened(fit(written(grey, "PNG", transparency=1_000), MAX_THUMB_BYTES).data)
    assert fitted.getpixel((0, 0)) == (3, 3, 3, 0)
    assert fitted.getpixel((1, 0)) == (155, 155, 155, 255)


def test_a_picture_is_turned_upright() -> None:
    """A camera's note on how it was held is obeyed, and goes."""
    exif = Drawing.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "the maker of the camera"
    fitted = fit(jpeg(40, 20, exif=exif), MAX_THUMB_BYTES)
    assert (fitted.width, fitted.height) == (20, 40)
    assert dict(opened(fitted.data).getexif()) == {}
    assert b"the maker" not in fitted.data


def test_a_wide_colour_profile_becomes_the_webs() -> None:
    """Colours are converted to sRGB, a broken profile is passed over, and neither goes out."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for each in (srgb, b"no profile"):
        fitted = fit(jpeg(icc_profile=each), MAX_THUMB_BYTES)
        assert "icc_profile" not in opened(fitted.data).info


def test_transparency_stays_where_it_fits_and_becomes_white_where_it_does_not() -> None:
    """A transparent PNG stays one; one too large becomes a JPEG on white, not on black."""
    clear = png(50, 50, "#00000000")
    assert opened(fit(clear, MAX_THUMB_BYTES).data).mode == "RGBA"
    noisy = Drawing.effect_noise((400, 400), 120).convert("RGBA")
    noisy.putalpha(0)
    fitted = fit(written(noisy, "PNG"), 30_000)
    assert fitted.mime_type == "image/jpeg"
    assert opened(fitted.data).getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """Make a small PNG that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no JPEG, PNG, WebP or GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG, PNG, WebP or GIF"),
        (written(Drawing.new("RGB", (9, 9)), "BMP"), "no JPEG, PNG, WebP or GIF"),
        (jpeg(800, 600, noise=99)[:5000], "cannot be read"),
        (png()[:60], "cannot be read"),
        (bomb(9000, 9000), "60 million pixels"),
        (bomb(60_000, 60_000), "60 million pixels"),
    ],
    ids=["empty", "svg", "bmp", "cut jpeg", "cut png", "large", "bomb"],
)
def test_what_is_no_picture_is_refused(data: bytes, reason: str) -> None:
    """Anything but a whole picture of a usual size is refused with a reason."""
    with pytest.raises(PictureError, match=reason):
        fit(data, MAX_THUMB_BYTES)
