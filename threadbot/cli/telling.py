"""How a thread ended or stands, in words for people and as objects for programs.

Owns those words and keys (docs/publishing.md); never changes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadbot.cli.output import write
from threadbot.cli.reports import write_report
from threadbot.cli.times import present, time_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from threadbot.cli.reports import ReportFormat
    from threadbot.delivery.drive import Ending
    from threadbot.delivery.model import Delivery

NETWORK_NAMES = {"x": "X", "bluesky": "Bluesky"}


@dataclass(frozen=True, slots=True)
class Told:
    """How one thread ended, for the screen and for programs.

    Args:
        delivery: what the ledger knows of it now.
        exit_code: its own.
        message: a sentence; empty where all is well.
        until: when to come back (UTC), if that is known.
    """

    delivery: Delivery
    exit_code: int
    message: str = ""
    until: datetime | None = None


def told(ending: Ending) -> Told:
    """Turn an ending into what is shown."""
    return Told(ending.delivery, ending.exit_code, ending.reason, ending.until)


def report_told(endings: Sequence[Told], zone: tzinfo, output_format: ReportFormat) -> None:
    """Write how threads ended, for people or for programs.

    Args:
        endings: the threads.
        zone: the publication's.
        output_format: for people or for programs.
    """
    if output_format == "json":
        write_report("threads", [told_object(one) for one in endings])
    else:
        write("".join(f"{line}\n" for one in endings for line in _lines(one, zone)))


def _lines(one: Told, zone: tzinfo) -> Iterator[str]:
    from threadbot.preview.characters import visible  # noqa: PLC0415 - not for --help

    row = one.delivery.row
    where = f"{NETWORK_NAMES[row.network]} ({row.account})"
    where += ", sandbox" if row.sandbox else ""
    yield f"Thread {row.id} on {where}: {_standing(one.delivery)}"
    if one.message:
        yield f"  {visible(one.message)}"
    if one.until is not None:
        yield f"  {_what_comes(one, one.until, zone)}"
    for receipt in one.delivery.receipts:
        yield f"  {receipt.post:>2}  {visible(receipt.url)}"
    for warning in one.delivery.plan.warnings if one.delivery.plan else ():
        yield f"  Warning: {visible(warning)}"
    if _waits_for_its_time(one):
        yield f"  threadbot queue move {row.id} --now   lets it go out at once"
    if row.state == "held":
        yield f"  threadbot resume {row.id}   goes on with it"
        if row.hold == "outcome" and row.network == "x":
            yield f"  threadbot resume {row.id} --sent ADDRESS   says that the post is out"
            yield f"  threadbot resume {row.id} --not-sent   says that it is not"
        yield f"  threadbot delete {row.id}   takes it back"


def _what_comes(one: Told, until: datetime, zone: tzinfo) -> str:
    moment = time_in_words(until, zone)
    return goes_out(moment) if _waits_for_its_time(one) else f"Come back after {moment}."


def _waits_for_its_time(one: Told) -> bool:
    row = one.delivery.row
    return row.state == "scheduled" and one.until is not None and one.until == row.due_at


def goes_out(moment: str) -> str:
    """Say when a thread goes out whose time has not come, and by whom."""
    return f"It goes out at {moment}, by `threadbot run`."


def _standing(delivery: Delivery) -> str:
    """Say in a few words where a thread stands."""
    if delivery.row.state != "held":
        return delivery.row.state
    known = " known to be" if in_doubt(delivery) else ""
    return f"{len(delivery.receipts)} of {len(delivery.row.thread.posts)} posts{known} out"


def in_doubt(delivery: Delivery) -> bool:
    """Tell whether a post may be out of which nobody knows."""
    from threadbot.delivery.model import IN_DOUBT  # noqa: PLC0415 - not for --help

    return any(step.state in IN_DOUBT for step in delivery.steps)


def told_object(one: Told) -> dict[str, Any]:
    """Give how a thread ended as an object for programs (docs/publishing.md)."""
    known = thread_object(one.delivery)
    until = known["until"] if one.until is None else one.until.isoformat()
    return known | {"until": until, "exit_code": one.exit_code, "message": one.message}


def thread_object(delivery: Delivery) -> dict[str, Any]:
    """Give a delivery as an object for programs (docs/publishing.md)."""
    row, until = delivery.row, waits_until(delivery)
    return {
        "id": row.id,
        "title": row.title,
        "network": row.network,
        "account": row.account,
        "sandbox": row.sandbox,
        "state": row.state,
        "reason": delivery.reason,
        "until": None if until is None else until.isoformat(),
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "posts_total": len(row.thread.posts),
        "posts": [
            {"number": one.post, "uri": one.uri, "cid": one.cid, "url": one.url}
            for one in delivery.receipts
        ],
        "warnings": list(delivery.plan.warnings) if delivery.plan else [],
    }


def waits_until(delivery: Delivery) -> datetime | None:
    """Give the moment (UTC) before which a thread does not go on, if one lies ahead."""
    from threadbot.delivery.deliver import Wait, next_action  # noqa: PLC0415 - not for --help

    action = next_action(delivery, present())
    return action.until if isinstance(action, Wait) else None
