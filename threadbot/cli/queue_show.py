"""One thread of the ledger in full: what it says, where it stands, its plan.

Owns the words and keys; never changes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threadbot.cli.output import write
from threadbot.cli.planned import due_keys
from threadbot.cli.reports import write_report
from threadbot.cli.telling import NETWORK_NAMES, thread_object, waits_until
from threadbot.cli.times import time_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from threadbot.cli.reports import ReportFormat
    from threadbot.delivery.model import Delivery, StepRow
    from threadbot.thread.model import Post


def show(delivery: Delivery, zone: tzinfo, output_format: ReportFormat) -> None:
    """Write all that is known of a thread.

    Args:
        delivery: the thread.
        zone: the publication's.
        output_format: for people or for programs.
    """
    if output_format == "json":
        write_report("threads", [_object(delivery, zone)])
        return
    from threadbot.cli import cards  # noqa: PLC0415 - this format alone
    from threadbot.preview.characters import visible  # noqa: PLC0415 - the same
    from threadbot.preview.terminal import thread_cards  # noqa: PLC0415 - the same

    width = max(cards.MIN_WIDTH, cards.terminal_width())
    write(f"{visible(delivery.row.title)}\n\n")
    if delivery.row.fingerprints is None:
        cards.show(thread_cards([delivery.row.thread], width=width), width)
    write("".join(f"{visible(line)}\n" for line in _lines(delivery, zone)))


def _lines(delivery: Delivery, zone: tzinfo) -> Iterator[str]:
    from threadbot.delivery.model import RELEASING  # noqa: PLC0415 - this format alone

    row = delivery.row
    where = f"{NETWORK_NAMES[row.network]} ({row.account})"
    where += ", sandbox" if row.sandbox else ""
    yield f"Thread {row.id} on {where}: {row.state}"
    if row.due_at is not None and row.state not in RELEASING:
        yield f"Due: {time_in_words(row.due_at, zone)}"
    if row.state == "sending" and (until := waits_until(delivery)) is not None:
        yield f"It waits until {time_in_words(until, zone)}."
    if delivery.reason:
        yield f"Reason: {delivery.reason}"
    if row.fingerprints is not None:
        yield f"Its {len(row.thread.posts)} posts were pruned: their words are not known any more."
    yield from _plan(delivery, zone)
    for receipt in delivery.receipts:
        yield f"  {receipt.post:>2}  {receipt.url}"


def _plan(delivery: Delivery, zone: tzinfo) -> Iterator[str]:
    if delivery.plan is None:
        return
    yield "Plan:"
    for planned, step in zip(delivery.plan.steps, delivery.steps, strict=True):
        first, last = planned.posts[0], planned.posts[-1]
        posts = f"post {first}" if first == last else f"posts {first} to {last}"
        yield f"  {posts}: {_step(step, zone)}"
    for warning in delivery.plan.warnings:
        yield f"Warning: {warning}"


def _step(step: StepRow, zone: tzinfo) -> str:
    tries = f", tried {step.tries} times" if step.tries > 1 else ""
    wait = f", not before {time_in_words(step.not_before, zone)}" if step.not_before else ""
    return f"{step.state}{tries}{wait}"


def _object(delivery: Delivery, zone: tzinfo) -> dict[str, Any]:
    row = delivery.row
    price = row.thread.price_usd
    return thread_object(delivery) | {
        **due_keys(row.due_at, zone),
        "price_usd": None if price is None else f"{price.normalize():f}",
        "pruned": row.fingerprints is not None,
        "texts": [_text(post) for post in row.thread.posts] if row.fingerprints is None else [],
        "steps": [
            {
                "number": step.number,
                "state": step.state,
                "tries": step.tries,
                "not_before": step.not_before.isoformat() if step.not_before else None,
                "answer": step.answer,
            }
            for step in delivery.steps
        ],
    }


def _text(post: Post) -> str:
    return post.text
