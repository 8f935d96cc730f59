"""Brings a thread's pictures and mentions to Bluesky before its posts.

Owns what is looked up and uploaded, and what is said where that fails; a mention or a picture that
cannot be had is a warning, never a failed thread. Writes no record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from atproto import models

from threadbot.article.address import without_secrets
from threadbot.errors import ThreadbotError
from threadbot.networks.bluesky_answers import FAILURES, said, status_of
from threadbot.networks.bluesky_records import Found, kept_tags
from threadbot.networks.bluesky_session import NO_RENEWAL
from threadbot.networks.picture_fitting import fit
from threadbot.thread.bluesky_text import MAX_LANGS, MAX_TAGS
from threadbot.thread.pictures import MOST_IMAGES

if TYPE_CHECKING:
    from threadbot.article.model import Image
    from threadbot.networks.bluesky_session import Connection
    from threadbot.networks.picture_fitting import Picture
    from threadbot.networks.supplies import PictureSource
    from threadbot.thread.model import Thread

#: Lexicons app.bsky.embed.external and app.bsky.embed.images (read on 2026-11-24).
MAX_THUMB_BYTES: Final = 1_000_000
MAX_IMAGE_BYTES: Final = 2_000_000

_UPLOAD_BLOB: Final = "com.atproto.repo.uploadBlob"

#: A model of the SDK, which is not annotated.
Model: TypeAlias = Any


class Media:
    """Gathers what a thread's records refer to.

    Args:
        connection: the account's.
        source: reads pictures.
    """

    def __init__(self, connection: Connection, source: PictureSource) -> None:
        self._connection = connection
        self._source = source

    def gather(self, thread: Thread) -> Found:
        """Resolve the handles and upload the pictures of a thread.

        Args:
            thread: any thread.

        Raises:
            SignInError: there is no session to upload with.
        """
        warnings = list(_left_out(thread))
        dids = self._dids(thread, warnings)
        thumbs: dict[str, Model] = {}
        images: dict[int, list[Model]] = {}
        for place, post in enumerate(thread.posts):
            if post.card is not None:
                if (src := post.card.image) and (blob := self._thumb(src, warnings)):
                    thumbs[src] = blob
                continue
            shown = [self._image(image, warnings) for image in post.images[:MOST_IMAGES]]
            images[place] = [each for each in shown if each is not None]
        return Found(dids, thumbs, images, tuple(dict.fromkeys(warnings)))

    def _dids(self, thread: Thread, warnings: list[str]) -> dict[str, str]:
        spans = (span for post in thread.posts for span in post.spans if span.kind == "mention")
        dids = {}
        for handle in dict.fromkeys(span.value for span in spans):
            try:
                dids[handle] = resolved(self._connection, handle)
            except FAILURES as failure:
                warnings.append(
                    f"@{handle} is not mentioned, the words alone stay: its account cannot be "
                    f"found ({_what(failure)}). Check [handles] in the configuration."
                )
        return dids

    def _thumb(self, src: str, warnings: list[str]) -> Model | None:
        uploaded = self._uploaded(src, MAX_THUMB_BYTES, "the link card's picture", warnings)
        return None if uploaded is None else uploaded[0]

    def _image(self, image: Image, warnings: list[str]) -> Model | None:
        uploaded = self._uploaded(image.src, MAX_IMAGE_BYTES, "the picture", warnings)
        if uploaded is None:
            return None
        blob, picture = uploaded
        return models.AppBskyEmbedImages.Image(
            alt=image.alt,
            image=blob,
            aspect_ratio=models.AppBskyEmbedDefs.AspectRatio(
                width=picture.width, height=picture.height
            ),
        )

    def _uploaded(
        self, src: str, max_bytes: int, what: str, warnings: list[str]
    ) -> tuple[Model, Picture] | None:
        """Read, scale and upload a picture, or say why it is missing."""
        try:
            picture = fit(self._source.picture(src), max_bytes)
            return self._upload(picture), picture
        except ThreadbotError as error:
            why = str(error)
        except FAILURES as failure:
            why = f"Bluesky does not take it ({_what(failure)})"
        shown = f"{what[0].upper()}{what[1:]} {without_secrets(src)}"
        warnings.append(f"{shown} is left out: {why.rstrip('.')}.")
        return None

    def _upload(self, picture: Picture) -> Model:
        headers = {"Content-Type": picture.mime_type}
        # The SDK's own upload_blob hands the bytes to httpx in a way that httpx warns about.
        answer = self._connection.call(
            lambda client: client.invoke_procedure(
                _UPLOAD_BLOB, content=picture.data, headers=headers, **NO_RENEWAL
            )
        )
        return models.ComAtprotoRepoUploadBlob.Response.model_validate(answer.content).blob


def resolved(connection: Connection, handle: str) -> str:
    """Give the identity (DID) that a handle belongs to.

    Args:
        connection: any account's.
        handle: without `@`.

    Raises:
        Exception: one of `bluesky_answers.FAILURES`; nobody is found.
    """
    asked = models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
    answer = connection.anonymous.com.atproto.identity.resolve_handle(asked, **NO_RENEWAL)
    return str(answer.did)


def _left_out(thread: Thread) -> tuple[str, ...]:
    """Say what Bluesky's record has no room for."""
    said_of = []
    if unfit := kept_tags(thread)[1]:
        said_of.append(f"Bluesky takes {MAX_TAGS} short tags; left out: {', '.join(unfit)}.")
    if len(thread.langs) > MAX_LANGS:
        said_of.append(
            f"Bluesky takes {MAX_LANGS} languages; {thread.langs[MAX_LANGS:]} are left out."
        )
    for number, post in enumerate(thread.posts, 1):
        over = post.images if post.card else post.images[MOST_IMAGES:]
        said_of += [
            f"The picture {without_secrets(image.src)} is left out: post {number} is full."
            for image in over
        ]
    return tuple(said_of)


def _what(failure: Exception) -> str:
    name, message = said(failure)
    return message or name or str(status_of(failure) or "no answer")
