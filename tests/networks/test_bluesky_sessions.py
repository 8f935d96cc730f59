"""An account signs in once; its session is kept, renewed, and given up where it is refused."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from bluesky_threads import delivered, prepared, sent, thread
from pds.adapter import Sessions, adapter

from threadbot.networks.plan import Plan
from threadbot.networks.port import Held, RetryAt, Sent

if TYPE_CHECKING:
    from datetime import datetime

    from pds.server import Pds, PdsAccount

SIGN_IN = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"
WRITES = "com.atproto.repo.applyWrites"


@pytest.fixture
def sessions() -> Sessions:
    """Give an empty store of sessions."""
    return Sessions()


def publish(pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime) -> object:
    """Publish a post in a run of its own, and give the outcome."""
    with closing(adapter(pds, account, sessions=sessions)) as network:
        plan = network.prepare(thread("one"), now)
        return delivered(network, plan) if isinstance(plan, Plan) else plan


def spoil(sessions: Sessions, *tokens: str) -> None:
    """Make tokens of the stored session invalid: `access`, `refresh`."""
    kept = json.loads(sessions.kept["test"])
    handle, did, access, refresh, *rest = kept["session"].split(":::")
    access += "x" if "access" in tokens else ""
    refresh += "x" if "refresh" in tokens else ""
    kept["session"] = ":::".join((handle, did, access, refresh, *rest))
    sessions.kept["test"] = json.dumps(kept)


def test_ten_runs_sign_in_once(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """A sign-in per run would soon meet the server's limit (bluesky-crossposter#55)."""
    for _ in range(10):
        assert isinstance(publish(pds, account, sessions, now), Sent)
    assert pds.calls(SIGN_IN) == 1
    assert len(pds.posts(account)) == 10


def test_a_server_that_stumbles_gets_the_post_once_and_no_second_sign_in(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """HTTP 500 leaves open what was done: it is looked up, and sent again under the same key."""
    for mode in ("answer", "drop-after"):
        pds.fault(mode, status=500, error="InternalServerError", message="Internal Server Error")
        assert isinstance(publish(pds, account, sessions, now), Sent)
    assert pds.calls(SIGN_IN) == 1
    assert len(pds.posts(account)) == 2


def test_an_expired_token_is_refreshed_and_kept(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """ExpiredToken makes one refresh, no sign-in; the post goes out once, the token is kept."""
    with closing(adapter(pds, account, sessions=sessions)) as network:
        plan = prepared(network, thread("one"), now)
        before = sessions.kept["test"]
        pds.fault("answer", status=400, error="ExpiredToken", message="Token has expired")
        sent(network, plan)
    assert sessions.kept["test"] != before
    assert (pds.calls(REFRESH), pds.calls(SIGN_IN), len(pds.posts(account))) == (1, 1, 1)
    assert isinstance(publish(pds, account, sessions, now), Sent)
    assert pds.calls(SIGN_IN) == 1


def test_a_token_that_the_server_does_not_know_is_refreshed(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """The server's own refusal of a token is understood."""
    publish(pds, account, sessions, now)
    spoil(sessions, "access")
    assert isinstance(publish(pds, account, sessions, now), Sent)
    assert (pds.calls(REFRESH), pds.calls(SIGN_IN)) == (1, 1)


def test_where_the_refresh_is_refused_the_account_signs_in_again(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """A session that cannot be renewed is replaced by a new sign-in."""
    publish(pds, account, sessions, now)
    spoil(sessions, "access", "refresh")
    assert isinstance(publish(pds, account, sessions, now), Sent)
    assert (pds.calls(REFRESH), pds.calls(SIGN_IN)) == (1, 2)


def test_a_token_that_another_process_renewed_is_used(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """Two processes with one store do not renew after one another."""
    with closing(adapter(pds, account, sessions=sessions)) as network:
        prepared(network, thread("one"), now)
        other = Sessions()
        publish(pds, account, other, now)
        sessions.kept["test"] = other.kept["test"]
        pds.reset()
        pds.fault("answer", status=400, error="ExpiredToken")
        sent(network, prepared(network, thread("two"), now))
    assert (pds.calls(REFRESH), pds.calls(SIGN_IN)) == (0, 0)


@pytest.mark.parametrize("kept", ["", "{}", "[]", "null", '{"handle": 1, "pds": 2, "session": 3}'])
def test_a_stored_session_that_cannot_be_read_is_replaced(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime, kept: str
) -> None:
    """A damaged store costs a sign-in, no more."""
    sessions.save_session("test", kept)
    assert isinstance(publish(pds, account, sessions, now), Sent)


def test_another_handle_does_not_use_the_session(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """Where the configuration's handle was changed, the old account's session is not used."""
    publish(pds, account, sessions, now)
    other = pds.account()
    assert isinstance(publish(pds, other, sessions, now), Sent)
    assert (len(pds.posts(account)), len(pds.posts(other))) == (1, 1)


def test_a_thread_of_another_account_is_left_alone(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """A plan, and receipts, made for one account are not carried out by another."""
    with closing(adapter(pds, account)) as network, closing(adapter(pds, pds.account())) as other:
        plan = prepared(network, thread("one"), now)
        refused = other.send(plan, plan.steps[0], ())
        assert isinstance(refused, Held)
        assert refused.kind == "account"
        receipts = sent(network, plan)
        assert isinstance(other.delete(receipts), Held)
    assert len(pds.posts(account)) == 1


def test_a_wrong_password_is_held_and_says_what_to_do(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """A wrong password waits for a person, after one try, and does not stand in the reason."""
    with closing(adapter(pds, account, app_password="not-the-password")) as network:  # noqa: S106
        held = network.prepare(thread("one"), now)
    assert isinstance(held, Held)
    assert held.kind == "credentials"
    assert "https://bsky.app/settings/app-passwords" in held.reason
    assert "not-the-password" not in held.reason
    assert pds.calls(SIGN_IN) == 1


def test_a_revoked_app_password_is_held(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """A session whose app password was revoked ends with its token; then a person is needed."""
    password = pds.app_password(account)
    with closing(adapter(pds, account, app_password=password, sessions=sessions)) as network:
        plan = prepared(network, thread("one"), now)
        pds.revoke_app_password(account)
        pds.fault("answer", status=400, error="ExpiredToken")
        held = network.send(plan, plan.steps[0], ())
    assert isinstance(held, Held)
    assert held.kind == "credentials"
    assert "test" not in sessions.kept
    assert pds.posts(account) == []


def test_a_deactivated_account_is_held_and_can_be_resumed(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """Posting to a deactivated account waits; after it is activated the same plan goes out."""
    with closing(adapter(pds, account)) as network:
        plan = prepared(network, thread("one"), now)
        pds.deactivate(account)
        held = network.send(plan, plan.steps[0], ())
        assert isinstance(held, Held)
        assert held.kind == "account"
        assert "is deactivated" in held.reason
        pds.activate(account)
        sent(network, plan)
    assert len(pds.posts(account)) == 1


def test_a_suspended_account_is_held(pds: Pds, account: PdsAccount, now: datetime) -> None:
    """Moderators' suspension is told from a wrong password."""
    with closing(adapter(pds, account)) as network:
        plan = prepared(network, thread("one"), now)
        pds.take_down(account)
        held = network.send(plan, plan.steps[0], ())
    assert isinstance(held, Held)
    assert held.kind == "account"
    assert "is suspended" in held.reason


def test_too_many_sign_ins_wait(pds: Pds, account: PdsAccount, now: datetime) -> None:
    """The limit of sign-ins is a matter of time, not of credentials."""
    reset = str(int(now.timestamp()) + 240)
    headers = {"ratelimit-reset": reset}
    pds.fault("answer", nsid=SIGN_IN, status=429, error="RateLimitExceeded", headers=headers)
    with closing(adapter(pds, account)) as network:
        wait = network.prepare(thread("one"), now)
    assert isinstance(wait, RetryAt)
    assert int(wait.when.timestamp()) == int(reset)


def test_a_code_by_mail_asks_for_an_app_password(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """The main password of an account with two factors is no use; an app password is."""
    pds.fault("answer", nsid=SIGN_IN, status=401, error="AuthFactorTokenRequired")
    with closing(adapter(pds, account)) as network:
        held = network.prepare(thread("one"), now)
    assert isinstance(held, Held)
    assert "make an app password" in held.reason


def test_a_refresh_that_fails_for_a_moment_is_tried_again_later(
    pds: Pds, account: PdsAccount, now: datetime
) -> None:
    """Where the server is away during a renewal nothing was posted, and nothing is given up."""
    with closing(adapter(pds, account)) as network:
        plan = prepared(network, thread("one"), now)
        pds.fault("answer", status=400, error="ExpiredToken")
        pds.fault("answer", nsid=REFRESH, status=503)
        assert isinstance(network.send(plan, plan.steps[0], ()), RetryAt)
        sent(network, plan)
    assert len(pds.posts(account)) == 1
