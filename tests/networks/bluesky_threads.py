"""Threads, pictures and stores that the tests of Bluesky's adapter share."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image as Drawing

from threadbot.article.model import Image
from threadbot.networks.plan import Plan
from threadbot.networks.port import Absent, Sent, Unknown
from threadbot.thread.bluesky_text import byte_length, grapheme_count
from threadbot.thread.model import Card, Post, Span, Thread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from threadbot.networks.bluesky import Bluesky
    from threadbot.networks.port import Outcome, Receipt, Sight
    from threadbot.thread.model import SpanKind


def span(text: str, words: str, kind: SpanKind, value: str) -> Span:
    """Mark some words of a text."""
    start = text.index(words)
    return Span(start, start + len(words), kind, value)


def post(text: str, *spans: Span, card: Card | None = None, images: tuple[Image, ...] = ()) -> Post:
    """Make a post."""
    return Post("body", text, spans, grapheme_count(text), byte_length(text), card, images)


def thread(
    *posts: Post | str, langs: tuple[str, ...] = ("fr",), tags: tuple[str, ...] = ()
) -> Thread:
    """Make a thread."""
    made = tuple(post(each) if isinstance(each, str) else each for each in posts)
    return Thread("bluesky", "test", 300, langs, tags, made, (), (), None)


def rich_thread(mentioned: str) -> Thread:
    """Make a thread with all that Bluesky's records can hold.

    Args:
        mentioned: the handle of somebody.
    """
    opening = f"Le tramway, enfin 🚋 ! Par @{mentioned}\nLire l’article #Brest"
    middle = "Une ligne vers le port — « voilà », https://enpause.com/plan"
    closing = "Et vous, qu’en pensez-vous ?"
    return thread(
        post(
            opening,
            span(opening, f"@{mentioned}", "mention", mentioned),
            span(opening, "Lire l’article", "link", "https://enpause.com/tramway?a=1"),
            span(opening, "#Brest", "hashtag", "Brest"),
            card=Card("https://enpause.com/tramway?a=1", "Le tramway", "En mai.", "lead.jpg"),
        ),
        post(
            middle,
            span(middle, "https://enpause.com/plan", "link", "https://enpause.com/plan"),
            images=(Image("plan.png", "Le plan de la ligne"), Image("wide.jpg", "")),
        ),
        closing,
        langs=("fr", "br"),
        tags=("transports", "bretagne"),
    )


def jpeg(width: int = 64, height: int = 48, *, noise: int = 0, **options: Any) -> bytes:
    """Draw a JPEG; noise makes it large."""
    size = (width, height)
    plain = Drawing.new("RGB", size, "teal")
    drawing = Drawing.effect_noise(size, noise).convert("RGB") if noise else plain
    return written(drawing, "JPEG", **options)


def png(width: int = 64, height: int = 48, colour: str = "teal") -> bytes:
    """Draw a PNG."""
    return written(Drawing.new("RGBA", (width, height), colour), "PNG")


def written(drawing: Drawing.Image, form: str, **options: Any) -> bytes:
    """Write a drawing as a file."""
    file = io.BytesIO()
    drawing.save(file, form, **options)
    return file.getvalue()


def prepared(network: Bluesky, made: Thread, now: datetime) -> Plan:
    """Prepare a thread that must get a plan."""
    plan = network.prepare(made, now)
    assert isinstance(plan, Plan), plan
    return plan


def delivered(network: Bluesky, plan: Plan) -> Outcome | Sight:
    """Send a plan as docs/delivery.md says: what is left open is looked up, then sent again.

    The reference server never waits for its own databases (timeout 0 in its db.js): now and then,
    on a busy machine, it answers a good request with HTTP 500.
    """
    (step,) = plan.steps
    outcome = network.send(plan, step, ())
    if not isinstance(outcome, Unknown):
        return outcome
    sight = network.look(plan, step, ())
    return network.send(plan, step, ()) if isinstance(sight, Absent) else sight


def sent(network: Bluesky, plan: Plan) -> Sequence[Receipt]:
    """Send a plan that must go out."""
    outcome = delivered(network, plan)
    assert isinstance(outcome, Sent), outcome
    return outcome.receipts
