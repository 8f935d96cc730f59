"""What `threadbot doctor` finds out about an account on Bluesky."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pds.adapter import adapter

if TYPE_CHECKING:
    from datetime import datetime

    from pds.server import Pds, PdsAccount

    from threadbot.networks.bluesky import Bluesky
    from threadbot.networks.port import Finding

DESCRIBE = "com.atproto.server.describeServer"
RESOLVE = "com.atproto.identity.resolveHandle"


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
    """Without a sign-in the handle is not compared, but the clock is."""
    with closing(adapter(pds, account, app_password="wrong")) as network:  # noqa: S106
        findings = by_subject(network, now)
    assert not findings["credentials"].ok
    assert "app password" in findings["credentials"].message
    assert set(findings) == {"credentials", "clock"}


def test_a_session_that_ended_is_found(pds: Pds, account: PdsAccount, now: datetime) -> None:
    """A stored session is tried on the server, not taken for good."""
    with closing(adapter(pds, account)) as network:
        assert by_subject(network, now)["credentials"].ok
        pds.fault("answer", nsid="com.atproto.server.getSession", status=503)
        assert not by_subject(network, now)["credentials"].ok


def test_a_handle_of_another_account_is_found(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """A handle that leads to another identity than the sign-in is amiss."""
    by_subject(network, now)
    pds.call("com.atproto.identity.updateHandle", {"handle": f"x{account.handle}"}, account.token)
    finding = by_subject(network, now)["handle"]
    assert not finding.ok
    assert account.handle in finding.message


def test_a_handle_that_somebody_else_took_is_found(
    pds: Pds, account: PdsAccount, network: Bluesky, now: datetime
) -> None:
    """A session outlives its handle; whose that is now is told."""
    by_subject(network, now)
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
