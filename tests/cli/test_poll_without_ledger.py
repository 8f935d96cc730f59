"""`threadbot poll` where its ledger cannot be used: one sentence, and an exit code to try later."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from command_line import clean_environment, threadbot
from fetch.loopback import LoopbackServer, response
from sources.site_on_loopback import Item, rss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Runs `threadbot poll` where no file may grow beyond 40,000 bytes, as on a disk that is full.
ON_A_FULL_DISK = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
sys.argv = ["threadbot", "poll"]
runpy.run_module("threadbot", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    """Give a site with a feed of many articles."""
    shown = rss(Item(number, dated=False) for number in range(60))
    server = LoopbackServer({"/feed": response(shown, Content_Type="application/rss+xml")})
    yield server
    server.close()


def configured(folder: Path, site: LoopbackServer, ledger: str) -> None:
    """Follow the site's feed."""
    (folder / "config.toml").write_text(
        f'[accounts.ours]\nnetwork = "bluesky"\n[ledger]\n{ledger}\n'
        f'[fetch]\nallow = ["127.0.0.1:{site.port}"]\n'
        f'[[source]]\nname = "site"\nkind = "feed"\nurl = "http://127.0.0.1:{site.port}/feed"\n',
        "utf-8",
    )


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    """Give the one sentence of a command that is to be tried later."""
    assert (done.returncode, done.stdout) == (4, b"")
    (line,) = done.stderr.decode().splitlines()
    return line


def test_a_server_that_is_away_is_said(tmp_path: Path, site: LoopbackServer) -> None:
    """Nobody listens where the ledger should be, and no feed is asked in vain."""
    nobody = LoopbackServer({})
    nobody.close()
    url = f'url = "postgresql+psycopg://threadbot@127.0.0.1:{nobody.port}/threadbot"'
    configured(tmp_path, site, url)
    assert "does not answer" in said(threadbot(tmp_path, "poll"))
    assert site.requests == []


def test_a_full_disk_is_said_and_loses_no_article(tmp_path: Path, site: LoopbackServer) -> None:
    """What was seen is not counted as seen before it is stored: the next poll takes stock."""
    configured(tmp_path, site, 'path = "ledger.db"')
    assert threadbot(tmp_path, "sources").returncode == 0
    full = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK],
        cwd=tmp_path,
        env=clean_environment(tmp_path),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert "ledger.db: the ledger cannot be used: the disk " in said(full)
    assert "site: 60 passed over" in threadbot(tmp_path, "poll").stdout.decode()
