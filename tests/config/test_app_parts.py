"""The composition root: the ledger, the networks and the pictures of a configuration."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from threadbot.app import ledger, network_for, picture_source
from threadbot.config import Config, load_config
from threadbot.config.adapters import bluesky_settings
from threadbot.errors import ConfigError, InputError
from threadbot.networks.bluesky_settings import BlueskySettings
from threadbot.networks.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger
    from threadbot.thread.model import NetworkName

FILE = """
[accounts.news-x]
network = "x"
[accounts.news]
network = "bluesky"
handle = "@news.example.com"
app_password = "news-password"
pds = "http://localhost:2583"
threadgate = "followers"
labels = ["graphic-media"]
[accounts.silent]
network = "bluesky"
handle = "silent.example.com"
[accounts.nameless]
network = "bluesky"
[ledger]
path = "state/ledger.db"
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "config.toml").write_text(FILE)
    return load_config(None, {}, tmp_path)


@pytest.fixture
def opened(config: Config) -> Iterator[Ledger]:
    with ledger(config) as opened:
        yield opened


def test_the_ledger_is_opened_where_the_configuration_says(opened: Ledger, tmp_path: Path) -> None:
    """Its folder is made where there is none."""
    assert opened.path == tmp_path / "state" / "ledger.db"
    assert opened.path.is_file()


def test_a_ledger_without_a_place_is_told(tmp_path: Path) -> None:
    """Where neither the file nor the environment says where, the sentence says what to set."""
    config = load_config(None, {}, tmp_path)
    with pytest.raises(ConfigError, match=r"set 'path' in \[ledger\], or the variable HOME"):
        ledger(config)


def test_an_account_gets_its_settings_and_its_password(config: Config) -> None:
    """The adapter is told what the configuration says, the secret looked up."""
    environment = {"THREADBOT_NEWS_PASSWORD": "abcd-efgh-ijkl-mnop"}
    assert bluesky_settings(config, "news", environment) == BlueskySettings(
        account="news",
        handle="news.example.com",
        app_password=Secret("abcd-efgh-ijkl-mnop"),
        pds="http://localhost:2583",
        threadgate="followers",
        self_labels=("graphic-media",),
    )


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (
            "news-x",
            r"'news-x' cannot post: set 'api_key' and 'api_key_secret' in \[accounts.news-x",
        ),
        ("silent", r"the account 'silent' cannot post: set 'app_password' in \[accounts.silent\]"),
        ("nameless", r"the account 'nameless' cannot post: set 'handle' in \[accounts.nameless\]"),
        ("news", "the secret 'news-password' is not there: it is neither in"),
        ("new", "there is no account 'new'; did you mean 'news'?"),
    ],
)
def test_an_account_that_cannot_post_is_told(
    account: str, said: str, config: Config, opened: Ledger
) -> None:
    """One sentence says what is missing, before anything is sent."""
    network: NetworkName = "x" if account == "news-x" else "bluesky"
    with pytest.raises(InputError, match=said):
        network_for(
            config,
            account,
            network=network,
            sandbox=False,
            ledger=opened,
            folder=None,
            environment={},
        )


def test_an_account_that_moved_to_another_network_is_told(config: Config, opened: Ledger) -> None:
    """A thread for one network is never sent to the other."""
    with pytest.raises(InputError, match="the account 'news' is on bluesky, not on x"):
        network_for(
            config,
            "news",
            network="x",
            sandbox=False,
            ledger=opened,
            folder=None,
            environment={},
        )


def test_the_sandbox_needs_no_account(config: Config, opened: Ledger, tmp_path: Path) -> None:
    """It takes any name, looks no secret up, and keeps its posts beside the ledger."""
    network = network_for(
        config,
        "anybody",
        network="x",
        sandbox=True,
        ledger=opened,
        folder=tmp_path,
        environment={},
    )
    from threadbot.networks.sandbox import Sandbox  # noqa: PLC0415 - the type alone

    assert isinstance(network, Sandbox)
    assert network.journal.path == tmp_path / "state" / "ledger.sandbox.jsonl"


def test_pictures_are_those_beside_the_article(config: Config, tmp_path: Path) -> None:
    """The folder is the article's, and what may be fetched is what the configuration allows."""
    (tmp_path / "a.png").write_bytes(b"bytes")
    assert picture_source(config, tmp_path).picture("a.png") == b"bytes"


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """The root itself brings neither a database nor a network's library along."""
    program = (
        "import sys, threadbot.app; print([n for n in sys.modules if n.partition('.')[0] in "
        "('atproto', 'sqlalchemy', 'httpx2', 'httpcore2', 'httpx', 'pydantic', 'PIL', 'ssl')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
