"""The outsiders that judge requests, tried with faults that were planted."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters

from x_simulator.clients import call, post, reply_to
from x_simulator.simulator import SPECIFICATION, XSimulator
from x_simulator.test_x_media import picture, upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests
    from oracle.node import NodeOracle

    from x_simulator.clock import Clock

#: Bodies of POST /2/tweets that X's own specification forbids.
WRONG: dict[str, dict[str, Any]] = {
    "unknown field": {"text": "One.", "colour": "red"},
    "unknown field within": {"text": "One.", "reply": {**reply_to("1"), "to": "all"}},
    "no object": {"text": "One.", "reply": "1"},
    "unknown choice": {"text": "One.", "reply_settings": "nobody"},
    "wrong type": {"text": 1},
}
#: What only the specification knows to be wrong, not the models of X's SDK.
WRONG_BY_SPECIFICATION: dict[str, dict[str, Any]] = {
    "no id": {"text": "One.", "reply": reply_to("x")},
    "five pictures": {"text": "One.", "media": {"media_ids": list("12345")}},
    "no pictures": {"text": "One.", "media": {"media_ids": []}},
}


@pytest.fixture(params=["specification", "models"])
def judged(
    request: pytest.FixtureRequest, oracle: NodeOracle, x_clock: Clock
) -> Iterator[XSimulator]:
    """Give the simulator with the judge of bodies, and with the one that stands in for it."""
    if request.param == "specification":
        request.getfixturevalue("shared")
    simulator = XSimulator(
        x_clock, oracle, SPECIFICATION if request.param == "specification" else None
    )
    yield simulator
    simulator.close()
    simulator.assert_no_complaints()


def complained(x: XSimulator, judge: str) -> bool:
    """Tell whether one judge alone has complained, and once."""
    return [complaint.judge for complaint in x.take_complaints()] == [judge]


@pytest.mark.parametrize("name", WRONG)
def test_a_body_that_is_wrong_is_refused(judged: XSimulator, name: str) -> None:
    """Both judges of bodies find it, X's answer is a 400, and nothing is stored."""
    account = judged.account()
    answer = call(judged, account, "POST", "/2/tweets", json=WRONG[name])
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert complained(judged, "openapi")
    assert judged.posts(account) == []


@pytest.mark.parametrize("name", WRONG_BY_SPECIFICATION)
@pytest.mark.usefixtures("shared")
def test_the_specification_knows_the_values_as_well(x: XSimulator, name: str) -> None:
    """Patterns and numbers of the specification are kept to."""
    answer = call(x, x.account(), "POST", "/2/tweets", json=WRONG_BY_SPECIFICATION[name])
    assert answer.status_code == 400
    assert complained(x, "openapi")


def test_a_body_that_is_no_json_is_refused(judged: XSimulator) -> None:
    """A body that was cut off is nothing that can be judged."""
    headers = {"Content-Type": "application/json"}
    answer = call(
        judged, judged.account(), "POST", "/2/tweets", data=b'{"text": "On', headers=headers
    )
    assert answer.status_code == 400
    assert complained(judged, "openapi")


def test_what_is_right_passes(judged: XSimulator) -> None:
    """Posts, replies, pictures, descriptions and deletions of the right form are not in doubt."""
    account = judged.account()
    made = upload(judged, account, picture()).json()["data"]["id"]
    described = {"id": made, "metadata": {"alt_text": {"text": "A mill."}}}
    assert call(judged, account, "POST", "/2/media/metadata", json=described).status_code == 200
    root = post(judged, account, "One.", media={"media_ids": [made]}).json()["data"]["id"]
    settings = {"reply_settings": "mentionedUsers", "made_with_ai": True}
    assert post(judged, account, "Two.", reply=reply_to(root), **settings).status_code == 201
    assert call(judged, account, "DELETE", f"/2/tweets/{root}").status_code == 200


@pytest.mark.usefixtures("shared")
def test_pictures_and_descriptions_are_judged_as_well(x: XSimulator) -> None:
    """An unknown category, a forgotten one, a description too long, a deletion of no id."""
    account = x.account()
    files = {"media": ("mill.png", picture(), "image/png")}
    long = {"id": "1", "metadata": {"alt_text": {"text": "x" * 1001}}}
    answers = [
        call(x, account, "POST", "/2/media/upload", files=files, data={"media_category": "mill"}),
        call(x, account, "POST", "/2/media/upload", files=files),
        call(x, account, "POST", "/2/media/metadata", json=long),
        call(x, account, "DELETE", "/2/tweets/x"),
    ]
    assert [answer.status_code for answer in answers] == [400] * 4
    assert [complaint.judge for complaint in x.take_complaints()] == ["openapi"] * 4


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("x" * 280, 201),
        ("x" * 281, 403),
        ("語" * 140, 201),
        ("語" * 141, 403),
        (f"{'x' * 256} https://example.com/{'a' * 100}", 201),
        (f"{'x' * 257} https://example.com/a", 403),
        ("One.\ufffe", 403),
    ],
)
def test_the_length_is_judged_as_x_counts(x: XSimulator, text: str, status: int) -> None:
    """280 pass, 281 do not; CJK counts twice, an address 23; some characters are never valid."""
    assert post(x, x.account(), text).status_code == status
    assert complained(x, "length") == (status == 403)


def test_a_text_that_is_too_long_may_be_refused_with_400(x: XSimulator) -> None:
    """X has been seen to say the same with another status."""
    x.too_long_status = 400
    answer = post(x, x.account(), "x" * 281)
    assert (answer.status_code, answer.json()["detail"]) == (400, "Your Tweet text is too long")
    assert complained(x, "length")


def test_a_wrong_signature_is_refused(x: XSimulator) -> None:
    """A wrong secret, of the user's or of the app's, shows in the signature."""
    account = x.account()
    for wrong in (
        replace(account, access_token_secret="wrong"),  # noqa: S106 - the point
        replace(account, consumer_secret="wrong"),  # noqa: S106 - the point
    ):
        assert post(x, wrong, "One.").status_code == 401
        assert complained(x, "oauth")
    assert x.posts(account) == []


def test_a_signature_is_for_one_address(x: XSimulator) -> None:
    """What is signed for the simulator's own address, or for another query, is refused."""
    account = x.account()
    assert call(x, account, "GET", "/2/users/me", host=x.url).status_code == 401
    assert complained(x, "oauth")
    x.signed_for = x.url
    assert call(x, account, "GET", "/2/users/me", host=x.url).status_code == 200


def test_a_nonce_is_used_once_and_a_time_is_now(x: XSimulator) -> None:
    """A request that is sent again as it was, or that is old, is refused."""
    account = x.account()
    signed = {"nonce": "12345678901234567890", "timestamp": str(int(time.time()))}
    assert call(x, account, "GET", "/2/users/me", signed=signed).status_code == 200
    assert call(x, account, "GET", "/2/users/me", signed=signed).status_code == 401
    assert complained(x, "oauth")
    old = {"timestamp": str(int(time.time()) - 660)}
    assert call(x, account, "GET", "/2/users/me", signed=old).status_code == 401
    assert complained(x, "oauth")


def test_a_request_without_a_signature_is_refused(x: XSimulator) -> None:
    """No header, no answer."""
    answer = call(x, x.account(), "GET", "/2/users/me", auth=lambda request: request)
    assert answer.status_code == 401
    assert complained(x, "oauth")


def test_a_path_that_x_does_not_have_is_complained_about(x: XSimulator) -> None:
    """Nobody has a reason to go there."""
    assert call(x, x.account(), "GET", "/1.1/statuses/home_timeline.json").status_code == 404
    assert complained(x, "simulator")


def test_a_complaint_that_nobody_takes_fails_the_test(x: XSimulator) -> None:
    """The fixture asks at its end, and names the judge."""
    post(x, x.account(), "x" * 281)
    with pytest.raises(AssertionError, match="length"):
        x.assert_no_complaints()
    x.assert_no_complaints()


@dataclass
class Answered:
    """An answer as openapi-core reads it."""

    status_code: int
    content_type: str
    headers: dict[str, str]
    data: bytes


class Asked:
    """A request as openapi-core reads it."""

    host_url = "https://api.x.com"
    body = None
    content_type = "application/json"
    parameters = RequestParameters()

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path


def test_the_simulators_own_answers_are_as_xs_specification_has_them(
    x: XSimulator, shared: Path
) -> None:
    """Successes on every route of the slice have the form that X promises."""
    specification = OpenAPI.from_dict(
        json.loads((shared / "data/x/openapi-posting-slice.json").read_bytes())
    )
    account = x.account()
    uploaded = upload(x, account, picture())
    described = {
        "id": uploaded.json()["data"]["id"],
        "metadata": {"alt_text": {"text": "A mill."}},
    }
    posted = post(x, account, "One.")
    deleted = f"/2/tweets/{posted.json()['data']['id']}"
    answers: dict[tuple[str, str], requests.Response] = {
        ("post", "/2/media/upload"): uploaded,
        ("post", "/2/media/metadata"): call(
            x, account, "POST", "/2/media/metadata", json=described
        ),
        ("post", "/2/tweets"): posted,
        ("delete", deleted): call(x, account, "DELETE", deleted),
    }
    for (method, path), answer in answers.items():
        assert answer.ok
        read = Answered(
            answer.status_code,
            answer.headers["content-type"],
            dict(answer.headers),
            answer.content,
        )
        specification.validate_response(Asked(method, path), read)
