"""`threadbot sources`: where articles come from, and how each source is doing.

Owns its words, for people and for programs; `triggers` knows how each is doing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from threadbot.article.address import without_secrets
from threadbot.cli.composing import read_config
from threadbot.cli.output import write, write_lines
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.cli.source_hubs import hub_object, hub_reports, hub_words
from threadbot.cli.times import clock_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo
    from pathlib import Path

    from threadbot.triggers.hub_report import HubReport
    from threadbot.triggers.settings import Source, WebhookSettings
    from threadbot.triggers.source_report import PassedOver, Report, Waiting

_WHERE = {"feed": "feed at", "folder": "folder", "webhook": "webhook of"}


@click.command(name="sources")
@config_option
@format_option
def sources(*, config_path: Path | None, output_format: ReportFormat) -> None:
    """Show where articles come from, and how each source is doing.

    What waits for a person has a number: `threadbot poll --let-in NUMBER` lets it in. Times are
    those of the publication's time zone.
    """
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along
    from threadbot.triggers.store import SourceStore  # noqa: PLC0415 - the same

    config = read_config(config_path)
    with ledger(config) as opened:
        store = SourceStore(opened)
        found = [(source, store.report(source)) for source in config.sources]
        hubs, hooks = hub_reports(config, opened), config.webhooks
    if output_format == "json":
        write_report("sources", [_object(*one, hubs.get(one[0].name), hooks) for one in found])
    elif not found:
        write("No source is configured: add a [[source]] to the configuration (docs/sources.md).\n")
    else:
        zone = config.schedule.timezone
        told = ("\n".join(_lines(*one, hubs.get(one[0].name), zone, hooks)) for one in found)
        write_lines("\n\n".join(told))


def _lines(
    source: Source, report: Report, hub: HubReport | None, zone: tzinfo, hooks: WebhookSettings
) -> Iterator[str]:
    """Say how a source is doing."""
    yield f"{source.name}: {_WHERE[source.kind]} {_place(source)}"
    poll = report.poll
    checked = None if poll is None else poll.checked_at
    if source.kind == "webhook":
        before = "" if hooks.callback_url else "  (here; give its sender that of your web server)"
        yield f"  address       {hooks.address_of(source.name)}{before}"
    kind = "last message" if source.kind == "webhook" else "last check  "
    yield f"  {kind}  {_shown(checked, zone, 'never')}"
    if report.last_title is not None:
        yield f"  last article  {_shown(report.last_at, zone)}  {report.last_title}"
    if source.kind == "feed" and poll is not None:
        never = f"never; 'threadbot poll {source.name}' asks it once more"
        yield f"  next check    {_shown(poll.next_at, zone, never)}"
        yield f"  news          {hub_words(hub, zone)}"
    if poll is not None and poll.error:
        times = "" if poll.failures < 2 else f" ({poll.failures} times in a row)"  # noqa: PLR2004 - the plural
        yield f"  error         {poll.error}{times}"
    for trouble in report.troubles:
        yield f"  error         {trouble}"
    if (passed := report.passed_over) is not None:
        yield f"  passed over   {_shown(passed.at, zone)}  {passed.title}: {passed.reason}"
    yield from map(waiting_line, report.waiting)
    if report.waiting:
        yield "  `threadbot poll --let-in NUMBER` lets in what waits"


def waiting_line(one: Waiting) -> str:
    """Say what waits for a person, with the number that lets it in."""
    return f"  waits {one.id:>6}  {one.title}: {one.reason}"


def waiting_object(one: Waiting) -> dict[str, Any]:
    """Give the same as an object for programs (docs/json.md)."""
    return {"id": one.id, "title": one.title, "reason": one.reason}


def _place(source: Source) -> str:
    if source.url is not None:
        return without_secrets(source.url)
    return str(source.path or source.sender)


def _shown(moment: datetime | None, zone: tzinfo, otherwise: str = "") -> str:
    return otherwise if moment is None else clock_time(moment, zone)


def _object(
    source: Source, report: Report, hub: HubReport | None, hooks: WebhookSettings
) -> dict[str, Any]:
    """Give how a source is doing as an object for programs (docs/json.md)."""
    poll = report.poll
    return {
        "name": source.name,
        "kind": source.kind,
        "place": _place(source),
        "address": hooks.address_of(source.name) if source.kind == "webhook" else None,
        "first_seen_at": _iso(report.first_seen),
        "checked_at": _iso(None if poll is None else poll.checked_at),
        "next_at": _iso(None if poll is None else poll.next_at),
        "failures": 0 if poll is None else poll.failures,
        "error": None if poll is None else poll.error,
        "hub": hub_object(hub),
        "last_article": report.last_title,
        "last_article_at": _iso(report.last_at),
        "waiting": [waiting_object(one) for one in report.waiting],
        "troubles": list(report.troubles),
        "passed_over": _passed_over_object(report.passed_over),
    }


def _passed_over_object(passed: PassedOver | None) -> dict[str, Any] | None:
    if passed is None:
        return None
    return {"title": passed.title, "reason": passed.reason, "at": _iso(passed.at)}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
