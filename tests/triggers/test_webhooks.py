r"""Webhooks: genuine ones bring their article, forged and late ones are refused.

The signatures were made with openssl, not with the code under test:

    # Ghost
    (cat body; printf '%s' TIME) | openssl dgst -sha256 -hmac SECRET
    # WP Webhooks
    openssl dgst -sha256 -hmac SECRET -binary body | base64
    # Standard Webhooks; KEY is the secret behind whsec_, from base64 to hexadecimal
    (printf '%s' ID.TIME.; cat body) \
        | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY -binary | base64
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadbot.article.reader import load
from threadbot.triggers.entry import Entry
from threadbot.triggers.webhook_messages import (
    Ignored,
    ghost_entry,
    standard_entry,
    wordpress_entry,
)
from threadbot.triggers.webhooks import (
    MAX_BYTES,
    Accepted,
    Refused,
    receive,
    refused_unread,
    secret_problem,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from threadbot.triggers.settings import WebhookKind

#: The time in the vectors.
SIGNED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ADDRESS = "https://enpause.example/le-moulin/"


@dataclass(frozen=True)
class Vector:
    """A message as it comes, with its signature."""

    kind: WebhookKind
    secret: str
    body: bytes
    headers: Mapping[str, str]
    now: datetime = SIGNED

    def receive(self) -> Accepted | Ignored | Refused:
        """Receive it."""
        return receive(self.kind, self.body, self.headers, self.secret, self.now)


GHOST = Vector(
    "ghost",
    "quite secret",
    '{"post":{"current":{"id":"67447438e61fb200012f48e0","title":"Le moulin","html":"<p>Été</p>",'
    '"status":"published","visibility":"public","url":"https://enpause.example/le-moulin/",'
    '"published_at":"2026-11-24T07:59:00.000Z"},"previous":{}}}'.encode(),
    {
        "X-Ghost-Signature": "sha256="
        "abbd06ffc4f5221b3147574e7ace5cb79e07a0f850aafdb4ad0ffcfe3f54b09d, t=1795507200000"
    },
)
WORDPRESS = Vector(
    "wordpress",
    "quite secret",
    '{"post_id":12,"post":{"ID":12,"post_title":"Le moulin","post_content":"<p>Été</p>",'
    '"post_status":"publish","post_type":"post"},'
    '"post_permalink":"https:\\/\\/enpause.example\\/le-moulin\\/"}'.encode(),
    {"X-WP-Webhook-Signature": "dGLLedHouAwMkLPrKZpY1ZimowZ59tVGObqNLdpBngM="},
)
STANDARD = Vector(
    "standard",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    '{"type":"article.published","timestamp":"2026-11-24T08:00:00Z","data":{"id":"12",'
    '"url":"https://enpause.example/le-moulin/","title":"Le moulin",'
    '"content_html":"<p>Été</p>"}}'.encode(),
    {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": "1795507200",
        "Webhook-Signature": "v1,HqlhxgvzS0GKCCSneUBRAlToExMcFK/CTSkxswaI1DI=",
    },
)
VECTORS = {vector.kind: vector for vector in (GHOST, WORDPRESS, STANDARD)}
#: The one that is published with Standard Webhooks; it brings no article.
PUBLISHED = Vector(
    "standard",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    b'{"test": 2432232314}',
    {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    datetime.fromtimestamp(1614265330, UTC),
)


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_genuine_messages(vector: Vector) -> None:
    """A message with the right signature brings its article, which can be read."""
    outcome = vector.receive()
    assert isinstance(outcome, Accepted)
    entry = outcome.entry
    assert (entry.address, entry.title, entry.text) == (ADDRESS, "Le moulin", "Été")
    known = entry.known()
    assert load(entry.content, content_type=entry.content_type, known=known).url == ADDRESS
    assert outcome.delivery == ("msg_1" if vector is STANDARD else None)


def test_the_published_vector() -> None:
    """The vector that is published with Standard Webhooks is genuine, and brings no article."""
    assert isinstance(PUBLISHED.receive(), Ignored)


@pytest.mark.parametrize(
    ("secret", "signature"),
    [
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "DwCIrJdo+YILge/o1Q2IaylZrbzZv8OH2QeUlYIS6FM="),
        (
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "X9VXbSPj2IeipXgsmYP8B6O1mBKSK6ivFRKUjyl/UmA=",
        ),
        (
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJw==",
            "RnRhJAiGMkbSp5INAVNTpLUcPZwRfp7//8sE4iPu20E=",
        ),
        (
            (
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+"
                "Pw=="
            ),
            "58mLgCkrGIKwEQqvMuln/aO6Yyi9zCqAUhzJKyLqDac=",
        ),
    ],
    ids=["24 bytes", "32 bytes", "40 bytes", "64 bytes"],
)
@pytest.mark.parametrize("padding", ["as made", "left out"])
def test_keys_of_every_length(secret: str, signature: str, padding: str) -> None:
    """A key of 24 to 64 bytes is a secret, with the equals signs of base64 and without them."""
    given = secret if padding == "as made" else secret.rstrip("=")
    headers = {**STANDARD.headers, "Webhook-Signature": f"v1,{signature}"}
    vector = replace(STANDARD, secret=f"whsec_{given}", headers=headers)
    assert secret_problem("standard", vector.secret) is None
    assert isinstance(vector.receive(), Accepted)


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_forged_messages(vector: Vector) -> None:
    """A message is refused with 401, and never 410, when anything of it is not as it was signed."""
    (signed,) = (name for name in vector.headers if name.lower().endswith("signature"))
    forgeries = [
        replace(vector, body=vector.body.replace(b"moulin", b"marais")),
        replace(vector, body=vector.body + b" "),
        replace(vector, body=b""),
        replace(vector, body=b"\xff"),
        replace(vector, secret=f"{vector.secret[:-1]}x"),
        replace(vector, headers={}),
        *(
            replace(vector, headers={**vector.headers, name: wrong})
            for name in vector.headers
            for wrong in ("", "é", "sha256=, t=", "v1,", ",,", "9" * 40, "-1", "sha256=" + "0" * 64)
        ),
        replace(vector, headers={**vector.headers, signed: vector.headers[signed][:-3]}),
    ]
    for forgery in forgeries:
        outcome = forgery.receive()
        assert isinstance(outcome, Refused), forgery
        assert outcome.status == 401
        assert vector.secret not in outcome.reason


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_what_headers_alone_give_away(vector: Vector) -> None:
    """A signature that is missing or none, and a stale time, are refused without any body."""
    given = {name.lower(): value for name, value in vector.headers.items()}
    assert refused_unread(vector.kind, given, SIGNED) is None
    wrong = [{}, *({**given, name: value} for name in given for value in ("", "v1,", "sha256=0"))]
    if vector is STANDARD:
        # Any text may be the name of a message.
        wrong = [headers for headers in wrong if len(headers.get("webhook-id", "msg_1")) in {0, 5}]
    for headers in wrong:
        assert isinstance(refused_unread(vector.kind, headers, SIGNED), Refused), headers
    if vector is not WORDPRESS:
        late = refused_unread(vector.kind, given, SIGNED + timedelta(minutes=6))
        assert isinstance(late, Refused)
        assert "more than 5 minutes" in late.reason


@pytest.mark.parametrize("vector", [GHOST, STANDARD], ids=["ghost", "standard"])
@pytest.mark.parametrize("sign", [1, -1])
def test_replay_window(vector: Vector, sign: int) -> None:
    """A message that was recorded is refused five minutes after it was signed, or before."""
    edge = sign * timedelta(minutes=5)
    assert isinstance(replace(vector, now=SIGNED + edge).receive(), Accepted)
    late = replace(vector, now=SIGNED + edge + sign * timedelta(seconds=1)).receive()
    assert isinstance(late, Refused)
    assert "are both clocks right?" in late.reason


def test_too_large() -> None:
    """A message that is too large is refused with 413 before anything is computed of it."""
    outcome = replace(GHOST, body=b"x" * (MAX_BYTES + 1)).receive()
    assert isinstance(outcome, Refused)
    assert outcome.status == 413


def test_several_signatures() -> None:
    """While a secret is changed, one right signature among others is enough."""
    right = STANDARD.headers["Webhook-Signature"]
    headers = {**STANDARD.headers, "Webhook-Signature": f"v1a,xyz v1,AAAA {right}"}
    assert isinstance(replace(STANDARD, headers=headers).receive(), Accepted)


@pytest.mark.parametrize(
    ("kind", "secret", "fits"),
    [
        ("ghost", "quite secret", True),
        ("ghost", " ", False),
        ("wordpress", "", False),
        ("standard", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", True),
        ("standard", "whsec_", False),
        ("standard", "not base64!", False),
    ],
)
def test_secrets(kind: WebhookKind, secret: str, fits: bool) -> None:  # noqa: FBT001
    """Without a secret of the right form no webhook is received at all."""
    assert (secret_problem(kind, secret) is None) is fits
    if not fits:
        with pytest.raises(ValueError, match="it is"):
            receive(kind, b"{}", {}, secret, SIGNED)


def ghost(**fields: object) -> Entry | Ignored:
    """Read a message of Ghost whose post has these fields."""
    current = json.loads(GHOST.body)["post"]["current"]
    return ghost_entry({"post": {"current": {**current, **fields}}})


def wordpress(message: dict[str, Any] | None = None, **fields: object) -> Entry | Ignored:
    """Read a message of WP Webhooks whose post has these fields."""
    sent = json.loads(WORDPRESS.body)
    return wordpress_entry({**sent, **(message or {}), "post": {**sent["post"], **fields}})


#: Genuine messages that bring no article to post.
IGNORED: dict[str, Entry | Ignored] = {
    "a page": ghost_entry({"page": {"current": {"id": 1}}}),
    "a post that was deleted": ghost_entry({"post": {"current": {}, "previous": {"id": 1}}}),
    "a draft": ghost(status="draft"),
    "mail alone": ghost(status="sent"),
    "for members": ghost(visibility="members"),
    "for those who pay": ghost(visibility="paid"),
    "no visibility": ghost(visibility=None),
    "WordPress, a user": wordpress_entry({"user_id": 1}),
    "WordPress, a page": wordpress(post_type="page"),
    "WordPress, a draft": wordpress(post_status="draft"),
    "WordPress, in the bin": wordpress(post_status="trash"),
    "WordPress, with a password": wordpress(post_password="x"),  # noqa: S106 - made up
    "WordPress, strange": wordpress_entry({"post": [1], "post_id": 1}),
    "another type": standard_entry({"type": "invoice.paid", "data": {"id": "1"}}),
    "deleted": standard_entry({"type": "article.deleted", "data": {"id": "1"}}),
    "no type": standard_entry({"data": {"id": "1"}}),
    "no data": standard_entry({"type": "article.published"}),
    "data without anything": standard_entry({"type": "article.published", "data": {"title": "T"}}),
}


@pytest.mark.parametrize("outcome", IGNORED.values(), ids=IGNORED)
def test_messages_without_an_article(outcome: Entry | Ignored) -> None:
    """What is no article, or not for everybody, is taken and ignored, with a reason."""
    assert isinstance(outcome, Ignored)
    assert outcome.reason


def test_all_that_ghost_says() -> None:
    """Authors, tags, picture, excerpt and canonical address of Ghost are known."""
    entry = ghost(
        canonical_url="https://journal.example/moulin",
        authors=[{"name": "Jeanne Dupont"}, {"name": "Marc Petit"}],
        tags=[{"name": "Culture"}, {"name": "#draft", "visibility": "internal"}, "odd"],
        feature_image="https://enpause.example/moulin.jpg",
        custom_excerpt="Il ne tourne plus.",
        updated_at="2026-11-24T07:59:30.000Z",
    )
    assert entry == Entry(
        guid="67447438e61fb200012f48e0",
        address="https://journal.example/moulin",
        title="Le moulin",
        content="<p>Été</p>",
        summary="Il ne tourne plus.",
        author="Jeanne Dupont, Marc Petit",
        published=datetime(2026, 11, 24, 7, 59, tzinfo=UTC),
        categories=("Culture",),
        picture="https://enpause.example/moulin.jpg",
        changed=datetime(2026, 11, 24, 7, 59, 30, tzinfo=UTC),
    )


def test_all_that_wordpress_says() -> None:
    """Terms, picture, excerpt and date of WordPress are known."""
    message = {
        "post_thumbnail": "https://enpause.example/moulin.jpg",
        "taxonomies": {
            "category": {"culture": {"name": "Culture &amp; loisirs"}},
            "post_tag": [{"name": "moulin"}],
        },
    }
    entry = wordpress(
        message,
        post_title="Le <em>moulin</em> &#038; la crue",
        post_excerpt="<p>Il ne tourne plus.</p>",
        post_date_gmt="2026-11-24 07:59:00",
        post_modified_gmt="2026-11-24 08:30:00",
        guid="https://enpause.example/?p=12",
    )
    assert entry == Entry(
        guid="https://enpause.example/?p=12",
        address=ADDRESS,
        title="Le moulin & la crue",
        content="<p>Été</p>",
        summary="Il ne tourne plus.",
        published=datetime(2026, 11, 24, 7, 59, tzinfo=UTC),
        categories=("Culture & loisirs", "moulin"),
        picture="https://enpause.example/moulin.jpg",
        changed=datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
        is_update=True,
    )


def ghost_edit(previous: object, **fields: object) -> Entry | Ignored:
    """Read a message of Ghost that says what the post was before."""
    current = json.loads(GHOST.body)["post"]["current"]
    return ghost_entry({"post": {"current": {**current, **fields}, "previous": previous}})


def wordpress_edit(before: object, **fields: object) -> Entry | Ignored:
    """Read a message of WP Webhooks that says what the post was before."""
    return wordpress({"post_before": before}, **fields)


DAY = "2026-11-24 07:59:00"
LATER_THAT_DAY = "2026-11-24 09:30:00"
#: What Ghost says of each change besides what was changed.
ALWAYS = {"tiers": [{"slug": "free", "type": "free"}], "updated_at": "2026-11-24T07:40:00.000Z"}
DRAFTED = {**ALWAYS, "status": "draft", "published_at": None}
SCHEDULED = {**ALWAYS, "status": "scheduled"}
AT_ONCE, LATER = "2026-11-24T07:59:01.000Z", "2026-11-24T09:30:00.000Z"
POST = json.loads(WORDPRESS.body)["post"]["ID"]
#: Messages, and whether they are about what was published before.
UPDATES = {
    "Ghost, published at once": (ghost_edit({}, updated_at=AT_ONCE), False),
    "Ghost, of which nothing is said but when": (ghost_edit({}, updated_at=LATER), True),
    "Ghost, a draft before": (ghost_edit(DRAFTED, updated_at=AT_ONCE), False),
    "Ghost, a draft with another date": (ghost_edit(DRAFTED, updated_at=LATER), False),
    "Ghost, scheduled before": (ghost_edit(SCHEDULED), False),
    "Ghost, another title before": (ghost_edit({**ALWAYS, "title": "x"}), True),
    "Ghost, another visibility before": (ghost_edit({**ALWAYS, "visibility": "paid"}), True),
    "WordPress, a draft before": (wordpress_edit({"ID": POST, "post_status": "draft"}), False),
    "WordPress, new before": (wordpress_edit({"ID": POST, "post_status": "auto-draft"}), False),
    "WordPress, published before": (wordpress_edit({"ID": POST, "post_status": "publish"}), True),
    "WordPress, scheduled before": (
        wordpress_edit(False, post_date_gmt=LATER_THAT_DAY, post_modified_gmt=DAY),  # noqa: FBT003
        False,
    ),
    "WordPress, another post was saved with it": (
        wordpress_edit(
            {"ID": POST + 1, "post_status": "publish"}, post_date_gmt=DAY, post_modified_gmt=DAY
        ),
        False,
    ),
    "WordPress, another draft was saved with it": (
        wordpress_edit(
            {"ID": POST + 1, "post_status": "draft"},
            post_date_gmt=DAY,
            post_modified_gmt=LATER_THAT_DAY,
        ),
        True,
    ),
    "WordPress, not changed since": (
        wordpress(post_date_gmt=DAY, post_modified_gmt=DAY),
        False,
    ),
    "WordPress, changed since": (
        wordpress(post_date_gmt=DAY, post_modified_gmt=LATER_THAT_DAY),
        True,
    ),
    "published": (standard_entry({"type": "article.published", "data": {"id": "1"}}), False),
    "updated": (standard_entry({"type": "article.updated", "data": {"id": "1"}}), True),
}


@pytest.mark.parametrize(("entry", "is_update"), UPDATES.values(), ids=UPDATES)
def test_edits(entry: Entry | Ignored, is_update: bool) -> None:  # noqa: FBT001
    """What each sender says of an edit is known, so that the archive is not taken for news."""
    assert isinstance(entry, Entry)
    assert entry.is_update is is_update


def test_the_classic_editor() -> None:
    """Paragraphs that are parted by blank lines alone stay paragraphs."""
    entry = wordpress(post_content="One line\nof text.\r\n\r\n<h2>More</h2>\n \nAnother.")
    assert isinstance(entry, Entry)
    blocks = load(entry.content, content_type=entry.content_type, known=entry.known()).blocks
    assert [getattr(block, "text", "") for block in blocks] == [
        "One line of text.",
        "More",
        "Another.",
    ]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            "id url title html status visibility authors tags published_at post_title ID post_type"
            " post_status post_content taxonomies guid canonical_url content_html author".split()
        ),
        JSON_VALUES,
    )
)
def test_strange_messages(fields: dict[str, Any]) -> None:
    """Whatever JSON stands in the fields, an entry comes out of it or a reason."""
    published = {**fields, "status": "published", "visibility": "public", "id": 1}
    posted = {**fields, "post_status": "publish", "post_type": "post", "ID": 1}
    outcomes = [
        ghost_entry({"post": {"current": published}}),
        wordpress_entry({"post": posted, **fields}),
        standard_entry({"type": "article.published", "data": fields}),
    ]
    assert all(isinstance(outcome, Entry | Ignored) for outcome in outcomes)
