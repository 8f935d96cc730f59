"""Threads, articles and a clock for the tests of delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from threadbot.article.model import Article, Image, Paragraph
from threadbot.delivery.drive import Outside
from threadbot.networks.sandbox import Sandbox, Script
from threadbot.thread.measure import YARDSTICKS
from threadbot.thread.model import Card, Post, Span, Thread

if TYPE_CHECKING:
    from pathlib import Path

    from threadbot.delivery.deliver import Action
    from threadbot.delivery.ledger import Ledger
    from threadbot.delivery.model import Delivery
    from threadbot.networks.port import Network
    from threadbot.thread.model import NetworkName

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ARTICLE = Article(
    title="Le tramway revient à Brest",
    blocks=(Paragraph("La ville relance un chantier."),),
    url="https://enpause.com/tramway",
)


@dataclass
class Clock:
    """A clock that only moves when somebody sleeps.

    Args:
        moment: the present.
        slept: every sleep, in seconds.
    """

    moment: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """Give the present."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


def post(
    network: NetworkName,
    text: str,
    spans: tuple[Span, ...] = (),
    card: Card | None = None,
    images: tuple[Image, ...] = (),
) -> Post:
    """Make a post whose length is told right."""
    size = YARDSTICKS[network].measure(text)
    return Post("body", text, spans, size.length, size.size, card, images)


def thread(
    network: NetworkName = "x", count: int = 3, account: str = "enpause", words: str = "Brest"
) -> Thread:
    """Make a thread that keeps every law."""
    texts = [f"{words}, partie {number} ?" for number in range(1, count + 1)]
    return Thread(
        network=network,
        account=account,
        limit=YARDSTICKS[network].room.length,
        langs=("fr",),
        tags=("tram",),
        posts=tuple(post(network, text) for text in texts),
        omitted=(),
        warnings=(),
        price_usd=Decimal("0.045") if network == "x" else None,
    )


def rich_thread() -> Thread:
    """Make a thread with everything that a thread can have."""
    text = "Lire à « Brest » 👩‍👩‍👧 : https://enpause.com/a"
    start = text.index("https")
    spans = (Span(start, len(text), "link", text[start:]),)
    card = Card("https://enpause.com/a", "Le tramway", "", "images/tram.jpg")
    images = (Image("a.jpg", "Un tram"), Image("b.jpg"))
    posts = (
        post("bluesky", text, spans, card=card),
        post("bluesky", "Deux\u202fimages", images=images),
    )
    return Thread(
        "bluesky", "bsky", 300, ("fr", "br"), ("tram",), posts, ("rien",), ("!",), Decimal("0.0150")
    )


@dataclass
class Run:
    """All that a delivery needs, and what it did.

    Args:
        ledger: an open ledger.
        network: where it goes.
        clock: its time.
        actions: each action that was carried out.
    """

    ledger: Ledger
    network: Network
    clock: Clock = field(default_factory=Clock)
    actions: list[Action] = field(default_factory=list)

    @property
    def outside(self) -> Outside:
        """What the driver takes."""
        return Outside(self.network, self.clock.now, self.clock.sleep, self._note)

    def _note(self, delivery: Delivery, action: Action) -> None:
        del delivery
        self.actions.append(action)


def sandbox(folder: Path, network: NetworkName = "x", script: Script | None = None) -> Sandbox:
    """Make a sandbox whose journal is in a folder."""
    return Sandbox(network, "enpause", folder / "sandbox.jsonl", script or Script())


def approved(ledger: Ledger, made: Thread, article: Article = ARTICLE) -> str:
    """Put an approved thread into a ledger and give its name."""
    number = ledger.record_article(article, None, START)
    return ledger.claim(made, number, sandbox=True, now=START).row.id
