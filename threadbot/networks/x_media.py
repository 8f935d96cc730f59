"""Brings a thread's pictures to X before its posts.

Owns the upload and what is said where it fails; a picture that cannot be had is a warning, never a
failed thread. Writes no post.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from threadbot.article.address import without_secrets
from threadbot.errors import ThreadbotError
from threadbot.networks.picture_fitting import fit
from threadbot.networks.port import Held, RetryAt
from threadbot.networks.x_answers import FAILURES, after_read, said, status_of
from threadbot.thread.pictures import MOST_IMAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from threadbot.article.model import Image
    from threadbot.networks.supplies import PictureSource
    from threadbot.networks.x_calls import Calls
    from threadbot.thread.model import Thread

#: The largest picture, in bytes, and the longest alternative text, in characters (X's documentation
#: of media, read on 2026-11-24).
MAX_IMAGE_BYTES: Final = 5_000_000
MAX_ALT: Final = 1000
#: How long what was uploaded is good for: X keeps it for a day, of which an hour is left for waits.
FRESH: Final = timedelta(hours=23)
#: How often a picture is uploaded before it is left out.
TRIES: Final = 3
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A thread's pictures on X.

    Args:
        media: the numbers of each post's pictures, by the post's place, counted from 0.
        described: how many of them got an alternative text.
        warnings: what is left out.
    """

    media: Mapping[int, tuple[str, ...]]
    described: int
    warnings: tuple[str, ...]


class MediaError(ThreadbotError):
    """Nothing can be uploaded now.

    Args:
        outcome: what follows.
    """

    def __init__(self, outcome: Held | RetryAt) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome
        #: How many pictures got an alternative text before, which X charges for.
        self.described = 0


class Media:
    """Uploads the pictures of threads.

    Args:
        calls: the account's.
        source: reads pictures.
        account: the account's name.
    """

    def __init__(self, calls: Calls, source: PictureSource, account: str) -> None:
        self._calls = calls
        self._source = source
        self._account = account

    def upload(self, thread: Thread, now: datetime) -> Uploaded:
        """Upload the pictures of a thread, each with its alternative text.

        Args:
            thread: any thread.
            now: the time (UTC).

        Raises:
            MediaError: X lets the account do nothing now.
        """
        warnings: list[str] = []
        media: dict[int, tuple[str, ...]] = {}
        described = 0
        try:
            for place, post in enumerate(thread.posts):
                numbers = []
                for image in post.images[:MOST_IMAGES]:
                    if (number := self._one(image, now, warnings)) is not None:
                        numbers.append(number)
                        described += self._describe(image, number, now, warnings)
                if numbers:
                    media[place] = tuple(numbers)
        except MediaError as error:
            error.described = described
            raise
        return Uploaded(media, described, tuple(dict.fromkeys(warnings)))

    def _one(self, image: Image, now: datetime, warnings: list[str]) -> str | None:
        try:
            picture = fit(self._source.picture(image.src), MAX_IMAGE_BYTES)
            return self._uploaded(base64.b64encode(picture.data).decode("ascii"))
        except ThreadbotError as error:
            why = str(error)
        except FAILURES as failure:
            why = f"X does not take it ({self._what(failure, now)})"
        warnings.append(f"The picture {without_secrets(image.src)} is left out: {why.rstrip('.')}.")
        return None

    def _uploaded(self, picture: str) -> str:
        """Upload a picture, again where X stumbles: twice the same picture does no harm."""
        for _ in range(TRIES - 1):
            try:
                return self._calls.upload(picture)
            except FAILURES as failure:
                if status_of(failure) in range(400, 500):
                    raise
        return self._calls.upload(picture)

    def _describe(self, image: Image, number: str, now: datetime, warnings: list[str]) -> bool:
        if not image.alt:
            return False
        long = len(image.alt) > MAX_ALT
        words = image.alt[: MAX_ALT - 1] + _ELLIPSIS if long else image.alt
        try:
            self._calls.describe(number, words)
        except FAILURES as failure:
            why = self._what(failure, now)
            warnings.append(
                f"The picture {without_secrets(image.src)} has no alternative text: "
                f"X refuses it ({why})."
            )
            return False
        return True

    def _what(self, failure: Exception, now: datetime) -> str:
        outcome = after_read(failure, self._account, now)
        if isinstance(outcome, Held | RetryAt):
            raise MediaError(outcome) from failure
        return said(failure).rstrip(".") or str(status_of(failure) or "no answer")
