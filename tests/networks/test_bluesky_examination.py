"""What `threadbot doctor` finds out about an account on Bluesky."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from bluesky_threads import prepared, sent, thread
from pds.adapter import Sessions, adapter

if TYPE_CHECKING:
    from datetime import datetime

    from pds.server import Pds, PdsAccount

    from threadbot.networks.bluesky import Bluesky
    from threadbot.networks.port import Finding

DESCRIBE = "com.atproto.server.describeServer"
RESOLVE = "com.atproto.identity.resolveHandle"
SIGN_IN = "com.atproto.server.createSession"
SIGN_OUT = "com.atproto.server.deleteSession"
REFRESH = "com.atproto.server.refreshSession"


@pytest.fixture
def sessions() -> Sessions:
    """Give an empty store of sessions."""
    return Sessions()


def by_subject(network: Bluesky, now: datetime) -> dict[str, Finding]:
    return {finding.subject: finding for finding in network.examine(now)}


def test_a_healthy_account_is_found_so(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Credentials, handle and clock are right, and nothing was posted."""
    findings = by_subject(network, now)
    assert set(findings) == {"credentials", "handle", "clock"}
    assert all(finding.ok for finding in findings.values())
    assert account.did in findings["handle"].message
    assert pds.posts(account) == []


def test_a_wrong_password_is_found(pds: Pds, account: PdsAccount, now: datetime) -> None:
    """Handle and clock are looked at all the same, so that one can be told from the other."""
    with closing(adapter(pds, account, app_password="wrong")) as network:  # noqa: S106
        findings = by_subject(network, now)
    assert not findings["credentials"].ok
    assert "app password" in findings["credentials"].message
    assert findings["handle"].ok
    assert findings["clock"].ok


def test_a_revoked_password_is_found_while_its_session_lasts(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """A stored session outlives the password that it came from, so the password itself is tried."""
    password = pds.app_password(account)
    with closing(adapter(pds, account, app_password=password, sessions=sessions)) as network:
        prepared(network, thread("one"), now)
        stored = dict(sessions.kept)
        pds.revoke_app_password(account)
        finding = by_subject(network, now)["credentials"]
    assert not finding.ok
    assert "refuses the app password" in finding.message
    assert sessions.kept == stored


def test_the_session_in_use_stays_as_it_is(
    pds: Pds, account: PdsAccount, sessions: Sessions, now: datetime
) -> None:
    """The sign-in of the examination is one apart, and is ended on the server."""
    with closing(adapter(pds, account, sessions=sessions)) as network:
        plan = prepared(network, thread("one"), now)
        stored = dict(sessions.kept)
        pds.reset()
        assert by_subject(network, now)["credentials"].ok
        assert sessions.kept == stored
        assert (pds.calls(SIGN_IN), pds.calls(SIGN_OUT), pds.calls(REFRESH)) == (1, 1, 0)
        # The stored tokens are as good as before: one renewal, no sign-in.
        pds.fault("answer", status=400, error="ExpiredToken", message="Token has expired")
        sent(network, plan)
        assert (pds.calls(SIGN_IN), pds.calls(REFRESH)) == (1, 1)


def test_a_sign_in_that_the_server_does_not_end_is_no_fault(
    pds: Pds, network: Bluesky, now: datetime
) -> None:
    """It ends by itself."""
    pds.fault("answer", nsid=SIGN_OUT, status=503)
    assert by_subject(network, now)["credentials"].ok


def test_a_deactivated_account_is_found(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """Its password is taken, and it could not post all the same."""
    pds.deactivate(account)
    finding = by_subject(network, now)["credentials"]
    assert not finding.ok
    assert "is deactivated" in finding.message


def test_a_server_that_lets_nobody_in_for_now_is_found(
    pds: Pds, network: Bluesky, now: datetime
) -> None:
    """Where nobody can sign in, that is said."""
    pds.fault("answer", nsid=SIGN_IN, status=503)
    assert not by_subject(network, now)["credentials"].ok


def test_a_handle_that_was_given_up_is_found(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """A handle that was given up is amiss, and not the password alone."""
    by_subject(network, now)
    pds.call("com.atproto.identity.updateHandle", {"handle": f"x{account.handle}"}, account.token)
    finding = by_subject(network, now)["handle"]
    assert not finding.ok
    assert account.handle in finding.message


def test_a_handle_that_somebody_else_took_is_found(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """A session outlives its handle; whose that is now is told."""
    prepared(network, thread("one"), now)
    other, update = pds.account(), "com.atproto.identity.updateHandle"
    pds.call(update, {"handle": f"x{account.handle}"}, account.token)
    pds.call(update, {"handle": account.handle}, other.token)
    finding = by_subject(network, now)["handle"]
    assert not finding.ok
    assert f"{account.handle} belongs to {other.did}" in finding.message


@pytest.mark.parametrize(
    ("skew", "word"), [(timedelta(hours=2), "ahead of"), (timedelta(minutes=-5), "behind")]
)
def test_a_wrong_clock_is_found(
    network: Bluesky, now: datetime, skew: timedelta, word: str
) -> None:
    """A clock that is off by more than a minute is amiss, and in which direction is said."""
    finding = by_subject(network, now + skew)["clock"]
    assert not finding.ok
    assert word in finding.message


def test_a_server_that_is_away_is_found(pds: Pds, network: Bluesky, now: datetime) -> None:
    """Where the time cannot be compared, that is said."""
    pds.fault("drop-before", nsid=DESCRIBE)
    assert not by_subject(network, now)["clock"].ok
