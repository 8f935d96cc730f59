"""A secret does not show itself."""

from __future__ import annotations

import pickle
from dataclasses import asdict

import pytest

from threadbot.networks.bluesky_settings import BlueskySettings
from threadbot.networks.secret import Secret

SECRET = Secret("abcd-efgh")
SETTINGS = BlueskySettings("test", "t.test", SECRET)


def test_a_secret_shows_itself_only_when_asked() -> None:
    """Neither printing nor formatting tells it, also inside of settings."""
    for told in (repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET!r}", repr(SETTINGS)):
        assert "abcd" not in told
    assert SECRET.reveal() == "abcd-efgh"


def test_a_secret_is_not_written_down() -> None:
    """What would store it fails."""
    with pytest.raises(TypeError):
        pickle.dumps(SECRET)
    with pytest.raises(TypeError):
        asdict(SETTINGS)


def test_secrets_can_be_compared() -> None:
    """Two settings with the same password are the same."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert hash(Secret("a")) == hash(Secret("a"))
