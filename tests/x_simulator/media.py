"""What X does with pictures and their descriptions.

Owns the rules for uploads; never shows a picture to anyone. Read on 2026-11-24: images up to
5 MB, GIFs up to 15 MB.
"""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, UnidentifiedImageError

from x_simulator import problems
from x_simulator.model import Media, RefusedError, json_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from x_simulator.limits import Limits
    from x_simulator.model import Answer, Request, XAccount
    from x_simulator.records import Records
    from x_simulator.settings import Settings

_MEGABYTE: Final = 1024 * 1024
#: What is taken: the formats, and the most bytes.
_TAKEN: Final = {
    "tweet_image": (("JPEG", "PNG", "WEBP"), 5 * _MEGABYTE),
    "tweet_gif": (("GIF",), 15 * _MEGABYTE),
}
_LIFETIME: Final = timedelta(hours=24)


class Uploads:
    """The rules for pictures.

    Args:
        records: what is stored.
        limits: charges.
        settings: the prices.
        clock: gives the time, in UTC.
    """

    def __init__(
        self,
        records: Records,
        limits: Limits,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._records = records
        self._limits = limits
        self._settings = settings
        self._clock = clock

    def upload(self, request: Request, account: XAccount) -> Answer:
        """Store a picture.

        Raises:
            RefusedError: it is too large, or nothing that X takes.
        """
        category: str = request.body["media_category"]
        content = _content(request.body["media"])
        if category not in _TAKEN:
            raise RefusedError(problems.invalid(f"the simulator takes no {category}"))
        formats, most = _TAKEN[category]
        if len(content) > most:
            raise RefusedError(problems.invalid(f"the file has more than {most} bytes"))
        image = _image(content, formats)
        expires = self._clock() + _LIFETIME
        identifier = self._records.new_id()
        self._records.media[identifier] = Media(
            identifier, account.user_id, content, category, image, expires
        )
        data = {
            "id": identifier,
            "media_key": f"3_{identifier}",
            "size": len(content),
            "expires_after_secs": int(_LIFETIME.total_seconds()),
            "image": image,
        }
        return json_answer(200, {"data": data})

    def describe(self, request: Request, account: XAccount) -> Answer:
        """Store a picture's description.

        Raises:
            RefusedError: there is no such picture of this user's.
        """
        identifier: str = request.body["id"]
        media = self._records.media.get(identifier)
        if media is None or media.owner != account.user_id:
            raise RefusedError(problems.invalid("Your media IDs are invalid."))
        self._limits.charge(self._settings.prices.metadata)
        metadata = request.body.get("metadata", {})
        text = metadata.get("alt_text", {}).get("text")
        self._records.media[identifier] = replace(media, alt_text=text)
        return json_answer(200, {"data": {"id": identifier, "associated_metadata": metadata}})


def _content(media: str | bytes) -> bytes:
    if isinstance(media, bytes):
        return media
    try:
        return base64.b64decode(media, validate=True)
    except binascii.Error:
        raise RefusedError(problems.invalid("the media is not base64")) from None


def _image(content: bytes, formats: tuple[str, ...]) -> dict[str, Any]:
    try:
        with Image.open(io.BytesIO(content), formats=formats) as image:
            width, height = image.size
            kind = f"image/{(image.format or '').lower()}"
    except UnidentifiedImageError:
        wanted = " or ".join(formats)
        raise RefusedError(problems.invalid(f"the media is not {wanted}")) from None
    return {"image_type": kind, "w": width, "h": height}
