"""The rules of the simulated X for new posts, deletions, numbers and money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from x_simulator import problems
from x_simulator.clients import call, post, reply_to

if TYPE_CHECKING:
    from x_simulator.clock import Clock
    from x_simulator.simulator import XSimulator


def test_ids_grow_with_time_and_begin_with_it(x: XSimulator, x_clock: Clock) -> None:
    """Ids are decimal, carry the milliseconds of their birth, and grow also while time stands."""
    account = x.account()
    post(x, account, "One.")
    post(x, account, "Two.")
    x_clock.move(timedelta(seconds=10))
    post(x, account, "Three.")
    one, two, three = (int(each.id) for each in x.posts(account))
    assert one < two < three
    assert (three >> 22) - (one >> 22) == 10_000


def test_a_reply_to_a_post_that_is_not_there_is_refused(x: XSimulator) -> None:
    """A parent that never was and one that was deleted are refused in the same words."""
    account = x.account()
    parent = post(x, account, "One.").json()["data"]["id"]
    x.delete(x.posts(account)[0])
    for identifier in (parent, "42"):
        answer = post(x, account, "Two.", reply=reply_to(identifier))
        assert (answer.status_code, answer.json()["detail"]) == (403, problems.GONE)
    assert x.posts(account) == []


def test_the_refusal_of_a_deleted_parent_may_come_as_400(x: XSimulator) -> None:
    """X has been seen to say the same with another status."""
    x.gone_status = 400
    answer = post(x, x.account(), "Two.", reply=reply_to("42"))
    assert (answer.status_code, answer.json()["detail"]) == (400, problems.GONE)


@pytest.mark.parametrize("said", ["Hello.", "Hello @other_one."])
def test_one_replies_to_ones_own_posts_or_where_one_is_mentioned(x: XSimulator, said: str) -> None:
    """Another's post takes a reply only where it mentions the one who replies."""
    mine, other = x.account("Other_One"), x.account("other")
    parent = post(x, other, said).json()["data"]["id"]
    reply = post(x, mine, "A reply.", reply=reply_to(parent))
    quote = post(x, mine, "A quote.", quote_tweet_id=parent)
    if "@" in said:
        assert (reply.status_code, quote.status_code) == (201, 201)
    else:
        assert (reply.status_code, reply.json()["detail"]) == (403, problems.NOT_AUTHOR)
        assert (quote.status_code, quote.json()["detail"]) == (403, problems.NOT_AUTHOR)


def test_the_same_text_is_refused_within_a_window(x: XSimulator, x_clock: Clock) -> None:
    """A repeated text gets a 403 that names no post, whatever it replies to, until time passes."""
    account = x.account()
    first = post(x, account, "One.").json()["data"]["id"]
    answer = post(x, account, " One. ", reply=reply_to(first))
    assert answer.status_code == 403
    assert answer.json() == {
        "detail": problems.DUPLICATE,
        "title": "Forbidden",
        "type": "about:blank",
        "status": 403,
    }
    assert post(x, x.account("other"), "One.").status_code == 201
    x_clock.move(x.duplicate_window)
    assert post(x, account, "One.").status_code == 201


def test_a_text_whose_post_was_deleted_may_be_posted_again(x: XSimulator) -> None:
    """Only what is still there can be repeated."""
    account = x.account()
    post(x, account, "One.")
    x.delete(x.posts(account)[0])
    assert post(x, account, "One.").status_code == 201
    assert [each.deleted for each in x.posts(account, with_deleted=True)] == [True, False]


def test_a_second_cashtag_is_refused(x: XSimulator) -> None:
    """One cashtag passes, two do not."""
    account = x.account()
    assert post(x, account, "$TSLA rises.").status_code == 201
    answer = post(x, account, "$TSLA and $AAPL rise.")
    assert (answer.status_code, answer.json()["detail"]) == (403, problems.CASHTAGS)


def test_a_post_says_something(x: XSimulator) -> None:
    """Blanks alone are no post."""
    assert post(x, x.account(), "", reply_settings="following").status_code == 400


def test_a_user_posts_so_often_in_a_window(x: XSimulator, x_clock: Clock) -> None:
    """Every answer counts down, the one too many waits for the reset, and then it counts anew."""
    x.posts_per_window = 2
    account = x.account()
    reset = str(int((x_clock() + x.window).timestamp()) + 1)
    for number, left in ((1, "1"), (2, "0")):
        headers = post(x, account, f"Post {number}.").headers
        assert headers["x-rate-limit-limit"] == "2"
        assert headers["x-rate-limit-remaining"] == left
        assert headers["x-rate-limit-reset"] == reset
    answer = post(x, account, "Post 3.")
    assert (answer.status_code, answer.json()["title"]) == (429, "Too Many Requests")
    assert answer.headers["x-rate-limit-reset"] == reset
    assert post(x, x.account("other"), "Post 3.").status_code == 201
    x_clock.move(x.window)
    assert post(x, account, "Post 3.").status_code == 201


def test_the_reset_of_a_window_may_be_left_unsaid(x: XSimulator) -> None:
    """A 429 without the header is one of X's own."""
    x.posts_per_window, x.reset_header, x.day_headers = 0, False, False
    answer = post(x, x.account(), "One.")
    assert answer.status_code == 429
    assert not [name for name in answer.headers if name.endswith("reset")]


def test_an_app_posts_so_often_in_a_day(x: XSimulator, x_clock: Clock) -> None:
    """Over the app's day the user's window has room left, and other headers say until when."""
    x.posts_per_day = 1
    post(x, x.account("one"), "One.")
    account = x.account("two")
    answer = post(x, account, "Two.")
    assert answer.status_code == 429
    assert answer.headers["x-rate-limit-remaining"] == "100"
    assert answer.headers["x-app-limit-24hour-remaining"] == "0"
    reset = int(answer.headers["x-app-limit-24hour-reset"])
    assert 0 <= reset - (x_clock() + timedelta(hours=24)).timestamp() < 1
    x_clock.move(timedelta(hours=24))
    assert post(x, account, "Two.").status_code == 201


def test_calls_cost_what_the_price_list_says(x: XSimulator) -> None:
    """A thread of ten with one address costs $0.335; reading it back costs $0.001 each."""
    account = x.account()
    for number in range(9):
        post(x, account, f"Post {number}.")
    last = post(x, account, "Post 9: https://example.com").json()["data"]["id"]
    assert x.spent == Decimal("0.335")
    call(x, account, "GET", f"/2/users/{account.user_id}/tweets?max_results=10")
    assert x.spent == Decimal("0.345")
    call(x, x.account("other"), "GET", f"/2/tweets/{last}")
    assert x.spent == Decimal("0.350")
    call(x, account, "DELETE", f"/2/tweets/{last}")
    assert x.spent == Decimal("0.360")


@pytest.mark.parametrize("text", ["See README.md for it.", "C'est fini.Il part.", "a.py and b.py"])
def test_a_bare_domain_costs_like_an_address(x: XSimulator, text: str) -> None:
    """What X takes for an address costs like one, whoever meant it."""
    post(x, x.account(), text)
    assert x.spent == Decimal("0.20")


def test_without_money_nothing_is_done(x: XSimulator) -> None:
    """A call that the money does not cover gets a 402, is not stored and costs nothing."""
    account = x.account()
    x.credits = Decimal("0.02")
    kept = post(x, account, "One.").json()["data"]["id"]
    answers = [
        post(x, account, "Two."),
        call(x, account, "DELETE", f"/2/tweets/{kept}"),
    ]
    for answer in answers:
        assert answer.status_code == 402
        assert answer.json()["title"] == "CreditsDepleted"
        assert answer.json()["type"].endswith("/problems/credits")
    x.credits = Decimal(0)
    assert call(x, account, "GET", f"/2/tweets/{kept}").status_code == 402
    assert x.spent == Decimal("0.015")
    assert len(x.posts(account)) == 1


def test_only_ones_own_posts_are_deleted(x: XSimulator) -> None:
    """Another's post stays, one's own goes."""
    mine, other = x.account("mine"), x.account("other")
    identifier = post(x, mine, "One.").json()["data"]["id"]
    answer = call(x, other, "DELETE", f"/2/tweets/{identifier}")
    assert (answer.status_code, answer.json()["detail"]) == (403, problems.NOT_YOURS)
    answer = call(x, mine, "DELETE", f"/2/tweets/{identifier}")
    assert answer.json() == {"data": {"deleted": True}}
    assert x.posts(mine) == []


@pytest.mark.parametrize("status", [404, 200])
def test_a_second_deletion_is_answered_as_the_test_wants(x: XSimulator, status: int) -> None:
    """What X answers is not known, so a client must be fit for both."""
    x.deleting_again = status
    assert call(x, x.account(), "DELETE", "/2/tweets/42").status_code == status


def test_a_suspended_account_may_do_nothing(x: XSimulator) -> None:
    """Suspension answers every call with 403, and can be taken back."""
    account = x.account()
    x.suspend(account)
    answers = [post(x, account, "One."), call(x, account, "GET", "/2/users/me")]
    assert [answer.status_code for answer in answers] == [403, 403]
    x.reinstate(account)
    assert post(x, account, "One.").status_code == 201


def test_what_a_request_says_beside_its_text_is_kept(x: XSimulator) -> None:
    """The whole body can be read back."""
    account = x.account()
    post(x, account, "One.", reply_settings="following", made_with_ai=True)
    (kept,) = x.posts(account)
    assert kept.body == {"text": "One.", "reply_settings": "following", "made_with_ai": True}
