"""A worker's sources and the listener for webhooks, served for a test; and what senders send."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fetch.clients import fetcher
from fetch.loopback import LoopbackServer

from sources.site_on_loopback import LONG
from threadbot.config import load_config
from threadbot.sources.running import running_sources
from threadbot.web.connections import USUAL
from threadbot.web.listening import listening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from threadbot.delivery.ledger import Ledger
    from threadbot.sources.rounds import Rounds
    from threadbot.web.connections import Limits

HOOK = "only ghost knows"
SECRETS = {"THREADBOT_HOOK": HOOK}
ACCOUNT = '[accounts.ours]\nnetwork = "bluesky"\n'
GHOST = (
    '[[source]]\nname = "ghost"\nkind = "webhook"\nsender = "ghost"\nsecret = "hook"\n'
    '[webhooks]\nlisten = "127.0.0.1:{port}"\n'
)
FEED = '[[source]]\nname = "site"\nkind = "feed"\nurl = "http://news.example:{port}/feed"\n{more}\n'
PATIENCE = 20.0


@contextmanager
def serving(
    folder: Path,
    ledger: Ledger,
    text: str,
    site: LoopbackServer | None = None,
    limits: Limits = USUAL,
) -> Iterator[tuple[Rounds, str | None]]:
    """Serve what a configuration says; gives the rounds, and where webhooks are listened for."""
    (folder / "config.toml").write_text(ACCOUNT + text, "utf-8")
    config = load_config(folder / "config.toml", {}, folder)
    client = None if site is None else fetcher(site)
    with ExitStack() as stack:
        running = stack.enter_context(running_sources(config, ledger, client=client))
        at = stack.enter_context(listening(config, running.rounds, running.wake, SECRETS, limits))
        yield running.rounds, at


def until(condition: Callable[[], bool]) -> float:
    """Wait until something is so, and give the seconds that it took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.02)
    return time.monotonic() - begun


def titles(ledger: Ledger) -> list[str]:
    """Give state and title of what is in the ledger, the oldest first."""
    return [f"{one.row.state} {one.row.title}" for one in reversed(ledger.history())]


def free_port() -> int:
    """Find a port that nobody listens at."""
    server = LoopbackServer({})
    server.close()
    return server.port


def ghost_message(number: int, times: int = 12) -> bytes:
    """Write what Ghost sends when an article was published; `times` makes it longer."""
    published = datetime.now(UTC).isoformat()
    post = {
        "id": f"post-{number}",
        "title": f"Article {number}",
        "html": f"<p>Report {number} begins. {LONG * times}</p>",
        "url": f"https://enpause.com/article-{number}/",
        "status": "published",
        "visibility": "public",
        "published_at": published,
    }
    return json.dumps({"post": {"current": post, "previous": {}}}).encode()


def signed(body: bytes, secret: str = HOOK) -> dict[str, str]:
    """Sign a message as Ghost's documentation has it."""
    moment = str(int(time.time() * 1000))
    digest = hmac.new(secret.encode(), body + moment.encode(), hashlib.sha256).hexdigest()
    return {"X-Ghost-Signature": f"sha256={digest}, t={moment}"}


def head(length: int, signature: str | None = None, path: str = "webhooks/ghost") -> bytes:
    """Write the head of a message; its signature looks right, unless another is given."""
    looks_right = f"X-Ghost-Signature: sha256={'0' * 64}, t={int(time.time() * 1000)}"
    lines = [f"POST /{path} HTTP/1.1", "Host: a", f"Content-Length: {length}"]
    lines.append(looks_right if signature is None else signature)
    return "\r\n".join([*filter(None, lines), "", ""]).encode()


def connect(port: int) -> socket.socket:
    """Connect as a stranger does."""
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def drained(connection: socket.socket) -> tuple[bytes, float]:
    """Read until the other side ends it; gives what came, and the seconds that it took."""
    begun, came = time.monotonic(), b""
    try:
        while piece := connection.recv(1_000):
            came += piece
    except ConnectionError:
        pass
    return came, time.monotonic() - begun
