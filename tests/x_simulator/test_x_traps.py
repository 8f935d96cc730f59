"""tweepy's traps, each sprung by the simulated X: what an adapter on tweepy must not fall into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import requests
import tweepy

from x_simulator.clients import X_HOST, Loopback, tweepy_session

if TYPE_CHECKING:
    from x_simulator.faults import FaultKind
    from x_simulator.simulator import XSimulator


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("drop", requests.ConnectionError),
        ("cut", requests.RequestException),
        ("stall", requests.ReadTimeout),
        ("200-html", requests.JSONDecodeError),
        ("503-html", tweepy.TwitterServerError),
        ("malformed-json", requests.JSONDecodeError),
        ("500-json", tweepy.TwitterServerError),
        ("error-list", AttributeError),
        ("401", tweepy.Unauthorized),
        ("402", tweepy.HTTPException),
        ("403-duplicate", tweepy.Forbidden),
        ("429", tweepy.TooManyRequests),
        ("429-without-reset", tweepy.TooManyRequests),
    ],
)
def test_tweepy_raises(x: XSimulator, kind: FaultKind, error: type[Exception]) -> None:
    """What tweepy makes of a fault is an exception of this very kind."""
    x.fault(kind)
    with tweepy_session(x, x.account()) as client:
        client.session.mount(X_HOST, Loopback(x.url, patience=0.3))
        with pytest.raises(error) as raised:
            client.create_tweet(text="One.")
    # A 402 comes as the bare parent of the others.
    assert issubclass(raised.type, error) if kind != "402" else raised.type is error


def test_tweepy_takes_no_data_for_an_answer(x: XSimulator) -> None:
    """A 201 without data is no exception."""
    account = x.account()
    x.fault("201-without-data", stored=True)
    with tweepy_session(x, account) as client:
        assert client.create_tweet(text="One.").data is None
    assert len(x.posts(account)) == 1


def test_tweepy_follows_a_redirect_and_takes_it_for_success(x: XSimulator) -> None:
    """A 301 turns the POST into a GET of another path, and nothing was posted."""
    account = x.account()
    x.fault("301")
    with tweepy_session(x, account) as client:
        assert client.create_tweet(text="One.").data["id"] == "1"
    assert x.posts(account) == []
    assert x.counts == {"POST /2/tweets": 1, "/moved": 1}


def test_tweepy_asks_again_at_once_where_no_reset_is_said(x: XSimulator) -> None:
    """With wait_on_rate_limit it does not wait at all, as often as it is refused."""
    x.fault("429-without-reset", times=50)
    with tweepy_session(x, x.account()) as client:
        client.wait_on_rate_limit = True
        assert client.create_tweet(text="One.").data
    assert x.counts == {"POST /2/tweets": 51}


def test_tweepy_reads_a_timeline(x: XSimulator) -> None:
    """A thread is found again by its conversation and its parents."""
    account = x.account()
    with tweepy_session(x, account) as client:
        root = client.create_tweet(text="One: https://example.com").data["id"]
        client.create_tweet(text="Two.", in_reply_to_tweet_id=root)
        fields = ["conversation_id", "referenced_tweets", "entities", "created_at"]
        found = client.get_users_tweets(
            account.user_id, since_id="1", tweet_fields=fields, user_auth=True
        )
        me = client.get_me(user_auth=True)
        client.delete_tweet(root)
    two, one = found.data
    assert str(two.conversation_id) == root
    assert str(two.referenced_tweets[0].id) == root
    assert one.entities["urls"][0]["expanded_url"] == "https://example.com"
    assert re.fullmatch(r"One: https://t\.co/\w{10}", one.text)
    assert me.data.username == account.handle
    assert [each.text for each in x.posts(account)] == ["Two."]
