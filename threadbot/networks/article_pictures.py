"""The pictures of an article: files beside it, and what it names by address.

Owns the cap on their size and what is said of one that cannot be had; never looks into one. It is
a `PictureSource` for the adapters. It may go to all hosts that are allowed: what a stranger's
article names of those was left out before its thread was stored.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from threadbot.article.address import without_secrets
from threadbot.errors import SourceError
from threadbot.fetch.settings import BY_HAND
from threadbot.pictures import is_local, local_picture

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.fetch.client import Fetcher
    from threadbot.fetch.settings import FetchSettings

#: The largest picture that is read, in bytes; networks take far smaller ones.
LARGEST_PICTURE = 20_000_000

_WANTED_TYPES = "image/jpeg, image/png, image/webp, image/gif, image/*;q=0.5"
# What servers say that do not know a picture's type; whoever opens it will find out.
_UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream"})


class ArticlePictures:
    """Gives the pictures of one article.

    Args:
        folder: where the article lies, the only place on this machine that is read; None where it
            lies nowhere.
        settings: what may be fetched.
    """

    def __init__(self, folder: Path | None, settings: FetchSettings) -> None:
        self._folder = folder
        self._settings = settings
        self._fetcher: Fetcher | None = None

    def picture(self, src: str) -> bytes:
        """Read or fetch a picture.

        Args:
            src: an address, or a path beside the article.

        Raises:
            SourceError: it is not there, too large or no picture.
            FetchError: its address leads nowhere, or where it may not lead.
        """
        return self._read(src) if is_local(src) else self._fetch(src)

    def _read(self, src: str) -> bytes:
        try:
            with local_picture(self._folder, src).open("rb") as stream:
                data = stream.read(LARGEST_PICTURE + 1)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            message = f"the image {src!r} cannot be read: {reason.lower()}"
            raise SourceError(message) from error
        if len(data) > LARGEST_PICTURE:
            message = f"the image {src} is larger than {LARGEST_PICTURE:,} bytes; make it smaller"
            raise SourceError(message)
        return data

    def _fetch(self, src: str) -> bytes:
        if self._fetcher is None:
            from threadbot.fetch.client import Fetcher  # noqa: PLC0415 - costs 100 ms

            self._fetcher = Fetcher(self._settings)
        fetched = self._fetcher.fetch(
            src, accept=_WANTED_TYPES, max_bytes=LARGEST_PICTURE, reach=BY_HAND
        )
        shown = without_secrets(src)
        if fetched.status != HTTPStatus.OK:
            message = f"the image {shown} cannot be had: its server answers {fetched.status}"
            raise SourceError(message)
        kind = fetched.content_type
        if not kind.startswith("image/") and kind not in _UNKNOWN_TYPES:
            message = f"what is at {shown} is no image but {kind}; correct its address"
            raise SourceError(message)
        return fetched.body
