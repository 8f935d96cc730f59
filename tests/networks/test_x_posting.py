"""A thread on X is what the preview showed, for as many requests as it has posts."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image as Picture
from x_simulator import model
from x_simulator.adapter import adapter, present
from x_threads import prepared as prepared_at
from x_threads import sent, thread

from threadbot.article.model import Image
from threadbot.networks.port import Absent, Deleted, Held, RetryAt, Sent

if TYPE_CHECKING:
    from x_simulator.clock import Clock
    from x_simulator.faults import FaultKind
    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

    from threadbot.networks.plan import Plan
    from threadbot.networks.x import X
    from threadbot.thread.model import Thread

TEXTS = ("Le tramway revient.", "Voir https://enpause.com/tramway?a=1&b=2", "R&D < 3 : à suivre ?")
ALT = "Un tramway vert dans la rue de Siam."


def prepared(network: X, made: Thread) -> Plan:
    """Prepare a thread for now."""
    return prepared_at(network, made, present())


def png(width: int = 64, height: int = 48) -> bytes:
    """Draw a picture."""
    file = io.BytesIO()
    Picture.new("RGB", (width, height), "green").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def account(x: XSimulator) -> XAccount:
    """Give a fresh account."""
    return x.account("EnPause")


def test_n_posts_are_n_requests_and_nothing_is_read(x: XSimulator, account: XAccount) -> None:
    """On the happy path each post is one request, and no read is paid for."""
    network = adapter(x, account)
    receipts = sent(network, prepared(network, thread(*TEXTS)))
    assert x.counts == {model.CREATE: len(TEXTS)}
    posts = x.posts(account)
    assert [post.text for post in posts] == list(TEXTS)
    assert [post.parent for post in posts] == [None, posts[0].id, posts[1].id]
    assert {post.conversation_id for post in posts} == {posts[0].id}
    assert [one.url for one in receipts] == [
        f"https://x.com/EnPause/status/{post.id}" for post in posts
    ]


def test_who_may_reply_is_said_once(x: XSimulator, account: XAccount) -> None:
    """The first post says who may reply; each says whether artificial intelligence made it."""
    network = adapter(x, account, reply_settings="mentionedUsers")
    sent(network, prepared(network, replace(thread(*TEXTS), made_with_ai=True)))
    bodies = [post.body for post in x.posts(account)]
    assert [body.get("reply_settings") for body in bodies] == ["mentionedUsers", None, None]
    assert all(body["made_with_ai"] is True for body in bodies)


def test_a_plain_post_says_no_more_than_its_text(x: XSimulator, account: XAccount) -> None:
    """What is X's default is not sent."""
    network = adapter(x, account)
    sent(network, prepared(network, thread("Bonjour.")))
    assert x.posts(account)[0].body == {"text": "Bonjour."}


def test_pictures_come_with_their_words(x: XSimulator, account: XAccount) -> None:
    """A picture is uploaded in one request, and its alternative text in another, which costs."""
    network = adapter(x, account, pictures={"tram.png": png()})
    made = thread("Bonjour.", images=(Image("tram.png", ALT), Image("tram.png")))
    plan = prepared(network, made)
    sent(network, plan)
    media = [x.media(number) for number in x.posts(account)[0].media]
    assert [one.alt_text for one in media] == [ALT, None]
    assert (x.counts[model.UPLOAD], x.counts[model.METADATA]) == (2, 1)
    assert (plan.cost, plan.steps[0].cost) == (5_000, 15_000)


def test_a_picture_that_cannot_be_had_is_a_warning(x: XSimulator, account: XAccount) -> None:
    """The posts go out without a picture that is not there."""
    network = adapter(x, account)
    plan = prepared(network, thread("Bonjour.", images=(Image("no.png", ALT),)))
    assert len(plan.warnings) == 1
    assert "no.png is left out" in plan.warnings[0]
    sent(network, plan)


def test_a_long_alternative_text_is_cut(x: XSimulator, account: XAccount) -> None:
    """X takes a thousand characters of it."""
    network = adapter(x, account, pictures={"tram.png": png()})
    sent(network, prepared(network, thread("Bonjour.", images=(Image("tram.png", "é" * 1200),))))
    alt = x.media(x.posts(account)[0].media[0]).alt_text
    assert alt is not None
    assert (len(alt), alt[-1]) == (1000, "…")


@pytest.mark.parametrize(
    ("fault", "answer"),
    [("402", Held), ("401", Held), ("429", RetryAt), ("429-without-reset", RetryAt)],
)
def test_a_picture_waits_where_the_account_must(
    x: XSimulator, account: XAccount, fault: FaultKind, answer: type
) -> None:
    """Without credit or keys a thread is not begun without its pictures."""
    network = adapter(x, account, pictures={"tram.png": png()})
    x.fault(fault, route=model.UPLOAD)
    made = thread("Bonjour.", images=(Image("tram.png", ALT),))
    assert isinstance(network.prepare(made, present()), answer)
    assert x.posts(account) == []


def test_what_posting_costs_is_in_the_plan(x: XSimulator, account: XAccount) -> None:
    """The plan's prices are those that X takes."""
    network = adapter(x, account)
    plan = prepared(network, thread(*TEXTS))
    assert [step.cost for step in plan.steps] == [15_000, 200_000, 15_000]
    sent(network, plan)
    assert int(x.spent * 1_000_000) == sum(step.cost for step in plan.steps)


def test_deletion_is_paid_for_once(x: XSimulator, account: XAccount) -> None:
    """The last post goes first; what is gone costs nothing."""
    network = adapter(x, account)
    receipts = sent(network, prepared(network, thread(*TEXTS)))
    assert network.delete(receipts[-1:]) == Deleted(cost=10_000)
    assert network.delete(receipts) == Deleted(cost=20_000)
    assert x.posts(account) == []
    paths = [one.path for one in x.requests if one.method == "DELETE"]
    assert paths[1:] == [f"/2/tweets/{one.uri}" for one in reversed(receipts)]


def test_a_post_that_is_gone_may_be_said_to_be_deleted(x: XSimulator, account: XAccount) -> None:
    """Whichever way X answers to a second deletion, it is no failure."""
    network = adapter(x, account)
    receipts = sent(network, prepared(network, thread("Bonjour.")))
    x.deleting_again = 200
    assert isinstance(network.delete(receipts), Deleted)
    assert isinstance(network.delete(receipts), Deleted)


def test_a_post_that_a_person_names_is_taken_over(
    x: XSimulator, x_clock: Clock, account: XAccount
) -> None:
    """A post has a number or an address; only one of the account, in its place, is taken."""
    network = adapter(x, account)
    plan = prepared(network, thread(*TEXTS))
    first, second, _ = sent(network, plan)
    step = plan.steps[1]
    for told in (second.uri, second.url, f" {second.url}?s=20 "):
        assert network.adopt(plan, step, [first], told) == Sent((second,), cost=1_000)
    stranger = x.account("stranger")
    theirs = sent(adapter(x, stranger), prepared(adapter(x, stranger), thread("Ailleurs.")))[0]
    for told in (first.uri, theirs.uri, "999", "nonsense", ""):
        assert isinstance(network.adopt(plan, step, [first], told), Absent)
    x_clock.move(timedelta(hours=1))
    other = prepared_at(network, thread(*TEXTS), x_clock())
    assert isinstance(network.adopt(other, other.steps[0], [], first.uri), Absent)


def test_a_healthy_account_is_told_what_x_wants(
    x: XSimulator, x_clock: Clock, account: XAccount
) -> None:
    """The examination reads once, posts nothing, and reminds of the label for such accounts."""
    findings = {one.subject: one for one in adapter(x, account).examine(x_clock())}
    assert set(findings) == {"credentials", "handle", "clock", "label"}
    assert all(one.ok for one in findings.values())
    assert "Automated" in findings["label"].message
    assert x.counts == {model.ME: 1}


@pytest.mark.parametrize(
    ("shift", "handle", "amiss"),
    [
        (timedelta(minutes=6), "EnPause", "clock"),
        (timedelta(minutes=-6), "EnPause", "clock"),
        (timedelta(0), "autre", "handle"),
    ],
)
def test_what_is_amiss_is_found(
    x: XSimulator, x_clock: Clock, account: XAccount, shift: timedelta, handle: str, amiss: str
) -> None:
    """A clock that is wrong and keys of another account are found without posting."""
    network = adapter(x, replace(account, handle=handle))
    wrong = [one.subject for one in network.examine(x_clock() + shift) if not one.ok]
    assert wrong == [amiss]


def test_wrong_keys_are_found(x: XSimulator, x_clock: Clock, account: XAccount) -> None:
    """Keys that X refuses are told with what to do."""
    x.revoke(account)
    finding = adapter(x, account).examine(x_clock())[0]
    assert (finding.ok, finding.subject) == (False, "credentials")
    assert "threadbot auth x" in finding.message


def test_no_secret_stands_in_any_log(
    x: XSimulator, x_clock: Clock, account: XAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """At the most talkative level, whatever library speaks, keys and signatures are redacted."""
    with caplog.at_level(logging.DEBUG):
        network = adapter(x, account)
        sent(network, prepared(network, thread(*TEXTS)))
        x.revoke(account)
        network.examine(x_clock())
    said = caplog.text + json.dumps([str(vars(one)) for one in caplog.records])
    assert "tweepy.client" in said
    assert "oauthlib" in said
    secrets = (account.consumer_secret, account.access_token, account.access_token_secret)
    assert not [secret for secret in secrets if secret in said]
    assert "oauth_signature=" not in said
