"""What the simulated X shows of posts: changed texts, late, and page by page."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from x_simulator.clients import call, post, reply_to

if TYPE_CHECKING:
    from x_simulator.clock import Clock
    from x_simulator.model import XAccount
    from x_simulator.simulator import XSimulator

FIELDS = "tweet.fields=conversation_id,referenced_tweets,entities,created_at,author_id"


def timeline(x: XSimulator, account: XAccount, query: str = "") -> Any:
    """Read an account's timeline."""
    path = f"/2/users/{account.user_id}/tweets"
    answer = call(x, account, "GET", f"{path}?{query}" if query else path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_text_comes_back_with_short_addresses_and_escaped(x: XSimulator) -> None:
    """Addresses are behind t.co, the entities say what they stand for and where, `&<>` escaped."""
    account = x.account()
    text = "A & B <c> https://example.com/a?b=1&c=2 and README.md 🚋 > @bob #été $TSLA"
    answer = post(x, account, text).json()["data"]
    shown = timeline(x, account, FIELDS)["data"][0]
    assert answer["text"] == shown["text"]
    assert shown["text"].startswith("A &amp; B &lt;c&gt; https://t.co/")
    urls = shown["entities"]["urls"]
    assert [url["expanded_url"] for url in urls] == [
        "https://example.com/a?b=1&c=2",
        "http://README.md",
    ]
    restored = shown["text"]
    for url, written in zip(urls, ("https://example.com/a?b=1&c=2", "README.md"), strict=True):
        assert shown["text"][url["start"] : url["end"]] == url["url"]
        assert len(url["url"]) == 23
        restored = restored.replace(url["url"], html.escape(written, quote=False))
    assert html.unescape(restored) == text
    for kind, sign, key in (("mentions", "@", "username"), ("hashtags", "#", "tag")):
        (entity,) = shown["entities"][kind]
        assert shown["text"][entity["start"] : entity["end"]] == sign + entity[key]


def test_a_text_comes_back_composed_and_trimmed(x: XSimulator) -> None:
    """The accents of NFD are composed, blanks around the text are gone."""
    account = x.account()
    post(x, account, "  Une e\u0301cole.\n")
    assert timeline(x, account)["data"][0]["text"] == "Une \u00e9cole."


def test_a_post_shows_the_thread_that_it_is_in(x: XSimulator, x_clock: Clock) -> None:
    """A reply names its parent and its conversation; what was not asked for is not there."""
    account = x.account()
    root = post(x, account, "One.").json()["data"]["id"]
    child = post(x, account, "Two.", reply=reply_to(root)).json()["data"]["id"]
    moment = x_clock().strftime("%Y-%m-%dT%H:%M:%S.") + f"{x_clock().microsecond // 1000:03}Z"
    shown = call(x, account, "GET", f"/2/tweets/{child}?{FIELDS}").json()["data"]
    assert shown == {
        "id": child,
        "text": "Two.",
        "edit_history_tweet_ids": [child],
        "conversation_id": root,
        "referenced_tweets": [{"type": "replied_to", "id": root}],
        "created_at": moment,
        "author_id": account.user_id,
    }
    assert timeline(x, account)["data"][0].keys() == {"id", "text", "edit_history_tweet_ids"}


def test_the_newer_words_of_the_specification_are_answered_in_kind(x: XSimulator) -> None:
    """Who asks for post.fields gets posts, not tweets."""
    account = x.account()
    root = post(x, account, "One.").json()["data"]["id"]
    post(x, account, "Two.", reply=reply_to(root))
    shown = timeline(x, account, "post.fields=referenced_posts")["data"][0]
    assert shown["referenced_posts"] == [{"type": "replied_to", "id": root}]


def test_reads_lag_behind_by_the_time_that_is_set(x: XSimulator, x_clock: Clock) -> None:
    """A new post is in no read until its time has come, though one can reply to it at once."""
    account = x.account()
    x.lag = timedelta(seconds=60)
    root = post(x, account, "One.").json()["data"]["id"]
    assert post(x, account, "Two.", reply=reply_to(root)).status_code == 201
    x_clock.move(timedelta(seconds=59))
    assert timeline(x, account) == {"meta": {"result_count": 0}}
    assert "data" not in call(x, account, "GET", f"/2/tweets/{root}").json()
    assert "data" not in call(x, account, "GET", f"/2/tweets?ids={root}").json()
    x_clock.move(timedelta(seconds=1))
    assert len(timeline(x, account)["data"]) == 2
    assert call(x, account, "GET", f"/2/tweets/{root}").json()["data"]["id"] == root
    assert x.counts["GET /2/users/:id/tweets"] == 2


def test_a_timeline_is_read_page_by_page_the_newest_first(x: XSimulator) -> None:
    """The tokens lead through all posts; since_id leaves out what is known."""
    account = x.account()
    made = [post(x, account, f"Post {number}.").json()["data"]["id"] for number in range(12)]
    found, token = list[str](), ""
    for length in (5, 5, 2):
        page = timeline(x, account, f"max_results=5{token}")
        assert page["meta"]["result_count"] == length
        assert page["meta"]["newest_id"] == page["data"][0]["id"]
        assert page["meta"]["oldest_id"] == page["data"][-1]["id"]
        found += [shown["id"] for shown in page["data"]]
        token = f"&pagination_token={page['meta'].get('next_token')}"
    assert token == "&pagination_token=None"  # noqa: S105 - of a page
    assert found == made[::-1]
    since = timeline(x, account, f"since_id={made[-3]}")["data"]
    assert [shown["id"] for shown in since] == [made[-1], made[-2]]


def test_a_timeline_is_narrowed_by_time_and_kind(x: XSimulator, x_clock: Clock) -> None:
    """From start_time, before end_time and until_id, and without replies if they are excluded."""
    account = x.account()
    first = post(x, account, "One.").json()["data"]["id"]
    post(x, account, "Two.", reply=reply_to(first))
    x_clock.move(timedelta(minutes=1))
    moment = x_clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    x_clock.move(timedelta(seconds=2))
    third = post(x, account, "Three.").json()["data"]["id"]
    texts = {
        f"start_time={moment}": ["Three."],
        f"end_time={moment}": ["Two.", "One."],
        f"until_id={third}": ["Two.", "One."],
        "exclude=replies,retweets": ["Three.", "One."],
    }
    for query, expected in texts.items():
        assert [shown["text"] for shown in timeline(x, account, query)["data"]] == expected


def test_look_ups_name_what_is_not_there(x: XSimulator) -> None:
    """Deleted and unknown posts are among the errors of an answer that is a success."""
    account = x.account()
    there = post(x, account, "One.").json()["data"]["id"]
    gone = post(x, account, "Two.").json()["data"]["id"]
    x.delete(x.posts(account)[1])
    answer = call(x, account, "GET", f"/2/tweets?ids={there},{gone},42")
    assert answer.status_code == 200
    assert [shown["id"] for shown in answer.json()["data"]] == [there]
    assert [error["resource_id"] for error in answer.json()["errors"]] == [gone, "42"]
    assert [shown["id"] for shown in timeline(x, account)["data"]] == [there]


def test_one_finds_out_who_one_is(x: XSimulator) -> None:
    """The account of the token is named, and nothing is posted."""
    account = x.account("enpause")
    answer = call(x, account, "GET", "/2/users/me").json()["data"]
    assert answer == {"id": account.user_id, "name": "enpause", "username": "enpause"}
    assert account.access_token.startswith(f"{account.user_id}-")


@pytest.mark.parametrize(
    "query",
    [
        "max_results=4",
        "max_results=101",
        "since_id=x",
        "start_time=today",
        "pagination_token=z",
        "exclude=everything",
        "tweet.fields=nothing",
        "what=ever",
    ],
)
def test_a_parameter_that_is_wrong_is_refused(x: XSimulator, query: str) -> None:
    """A read that X would not understand gets a 400, and is complained about."""
    account = x.account()
    post(x, account, "One.")
    answer = call(x, account, "GET", f"/2/users/{account.user_id}/tweets?{query}")
    assert answer.status_code == 400
    (complaint,) = x.take_complaints()
    assert complaint.judge == "simulator"
