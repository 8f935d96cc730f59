"""`threadbot poll`: one round over the sources by hand, or letting in what waits.

Owns its words, for people and for programs; `sources` and `triggers` do the work.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import click

from threadbot.cli.composing import read_config
from threadbot.cli.output import write_lines
from threadbot.cli.reports import ReportFormat, config_option, format_option, write_report
from threadbot.cli.sources import waiting_line, waiting_object
from threadbot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from threadbot.config import Config
    from threadbot.sources.carrying import Carried
    from threadbot.sources.rounds import Looked
    from threadbot.triggers.decisions import Decision
    from threadbot.triggers.settings import Source
    from threadbot.triggers.source_report import Waiting

#: How many lines of a kind a look has for people; the JSON has all.
_MOST_TOLD = 20


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
    _keep_the_log_quiet()
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
        waiting = {one.name: rounds.store.report(one).waiting for one in chosen if looked}
    if output_format == "json":
        write_report("sources", [_object(one, carried, waiting[one.source]) for one in looked])
    else:
        told = (*_seen(looked, rounds.sources), *_became(carried), *_waits(waiting, carried))
        write_lines("\n".join(told) or "There is nothing to look at.")
    problems = [*(one.problem for one in looked), *(one.problem for one in carried)]
    return 4 if any(problems) else 0


def _keep_the_log_quiet() -> None:
    """Let nothing be said twice: what the sources log, the answer tells. Debugging shows it."""
    if not click.get_current_context().find_root().params["debug"]:
        logging.getLogger("threadbot.sources").addHandler(logging.NullHandler())


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


def _seen(looked: Iterable[Looked], sources: Mapping[str, Source]) -> Iterator[str]:
    for one in looked:
        if sources[one.source].kind == "webhook":
            yield f"{one.source}: a webhook cannot be asked; `threadbot run` takes what it sends"
            continue
        counts = ", ".join(
            f"{number} {kind.replace('_', ' ')}" for kind, number in one.counts.items() if number
        )
        yield f"{one.source}: {one.problem or counts or 'nothing new'}"
        yield from (f"  {problem}" for problem in one.others)
        if one.problem and counts:
            yield f"  {counts}"
        told = [decision for decision in one.decisions if _is_news(decision)]
        for decision in told[:_MOST_TOLD]:
            yield f"  “{decision.entry.said}”: {decision.reason}"
        if len(told) > _MOST_TOLD:
            yield f"  and {len(told) - _MOST_TOLD} more"


def _is_news(decision: Decision) -> bool:
    """Tell whether a decision has a line; what waits has one with its number."""
    return decision.reason != "it is known" and _DECISIONS[type(decision).__name__] != "waiting"


def _became(carried: Sequence[Carried]) -> Iterator[str]:
    for one in carried:
        if one.drafts:
            yield f"  “{one.title}” became {', '.join(f'thread {name}' for name in one.drafts)}"
        if one.problem:
            yield f"  “{one.title}”: {one.problem}"


def _waits(waiting: Mapping[str, Sequence[Waiting]], carried: Sequence[Carried]) -> Iterator[str]:
    """Say what waits for a person, unless what became of it says so already."""
    said = {one.waits for one in carried}
    for source, those in waiting.items():
        left = [one for one in those if one.id not in said]
        if left:
            yield f"{source}: `threadbot poll --let-in NUMBER` lets in what waits"
        yield from map(waiting_line, left[:_MOST_TOLD])
        if len(left) > _MOST_TOLD:
            yield "  and more, which `threadbot sources` lists"


def _object(
    looked: Looked, carried: Iterable[Carried], waiting: Iterable[Waiting]
) -> dict[str, Any]:
    """Give what a look saw, and what waits after it, as an object for programs."""
    return {
        "name": looked.source,
        "error": looked.problem,
        **looked.counts,
        "articles": [_decision_object(decision) for decision in looked.decisions],
        "to_let_in": [waiting_object(one) for one in waiting],
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
