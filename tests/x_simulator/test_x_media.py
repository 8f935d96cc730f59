"""Pictures in the simulated X: uploaded, described, attached."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from x_simulator.clients import call, post, xdk_session

if TYPE_CHECKING:
    import requests

    from x_simulator.clock import Clock
    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

MEGABYTE = 1024 * 1024


def picture(kind: str = "PNG") -> bytes:
    """Make a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(stream, kind)
    return stream.getvalue()


def upload(
    x: XSimulator, account: XAccount, content: bytes, category: str = "tweet_image"
) -> requests.Response:
    """Upload a picture as a file of a form."""
    files = {"media": ("mill.png", content, "image/png")}
    form = {"media_category": category}
    return call(x, account, "POST", "/2/media/upload", files=files, data=form)


@pytest.mark.parametrize("way", ["form", "JSON"])
def test_a_picture_is_uploaded_in_one_go(x: XSimulator, way: str) -> None:
    """Its bytes arrive as they are, in a form or as base64 in JSON."""
    account = x.account()
    if way == "form":
        answer = upload(x, account, picture())
    else:
        media = base64.b64encode(picture()).decode()
        body = {"media": media, "media_category": "tweet_image"}
        answer = call(x, account, "POST", "/2/media/upload", json=body)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["image"] == {"image_type": "image/png", "w": 4, "h": 3}
    assert data["media_key"] == f"3_{data['id']}"
    assert x.media(data["id"]).content == picture()


def test_a_post_shows_its_pictures_with_their_descriptions(x: XSimulator) -> None:
    """A short address for the pictures ends the text, and the entities say which they are."""
    account = x.account()
    made = [upload(x, account, picture()).json()["data"]["id"] for _ in range(2)]
    described = {"id": made[0], "metadata": {"alt_text": {"text": "A mill."}}}
    call(x, account, "POST", "/2/media/metadata", json=described)
    post(x, account, "Look & see.", media={"media_ids": made})
    path = f"/2/users/{account.user_id}/tweets?tweet.fields=entities,attachments"
    (shown,) = call(x, account, "GET", path).json()["data"]
    urls = shown["entities"]["urls"]
    assert shown["text"] == f"Look &amp; see. {urls[0]['url']}"
    assert urls[0]["expanded_url"] == f"https://x.com/enpause/status/{shown['id']}/photo/1"
    assert [url["media_key"] for url in urls] == [f"3_{each}" for each in made]
    assert shown["attachments"]["media_keys"] == [f"3_{each}" for each in made]
    assert [x.media(each).alt_text for each in made] == ["A mill.", None]
    assert x.posts(account)[0].media == tuple(made)


def test_pictures_alone_are_a_post(x: XSimulator) -> None:
    """A post without a text is shown as the address of its pictures, and repeats no other."""
    account = x.account()
    for _ in range(2):
        made = upload(x, account, picture()).json()["data"]["id"]
        answer = call(x, account, "POST", "/2/tweets", json={"media": {"media_ids": [made]}})
        assert answer.json()["data"]["text"].startswith("https://t.co/")


def test_xs_own_sdk_uploads_and_describes(x: XSimulator) -> None:
    """X's own SDK sends base64 in JSON, and finds what it expects."""
    from xdk.schemas import (  # noqa: PLC0415 - costs a second
        CreateMediaMetadataRequest,
        MediaUploadRequest,
    )

    media = base64.b64encode(picture()).decode()
    with xdk_session(x, x.account()) as client:
        body = MediaUploadRequest(media=media, media_category="tweet_image")
        made = client.media.upload(body).data.id
        metadata = {"id": made, "metadata": {"alt_text": {"text": "A mill."}}}
        client.media.create_metadata(CreateMediaMetadataRequest.model_validate(metadata))
    assert x.media(made).alt_text == "A mill."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no picture", "not JPEG or PNG or WEBP"),
        (picture("GIF"), "not JPEG or PNG or WEBP"),
        (picture() + bytes(5 * MEGABYTE), "more than"),
    ],
    ids=["no picture", "a GIF", "too large"],
)
def test_what_is_no_picture_for_x_is_refused(x: XSimulator, content: bytes, said: str) -> None:
    """Other formats and too many bytes get a 400."""
    answer = upload(x, x.account(), content)
    assert answer.status_code == 400
    assert said in answer.text


def test_pictures_are_ones_own_and_last_a_day(x: XSimulator, x_clock: Clock) -> None:
    """Unknown, others' and expired pictures cannot be attached or described."""
    account = x.account()
    others = upload(x, x.account("other"), picture()).json()["data"]["id"]
    made = upload(x, account, picture()).json()["data"]["id"]
    x_clock.move(timedelta(hours=24))
    for identifier in ("42", others, made):
        answer = post(x, account, "Look.", media={"media_ids": [identifier]})
        assert (answer.status_code, "media IDs are invalid" in answer.text) == (400, True)
    for identifier in ("42", others):
        body = {"id": identifier, "metadata": {"alt_text": {"text": "A mill."}}}
        answer = call(x, account, "POST", "/2/media/metadata", json=body)
        assert answer.status_code == 400


def test_a_gif_stands_alone(x: XSimulator) -> None:
    """A post takes one GIF and nothing else, or up to four images."""
    account = x.account()
    gif = upload(x, account, picture("GIF"), "tweet_gif").json()["data"]["id"]
    image = upload(x, account, picture()).json()["data"]["id"]
    assert post(x, account, "Both.", media={"media_ids": [gif, image]}).status_code == 400
    assert post(x, account, "One.", media={"media_ids": [gif]}).status_code == 201
    assert post(x, account, "Four.", media={"media_ids": [image] * 4}).status_code == 201
