"""`threadbot sources` and `threadbot poll`: where articles come from, and one round by hand.

Owns their words; `sources` and `triggers` do the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from threadbot.article.address import without_secrets
from threadbot.cli.composing import read_config
from threadbot.cli.output import write
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.cli.source_hubs import hub_object, hub_reports, hub_words
from threadbot.cli.times import clock_time
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.sources.carrying import Carried
    from threadbot.sources.rounds import Looked
    from threadbot.triggers.decisions import Decision
    from threadbot.triggers.hub_report import HubReport
    from threadbot.triggers.settings import Source
    from threadbot.triggers.source_report import PassedOver, Report

_WHERE = {"feed": "feed at", "folder": "folder", "webhook": "webhook of"}
#: How many of a look's decisions are told for people; the JSON has all.
_MOST_TOLD = 20


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
        hubs = hub_reports(config, opened)
    if output_format == "json":
        write_report("sources", [_source_object(*one, hubs.get(one[0].name)) for one in found])
    elif not found:
        write("No source is configured: add a [[source]] to the configuration (docs/sources.md).\n")
    else:
        zone = config.schedule.timezone
        told = ("\n".join(_lines(*one, hubs.get(one[0].name), zone)) for one in found)
        _say("\n\n".join(told))


@click.command
@click.argument("name", required=False)
@click.option(
    "--let-in",
    "entry_id",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Let in an article that waits, or its edit, as sources shows it; look at nothing.",
)
@config_option
@format_option
def poll(
    *,
    name: str | None,
    entry_id: int | None,
    config_path: Path | None,
    output_format: ReportFormat,
) -> int:
    """Look at all sources once, or at the one called NAME, and say what was seen.

    New articles become drafts, or go into their slots, as the source's `approval` says; what failed
    before is tried at once. Nothing is posted: `threadbot run` does that.
    """
    from threadbot.app import ledger  # noqa: PLC0415 - brings the database along
    from threadbot.sources.rounds import Rounds  # noqa: PLC0415 - the same

    config = read_config(config_path)
    chosen = _chosen(config, name)
    with ledger(config) as opened:
        rounds = Rounds(config, opened)
        if entry_id is not None:
            names = [rounds.store.let_in(entry_id, rounds.sources, rounds.now())]
            looked: list[Looked] = []
        else:
            names = [source.name for source in chosen]
            rounds.carrier.try_now(names)
            looked = [rounds.look(source) for source in chosen]
        carried = rounds.carry_out(names)
    if output_format == "json":
        write_report("sources", [_looked_object(one, carried) for one in looked])
    else:
        sent = {source.name for source in config.sources if source.kind == "webhook"}
        told = (*_seen(looked, sent), *_became(carried))
        _say("\n".join(told) or "There is nothing to look at.")
    problems = [*(one.problem for one in looked), *(one.problem for one in carried)]
    return 4 if any(problems) else 0


def _chosen(config: Config, name: str | None) -> tuple[Source, ...]:
    if name is None:
        return config.sources
    found = tuple(source for source in config.sources if source.name == name)
    if not found:
        from threadbot.config.findings import listed, nearest  # noqa: PLC0415 - only for a mistake

        known = [source.name for source in config.sources]
        guess = nearest(name, known)
        hint = f"did you mean '{guess}'?" if guess else f"there are {listed(known)}"
        if not known:
            hint = "none is configured"
        message = f"there is no source '{name}'; {hint}"
        raise InputError(message)
    return found


def _say(text: str) -> None:
    from threadbot.preview.characters import visible  # noqa: PLC0415 - not for --help

    write("".join(f"{visible(line)}\n" for line in text.split("\n")))


def _lines(source: Source, report: Report, hub: HubReport | None, zone: tzinfo) -> Iterator[str]:
    """Say how a source is doing."""
    yield f"{source.name}: {_WHERE[source.kind]} {_place(source)}"
    poll = report.poll
    checked = None if poll is None else poll.checked_at
    yield f"  last check    {_shown(checked, zone, 'never')}"
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
    for one in report.waiting:
        yield f"  waits {one.id:>6}  {one.title}: {one.reason}"


def _place(source: Source) -> str:
    if source.url is not None:
        return without_secrets(source.url)
    return str(source.path or source.sender)


def _shown(moment: datetime | None, zone: tzinfo, otherwise: str = "") -> str:
    return otherwise if moment is None else clock_time(moment, zone)


def _seen(looked: Iterable[Looked], sent: Container[str]) -> Iterator[str]:
    for one in looked:
        if one.source in sent:
            yield f"{one.source}: a webhook cannot be asked; `threadbot run` takes what it sends"
            continue
        counts = ", ".join(
            f"{number} {kind.replace('_', ' ')}" for kind, number in one.counts.items() if number
        )
        yield f"{one.source}: {one.problem or counts or 'nothing new'}"
        yield from (f"  {problem}" for problem in one.others)
        if one.problem and counts:
            yield f"  {counts}"
        told = [decision for decision in one.decisions if decision.reason != "it is known"]
        for decision in told[:_MOST_TOLD]:
            yield f"  “{decision.entry.said}”: {decision.reason}"
        if len(told) > _MOST_TOLD:
            yield f"  and {len(told) - _MOST_TOLD} more"


def _became(carried: Sequence[Carried]) -> Iterator[str]:
    for one in carried:
        if one.drafts:
            yield f"  “{one.title}” became {', '.join(f'thread {name}' for name in one.drafts)}"
        if one.problem:
            yield f"  “{one.title}”: {one.problem}"


def _source_object(source: Source, report: Report, hub: HubReport | None) -> dict[str, Any]:
    """Give how a source is doing as an object for programs (docs/json.md)."""
    poll = report.poll
    return {
        "name": source.name,
        "kind": source.kind,
        "place": _place(source),
        "first_seen_at": _iso(report.first_seen),
        "checked_at": _iso(None if poll is None else poll.checked_at),
        "next_at": _iso(None if poll is None else poll.next_at),
        "failures": 0 if poll is None else poll.failures,
        "error": None if poll is None else poll.error,
        "hub": hub_object(hub),
        "last_article": report.last_title,
        "last_article_at": _iso(report.last_at),
        "waiting": [
            {"id": one.id, "title": one.title, "reason": one.reason} for one in report.waiting
        ],
        "troubles": list(report.troubles),
        "passed_over": _passed_over_object(report.passed_over),
    }


def _passed_over_object(passed: PassedOver | None) -> dict[str, Any] | None:
    if passed is None:
        return None
    return {"title": passed.title, "reason": passed.reason, "at": _iso(passed.at)}


def _looked_object(looked: Looked, carried: Iterable[Carried]) -> dict[str, Any]:
    return {
        "name": looked.source,
        "error": looked.problem,
        **looked.counts,
        "articles": [_decision_object(decision) for decision in looked.decisions],
        "drafts": [name for one in carried if one.source == looked.source for name in one.drafts],
        "troubles": [
            *looked.others,
            *(
                f"{one.title}: {one.problem}"
                for one in carried
                if one.source == looked.source and one.problem
            ),
        ],
    }


def _decision_object(decision: Decision) -> dict[str, Any]:
    return {
        "title": decision.entry.title,
        "address": decision.entry.address,
        "decision": _DECISIONS[type(decision).__name__],
        "reason": decision.reason,
    }


_DECISIONS = {
    "LetIn": "let_in",
    "AskFirst": "waiting",
    "PassOver": "passed_over",
    "Revise": "edited",
    "Leave": "known",
    "Overtaken": "known",
}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
