"""Makes a picture fit for a network: small enough, upright, and telling nothing but what it shows.

Owns the scaling and the guards against pictures made to harm; never fetches one. Every picture is
drawn anew, so that no metadata (place, camera, author) goes out with it.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from threadbot.errors import ThreadbotError

#: More pixels than any camera's picture for a page; a small file can claim far more.
MAX_PIXELS: Final = 60_000_000
#: The longest side that Bluesky's own app uploads (read on 2026-11-24).
MAX_SIDE: Final = 2000

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITIES: Final = (90, 82, 74)
_SHRINK: Final = 0.75
#: So many of 65,536 greys are one of 256: 65535 / 255.
_GREYS_OF_16_BITS: Final = 257
_MIME_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png"}


class PictureError(ThreadbotError):
    """A picture cannot be used."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, ready to be uploaded.

    Args:
        data: the file's bytes.
        mime_type: of the file.
        width: pixels.
        height: pixels.
    """

    data: bytes
    mime_type: str
    width: int
    height: int


def fit(data: bytes, max_bytes: int) -> Picture:
    """Scale a picture until it is small enough.

    Args:
        data: a JPEG, PNG, WebP or GIF file; of an animation the first picture is taken.
        max_bytes: the most bytes that the result may have.

    Raises:
        PictureError: it is no such file, it is broken, or it has too many pixels.
    """
    with warnings.catch_warnings():
        # Pillow's own guard only warns up to twice its limit; the check below is stricter.
        warnings.simplefilter("ignore")
        try:
            return _fit(data, max_bytes)
        except PictureError:
            raise
        except UnidentifiedImageError as error:
            message = "it is no JPEG, PNG, WebP or GIF"
            raise PictureError(message) from error
        except Image.DecompressionBombError as error:
            message = f"it has more than {MAX_PIXELS // 1_000_000} million pixels"
            raise PictureError(message) from error
        except Exception as error:  # Pillow raises almost anything on a broken file.
            message = "it cannot be read as a picture; it may be broken"
            raise PictureError(message) from error


def _fit(data: bytes, max_bytes: int) -> Picture:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            message = f"it has more than {MAX_PIXELS // 1_000_000} million pixels"
            raise PictureError(message)
        # A JPEG is decoded at a fraction of its size where that is enough.
        opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
        flat = opened.format == "JPEG"
        picture = _plain(ImageOps.exif_transpose(opened))
    while True:
        picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        if (small := _encoded(picture, max_bytes, flat=flat)) is not None:
            return small
        width, height = (max(1, int(side * _SHRINK)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)


def _plain(picture: Image.Image) -> Image.Image:
    """Give a picture in sRGB, with transparency where it has any, and nothing else."""
    picture = _in_8_bits(picture)
    profile = picture.info.get("icc_profile")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and picture.mode in {"RGB", "CMYK"}:
        srgb = ImageCms.createProfile("sRGB")
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None  # A broken profile; the colours are taken as they are.
        picture = converted or picture
    picture = picture.convert(mode)
    picture.info.clear()
    return picture


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Scale the greys of a 16-bit PNG; Pillow's own conversion makes white of all but the darkest.

    A PNG of 16 bits in colour is scaled by Pillow when it is opened.
    """
    if not picture.mode.startswith("I"):
        return picture
    scaled = picture.point(lambda grey: grey / _GREYS_OF_16_BITS).convert("L")
    scaled.info = dict(picture.info)
    if "transparency" in scaled.info:
        scaled.info["transparency"] //= _GREYS_OF_16_BITS
    return scaled


def _encoded(picture: Image.Image, max_bytes: int, *, flat: bool) -> Picture | None:
    """Write a picture to at most so many bytes, or give None.

    Args:
        picture: what to write.
        max_bytes: the most bytes.
        flat: whether it comes from a JPEG, so that PNG would only make it larger.
    """
    if not flat:
        file = io.BytesIO()
        picture.save(file, "PNG")
        if file.tell() <= max_bytes:
            return Picture(file.getvalue(), _MIME_TYPES["PNG"], *picture.size)
    opaque = _on_white(picture)
    for quality in _QUALITIES:
        file = io.BytesIO()
        opaque.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.tell() <= max_bytes:
            return Picture(file.getvalue(), _MIME_TYPES["JPEG"], *picture.size)
    return None


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
