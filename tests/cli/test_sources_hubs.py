"""What `threadbot sources` says of the hubs that feeds name."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command_line import threadbot

from threadbot.app import ledger
from threadbot.cli.source_hubs import hub_object, hub_words
from threadbot.config import load_config
from threadbot.triggers.hub_report import report_hub
from threadbot.triggers.store import SourceStore
from threadbot.triggers.subscriptions import SubscriptionBook
from threadbot.triggers.websub import (
    Confirmed,
    Denied,
    Discovery,
    after_asking,
    after_failure,
    subscribe,
    verify,
)

if TYPE_CHECKING:
    from threadbot.triggers.websub import Subscription

NOW = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "json.md"
TOPIC = "https://enpause.com/feed"
PLANNED = subscribe(
    Discovery("https://hub.example/hub", TOPIC), "https://us.example/websub/a", "secret", NOW
)


def verified(mode: str) -> Subscription:
    """Give a subscription after its hub has asked back, or said no."""
    query = {"hub.mode": mode, "hub.topic": TOPIC, "hub.challenge": "c", "hub.reason": "full"}
    answer = verify(PLANNED, query | {"hub.lease_seconds": "864000"}, NOW, 0.0)
    assert isinstance(answer, Confirmed | Denied)
    return answer.subscription


AWAY = "its hub cannot be asked: it is away"
SAID = {
    "planned": (PLANNED, "polling; hub.example is asked to tell of news", "asked"),
    "agreed": (verified("subscribe"), "pushed by hub.example until 12.12.2026 08:00", "active"),
    "renewal fails": (
        after_failure(verified("subscribe"), AWAY, NOW),
        f"pushed by hub.example until 12.12.2026 08:00; to renew that fails: {AWAY}",
        "active",
    ),
    "refused": (
        verified("denied"),
        "polling; its hub refuses the subscription (full)",
        "denied",
    ),
    "dead": (after_failure(PLANNED, AWAY, NOW), f"polling; {AWAY}", "failed"),
    "out of order": (
        after_asking(PLANNED, 500, NOW),
        "polling; its hub answers with HTTP 500",
        "failed",
    ),
    "asked again": (
        after_asking(after_failure(PLANNED, AWAY, NOW), 202, NOW + timedelta(hours=2)),
        "polling; hub.example is asked to tell of news",
        "asked",
    ),
    "lapsed": (
        replace(verified("subscribe"), expires_at=NOW),
        "polling; hub.example is asked to tell of news",
        "asked",
    ),
}


@pytest.mark.parametrize(("subscription", "said", "state"), SAID.values(), ids=SAID)
def test_how_news_of_a_feed_reach_us_is_said(
    subscription: Subscription, said: str, state: str
) -> None:
    """Pushed, by whom and until when; or polling, and why its hub does not tell."""
    hub = report_hub(subscription, NOW)
    assert hub_words(hub, UTC) == said
    told = hub_object(hub)
    assert told is not None
    assert (told["host"], told["state"]) == ("hub.example", state)


CONFIG = """\
[accounts.ours]
network = "bluesky"
[[source]]
name = "site"
kind = "feed"
url = "https://enpause.com/feed"
[[source]]
name = "plain"
kind = "feed"
url = "https://enpause.com/plain"
[ledger]
path = "ledger.db"
"""
REACHED = '[webhooks]\ncallback_url = "https://us.example"\n'


@pytest.mark.parametrize("reached", [True, False])
def test_sources_shows_the_hub_of_each_feed(tmp_path: Path, *, reached: bool) -> None:
    """In text and JSON, with each key in docs/json.md; without a callback all is polling."""
    (tmp_path / "config.toml").write_text(CONFIG + REACHED * reached, "utf-8")
    config = load_config(tmp_path / "config.toml", {}, tmp_path)
    with ledger(config) as opened:
        SourceStore(opened).begin(config.sources, NOW)
        live = replace(verified("subscribe"), expires_at=datetime.now(UTC) + timedelta(days=2))
        SubscriptionBook(opened).begin("site", "a", live)
    site, plain = json.loads(threadbot(tmp_path, "sources", "--format", "json").stdout)["sources"]
    assert plain["hub"] is None
    shown = threadbot(tmp_path, "sources").stdout.decode()
    assert "  news          polling\n" in shown
    if reached:
        assert (site["hub"]["state"], site["hub"]["reason"]) == ("active", None)
        assert "  news          pushed by hub.example until " in shown
        described = re.findall(r"^\| `sources\.([\w.]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
        empty = ("waiting.", "passed_over.")
        assert {key for key in described if not key.startswith(empty)} == keys(site)
    else:
        assert site["hub"] is None
        assert "pushed" not in shown


def keys(source: dict[str, Any]) -> set[str]:
    """Give the keys of a source, and those of its hub after a dot."""
    return {*source} | {f"hub.{key}" for key in source["hub"]}
